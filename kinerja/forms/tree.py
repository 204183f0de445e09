"""A form of keyed lines within lines: a PK with its objectives and IKU, a meeting with its agenda and decisions.

What lines there are is said by hidden fields in the order of the page: `order-<part>` for lines of the document itself,
`order-<part>-<key>` for those under a line. A line's fields are called `<part>-<key>-<field>`. A button of the form
sends `do`, for example "add:iku:abc123" or "up:abc123"; everything typed goes with it and is kept.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms.validators import Optional

from kinerja.forms.base import GUARDS, BaseForm, UnknownField
from kinerja.forms.fields import AngkaField
from kinerja.ids import new_key

_KEY = re.compile(r"[a-z2-7]{4,12}")


@dataclass(frozen=True)
class Part:
    """One kind of line: its form, under which name the content holds a list of them, and what stands under each.

    `names` maps a field to its name in the content; `says` are the fields by which somebody knows a line. With `slots`
    each line also has a number per slot of the year, in the content as {slot: number} under "lintasan".
    """

    name: str
    form: type[BaseForm]
    listed: str
    names: Mapping[str, str]
    says: tuple[str, ...]
    parts: tuple["Part", ...] = ()
    slots: bool = False
    # Fields whose values the content holds as text: numbers and days.
    numbers: tuple[str, ...] = ()
    days: tuple[str, ...] = ()


@dataclass
class Entry:
    """One line on the page."""

    key: str
    part: Part
    form: BaseForm
    slots: dict[str, AngkaField] = field(default_factory=dict)
    inside: dict[str, list["Entry"]] = field(default_factory=dict)
    locked: bool = False
    stored: Mapping[str, Any] = field(default_factory=dict)
    # The key of the line it stands under.
    above: str = ""

    @property
    def says(self) -> list[str]:
        """What is written in it and in what stands under it; empty when nothing is."""
        own = " · ".join(str(self.form[name].data).strip() for name in self.part.says if self.form[name].data)
        below = [text for entries in self.inside.values() for entry in entries for text in entry.says]
        return [own, *below] if own or below else []

    @property
    def fields(self) -> Iterator[Any]:
        yield from self.form
        yield from self.slots.values()

    def change(self) -> dict[str, Any]:
        """The line as the content holds it; what the form has no field for stays as it was."""
        found = dict(self.stored) | {
            name: self.form[name_of].data for name_of, name in self.part.names.items()
        }
        if self.part.slots:
            found["lintasan"] = {slot: number.data for slot, number in self.slots.items()}
        below = {
            part.listed: [entry.change() for entry in self.inside[part.name]] for part in self.part.parts
        }
        return found | below | {"key": self.key}


class TreeForm:
    """Everything on one page. Build it from the stored content or from what was posted."""

    def __init__(
        self,
        head: BaseForm,
        parts: Sequence[Part],
        content: Mapping[str, Any],
        formdata: Any = None,
        slots: Sequence[str] = (),
        choices: Mapping[tuple[str, str], Any] | None = None,
        locked: frozenset[str] = frozenset(),
    ):
        self.head, self.parts, self.slots = head, tuple(parts), tuple(slots)
        # (part, field) -> the choices of that field, where they are known only now.
        self.choices = choices or {}
        self.locked = locked
        self.posted = formdata is not None
        self._data = formdata
        self.do = formdata.get("do", "") if formdata is not None else ""
        self.landing = ""
        # The key of what is about to be removed, and is asked about first.
        self.asked = ""
        self.entries = {part.name: self._read(part, content, "") for part in self.parts}

    def _read(self, part: Part, content: Mapping[str, Any], above: str) -> list[Entry]:
        stored = {line["key"]: line for line in content.get(part.listed, [])}
        keys = list(stored)
        if self.posted:
            sent = self._data.getlist(_order(part, above))
            keys = [key for key in dict.fromkeys(sent) if _KEY.fullmatch(key)]
        return [self._entry(part, key, stored.get(key, {}), above=above) for key in keys]

    def _entry(
        self, part: Part, key: str, stored: Mapping[str, Any], *, is_new: bool = False, above: str = ""
    ) -> Entry:
        sent = None if is_new else self._data
        prefix = f"{part.name}-{key}-"
        data = {
            name_of: _read(part, name_of, stored[name])
            for name_of, name in part.names.items()
            if name in stored
        }
        form = part.form(sent, prefix=prefix, data=data)
        for one in form:
            short = one.short_name.removeprefix(prefix)
            if (part.name, short) in self.choices:
                one.choices = self.choices[part.name, short]
        numbers: dict[str, AngkaField] = {}
        for slot in self.slots if part.slots else ():
            number = AngkaField(slot, [Optional()]).bind(BaseForm(), f"{prefix}t-{slot}")
            number.process(sent, _number(stored.get("lintasan", {}).get(slot)))
            numbers[slot] = number
        inside = {below.name: [] if is_new else self._read(below, stored, key) for below in part.parts}
        known = {part.names[name] for name in part.names} | {
            "key",
            "lintasan",
            *(p.listed for p in part.parts),
        }
        rest = {name: value for name, value in stored.items() if name not in known}
        return Entry(key, part, form, numbers, inside, key in self.locked, rest, above)

    def every(self) -> Iterator[Entry]:
        """Every line, those under a line right after it."""
        yield from (
            one for entries in self.entries.values() for entry in entries for one in _with_inside(entry)
        )

    def fields(self) -> Iterator[Any]:
        """Every field of the page, in its order."""
        yield from self.head
        for entry in self.every():
            yield from entry.fields

    def structure(self) -> list[tuple[str, str]]:
        """The hidden fields that say which lines there are, and in which order."""
        pairs = [(_order(part, ""), entry.key) for part in self.parts for entry in self.entries[part.name]]
        for entry in self.every():
            for part in entry.part.parts:
                pairs += [(_order(part, entry.key), below.key) for below in entry.inside[part.name]]
        return pairs

    def captions(self) -> dict[str, str]:
        """Field name -> its label, with the number of the line it belongs to."""
        found: dict[str, str] = {}
        for entries in self._lists():
            for number, entry in enumerate(entries, 1):
                found |= {one.name: f"{one.label.text} {number}" for one in entry.fields}
        return found

    def validate(self) -> bool:
        """Check the shape of everything typed; errors stand at their fields. Raises UnknownField."""
        known = (
            {one.name for one in self.fields()} | GUARDS | {"do"} | {name for name, _key in self.structure()}
        )
        known |= {_order(part, "") for part in self.parts}
        known |= {_order(part, entry.key) for entry in self.every() for part in entry.part.parts}
        if unknown := set(self._data) - known:
            raise UnknownField(unknown)
        forms = [self.head, *(entry.form for entry in self.every())]
        loose = [number for entry in self.every() for number in entry.slots.values()]
        ok = [form.validate() for form in forms] + [number.validate(BaseForm()) for number in loose]
        return all(ok)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(field id, message) of everything wrong, in the order of the page."""
        return [(one.id, str(error)) for one in self.fields() for error in one.errors]

    def change(self) -> dict[str, Any]:
        """The content as typed, after the pressed button has been obeyed."""
        self.obey(self.do)
        return {part.listed: [entry.change() for entry in self.entries[part.name]] for part in self.parts}

    def obey(self, do: str) -> None:
        """Add, move or remove: "add:<part>", "add:<part>:<key above>", "up:<key>", "down:<key>", "remove:<key>".

        What holds something typed is asked about before it is removed: "drop:<key>" removes it, "keep:<key>" does not.
        `landing` is where the page opens afterwards.
        """
        verb, _sep, what = do.partition(":")
        if verb == "add":
            name, _sep, above = what.partition(":")
            self._add(name, above)
        elif verb in ("up", "down", "remove", "drop"):
            for entries in self._lists():
                here = next((n for n, entry in enumerate(entries) if entry.key == what), None)
                if here is None:
                    continue
                if verb == "remove" and entries[here].says:
                    self.asked, self.landing = what, "hapus"
                else:
                    self.landing = _move(entries, verb, here)
        elif verb == "keep" and _KEY.fullmatch(what):
            self.landing = what

    def _add(self, name: str, above: str) -> None:
        places = [(self.parts, self.entries, "")] if not above else []
        places += [
            (entry.part.parts, entry.inside, entry.key) for entry in self.every() if entry.key == above
        ]
        for parts, lists, under in places:
            for part in parts:
                if part.name == name:
                    lists[name].append(self._entry(part, new_key(), {}, is_new=True, above=under))
                    self.landing = lists[name][-1].key

    def _lists(self) -> list[list[Entry]]:
        found = list(self.entries.values())
        return found + [entries for entry in self.every() for entries in entry.inside.values()]


def _order(part: Part, above: str) -> str:
    return f"order-{part.name}-{above}" if above else f"order-{part.name}"


def _with_inside(entry: Entry) -> Iterator[Entry]:
    yield entry
    for entries in entry.inside.values():
        for below in entries:
            yield from _with_inside(below)


def _move(entries: list[Entry], verb: str, here: int) -> str:
    """Move or remove one line; gives back the key at which the page opens again."""
    key = entries[here].key
    if verb in ("remove", "drop"):
        entries.pop(here)
        return entries[max(here - 1, 0)].key if entries else ""
    other = here + (-1 if verb == "up" else 1)
    if 0 <= other < len(entries):
        entries[here], entries[other] = entries[other], entries[here]
    return key


def _read(part: Part, name: str, value: Any) -> Any:
    """A stored value as its field takes it."""
    if name in part.days:
        return date.fromisoformat(value) if value else None
    return _number(value) if name in part.numbers else value


def _number(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))
