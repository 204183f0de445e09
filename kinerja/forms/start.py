"""The form that begins an SKP."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired, Optional, ValidationError

from kinerja.forms.base import BaseForm
from kinerja.forms.fields import TanggalField, options


class StartForm(BaseForm):
    approach = RadioField(
        _("Pendekatan"),
        [InputRequired()],
        choices=options(
            (
                ("kuantitatif", _("Kuantitatif, indikator dengan angka dan satuan")),
                ("kualitatif", _("Kualitatif, ukuran keberhasilan sebagai uraian")),
            )
        ),
        default="kuantitatif",
    )
    copy_last_year = BooleanField(_("Salin hasil kerja dan Lampiran dari SKP tahun lalu"))
    starts = TanggalField(_("Mulai"), [Optional()], description=_("Kosongkan untuk 1 Januari."))
    ends = TanggalField(_("Selesai"), [Optional()], description=_("Kosongkan untuk 31 Desember."))

    def validate_ends(self, field: TanggalField) -> None:
        if field.data and self.starts.data and field.data < self.starts.data:
            raise ValidationError(_("Tanggal selesai mendahului tanggal mulai."))
