"""A form of keyed lines as a workbook: a sheet per kind of line, written from the content and read back row by row.

Sheets and columns carry the names that the content has, so that they are the same in every language; their order is
free. A row belongs to the line whose key it carries, a row without a key is a new line. What is on a sheet is checked
by the very fields of the page, and nothing is taken over that has not been accepted.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from flask_babel import gettext
from wtforms import BooleanField, SelectField, SelectMultipleField

from kinerja.forms.base import BaseForm
from kinerja.forms.tree import Part

KEY, GUIDE_SHEET, VERSION = "kunci", "petunjuk", "versi"
# The same in the content.
KEY_OF = "key"
YES, NO = "ya", "tidak"
Rows = Mapping[str, Sequence[Sequence[str]]]


@dataclass(frozen=True)
class Place:
    """A kind of line and where it stands: under which other kind, or under the document itself."""

    part: Part
    above: Part | None = None

    @property
    def sheet(self) -> str:
        return self.part.listed

    @property
    def above_column(self) -> str:
        return f"{KEY}_{self.above.listed}" if self.above else ""


@dataclass(frozen=True)
class Found:
    """A line of the content and the key of the line it stands under."""

    line: Mapping[str, Any]
    above: str = ""


@dataclass(frozen=True)
class Book:
    """Everything of a document that a workbook holds.

    `head` and `head_names` are the texts of the document itself, `refers` the fields that name other lines:
    (part, field) -> part. `choices` are those known only now; `locked` the keys of lines that can no longer change.
    `context` are columns of a kind of line that are shown and never read; where the lines are `fixed` none comes and
    none goes. `event` writes what comes back, in the form that `change` gives the content.
    """

    head: type[BaseForm]
    head_names: Mapping[str, str]
    parts: Sequence[Part]
    content: Mapping[str, Any]
    slots: Sequence[str]
    refers: Mapping[tuple[str, str], str]
    choices: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    version: int = 0
    event: str = "edit"
    head_sheet: str = "pk"
    context: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fixed: bool = False
    change: Callable[[dict[str, Any]], dict[str, Any]] = dict

    def places(self) -> list[Place]:
        """Every kind of line, those under a line right after it."""
        return [one for part in self.parts for one in _places(part, None)]

    def lines(self, place: Place) -> dict[str, Found]:
        """Key -> line, of one kind, in the order of the page."""
        if place.above is None:
            return {line[KEY_OF]: Found(line) for line in self.content.get(place.sheet, ())}
        above = next(one for one in self.places() if one.part is place.above)
        return {
            line[KEY_OF]: Found(line, key)
            for key, found in self.lines(above).items()
            for line in found.line.get(place.sheet) or ()
        }

    def columns(self, place: Place) -> list[str]:
        above = [place.above_column] if place.above else []
        slots = self.slots if place.part.slots else ()
        return [KEY, *above, *self.context.get(place.part.name, ()), *place.part.names.values(), *slots]

    def options(self, part: Part, name: str, one: Any) -> list[str]:
        """What may be chosen in a field; nothing for a free one and for one that names lines."""
        if not isinstance(one, SelectField | SelectMultipleField) or (part.name, name) in self.refers:
            return []
        given = self.choices.get((part.name, name), one.choices)
        return [str(choice.value) for choice in given or ()]

    def names(self) -> dict[str, dict[str, str]]:
        """Per kind of line: key -> how a cell names it, the code where it is there and no other has it."""
        found: dict[str, dict[str, str]] = {}
        for place in self.places():
            codes = [str(one.line.get("kode") or "") for one in self.lines(place).values()]
            found[place.part.name] = {
                key: code if code and codes.count(code) == 1 and " " not in code else key
                for key, code in zip(self.lines(place), codes, strict=True)
            }
        return found

    def sheets(self) -> Iterator[tuple[str, list[str], list[list[Any]]]]:
        """(name, columns, rows) of every sheet."""
        head = blank(self.head)
        texts = [
            [stored, str(head[name].label.text), _lines(self.content[stored])]
            for name, stored in self.head_names.items()
        ]
        yield self.head_sheet, [KEY, "isian", "teks"], [*texts, [VERSION, "", str(self.version)]]
        names = self.names()
        for place in self.places():
            rows = [self._row(place, key, one, names) for key, one in self.lines(place).items()]
            yield place.sheet, self.columns(place), rows
        yield GUIDE_SHEET, ["lembar", "kolom", "arti", "pilihan"], list(self._guide())

    def _row(self, place: Place, key: str, found: Found, names: Mapping[str, Mapping[str, str]]) -> list[Any]:
        part, line = place.part, found.line
        above = [names[place.above.name].get(found.above, found.above)] if place.above else []
        own = [self.cell(part, name, line.get(stored), names) for name, stored in part.names.items()]
        slots = [number_of(line.get("lintasan", {}).get(slot)) for slot in self.slots] if part.slots else []
        return [key, *above, *(line[name] for name in self.context.get(part.name, ())), *own, *slots]

    def title(self, part: Part, line: Mapping[str, Any]) -> str:
        """How people know a line."""
        names = self.context.get(part.name, ())[:2] or [part.names[name] for name in part.says]
        return " ".join(str(line.get(name) or "").strip() for name in names).strip()[:120]

    def cell(self, part: Part, name: str, value: Any, names: Mapping[str, Mapping[str, str]]) -> Any:
        """A value of the content as its cell shows it."""
        if isinstance(blank(part.form)[name], BooleanField):
            return YES if value else NO
        if name in part.numbers:
            return number_of(value)
        if (part.name, name) in self.refers:
            known = names[self.refers[part.name, name]]
            keys = value if isinstance(value, list | tuple) else [value] if value else []
            return " ".join(known.get(key, key) for key in keys)
        if isinstance(value, list | tuple):
            return ", ".join(value)
        return value.isoformat() if isinstance(value, date) else _lines(value)

    def _guide(self) -> Iterator[list[str]]:
        yield ["", KEY, gettext("Penanda baris: jangan diubah. Baris baru: kosongkan."), ""]
        for place in self.places():
            form = blank(place.part.form)
            if place.above:
                told = gettext("Kode atau kunci baris pada lembar %(sheet)s.", sheet=place.above.listed)
                told += " " + gettext("Baris baru disebut menurut nomornya, misalnya: baris 5.")
                yield [place.sheet, place.above_column, told, ""]
            for name in self.context.get(place.part.name, ()):
                yield [place.sheet, name, gettext("Hanya untuk dibaca."), ""]
            for name, stored in place.part.names.items():
                one = form[name]
                told = str(one.label.text)
                if (place.part.name, name) in self.refers:
                    told += ": " + gettext("kode atau kunci, dipisah spasi bila lebih dari satu")
                given = [YES, NO] if isinstance(one, BooleanField) else self.options(place.part, name, one)
                yield [place.sheet, stored, told, ", ".join(word for word in given if word)]


def _places(part: Part, above: Part | None) -> Iterator[Place]:
    yield Place(part, above)
    for below in part.parts:
        yield from _places(below, part)


@cache
def blank(form: type[BaseForm]) -> BaseForm:
    """A form nobody filled in, for its labels and kinds of field."""
    return form(prefix="")


def _lines(value: Any) -> str:
    """A text whose lines end as in a spreadsheet."""
    return str(value or "").replace("\r\n", "\n")


def number_of(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def same(part: Part | None, name: str, old: Any, new: Any) -> bool:
    """Whether two values mean the same: neither the end of a line nor trailing noughts make a difference."""
    return _plain(part, name, old) == _plain(part, name, new)


def _plain(part: Part | None, name: str, value: Any) -> Any:
    if part is not None and name in part.numbers:
        return number_of(value)
    if isinstance(value, list | tuple):
        return tuple(value) or ""
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool):
        return value or ""
    return "\n".join(line.rstrip() for line in str(value).splitlines()).strip()
