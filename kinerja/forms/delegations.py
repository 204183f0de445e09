"""Giving a delegation: to whom, for what, until when, by which letter."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from kinerja.forms.base import BaseForm
from kinerja.forms.fields import TanggalField
from kinerja.forms.planning_fields import Ticks

ACTS_FOR, AS_PENILAI = "atas_nama", "penilai"


class GiveForm(BaseForm):
    to = StringField(
        _("NIP atau e-mail penerima"),
        [DataRequired(_("Tulis NIP atau e-mail penerima.")), Length(max=200)],
        render_kw={"autocomplete": "off"},
    )
    post = RadioField(_("Jabatan yang didelegasikan"), [InputRequired(_("Pilih jabatannya."))], choices=[])
    purpose = RadioField(
        _("Untuk apa"),
        [InputRequired(_("Pilih untuk apa."))],
        choices=[
            SelectChoice(ACTS_FOR, _("Bertindak atas nama saya terhadap bawahan langsung saya")),
            SelectChoice(
                AS_PENILAI, _("JF yang memimpin unit menjadi pejabat penilai bagi pegawai di unitnya")
            ),
        ],
        default=ACTS_FOR,
    )
    kinds = Ticks(_("Jenis dokumen"), choices=[])
    sign = RadioField(
        _("Tanda tangan"),
        [InputRequired(_("Pilih salah satu."))],
        choices=[
            SelectChoice("tidak", _("Hanya menyiapkan; saya yang menyepakati, menilai, dan menandatangani")),
            SelectChoice(
                "ya",
                _("Surat menyebut bahwa penerima menyepakati, menilai, dan menandatangani atas nama saya"),
            ),
        ],
        default="tidak",
    )
    starts = TanggalField(_("Mulai"), [InputRequired(_("Isi tanggalnya."))])
    ends = TanggalField(
        _("Selesai"),
        [InputRequired(_("Isi tanggalnya."))],
        description=_("Berakhir sendiri pada akhir hari itu."),
    )
    letter = StringField(_("Nomor surat"), [DataRequired(_("Tulis nomor suratnya.")), Length(max=120)])
    letter_date = TanggalField(_("Tanggal surat"), [InputRequired(_("Isi tanggalnya."))])
