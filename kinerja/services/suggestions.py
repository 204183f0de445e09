"""The suggested ratings of one evaluation with their working; the penilai decides (p.97-102)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from kinerja.db import db, memo
from kinerja.models import Document, Period, Review, SkpIndicator, SkpRow
from kinerja.rules import predicate as law
from kinerja.rules.capaian import STABILIZE
from kinerja.rules.evaluation import OrganisationResult
from kinerja.rules.regulation import Regulation
from kinerja.rules.working import Suggestion
from kinerja.services.periods import regulation_of
from kinerja.services.trajectory import Line, Trajectory, trajectory_of

SETTLED = ("validated", "missing")


@dataclass(frozen=True)
class Suggested:
    """What the rules suggest: per RHK a status from its figures, and a rating of results and of behaviour.

    `rows` maps the id of an SKP row to the status that its figures give, None where they give none; `indicators`
    to the ids of its indicators. `unsettled` counts the realisations nobody validated.
    """

    result: Suggestion
    behaviour: Suggestion
    rows: Mapping[int, str | None]
    indicators: Mapping[int, tuple[int, ...]]
    trajectory: Trajectory
    unsettled: int

    def to_dict(self) -> dict[str, Any]:
        """For JSON, as it is kept with the proposal."""
        return {
            "hasil": self.result.to_dict(),
            "perilaku": self.behaviour.to_dict(),
            "baris": {str(row): status for row, status in self.rows.items()},
        }


def suggest(review: Review, document: Document, own: OrganisationResult | None = None) -> Suggested:
    """The suggestion for an evaluation as it stands.

    `own` is the result of the UPK the person heads himself: then it is the rating of results (SE MenPANRB 3/2023).
    """
    regulation = regulation_of(document.period)
    figures = _figures(review.skp_id, document.period)
    rows = [entry.row for entry in review.rows]
    indicators = _indicators(rows)
    statuses = {row.id: _status(indicators[row.id], figures, document.slot) for row in rows}
    given = {row.row_id: row.status for row in review.rows}
    if own is not None:
        result = law.head_rating(own.predicate, regulation)
    else:
        rated = [
            law.RatedRow(row.rhk, row.kind, given.get(row.id) or statuses[row.id])
            for row in rows
            if row.taken_over_at is None
        ]
        result = law.suggest_result_rating(rated, regulation)
    return Suggested(
        result,
        _behaviour(review, regulation),
        statuses,
        indicators,
        figures,
        unsettled(figures, document.slot),
    )


def _figures(skp_id: int, period: Period) -> Trajectory:
    """What was handed over, worked out once for all that one event asks."""
    known: dict[int, Trajectory] = memo().setdefault("figures", {})
    if skp_id not in known:
        known[skp_id] = trajectory_of(skp_id, period)
    return known[skp_id]


def unsettled(figures: Trajectory, slot: str) -> int:
    """Realisations up to this slot that are neither validated nor marked missing (EV-2)."""
    if slot in figures.slots:
        until = figures.slots.index(slot)
    else:
        until = len(figures.slots) - 1
    counted = figures.slots[: until + 1]
    return sum(figures.documents[s].state not in SETTLED for s in counted if s in figures.documents)


def _indicators(rows: Sequence[SkpRow]) -> dict[int, tuple[int, ...]]:
    """The ids of the indicators of these rows, in their order."""
    found: dict[int, list[int]] = {row.id: [] for row in rows}
    for row_id, indicator_id in db.session.execute(_indicators_query(), {"rows": list(found)}):
        found[row_id].append(indicator_id)
    return {row_id: tuple(ids) for row_id, ids in found.items()}


@cache
def _indicators_query() -> Any:
    return (
        sa.select(SkpIndicator.row_id, SkpIndicator.id)
        .where(SkpIndicator.row_id.in_(sa.bindparam("rows", expanding=True)))
        .order_by(SkpIndicator.position, SkpIndicator.id)
    )


def _status(indicators: Sequence[int], figures: Trajectory, slot: str) -> str | None:
    lines = [line for line in figures.lines if line.indicator.id in indicators]
    return law.status_of_row([_status_of_line(line, slot) for line in lines])


def _status_of_line(line: Line, slot: str) -> str | None:
    try:
        cell = line.at(slot)
    except KeyError:
        return None
    if line.indicator.polarity == STABILIZE and cell.total_target is None:
        return None
    return law.status_of(cell.total_realisation, cell.total_target, line.indicator.polarity)


def _behaviour(review: Review, regulation: Regulation) -> Suggestion:
    """Consistent when no value is below; guard of the values when most of those rated are above (asumsi)."""
    known = [value.status for value in review.values if value.status]
    if not known:
        return law.suggest_behaviour_rating(None, False, regulation)
    consistent = law.BELOW not in known
    guards = sum(status == law.ABOVE for status in known) > regulation.number("sebagian_besar") * len(known)
    found = law.suggest_behaviour_rating(consistent, guards, regulation)
    return Suggestion(found.value, found.reason, len(known) < len(review.values), found.parts, found.flags)
