"""Disciplinary penalty, impact on the superior and correction of the session (KMK 127/2026 h.144)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kinerja.rules.exact import Number, fraction
from kinerja.rules.regulation import Regulation

CATEGORIES = ("ringan", "sedang", "berat")


@dataclass(frozen=True)
class Penalty:
    """A penalty: its category, MPJHD score (>= 0), and the quarter (1..4) of the year in which it starts."""

    category: str
    score: Decimal
    year: int
    quarter: int

    def __post_init__(self) -> None:
        if self.category not in CATEGORIES or self.quarter not in (1, 2, 3, 4) or self.score < 0:
            raise ValueError("a penalty has a known category, a quarter 1..4 and a score of at least 0")


def in_force(penalty: Penalty, year: int, quarter: int, regulation: Regulation) -> bool:
    """Whether it counts in that quarter: 2, 3 or 4 quarters from its start, across the turn of the year."""
    age = (year * 4 + quarter) - (penalty.year * 4 + penalty.quarter)
    return 0 <= age < int(regulation.value("hukdis_triwulan")[penalty.category])


def penalty_in_quarter(
    penalties: Sequence[Penalty], year: int, quarter: int, regulation: Regulation
) -> Fraction:
    """Points off in a quarter (>= 0): the highest category in force, then the highest score; never
    cumulated."""
    return _worst(
        [item for item in penalties if in_force(item, year, quarter, regulation)],
        regulation,
    )


def penalty_in_year(penalties: Sequence[Penalty], year: int, regulation: Regulation) -> Fraction:
    """Points off in a year (>= 0): the same choice among the penalties that start in it."""
    return _worst([item for item in penalties if item.year == year], regulation)


def impact(subordinates: Sequence[Number], regulation: Regulation) -> Fraction:
    """Points off for the superior: 5 % of each subordinate's penalty value, at most 5 together."""
    share, top = (
        regulation.number("dampak_bagian"),
        regulation.number("dampak_maksimum"),
    )
    return min(top, sum((share * fraction(value) for value in subordinates), Fraction(0)))


def correction(value: Number, regulation: Regulation) -> Fraction:
    """The correction of the session cut to -5..+5."""
    bound = regulation.number("koreksi_batas")
    return max(-bound, min(bound, fraction(value)))


def _worst(penalties: Sequence[Penalty], regulation: Regulation) -> Fraction:
    if not penalties:
        return Fraction(0)
    worst = max(penalties, key=lambda item: (CATEGORIES.index(item.category), item.score))
    return fraction(regulation.value("hukdis_bagian")[worst.category]) * fraction(worst.score)
