"""What the calendar does for the PK in force: each period opens with its realisation and its nilai organisasi, and a
value that was determined becomes final as its window closes."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from kinerja import clock
from kinerja.db import db, memo, transaction
from kinerja.models import Document, IkuRealisation, OrgResult, OrgValue, Period, PeriodWindow
from kinerja.services import iku_realisations, new_documents, structure, transitions
from kinerja.services.effects import effect
from kinerja.services.errors import NotAllowed, Stale
from kinerja.services.kinds import Context
from kinerja.services.trajectory import YEAR_SLOT
from kinerja.workflows.base import Incomplete
from kinerja.workflows.roles import SYSTEM

REALISATION, VALUE = "iku_realisation", "org_value"


def fall_due(day: date) -> int:
    """Open what has begun and finalize what is over; how many steps. Safe to run twice."""
    made = 0
    for pk_id, slots in _begun().items():
        with transaction():
            pk = db.session.scalars(_locked(pk_id)).one()
            made += len(open_slots(pk, slots))
    for public_id in list(_over()):
        try:
            transitions.send(public_id, "finalize", None, version=None)
        except (NotAllowed, Stale, Incomplete):
            continue
        made += 1
    return made


def _locked(pk_id: int) -> Any:
    return (
        sa.select(Document)
        .options(joinedload(Document.unit), joinedload(Document.period))
        .where(Document.id == pk_id)
        .with_for_update(of=Document)
    )


def _begun() -> dict[int, list[str]]:
    """PK in force -> the slots that have begun somewhere and lack a document. Two statements."""
    latest = max(clock.today(zone) for zone in clock.ZONES)
    found: dict[int, list[str]] = {}
    for kind in (REALISATION, VALUE):
        own = aliased(Document)
        there = sa.exists().where(
            own.kind == kind, own.parent_id == Document.id, own.slot == PeriodWindow.slot
        )
        query = (
            sa.select(Document.id, PeriodWindow.slot)
            .join(Period, Period.id == Document.period_id)
            .join(PeriodWindow, PeriodWindow.period_id == Period.id)
            .where(
                Document.kind == "pk",
                Document.state == "in_force",
                Period.state == "open",
                PeriodWindow.recording_opens <= latest,
                sa.not_(there),
            )
            .order_by(Document.id, PeriodWindow.position)
        )
        if kind == REALISATION:
            query = query.where(PeriodWindow.slot != YEAR_SLOT)
        else:
            query = query.where(sa.not_(_set_by_hand()))
        for row in db.session.execute(query):
            slots = found.setdefault(row.id, [])
            slots += [] if row.slot in slots else [row.slot]
    return found


def _set_by_hand() -> Any:
    """A result that stood before the PK came into force stays: it was set by the leader above."""
    return sa.exists().where(
        OrgResult.unit_id == Document.unit_id,
        OrgResult.period_id == Document.period_id,
        OrgResult.slot == PeriodWindow.slot,
    )


def _over() -> Iterator[str]:
    return iter(
        db.session.scalars(
            sa.select(Document.public_id)
            .where(Document.kind == VALUE, Document.state == "determined", Document.due_at < clock.now())
            .order_by(Document.id)
        ).all()
    )


def open_slots(pk: Document, slots: Iterable[str] | None = None) -> list[Document]:
    """The documents of a PK for these slots, or for all that have begun where its unit is; those that are new.

    Inside a transaction. What is there already is left alone.
    """
    today = clock.today(pk.unit.zone)
    windows = [w for w in pk.period.windows if w.recording_opens <= today]
    begun = [w.slot for w in windows if slots is None or w.slot in set(slots)]
    existing = {
        (row.kind, row.slot)
        for row in db.session.execute(
            sa.select(Document.kind, Document.slot).where(
                Document.parent_id == pk.id, Document.kind.in_((REALISATION, VALUE))
            )
        )
    }
    by_hand = set(
        db.session.scalars(
            sa.select(OrgResult.slot).where(
                OrgResult.unit_id == pk.unit_id, OrgResult.period_id == pk.period_id
            )
        )
    )
    head = structure.head_of(pk.unit_id, today).person_id or pk.subject_id
    recorded = [s for s in begun if s != YEAR_SLOT and (REALISATION, s) not in existing]
    valued = [s for s in begun if (VALUE, s) not in existing and s not in by_hand]
    made = _create(REALISATION, recorded, pk, head, "not_open")
    db.session.add_all(IkuRealisation(document_id=document.id, pk_id=pk.id) for document in made)
    db.session.flush()
    iku_realisations.follow(pk.id, [(document.id, document.slot) for document in made])
    for document in made:
        new_documents.begin(document, SYSTEM, "prepare_period")
    values = _create(VALUE, valued, pk, head, "collecting")
    db.session.add_all(OrgValue(document_id=document.id, pk_id=pk.id) for document in values)
    for document in values:
        new_documents.begin(document, SYSTEM, "open_value")
    for document in made:
        transitions.send(document.public_id, "open_period", None, version=None)
    memo().pop("org_results", None)
    return [*made, *values]


def _create(kind: str, slots: list[str], pk: Document, head: int, state: str) -> list[Document]:
    if not slots:
        return []
    return new_documents.create_for_slots(
        kind,
        slots,
        subject_id=head,
        unit_id=pk.unit_id,
        period=pk.period,
        by=SYSTEM,
        state=state,
        parent_id=pk.id,
    )


@effect("pk", "sign_second", "take_note")
def open_with_the_pk(context: Context) -> None:
    """A PK in force is followed at once: every period that has begun opens."""
    open_slots(context.document)
