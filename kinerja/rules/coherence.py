"""Whether the numbers of a rule set go together: each may be right alone and the year they make impossible."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from kinerja.rules import deadlines, windows
from kinerja.rules.regulation import MISSING, Regulation
from kinerja.rules.words import N_

# The first is never above the second; where it says so, not equal to it either.
PAIRS = (
    ("capaian_batas_bawah", "capaian_batas_atas", True),
    ("lampu_kuning", "lampu_hijau", True),
    ("rating_bawah", "rating_atas", False),
    ("sebagian_kecil", "sebagian_besar", False),
    ("tangga_salin_atasan_hk", "tangga_ambil_alih_hk", True),
    ("tangga_ambil_alih_hk", "tangga_komite_hk", True),
    ("skp_ajukan", "skp_batas", False),
    ("tahun_rekam", "tahun_validasi", True),
    ("tahun_validasi", "tahun_tutup", True),
    ("capaian_tahun_lalu_mulai", "capaian_tahun_lalu_sampai", False),
)
# Weights of one sum, each a parameter of its own: entered one after the other, so only a year waits for the sum.
SUMS = (
    ("nkp_bobot_nhk", "nkp_bobot_npk"),
    (
        "bobot_perspektif_stakeholder", "bobot_perspektif_customer", "bobot_perspektif_internal_process",
        "bobot_perspektif_learning_growth",
    ),
)  # fmt: skip
# Weights of a whole sum for each level; a level whose weights are all nought uses the general ones.
BY_LEVEL = "bobot_perspektif_tingkat"

# What a clash of windows names in the place of a parameter, before its slot.
WINDOW = "jendela"

ABOVE = N_("%(first)s tidak boleh melebihi %(second)s.")
NOT_BELOW = N_("%(first)s harus kurang dari %(second)s.")
NOT_ONE = N_("Jumlah bobot harus 1: %(labels)s.")
FEWEST = N_("%(first)s tidak boleh melebihi angka mana pun pada %(second)s.")
NO_WINDOW = N_("Tanggal jendela tidak dapat dihitung dari aturan ini.")
NO_DEADLINE = N_("Batas langkah %(step)s tidak dapat dihitung dari aturan ini.")


@dataclass(frozen=True)
class Clash:
    """Numbers that do not go together, in words. `at_opening`: only the opening of a year waits for it."""

    codes: tuple[str, ...]
    message: str
    params: dict[str, Any] = field(default_factory=dict, hash=False)
    at_opening: bool = False


def clashes(law: Regulation, years: tuple[int, ...]) -> list[Clash]:
    """Everything in this rule set that would make one of these years impossible."""
    return [*_pairs(law), *_sums(law), *_windows(law, years), *_deadlines(law)]


def _known(law: Regulation, *codes: str) -> bool:
    return all(code in law and law.parameter(code).status != MISSING for code in codes)


def _pairs(law: Regulation) -> Iterator[Clash]:
    for low, high, strict in PAIRS:
        if not _known(law, low, high):
            continue
        first, second = law.parameter(low), law.parameter(high)
        if first.value > second.value or (strict and first.value == second.value):
            params = {"first": first.label, "second": second.label}
            yield Clash((low, high), NOT_BELOW if strict else ABOVE, params)
    if _known(law, "iki_minimum", "iki_maksimum"):
        fewest, most = law.parameter("iki_minimum"), law.parameter("iki_maksimum")
        if fewest.value > min(most.value.values()):
            yield Clash((fewest.code, most.code), FEWEST, {"first": fewest.label, "second": most.label})


def _sums(law: Regulation) -> Iterator[Clash]:
    for codes in SUMS:
        if _known(law, *codes) and sum((law.number(code) for code in codes), Fraction(0)) != 1:
            labels = "; ".join(law.parameter(code).label for code in codes)
            yield Clash(codes, NOT_ONE, {"labels": labels}, at_opening=True)
    if _known(law, BY_LEVEL):
        parameter = law.parameter(BY_LEVEL)
        for level, weights in parameter.value.items():
            total = sum((Fraction(one) for one in weights.values()), Fraction(0))
            if total not in (0, 1):
                params = {"labels": f"{parameter.label}, {level}"}
                yield Clash((BY_LEVEL,), NOT_ONE, params, at_opening=True)


def _windows(law: Regulation, years: tuple[int, ...]) -> Iterator[Clash]:
    for year in years:
        slots = [*windows.QUARTER_SLOTS, "Y"]
        slots += windows.MONTH_SLOTS if _known(law, "jendela_bulanan") else []
        for slot in slots:
            try:
                found = windows.default_of(law, year, slot)
            except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
                yield Clash((WINDOW, slot), NO_WINDOW)
                return
            for fault in windows.faults(year, slot, windows.dates_of(found)):
                yield Clash((WINDOW, slot), fault.message, fault.params)


def _deadlines(law: Regulation) -> Iterator[Clash]:
    for row in deadlines.table().values():
        try:
            read = deadlines.under(row, law)
            if read.kind == "calendar_date":
                date(2027 + read.year_offset, read.month, read.day)
        except (ValueError, TypeError, KeyError, AttributeError):
            yield Clash((row.code,), NO_DEADLINE, {"step": row.label})
