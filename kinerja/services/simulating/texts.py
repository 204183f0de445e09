"""What invented people write into their SKP: a few plans of three or four results, as the editing form sends them."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

SLOTS = ("TW1", "TW2", "TW3", "TW4")
LATE = "Terlambat karena penugasan luar kota pada minggu terakhir batas rekam."
BACK = "Lengkapi rincian per bulan supaya angka triwulan dapat ditelusuri."
RECOMMENDATION = "Hasil sesuai harapan; perkuat dokumentasi bukti dan bagikan cara kerja kepada rekan."
FEEDBACK = "Hasil tercapai; bukti lengkap dan mudah ditelusuri."
UNSETTLED = "Realisasi periode ini diperiksa dari berkasnya sebelum penilaian dibuat."
DIFFERENT = "Mempertimbangkan beban tugas tambahan dan bukti yang dibahas pada dialog kinerja."

# result, indicators: text, aspect, target, unit, how quarters add up, direction, targets of the quarters
_PLANS: tuple[tuple[Any, ...], ...] = (
    (
        ("Laporan mutu data triwulanan dipakai unit pengguna",
         ("Jumlah laporan mutu data yang diterima unit pengguna", "kuantitas", "4", "laporan", "sum", "maximize",
          "1 1 1 1"),
         ("Persentase temuan mutu data yang terkonfirmasi benar", "kualitas", "92", "persen", "take_last_known",
          "maximize", "86 88 90 92")),
        ("Set data pada katalog memenuhi standar metadata",
         ("Jumlah set data yang memenuhi standar metadata", "kuantitas", "240", "set data", "sum", "maximize",
          "40 60 70 70")),
        ("Rekomendasi perbaikan data ditindaklanjuti unit pemilik",
         ("Persentase rekomendasi yang ditindaklanjuti", "kuantitas", "80", "persen", "take_last_known", "maximize",
          "60 70 75 80"),
         ("Rata-rata hari kerja penyelesaian rekomendasi", "waktu", "12", "hari kerja", "average", "minimize",
          "12 12 12 12")),
    ),
    (
        ("Permohonan layanan selesai tepat waktu",
         ("Persentase permohonan yang selesai dalam batas waktu", "waktu", "95", "persen", "take_last_known",
          "maximize", "90 92 94 95"),
         ("Jumlah permohonan yang diselesaikan", "kuantitas", "360", "permohonan", "sum", "maximize",
          "80 90 95 95")),
        ("Pengguna layanan puas atas penjelasan yang diterima",
         ("Indeks kepuasan pengguna layanan", "kualitas", "87", "indeks", "take_last_known", "maximize",
          "83 84 86 87")),
        ("Arsip layanan tertata dan cepat ditemukan",
         ("Persentase berkas yang ditemukan dalam sepuluh menit", "kualitas", "90", "persen", "average", "maximize",
          "90 90 90 90")),
    ),
    (
        ("Pemeriksaan sesuai program kerja tahunan",
         ("Jumlah laporan hasil pemeriksaan yang terbit", "kuantitas", "12", "laporan", "sum", "maximize", "2 3 3 4"),
         ("Rata-rata hari terbit laporan sejak pemeriksaan berakhir", "waktu", "20", "hari", "average", "minimize",
          "20 20 20 20")),
        ("Temuan pemeriksaan ditindaklanjuti tuntas",
         ("Persentase temuan yang tuntas ditindaklanjuti", "kualitas", "85", "persen", "take_last_known", "maximize",
          "70 75 80 85")),
        ("Kertas kerja pemeriksaan memenuhi standar",
         ("Persentase kertas kerja yang lolos reviu mutu", "kualitas", "98", "persen", "average", "maximize",
          "98 98 98 98")),
    ),
)  # fmt: skip
# A leader's SKP has all perspectives; nobody else minds one.
PERSPECTIVES = ("penerima_layanan", "proses_bisnis", "penguatan_internal", "anggaran")
_BUDGET = (
    "Anggaran unit dipakai berdaya guna",
    ("Nilai kinerja anggaran unit", "biaya", "92", "nilai", "take_last_known", "maximize", "88 89 91 92"),
)
_LINES = (
    ("dukungan", "SDM", "Satu pegawai tambahan pada masa puncak pelaporan triwulanan"),
    ("pertanggungjawaban", "", "Laporan capaian triwulanan beserta kendala dan langkah perbaikannya"),
    ("konsekuensi_positif", "", "Diusulkan mengikuti pelatihan lanjutan yang relevan dengan jabatan"),
    ("konsekuensi_negatif", "", "Pendampingan khusus oleh atasan sampai target kembali tercapai"),
)
PLANS = len(_PLANS)


def skp_change(plan: int, *, leads: bool) -> dict[str, Any]:
    """A whole SKP as the editing form would send it; one who leads also answers for the budget."""
    rows = [*_PLANS[plan % PLANS], *([_BUDGET] if leads else [])]
    return {
        "baris": [
            {
                "jenis": "utama",
                "rhk": rhk,
                "sumber": "PK",
                "perspektif": perspective if leads else "",
                "indikator": [_indicator(*given) for given in indicators],
            }
            for (rhk, *indicators), perspective in zip(rows, PERSPECTIVES, strict=False)
        ],
        "lampiran": [
            {"blok": block, "kategori": category, "teks": text, "disepakati": True}
            for block, category, text in _LINES
        ],
    }


def _indicator(
    text: str, aspect: str, target: str, unit: str, joins: str, polarity: str, quarters: str
) -> dict[str, Any]:
    return {
        "teks": text,
        "aspek": [aspect],
        "target": Decimal(target),
        "satuan": unit,
        "polarisasi": polarity,
        "konsolidasi": joins,
        "kualitas": "outcome_antara",
        "lintasan": {slot: Decimal(part) for slot, part in zip(SLOTS, quarters.split(), strict=True)},
    }


def achieved(target: Decimal, polarity: str, percent: int) -> Decimal:
    """A realisation near `percent` of the target, in the steps in which such things are counted."""
    share = Decimal(percent) / 100
    factor = 2 - share if polarity == "minimize" else share
    whole = polarity != "minimize" and (target < 20 or target >= 100)
    return max(Decimal(0), (target * factor).quantize(Decimal(1) if whole else Decimal("0.1"), ROUND_HALF_UP))


def entry(target: Decimal | None, polarity: str, percent: int) -> Mapping[str, Any]:
    """What is typed for one indicator."""
    return {"value": None if target is None else achieved(target, polarity, percent)}
