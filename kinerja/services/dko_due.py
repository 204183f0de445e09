"""What the calendar does to DKO: each quarter they are proposed, reminded of, missed; actions are reminded of."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import Dko, DkoAction, Document, Period
from kinerja.rules import dko as law
from kinerja.rules.words import N_
from kinerja.services import dko_start, new_heads, notices, transitions
from kinerja.services.calendars import calendar_of
from kinerja.services.dko import INVITED, quarter_end
from kinerja.services.errors import NotAllowed, Stale
from kinerja.services.kinds import kind_of
from kinerja.services.periods import regulation_of
from kinerja.workflows.base import Incomplete
from kinerja.workflows.dko import DkoFlow

RUNNING = tuple(state for state in DkoFlow.state_ids() if not DkoFlow.is_final(state))
SOON = N_("Rencana aksi Anda dari %(document)s jatuh tempo %(due)s.")
LATE = N_("Rencana aksi Anda dari %(document)s sudah lewat batasnya, %(due)s.")


def fall_due(day: date) -> int:
    """Propose, miss and remind; how many steps were sent. What somebody else did meanwhile is let be."""
    sent = dko_start.propose(day)
    steps = new_heads.steps("dko", RUNNING, day)
    for public_id, event in [*steps, *((public_id, "miss") for public_id in _missed())]:
        try:
            transitions.send(public_id, event, None, version=None)
        except (NotAllowed, Stale, Incomplete):
            continue
        sent += 1
    _remind_of_actions()
    _remind_of_meetings()
    return sent


def _missed() -> Iterator[str]:
    """What nobody held until the end of the quarter after it."""
    for document in _running(("scheduled", "materials_ready")):
        if clock.today(document.unit.zone) > law.last_day_to_hold(quarter_end(document)):
            yield document.public_id


def _running(states: tuple[str, ...]) -> list[Document]:
    return list(
        db.session.scalars(
            sa.select(Document)
            .join(Period, Period.id == Document.period_id)
            .options(joinedload(Document.unit), joinedload(Document.period))
            .where(Document.kind == "dko", Document.state.in_(states), Period.state == "open")
            .order_by(Document.id)
        )
    )


def _remind_of_actions() -> None:
    """Every owner before the day and once after it; each notice is written once, however often this runs."""
    rows = db.session.execute(
        sa.select(DkoAction, Document)
        .join(Document, Document.id == DkoAction.dko_id)
        .options(joinedload(Document.unit), joinedload(Document.period))
        .where(
            Document.state == "actions_open",
            DkoAction.done_at.is_(None),
            DkoAction.carried_to_id.is_(None),
        )
        .order_by(DkoAction.id)
    ).all()
    for action, document in rows:
        if action.due is None or action.owner_id is None:
            continue
        today = clock.today(document.unit.zone)
        left = calendar_of(document).remaining(today, action.due)
        soon = left <= regulation_of(document.period).whole("tangga_ingatkan_hk")
        if not soon and today <= action.due:
            continue
        late = today > action.due
        template, params = kind_of("dko").title(document)
        about = {"document_template": template, "document_params": params, "due": action.due.isoformat()}
        with transaction():
            key = f"dko:{document.public_id}:{action.key}:{action.due:%Y%m%d}:{'late' if late else 'soon'}"
            notices.write(document, {action.owner_id: (LATE if late else SOON, about)}, dedupe=key)


def _remind_of_meetings() -> None:
    """Whoever is invited, one working day before."""
    rows = db.session.execute(
        sa.select(Dko.document_id, Dko.held_on)
        .join(Document, Document.id == Dko.document_id)
        .where(Document.state == "materials_ready")
    )
    dates: dict[int, date] = {row.document_id: row.held_on for row in rows}
    for document in _running(("materials_ready",)) if dates else ():
        day, today = dates[document.id], clock.today(document.unit.zone)
        if not 0 <= calendar_of(document).remaining(today, day) <= 1 or day < today:
            continue
        template, params = kind_of("dko").title(document)
        about = {"document_template": template, "document_params": params, "day": day.isoformat()}
        invited = db.session.get_one(Dko, document.id).attendees
        with transaction():
            notices.write(
                document,
                {one["id"]: (INVITED, about) for one in invited},
                dedupe=f"dko:{document.public_id}:{day:%Y%m%d}:invited",
            )
