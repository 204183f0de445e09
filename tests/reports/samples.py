"""Contents of documents as the services store them, for the tests of forms and comparisons."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from kinerja.clock import ZONES
from kinerja.reports import official_document, official_input, official_skp
from kinerja.reports.official import Copy, Mark, Sheet, Signed
from kinerja.rules.registry import regulation

SUBJECT = {
    "nama": "Sekar Ayu Lestari, S.Stat.",
    "nip": "198704222010122903",
    "pangkat": "Penata / III/c",
    "jabatan": "Analis Data Ahli Muda",
    "unit": "Subdirektorat Mutu Data",
}
SUPERIOR = {
    "nama": "Bagas Wicaksono, S.Kom., M.T.",
    "nip": "197808122003121904",
    "pangkat": "Pembina / IV/a",
    "jabatan": "Kepala Subdirektorat Mutu Data",
    "unit": "Subdirektorat Mutu Data",
}
ABOVE = {
    "nama": "Ratna Dewanti, S.E., M.Si.",
    "nip": "197105301996032901",
    "pangkat": "Pembina Utama Muda / IV/c",
    "jabatan": "Direktur Data",
    "unit": "Direktorat Data",
}
WIB = ZONES["WIB"]
HASH = "7c1e40b9d2f8" + "0" * 52
SIGNED = (
    Signed("pegawai", SUBJECT["nama"], SUBJECT["nip"], datetime(2026, 1, 23, 9, 14, tzinfo=WIB)),
    Signed("penilai", SUPERIOR["nama"], SUPERIOR["nip"], datetime(2026, 1, 27, 16, 2, tzinfo=WIB)),
)


def indicator(key: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "key": key, "teks": text, "aspek": ["kuantitas"], "target_teks": "", "target": None, "satuan": "",
        "polarisasi": "maximize", "konsolidasi": "sum", "validitas": "", "kendali": "", "kualitas": "", "lintasan": {},
    } | more  # fmt: skip


def row(key: str, kind: str, text: str, *indicators: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "key": key, "jenis": kind, "rhk": text, "rhk_diintervensi": "", "penugasan_dari": "", "sumber": "", "asal": "",
        "perspektif": "", "alasan_mutlak": "", "alasan_lint": "", "diambil_alih": False, "indikator": list(indicators),
    } | more  # fmt: skip


def skp(form: str, rows: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """An SKP in one of the four layouts, with the same three results."""
    content = {
        "jenis": "skp", "tahun": 2026, "mulai": "2026-01-01", "selesai": "2026-12-31", "format": form,
        "pendekatan": "kuantitatif" if form in ("A.1.2", "A.1.7") else "kualitatif", "aturan": "kmk300-2022",
        "pegawai": SUBJECT, "penilai": SUPERIOR, "baris": three_results() if rows is None else rows,
        "ekspektasi": [
            {"nilai": "berorientasi_pelayanan", "teks": "Menjawab permintaan penjelasan mutu data paling lambat dua "
             "hari kerja, juga bila jawabannya belum lengkap.", "ditambahkan": "2026-01-20"},
        ],
        "lampiran": attachment(),
    }  # fmt: skip
    return content | more


def three_results() -> list[dict[str, Any]]:
    quarters = {"TW1": "1", "TW2": "1", "TW3": "1", "TW4": "1"}
    return [
        row(
            "r1", "utama", "Laporan mutu data triwulanan yang akurat dan dipakai unit pengguna",
            indicator("i1", "Jumlah laporan mutu data triwulanan yang diterima unit pengguna", target="4",
                      satuan="laporan", lintasan=quarters),
            indicator("i2", "Persentase temuan mutu data yang terkonfirmasi benar", aspek=["kualitas"], target="92.50",
                      satuan="persen", konsolidasi="average"),
            indicator("i3", "Rata-rata hari kerja penyelesaian laporan", aspek=["waktu", "biaya"], target="12",
                      satuan="hari kerja", polarisasi="minimize", konsolidasi="take_last_known"),
            penugasan_dari="Direktur Data", perspektif="penerima_layanan",
            rhk_diintervensi="Mutu data layanan publik meningkat",
        ),
        row(
            "r2", "utama", "Set data pada katalog memenuhi standar metadata",
            indicator("i4", "Jumlah set data yang memenuhi standar metadata", target="1240", satuan="set data"),
            penugasan_dari="Kepala Subdirektorat Mutu Data", perspektif="anggaran",
            rhk_diintervensi="Pertukaran data antarunit berjalan andal",
        ),
        row(
            "r3", "tambahan", "Modul pelatihan mutu data siap pakai",
            indicator("i5", "Jumlah modul pelatihan yang disetujui tim", target_teks="3 modul sebelum Oktober"),
            penugasan_dari="Ketua Tim Katalog Data", perspektif="proses_bisnis",
            rhk_diintervensi="Katalog data kementerian terpadu",
        ),
    ]  # fmt: skip


def attachment() -> list[dict[str, Any]]:
    def line(key: str, block: str, text: str, **more: Any) -> dict[str, Any]:
        return {"key": key, "blok": block, "kategori": "", "teks": text, "jadwal": "", "data": "", "sumber_data": "",
                "disepakati": True, "terealisasi": "belum"} | more  # fmt: skip

    return [
        line("l1", "dukungan", "Akses baca ke basis data layanan seluruh unit", kategori="sarana prasarana"),
        line("l2", "dukungan", "Satu tenaga pengolah data", kategori="SDM", disepakati=False),
        line("l3", "pertanggungjawaban", "Progres laporan mutu data", jadwal="Mingguan", data="daftar temuan",
             sumber_data="katalog data"),
        line("l4", "konsekuensi_positif", "diusulkan mengikuti pelatihan lanjutan"),
        line("l5", "konsekuensi_negatif", "Apabila tidak memenuhi ekspektasi Pimpinan maka penugasan dialihkan"),
    ]  # fmt: skip


def copy(content: dict[str, Any], *, signatures: tuple[Signed, ...] = SIGNED, draft: str = "") -> Copy:
    mark = (
        Mark("SKP-2026-000118", 3, HASH, draft)
        if signatures
        else Mark("SKP-2026-000118", draft=draft or "DRAF.")
    )
    return Copy(content, regulation("kmk300-2022"), "Kementerian Contoh", "WIB", mark, signatures)


def review(slot: str = "TW2", **more: Any) -> dict[str, Any]:
    return {
        "nomor": "EVK-2026-000017", "tahun": 2026, "slot": slot, "aturan": "kmk300-2022", "skp": 1,
        "pegawai": SUBJECT, "penilai": SUPERIOR, "atasan_penilai": ABOVE,
        "organisasi": {"unit": "Direktorat Data", "predikat": "baik", "tahun_lalu": False},
        "rating_hasil": "sesuai", "rating_perilaku": "diatas", "predikat": "baik",
        "rekomendasi": "Pertahankan mutu laporan; lengkapi katalog sebelum triwulan III berakhir.",
        "baris": [
            {"key": "r1", "rhk": three_results()[0]["rhk"], "status": "sesuai",
             "umpan_balik": "Laporan dipakai tiga unit; ketepatan waktu perlu dijaga."},
            {"rhk": three_results()[1]["rhk"], "status": "", "umpan_balik": "Katalog perlu dilengkapi."},
        ],
        "nilai": [{"kode": "kompeten", "status": "diatas", "umpan_balik": "Membimbing dua rekan menyusun katalog."}],
        "kalibrasi": [], "masukan": {},
    } | more  # fmt: skip


def realisation(slot: str, **values: str) -> dict[str, Any]:
    return {
        "jenis": "realisasi", "tahun": 2026, "slot": slot, "pendekatan": "kuantitatif", "alasan_terlambat": "",
        "butir": [
            {"key": key, "nilai": value, "uraian": f"Selesai menurut catatan {slot}.", "kendala": "", "catatan": "",
             "bukti": [{"nama": f"laporan-{slot.lower()}.pdf", "sidik": "", "menunjukkan": "hasil"}]}
            for key, value in values.items()
        ],
    }  # fmt: skip


SKP_FORM = {"C.1.1": "A.1.6", "C.1.2": "A.1.2", "C.1.3": "A.1.7"}


def evaluated(form: str, slot: str = "TW2", **more: Any) -> Copy:
    """An evaluation of the SKP of a layout, signed by the penilai, with two quarters realised."""
    realised = {
        "TW1": realisation("TW1", i1="1", i2="90", i3="11"),
        "TW2": realisation("TW2", i1="1", i2="93.5", i3="12"),
    }
    paper = copy({}, signatures=SIGNED[1:])
    content = official_input.evaluation(review(slot, **more), skp(form), realised, paper.regulation)
    return replace(paper, content=content)


def sheet_of(form: str) -> Sheet:
    """The sheet of a form A.1.x or C.1.x."""
    if form.startswith("A"):
        return official_skp.sheets(copy(skp(form)))[0]
    return official_document.sheets(evaluated(SKP_FORM[form]))[1]


def table(sheet: Sheet, caption: str) -> Any:
    return next(table for table in sheet.tables if table.caption.startswith(caption))


def texts(sheet: Sheet) -> str:
    return "\n".join(t for table in sheet.tables for row in (*table.head, *table.body) for t in row.texts)
