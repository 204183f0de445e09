"""Which fields of a form an item of the library can fill, where in the document, and what comes of the ticked ones."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from wtforms import SelectField

from kinerja.forms.manual import NAMES, ManualForm
from kinerja.forms.sheets import KEY_OF, Book, Place, blank
from kinerja.ids import new_key

NEW = "baru."
# The kind of line that is an indicator, in the books of PK and SKP; which of its fields is its name.
INDICATORS = {"iku": "nama", "indicator": "teks"}
FILLED = ("satuan", "polarisasi", "konsolidasi", "validitas", "kendali", "kualitas")


@dataclass(frozen=True)
class Line:
    """One field: what stands in it, what the library says, each in words; `taken` says that they are the same."""

    name: str
    label: str
    now: str
    offered: str
    taken: bool


def of_manual(content: Mapping[str, Any], values: Mapping[str, str]) -> list[Line]:
    """The fields of a manual that the item can fill."""
    form = blank(ManualForm)
    return [
        _line(form[name], stored, content.get(stored), values[stored])
        for name, stored in NAMES.items()
        if values.get(stored)
    ]


def place_of(book: Book) -> Place:
    """The kind of line of a document that is an indicator."""
    return next(place for place in book.places() if place.part.name in INDICATORS)


def spots(book: Book) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(key, how people know it) of the indicators that may still change, and of the lines that take a new one."""
    place = place_of(book)
    assert place.above is not None
    there = [
        (key, book.title(place.part, found.line))
        for key, found in book.lines(place).items()
        if key not in book.locked
    ]
    above = next(one for one in book.places() if one.part is place.above)
    homes = [(NEW + key, book.title(above.part, found.line)) for key, found in book.lines(above).items()]
    return there, homes


def of_line(book: Book, spot: str, name: str, values: Mapping[str, str]) -> list[Line] | None:
    """The fields of the indicator at a spot that the item can fill; None where there is no such spot."""
    place = place_of(book)
    if spot not in {key for pairs in spots(book) for key, _title in pairs}:
        return None
    found = book.lines(place).get(spot)
    line = found.line if found else {}
    given = {INDICATORS[place.part.name]: name} | {key: values[key] for key in FILLED if values.get(key)}
    form = blank(place.part.form)
    return [
        _line(form[field], stored, line.get(stored), given[stored])
        for field, stored in place.part.names.items()
        if stored in given
    ]


def change_of_line(
    book: Book, spot: str, name: str, values: Mapping[str, str], ticked: Sequence[str]
) -> dict[str, Any]:
    """The content with the ticked fields filled at a spot, as an edit takes it."""
    place = place_of(book)
    assert place.above is not None
    own = INDICATORS[place.part.name]
    chosen = {key: name if key == own else values[key] for key in ticked}
    content = deepcopy(dict(book.content))
    for above in content.get(place.above.listed, ()):
        lines = above.get(place.sheet) or []
        if spot == NEW + above[KEY_OF]:
            lines.append({KEY_OF: new_key(), "lintasan": {}, **chosen})
        for line in lines:
            if line[KEY_OF] == spot:
                line |= chosen
        above[place.sheet] = lines
    wanted = {*book.head_names.values(), *(part.listed for part in book.parts)}
    return book.change({key: value for key, value in content.items() if key in wanted})


def _line(field: Any, stored: str, now: Any, offered: str) -> Line:
    before = str(now or "").strip()
    return Line(
        stored,
        str(field.label.text),
        _words(field, before),
        _words(field, offered),
        before == offered.strip(),
    )


def _words(field: Any, value: str) -> str:
    if not isinstance(field, SelectField) or not value:
        return value
    return next((str(one.label) for one in field.choices or () if one.value == value), value)
