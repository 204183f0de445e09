"""Dokumen evaluasi kinerja on paper: Format D.1.1, D.1.2 and D.1.3 (PermenPANRB 6/2022 p.115-118).

D.1.1 is signed by the penilai, D.1.2 by his superior in his place, D.1.3 carries a decision on an objection that
changed the result. Content of the objection that is read: keberatan, penjelasan_penilai, keputusan,
pertimbangan, rekomendasi, pemutus (header block of the one who decided).
"""

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
    cell,
    nip_of,
    signature,
    span_of,
)
from kinerja.reports.official_review import (
    organisation_result,
    result_sheet,
    slot_words,
    used_assumptions,
)

TITLE = "DOKUMEN EVALUASI KINERJA PEGAWAI"
NOTES = (
    "* periode disesuaikan dengan periode evaluasi kinerja Pegawai yang berlaku pada Instansi Pemerintah",
    "** pilih salah satu",
)
# Wording of the law for the national emblem; no picture of ours may stand for it (docs/keputusan/0005).
EMBLEM = "(LAMBANG GARUDA)"
PEOPLE = (
    ("PEGAWAI YANG DINILAI", "pegawai"),
    ("PEJABAT PENILAI KINERJA", "penilai"),
    ("ATASAN PEJABAT PENILAI KINERJA", "atasan_penilai"),
)
LINES = (
    ("NAMA", "nama"), ("NIP", "nip"), ("PANGKAT/GOL RUANG", "pangkat"), ("JABATAN", "jabatan"), ("UNIT KERJA", "unit"),
)  # fmt: skip
NOTE_LABEL = {
    "D.1.1": "CATATAN/REKOMENDASI",
    "D.1.2": "CATATAN/ REKOMENDASI",
    "D.1.3": "CATATAN/ REKOMENDASI",
}


def sheets(copy: Copy, *, by_superior: bool = False, objection: Copy | None = None) -> tuple[Sheet, ...]:
    """The dokumen evaluasi and, as its attachment, the hasil evaluasi.

    `by_superior`: the atasan signs in the penilai's place (D.1.2). `objection`: its decision changed the result
    (D.1.3); the signatures of that form are the objection's own.
    """
    form = "D.1.3" if objection is not None else "D.1.2" if by_superior else "D.1.1"
    return document_sheet(form, copy, objection), result_sheet(copy, by_superior=by_superior)


def document_sheet(form: str, copy: Copy, objection: Copy | None = None) -> Sheet:
    content = copy.content
    rows: list[Row] = []
    for number, (title, key) in enumerate(PEOPLE, 1):
        rows += _person(number, title, content.get(key) or {})
    rows += _result(copy)
    rows += _free(5, NOTE_LABEL[form], (content.get("rekomendasi") or "",))
    if objection is not None:
        rows += _objection(objection.content)
    return Sheet(
        form=form,
        title=(TITLE,),
        period_line=f"PERIODE*: {slot_words(content['slot'])}**",
        agency=copy.agency.upper(),
        span=("PERIODE PENILAIAN:", span_of(content)),
        tables=(Table("Dokumen evaluasi kinerja", (6, 40, 3, 51), (), tuple(rows)),),
        signatures=_signatures(form, copy, objection),
        notes=NOTES,
        mark=objection.mark if objection is not None else copy.mark,
        tall=True,
        emblem=EMBLEM,
        assumptions=used_assumptions(copy, whole=False),
    )


def _titled(number: int, title: str, rows: int) -> Row:
    """A numbered heading; its number runs down beside the lines under it."""
    return Row(
        (
            cell(f"{number}.", centre=True, rowspan=rows + 1, band=True),
            cell(title, colspan=3, head="rowgroup", band=True),
        )
    )


def _line(label: str, *parts: str | Part) -> Row:
    return Row((cell(label, head="row"), cell(":", centre=True), cell(*parts)))


def _person(number: int, title: str, person: Content) -> list[Row]:
    lines = [
        _line(label, nip_of(person.get(key, "")) if key == "nip" else person.get(key, ""))
        for label, key in LINES
    ]
    return [_titled(number, title, len(lines)), *lines]


def _result(copy: Copy) -> list[Row]:
    """The organisation's result and the predicate: what the objection changed is the new one."""
    code = copy.content.get("predikat") or ""
    predicate: Part | str = ""
    if code:
        word = copy.label("predikat_label", code)
        predicate = Text(word.text.upper(), assumed=word.assumed)
    organisation = tuple(
        part for part in organisation_result(copy) if not (isinstance(part, Text) and part.tone)
    )
    return [
        _titled(4, "EVALUASI KINERJA", 2),
        _line("CAPAIAN KINERJA ORGANISASI", *organisation),
        _line("PREDIKAT KINERJA PEGAWAI", predicate),
    ]


def _free(number: int, title: str, texts: tuple[str, ...]) -> list[Row]:
    body: Cell = cell(*texts, colspan=3)
    return [_titled(number, title, 1), Row((body,))]


def _objection(content: Content) -> list[Row]:
    decision = (content.get("keputusan") or "").capitalize()
    told = (
        f"Keputusan: {decision} hasil evaluasi kinerja Pegawai." if decision else "",
        content.get("pertimbangan") or "",
    )
    new = content.get("rekomendasi") or ""
    return [
        *_free(6, "KEBERATAN", (content.get("keberatan") or "",)),
        *_free(
            7, "PENJELASAN PEJABAT PENILAI KINERJA ATAS KEBERATAN", (content.get("penjelasan_penilai") or "",)
        ),
        *_free(
            8,
            "KEPUTUSAN DAN REKOMENDASI ATASAN PEJABAT PENILAI KINERJA",
            (*told, f"Rekomendasi: {new}" if new else ""),
        ),
    ]


def _signatures(form: str, copy: Copy, objection: Copy | None) -> tuple[SignatureBlock, ...]:
    people = {key: copy.content.get(key) or {} for _title, key in PEOPLE}
    if objection is not None:
        decider = objection.content.get("pemutus") or people["atasan_penilai"]
        return (
            signature(objection, "pegawai", "10. Pegawai yang Dinilai", people["pegawai"]),
            signature(objection, "penilai", "9. Pejabat Penilai Kinerja", people["penilai"]),
            signature(objection, "pemutus", "11. Atasan Pejabat Penilai Kinerja", decider),
        )
    subject = signature(copy, "pegawai", "7. Pegawai yang Dinilai", people["pegawai"])
    if form == "D.1.2":
        return subject, signature(
            copy, "atasan", "6. Atasan Pejabat Penilai Kinerja", people["atasan_penilai"]
        )
    return subject, signature(copy, "penilai", "6. Pejabat Penilai Kinerja", people["penilai"])
