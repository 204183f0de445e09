"""What the single events of an SKP ask for."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from kinerja.forms.base import BaseForm
from kinerja.forms.fields import TanggalField, options


class ExpectationForm(BaseForm):
    value_code = SelectField(_("Nilai"), [InputRequired()])
    text = TextAreaField(_("Ekspektasi khusus pimpinan"), [InputRequired(), Length(max=1000)])

    def change(self) -> dict[str, Any]:
        return {"value_code": self.value_code.data, "text": self.text.data}


class ResourceForm(BaseForm):
    line = SelectField(_("Dukungan"), [InputRequired()])
    delivered = RadioField(
        _("Terealisasi"),
        [InputRequired()],
        choices=options((("belum", _("Belum")), ("ya", _("Ya")), ("tidak", _("Tidak")))),
    )

    def change(self) -> dict[str, Any]:
        return {"line": self.line.data, "delivered": self.delivered.data}


class TakeOverForm(BaseForm):
    row = SelectField(_("Hasil kerja"), [InputRequired()])

    def change(self) -> dict[str, Any]:
        return {"row": self.row.data}


class HoldForm(BaseForm):
    ground = SelectField(
        _("Sebab"),
        [InputRequired()],
        choices=options(
            (
                ("cltn", _("Cuti di luar tanggungan negara")),
                ("diberhentikan_sementara", _("Diberhentikan sementara")),
                ("cuti_panjang", _("Cuti panjang lainnya")),
                ("lain", _("Sebab lain, ditulis pada alasan")),
            )
        ),
    )
    until = TanggalField(_("Ditangguhkan sampai"), [InputRequired()])

    def change(self) -> dict[str, Any]:
        return {"ground": self.ground.data, "until": self.until.data}


class ExemptForm(BaseForm):
    ground = SelectField(
        _("Dasar pengecualian (hlm. 66)"),
        [InputRequired()],
        choices=options(
            (
                ("pejabat_negara", _("Pejabat negara")),
                ("lembaga_nonstruktural", _("Pimpinan atau anggota lembaga nonstruktural")),
                ("diberhentikan_sementara", _("Diberhentikan sementara")),
                ("cltn", _("Cuti di luar tanggungan negara")),
                ("mpp", _("Masa persiapan pensiun")),
            )
        ),
    )
    decree = StringField(_("Nomor dan tanggal keputusan"), [InputRequired(), Length(max=120)])

    def change(self) -> dict[str, Any]:
        return {"ground": self.ground.data, "decree": self.decree.data}
