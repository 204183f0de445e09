"""NHK: value of results from capaian and K3, and its calibration to a ceiling (KMK 127/2026 h.125-126,
139)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kinerja.rules.capaian import clamp, clamp_step
from kinerja.rules.exact import Number, display, fraction, short
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_, token
from kinerja.rules.working import TANPA_INDIKATOR, Part, Score, empty, scored


@dataclass(frozen=True)
class NhkItem:
    """One indicator: its capaian and K3, and the days (>= 0) it was in force; ``label`` is what a page
    shows."""

    label: str
    capaian: Score
    k3: Score
    days: int = 1


@dataclass(frozen=True)
class Share:
    """An indicator that counts: q = min(120, capaian x K3), and its share of the sum (0..1)."""

    item: NhkItem
    q: Fraction
    share: Fraction


def nhk_shares(items: Sequence[NhkItem], regulation: Regulation) -> tuple[Share, ...]:
    """The indicators that count with q and share; K3 acts on the score and on the weight. Shares sum to 1."""
    counted = [
        item
        for item in items
        if item.capaian.exact is not None and item.k3.exact is not None and item.days > 0
    ]
    weights = [_exact(item.k3) * item.days for item in counted]
    total = sum(weights, Fraction(0))
    top = regulation.number("capaian_batas_atas")
    return tuple(
        Share(item, min(top, _exact(item.capaian) * _exact(item.k3)), weight / total)
        for item, weight in zip(counted, weights, strict=True)
    )


def nhk(items: Sequence[NhkItem], regulation: Regulation) -> Score:
    """NHK awal, 0..120. Those without capaian or K3 are left out (sementara, as with a provisional one); none left:
    TANPA_INDIKATOR."""
    own = [part for item in items for part in (*item.capaian.parts, *item.k3.parts)]
    flags = [flag for item in items for flag in (*item.capaian.flags, *item.k3.flags)]
    shares = nhk_shares(items, regulation)
    counted = [score for share in shares for score in (share.item.capaian, share.item.k3)]
    provisional = len(shares) < len(items) or any(score.provisional for score in counted)
    if not shares:
        return empty(TANPA_INDIKATOR, own, provisional=provisional, flags=flags)
    parameter = regulation.parameter("nhk_rumus")
    value = min(
        sum((s.q * s.share for s in shares), Fraction(0)),
        regulation.number("capaian_batas_atas"),
    )
    inputs = tuple((s.item.label, f"{short(s.q)} x {display(s.share * 100)} %") for s in shares)
    part = Part(
        N_("NHK awal"),
        parameter.code,
        parameter.source,
        parameter.value,
        inputs,
        short(value),
        parameter.status,
    )
    return scored(value, (*own, part), provisional=provisional, flags=flags)


def nhk_segments(segments: Sequence[tuple[Score, int]], regulation: Regulation) -> Score:
    """NHK of a year over several SKP, weighted by their days; a segment without NHK is left out
    (sementara)."""
    own = [part for score, _ in segments for part in score.parts]
    known = [(score.exact, days) for score, days in segments if score.exact is not None and days > 0]
    if not known:
        return empty(TANPA_INDIKATOR, own)
    value = sum((exact * days for exact, days in known), Fraction(0)) / sum(days for _, days in known)
    parameter = regulation.parameter("nhk_segmen")
    part = Part(
        N_("NHK tahun"),
        parameter.code,
        parameter.source,
        "jumlah (NHK x hari) / jumlah hari",
        tuple((f"{days} hari", short(exact)) for exact, days in known),
        short(value),
        parameter.status,
    )
    left_out = len(known) < len(segments) or any(score.provisional for score, _ in segments)
    return scored(value, (*own, part), provisional=left_out)


def ceiling_of(post_group: str, post_rank: str, regulation: Regulation) -> Fraction:
    """Ceiling of calibration by post: 120 for Menteri, Wakil Menteri, JPT Madya, else 115 (h.139)."""
    table = regulation.value("kalibrasi_batas")
    group, rank = token(post_group), token(post_rank)
    for key in (rank, group, f"{group}_{rank}"):
        if key in table and key != "lain":
            return fraction(table[key])
    return fraction(table["lain"])


def calibrate(score: Score, ceiling: Number, regulation: Regulation) -> Score:
    """NHK or NPK compressed above 100 so that 120 becomes ``ceiling``; at most 100 unchanged; empty stays
    empty."""
    if score.exact is None:
        return score
    v, top = score.exact, fraction(ceiling)
    value = v if v <= 100 else 100 + (v - 100) * (top - 100) / 20
    parameter = regulation.parameter("kalibrasi_rumus")
    part = Part(
        N_("Kalibrasi ke batas atas"),
        parameter.code,
        parameter.source,
        parameter.value,
        (("v", short(v)), ("C", short(top))),
        short(value),
        regulation.status_of("kalibrasi_rumus", "kalibrasi_batas"),
    )
    return scored(value, (*score.parts, part), provisional=score.provisional, flags=score.flags)


def bounded(value: Fraction, regulation: Regulation) -> tuple[Fraction, tuple[Part, ...]]:
    """``value`` inside 0..120 with the step that says so, when it was cut."""
    inside = clamp(value, regulation)
    return inside, (() if inside == value else (clamp_step(value, inside, regulation),))


def _exact(score: Score) -> Fraction:
    if score.exact is None:
        raise ValueError("an empty score has no exact value")
    return score.exact
