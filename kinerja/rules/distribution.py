"""The pattern of predicates expected of a unit (SE MenPANRB 3/2023, PermenPANRB 6/2022 p.94-97): a warning
only.

Shares are exact fractions. The fewest persons to move are those of the nearest distribution that keeps all
rules of
the pattern at once; a pattern that no distribution of n persons can keep reports nothing else (method:
asumsi).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kinerja.rules.exact import display_against, fraction
from kinerja.rules.predicate import PREDICATES
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_

MAJORITY, MAX_SHARE, MIN_SHARE, MIN_PERSONS, NONE = (
    "majority",
    "max_share",
    "min_share",
    "min_persons",
    "none",
)


@dataclass(frozen=True)
class Breach:
    """One rule that is not kept: which predicates, how many persons, their share of n, and the sentence."""

    rule: str
    predicates: tuple[str, ...]
    count: int
    share: Fraction
    message: str
    params: Mapping[str, str]

    @property
    def text(self) -> str:
        """The Indonesian sentence with its holes filled."""
        return self.message % self.params


@dataclass(frozen=True)
class DistributionCheck:
    """``attainable`` False: "pola tidak dapat dipenuhi untuk n orang", and no breach is reported.

    ``moves`` is the fewest persons whose predicate would have to differ, 0 without a breach. ``nearest`` is
    one
    distribution with that few moves, for the simulation.
    """

    n: int
    counts: Mapping[str, int]
    attainable: bool
    breaches: tuple[Breach, ...]
    moves: int
    nearest: Mapping[str, int]
    source: str

    @property
    def unattainable_text(self) -> str:
        """The sentence for a pattern that n persons cannot keep, "" otherwise."""
        return "" if self.attainable else N_("pola tidak dapat dipenuhi untuk %(n)s orang") % {"n": self.n}


def check_distribution(pattern: str, counts: Mapping[str, int], regulation: Regulation) -> DistributionCheck:
    """Compare the counts per predicate code with the pattern of the organisation predicate ``pattern``.

    n = 0 reports nothing. Raises KeyError for an unknown pattern, ValueError for an unknown predicate or a
    negative count.
    """
    if set(counts) - set(PREDICATES) or any(count < 0 for count in counts.values()):
        raise ValueError("counts belong to the five predicates and are not negative")
    parameter = regulation.parameter("pola_distribusi")
    rules: tuple[Mapping[str, Any], ...] = parameter.value[pattern]
    full = {code: counts.get(code, 0) for code in PREDICATES}
    n = sum(full.values())
    if n == 0:
        return DistributionCheck(0, full, True, (), 0, full, parameter.source)
    nearest = _nearest(rules, full, n)
    if nearest is None:
        return DistributionCheck(n, full, False, (), 0, full, parameter.source)
    breaches = tuple(breach for rule in rules if (breach := _breach(rule, full, n, regulation)))
    moves = sum(max(0, nearest[code] - full[code]) for code in PREDICATES)
    return DistributionCheck(n, full, True, breaches, moves, nearest, parameter.source)


def curve(pattern: str, regulation: Regulation) -> tuple[int, ...]:
    """Heights for the picture: sangat kurang, kurang, butuh perbaikan, baik, sangat baik."""
    heights: tuple[int, ...] = regulation.value("kurva_distribusi")[pattern]
    return heights


def _keeps(rule: Mapping[str, Any], counts: Mapping[str, int], n: int) -> bool:
    codes = rule["predicates"]
    count = sum(counts[code] for code in codes)
    if rule["kind"] == MAJORITY:
        return all(count > counts[code] for code in PREDICATES if code not in codes)
    if rule["kind"] == MAX_SHARE:
        return Fraction(count, n) <= fraction(rule["share"])
    if rule["kind"] == MIN_SHARE:
        return Fraction(count, n) >= fraction(rule["share"])
    return count >= rule["persons"] if rule["kind"] == MIN_PERSONS else count == 0


_MESSAGES = {
    MAJORITY: N_("%(labels)s %(count)s orang (%(share)s %%) bukan yang terbanyak"),
    MAX_SHARE: N_("%(labels)s %(count)s orang (%(share)s %%), lebih dari %(limit)s %%"),
    MIN_SHARE: N_("%(labels)s %(count)s orang (%(share)s %%), kurang dari %(limit)s %%"),
    MIN_PERSONS: N_("%(labels)s %(count)s orang (%(share)s %%), paling sedikit %(limit)s orang"),
    NONE: N_("%(labels)s %(count)s orang (%(share)s %%), seharusnya tidak ada"),
}


def _breach(
    rule: Mapping[str, Any], counts: Mapping[str, int], n: int, regulation: Regulation
) -> Breach | None:
    if _keeps(rule, counts, n):
        return None
    codes = tuple(rule["predicates"])
    count = sum(counts[code] for code in codes)
    share = Fraction(count, n)
    limit = fraction(rule["share"]) * 100 if "share" in rule else Fraction(rule.get("persons", 0))
    names = regulation.value("predikat_label")
    params = {
        "labels": " + ".join(names[code] for code in codes),
        "count": str(count),
        "share": display_against(share * 100, limit, 0),
        "limit": display_against(limit, share * 100, 0),
    }
    return Breach(rule["kind"], codes, count, share, _MESSAGES[rule["kind"]], params)


@dataclass
class _Box:
    """Bounds per predicate that together mean all rules are kept."""

    low: dict[str, int]
    high: dict[str, int]

    def tighten(self, code: str, low: int = 0, high: int | None = None) -> None:
        self.low[code] = max(self.low[code], low)
        if high is not None:
            self.high[code] = min(self.high[code], high)

    def nearest(self, counts: Mapping[str, int], n: int) -> dict[str, int] | None:
        """The point of the box with sum n closest to ``counts``: the greater of what lacks and what exceeds
        moves."""
        if any(self.low[code] > self.high[code] for code in PREDICATES):
            return None
        if not sum(self.low.values()) <= n <= sum(self.high.values()):
            return None
        point = {code: min(max(counts[code], self.low[code]), self.high[code]) for code in PREDICATES}
        spare = n - sum(point.values())
        for code in PREDICATES:
            step = (
                min(spare, self.high[code] - point[code])
                if spare > 0
                else max(spare, self.low[code] - point[code])
            )
            point[code] += step
            spare -= step
        return point


def _nearest(
    rules: tuple[Mapping[str, Any], ...], counts: Mapping[str, int], n: int
) -> dict[str, int] | None:
    """The nearest distribution of n persons that keeps every rule, None when there is none."""
    best: dict[str, int] | None = None
    best_moves = n + 1
    for box in _boxes(rules, counts, n):
        point = box.nearest(counts, n)
        if point is None:
            continue
        moves = sum(max(0, point[code] - counts[code]) for code in PREDICATES)
        if moves < best_moves:
            best, best_moves = point, moves
    return best


def _boxes(rules: tuple[Mapping[str, Any], ...], counts: Mapping[str, int], n: int) -> Iterator[_Box]:
    """Every way to turn the rules into bounds: one per size of the leading predicate, when a rule names
    one."""
    leader = next((rule["predicates"][0] for rule in rules if rule["kind"] == MAJORITY), None)
    for size in range(n + 1) if leader else (0,):
        box = _Box(dict.fromkeys(PREDICATES, 0), dict.fromkeys(PREDICATES, n))
        if leader:
            box.tighten(leader, size, size)
            for code in PREDICATES:
                if code != leader:
                    box.tighten(code, 0, size - 1)
        groups: list[tuple[tuple[str, ...], int]] = []
        for rule in rules:
            codes = rule["predicates"]
            if rule["kind"] in (MIN_SHARE, MIN_PERSONS):
                persons = (
                    rule["persons"] if rule["kind"] == MIN_PERSONS else -(-fraction(rule["share"]) * n // 1)
                )
                groups.append((codes, int(persons)))
            elif rule["kind"] != MAJORITY:
                top = 0 if rule["kind"] == NONE else int(fraction(rule["share"]) * n // 1)
                box.tighten(codes[0], 0, top)
        for codes, persons in groups:
            _share_out(box, codes, persons, counts)
        yield box


def _share_out(box: _Box, codes: tuple[str, ...], persons: int, counts: Mapping[str, int]) -> None:
    """Lower bounds of a group: first where persons already are, then where there is room."""
    left = persons
    for code in codes:
        step = min(left, counts[code], box.high[code])
        box.tighten(code, step)
        left -= step
    for index, code in enumerate(codes):
        last = index == len(codes) - 1
        step = left if last else min(left, max(0, box.high[code] - box.low[code]))
        box.low[code] += step
        left -= step
