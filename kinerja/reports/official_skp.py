"""The SKP on paper: Format A.1.1, A.1.2, A.1.6, A.1.7 and the Lampiran A.1.8 (PermenPANRB 6/2022 p.32-36, 55-61).

`rows_of`, `target_of` and `assigned` also serve the evaluation forms, whose first columns are those of the SKP.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from kinerja.reports.official import (
    Cell,
    Content,
    Copy,
    Part,
    Row,
    Sheet,
    SignatureBlock,
    Table,
    Text,
    amount,
    assumed_lines,
    band,
    cell,
    dashes,
    head,
    listed,
    numbers,
    people_table,
    sentence,
    signature,
    span_of,
)
from kinerja.reports.official_behaviour import behaviour_table
from kinerja.rules.lints import JOINT_PERSPECTIVE

SENIOR = ("A.1.1", "A.1.2")
QUANTITATIVE = ("A.1.2", "A.1.7")
ASSIGNED = ("A.1.1", "A.1.2", "A.1.6")  # A.1.7 prints no "penugasan dari" (p.57)
BLOCKS = (("utama", "A. UTAMA"), ("tambahan", "B. TAMBAHAN"))

SENIOR_TITLE = "BAGI PEJABAT PIMPINAN TINGGI DAN PIMPINAN UNIT KERJA MANDIRI"
STAFF_TITLE = "BAGI PEJABAT ADMINISTRASI DAN PEJABAT FUNGSIONAL"
QUALITATIVE_TITLE = "PENDEKATAN HASIL KERJA KUALITATIF"
QUANTITATIVE_TITLE = "PENDEKATAN HASIL KERJA KUANTITATIF"

MEASURE = {
    "A.1.1": "Ukuran keberhasilan/ Indikator Kinerja Individu, Target, dan Perspektif:",
    "A.1.6": "Ukuran keberhasilan/ indikator kinerja individu dan Target:",
}
HEADS = {
    "A.1.2": ("NO", "RENCANA HASIL KERJA", "INDIKATOR KINERJA INDIVIDU", "TARGET", "PERSPEKTIF"),
    "A.1.7": (
        "NO.", "RENCANA HASIL KERJA PIMPINAN YANG DIINTERVENSI*", "RENCANA HASIL KERJA", "ASPEK",
        "INDIKATOR KINERJA INDIVIDU", "TARGET",
    ),
}  # fmt: skip
WIDTHS = {"A.1.2": (4, 32, 32, 16, 16), "A.1.7": (4, 20, 26, 12, 24, 14)}
BEHAVIOUR = {"A.1.1": "PERILAKU KERJA*", "A.1.2": "PERILAKU KERJA*", "A.1.6": "PERILAKU KERJA*",
             "A.1.7": "PERILAKU KERJA**"}  # fmt: skip
_EXPECTS = "Pimpinan dapat memberikan Ekspektasi khusus terhadap satu atau lebih aspek perilaku kerja Pegawai"
NOTES = {
    "A.1.1": (f"* {_EXPECTS}.",),
    "A.1.2": (f"* {_EXPECTS}.",),
    "A.1.6": (f"* {_EXPECTS}",),
    "A.1.7": (
        "* Dalam hal rencana hasil kerja Pimpinan yang diintervensi adalah hasil kerja pejabat pimpinan tinggi dan "
        "Pimpinan unit kerja mandiri/ organisasi maka dituliskan rencana hasil kerja beserta indikator kinerja "
        "individu pejabat pimpinan tinggi dan Pimpinan unit kerja mandiri atau sasaran dan indikator kinerja "
        "organisasi yang diintervensi",
        f"** {_EXPECTS}",
    ),
}


def sheets(copy: Copy) -> tuple[Sheet, ...]:
    """The SKP in its layout, then its Lampiran."""
    return skp_sheet(copy), attachment_sheet(copy)


def people_labels(form: str) -> list[tuple[str, str]]:
    """The five lines of both header blocks; the NIP of a senior post's penilai is optional."""
    nip = "NIP (*opsional)" if form in SENIOR else "NIP"
    same = ("PANGKAT/ GOL. RUANG", "JABATAN", "UNIT KERJA")
    return [("NAMA", "NAMA"), ("NIP", nip), *((label, label) for label in same)]


def skp_sheet(copy: Copy) -> Sheet:
    content = copy.content
    form = content["format"]
    result = quantitative_table(form, copy) if form in QUANTITATIVE else qualitative_table(form, copy)
    return Sheet(
        form=form,
        title=(
            "SASARAN KINERJA PEGAWAI",
            QUANTITATIVE_TITLE if form in QUANTITATIVE else QUALITATIVE_TITLE,
            SENIOR_TITLE if form in SENIOR else STAFF_TITLE,
        ),
        period_line="",
        agency=copy.agency.upper(),
        span=(f"PERIODE PENILAIAN: {span_of(content)}",),
        tables=(
            people_table(copy, people_labels(form)),
            result,
            behaviour_table(form, copy, BEHAVIOUR[form]),
        ),
        signatures=both_signatures(copy),
        notes=NOTES[form],
        mark=copy.mark,
        assumptions=assumed_lines(copy, ("perspektif_label",) if form in SENIOR else ()),
    )


def both_signatures(copy: Copy) -> tuple[SignatureBlock, ...]:
    """Pegawai at the left without a place and date of his own, penilai at the right with them, as printed."""
    return (
        signature(copy, "pegawai", "Pegawai yang Dinilai", copy.content.get("pegawai") or {}, dated=False),
        signature(copy, "penilai", "Pejabat Penilai Kinerja", copy.content.get("penilai") or {}),
    )


# The rows


def rows_of(content: Content, kind: str) -> Iterator[tuple[int, Content]]:
    """The results of one block with their numbers; tambahan go on where utama ended, as the form counts."""
    rows = content.get("baris", ())
    utama = sum(row["jenis"] == "utama" for row in rows)
    yield from enumerate((row for row in rows if row["jenis"] == kind), 1 if kind == "utama" else utama + 1)


def result_of(row: Content, *, assigned: bool) -> tuple[Part, ...]:
    """The rencana hasil kerja, with who gave the task where the form prints it."""
    text = row["rhk"]
    if assigned and row.get("penugasan_dari"):
        text = f"{text} (penugasan dari {row['penugasan_dari']})".strip()
    parts: list[Part] = [Text(text)] if text else []
    if row.get("diambil_alih"):
        note = "(diambil alih Pimpinan: pegawai tidak dapat menyelesaikan rencana hasil kerja)"
        parts.append(Text(note, "faint"))
    return tuple(parts)


def target_of(indicator: Content) -> tuple[Part, ...]:
    """Number and unit first, the words of the target under them when they say more."""
    number = amount(indicator.get("target"), indicator.get("satuan") or "")
    words = (indicator.get("target_teks") or "").strip()
    return tuple(Text(text) for text in dict.fromkeys((number, words)) if text)


def perspective_of(copy: Copy, row: Content) -> Text | None:
    """One of the four perspectives; where the law joins budget and internal strength, under the joint name."""
    code = row.get("perspektif") or ""
    if not code:
        return None
    law = copy.regulation
    joined = "label_anggaran_digabung" in law and law.text("label_anggaran_digabung") == "ya"
    if code == JOINT_PERSPECTIVE or (joined and code in ("penguatan_internal", "anggaran")):
        return Text("Penguatan Internal dan Anggaran", assumed=copy.is_assumed("label_anggaran_digabung"))
    return copy.label("perspektif_label", code)


def aspects_of(indicator: Content) -> str:
    """ "Kuantitas/ Waktu"."""
    return "/ ".join(aspect.capitalize() for aspect in indicator.get("aspek", ()))


def narratives(copy: Copy, row: Content, *, senior: bool) -> tuple[Part, ...]:
    """Ukuran keberhasilan in words: one plainly, several with a dash each, the perspective in brackets."""
    perspective = perspective_of(copy, row) if senior else None
    texts = []
    for indicator in row.get("indikator", ()):
        target = ", ".join(part.text for part in target_of(indicator) if isinstance(part, Text))
        text = sentence(indicator["teks"], f"target: {target}" if target else "")
        if text and perspective is not None:
            text = f"{text} (Perspektif {perspective.text})"
        texts.append(text)
    return listed(texts)


def qualitative_table(form: str, copy: Copy) -> Table:
    """A.1.1 and A.1.6: number beside the result, under it its measures in words."""
    body: list[Row] = []
    for kind, title in BLOCKS:
        body.append(band(title, 2))
        found = list(rows_of(copy.content, kind))
        for number, row in found:
            result = result_of(row, assigned=form in ASSIGNED)
            body.append(Row((cell(str(number), centre=True, rowspan=2), cell(*result))))
            words = narratives(copy, row, senior=form in SENIOR)
            body.append(Row((cell(MEASURE[form], *words),)))
        if not found:
            body.append(dashes(2))
    top = Row((head("HASIL KERJA", colspan=2, head="colgroup", centre=False),), band=True)
    return Table("Hasil kerja", (4, 96), (top,), tuple(body))


def quantitative_table(form: str, copy: Copy) -> Table:
    """A.1.2 and A.1.7: one line per indicator; number and results span the lines of theirs."""
    return results_table(
        HEADS[form], WIDTHS[form], copy.content, lambda number, row: indicator_rows(form, copy, number, row)
    )


def results_table(
    heads: Sequence[str],
    widths: tuple[int, ...],
    content: Content,
    lines: Callable[[int, Content], Iterable[Row]],
) -> Table:
    """HASIL KERJA in columns: the two blocks, each result as the lines it takes, and dashes where a block has none."""
    body: list[Row] = []
    for kind, title in BLOCKS:
        body.append(band(title, len(heads)))
        found = list(rows_of(content, kind))
        for number, row in found:
            body.extend(lines(number, row))
        if not found:
            body.append(dashes(len(heads)))
    top = Row((head("HASIL KERJA", colspan=len(heads), head="colgroup", centre=False),), band=True)
    names = Row(tuple(head(text) for text in heads), band=True)
    return Table("Hasil kerja", widths, (top, names, numbers(len(heads))), tuple(body))


def indicator_rows(form: str, copy: Copy, number: int, row: Content) -> Iterator[Row]:
    """The lines of one result: what belongs to the result first, then the columns of each indicator."""
    indicators = list(row.get("indikator", ())) or [{"teks": "", "aspek": []}]
    for position, indicator in enumerate(indicators):
        first: tuple[Cell, ...] = ()
        if position == 0:
            first = leading_cells(form, number, row, len(indicators))
        yield Row((*first, *indicator_cells(form, copy, row, indicator)))


def leading_cells(form: str, number: int, row: Content, lines: int) -> tuple[Cell, ...]:
    """Number, for JA and JF the intervened result, and the result itself, over all lines of its indicators."""
    result = result_of(row, assigned=form in ASSIGNED)
    cells = [cell(str(number), centre=True, rowspan=lines), cell(*result, rowspan=lines)]
    if form not in SENIOR:
        cells.insert(1, cell(row.get("rhk_diintervensi") or "", rowspan=lines))
    return tuple(cells)


def indicator_cells(form: str, copy: Copy, row: Content, indicator: Content) -> tuple[Cell, ...]:
    """Indicator, target and perspective (JPT), or aspect, indicator and target (JA, JF)."""
    text, target = cell(indicator.get("teks") or ""), cell(*target_of(indicator))
    if form in SENIOR:
        perspective = perspective_of(copy, row)
        return text, target, cell(*([perspective] if perspective else []))
    return cell(aspects_of(indicator)), text, target


# The Lampiran


def attachment_sheet(copy: Copy) -> Sheet:
    """Format A.1.8: resources, accountability and consequences, signed by both like the SKP (p.61)."""
    content = copy.content
    lines = list(content.get("lampiran", ()))

    def of(*blocks: str) -> list[Content]:
        return [line for block in blocks for line in lines if line["blok"] == block]

    parts = (
        ("DUKUNGAN SUMBER DAYA", [resource_line(line) for line in of("dukungan")]),
        ("SKEMA PERTANGGUNGJAWABAN", [scheme_line(line) for line in of("pertanggungjawaban")]),
        (
            "KONSEKUENSI",
            [consequence_line(line) for line in of("konsekuensi_positif", "konsekuensi_negatif")],
        ),
    )
    body: list[Row] = []
    for title, texts in parts:
        body.append(band(title, 2))
        body += [Row((cell(f"{n}.", centre=True), cell(text))) for n, text in enumerate(texts, 1)] or [
            dashes(2)
        ]
    return Sheet(
        form="A.1.8",
        title=("LAMPIRAN SASARAN KINERJA PEGAWAI",),
        period_line="",
        agency=copy.agency.upper(),
        span=("PERIODE PENILAIAN:", span_of(content)),
        tables=(Table("Lampiran SKP", (6, 94), (), tuple(body)),),
        signatures=both_signatures(copy),
        notes=(),
        mark=copy.mark,
        tall=True,
    )


def resource_line(line: Content) -> str:
    """A resource with its kind, and what became of it: not agreed, or promised and not delivered."""
    text = str(line["teks"])
    kind = line.get("kategori") or ""
    if kind and kind != "lainnya" and kind.lower() not in text.lower():
        text = f"{text} ({kind})"
    if line.get("disepakati") is False:
        return f"{text} (tidak disepakati)"
    return f"{text} (tidak terealisasi)" if line.get("terealisasi") == "tidak" else text


def scheme_line(line: Content) -> str:
    """What is reported, how often, with which data from where."""
    schedule, data, origin = (line.get(name) or "" for name in ("jadwal", "data", "sumber_data"))
    return sentence(
        line["teks"],
        f"dilaporkan {schedule[0].lower()}{schedule[1:]}" if schedule else "",
        f"data yang dilaporkan: {data}" if data else "",
        f"sumber data: {origin}" if origin else "",
    )


def consequence_line(line: Content) -> str:
    """What follows when the expectation is met, or is not; the words of the form come first."""
    text = str(line["teks"])
    if text.lower().startswith("apabila"):
        return text
    met = "memenuhi" if line["blok"] == "konsekuensi_positif" else "tidak memenuhi"
    return f"Apabila {met} ekspektasi Pimpinan maka: {text}"
