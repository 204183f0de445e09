"""What the single events of an SKP ask for."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from kinerja.forms.base import GUARDS, BaseForm, UnknownField
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


class AdjustmentForm(BaseForm):
    line = SelectField(_("Dukungan yang tidak terpenuhi"), [InputRequired()])
    text = TextAreaField(_("Ekspektasi yang diusulkan"), [InputRequired(), Length(max=1000)])

    def change(self) -> dict[str, Any]:
        return {"line": self.line.data, "text": self.text.data}


class RemarksForm:
    """Remarks at the fields of an SKP that is sent back: one text per row, indicator and part, all optional."""

    def __init__(self, places: Sequence[tuple[str, str, dict[str, Any]]], formdata: Any = None):
        self._data = formdata
        self.remarks: dict[str, Any] = {}
        for key, template, params in places:
            label = gettext(template) % params if params else gettext(template)
            field = TextAreaField(label, [Length(max=1000)]).bind(BaseForm(), f"remark-{key}")
            field.process(formdata, "")
            self.remarks[key] = field

    def __iter__(self) -> Iterator[Any]:
        return iter(self.remarks.values())

    def fields(self) -> Iterator[Any]:
        """Every field of the page, in its order."""
        return iter(self)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(field id, message) of everything wrong, in the order of the page."""
        return [(field.id, str(error)) for field in self for error in field.errors]

    def validate(self) -> bool:
        """Check the lengths; raises UnknownField for a field this document does not have."""
        known = {field.name for field in self} | GUARDS | {"note"}
        if unknown := set(self._data) - known:
            raise UnknownField(unknown)
        passed = [field.validate(BaseForm()) for field in self]
        return all(passed)

    def change(self) -> dict[str, Any]:
        return {"remarks": {k: text for k, f in self.remarks.items() if (text := (f.data or "").strip())}}


class SpanForm(BaseForm):
    starts = TanggalField(_("Mulai"), [InputRequired()])
    ends = TanggalField(_("Selesai"), [InputRequired()])

    def validate_ends(self, field: TanggalField) -> None:
        if field.data and self.starts.data and field.data < self.starts.data:
            raise ValidationError(_("Tanggal selesai mendahului tanggal mulai."))

    def change(self) -> dict[str, Any]:
        return {"starts": self.starts.data, "ends": self.ends.data}


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
