"""Asking for a penugasan, and the answer of the penilai."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from kinerja.forms.base import BaseForm
from kinerja.forms.fields import TanggalField

APPROVE, REFUSE = "setuju", "tolak"


class AskForm(BaseForm):
    unit = SelectField(_("Unit yang menerima"), [InputRequired(_("Pilih unitnya."))])
    to = StringField(
        _("NIP atau e-mail pegawai"),
        [DataRequired(_("Tulis NIP atau e-mail pegawai.")), Length(max=200)],
        render_kw={"autocomplete": "off"},
    )
    team = StringField(
        _("Tim kerja"), [Length(max=120)], description=_("Kosongkan bila bukan untuk suatu tim kerja.")
    )
    decree = StringField(_("Nomor SK"), [DataRequired(_("Tulis nomor SK-nya.")), Length(max=120)])
    starts = TanggalField(_("Mulai"), [InputRequired(_("Isi tanggalnya."))])
    ends = TanggalField(
        _("Selesai"),
        [InputRequired(_("Isi tanggalnya."))],
        description=_("Berakhir sendiri pada akhir hari itu."),
    )


class AnswerForm(BaseForm):
    answer = RadioField(
        _("Jawaban"),
        [InputRequired(_("Pilih salah satu."))],
        choices=[
            SelectChoice(APPROVE, _("Setujui penugasan")),
            SelectChoice(REFUSE, _("Tolak dengan alasan")),
        ],
    )
    reason = TextAreaField(
        _("Alasan bila ditolak"),
        [Length(max=2000)],
        description=_("Dibaca oleh pimpinan yang mengajukan."),
    )
