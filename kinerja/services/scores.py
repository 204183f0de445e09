"""Capaian of one indicator at the end of a slot, remembered: it is asked for again with every step of its documents."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from kinerja.rules import scoring
from kinerja.rules.capaian import STABILIZE
from kinerja.rules.regulation import Regulation
from kinerja.rules.working import Score

REMEMBERED = 8192
Figures = tuple[Score, Decimal | None, Decimal | None]


class _Law:
    """A rule set as a key: the same object is the same law; comparing all that it holds would cost too much."""

    def __init__(self, regulation: Regulation):
        self.regulation = regulation

    def __hash__(self) -> int:
        return id(self.regulation)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Law) and other.regulation is self.regulation


def score(
    consolidation: str,
    polarity: str,
    targets: Sequence[Decimal | None],
    values: Sequence[Decimal | None],
    until: int,
    regulation: Regulation,
) -> Figures:
    """Capaian at the end of slot number `until`, with the consolidated target and realisation behind it."""
    return _score(consolidation, polarity, tuple(targets), tuple(values), until, _Law(regulation))


@lru_cache(maxsize=REMEMBERED)
def _score(
    consolidation: str,
    polarity: str,
    targets: tuple[Decimal | None, ...],
    values: tuple[Decimal | None, ...],
    until: int,
    law: _Law,
) -> Figures:
    regulation = law.regulation
    joined = scoring.consolidate(consolidation, targets, values, until, regulation)
    scale = None
    if polarity == STABILIZE and "skala_contoh" in regulation:
        scale = [tuple(point) for point in regulation.value("skala_contoh")]
    found = scoring.capaian(
        joined.realisation, joined.target, polarity, regulation, scale=scale, working=joined.parts
    )
    return (
        found,
        None if joined.target is None else scoring.rounded(joined.target),
        None if joined.realisation is None else scoring.rounded(joined.realisation),
    )
