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
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from kinerja.forms.base import GUARDS, BaseForm, UnknownField
from kinerja.forms.fields import AngkaField, options
from kinerja.ids import new_key

ASPECTS = (
    ("kuantitas", _("Kuantitas")),
    ("kualitas", _("Kualitas")),
    ("waktu", _("Waktu")),
    ("biaya", _("Biaya")),
)
POLARITIES = (
    ("maximize", _("Makin besar makin baik")),
    ("minimize", _("Makin kecil makin baik")),
    ("stabilize", _("Makin dekat target makin baik")),
)
CONSOLIDATIONS = (
    ("sum", _("Dijumlahkan")),
    ("average", _("Rata-rata")),
    ("take_last_known", _("Nilai terakhir")),
)
SOURCES = (
    ("", _("Pilih sumber")),
    ("PK", _("Perjanjian Kinerja")),
    ("Renstra", _("Renstra")),
    ("RKT", _("RKT")),
    ("Direktif", _("Direktif")),
    ("Rencana Aksi/Inisiatif Strategis", _("Rencana aksi atau inisiatif strategis")),
    ("Penugasan", _("Penugasan")),
)
PERSPECTIVES = (
    ("", _("Pilih perspektif")),
    ("penerima_layanan", _("Penerima Layanan")),
    ("proses_bisnis", _("Proses Bisnis")),
    ("penguatan_internal", _("Penguatan Internal")),
    ("anggaran", _("Anggaran")),
)
ABSOLUTE = (
    ("", _("Tidak ada")),
    ("nyawa", _("Menyangkut nyawa")),
    ("cedera", _("Menyangkut cedera")),
    ("keamanan_nasional", _("Menyangkut keamanan nasional")),
    ("kerugian_moneter_besar", _("Menyangkut kerugian moneter yang besar")),
)
QUALITIES = (
    ("", _("Belum dipilih")),
    ("outcome", _("Outcome")),
    ("outcome_antara", _("Outcome antara")),
    ("output_kendali_rendah", _("Output kendali rendah")),
    ("output_kendali_sedang", _("Output kendali sedang")),
    ("output_kendali_tinggi", _("Output kendali tinggi")),
)
CATEGORIES = (
    ("", _("Pilih jenis")),
    ("SDM", _("SDM")),
    ("anggaran", _("Anggaran")),
    ("peralatan kerja", _("Peralatan kerja")),
    ("pendampingan Pimpinan", _("Pendampingan pimpinan")),
    ("sarana prasarana", _("Sarana dan prasarana")),
    ("lainnya", _("Lainnya")),
)
BLOCKS = (
    ("dukungan", _("Dukungan sumber daya")),
    ("pertanggungjawaban", _("Skema pertanggungjawaban")),
    ("konsekuensi_positif", _("Konsekuensi positif")),
    ("konsekuensi_negatif", _("Konsekuensi negatif")),
)


class Ticks(SelectMultipleField):
    """Several of a few, as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class RowForm(BaseForm):
    rhk = TextAreaField(_("Rencana hasil kerja"), [Length(max=2000)])
    rhk_intervened = TextAreaField(_("Rencana hasil kerja pimpinan yang diintervensi"), [Length(max=2000)])
    assigned_by = StringField(_("Penugasan dari"), [Length(max=200)])
    source = SelectField(_("Sumber"), choices=options(SOURCES))
    perspective = SelectField(_("Perspektif"), choices=options(PERSPECTIVES))
    absolute_reason = SelectField(_("Alasan target mutlak"), choices=options(ABSOLUTE))
    lint_reason = StringField(_("Alasan melewati peringatan"), [Length(max=300)])


class IndicatorForm(BaseForm):
    text = TextAreaField(_("Indikator kinerja individu"), [Length(max=2000)])
    aspects = Ticks(_("Aspek"), choices=options(ASPECTS))
    target = AngkaField(_("Target"), [Optional()])
    unit = StringField(_("Satuan"), [Length(max=60)])
    target_text = TextAreaField(_("Ukuran keberhasilan dan target"), [Length(max=2000)])
    polarity = SelectField(_("Arah"), choices=options(POLARITIES))
    consolidation = SelectField(_("Perhitungan antarperiode"), choices=options(CONSOLIDATIONS))
    quality = SelectField(_("Kualitas dan tingkat kendali"), choices=options(QUALITIES))


class LineForm(BaseForm):
    category = SelectField(_("Jenis"), choices=options(CATEGORIES))
    text = TextAreaField(_("Uraian"), [Length(max=1000)])
    schedule = StringField(_("Jadwal"), [Length(max=60)])
    data = StringField(_("Data atau bukti"), [Length(max=200)])
    data_source = StringField(_("Sumber data"), [Length(max=200)])
    agreed = SelectField(
        _("Disepakati"), choices=options((("", _("Belum dibahas")), ("ya", _("Ya")), ("tidak", _("Tidak"))))
    )


class HeadForm(BaseForm):
    approach = RadioField(
        _("Pendekatan"),
        choices=options((("kuantitatif", _("Kuantitatif")), ("kualitatif", _("Kualitatif")))),
        validators=[InputRequired()],
    )


_ROW = (
    ("rhk", "rhk"),
    ("rhk_intervened", "rhk_diintervensi"),
    ("assigned_by", "penugasan_dari"),
    ("source", "sumber"),
    ("perspective", "perspektif"),
    ("absolute_reason", "alasan_mutlak"),
    ("lint_reason", "alasan_lint"),
)
_INDICATOR = (
    ("text", "teks"),
    ("aspects", "aspek"),
    ("target", "target"),
    ("unit", "satuan"),
    ("target_text", "target_teks"),
    ("polarity", "polarisasi"),
    ("consolidation", "konsolidasi"),
    ("quality", "kualitas"),
)
_LINE = (
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

    def change(self) -> dict[str, Any]:
        values: dict[str, Any] = {name: self.form[field].data for field, name in _INDICATOR}
        values["lintasan"] = {slot: field.data for slot, field in self.slots.items()}
        return values | {"key": self.key}


class RowEntry:
    def __init__(
        self, key: str, kind: str, form: RowForm, indicators: list[IndicatorEntry], origin: str = ""
    ):
        self.key, self.kind, self.form, self.indicators, self.origin = key, kind, form, indicators, origin

    def change(self) -> dict[str, Any]:
        values: dict[str, Any] = {name: self.form[field].data for field, name in _ROW}
        return values | {
            "key": self.key,
            "jenis": self.kind,
            "asal": self.origin,
            "indikator": [entry.change() for entry in self.indicators],
        }


class LineEntry:
    def __init__(self, key: str, block: str, form: LineForm):
        self.key, self.block, self.form = key, block, form

    def change(self) -> dict[str, Any]:
        values: dict[str, Any] = {name: self.form[field].data for field, name in _LINE}
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
    ):
        self.slots = tuple(slots)
        self.values = tuple(values)
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
        return [key for key in self._data.getlist(name) if _KEY.fullmatch(key)]

    def _rows(self, content: Mapping[str, Any], stored: Mapping[str, Any]) -> list[RowEntry]:
        entries = []
        for key in self._keys("order", list(stored)):
            row = stored.get(key, {})
            kind = self._data.get(f"row-{key}-kind", "utama") if self.posted else row["jenis"]
            kind = kind if kind in ("utama", "tambahan") else "utama"
            form = RowForm(self._data, prefix=f"row-{key}-", data={f: row.get(n, "") for f, n in _ROW})
            known = {i["key"]: i for i in row.get("indikator", [])}
            indicators = [
                self._indicator(i, known.get(i, {})) for i in self._keys(f"order-{key}", list(known))
            ]
            entries.append(RowEntry(key, kind, form, indicators, row.get("asal", "")))
        return entries

    def _indicator(self, key: str, stored: Mapping[str, Any]) -> IndicatorEntry:
        data = {f: stored.get(n) for f, n in _INDICATOR}
        data["target"] = _number(stored.get("target"))
        data["polarity"] = data["polarity"] or "maximize"
        data["consolidation"] = data["consolidation"] or "sum"
        form = IndicatorForm(self._data, prefix=f"indicator-{key}-", data=data)
        trajectory = stored.get("lintasan", {})
        fields = {}
        for slot in self.slots:
            field = AngkaField(slot, [Optional()]).bind(BaseForm(), f"indicator-{key}-t-{slot}")
            field.process(self._data, _number(trajectory.get(slot)))
            fields[slot] = field
        return IndicatorEntry(key, form, fields, bool(stored.get("terkunci")))

    def _lines(self, content: Mapping[str, Any], stored: Mapping[str, Any]) -> list[LineEntry]:
        entries = []
        for key in self._keys("order-attachment", list(stored)):
            line = stored.get(key, {})
            block = self._data.get(f"attachment-{key}-block", "dukungan") if self.posted else line["blok"]
            data = {f: line.get(n, "") for f, n in _LINE}
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
        counts: dict[str, int] = {}
        for row in self.rows:
            counts[row.kind] = counts.get(row.kind, 0) + 1
            number = f"{'T' if row.kind == 'tambahan' else ''}{counts[row.kind]}"
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
        """Add, move or remove a row, an indicator or a line: "add_row:utama", "up:<key>", "remove:<key>" ..."""
        verb, _sep, what = do.partition(":")
        if verb == "add_row" and what in ("utama", "tambahan"):
            key = new_key()
            self.rows.append(
                RowEntry(key, what, RowForm(prefix=f"row-{key}-"), [self._indicator(new_key(), {})])
            )
        elif verb == "add_indicator":
            for row in self.rows:
                if row.key == what:
                    row.indicators.append(self._indicator(new_key(), {}))
        elif verb == "add_line" and what in dict(BLOCKS):
            key = new_key()
            self.lines.append(LineEntry(key, what, LineForm(prefix=f"attachment-{key}-")))
        elif verb in ("up", "down", "remove"):
            lists: list[list[Any]] = [self.rows, self.lines, *(row.indicators for row in self.rows)]
            for entries in lists:
                _move(entries, verb, what)


def _move(entries: list[Any], verb: str, key: str) -> None:
    position = next((n for n, entry in enumerate(entries) if entry.key == key), None)
    if position is None:
        return
    if verb == "remove":
        entries.pop(position)
        return
    step = -1 if verb == "up" else 1
    other = position + step
    while 0 <= other < len(entries) and getattr(entries[other], "kind", "") != getattr(
        entries[position], "kind", ""
    ):
        other += step
    if 0 <= other < len(entries):
        entries[position], entries[other] = entries[other], entries[position]


def _number(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))
