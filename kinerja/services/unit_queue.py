"""What waits in one unit for the office one holds: reports of wrong data, reviews, everything by role."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import DataReport, Document, Period, Unit
from kinerja.services import permits, turns
from kinerja.services.identity import Circle
from kinerja.services.kinds import kind_of

REPORTS = "data_report"


@dataclass(frozen=True)
class Work:
    """One kind of work in the queue: how much, since when, until when."""

    kind: str
    state: str
    kind_label: str
    state_label: str
    count: int
    oldest: datetime
    due_at: datetime | None


def queue_of(unit: Unit, circle: Circle) -> list[Work]:
    """What waits in this unit for my office; one statement, none at all without an office."""
    branches = [branch for branch in (_reports(unit, circle), _documents(unit, circle)) if branch is not None]
    if not branches:
        return []
    rows = db.session.execute(sa.union_all(*branches)).all()
    found = []
    for row in rows:
        if row.n and row.kind == REPORTS:
            found.append(Work(REPORTS, "", "", "", row.n, row.oldest, None))
        elif row.n:
            flow = kind_of(row.kind).flow
            label = flow.state_label(row.state)
            found.append(Work(row.kind, row.state, flow.title, label, row.n, row.oldest, row.due_at))
    return sorted(found, key=lambda work: (work.due_at is None, work.due_at or work.oldest))


def _reports(unit: Unit, circle: Circle) -> Any:
    paths = permits.paths_for(circle.person_id, "report.answer")
    if not any(unit.path.startswith(path) for path in paths):
        return None
    none = sa.cast(sa.null(), Document.due_at.type)
    return (
        sa.select(
            sa.literal(REPORTS).label("kind"),
            sa.literal("").label("state"),
            sa.func.count().label("n"),
            sa.func.min(DataReport.created_at).label("oldest"),
            none.label("due_at"),
        )
        .select_from(DataReport)
        .join(Unit, Unit.id == DataReport.unit_id)
        .where(
            DataReport.state == "open",
            DataReport.person_id != circle.person_id,
            Unit.path.startswith(unit.path),
        )
    )


def _documents(unit: Unit, circle: Circle) -> Any:
    """Documents whose turn is a role I hold here; of those I am a party to, another holder takes care."""
    mine = turns.office_turn(circle)
    if mine is None:
        return None
    return (
        sa.select(
            Document.kind,
            Document.state,
            sa.func.count().label("n"),
            sa.func.min(Document.state_since).label("oldest"),
            sa.func.min(Document.due_at).label("due_at"),
        )
        .join(Unit, Unit.id == Document.unit_id)
        .join(Period, Period.id == Document.period_id)
        .where(
            Unit.path.startswith(unit.path),
            mine,
            Period.state == "open",
        )
        .group_by(Document.kind, Document.state)
    )
