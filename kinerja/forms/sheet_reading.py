"""Reading a workbook back: row by row what would change, what is wrong with its place, and the content that comes of
the rows somebody accepts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext
from wtforms import BooleanField, SelectMultipleField
from wtforms.validators import Optional

from kinerja.forms.base import BaseForm
from kinerja.forms.fields import AngkaField, options, write_number
from kinerja.forms.sheets import (
    KEY,
    NO,
    VERSION,
    YES,
    Book,
    Found,
    Place,
    Rows,
    blank,
    number_of,
    same,
)
from kinerja.forms.tree import Part
from kinerja.ids import new_key

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
_YES, _NO = {YES, "yes", "true", "1", "x"}, {NO, "no", "false", "0", ""}


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: sheet, row as the spreadsheet counts it, column."""

    sheet: str
    row: int
    column: str
    message: str


@dataclass(frozen=True)
class Step:
    """One row that would change something; `fields` are (label, before, after) as people read them."""

    id: str
    sheet: str
    row: int
    action: str
    key: str
    above: str
    title: str
    fields: Sequence[tuple[str, str, str]]
    values: Mapping[str, Any] = field(repr=False)


@dataclass
class Reading:
    """Everything one workbook says about a document."""

    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    version: int | None = None
    unchanged: int = 0


@dataclass(frozen=True)
class _Line:
    """A row of a sheet with its cells by column."""

    sheet: str
    number: int
    cells: Mapping[str, str]
    key: str
    is_new: bool


class _Sent(dict[str, list[str]]):
    """Cells as a form takes what was sent."""

    def getlist(self, name: str) -> list[str]:
        return self.get(name, [])


class Reader:
    """Reads the rows of a workbook against the content of a book."""

    def __init__(self, book: Book, rows: Rows):
        self.book, self.found = book, Reading()
        self.given = {name.strip().lower(): lines for name, lines in rows.items()}
        self.names = book.names()
        self.sheets: dict[str, list[_Line]] = {}
        self.codes: dict[str, dict[str, str]] = {}

    def read(self) -> Reading:
        self._head()
        places = self.book.places()
        for place in places:
            self.sheets[place.sheet] = self._lines(place)
            self.codes[place.part.name] = self._known(place)
        for place in places:
            if place.sheet in self.given:
                self._place(place)
        return self.found

    def _wrong(self, sheet: str, row: int, column: str, message: str) -> None:
        self.found.problems.append(Problem(sheet, row, column, message))

    def _head(self) -> None:
        """The texts of the document itself, each a row."""
        lines = self.given.get(self.book.head_sheet, ())
        columns = [cell.strip().lower() for cell in lines[0]] if lines else []
        named = {stored: name for name, stored in self.book.head_names.items()}
        for number, row in enumerate(lines[1:], 2):
            cells = dict(zip(columns, row, strict=False))
            stored, text = cells.get(KEY, "").strip(), cells.get("teks", "")
            if stored == VERSION:
                self.found.version = (
                    int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
                )
            elif stored in named:
                self._text(named[stored], stored, text, number)
            elif stored or text:
                self._wrong(self.book.head_sheet, number, KEY, gettext("Kunci ini tidak dikenal."))

    def _text(self, name: str, stored: str, text: str, number: int) -> None:
        form = self.book.head(_Sent({one: [text] for one in self.book.head_names if one == name}))
        one, old = form[name], str(self.book.content[stored] or "")
        if not one.validate(form):
            for error in one.errors:
                self._wrong(self.book.head_sheet, number, "teks", str(error))
        elif same(None, name, old, one.data):
            self.found.unchanged += 1
        else:
            label = str(one.label.text)
            told = ((label, old, str(one.data)),)
            self.found.steps.append(
                Step(
                    f"{self.book.head_sheet}:{stored}",
                    self.book.head_sheet,
                    number,
                    CHANGED,
                    stored,
                    "",
                    label,
                    told,
                    {stored: one.data},
                )
            )

    def _lines(self, place: Place) -> list[_Line]:
        lines = self.given.get(place.sheet, ())
        if not lines:
            return []
        head = [cell.strip().lower() for cell in lines[0]]
        known = {name.lower(): name for name in self.book.columns(place)}
        columns = [known.get(name, "") for name in head]
        self.found.unknown += [
            (place.sheet, name) for name, mine in zip(head, columns, strict=True) if name and not mine
        ]
        found, stored, seen = [], self.book.lines(place), set[str]()
        for number, row in enumerate(lines[1:], 2):
            cells = {name: cell for name, cell in zip(columns, row, strict=False) if name}
            if not any(cell.strip() for cell in cells.values()):
                continue
            key = cells.get(KEY, "").strip()
            if key and key not in stored:
                self._wrong(
                    place.sheet, number, KEY, gettext("Kunci ini tidak ada di sini. Baris baru: kosongkan.")
                )
            elif not key and self.book.fixed:
                self._wrong(place.sheet, number, KEY, gettext("Baris tidak dapat ditambah di sini."))
            elif key in seen:
                self._wrong(place.sheet, number, KEY, gettext("Kunci ini sudah dipakai baris lain."))
            else:
                found.append(_Line(place.sheet, number, cells, key or new_key(), not key))
            seen |= {key} if key else set()
        return found

    def _known(self, place: Place) -> dict[str, str]:
        """What a cell may call a line of this kind: its key, or a code that only one has."""
        codes: dict[str, set[str]] = {}
        stored = self.book.lines(place)
        for key, one in stored.items():
            codes.setdefault(str(one.line.get("kode") or ""), set()).add(key)
        for line in self.sheets[place.sheet]:
            if "kode" in line.cells:
                codes.setdefault(line.cells["kode"].strip(), set()).add(line.key)
        alone = {code: next(iter(keys)) for code, keys in codes.items() if code and len(keys) == 1}
        # What is new and has no code is named by its place.
        alone |= {f"baris {line.number}": line.key for line in self.sheets[place.sheet] if line.is_new}
        return alone | {key: key for key in stored}

    def _place(self, place: Place) -> None:
        stored = self.book.lines(place)
        if not self.given[place.sheet] or KEY not in [
            cell.strip().lower() for cell in self.given[place.sheet][0]
        ]:
            self._wrong(place.sheet, 1, KEY, gettext("Kolom ini tidak ada."))
            return
        for line in self.sheets[place.sheet]:
            self._line(place, line, stored.get(line.key, Found({})))
        refused = {problem.row for problem in self.found.problems if problem.sheet == place.sheet}
        here = {line.key for line in self.sheets[place.sheet]}
        # A row whose own key is wrong may be any line: then no line counts as gone.
        gone = [] if any(one.column == KEY and one.row in refused for one in self.found.problems) else stored
        for key in gone:
            if key not in here and key not in self.book.locked and not self.book.fixed:
                self._gone(place, key, stored[key])

    def _gone(self, place: Place, key: str, found: Found) -> None:
        title = self.book.title(place.part, found.line)
        step = Step(f"{place.sheet}:-{key}", place.sheet, 0, REMOVED, key, found.above, title, (), {})
        self.found.steps.append(step)

    def _line(self, place: Place, line: _Line, stored: Found) -> None:
        before = len(self.found.problems)
        above = self._above(place, line, stored)
        form, slots = self._form(place.part, line, stored)
        for name, one in form:
            for error in one.errors:
                allowed = ", ".join(
                    word for word in self.book.options(place.part, name, blank(place.part.form)[name]) if word
                )
                told = f"{error} {allowed}".strip()
                self._wrong(place.sheet, line.number, place.part.names[name], told)
        for slot, number in slots.items():
            for error in number.errors:
                self._wrong(place.sheet, line.number, slot, str(error))
        values = {
            place.part.names[name]: one.data
            for name, one in form
            if place.part.names[name] in line.cells or line.is_new
        }
        given = {slot: number.data for slot, number in slots.items()}
        fields = list(self._changes(place.part, values, given, stored.line))
        if len(self.found.problems) > before:
            return
        if not fields and not line.is_new:
            self.found.unchanged += 1
            return
        if line.key in self.book.locked:
            told = gettext("IKU yang sudah memiliki realisasi tidak dapat diubah.")
            self._wrong(place.sheet, line.number, KEY, told)
            return
        if place.part.slots:
            values["lintasan"] = {**stored.line.get("lintasan", {}), **given}
        action = ADDED if line.is_new else CHANGED
        ident = f"{place.sheet}:{line.number}" if line.is_new else f"{place.sheet}:{line.key}"
        title = self.book.title(place.part, {**stored.line, **values})
        self.found.steps.append(
            Step(ident, place.sheet, line.number, action, line.key, above, title, fields, values)
        )

    def _above(self, place: Place, line: _Line, stored: Found) -> str:
        if place.above is None:
            return ""
        column = place.above_column
        said = " ".join(line.cells.get(column, "").split())
        above = self.codes[place.above.name].get(said, "") if said else stored.above
        if not above:
            self._wrong(
                place.sheet,
                line.number,
                column,
                gettext(
                    "Tulis kode atau kunci baris yang ada pada lembar %(sheet)s.", sheet=place.above.listed
                ),
            )
        elif stored.above and above != stored.above:
            self._wrong(
                place.sheet,
                line.number,
                column,
                gettext("Baris tidak dapat dipindahkan lewat lembar kerja; pindahkan pada halamannya."),
            )
        return above

    def _form(
        self, part: Part, line: _Line, stored: Found
    ) -> tuple[list[tuple[str, Any]], dict[str, AngkaField]]:
        """The fields of the page with what the cells say, already asked whether they are right."""
        sent, prefix = _Sent(), "x-"
        for name, column in part.names.items():
            if column not in line.cells:
                text = self._kept(part, name, stored)
            else:
                text = line.cells[column].strip() if name not in part.says else line.cells[column]
            if isinstance(blank(part.form)[name], BooleanField) and text.lower() not in _YES | _NO:
                self._wrong(line.sheet, line.number, column, gettext("Tulis ya atau tidak."))
            cells = self._cells(part, name, blank(part.form)[name], text, line)
            if cells is not None:
                sent[prefix + name] = cells
        form = part.form(sent, prefix=prefix)
        for name in part.names:
            if (part.name, name) in self.book.refers:
                keys = self.codes[self.book.refers[part.name, name]].values()
                form[name].choices = options([("", ""), *((key, key) for key in keys)])
            elif (part.name, name) in self.book.choices:
                form[name].choices = self.book.choices[part.name, name]
        form.validate()
        slots: dict[str, AngkaField] = {}
        for slot in self.book.slots if part.slots else ():
            if slot in line.cells:
                number = AngkaField(slot, [Optional()]).bind(BaseForm(), slot)
                number.process(_Sent({slot: [line.cells[slot]]}))
                number.validate(BaseForm())
                slots[slot] = number
        return [(name, form[name]) for name in part.names], slots

    def _kept(self, part: Part, name: str, stored: Found) -> str:
        """The cell of a column that the sheet does not have: what is stored."""
        value = self.book.cell(part, name, stored.line.get(part.names[name]), self.names)
        return (
            str(value).replace(".", ",") if name in part.numbers and value is not None else str(value or "")
        )

    def _cells(self, part: Part, name: str, one: Any, text: str, line: _Line) -> list[str] | None:
        """A cell as the browser would send its field; None where it would send nothing."""
        if isinstance(one, BooleanField):
            return ["y"] if text.lower() in _YES else None
        if (part.name, name) in self.book.refers:
            known = self.codes[self.book.refers[part.name, name]]
            many = isinstance(one, SelectMultipleField)
            words = text.replace(",", " ").split() if many else [text] if text else []
            return [known.get(word, word) for word in words] or ([] if many else [""])
        if allowed := self.book.options(part, name, one):
            given = self.book.choices.get((part.name, name), one.choices)
            labels = {str(choice.label).casefold(): str(choice.value) for choice in given}
            if isinstance(one, SelectMultipleField):
                words = [word.strip() for word in text.split(",") if word.strip()]
                return [labels.get(word.casefold(), word.lower()) for word in words]
            chosen = labels.get(text.casefold(), text.lower() if text.lower() in allowed else text)
            return [chosen if chosen or "" in allowed or not line.is_new else allowed[0]]
        return [text]

    def _changes(
        self, part: Part, values: Mapping[str, Any], slots: Mapping[str, Any], stored: Mapping[str, Any]
    ) -> Iterator[tuple[str, str, str]]:
        for name, column in part.names.items():
            if column in values and not same(part, name, stored.get(column), values[column]):
                label = str(blank(part.form)[name].label.text)
                yield (
                    label,
                    self._said(part, name, stored.get(column)),
                    self._said(part, name, values[column]),
                )
        for slot, value in slots.items():
            old = number_of(stored.get("lintasan", {}).get(slot))
            if old != value:
                yield slot, _written(old), _written(value)

    def _said(self, part: Part, name: str, value: Any) -> str:
        if (part.name, name) in self.book.refers:
            names = {
                target: {key: code for code, key in reversed(self.codes[target].items())}
                for target in self.codes
            }
            return str(self.book.cell(part, name, value, names))
        cell = self.book.cell(part, name, value, self.names)
        return _written(cell) if name in part.numbers else str(cell or "")


def _written(value: Any) -> str:
    return "" if value is None else write_number(value)


def read(book: Book, rows: Rows) -> Reading:
    """What the workbook would change in the content of the book, and what is wrong with it."""
    return Reader(book, rows).read()
