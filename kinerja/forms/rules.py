"""Replacing an assumption by a decree, and entering a day off."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from kinerja.forms.base import BaseForm
from kinerja.forms.fields import AngkaField, TanggalField, options

# A cell of a table by its number; four digits are more than any table has.
_CELL = re.compile(r"cell-[0-9]{1,4}")


@dataclass(frozen=True)
class Group:
    """Fields of one row of a table: its name ("" where the field says all), and each field with its column."""

    label: str
    fields: list[tuple[Any, str]]


class ReplaceForm(BaseForm):
    """The decree; the fields of the value come before it, made for each parameter by `replace_form`."""

    groups: list[Group]

    decree_number = StringField(
        _("Nomor keputusan"), [DataRequired(_("Tulis nomor keputusannya.")), Length(max=120)]
    )
    decree_date = TanggalField(_("Tanggal keputusan"), [InputRequired(_("Isi tanggalnya."))])

    def typed(self) -> dict[str, Any]:
        """What was typed for the value, by field name."""
        return {field.short_name: field.data for group in self.groups for field, _column in group.fields}


def replace_form(cells: Iterable[Any], formdata: Any = None) -> ReplaceForm:
    """A ReplaceForm with a field per cell: see `services.rule_cells.Cell`."""
    fields: dict[str, Any] = {}
    values: dict[str, Any] = {}
    rows: dict[str, list[Any]] = {}
    for cell in cells:
        row = gettext("Baris %(n)s", n=cell.number) if cell.number else gettext(cell.row) if cell.row else ""
        column = gettext(cell.label)
        fields[cell.name] = _field(cell, f"{row}, {column}" if row else column)
        values[cell.name] = cell.value
        rows.setdefault(row or cell.name, []).append((cell.name, column, row))
    made: type[ReplaceForm] = type("ReplaceValueForm", (ReplaceForm,), fields)
    form = made(formdata, data=_of(values))
    # In the order of the page: the value, then its decree.
    for name in ReplaceForm()._fields:
        form._fields[name] = form._fields.pop(name)
    form.groups = [
        Group(row[0][2], [(form[name], column) for name, column, _row in row]) for row in rows.values()
    ]
    return form


def with_row(sent: Mapping[str, str], width: int, after: int, most: int) -> dict[str, str]:
    """What was sent with an empty row of so many cells after row `after`; the same where there are `most`."""
    rows = _rows(sent, width)
    if len(rows) < most:
        rows.insert(min(after, len(rows)), [""] * width)
    return _others(sent) | _named(rows)


def without_row(sent: Mapping[str, str], width: int, number: int) -> dict[str, str]:
    """What was sent without row `number`; one row stays."""
    rows = _rows(sent, width)
    if len(rows) > 1:
        del rows[number - 1 : number]
    return _others(sent) | _named(rows)


def rows_sent(sent: Mapping[str, str], width: int, most: int) -> int:
    """How many rows of so many cells a request carries, at most `most`; 0 for a table of fixed rows."""
    numbers = [int(name[5:]) for name in sent if _CELL.fullmatch(name)]
    return min(max(numbers) // width + 1, most) if numbers and width else 0


def _rows(sent: Mapping[str, str], width: int) -> list[list[str]]:
    count = rows_sent(sent, width, 1000)
    return [[sent.get(f"cell-{row * width + at}", "") for at in range(width)] for row in range(count)]


def _named(rows: list[list[str]]) -> dict[str, str]:
    return {f"cell-{number}": text for number, text in enumerate(text for row in rows for text in row)}


def _others(sent: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in sent.items() if not _CELL.fullmatch(name)}


def _of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers as decimals, which the field writes as people do: 110.0 of a rule set is 110."""
    return {
        name: _plain(Decimal(value)) if isinstance(value, (int, Decimal)) else value
        for name, value in values.items()
        if value is not None
    }


def _plain(number: Decimal) -> Decimal:
    return number.to_integral_value() if number == number.to_integral_value() else number


def _field(cell: Any, label: str) -> Any:
    needed = [InputRequired(_("Isi nilainya."))]
    help_text = gettext(cell.help[0], **_said(cell.help[1])) if cell.help else ""
    if cell.kind in ("number", "whole"):
        return AngkaField(label, needed, description=help_text, places=0 if cell.kind == "whole" else 6)
    if cell.kind in ("choice", "pick"):
        choices = options((code, gettext(text)) for code, text in cell.choices)
        kind = RadioField if cell.kind == "choice" else SelectField
        return kind(label, needed, choices=choices)
    if cell.kind == "list":
        help_text = _("Satu nilai setiap baris.")
        return TextAreaField(label, needed, description=help_text, render_kw={"rows": "8"})
    return StringField(label, [*needed, Length(max=1000)])


def _said(params: Mapping[str, str]) -> dict[str, str]:
    return {name: gettext(text) for name, text in params.items()}


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
