"""Capaian: realisation against target as an index of 0..120 (KMK 127/2026 h.67-70; others by analogy)."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from kinerja.rules.exact import Number, fraction, short
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_
from kinerja.rules.working import (
    ARAH_TERBALIK,
    BATAS_TERBURUK_KOSONG,
    REALISASI_KOSONG,
    SKALA_KOSONG,
    TANPA_RUMUS,
    TARGET_KOSONG,
    TARGET_NOL,
    Part,
    Score,
    empty,
    scored,
)

MAXIMIZE, MINIMIZE, STABILIZE = "maximize", "minimize", "stabilize"
POLARITIES = (MAXIMIZE, MINIMIZE, STABILIZE)
Scale = Sequence[tuple[Number, Number]]


def capaian(
    realisation: Number | None,
    target: Number | None,
    polarity: str,
    regulation: Regulation,
    *,
    worst: Number | None = None,
    scale: Scale | None = None,
    convert_120: bool = False,
    working: Sequence[Part] = (),
) -> Score:
    """The index of one indicator, 0..120; both numbers consolidated and in the unit of the indicator.

    ``worst`` (> 0) is needed for minimize with target 0; ``scale`` (points Ca, index) for stabilize;
    ``convert_120`` only for an indicator that cannot exceed its target. ``working`` is put before the own
    steps.
    A zero is a realisation; None is not. A rule set without formulas gives no index: TANPA_RUMUS, with the comparison
    that it does ask for. Raises ValueError for an unknown polarity or a scale with equal Ca.
    """
    if polarity not in POLARITIES:
        raise ValueError(f"unknown polarity {polarity}")
    if target is None:
        return empty(TARGET_KOSONG, working)
    if realisation is None:
        return empty(REALISASI_KOSONG, working)
    r, t = fraction(realisation), fraction(target)
    inputs: tuple[tuple[str, str], ...] = (("R", short(r)), ("T", short(t)))
    if f"rumus_{polarity}" not in regulation:
        return empty(TANPA_RUMUS, (*working, comparison(r, t, polarity, regulation)))
    if convert_120 and target_met(r, t, polarity):
        part = _step(regulation, "rumus_konversi_120", N_("Konversi 120"), inputs, Fraction(120))
        return scored(120, (*working, part))
    raw: Fraction | str
    flags: list[str] = []
    if polarity == MAXIMIZE:
        raw = _maximize(r, t)
    elif polarity == MINIMIZE:
        raw = _minimize(r, t, None if worst is None else fraction(worst))
        if t == 0 and worst is not None:
            inputs = (*inputs, ("W", short(worst)))
        if t < 0:
            flags.append(ARAH_TERBALIK)
    else:
        raw = _stabilize(r, t, scale)
        if scale:
            points = " ; ".join(f"({short(ca)}, {short(index)})" for ca, index in scale)
            inputs = (*inputs, ("skala", points))
    if isinstance(raw, str):
        return empty(raw, working, flags=flags)
    parts = [
        *working,
        _step(regulation, f"rumus_{polarity}", N_("Capaian"), inputs, raw),
    ]
    value = clamp(raw, regulation)
    if value != raw:
        parts.append(clamp_step(raw, value, regulation))
    return scored(value, parts, flags=flags)


def target_met(realisation: Number, target: Number, polarity: str) -> bool:
    """Whether the target is reached: R >= T, R <= T or R = T by polarity."""
    r, t = fraction(realisation), fraction(target)
    return r >= t if polarity == MAXIMIZE else r <= t if polarity == MINIMIZE else r == t


def better(realisation: Number, target: Number, polarity: str) -> int:
    """1 where R is better than T, 0 where equal, -1 where worse; for stabilize nothing is better than the target."""
    gap = fraction(realisation) - fraction(target)
    if gap == 0:
        return 0
    return 1 if (gap > 0 if polarity == MAXIMIZE else gap < 0 if polarity == MINIMIZE else False) else -1


STANDINGS = {1: N_("Di atas target"), 0: N_("Sesuai target"), -1: N_("Di bawah target")}


def comparison(realisation: Number, target: Number, polarity: str, regulation: Regulation) -> Part:
    """The step that says how a realisation stands to its target, where the rule set asks for no more."""
    parameter = regulation.parameter("capaian_organisasi")
    inputs = (("R", short(fraction(realisation))), ("T", short(fraction(target))))
    standing = STANDINGS[better(realisation, target, polarity)]
    return Part(
        N_("Realisasi dan target"),
        "perbandingan",
        parameter.source,
        polarity,
        inputs,
        standing,
        parameter.status,
    )


def traffic_light(index: Number | None, regulation: Regulation) -> str | None:
    """``hijau``, ``kuning`` or ``merah`` for an index, None without one or without bounds. Exact comparison."""
    if index is None or "lampu_hijau" not in regulation:
        return None
    exact = fraction(index)
    if exact >= regulation.number("lampu_hijau"):
        return "hijau"
    return "kuning" if exact >= regulation.number("lampu_kuning") else "merah"


def light_step(index: Number, regulation: Regulation) -> Part:
    """The step of a working that says which bound gave the traffic light its colour."""
    green, yellow = regulation.number("lampu_hijau"), regulation.number("lampu_kuning")
    light = traffic_light(index, regulation)
    formula = {
        "hijau": f"C >= {short(green)}",
        "kuning": f"{short(yellow)} <= C < {short(green)}",
        "merah": f"C < {short(yellow)}",
    }[light or ""]
    used = ("lampu_hijau",) if light == "hijau" else ("lampu_hijau", "lampu_kuning")
    return Part(
        N_("Lampu"),
        "lampu",
        "; ".join(dict.fromkeys(regulation.parameter(code).source for code in used)),
        formula,
        (("C", short(fraction(index))),),
        light,
        regulation.status_of(*used),
    )


def clamp(value: Fraction, regulation: Regulation) -> Fraction:
    """``value`` kept inside the bounds of the rule set (0..120)."""
    low, high = (
        regulation.number("capaian_batas_bawah"),
        regulation.number("capaian_batas_atas"),
    )
    return max(low, min(high, value))


def clamp_step(before: Fraction, after: Fraction, regulation: Regulation) -> Part:
    """The step of a working that shows a value being cut to its bounds ("150 -> 120")."""
    return Part(
        N_("Dibatasi"),
        "batas",
        regulation.parameter("capaian_batas_atas").source,
        "0..120",
        ((N_("sebelum"), short(before)),),
        short(after),
        regulation.status_of("capaian_batas_atas", "capaian_batas_bawah"),
    )


def _maximize(r: Fraction, t: Fraction) -> Fraction | str:
    if t == 0:
        return TARGET_NOL
    return r * 100 / t if t > 0 else 200 - 100 * r / t


def _minimize(r: Fraction, t: Fraction, worst: Fraction | None) -> Fraction | str:
    if t != 0:
        return 200 - 100 * r / t
    if worst is None or worst <= 0:
        return BATAS_TERBURUK_KOSONG
    return (worst - r) * 100 / worst


def _stabilize(r: Fraction, t: Fraction, scale: Scale | None) -> Fraction | str:
    if t <= 0:
        return TARGET_NOL
    if not scale:
        return SKALA_KOSONG
    ca = 100 * r / t if r <= t else 200 - 100 * r / t
    return interpolate(max(Fraction(0), min(Fraction(100), ca)), scale)


def interpolate(ca: Fraction, scale: Scale) -> Fraction:
    """Index of ``ca`` on the scale: a line from (0, 0) below the first point, the last index above the
    last."""
    points = sorted((fraction(x), fraction(y)) for x, y in scale)
    if len({x for x, _ in points}) != len(points):
        raise ValueError("a scale has each Ca once")
    if points[0][0] > 0:
        points.insert(0, (Fraction(0), Fraction(0)))
    if ca <= points[0][0]:
        return points[0][1]
    for (x1, y1), (x2, y2) in pairwise(points):
        if ca <= x2:
            return y1 + (ca - x1) * (y2 - y1) / (x2 - x1)
    return points[-1][1]


def _step(
    regulation: Regulation,
    key: str,
    label: str,
    inputs: tuple[tuple[str, str], ...],
    value: Fraction,
) -> Part:
    parameter = regulation.parameter(key)
    return Part(
        label,
        key,
        parameter.source,
        parameter.value,
        inputs,
        short(value),
        parameter.status,
    )
