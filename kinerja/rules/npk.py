"""NPK: value of behaviour from the answers of the evaluators (KMK 127/2026 h.138-139; anonymity is our
design)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from kinerja.rules.exact import fraction, short
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_
from kinerja.rules.working import (
    HANYA_ATASAN,
    NPK_BELUM_ADA,
    SEBAGIAN_DITINGGALKAN,
    Part,
    Score,
    empty,
    scored,
)

ATASAN, REKAN, BAWAHAN, GABUNGAN = "atasan", "rekan", "bawahan", "gabungan"
NON_SUPERIORS = (REKAN, BAWAHAN)
LEADERSHIP = "kepemimpinan"


@dataclass(frozen=True)
class AnswerSheet:
    """One submitted sheet: the group of its evaluator and a value on the scale per aspect. It names
    nobody."""

    group: str
    values: Mapping[str, Decimal]


def merge_small_groups(
    sheets: Sequence[AnswerSheet], regulation: Regulation
) -> tuple[tuple[AnswerSheet, ...], tuple[str, ...]]:
    """The sheets by which NPK is computed, and flags: a small group of non-superiors is never seen apart.

    When rekan or bawahan has fewer than ``ambang_anonim`` answers both become one group; together under it
    they are
    left out with HANYA_ATASAN. Runs before anything else is computed. Raises ValueError for an unknown group.
    """
    if unknown := {sheet.group for sheet in sheets} - {ATASAN, *NON_SUPERIORS}:
        raise ValueError(f"unknown groups {sorted(unknown)}")
    k = regulation.whole("ambang_anonim")
    superiors = tuple(sheet for sheet in sheets if sheet.group == ATASAN)
    others = tuple(sheet for sheet in sheets if sheet.group != ATASAN)
    if len(others) < k:
        return superiors, (HANYA_ATASAN,)
    if all(sum(sheet.group == group for sheet in others) >= k for group in NON_SUPERIORS):
        return (*superiors, *others), ()
    return (*superiors, *(replace(sheet, group=GABUNGAN) for sheet in others)), ()


def npk_quarter(
    sheets: Sequence[AnswerSheet],
    aspects: Sequence[str],
    regulation: Regulation,
    *,
    flags: Sequence[str] = (),
) -> Score:
    """NPK of a period, 0..120: the groups are taken as they come, so call :func:`merge_small_groups` first.

    ``aspects`` are those that count for this person (see :func:`aspects_for`). No sheet of the penilai:
    NPK_BELUM_ADA. An aspect without any answer is left out (sementara). The working begins at the combined
    figure
    per aspect; group means never enter it.
    """
    if not any(sheet.group == ATASAN for sheet in sheets):
        return empty(NPK_BELUM_ADA, flags=flags)
    combined = {aspect: _combined(aspect, sheets, regulation) for aspect in aspects}
    known = {aspect: value for aspect, value in combined.items() if value is not None}
    if not known:
        return empty(NPK_BELUM_ADA, flags=flags)
    value = min(
        sum(known.values(), Fraction(0)) / len(known),
        regulation.number("capaian_batas_atas"),
    )
    marks = (*flags, *((SEBAGIAN_DITINGGALKAN,) if len(known) < len(aspects) else ()))
    parameter = regulation.parameter("npk_rumus")
    part = Part(
        N_("NPK"),
        parameter.code,
        parameter.source,
        N_("rata-rata nilai gabungan per nilai dasar"),
        tuple((aspect, short(number)) for aspect, number in known.items()),
        short(value),
        regulation.status_of("npk_rumus", "bobot_kelompok", "ambang_anonim"),
    )
    return scored(value, (part,), provisional=len(known) < len(aspects), flags=marks)


def npk_round(sheets: Sequence[AnswerSheet], aspects: Sequence[str], regulation: Regulation) -> Score:
    """A whole round: the anonymity step, then :func:`npk_quarter`."""
    merged, flags = merge_small_groups(sheets, regulation)
    return npk_quarter(merged, aspects, regulation, flags=flags)


def npk_year(quarters: Sequence[Score], regulation: Regulation) -> Score:
    """NPK of a year: the mean of the quarters that exist, at most 120; none: NPK_BELUM_ADA."""
    known = [score for score in quarters if score.exact is not None]
    if not known:
        return empty(NPK_BELUM_ADA)
    exact = [score.exact for score in known if score.exact is not None]
    value = min(sum(exact, Fraction(0)) / len(exact), regulation.number("capaian_batas_atas"))
    parameter = regulation.parameter("npk_rumus")
    part = Part(
        N_("NPK tahun"),
        parameter.code,
        parameter.source,
        N_("rata-rata triwulan yang ada"),
        tuple((str(number), short(item)) for number, item in enumerate(exact, 1)),
        short(value),
        parameter.status,
    )
    flags = [flag for score in known for flag in score.flags]
    return scored(
        value,
        (part,),
        provisional=any(score.provisional for score in known),
        flags=flags,
    )


def npk_values(values: Mapping[str, Decimal], regulation: Regulation) -> Score:
    """NPK from one combined figure per aspect, as an import or a published example gives it."""
    return npk_quarter((AnswerSheet(ATASAN, values),), tuple(values), regulation)


def aspects_for(
    core_values: Sequence[str],
    has_staff: bool,
    instrument: Sequence[str],
    regulation: Regulation,
) -> tuple[str, ...]:
    """The aspects that count: the core values, and leadership when the instrument has it and the person has
    staff."""
    leads = LEADERSHIP in instrument and (has_staff or regulation.text("npk_kepemimpinan") == "tidak")
    return (*core_values, LEADERSHIP) if leads else tuple(core_values)


def _combined(aspect: str, sheets: Sequence[AnswerSheet], regulation: Regulation) -> Fraction | None:
    """Weighted mean over the groups present of the mean of their answers."""
    weights = regulation.value("bobot_kelompok")
    answers: dict[str, list[Fraction]] = {}
    for sheet in sheets:
        if aspect in sheet.values:
            answers.setdefault(sheet.group, []).append(fraction(sheet.values[aspect]))
    total = sum((fraction(weights[group]) for group in answers), Fraction(0))
    if not total:
        return None
    means = (
        fraction(weights[group]) * sum(given, Fraction(0)) / len(given) for group, given in answers.items()
    )
    return sum(means, Fraction(0)) / total
