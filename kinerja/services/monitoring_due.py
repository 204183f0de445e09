"""What the calendar does to realisations: a period opens on its first day, an unfilled one lapses."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Period
from kinerja.services import transitions
from kinerja.services.deadlines import KEPT, due_of
from kinerja.services.errors import NotAllowed, Stale
from kinerja.workflows.base import Incomplete

UNFILLED = ("open", "draft", "returned")


def fall_due(day: date) -> int:
    """Send the system's steps that are due now; how many were sent. What somebody else did meanwhile is let be."""
    sent = 0
    for public_id, event in list(_steps()):
        try:
            transitions.send(public_id, event, None, version=None)
        except (NotAllowed, Stale, Incomplete):
            continue
        sent += 1
    return sent


def _steps() -> Iterator[tuple[str, str]]:
    """Every realisation whose due moment has passed; a lapse waits for its own, later one."""
    now = clock.now()
    due = (
        sa.select(Document)
        .join(Period, Period.id == Document.period_id)
        .options(joinedload(Document.unit), joinedload(Document.period))
        .where(
            Document.kind.in_(("realisation", "iku_realisation")),
            Document.state.in_(("not_open", *UNFILLED)),
            Document.due_at < now,
            Period.state == "open",
        )
        .order_by(Document.id)
    )
    for document in db.session.scalars(due).all():
        if document.state == "not_open":
            yield document.public_id, "open_period"
            continue
        lapses = due_of(document, "realisation_lapse", document.state_since)
        if KEPT in document.flags and lapses is not None and document.due_at is not None:
            # A suspension took time away: what was left of it counts, not the window that went by.
            own = due_of(document, "take_over", document.due_at)
            lapses = max(lapses, own) if own is not None else lapses
        if lapses is not None and now > lapses:
            yield document.public_id, "lapse"
