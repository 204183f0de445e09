"""The official forms as plain values: sheets of tables, in the words and columns of PermenPANRB 6/2022.

Canonical content in, `Sheet` out; templates draw it, tests compare it with the printed regulation. The words of a
form are law: they stay Indonesian whatever language the reader chose, dates included. `official_skp` and
`official_review` build the single forms.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from kinerja.reports.charts import indonesian
from kinerja.reports.official_curve import curve
from kinerja.rules.regulation import ASSUMED, Regulation

Content = Mapping[str, Any]

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
PLACE_AND_DATE = "(tempat), (tanggal, bulan, tahun)"
# Units have no town yet: the place is left open for the pen (docs/keputusan/0005).
OPEN_PLACE = "................"
EMPTY = "-"


@dataclass(frozen=True)
class Text:
    """A paragraph of a cell: `strong`, `faint` (the form's own hint, not yet filled in), or plain."""

    text: str
    tone: str = ""
    assumed: bool = False


@dataclass(frozen=True)
class Bullets:
    """Lines with a dash each, as the form prints the guides of a value."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Curve:
    """The picture of the expected pattern: five heights from "Sangat Kurang" to "Sangat Baik"."""

    title: str
    heights: tuple[int, ...]
    assumed: bool

    @property
    def drawn(self) -> dict[str, Any]:
        """The picture as geometry for SVG."""
        return curve(self.heights)


Part = Text | Bullets | Curve


@dataclass(frozen=True)
class Cell:
    parts: tuple[Part, ...] = ()
    colspan: int = 1
    rowspan: int = 1
    head: str = ""  # "col", "row", "colgroup" or "rowgroup": what it is the head of
    centre: bool = False
    band: bool = False

    @property
    def text(self) -> str:
        """Everything written in the cell, line by line."""
        return "\n".join(line for part in self.parts for line in _lines_of(part))


def _lines_of(part: Part) -> tuple[str, ...]:
    if isinstance(part, Bullets):
        return part.lines
    return (part.title,) if isinstance(part, Curve) else (part.text,)


@dataclass(frozen=True)
class Row:
    cells: tuple[Cell, ...]
    band: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(cell.text for cell in self.cells)


@dataclass(frozen=True)
class Table:
    """One table of a sheet. `head` repeats on every printed page; `widths` are percentages of the columns."""

    caption: str
    widths: tuple[int, ...]
    head: tuple[Row, ...]
    body: tuple[Row, ...]


@dataclass(frozen=True)
class Signed:
    """A signature as it stands in the document: in which block, who, when (local time), on whose behalf."""

    block: str
    name: str
    nip: str
    at: datetime
    on_behalf: str = ""


@dataclass(frozen=True)
class SignatureBlock:
    place: str
    role: str
    signed: str
    name: str
    nip: str


@dataclass(frozen=True)
class Mark:
    """What the foot of a sheet says about the copy: printed number, version, full SHA-256 of what was signed."""

    number: str
    version: int = 0
    content_hash: str = ""
    draft: str = ""  # why this is not the signed text, in words; empty on a signed sheet


@dataclass(frozen=True)
class Sheet:
    form: str
    title: tuple[str, ...]
    period_line: str
    agency: str
    span: tuple[str, ...]
    tables: tuple[Table, ...]
    signatures: tuple[SignatureBlock, ...]
    notes: tuple[str, ...]
    mark: Mark
    tall: bool = False
    emblem: str = ""
    assumptions: tuple[str, ...] = ()

    @property
    def heading(self) -> tuple[str, ...]:
        """All lines above the tables, in order."""
        numbered = "." in self.form  # a form of a regulation; ours have a name
        return (f"FORMAT {self.form}", *self.title) if numbered else self.title


@dataclass(frozen=True)
class Copy:
    """One copy of a document to be printed: its content, the law it was made under, and who signed it when."""

    content: Content
    regulation: Regulation
    agency: str
    zone: str
    mark: Mark
    signatures: tuple[Signed, ...] = ()
    later_expectations: tuple[Content, ...] = field(default=())

    def label(self, parameter: str, code: str) -> Text:
        """What the law calls a code, with the mark when that word is an assumption."""
        if parameter not in self.regulation:
            return Text(code)
        word = self.regulation.value(parameter).get(code, code)
        return Text(str(word), assumed=self.regulation.parameter(parameter).status == ASSUMED)

    def is_assumed(self, parameter: str) -> bool:
        return parameter in self.regulation and self.regulation.parameter(parameter).status == ASSUMED


# Words


def day(value: date | str) -> str:
    """ "27 Januari 2026", in the language of the form."""
    moment = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def span_of(content: Content) -> str:
    """ "1 JANUARI SD 31 DESEMBER TAHUN 2026"."""
    start, end = (date.fromisoformat(content[name]) for name in ("mulai", "selesai"))
    first = f"{start.day} {MONTHS[start.month - 1]}" + (f" {start.year}" if start.year != end.year else "")
    return f"{first} SD {end.day} {MONTHS[end.month - 1]} TAHUN {end.year}".upper()


def nip_of(nip: str) -> str:
    """A NIP as it is read: birth date, start, sex, serial number."""
    if len(nip) != 18 or not nip.isdigit():
        return nip
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"


def amount(value: str | None, unit: str = "") -> str:
    """ "1.234,5 laporan"; empty when there is no number."""
    if value in (None, ""):
        return ""
    try:
        number = indonesian(Decimal(str(value)))
    except InvalidOperation:
        number = str(value)
    return f"{number} {unit}".strip()


def sentence(*parts: str) -> str:
    """The parts that say something, joined by a comma; what ended in a full stop continues the sentence."""
    told = [part.strip() for part in parts if part and part.strip()]
    return ", ".join([*(part.rstrip(" .;,") for part in told[:-1]), *told[-1:]])


# Cells and rows


def cell(*parts: str | Part, **more: Any) -> Cell:
    """A cell of plain words or parts; empty words leave it empty."""
    return Cell(tuple(Text(p) if isinstance(p, str) else p for p in parts if p), **more)


def head(text: str, **more: Any) -> Cell:
    more.setdefault("head", "col")
    more.setdefault("centre", True)
    return cell(text, **more)


def band(text: str, columns: int) -> Row:
    """A coloured line over the whole table: "A. UTAMA"."""
    return Row((cell(text, colspan=columns, head="rowgroup"),), band=True)


def numbers(columns: int) -> Row:
    """The line (1) (2) (3) under the heads of the quantitative forms."""
    return Row(tuple(cell(f"({n})", centre=True) for n in range(1, columns + 1)), band=True)


def dashes(columns: int) -> Row:
    """A block without rows, as the examples of the regulation print it (p.205)."""
    return Row(tuple(cell(EMPTY, centre=True) for _ in range(columns)))


def listed(texts: Iterable[str]) -> tuple[Part, ...]:
    """One text plainly, several with a dash each."""
    kept = tuple(text for text in texts if text)
    return (Bullets(kept),) if len(kept) > 1 else tuple(Text(text) for text in kept)


# What the SKP forms and the evaluation forms share


def people_table(copy: Copy, labels: Sequence[tuple[str, str]]) -> Table:
    """PEGAWAI YANG DINILAI beside PEJABAT PENILAI KINERJA; `labels` are the names of the five lines on each side."""
    subject, superior = copy.content.get("pegawai") or {}, copy.content.get("penilai") or {}
    rows = []
    for number, ((left, right), key) in enumerate(
        zip(labels, ("nama", "nip", "pangkat", "jabatan", "unit"), strict=True), 1
    ):
        values = [nip_of(v) if key == "nip" else v for v in (subject.get(key, ""), superior.get(key, ""))]
        rows.append(
            Row(
                (
                    cell(str(number), centre=True), cell(left, head="row"), cell(values[0]),
                    cell(str(number), centre=True), cell(right, head="row"), cell(values[1]),
                )
            )
        )  # fmt: skip
    top = Row(
        (head("NO"), head("PEGAWAI YANG DINILAI", colspan=2, head="colgroup"),
         head("NO"), head("PEJABAT PENILAI KINERJA", colspan=2, head="colgroup")),
        band=True,
    )  # fmt: skip
    return Table("Pegawai dan penilai", (4, 20, 26, 4, 20, 26), (top,), tuple(rows))


def signature(copy: Copy, block: str, role: str, person: Content, *, dated: bool = True) -> SignatureBlock:
    """A signature block: open on a draft, with the moment of the electronic signature once it stands.

    Name and NIP are those of the frozen header; who signed for somebody else is named with it.
    """
    done = next((s for s in reversed(copy.signatures) if s.block == block), None)
    if done is None:
        return SignatureBlock(PLACE_AND_DATE if dated else "", role, "", person.get("nama", ""),
                              nip_of(person.get("nip", "")))  # fmt: skip
    signed = f"ditandatangani secara elektronik pada\n{day(done.at.date())}, {done.at:%H.%M} {copy.zone}"
    if done.on_behalf:
        signed += f"\n{done.on_behalf}"
    place = f"{copy.content.get('tempat') or OPEN_PLACE}, {day(done.at.date())}" if dated else ""
    return SignatureBlock(place, role, signed, done.name, nip_of(done.nip))


def assumed_lines(copy: Copy, parameters: Iterable[str]) -> tuple[str, ...]:
    """The assumptions a sheet rests on, each with its source, for the foot of page and print."""
    found = []
    for key in parameters:
        if copy.is_assumed(key):
            parameter = copy.regulation.parameter(key)
            found.append(f"{parameter.label}: {parameter.source}")
    return tuple(found)


def with_later(copy: Copy, live: Content) -> Copy:
    """The signed copy with expectations the leader added since: he may do so all year (p.30, p.53)."""
    had = {(e["nilai"], e["teks"]) for e in copy.content.get("ekspektasi", ())}
    later = tuple(e for e in live.get("ekspektasi", ()) if (e["nilai"], e["teks"]) not in had)
    return replace(copy, later_expectations=later)
