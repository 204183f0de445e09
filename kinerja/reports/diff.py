"""Two texts of a document compared: by word, by number, row by row under its key.

Plain structures come out; the page draws the pieces with `ui.segments`. Nothing that differs is left out: a field
without a label of its own is shown under its name.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from kinerja.reports.charts import indonesian
from kinerja.reports.diff_labels import BLOCKS, FIELDS, IGNORED, LISTS, VALUES, WORDS

Segments = list[dict[str, str]]
# Puts a label or a word of ours into the language of the reader.
Say = Callable[[str], str]

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class FieldChange:
    """One field in both texts, each as segments; a number is replaced whole."""

    label: str
    old: Segments
    new: Segments
    number: bool = False


@dataclass(frozen=True)
class RowChange:
    """A row, an indicator or a line: added, removed, changed or the same; `moved` when its place is another."""

    key: str
    status: str
    title: str
    moved: bool = False
    old_place: int | None = None
    new_place: int | None = None
    fields: tuple[FieldChange, ...] = ()
    children: tuple["RowChange", ...] = ()

    @property
    def differs(self) -> bool:
        return self.moved or self.status != "same" or any(child.differs for child in self.children)


@dataclass(frozen=True)
class Section:
    label: str
    fields: tuple[FieldChange, ...] = ()
    rows: tuple[RowChange, ...] = ()

    @property
    def differs(self) -> bool:
        return bool(self.fields) or any(row.differs for row in self.rows)


@dataclass(frozen=True)
class Comparison:
    """Sections that differ, in the order of the form, with the number of changes."""

    sections: tuple[Section, ...] = field(default=())

    @property
    def count(self) -> int:
        return sum(len(s.fields) + sum(_count(row) for row in s.rows) for s in self.sections)


def _count(row: RowChange) -> int:
    own = 1 if row.status in ("added", "removed") else len(row.fields) + int(row.moved)
    return own + sum(_count(child) for child in row.children)


def compare(old: Mapping[str, Any], new: Mapping[str, Any], say: Say = str) -> Comparison:
    """What is different between two contents; sections without a difference are left out.

    `say` translates labels and the words that stand for codes; what people wrote stays as they wrote it.
    """
    plain: list[FieldChange] = []
    sections: list[Section] = []
    for name in dict.fromkeys((*old, *new)):
        if name in IGNORED:
            continue
        before, after = old.get(name), new.get(name)
        if _rows(before) or _rows(after):
            sections.append(
                Section(say(label_of(name)), rows=tuple(compare_rows(name, before or [], after or [], say)))
            )
        elif isinstance(before, Mapping) or isinstance(after, Mapping):
            sections.append(
                Section(say(label_of(name)), fields=tuple(compare_fields(before or {}, after or {}, say)))
            )
        else:
            change = compare_values(name, before, after, say)
            plain += [change] if change else []
    first = [Section(say(label_of("")), fields=tuple(plain))] if plain else []
    return Comparison(tuple(section for section in (*first, *sections) if section.differs))


def _rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def label_of(name: str) -> str:
    """What a field is called; an unknown one by its own name."""
    return FIELDS.get(name) or LISTS.get(name) or name.replace("_", " ").capitalize()


# Fields


def compare_fields(old: Mapping[str, Any], new: Mapping[str, Any], say: Say = str) -> Iterator[FieldChange]:
    """The fields of two mappings that differ; a mapping inside is opened, a list of rows is somebody else's."""
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if name in IGNORED or _rows(before) or _rows(after):
            continue
        if isinstance(before, Mapping) or isinstance(after, Mapping):
            for inner in compare_fields(before or {}, after or {}, say):
                yield FieldChange(f"{say(label_of(name))}, {inner.label}", inner.old, inner.new, inner.number)
            continue
        change = compare_values(name, before, after, say)
        if change is not None:
            yield change


def compare_values(name: str, old: Any, new: Any, say: Say = str) -> FieldChange | None:
    """One value: numbers old and new, words piece by piece; None where nothing differs."""
    before, after = words_of(name, old, say), words_of(name, new, say)
    # A box not ticked says nothing about a row that is new.
    if before == after or all(value is None or value is False for value in (old, new)):
        return None
    if _is_number(old) or _is_number(new):
        return FieldChange(say(label_of(name)), _whole("del", before), _whole("ins", after), number=True)
    return FieldChange(say(label_of(name)), *diff_words(before, after))


def words_of(name: str, value: Any, say: Say = str) -> str:
    """A value as people read it."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return say(WORDS["ya"] if value else WORDS["tidak"])
    if isinstance(value, list):
        return ", ".join(words_of(name, item, say) for item in value)
    if _is_number(value) and name not in ("nip", "tahun"):
        return indonesian(Decimal(str(value)))
    word = VALUES.get(name, {}).get(str(value))
    return str(value) if word is None else say(word)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int) or not _NUMBER.fullmatch(str(value)):
        return False
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def _whole(op: str, text: str) -> Segments:
    return [{"op": op, "text": text}] if text else []


def diff_words(old: str, new: str) -> tuple[Segments, Segments]:
    """Both texts in segments: what stayed, what was taken away, what was added; words are never torn."""
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    before: Segments = []
    after: Segments = []
    for op, i1, i2, j1, j2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            _append(before, "same", "".join(a[i1:i2]))
            _append(after, "same", "".join(b[j1:j2]))
        else:
            _append(before, "del", "".join(a[i1:i2]))
            _append(after, "ins", "".join(b[j1:j2]))
    return _joined(before), _joined(after)


def _append(segments: Segments, op: str, text: str) -> None:
    if text:
        segments.append({"op": op, "text": text})


def _joined(segments: Segments) -> Segments:
    """A lone space between two changed words belongs to the change: one mark instead of three."""
    made: Segments = []
    for n, segment in enumerate(segments):
        between = (
            segment["op"] == "same"
            and not segment["text"].strip()
            and made
            and made[-1]["op"] != "same"
            and n + 1 < len(segments)
        )
        op = made[-1]["op"] if between else segment["op"]
        if made and made[-1]["op"] == op:
            made[-1]["text"] += segment["text"]
        else:
            made.append({"op": op, "text": segment["text"]})
    return made


# Rows


def compare_rows(
    name: str, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], say: Say = str
) -> Iterator[RowChange]:
    """Rows under their keys, in the new order, with the removed ones where they stood."""
    before = {key: (place, row) for place, (key, row) in enumerate(_keyed(old), 1)}
    after = {key: (place, row) for place, (key, row) in enumerate(_keyed(new), 1)}
    stayed = _in_order([k for k in before if k in after], [k for k in after if k in before])
    for key in _merged(list(before), list(after)):
        old_place, old_row = before.get(key, (None, None))
        new_place, new_row = after.get(key, (None, None))
        moved = old_row is not None and new_row is not None and key not in stayed
        yield _row(name, key, old_row, new_row, moved, old_place, new_place, say)


def _row(
    name: str,
    key: str,
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any] | None,
    moved: bool,
    old_place: int | None,
    new_place: int | None,
    say: Say,
) -> RowChange:
    fields = tuple(compare_fields(old or {}, new or {}, say))
    children: list[RowChange] = []
    for inner in dict.fromkeys((*(old or {}), *(new or {}))):
        lists = ((old or {}).get(inner) or [], (new or {}).get(inner) or [])
        if _rows(lists[0]) or _rows(lists[1]):
            children += compare_rows(inner, *lists, say)
    status = "added" if old is None else "removed" if new is None else "changed" if fields else "same"
    return RowChange(
        key,
        status,
        title_of(name, new or old or {}, say),
        moved,
        old_place,
        new_place,
        fields,
        tuple(children),
    )


def title_of(name: str, row: Mapping[str, Any], say: Say = str) -> str:
    """What a row is called in a comparison: the words that carry it."""
    for text in ("rhk", "teks", "indikator", "nilai", "kode", "oleh", "nama"):
        if isinstance(row.get(text), str) and row[text]:
            return words_of(text, row[text], say) if text in ("nilai", "kode") else str(row[text])
    return say(label_of(name))


def _keyed(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """Each row with its key; rows that have none are known by what they are about, repeated ones by count."""
    seen: dict[str, int] = {}
    made = []
    for row in rows:
        base = str(row.get("key") or row.get("kode") or row.get("rhk") or _about(row))
        seen[base] = seen.get(base, 0) + 1
        made.append((base if seen[base] == 1 else f"{base}#{seen[base]}", row))
    return made


def _about(row: Mapping[str, Any]) -> str:
    return "|".join(str(row.get(part, "")) for part in BLOCKS)


def _in_order(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The keys that kept their order among each other: all others have moved."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return {old[n] for block in matcher.get_matching_blocks() for n in range(block.a, block.a + block.size)}


def _merged(old: list[str], new: list[str]) -> list[str]:
    """The new order, with every removed key after the one it used to follow."""
    made = list(new)
    for n, key in enumerate(old):
        if key not in new:
            before = old[n - 1] if n else None
            made.insert(made.index(before) + 1 if before in made else 0, key)
    return made
