"""What a decree may put in the place of an assumption: the form, the range and the shape of each value.

Which parameters can be replaced at all stands here too: a formula lives in code, and what no step reads would change
nothing. A test compares that with what the code reads.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kinerja.rules.regulation import Parameter, Regulation
from kinerja.rules.words import N_

# The formula itself is code: its text here tells what that code does.
FORMULAS = frozenset(
    {
        "bobot_iku_dalam_ss", "k3_rumus", "kalibrasi_rumus", "konsolidasi", "nhk_hku_hkt", "nhk_rumus", "nhk_segmen",
        "nko_k3_rumus", "npk_rumus", "rumus_konversi_120", "rumus_maximize", "rumus_minimize", "rumus_stabilize",
    }
)  # fmt: skip
# No step of any flow reads them yet.
UNREAD = frozenset(
    {
        "dki_per_triwulan", "evaluator_jumlah",
        "kontrak_baru_sampai", "koreksi_dari_skor",
        "mpjhd_metode", "nilai_dampak_perilaku", "penerimaan_dianggap", "perilaku_catatan_atas",
        "perilaku_catatan_bawah", "perilaku_isi_hari", "perilaku_keberatan_hari", "perilaku_keberatan_mulai",
        "perilaku_tetapkan_hari", "perilaku_usul_hari",
        "skala_perilaku",
    }
)  # fmt: skip

# Least and greatest of every number that can be replaced: of each number in it where the value is a table.
RANGES: Mapping[str, tuple[str, str]] = {
    "ambang_anonim": ("2", "20"),
    "bahan_organisasi_hari": ("1", "28"),
    "bobot_kelompok": ("0", "100"),
    "bobot_mutu_indikator": ("0.1", "2"),
    "bobot_mutu_target": ("0.1", "2"),
    "bobot_perspektif_customer": ("0", "1"),
    "bobot_perspektif_internal_process": ("0", "1"),
    "bobot_perspektif_learning_growth": ("0", "1"),
    "bobot_perspektif_stakeholder": ("0", "1"),
    "bobot_perspektif_tingkat": ("0", "1"),
    "bobot_target_baru": ("0.1", "2"),
    "bobot_target_ditetapkan": ("0.1", "2"),
    "bobot_target_mandatory_minimum": ("0.1", "2"),
    "bobot_target_sama_semua": ("0.1", "2"),
    "bobot_target_stabilize": ("0.1", "2"),
    "capaian_batas_atas": ("100", "200"),
    "capaian_batas_bawah": ("0", "100"),
    "dampak_bagian": ("0", "1"),
    "dampak_maksimum": ("0", "100"),
    "hukdis_bagian": ("0", "1"),
    "hukdis_triwulan": ("1", "20"),
    "iki_maksimum": ("1", "50"),
    "iku_maksimum": ("1", "50"),
    "iki_minimum": ("1", "50"),
    "ipk_desimal": ("0", "4"),
    "jendela_bulanan": ("0", "31"),
    "kalibrasi_batas": ("100", "200"),
    "komplemen_hk": ("1", "60"),
    "k3_hari": ("1", "28"),
    "k3_mandiri_hari": ("1", "28"),
    "k3_mulai_hari": ("1", "28"),
    "koreksi_batas": ("0", "100"),
    "kurva_distribusi": ("0", "100"),
    "lampu_hijau": ("0", "200"),
    "lampu_kuning": ("0", "200"),
    "manual_bulan": ("1", "12"),
    "mirip_persen": ("1", "100"),
    "nkp_bobot_nhk": ("0", "1"),
    "nkp_bobot_nko": ("0", "1"),
    "nkp_bobot_npk": ("0", "1"),
    "predikat_organisasi_batas": ("0", "200"),
    "rating_atas": ("0", "200"),
    "rating_bawah": ("0", "200"),
    "realisasi_jauh_kali": ("2", "100"),
    "sebagian_besar": ("0", "1"),
    "sebagian_kecil": ("0", "1"),
    "sidang_tanggal": ("1", "31"),
    "skala_contoh": ("0", "200"),
    "skep_tanggal": ("1", "31"),
    "tanda_tangan_minimal_hk": ("1", "30"),
    "tangga_ambil_alih_hk": ("1", "60"),
    "tangga_ingatkan_hk": ("1", "30"),
    "tangga_ingatkan_persen": ("1", "99"),
    "tangga_komite_hk": ("1", "120"),
    "tangga_salin_atasan_hk": ("1", "60"),
    "tangga_tanpa_tenggat_hk": ("1", "60"),
    "tingkat_kalibrasi": ("0", "5"),
    "tw_evaluasi_hari_sebelum": ("0", "60"),
    "tw_rekam_bulan": ("0", "3"),
    "tw_tutup_bulan": ("1", "3"),
    "tw_tutup_hari": ("0", "31"),
    "tw_validasi_bulan": ("0", "3"),
    "tw_validasi_hari": ("1", "31"),
}
# First and last day a month-day may be. Those of the year's end lie in TW IV and in the quarter that follows it.
DAYS: Mapping[str, tuple[str, str]] = {
    "capaian_tahun_lalu_mulai": ("01-01", "03-31"),
    "skp_ajukan": ("01-01", "12-31"),
    "pk_ajukan": ("01-01", "12-31"),
    "pk_batas": ("01-01", "12-31"),
    "tahun_evaluasi_dibuka": ("10-01", "12-31"),
    "tahun_rekam": ("01-01", "03-31"),
    "tahun_validasi": ("01-01", "03-31"),
}
# Texts that stand for something else: the table whose keys they are.
WORDS: Mapping[str, str] = {
    "ipk_status": "rating_label",
    "jf_setara": "iki_maksimum",
    "kepala_upk_rating": "rating_label",
    "perspektif_ke_nasional": "perspektif_nko",
    "predikat_organisasi_pola": "pola_distribusi",
    "tugas_belajar_gagal_saran": "predikat_label",
}
# Tables in which a fraction has no meaning: days, quarters, numbers of indicators.
WHOLE_TABLES = frozenset(
    {
        "hukdis_triwulan",
        "iki_maksimum",
        "iku_maksimum",
        "jendela_bulanan",
        "kurva_distribusi",
        "sidang_tanggal",
        "skep_tanggal",
    }
)
# Weights of which at least one must count.
WEIGHTS = frozenset({"bobot_kelompok", "kurva_distribusi"})
# The shape of a table for which no rule set has a value yet.
TEMPLATES: Mapping[str, Mapping[str, Any]] = {
    "jendela_bulanan": {
        "evaluasi_hari_sebelum": 0, "rekam_tanggal": 0, "validasi_tanggal": 0, "tutup_tanggal": 0,
    },
    "bobot_perspektif_tingkat": {
        level: dict.fromkeys(("stakeholder", "customer", "internal_process", "learning_growth"), Decimal(0))
        for level in ("L0", "L1", "L2", "L3", "L4")
    },
}  # fmt: skip
BANDS, SCALE = "predikat_organisasi_batas", "skala_contoh"

BETWEEN = N_("Isi antara %(least)s dan %(most)s.")
NOT_A_NUMBER = N_("Isi angka.")
NOT_WHOLE = N_("Isi bilangan bulat.")
NOT_A_TEXT = N_("Isi teks.")
NOT_A_CHOICE = N_("Pilih salah satu: %(choices)s.")
NOT_A_DAY = N_("Tulis bulan dan tanggal sebagai BB-TT, misalnya 01-20.")
DAY_BETWEEN = N_("Isi tanggal antara %(least)s dan %(most)s, sebagai bulan-tanggal.")
KEYS = N_("Tabel ini harus memuat tepat: %(keys)s.")
LENGTH = N_("Daftar pada %(key)s harus berisi %(n)s angka.")
NOT_A_LIST = N_("Tulis daftar, bukan tabel bernama.")
EMPTY = N_("Daftar tidak boleh kosong.")
TWICE = N_("“%(word)s” tertulis dua kali.")
ALL_ZERO = N_("Sekurang-kurangnya satu bobot harus lebih dari 0.")
BAND_ORDER = N_("Batas harus menurun: %(later)s tidak di bawah %(earlier)s.")
BAND_LAST = N_(
    "Tulis setiap predikat dari yang terbaik, masing-masing dengan batasnya, kecuali yang terakhir."
)
SCALE_ORDER = N_("Skala berisi sekurangnya dua pasangan angka, dan keduanya menaik.")

_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
_COMMON_YEAR = 2027


class BadValue(ValueError):
    """A value that does not fit. `path` leads to the wrong part of a table; the message is for people."""

    def __init__(self, message: str, path: tuple[str, ...] = (), **params: Any) -> None:
        super().__init__(message % params if params else message)
        self.message, self.params, self.path = message, params, path


def can_be_replaced(code: str) -> bool:
    """Would a decree for this parameter change anything?"""
    return code not in FORMULAS and code not in UNREAD


def is_month_day(parameter: Parameter) -> bool:
    """Is it a day of a year without the year ("01-20")?"""
    return isinstance(parameter.value, str) and _MONTH_DAY.fullmatch(parameter.value) is not None


def check(original: Parameter, value: Any, law: Regulation) -> None:
    """Raise BadValue unless ``value`` has the form of the parameter as the rule set itself gives it.

    ``law`` is the rule set in force: it knows the words and predicates that a table may name.
    """
    code = original.code
    if original.kind in ("decimal", "integer"):
        _number(code, value, (), whole=original.kind == "integer")
    elif original.kind == "choice":
        if value not in original.choices:
            raise BadValue(NOT_A_CHOICE, choices=", ".join(original.choices))
    elif original.kind == "text":
        _day(code, value) if is_month_day(original) else _text(code, value, law, ())
    elif code == BANDS:
        _bands(value, tuple(law.value("predikat_organisasi_label")))
    elif code == SCALE:
        _scale(value)
    else:
        _table(code, TEMPLATES.get(code, original.value), value, law, ())
    if code in WEIGHTS:
        _some_weight(value)


def _day(code: str, value: Any) -> None:
    text = value if isinstance(value, str) else ""
    try:
        date.fromisoformat(f"{_COMMON_YEAR}-{text}")
    except ValueError:
        raise BadValue(NOT_A_DAY) from None
    if not _MONTH_DAY.fullmatch(text):
        raise BadValue(NOT_A_DAY)
    least, most = DAYS[code]
    if not least <= text <= most:
        raise BadValue(DAY_BETWEEN, least=least, most=most)


def _number(code: str, value: Any, path: tuple[str, ...], *, whole: bool = False) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise BadValue(NOT_A_NUMBER, path)
    number = Decimal(value)
    if not number.is_finite():
        raise BadValue(NOT_A_NUMBER, path)
    least, most = RANGES[code]
    if not Decimal(least) <= number <= Decimal(most):
        raise BadValue(BETWEEN, path, least=least.replace(".", ","), most=most.replace(".", ","))
    if whole and number != number.to_integral_value():
        raise BadValue(NOT_WHOLE, path)
    return number


def _text(code: str, value: Any, law: Regulation, path: tuple[str, ...]) -> None:
    if not isinstance(value, str) or not value.strip():
        raise BadValue(NOT_A_TEXT, path)
    if code in WORDS and value not in (known := law.value(WORDS[code])):
        raise BadValue(NOT_A_CHOICE, path, choices=", ".join(known))


def _table(code: str, old: Any, new: Any, law: Regulation, path: tuple[str, ...]) -> None:
    """Keys, lengths and kinds are those of the old table, all the way down."""
    if isinstance(old, Mapping):
        if not isinstance(new, Mapping) or set(new) != set(old):
            raise BadValue(KEYS, path, keys=", ".join(old))
        for key, inner in old.items():
            _table(code, inner, new[key], law, (*path, key))
    elif isinstance(old, tuple):
        if not isinstance(new, (list, tuple)):
            raise BadValue(NOT_A_LIST, path)
        if not new:
            raise BadValue(EMPTY, path)
        if path and len(new) != len(old):
            raise BadValue(LENGTH, path, key=path[-1], n=len(old))
        for number, one in enumerate(new):
            _table(code, old[0], one, law, (*path, str(number)))
        if isinstance(old[0], str) and (word := _twice(new)):
            raise BadValue(TWICE, path, word=word)
    elif isinstance(old, str):
        _text(code, new, law, path)
    else:
        _number(code, new, path, whole=code in WHOLE_TABLES)


def _twice(words: Any) -> str:
    plain = [word.strip().casefold() for word in words]
    return next((word for word in plain if plain.count(word) > 1), "")


def _some_weight(value: Mapping[str, Any]) -> None:
    """Of a table of weights one counts; of a table of rows one in each."""
    rows: list[tuple[tuple[str, ...], Any]] = [
        ((key,), inner) for key, inner in value.items() if isinstance(inner, (list, tuple))
    ]
    for path, row in rows or [((), tuple(value.values()))]:
        if not any(row):
            raise BadValue(ALL_ZERO, path)


def _bands(value: Any, codes: tuple[str, ...]) -> None:
    """Every predicate once, from the best, each beginning lower than the one before; the last has no bound."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(band, Mapping) for band in value):
        raise BadValue(NOT_A_LIST)
    if tuple(band.get("code") for band in value) != codes:
        raise BadValue(KEYS, keys=", ".join(codes))
    if any(set(band) != {"from", "code"} for band in value[:-1]) or set(value[-1]) != {"code"}:
        raise BadValue(BAND_LAST)
    bounds = [(band["code"], _number(BANDS, band["from"], (band["code"],))) for band in value[:-1]]
    for (_, earlier), (code, later) in pairwise(bounds):
        if later >= earlier:
            raise BadValue(BAND_ORDER, (code,), later=_written(later), earlier=_written(earlier))


def _written(number: Decimal) -> str:
    return str(number).replace(".", ",")


def _scale(value: Any) -> None:
    """Pairs of capaian and score, both rising."""
    rows = value if isinstance(value, (list, tuple)) else ()
    if len(rows) < 2 or not all(isinstance(row, (list, tuple)) and len(row) == 2 for row in rows):
        raise BadValue(SCALE_ORDER)
    pairs = [
        (_number(SCALE, x, (str(number), "0")), _number(SCALE, y, (str(number), "1")))
        for number, (x, y) in enumerate(rows)
    ]
    for number, ((x1, y1), (x2, y2)) in enumerate(pairwise(pairs), 1):
        if x1 >= x2 or y1 > y2:
            raise BadValue(SCALE_ORDER, (str(number), "0" if x1 >= x2 else "1"))
