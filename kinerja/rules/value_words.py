"""What the rows, columns and codes of the tables of a rule set are called to people."""

from collections.abc import Mapping

from kinerja.rules.words import N_

_WORDS: Mapping[str, str] = {
    "activity": N_("Activity, mengukur kegiatan"),
    "administrator": N_("Administrator"),
    "ahli_madya": N_("Ahli madya"),
    "ahli_muda": N_("Ahli muda"),
    "ahli_pertama": N_("Ahli pertama"),
    "ahli_utama": N_("Ahli utama"),
    "atasan": N_("Atasan"),
    "baik": N_("Baik"),
    "bawahan": N_("Bawahan"),
    "berat": N_("Berat"),
    "buruk": N_("Buruk"),
    "butuh_perbaikan": N_("Butuh Perbaikan"),
    "cukup": N_("Cukup"),
    "diatas": N_("Diatas Ekspektasi"),
    "dibawah": N_("Dibawah Ekspektasi"),
    "evaluasi_hari_sebelum": N_("Evaluasi dibuka, hari sebelum akhir bulan"),
    "exact": N_("Exact, mengukur langsung"),
    "gabungan": N_("Rekan dan bawahan digabung"),
    "high": N_("Tinggi"),
    "istimewa": N_("Istimewa"),
    "jf_upk_one": N_("JF pada UPK-One"),
    "jpt_madya": N_("JPT madya"),
    "jpt_pratama": N_("JPT pratama"),
    "jpt_utama": N_("JPT utama"),
    "kurang": N_("Kurang"),
    "L0": N_("Tingkat L0"),
    "L1": N_("Tingkat L1"),
    "L2": N_("Tingkat L2"),
    "lain": N_("Jabatan lain"),
    "low": N_("Rendah"),
    "madya": N_("JPT madya"),
    "mahir": N_("Mahir"),
    "menteri": N_("Menteri"),
    "moderate": N_("Sedang"),
    "naik_di_atas_realisasi": N_("Target naik, di atas realisasi tahun lalu"),
    "naik_di_bawah_realisasi": N_("Target naik, di bawah realisasi tahun lalu"),
    "naik_sama_realisasi": N_("Target naik, sama dengan realisasi tahun lalu"),
    "pelaksana": N_("Pelaksana"),
    "pemula": N_("Pemula"),
    "pengawas": N_("Pengawas"),
    "penyelia": N_("Penyelia"),
    "pratama": N_("JPT pratama"),
    "proxy": N_("Proxy, mengukur tidak langsung"),
    "rekam_tanggal": N_("Batas merekam, tanggal pada bulan berikutnya"),
    "rekan": N_("Rekan"),
    "ringan": N_("Ringan"),
    "sangat_baik": N_("Sangat Baik"),
    "sangat_kurang": N_("Sangat Kurang"),
    "sedang": N_("Sedang"),
    "sesuai": N_("Sesuai Ekspektasi"),
    "terampil": N_("Terampil"),
    "tetap_realisasi_di_atas": N_("Target tetap, realisasi tahun lalu di atasnya"),
    "tetap_realisasi_di_bawah": N_("Target tetap, realisasi tahun lalu di bawahnya"),
    "tier1": N_("Pimpinan UPK, staf satu tingkat di bawahnya, JF substansi"),
    "tier2": N_("Staf dua tingkat atau lebih di bawahnya, JF bukan substansi"),
    "turun": N_("Target turun"),
    "tutup_tanggal": N_("Jendela ditutup, tanggal pada bulan berikutnya"),
    "validasi_tanggal": N_("Batas validasi, tanggal pada bulan berikutnya"),
    "stakeholder": N_("Stakeholder"),
    "customer": N_("Customer"),
    "internal_process": N_("Internal Process"),
    "learning_growth": N_("Learning and Growth"),
    "wakil_menteri": N_("Wakil menteri"),
}
# A code that means something else in one table.
_IN: Mapping[tuple[str, str], str] = {
    ("k3_label", "di_atas"): N_("Di atas 1"),
    ("k3_label", "sama"): N_("Sama dengan 1"),
    ("k3_label", "di_bawah"): N_("Di bawah 1"),
    ("nkp_bobot_nko", "di_bawah"): N_("Hasil di bawah NKO, semua kelompok"),
    ("perspektif_ke_nasional", "penerima_layanan"): N_("Penerima Layanan"),
    ("perspektif_ke_nasional", "proses_bisnis"): N_("Proses Bisnis"),
    ("perspektif_ke_nasional", "penguatan_internal"): N_("Penguatan Internal"),
    ("perspektif_ke_nasional", "anggaran"): N_("Anggaran"),
    ("predikat_organisasi_batas", "from"): N_("Mulai dari"),
    ("predikat_organisasi_batas", "code"): N_("Predikat"),
}
# The columns of a table whose rows are plain lists.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "kurva_distribusi": tuple(
        _WORDS[code] for code in ("sangat_kurang", "kurang", "butuh_perbaikan", "baik", "sangat_baik")
    ),
    "perspektif_ke_nasional": (N_("Perspektif peta strategi"), N_("Perspektif peta strategi kedua")),
    "skala_contoh": (N_("Kedekatan dengan target (persen)"), N_("Indeks capaian")),
}


def word(parameter: str, code: str) -> str:
    """The name of a row, column or code in a table, to be translated; the code itself where it has none."""
    return _IN.get((parameter, code)) or _WORDS.get(code, code)
