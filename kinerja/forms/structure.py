"""Deciding the head of a unit, and answering "Data saya salah"."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from kinerja.forms.base import BaseForm
from kinerja.forms.fields import TanggalField


class HeadForm(BaseForm):
    person = RadioField(_("Pimpinan unit"), [InputRequired(_("Pilih satu orang."))], choices=[])
    starts = TanggalField(_("Berlaku sejak"), [InputRequired(_("Isi tanggalnya."))])


class AnswerForm(BaseForm):
    outcome = RadioField(
        _("Hasil"),
        [InputRequired(_("Pilih hasilnya."))],
        choices=[
            SelectChoice("done", _("Sudah diperbaiki di sumbernya")),
            SelectChoice("refused", _("Tidak diubah, dengan alasan")),
        ],
    )
    answer = TextAreaField(
        _("Jawaban untuk pegawai"),
        [DataRequired(_("Tulis jawabannya; pegawai membacanya.")), Length(max=2000)],
        render_kw={"rows": "4"},
    )
