"""The suggested ratings of one evaluation with their working; the penilai decides (4.4.2, p.97-102)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Document, Review, SkpRow
from kinerja.models.planning import Skp
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

    `rows` maps the id of an SKP row to the status that its figures give; None where they give none. `unsettled`
    counts the realisations nobody validated.
    """

    result: Suggestion
    behaviour: Suggestion
    rows: Mapping[int, str | None]
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
    figures = trajectory_of(review.skp_id, document.period)
    rows = _rows(review.skp_id)
    statuses = {row.id: _status(row, figures, document.slot) for row in rows}
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
        result, _behaviour(review, regulation), statuses, figures, unsettled(figures, document.slot)
    )


def unsettled(figures: Trajectory, slot: str) -> int:
    """Realisations up to this slot that are neither validated nor marked missing (EV-2)."""
    if slot in figures.slots:
        until = figures.slots.index(slot)
    else:
        until = len(figures.slots) - 1
    counted = figures.slots[: until + 1]
    return sum(figures.documents[s].state not in SETTLED for s in counted if s in figures.documents)


def _rows(skp_id: int) -> list[SkpRow]:
    return list(
        db.session.scalars(
            sa.select(SkpRow).join(Skp, Skp.document_id == SkpRow.skp_id).where(SkpRow.skp_id == skp_id)
            .order_by(SkpRow.kind.desc(), SkpRow.position, SkpRow.id)
        )
    )  # fmt: skip


def _status(row: SkpRow, figures: Trajectory, slot: str) -> str | None:
    lines = [line for line in figures.lines if line.indicator.id in {i.id for i in row.indicators}]
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
