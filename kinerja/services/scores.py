"""Capaian of one indicator at the end of a slot, remembered: it is asked for again with every step of its documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from kinerja.models import Document, Manual
from kinerja.rules import manual as manual_law
from kinerja.rules import scoring
from kinerja.rules.capaian import STABILIZE
from kinerja.rules.regulation import Regulation
from kinerja.rules.working import Score

REMEMBERED = 8192
Figures = tuple[Score, Decimal | None, Decimal | None]


@dataclass(frozen=True)
class Special:
    """What the manual of an indicator adds to its formula: the scale of stabilize, the worst value of a minimize whose
    target is nought, and that it cannot exceed its target."""

    scale: tuple[tuple[Decimal, Decimal], ...] = ()
    worst: Decimal | None = None
    cannot_exceed: bool = False


PLAIN = Special()
# What a statement reads of a manual for `special_of`.
MANUAL_COLUMNS = (Manual.scale, Manual.worst, Manual.cannot_exceed)


def special_of(scale: str | None, worst: Decimal | None, cannot_exceed: bool | None) -> Special:
    """What a manual says in its columns, empty where there is none, as the formula takes it."""
    if not (scale or worst is not None or cannot_exceed):
        return PLAIN
    return Special(manual_law.read_scale(scale or "") or (), worst, bool(cannot_exceed))


def in_force_for(iki_id: Any) -> Any:
    """The condition that a `Manual` is the one in force of this IKI; at most one row, so it multiplies nothing."""
    version, document = sa.orm.aliased(Manual), sa.orm.aliased(Document)
    return Manual.document_id == (
        sa.select(version.document_id)
        .join(document, document.id == version.document_id)
        .where(version.iki_id == iki_id, document.state == manual_law.IN_FORCE)
        .limit(1)
        .scalar_subquery()
    )


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
    special: Special = PLAIN,
) -> Figures:
    """Capaian at the end of slot number `until`, with the consolidated target and realisation behind it."""
    return _score(consolidation, polarity, tuple(targets), tuple(values), until, _Law(regulation), special)


@lru_cache(maxsize=REMEMBERED)
def _score(
    consolidation: str,
    polarity: str,
    targets: tuple[Decimal | None, ...],
    values: tuple[Decimal | None, ...],
    until: int,
    law: _Law,
    special: Special,
) -> Figures:
    regulation = law.regulation
    joined = scoring.consolidate(consolidation, targets, values, until, regulation)
    scale: list[tuple[Decimal, Decimal]] | None = list(special.scale) or None
    if scale is None and polarity == STABILIZE and "skala_contoh" in regulation:
        scale = [tuple(point) for point in regulation.value("skala_contoh")]
    found = scoring.capaian(
        joined.realisation, joined.target, polarity, regulation, scale=scale, working=joined.parts,
        worst=special.worst, convert_120=special.cannot_exceed,
    )  # fmt: skip
    return (
        found,
        None if joined.target is None else scoring.rounded(joined.target),
        None if joined.realisation is None else scoring.rounded(joined.realisation),
    )
