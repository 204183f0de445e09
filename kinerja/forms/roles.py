"""Proposing and revoking an appointed role."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from kinerja.forms.base import BaseForm
from kinerja.forms.fields import TanggalField


class GrantForm(BaseForm):
    person = StringField(
        _("NIP atau e-mail"),
        [DataRequired(_("Tulis NIP atau e-mail penerima peran.")), Length(max=200)],
        render_kw={"autocomplete": "off"},
    )
    role = SelectField(_("Peran"), [InputRequired(_("Pilih perannya."))], choices=[])
    unit = StringField(
        _("Unit"),
        [Length(max=200)],
        description=_(
            "Kode atau nama unit; peran berlaku untuk unit itu dan semua di bawahnya. Kosongkan untuk peran seluruh "
            "kementerian."
        ),
        render_kw={"list": "daftar-unit", "autocomplete": "off"},
    )
    starts = TanggalField(_("Mulai"), [InputRequired(_("Isi tanggalnya."))])
    ends = TanggalField(_("Selesai"), [Optional()], description=_("Kosongkan bila tidak dibatasi."))
    decree = StringField(
        _("Nomor keputusan"), [DataRequired(_("Tulis nomor keputusannya.")), Length(max=120)]
    )


class RevokeForm(BaseForm):
    reason = TextAreaField(
        _("Alasan mencabut"),
        [DataRequired(_("Tulis alasan mencabut peran.")), Length(max=1000)],
        render_kw={"rows": "3"},
    )


class AccountForm(BaseForm):
    """Why an account is closed or opened, or its device taken off."""

    reason = TextAreaField(
        _("Alasan"),
        [DataRequired(_("Tulis alasannya.")), Length(max=1000)],
        description=_("Tercatat bersama nama Anda; orangnya diberi tahu beserta alasan ini."),
        render_kw={"rows": "3"},
    )
