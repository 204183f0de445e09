"""Replacing an assumption by a decree, and entering a day off."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from kinerja.forms.base import BaseForm
from kinerja.forms.fields import AngkaField, TanggalField, options


class ReplaceForm(BaseForm):
    """The decree; the fields of the value come before it, made for each parameter by `replace_form`."""

    decree_number = StringField(
        _("Nomor keputusan"), [DataRequired(_("Tulis nomor keputusannya.")), Length(max=120)]
    )
    decree_date = TanggalField(_("Tanggal keputusan"), [InputRequired(_("Isi tanggalnya."))])

    def value_fields(self) -> list[Any]:
        return [self[name] for name in self._fields if name == "value" or name.startswith("cell-")]

    def typed(self) -> dict[str, Any]:
        """What was typed for the value, by field name."""
        return {field.short_name: field.data for field in self.value_fields()}


def replace_form(cells: Iterable[Any], formdata: Any = None) -> ReplaceForm:
    """A ReplaceForm with a field per cell. A cell has name, label, kind, value and choices."""
    fields: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for cell in cells:
        fields[cell.name] = _field(cell)
        values[cell.name] = cell.value
    made: type[ReplaceForm] = type("ReplaceValueForm", (ReplaceForm,), fields)
    return made(formdata, data=_of(values))


def _of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Whole numbers become decimals: the field writes those as people do."""
    return {
        name: Decimal(value) if isinstance(value, int) else value
        for name, value in values.items()
        if value is not None
    }


def _field(cell: Any) -> Any:
    needed = [InputRequired(_("Isi nilainya."))]
    if cell.kind in ("number", "whole"):
        return AngkaField(cell.label, needed, places=0 if cell.kind == "whole" else 6)
    if cell.kind == "choice":
        return RadioField(cell.label, needed, choices=options((one, one) for one in cell.choices))
    if cell.kind == "list":
        help_text = _("Satu nilai setiap baris.")
        return TextAreaField(cell.label, needed, description=help_text, render_kw={"rows": "8"})
    if cell.kind == "json":
        return TextAreaField(
            cell.label, needed, description=_("Tabel sebagai JSON."), render_kw={"rows": "12"}
        )
    return StringField(cell.label, [*needed, Length(max=1000)])


class HolidayForm(BaseForm):
    day = TanggalField(_("Tanggal"), [InputRequired(_("Isi tanggalnya."))])
    name = StringField(_("Nama hari"), [DataRequired(_("Tulis nama harinya.")), Length(max=120)])
    kind = SelectField(_("Jenis"), choices=[])
    source = StringField(
        _("Keputusan"),
        [DataRequired(_("Tulis keputusannya: hari libur tanpa sumber tidak dicatat.")), Length(max=200)],
    )


class RemoveHolidayForm(BaseForm):
    reason = StringField(_("Alasan"), [DataRequired(_("Tulis alasannya.")), Length(max=500)])
