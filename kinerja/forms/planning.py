"""The SKP as it is typed: rows and indicators keyed by their own keys, so that nothing is lost when they move.

Field names: `row-<key>-rhk`, `indicator-<key>-text`, `attachment-<key>-text`, `expectation-<code>`. The order of
rows is the order of the hidden `order` fields, that of indicators of `order-<row key>`. A button of the form sends
`do`, for example "add_indicator:abc123"; everything typed goes with it and is kept.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from kinerja.forms.base import GUARDS, BaseForm, UnknownField
from kinerja.forms.fields import AngkaField, options
from kinerja.forms.planning_fields import (
    BLOCKS,
    JOINED_PERSPECTIVES,
    HeadForm,
    IndicatorForm,
    LineForm,
    RowForm,
    Ticks,
)
from kinerja.ids import new_key

ROW_NAMES = (
    ("rhk", "rhk"),
    ("rhk_intervened", "rhk_diintervensi"),
    ("assigned_by", "penugasan_dari"),
    ("source", "sumber"),
    ("perspective", "perspektif"),
    ("absolute_reason", "alasan_mutlak"),
    ("lint_reason", "alasan_lint"),
)
INDICATOR_NAMES = (
    ("text", "teks"),
    ("aspects", "aspek"),
    ("target", "target"),
    ("unit", "satuan"),
    ("target_text", "target_teks"),
    ("polarity", "polarisasi"),
    ("consolidation", "konsolidasi"),
    ("quality", "kualitas"),
    ("validity", "validitas"),
    ("control", "kendali"),
)
LINE_NAMES = (
    ("category", "kategori"),
    ("text", "teks"),
    ("schedule", "jadwal"),
    ("data", "data"),
    ("data_source", "sumber_data"),
)
_KEY = re.compile(r"[a-z2-7]{4,12}")


class IndicatorEntry:
    """One indicator on the page: its form, its trajectory fields, whether it is locked."""

    def __init__(self, key: str, form: IndicatorForm, slots: Mapping[str, AngkaField], locked: bool = False):
        self.key, self.form, self.slots, self.locked = key, form, slots, locked

    @property
    def says(self) -> list[str]:
        """What is written in it, by which somebody knows what would go; empty when nothing is."""
        words = (self.form.text.data, self.form.target_text.data)
        target = f"{self.form.target._value()} {self.form.unit.data or ''}".strip()
        return [text for text in (" · ".join(word.strip() for word in (*words, target) if word),) if text]

    def change(self) -> dict[str, Any]:
        values: dict[str, Any] = {name: self.form[field].data for field, name in INDICATOR_NAMES}
        values["lintasan"] = {slot: field.data for slot, field in self.slots.items()}
        return values | {"key": self.key}


class RowEntry:
    def __init__(
        self,
        key: str,
        kind: str,
        form: RowForm,
        indicators: list[IndicatorEntry],
        origin: str = "",
        acting: bool = False,
        cell: str = "",
    ):
        self.key, self.kind, self.form, self.indicators, self.origin = key, kind, form, indicators, origin
        # The cell of the matriks it was taken from.
        self.acting, self.cell = acting, cell

    @property
    def says(self) -> list[str]:
        """The result, and its indicators that go with it."""
        own = (self.form.rhk.data or self.form.rhk_intervened.data or "").strip()
        inside = [text for indicator in self.indicators for text in indicator.says]
        return [own, *inside] if own or inside else []

    def change(self) -> dict[str, Any]:
        values: dict[str, Any] = {name: self.form[field].data for field, name in ROW_NAMES}
        return values | {
            "key": self.key,
            "jenis": self.kind,
            "asal": self.origin,
            "rangkap": self.acting,
            "sel": self.cell,
            "indikator": [entry.change() for entry in self.indicators],
        }


class LineEntry:
    def __init__(self, key: str, block: str, form: LineForm):
        self.key, self.block, self.form = key, block, form

    @property
    def says(self) -> list[str]:
        own = (self.form.text, self.form.schedule, self.form.data, self.form.data_source)
        return [text for text in (" · ".join(field.data.strip() for field in own if field.data),) if text]

    def change(self) -> dict[str, Any]:
        values: dict[str, Any] = {name: self.form[field].data for field, name in LINE_NAMES}
        agreed = {"ya": True, "tidak": False}.get(self.form.agreed.data or "")
        return values | {"key": self.key, "blok": self.block, "disepakati": agreed}


class SkpForm:
    """The whole SKP on one page. Build it from the stored content or from what was posted."""

    def __init__(
        self,
        content: Mapping[str, Any],
        slots: Sequence[str],
        formdata: Any = None,
        values: Sequence[tuple[str, str]] = (),
        sources: Mapping[str, Mapping[str, Any]] | None = None,
        assigned_by: str = "",
        joined_budget: bool = False,
    ):
        self.slots = tuple(slots)
        self.values = tuple(values)
        # What may be copied in, by name: rows and lines as `services.skp_sources` gives them.
        self.sources = sources or {}
        self.assigned_by = assigned_by
        self.joined_budget = joined_budget
        self.offered: list[dict[str, str]] = []
        self.landing = ""
        # The key of what is about to be removed, and is asked about first.
        self.asked = ""
        self.posted = formdata is not None
        self._data = formdata
        self.head = HeadForm(formdata, data={"approach": content["pendekatan"]})
        stored = {row["key"]: row for row in content["baris"]}
        lines = {line["key"]: line for line in content["lampiran"]}
        self.rows = self._rows(content, stored)
        self.lines = self._lines(content, lines)
        self.expectations = self._expectations(content)
        self.do = formdata.get("do", "") if formdata is not None else ""

    def _keys(self, name: str, fallback: list[str]) -> list[str]:
        if not self.posted:
            return fallback
        return [key for key in dict.fromkeys(self._data.getlist(name)) if _KEY.fullmatch(key)]

    def _rows(self, content: Mapping[str, Any], stored: Mapping[str, Any]) -> list[RowEntry]:
        entries = []
        for key in self._keys("order", list(stored)):
            row = stored.get(key, {})
            kind = self._data.get(f"row-{key}-kind", "utama") if self.posted else row["jenis"]
            kind = kind if kind in ("utama", "tambahan") else "utama"
            form = self._row_form(key, {f: row.get(n, "") for f, n in ROW_NAMES}, self._data)
            known = {i["key"]: i for i in row.get("indikator", [])}
            indicators = [
                self._indicator(i, known.get(i, {})) for i in self._keys(f"order-{key}", list(known))
            ]
            acting = bool(row.get("rangkap"))
            origin, cell = row.get("asal", ""), row.get("sel", "")
            entries.append(RowEntry(key, kind, form, indicators, origin, acting, cell))
        return entries

    def _row_form(self, key: str, data: Mapping[str, Any], sent: Any = None) -> RowForm:
        form = RowForm(sent, prefix=f"row-{key}-", data=data)
        if self.joined_budget or data.get("perspective") == JOINED_PERSPECTIVES[3][0]:
            form.perspective.choices = options(JOINED_PERSPECTIVES)
        return form

    def _indicator(self, key: str, stored: Mapping[str, Any], is_new: bool = False) -> IndicatorEntry:
        sent = None if is_new else self._data
        data = {f: stored.get(n) for f, n in INDICATOR_NAMES}
        data["target"] = _number(stored.get("target"))
        data["polarity"] = data["polarity"] or "maximize"
        data["consolidation"] = data["consolidation"] or "sum"
        form = IndicatorForm(sent, prefix=f"indicator-{key}-", data=data)
        trajectory = stored.get("lintasan", {})
        fields = {}
        for slot in self.slots:
            field = AngkaField(slot, [Optional()]).bind(BaseForm(), f"indicator-{key}-t-{slot}")
            field.process(sent, _number(trajectory.get(slot)))
            fields[slot] = field
        self._keep_unshown(
            key, (*form, *fields.values()), data | {s: _number(trajectory.get(s)) for s in fields}
        )
        return IndicatorEntry(key, form, fields, bool(stored.get("terkunci")))

    def _keep_unshown(self, key: str, fields: Sequence[Any], stored: Mapping[str, Any]) -> None:
        """What the page of the chosen approach does not show is not taken away by sending it."""
        if not self.posted:
            return
        quantitative = f"indicator-{key}-polarity" in self._data
        for field in fields:
            name = field.short_name.removeprefix(f"indicator-{key}-").removeprefix("t-")
            if field.name not in self._data and not (quantitative and isinstance(field, Ticks)):
                field.data = stored.get(name, field.data)

    def _lines(self, content: Mapping[str, Any], stored: Mapping[str, Any]) -> list[LineEntry]:
        entries = []
        for key in self._keys("order-attachment", list(stored)):
            line = stored.get(key, {})
            block = self._data.get(f"attachment-{key}-block", "dukungan") if self.posted else line["blok"]
            data = {f: line.get(n, "") for f, n in LINE_NAMES}
            data["agreed"] = {True: "ya", False: "tidak"}.get(line.get("disepakati"), "")
            entries.append(
                LineEntry(key, block, LineForm(self._data, prefix=f"attachment-{key}-", data=data))
            )
        return entries

    def _expectations(self, content: Mapping[str, Any]) -> dict[str, Any]:
        stored = {e["nilai"]: e["teks"] for e in content["ekspektasi"]}
        found = {}
        for code, title in self.values:
            field = TextAreaField(title, [Length(max=1000)]).bind(BaseForm(), f"expectation-{code}")
            field.process(self._data, stored.get(code, ""))
            found[code] = field
        return found

    def fields(self) -> Iterator[Any]:
        """Every field of the page, in its order."""
        yield from self.head
        for row in self.rows:
            yield from row.form
            for indicator in row.indicators:
                yield from indicator.form
                yield from indicator.slots.values()
        yield from self.expectations.values()
        for line in self.lines:
            yield from line.form

    def structure(self) -> list[tuple[str, str]]:
        """The hidden fields that say which rows, indicators and lines there are, and in which order."""
        pairs: list[tuple[str, str]] = []
        for row in self.rows:
            pairs += [("order", row.key), (f"row-{row.key}-kind", row.kind)]
            pairs += [(f"order-{row.key}", indicator.key) for indicator in row.indicators]
        for line in self.lines:
            pairs += [("order-attachment", line.key), (f"attachment-{line.key}-block", line.block)]
        return pairs

    def captions(self) -> dict[str, str]:
        """Field name -> its label with the number of the row or indicator it belongs to."""
        found: dict[str, str] = {}
        for number, row in enumerate(sorted(self.rows, key=lambda row: row.kind != "utama"), 1):
            found |= {field.name: f"{field.label.text} {number}" for field in row.form}
            for place, indicator in enumerate(row.indicators, 1):
                where = gettext("indikator %(no)s", no=f"{number}.{place}")
                found |= {field.name: f"{field.label.text}, {where}" for field in indicator.form}
                found |= {
                    field.name: f"{gettext('Target')} {slot}, {where}"
                    for slot, field in indicator.slots.items()
                }
        return found

    def validate(self) -> bool:
        """Check the shape of everything typed; errors stand at their fields. Raises UnknownField."""
        self._refuse_unknown()
        forms = [self.head, *(r.form for r in self.rows), *(line.form for line in self.lines)]
        forms += [i.form for r in self.rows for i in r.indicators]
        loose = [f for r in self.rows for i in r.indicators for f in i.slots.values()] + list(
            self.expectations.values()
        )
        ok = [form.validate() for form in forms] + [field.validate(BaseForm()) for field in loose]
        return all(ok)

    def _refuse_unknown(self) -> None:
        known = {field.name for field in self.fields()} | GUARDS | {"do", "order", "order-attachment"}
        known |= {f"order-{row.key}" for row in self.rows} | {f"row-{row.key}-kind" for row in self.rows}
        known |= {f"attachment-{line.key}-block" for line in self.lines}
        if unknown := set(self._data) - known:
            raise UnknownField(unknown)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(field id, message) of everything wrong, in the order of the page."""
        return [(field.id, str(error)) for field in self.fields() for error in field.errors]

    def change(self) -> dict[str, Any]:
        """The content as typed, after the pressed button has been obeyed."""
        self.obey(self.do)
        return {
            "pendekatan": self.head.approach.data,
            "baris": [row.change() for row in self.rows],
            "ekspektasi": [
                {"nilai": code, "teks": field.data or ""} for code, field in self.expectations.items()
            ],
            "lampiran": [line.change() for line in self.lines],
        }

    def obey(self, do: str) -> None:
        """Add, move, copy or remove: "add_row:utama", "up:<key>", "kind:<key>", "copy:<source>", "remove:<key>" ...

        `landing` is where the page opens afterwards. What holds something typed is asked about before it is removed:
        "drop:<key>" removes it, "keep:<key>" leaves it.
        """
        verb, _sep, what = do.partition(":")
        if verb == "add_row" and what in ("utama", "tambahan"):
            form = self._row_form(key := new_key(), {"assigned_by": self.assigned_by})
            blank = self._indicator(new_key(), {"aspek": ["kuantitas"]}, is_new=True)
            self.rows.append(RowEntry(key, what, form, [blank]))
            self.landing = key
        elif verb == "add_indicator":
            for row in self.rows:
                if row.key == what:
                    row.indicators.append(self._indicator(new_key(), {"aspek": ["kuantitas"]}, is_new=True))
                    self.landing = row.indicators[-1].key
        elif verb == "add_line" and what in dict(BLOCKS):
            self.lines.append(LineEntry(key := new_key(), what, LineForm(prefix=f"attachment-{key}-")))
            self.landing = key
        elif verb == "copy" and what in self.sources:
            self._copy(self.sources[what])
        elif verb == "kind":
            self._change_kind(what)
        elif verb in ("up", "down", "remove", "drop"):
            lists: list[list[Any]] = [self.rows, self.lines, *(row.indicators for row in self.rows)]
            if verb == "remove" and any(one.key == what and one.says for entries in lists for one in entries):
                self.asked, self.landing = what, "hapus"
                return
            for entries in lists:
                self.landing = _move(entries, verb, what) or self.landing
        elif verb == "keep" and _KEY.fullmatch(what):
            self.landing = what

    def _change_kind(self, key: str) -> None:
        """From utama to tambahan and back; it becomes the last of its new block."""
        for row in [row for row in self.rows if row.key == key and not row.acting]:
            row.kind = "utama" if row.kind == "tambahan" else "tambahan"
            self.rows.remove(row)
            self.rows.append(row)
            self.landing = key

    def _copy(self, source: Mapping[str, Any]) -> None:
        """Rows and lines of another document that are not here yet, each with its origin."""
        here = {(row.form.rhk.data or "").strip().lower(): row for row in self.rows}
        taken = {row.cell for row in self.rows if row.cell}
        for row in source["baris"]:
            if row.get("sel") in taken:
                continue
            if (same := here.get(row["rhk"].strip().lower())) is not None:
                same.cell = same.cell or row.get("sel", "")
                continue
            form = self._row_form(key := new_key(), {f: row.get(n, "") for f, n in ROW_NAMES})
            indicators = [self._indicator(new_key(), one, is_new=True) for one in row["indikator"]]
            acting, cell = bool(row.get("rangkap")), row.get("sel", "")
            entry = RowEntry(key, row["jenis"], form, indicators, row["asal"], acting, cell)
            self.rows.append(entry)
            self.landing = self.landing or key
        known = {(line.form.text.data or "").strip().lower() for line in self.lines}
        for line in source["lampiran"]:
            if line["teks"].strip().lower() not in known:
                data = {f: line.get(n, "") for f, n in LINE_NAMES}
                form_of_line = LineForm(prefix=f"attachment-{(key := new_key())}-", data=data)
                self.lines.append(LineEntry(key, line["blok"], form_of_line))


def _move(entries: list[Any], verb: str, key: str) -> str:
    """Move or remove the entry of this key; gives back the key at which the page opens again."""
    position = next((n for n, entry in enumerate(entries) if entry.key == key), None)
    if position is None:
        return ""
    if verb in ("remove", "drop"):
        entries.pop(position)
        return entries[max(position - 1, 0)].key if entries else ""
    step = -1 if verb == "up" else 1
    other = position + step
    while 0 <= other < len(entries) and _block(entries[other]) != _block(entries[position]):
        other += step
    if 0 <= other < len(entries):
        entries[position], entries[other] = entries[other], entries[position]
    return key


def _block(entry: Any) -> str:
    """Within what an entry moves: the kind of a row, the part of a line; indicators have none."""
    return getattr(entry, "kind", "") or getattr(entry, "block", "")


def _number(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))
