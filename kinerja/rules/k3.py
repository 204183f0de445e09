"""Kualitas Komitmen Kinerja (K3): weight of the indicator and of its target (KMK 127/2026 h.70-75, 123)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kinerja.rules.capaian import MINIMIZE, POLARITIES, STABILIZE
from kinerja.rules.exact import fraction, short
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_
from kinerja.rules.working import (
    MOHON_KONFIRMASI,
    PASANGAN_TERLARANG,
    RIWAYAT_KOSONG,
    TANPA_INDIKATOR,
    TARGET_KOSONG,
    Part,
    Score,
    empty,
    scored,
)

VALIDITIES = ("exact", "proxy", "activity")
CONTROLS = ("low", "moderate", "high")
LAMA, NEW_WITHOUT, NEW_WITH = "lama", "baru_tanpa_riwayat", "baru_dengan_riwayat"
MANDATORY = "mandatory"
FIXED_BY_OTHERS = ("ditetapkan_peraturan", "target_maksimum", "stabil")
TARGET_STATUSES = (LAMA, NEW_WITHOUT, NEW_WITH, MANDATORY, *FIXED_BY_OTHERS)


@dataclass(frozen=True)
class TargetFacts:
    """What the weight of a target needs: this year's target, last year's target and realisation, in one
    unit."""

    status: str
    polarity: str
    target: Decimal | None
    target_y1: Decimal | None = None
    realisation_y1: Decimal | None = None


def pair_allowed(validity: str, control: str, regulation: Regulation) -> bool:
    """Whether the table has a weight for the pair. Raises ValueError for an unknown word."""
    if validity not in VALIDITIES or control not in CONTROLS:
        raise ValueError(f"unknown validity or control: {validity}, {control}")
    return control in regulation.value("bobot_mutu_indikator")[validity]


def quality_weight(validity: str, control: str, regulation: Regulation) -> Score:
    """Weight of the indicator (Tabel 14); empty PASANGAN_TERLARANG for a pair without one."""
    parameter = regulation.parameter("bobot_mutu_indikator")
    inputs = ((N_("validitas"), validity), (N_("kendali"), control))
    if not pair_allowed(validity, control, regulation):
        part = Part(
            N_("Bobot kualitas indikator"),
            parameter.code,
            parameter.source,
            "",
            inputs,
            None,
            parameter.status,
        )
        return empty(PASANGAN_TERLARANG, (part,))
    value = fraction(parameter.value[validity][control])
    part = Part(
        N_("Bobot kualitas indikator"),
        parameter.code,
        parameter.source,
        "",
        inputs,
        short(value),
        parameter.status,
    )
    return scored(value, (part,))


def target_weight(facts: TargetFacts, regulation: Regulation) -> Score:
    """Weight of the target (Tabel 15), 0.8..1.2, in the order of the rule.

    Empty TARGET_KOSONG, or RIWAYAT_KOSONG when the history it needs is missing; flag MOHON_KONFIRMASI when
    all
    three numbers are equal, a case the table does not know. Raises ValueError for an unknown status or
    polarity.
    """
    if facts.status not in TARGET_STATUSES or facts.polarity not in POLARITIES:
        raise ValueError(f"unknown target status or polarity: {facts.status}, {facts.polarity}")
    if facts.status in FIXED_BY_OTHERS:
        return _target_score("bobot_target_ditetapkan", facts, regulation)
    if facts.status == NEW_WITHOUT:
        return _target_score("bobot_target_baru", facts, regulation)
    if facts.polarity == STABILIZE:
        return _target_score("bobot_target_stabilize", facts, regulation)
    if facts.target is None:
        return empty(TARGET_KOSONG)
    before = facts.realisation_y1 if facts.status == NEW_WITH else facts.target_y1
    if before is None or facts.realisation_y1 is None:
        return empty(RIWAYAT_KOSONG)
    sign = -1 if facts.polarity == MINIMIZE else 1
    row = _row(
        sign * fraction(facts.target),
        sign * fraction(before),
        sign * fraction(facts.realisation_y1),
    )
    score = _target_score(row, facts, regulation)
    minimum = regulation.number("bobot_target_mandatory_minimum")
    if facts.status == MANDATORY and score.exact is not None and score.exact < minimum:
        raised = _target_score("bobot_target_mandatory_minimum", facts, regulation)
        return scored(minimum, (*score.parts, *raised.parts), flags=score.flags)
    return score


def k3(quality: Score, target: Score, regulation: Regulation) -> Score:
    """K3 of one indicator: the mean of its two weights; empty with the first reason when one is empty."""
    parts = (*quality.parts, *target.parts)
    flags = (*quality.flags, *target.flags)
    if quality.exact is None or target.exact is None:
        return empty(quality.reason or target.reason or RIWAYAT_KOSONG, parts, flags=flags)
    value = (quality.exact + target.exact) / 2
    parameter = regulation.parameter("k3_rumus")
    part = Part(
        N_("K3"),
        parameter.code,
        parameter.source,
        parameter.value,
        ((N_("bobot indikator"), short(quality.exact)), (N_("bobot target"), short(target.exact))),
        short(value),
        parameter.status,
    )
    return scored(value, (*parts, part), flags=flags)


def k3_label(score: Score, regulation: Regulation) -> str | None:
    """``sangat berkualitas`` above 1, ``berkualitas`` at exactly 1, ``cukup berkualitas`` below; None
    without K3."""
    if score.exact is None:
        return None
    key = "di_atas" if score.exact > 1 else "sama" if score.exact == 1 else "di_bawah"
    return str(regulation.value("k3_label")[key])


def k3_average(scores: Sequence[Score], regulation: Regulation) -> Score:
    """Mean K3 of an SKP or PK; those without are left out (sementara), none left: TANPA_INDIKATOR."""
    known = [score.exact for score in scores if score.exact is not None]
    if not known:
        return empty(TANPA_INDIKATOR)
    value = sum(known, Fraction(0)) / len(known)
    parameter = regulation.parameter("k3_label")
    part = Part(
        N_("K3 rata-rata"),
        "k3_rata_rata",
        parameter.source,
        "rata-rata K3",
        (("K3", " ; ".join(short(item) for item in known)),),
        short(value),
        parameter.status,
    )
    return scored(value, (part,), provisional=len(known) < len(scores))


def _row(t: Fraction, t1: Fraction, r1: Fraction) -> str:
    """The row of Tabel 15; signs are already reversed for minimize."""
    if t > t1:
        return (
            "naik_di_atas_realisasi"
            if t > r1
            else "naik_sama_realisasi"
            if t == r1
            else "naik_di_bawah_realisasi"
        )
    if t < t1:
        return "turun"
    if r1 == t1:
        return "bobot_target_sama_semua"
    return "tetap_realisasi_di_bawah" if r1 < t1 else "tetap_realisasi_di_atas"


def _target_score(row: str, facts: TargetFacts, regulation: Regulation) -> Score:
    table = "bobot_mutu_target"
    parameter = regulation.parameter(row if row in regulation else table)
    value = fraction(parameter.value if row in regulation else parameter.value[row])
    numbers = (
        ("T", facts.target),
        ("T1", facts.target_y1),
        ("R1", facts.realisation_y1),
    )
    inputs = (
        (N_("status target"), facts.status),
        (N_("polarisasi"), facts.polarity),
        *((name, short(number)) for name, number in numbers if number is not None),
    )
    part = Part(
        N_("Bobot kualitas target"),
        parameter.code,
        parameter.source,
        row,
        inputs,
        short(value),
        parameter.status,
    )
    flags = (MOHON_KONFIRMASI,) if row == "bobot_target_sama_semua" else ()
    return scored(value, (part,), flags=flags)
