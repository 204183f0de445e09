"""What the calendar does to a Perjanjian Kinerja: a new head takes it over, and it closes when its year is over."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Period, Placement, Post
from kinerja.services import structure, transitions
from kinerja.services.errors import NotAllowed, Stale
from kinerja.services.identity import valid_on
from kinerja.workflows.base import Incomplete
from kinerja.workflows.pk import PkFlow

RUNNING = tuple(state for state in PkFlow.state_ids() if not PkFlow.is_final(state))


def fall_due(day: date) -> int:
    """Send the system's steps that are due now; how many were sent. What somebody else did meanwhile is let be."""
    sent = 0
    for public_id, event in list(_steps(day)):
        try:
            transitions.send(public_id, event, None, version=None)
        except (NotAllowed, Stale, Incomplete):
            continue
        sent += 1
    return sent


def _steps(day: date) -> Iterator[tuple[str, str]]:
    """PK whose head has gone, and those of a year that ended."""
    for public_id in with_a_new_head("pk", RUNNING, day):
        yield public_id, "new_head"
    over = _running("pk", ("in_force",)).where(Document.due_at < clock.now())
    for document in db.session.scalars(over).all():
        yield document.public_id, "close"


def with_a_new_head(kind: str, states: tuple[str, ...], day: date) -> Iterator[str]:
    """The documents of a unit whose subject holds no post there any more while somebody else heads it.

    One statement, and three for each of the few units whose head has gone.
    """
    here = (
        sa.select(Placement.id)
        .join(Post, Post.id == Placement.post_id)
        .where(
            Placement.person_id == Document.subject_id,
            Post.unit_id == Document.unit_id,
            valid_on(Placement, day),
        )
    )
    for document in db.session.scalars(_running(kind, states).where(sa.not_(here.exists()))).all():
        head = structure.head_of(document.unit_id, day).person_id
        if head is not None and head != document.subject_id:
            yield document.public_id


def _running(kind: str, states: tuple[str, ...]) -> Any:
    return (
        sa.select(Document)
        .join(Period, Period.id == Document.period_id)
        .options(joinedload(Document.unit))
        .where(Document.kind == kind, Document.state.in_(states), Period.state == "open")
        .order_by(Document.id)
    )
