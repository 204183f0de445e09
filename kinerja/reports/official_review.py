"""Hasil evaluasi on paper: Format C.1.1, C.1.2 and C.1.3 (PermenPANRB 6/2022 p.105-113).

The content is what `official_input.evaluation` puts together: the evaluation, the rows of its SKP with feedback and
realisation, and the header blocks as they were signed. `official_document` carries this sheet as its attachment.
"""

from collections.abc import Iterator

from kinerja.reports.official import (
    MONTHS,
    Cell,
    Content,
    Copy,
    Curve,
    Part,
    Row,
    Sheet,
    SignatureBlock,
    Table,
    Text,
    amount,
    assumed_lines,
    cell,
    dashes,
    head,
    people_table,
    sentence,
    signature,
    span_of,
)
from kinerja.reports.official_behaviour import behaviour_table
from kinerja.reports.official_skp import (
    BLOCKS,
    QUALITATIVE_TITLE,
    QUANTITATIVE,
    QUANTITATIVE_TITLE,
    SENIOR,
    SENIOR_TITLE,
    STAFF_TITLE,
    indicator_cells,
    leading_cells,
    narratives,
    result_of,
    results_table,
    rows_of,
)

REALISATION = "REALISASI BERDASARKAN BUKTI DUKUNG"
FEEDBACK = "UMPAN BALIK BERKELANJUTAN BERDASARKAN BUKTI DUKUNG"
MEASURE = "Ukuran Keberhasilan/ Indikator Kinerja Individu, Target, dan Perspektif****:"
ORGANISATION_CHOICES = "ISTIMEWA/ BAIK/ BUTUH PERBAIKAN/ KURANG/ SANGAT KURANG"
RATING_CHOICES = "DIATAS EKSPEKTASI/ SESUAI EKSPEKTASI/ DIBAWAH EKSPEKTASI**"
PREDICATE_CHOICES = "SANGAT BAIK/ BAIK/ BUTUH PERBAIKAN/ KURANG (MISCONDUCT)/ SANGAT KURANG"

HEADS = {
    "C.1.2": (
        "NO.", "RENCANA HASIL KERJA", "INDIKATOR KINERJA INDIVIDU", "TARGET", "PERSPEKTIF", REALISATION, FEEDBACK,
    ),
    "C.1.3": (
        "No.", "RENCANA HASIL KERJA PIMPINAN YANG DIINTERVENSI", "RENCANA HASIL KERJA", "ASPEK",
        "INDIKATOR KINERJA INDIVIDU", "TARGET", REALISATION, FEEDBACK,
    ),
}  # fmt: skip
WIDTHS = {"C.1.2": (4, 18, 19, 10, 12, 18, 19), "C.1.3": (4, 15, 15, 10, 16, 10, 13, 17)}
NOTES = (
    "* pilih salah satu",
    "** rating hasil dan rating perilaku kerja Pegawai ditetapkan dengan mempertimbangkan pola distribusi predikat "
    "Kinerja Pegawai berdasarkan capaian kinerja organisasi serta kontribusi Pegawai terhadap Kinerja Organisasi",
    "*** periode disesuaikan dengan periode evaluasi kinerja Pegawai yang berlaku pada Instansi Pemerintah",
)
NOTE_PERSPECTIVE = (
    "**** perspektif hanya digunakan untuk pejabat pimpinan tinggi dan pimpinan unit kerja mandiri"
)


def result_form(content: Content) -> str:
    """C.1.1 for whatever is qualitative, C.1.2 for JPT and unit mandiri, C.1.3 for JA and JF (p.100 e)."""
    form = content["format"]
    return "C.1.1" if form not in QUANTITATIVE else "C.1.2" if form in SENIOR else "C.1.3"


def slot_words(slot: str) -> str:
    """ "TRIWULAN II", "AKHIR" for the year, the month's name where the rhythm is monthly."""
    if slot.startswith("TW"):
        return "TRIWULAN " + ("I", "II", "III", "IV")[int(slot[2:]) - 1]
    return "AKHIR" if slot == "Y" else MONTHS[int(slot[1:]) - 1].upper()


def result_sheet(copy: Copy, *, by_superior: bool = False) -> Sheet:
    """The sheet in its layout, signed by whoever evaluated: the penilai, or his superior in his place."""
    content = copy.content
    form = result_form(content)
    senior = content["format"] in SENIOR
    title = ["HASIL EVALUASI KINERJA PEGAWAI", QUALITATIVE_TITLE if form == "C.1.1" else QUANTITATIVE_TITLE]
    if form != "C.1.1":
        title.append(SENIOR_TITLE if senior else STAFF_TITLE)
    results = qualitative_tables(copy) if form == "C.1.1" else (quantitative_table(form, copy),)
    feedback = {
        v["kode"]: (Text(v["umpan_balik"]),) for v in content.get("nilai", ()) if v.get("umpan_balik")
    }
    return Sheet(
        form=form,
        title=tuple(title),
        period_line=f"PERIODE***: {slot_words(content['slot'])}*",
        agency=copy.agency.upper(),
        span=(f"PERIODE PENILAIAN: {span_of(content)}",),
        tables=(
            people_table(copy, people_labels(form)),
            organisation_table(form, copy),
            *results,
            rating_table("Rating hasil kerja", (result_rating(copy),)),
            behaviour_table(form, copy, "PERILAKU KERJA", feedback),
            rating_table("Rating perilaku kerja dan predikat", (behaviour_rating(copy), predicate(copy))),
        ),
        signatures=(evaluator_signature(copy, by_superior=by_superior),),
        notes=(*NOTES, NOTE_PERSPECTIVE) if form == "C.1.1" else NOTES,
        mark=copy.mark,
        assumptions=used_assumptions(copy),
    )


def evaluator_signature(copy: Copy, *, by_superior: bool) -> SignatureBlock:
    if by_superior:
        who = copy.content.get("atasan_penilai") or {}
        return signature(copy, "atasan", "Atasan Pejabat Penilai Kinerja", who)
    return signature(copy, "penilai", "Pejabat Penilai Kinerja", copy.content.get("penilai") or {})


def people_labels(form: str) -> list[tuple[str, str]]:
    """C.1.2 prints INSTANSI for the penilai of a JPT; his NIP is optional on C.1.1 and C.1.2."""
    grade = "PANGKAT/ GOL. RUANG" if form == "C.1.1" else "PANGKAT/GOL RUANG"
    nip = "NIP" if form == "C.1.3" else "NIP (*opsional)"
    last = "INSTANSI" if form == "C.1.2" else "UNIT KERJA"
    return [("NAMA", "NAMA"), ("NIP", nip), (grade, grade), ("JABATAN", "JABATAN"), ("UNIT KERJA", last)]


def organisation_table(form: str, copy: Copy) -> Table:
    """CAPAIAN KINERJA ORGANISASI and the picture of the pattern that goes with it."""
    pattern = "POLA DISTRIBUSI:" if form == "C.1.2" else "POLA DISTRIBUSI"
    picture = curve_of(copy)
    body = (
        Row((cell(Text("CAPAIAN KINERJA ORGANISASI*", "strong"), *organisation_result(copy)),), band=True),
        Row(
            (
                cell(
                    Text(pattern, "strong"), picture or Text("(diisi dengan gambar pola distribusi)", "faint")
                ),
            ),
            band=True,
        ),
    )
    return Table("Capaian kinerja organisasi dan pola distribusi", (100,), (), body)


def organisation_result(copy: Copy) -> tuple[Part, ...]:
    """The organisation's predicate; last year's standing in is said and marked."""
    given = copy.content.get("organisasi") or {}
    code = given.get("predikat") or ""
    if not code:
        return (Text(ORGANISATION_CHOICES, "faint"),)
    word = copy.label("predikat_organisasi_label", code)
    parts: list[Part] = [Text(word.text.upper(), assumed=word.assumed)]
    if given.get("tahun_lalu"):
        parts.append(
            Text(
                "(capaian tahun lalu, menunggu penetapan tahun ini)",
                assumed=copy.is_assumed("capaian_tahun_lalu_mulai"),
            )
        )
    return tuple(parts)


def curve_of(copy: Copy) -> Curve | None:
    code = (copy.content.get("organisasi") or {}).get("predikat") or ""
    if not code or "kurva_distribusi" not in copy.regulation:
        return None
    pattern = copy.regulation.value("predikat_organisasi_pola").get(code, code)
    heights = copy.regulation.value("kurva_distribusi").get(pattern)
    if heights is None:
        return None
    name = copy.label("predikat_organisasi_label", code).text.upper()
    title = f"KURVA DISTRIBUSI PREDIKAT KINERJA PEGAWAI DENGAN CAPAIAN KINERJA ORGANISASI {name}"
    return Curve(title, tuple(heights), copy.is_assumed("kurva_distribusi"))


def rating_table(caption: str, cells: tuple[Cell, ...]) -> Table:
    return Table(caption, (100,), (), tuple(Row((one,), band=True) for one in cells))


def chosen(title: str, choices: str, word: Text | None, suffix: str = "") -> Cell:
    """ "pilih salah satu": the one chosen; the printed choices, faint, as long as none is."""
    if word is None:
        return cell(Text(title, "strong"), Text(choices, "faint"))
    return cell(Text(title, "strong"), Text(word.text.upper() + suffix, assumed=word.assumed))


def result_rating(copy: Copy) -> Cell:
    code = copy.content.get("rating_hasil") or ""
    word = copy.label("rating_label", code) if code else None
    return chosen("RATING HASIL KERJA*", RATING_CHOICES, word, "**")


def behaviour_rating(copy: Copy) -> Cell:
    code = copy.content.get("rating_perilaku") or ""
    word = copy.label("rating_label", code) if code else None
    return chosen("RATING PERILAKU KERJA*", RATING_CHOICES, word, "**")


def predicate(copy: Copy) -> Cell:
    code = copy.content.get("predikat") or ""
    word = copy.label("predikat_label", code) if code else None
    return chosen("PREDIKAT KINERJA PEGAWAI*", PREDICATE_CHOICES, word)


def used_assumptions(copy: Copy, *, whole: bool = True) -> tuple[str, ...]:
    """Every assumption behind what this sheet prints."""
    keys = []
    if whole and curve_of(copy) is not None:
        keys.append("kurva_distribusi")
    if whole and any(i.get("gabungan") for row in copy.content["baris"] for i in row["indikator"]):
        keys.append("konsolidasi")
    if (copy.content.get("organisasi") or {}).get("tahun_lalu"):
        keys.append("capaian_tahun_lalu_mulai")
    return assumed_lines(copy, dict.fromkeys(keys))


def realisation_of(copy: Copy, indicator: Content) -> tuple[Text, ...]:
    """What was achieved, in number and words, with the names of the evidence; or that nothing was recorded."""
    number = amount(indicator.get("realisasi"), indicator.get("satuan") or "")
    if number and indicator.get("kapan"):
        number = f"{number} {indicator['kapan']}"
    joined = bool(indicator.get("gabungan")) and copy.is_assumed("konsolidasi")
    evidence = ", ".join(indicator.get("bukti") or ())
    lines = (
        Text(number, assumed=joined),
        Text((indicator.get("uraian") or "").strip()),
        Text(f"Bukti: {evidence}" if evidence else ""),
    )
    return tuple(line for line in lines if line.text)


def all_realised(copy: Copy, row: Content) -> tuple[Text, ...]:
    """The realisation of every indicator in one cell, a line each; with a dash where there are several."""
    told = [realisation_of(copy, indicator) for indicator in row.get("indikator", ())]
    dash = "- " if len(told) > 1 else ""
    return tuple(
        Text(dash + sentence(*(line.text for line in lines)), assumed=any(line.assumed for line in lines))
        for lines in told
        if lines
    )


def quantitative_table(form: str, copy: Copy) -> Table:
    """C.1.2 and C.1.3: the columns of the SKP, realisation per indicator, feedback per result."""
    skp_form = copy.content["format"]
    return results_table(
        HEADS[form],
        WIDTHS[form],
        copy.content,
        lambda number, row: evaluated_rows(skp_form, copy, number, row),
    )


def evaluated_rows(form: str, copy: Copy, number: int, row: Content) -> Iterator[Row]:
    indicators = list(row.get("indikator", ())) or [{"teks": "", "aspek": []}]
    feedback = cell(row.get("umpan_balik") or "", rowspan=len(indicators))
    for position, indicator in enumerate(indicators):
        first = leading_cells(form, number, row, len(indicators)) if position == 0 else ()
        last = (feedback,) if position == 0 else ()
        yield Row(
            (
                *first,
                *indicator_cells(form, copy, row, indicator),
                cell(*realisation_of(copy, indicator)),
                *last,
            )
        )


def qualitative_tables(copy: Copy) -> tuple[Table, ...]:
    """C.1.1: utama and tambahan each under their own head, as printed."""
    senior = copy.content["format"] in SENIOR
    tables = []
    for kind, title in BLOCKS:
        body: list[Row] = []
        for number, row in rows_of(copy.content, kind):
            done = all_realised(copy, row)
            result = result_of(row, assigned=True)
            body.append(
                Row(
                    (
                        cell(str(number), centre=True, rowspan=2),
                        cell(*result),
                        cell(*done, rowspan=2),
                        cell(row.get("umpan_balik") or "", rowspan=2),
                    )
                )
            )
            body.append(Row((cell(MEASURE, *narratives(copy, row, senior=senior)),)))
        top: tuple[Row, ...]
        right = (head(REALISATION, rowspan=2), head(FEEDBACK, rowspan=2))
        if kind == "utama":
            top = (
                Row((head("HASIL KERJA", colspan=2, head="colgroup", centre=False), *right), band=True),
                Row((head(title, colspan=2, head="colgroup", centre=False),), band=True),
            )
        else:
            once = (head(REALISATION), head(FEEDBACK))
            top = (Row((head(title, colspan=2, head="colgroup", centre=False), *once), band=True),)
        tables.append(
            Table(f"Hasil kerja, {title[3:].lower()}", (4, 46, 25, 25), top, tuple(body or [dashes(4)]))
        )
    return tuple(tables)
