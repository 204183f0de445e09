"""The manual indikator on paper: Format A.1.3 (PermenPANRB 6/2022 p.38), and below it what the ministry adds."""

from collections.abc import Iterable, Mapping

from kinerja.reports.official import (
    Cell,
    Content,
    Copy,
    Row,
    Sheet,
    Table,
    amount,
    band,
    cell,
    span_of,
)

FORM = "A.1.3"
TITLE = ("MANUAL INDIKATOR KINERJA", "SKP PEJABAT PIMPINAN TINGGI DAN PIMPINAN UNIT KERJA MANDIRI")
OTHERS = ("MANUAL INDIKATOR KINERJA",)
QUALITIES = {
    "outcome": "Outcome", "outcome_antara": "Outcome Antara", "output_kendali_rendah": "Output kendali rendah",
}  # fmt: skip
# Of posts that are no leader's (p.44).
MORE_QUALITIES = {
    "output_kendali_sedang": "Output kendali sedang",
    "output_kendali_tinggi": "Output kendali tinggi",
}
REPORTING = {
    "bulanan": "Bulanan",
    "triwulanan": "Triwulanan",
    "semesteran": "Semesteran",
    "tahunan": "Tahunan",
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "jenis_cascading": {
        "cascading_peta": "Cascading Peta", "cascading_nonpeta": "Cascading (non-peta)",
        "non_cascading": "Non Cascading",
    },
    "metode_cascading": {"direct": "Direct", "indirect": "Indirect"},
    "aspek": {"kuantitas": "Kuantitas", "kualitas": "Kualitas", "waktu": "Waktu", "biaya": "Biaya"},
    "validitas": {"exact": "Exact", "proxy": "Proxy", "activity": "Activity"},
    "kendali": {"high": "High", "moderate": "Moderate", "low": "Low"},
    "konsolidasi": {"sum": "Sum", "average": "Average", "take_last_known": "Take Last Known Value"},
    "konsolidasi_lokasi": {
        "sum": "Sum", "average": "Average", "take_last_known": "Take Last Known Value", "raw_data": "Raw Data",
    },
    "polarisasi": {"maximize": "Maximize", "minimize": "Minimize", "stabilize": "Stabilize"},
    "status_target": {
        "lama": "Lama", "baru_tanpa_riwayat": "Baru, tanpa riwayat", "baru_dengan_riwayat": "Baru, dengan riwayat",
        "mandatory": "Mandatory", "ditetapkan_peraturan": "Ditetapkan peraturan", "target_maksimum": "Target maksimum",
        "stabil": "Stabil",
    },
}  # fmt: skip
MINISTRY = (
    ("KODE SS DAN IKU", "kode"), ("JENIS CASCADING", "jenis_cascading"), ("METODE CASCADING", "metode_cascading"),
    ("ASPEK TARGET", "aspek"), ("VALIDITAS", "validitas"), ("TINGKAT KENDALI", "kendali"),
    ("PENANGGUNG JAWAB", "penanggung_jawab"), ("PENYEDIA DATA", "penyedia_data"),
    ("KONSOLIDASI PERIODE", "konsolidasi"), ("KONSOLIDASI LOKASI", "konsolidasi_lokasi"), ("POLARISASI", "polarisasi"),
    ("KONVERSI 120", "konversi_120"), ("SKALA KONVERSI", "skala"), ("REALISASI TERBURUK", "realisasi_terburuk"),
    ("TARGET", "lintasan"), ("STATUS TARGET", "status_target"), ("TARGET TAHUN LALU", "target_tahun_lalu"),
    ("REALISASI TAHUN LALU", "realisasi_tahun_lalu"),
)  # fmt: skip
WIDTHS = (32, 17, 51)
SLOTS = {"TW1": "Triwulan I", "TW2": "Triwulan II", "TW3": "Triwulan III", "TW4": "Triwulan IV"}


def sheets(copy: Copy, *, ministry: bool, leader: bool) -> tuple[Sheet, ...]:
    """The one sheet of a manual. `ministry`: with its fields too; `leader`: with the boxes of p.38 alone."""
    content = copy.content
    tables = [Table("Manual indikator kinerja", WIDTHS, (), tuple(_form(content, leader)))]
    if ministry:
        rows = (band("ISIAN KEMENTERIAN KEUANGAN", 3), *_added(content))
        tables.append(Table("Isian Kementerian Keuangan", WIDTHS, (), rows))
    return (
        Sheet(
            form=FORM,
            title=TITLE if leader else OTHERS,
            period_line="",
            agency=copy.agency.upper(),
            span=(f"PERIODE PENILAIAN: {span_of(content)}",),
            tables=tuple(tables),
            signatures=(),
            notes=(f"Versi manual {content['versi']}",),
            mark=copy.mark,
            tall=True,
        ),
    )


def _form(content: Content, leader: bool) -> Iterable[Row]:
    """The rows of A.1.3, word for word."""
    yield _line("RENCANA HASIL KERJA", content.get("rhk") or "")
    yield _line("UKURAN KEBERHASILAN/ INDIKATOR KINERJA", content.get("nama") or "")
    yield _line("TUJUAN", content["tujuan"])
    yield Row((cell("DESKRIPSI", head="row", rowspan=2), cell("Definisi"), cell(content["definisi"])))
    yield Row((cell("Formula (opsional bagi pendekatan hasil kerja kualitatif)"), cell(content["formula"])))
    yield _line("SATUAN PENGUKURAN (opsional bagi pendekatan hasil kerja kualitatif)", content["satuan"])
    boxes = QUALITIES if leader else QUALITIES | MORE_QUALITIES
    yield _line("KUALITAS DAN TINGKAT KENDALI", *_boxes(boxes, content["kualitas"]))
    yield _line("SUMBER DATA", content["sumber_data"])
    yield _line("PERIODE PELAPORAN", *_boxes(REPORTING, content["periode_pelaporan"]))


def _added(content: Content) -> Iterable[Row]:
    for label, name in MINISTRY:
        yield _line(label, _said(content, name))


def _line(label: str, *texts: str) -> Row:
    value: Cell = cell(*texts, colspan=2)
    return Row((cell(label, head="row"), value))


def _boxes(words: Mapping[str, str], chosen: str) -> list[str]:
    """The boxes of the form in one line, the chosen one crossed."""
    return ["    ".join(f"({'X' if code == chosen else '  '}) {word}" for code, word in words.items())]


def _said(content: Content, name: str) -> str:
    """One field of the ministry in the words of its form; "-" where nothing is said."""
    value = content.get(name)
    if name == "kode":
        text = " / ".join(part for part in (content.get("kode_ss"), value) if part)
    elif name == "konversi_120":
        text = "Ya" if value else "Tidak"
    elif name == "lintasan":
        planned = value or {}
        text = "; ".join(f"{SLOTS.get(slot, slot)}: {amount(planned[slot])}" for slot in sorted(planned))
    elif name in WORDS:
        text = WORDS[name].get(value or "", "")
    elif name in ("realisasi_terburuk", "target_tahun_lalu", "realisasi_tahun_lalu"):
        text = amount(value)
    else:
        text = str(value or "")
    return text or "-"
