"""NKP of one employee and period, step by step (KMK 127/2026, structure of KMK 300/2022)."""

from dataclasses import dataclass
from fractions import Fraction

from kinerja.rules.exact import Number, display_against, fraction, short
from kinerja.rules.nhk import bounded
from kinerja.rules.penalty import correction
from kinerja.rules.predicate import ABOVE, AS_EXPECTED, BELOW, quadrant
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_
from kinerja.rules.working import (
    NKO_BELUM_ADA,
    NPK_BELUM_ADA,
    TANPA_INDIKATOR,
    Part,
    Score,
    Suggestion,
    empty,
    scored,
)

TIERS = ("tier1", "tier2")


@dataclass(frozen=True)
class Adjustment:
    """Points: penalty and impact are taken off (>= 0), the correction is added (cut to -5..+5)."""

    penalty: Number = 0
    impact: Number = 0
    correction: Number = 0


@dataclass(frozen=True)
class NkpResult:
    """Everything a determination needs. The ratings are suggestions: PermenPANRB p.97-102 lets the penilai
    set them."""

    start: Score
    result: Score
    nkp: Score
    result_rating: Suggestion
    behaviour_rating: Suggestion
    predicate: str | None


def nkp_start(nhk: Score, npk: Score, regulation: Regulation) -> Score:
    """NKP awal = 0.75 NHK + 0.25 NPK, both calibrated; empty with the reason of the one that is."""
    parts = (*nhk.parts, *npk.parts)
    flags = (*nhk.flags, *npk.flags)
    provisional = nhk.provisional or npk.provisional
    if nhk.exact is None:
        return empty(nhk.reason or TANPA_INDIKATOR, parts, provisional=provisional, flags=flags)
    if npk.exact is None:
        return empty(npk.reason or NPK_BELUM_ADA, parts, provisional=provisional, flags=flags)
    a, b = regulation.number("nkp_bobot_nhk"), regulation.number("nkp_bobot_npk")
    value = a * nhk.exact + b * npk.exact
    part = Part(
        N_("NKP awal"),
        "nkp_awal",
        regulation.parameter("nkp_bobot_nhk").source,
        f"{short(a)} NHK + {short(b)} NPK",
        (("NHK", short(nhk.exact)), ("NPK", short(npk.exact))),
        short(value),
        regulation.status_of("nkp_bobot_nhk", "nkp_bobot_npk"),
    )
    return scored(value, (*parts, part), provisional=provisional, flags=flags)


def adjusted(score: Score, adjustment: Adjustment, regulation: Regulation) -> Score:
    """hasil = value - penalty - impact + correction inside 0..120; unchanged where adjustments are switched
    off."""
    if score.exact is None or regulation.text("pakai_penyesuaian") != "ya":
        return score
    plus = correction(adjustment.correction, regulation)
    minus = (fraction(adjustment.penalty), fraction(adjustment.impact))
    raw = score.exact - minus[0] - minus[1] + plus
    value, cut = bounded(raw, regulation)
    part = Part(
        N_("Hasil setelah penyesuaian"),
        "penyesuaian",
        regulation.parameter("pakai_penyesuaian").source,
        "nilai - hukdis - dampak + koreksi",
        (
            (N_("nilai"), short(score.exact)),
            (N_("hukdis"), short(minus[0])),
            (N_("dampak"), short(minus[1])),
            (N_("koreksi"), short(plus)),
        ),
        short(raw),
        regulation.status_of("pakai_penyesuaian", "koreksi_batas", "dampak_bagian"),
    )
    return scored(
        value,
        (*score.parts, part, *cut),
        provisional=score.provisional,
        flags=score.flags,
    )


def with_organisation(score: Score, nko: Score, tier: str, regulation: Regulation) -> Score:
    """(1 - w) x value + w x NKO inside 0..120; w by tier when value >= NKO, else the low share.

    Empty NKO: NKO_BELUM_ADA. Raises ValueError for an unknown tier.
    """
    if tier not in TIERS:
        raise ValueError(f"unknown tier {tier}")
    parts = (*score.parts, *nko.parts)
    if score.exact is None:
        return empty(
            score.reason or TANPA_INDIKATOR,
            parts,
            provisional=score.provisional,
            flags=score.flags,
        )
    if nko.exact is None:
        return empty(NKO_BELUM_ADA, parts, provisional=True, flags=score.flags)
    parameter = regulation.parameter("nkp_bobot_nko")
    branch = tier if score.exact >= nko.exact else "di_bawah"
    w = fraction(parameter.value[branch])
    raw = (1 - w) * score.exact + w * nko.exact
    value, cut = bounded(raw, regulation)
    part = Part(
        N_("Bagian NKO"),
        parameter.code,
        parameter.source,
        "(1 - w) x nilai + w x NKO",
        (
            (N_("nilai"), display_against(score.exact, nko.exact)),
            ("NKO", short(nko.exact)),
            ("w", short(w)),
            (N_("cabang"), branch),
        ),
        short(raw),
        parameter.status,
    )
    provisional = score.provisional or nko.provisional
    return scored(
        value,
        (*parts, part, *cut),
        provisional=provisional,
        flags=(*score.flags, *nko.flags),
    )


def rating_of(score: Score, regulation: Regulation) -> Suggestion:
    """``diatas`` above 100, ``dibawah`` under 90, else ``sesuai``; exact comparison, the bounds are
    Sesuai."""
    if score.exact is None:
        return Suggestion(None, score.reason, score.provisional, score.parts, score.flags)
    high, low = regulation.number("rating_atas"), regulation.number("rating_bawah")
    code = ABOVE if score.exact > high else BELOW if score.exact < low else AS_EXPECTED
    near = high if abs(score.exact - high) < abs(score.exact - low) else low
    part = Part(
        N_("Rating"),
        "rating_batas",
        regulation.parameter("rating_atas").source,
        f"> {short(high)} / {short(low)}..{short(high)} / < {short(low)}",
        ((N_("nilai"), display_against(score.exact, near)),),
        regulation.value("rating_label")[code],
        regulation.status_of("rating_atas", "rating_bawah", "rating_tahap"),
    )
    return Suggestion(code, None, score.provisional, (*score.parts, part), score.flags)


def nkp(
    nhk: Score,
    npk: Score,
    nko: Score,
    tier: str,
    regulation: Regulation,
    adjustment: Adjustment | None = None,
) -> NkpResult:
    """All steps for one employee and period; ``nhk`` and ``npk`` calibrated, ``nko`` that of his
    organisation."""
    change = adjustment or Adjustment()
    start = nkp_start(nhk, npk, regulation)
    result = adjusted(start, change, regulation)
    total = with_organisation(result, nko, tier, regulation)
    ratings = [_component_rating(score, nko, tier, change, regulation) for score in (nhk, npk)]
    predicate = quadrant(ratings[0].value, ratings[1].value, regulation)
    return NkpResult(start, result, total, ratings[0], ratings[1], predicate)


def _component_rating(
    score: Score, nko: Score, tier: str, adjustment: Adjustment, regulation: Regulation
) -> Suggestion:
    own = adjusted(score, adjustment, regulation)
    if regulation.text("rating_tahap") == "sebelum":
        return rating_of(own, regulation)
    if nko.exact is None and own.exact is not None and regulation.text("saran_tanpa_nko") == "ya":
        alone = rating_of(own, regulation)
        return Suggestion(alone.value, None, True, alone.parts, (*alone.flags, NKO_BELUM_ADA))
    return rating_of(with_organisation(own, nko, tier, regulation), regulation)


def gap_to_organisation(result: Score, nko: Score) -> Fraction | None:
    """hasil - NKO, whose sign chooses the branch of w; None when one is empty."""
    return None if result.exact is None or nko.exact is None else result.exact - nko.exact
