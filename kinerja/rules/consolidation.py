"""Consolidation of targets and realisations to the end of a period (KMK 127/2026 h.37-38; others by
analogy)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kinerja.rules.exact import Number, fraction, short
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_
from kinerja.rules.working import REALISASI_KOSONG, TARGET_KOSONG, Part, Score, empty, scored

SUM, AVERAGE, TAKE_LAST = "sum", "average", "take_last_known"
METHODS = (SUM, AVERAGE, TAKE_LAST)
RAW_DATA = "raw_data"


@dataclass(frozen=True)
class RawData:
    """The raw data of one place: what the indicator counts, and what it is divided by (None: it only counts)."""

    counted: Number
    divisor: Number | None = None


@dataclass(frozen=True)
class Consolidated:
    """Target and realisation up to a period, or the reason why one is empty. Units are those of the
    indicator."""

    target: Fraction | None
    realisation: Fraction | None
    reason: str | None
    parts: tuple[Part, ...]

    @property
    def provisional(self) -> bool:
        """A result that must do without this indicator is ``sementara``."""
        return self.reason is not None


def consolidate(
    method: str,
    targets: Sequence[Decimal | None],
    realisations: Sequence[Decimal | None],
    until: int,
    regulation: Regulation,
) -> Consolidated:
    """Consolidate periods 1..``until``; only periods having a target count.

    ``targets`` and ``realisations`` hold one entry per period in order, None where there is none. A counted
    period
    without realisation leaves the whole indicator without one; for take_last_known the last period with a
    target
    is the one that counts. Raises ValueError for an unknown method or a period outside the lists.
    """
    if method not in METHODS:
        raise ValueError(f"unknown consolidation {method}")
    if len(targets) != len(realisations) or not 1 <= until <= len(targets):
        raise ValueError(
            "targets and realisations need one entry per period, and the period must be among them"
        )
    pairs = [(t, r) for t, r in zip(targets[:until], realisations[:until], strict=True) if t is not None]
    if method == TAKE_LAST:
        pairs = pairs[-1:]
    if not pairs:
        return Consolidated(None, None, TARGET_KOSONG, ())
    target = _joined(method, [fraction(t) for t, _ in pairs])
    known = [fraction(r) for _, r in pairs if r is not None]
    realisation = _joined(method, known) if len(known) == len(pairs) else None
    part = Part(
        N_("Konsolidasi"),
        "konsolidasi",
        regulation.parameter("konsolidasi").source,
        method,
        (
            (N_("sampai periode"), str(until)),
            ("T", " ; ".join(short(t) for t, _ in pairs)),
            ("R", " ; ".join("–" if r is None else short(r) for _, r in pairs)),
        ),
        f"T = {short(target)}; R = {'–' if realisation is None else short(realisation)}",
        regulation.status_of("konsolidasi"),
    )
    reason = None if realisation is not None else REALISASI_KOSONG
    return Consolidated(target, realisation, reason, (part,))


def consolidate_locations(method: str, values: Sequence[Number]) -> Fraction:
    """One value out of those of several units: sum, average or take_last_known.

    ``raw_data`` has no formula here, see :func:`join_raw_data`. Raises ValueError for it, for an unknown method, and
    for no values.
    """
    if method not in METHODS or not values:
        raise ValueError(f"locations cannot be joined by {method} over {len(values)} values")
    return _joined(method, [fraction(value) for value in values])


def join_locations(method: str, values: Sequence[Number | None], regulation: Regulation) -> Score:
    """:func:`consolidate_locations` with its working; a place that counts and has no value: REALISASI_KOSONG.

    ``values`` in the order of the places; for take_last_known the last place is the one that counts. Raises
    ValueError as there.
    """
    counted = values[-1:] if method == TAKE_LAST else values
    known = [value for value in counted if value is not None]
    joined = consolidate_locations(method, known) if known or not values else None
    value = joined if len(known) == len(counted) else None
    shown = " ; ".join("–" if one is None else short(one) for one in values)
    part = _location_part(method, ((N_("nilai lokasi"), shown),), value, regulation)
    return empty(REALISASI_KOSONG, (part,)) if value is None else scored(value, (part,))


def join_raw_data(places: Sequence[RawData], factor: Number, regulation: Regulation) -> Score:
    """``raw_data``: the indicator's own formula once over the summed raw data, never the mean of its results.

    The formula is factor x counted / divisor, or factor x counted for an indicator that only counts; a percentage has
    factor 100. A sum of divisors of 0: REALISASI_KOSONG. Raises ValueError for no places, and when only some of them
    have a divisor.
    """
    divisors = [fraction(place.divisor) for place in places if place.divisor is not None]
    if not places or len(divisors) not in (0, len(places)):
        raise ValueError("raw data needs places, and a divisor in all of them or in none")
    counted = sum((fraction(place.counted) for place in places), Fraction(0))
    divisor = sum(divisors, Fraction(0)) if divisors else Fraction(1)
    inputs: tuple[tuple[str, str], ...] = (
        (N_("jumlah pembilang"), short(counted)),
        *(((N_("jumlah penyebut"), short(divisor)),) if divisors else ()),
        (N_("faktor"), short(factor)),
    )
    value = fraction(factor) * counted / divisor if divisor else None
    part = _location_part(RAW_DATA, inputs, value, regulation)
    return empty(REALISASI_KOSONG, (part,)) if value is None else scored(value, (part,))


def _location_part(
    method: str, inputs: tuple[tuple[str, str], ...], value: Fraction | None, regulation: Regulation
) -> Part:
    parameter = regulation.parameter("konsolidasi")
    return Part(
        N_("Konsolidasi lokasi"),
        "konsolidasi_lokasi",
        parameter.source,
        method,
        inputs,
        None if value is None else short(value),
        parameter.status,
    )


def trajectory_total(method: str, trajectory: Sequence[Decimal | None]) -> Fraction | None:
    """What the trajectory of a year comes to under ``method``; None when no period has a target (PK-8)."""
    known = [fraction(value) for value in trajectory if value is not None]
    if method not in METHODS:
        raise ValueError(f"unknown consolidation {method}")
    return _joined(method, known) if known else None


def _joined(method: str, values: Sequence[Fraction]) -> Fraction:
    if method == TAKE_LAST:
        return values[-1]
    total = sum(values, Fraction(0))
    return total / len(values) if method == AVERAGE else total
