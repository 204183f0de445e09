"""The open rencana aksi of one person, and who owns one: they stand on his first page until he has completed them."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, memo
from kinerja.models import DkoAction, Document, Period, Unit
from kinerja.rules.workdays import end_of_day

LIMIT = 100
# Where it is kept, within a transaction, to whom the actions of a DKO belong.
OWNERS = "dko owners"


@dataclass(frozen=True)
class Mine:
    """One open action of a person: what, until when, from which DKO."""

    key: str
    text: str
    due: date
    times: int
    public_id: str
    slot: str
    year: int
    unit: str
    zone: str

    @property
    def late(self) -> bool:
        return clock.now() > end_of_day(self.due, self.zone)


@cache
def _mine_query() -> Any:
    return (
        sa.select(
            DkoAction.key, DkoAction.text, DkoAction.due, DkoAction.times, Document.public_id, Document.slot,
            Period.year, Unit.name.label("unit"), Unit.zone,
        )
        .join(Document, Document.id == DkoAction.dko_id)
        .join(Period, Period.id == Document.period_id)
        .join(Unit, Unit.id == Document.unit_id)
        .where(
            DkoAction.owner_id == sa.bindparam("me"),
            DkoAction.done_at.is_(None),
            DkoAction.carried_to_id.is_(None),
            Document.state == "actions_open",
        )
        .order_by(DkoAction.due, DkoAction.id)
        .limit(LIMIT)
    )  # fmt: skip


def mine(person_id: int) -> list[Mine]:
    """The open actions of a person, the most urgent first; one statement."""
    return [Mine(*row) for row in db.session.execute(_mine_query(), {"me": person_id})]


def owners_of(document: Document) -> frozenset[int]:
    """To whom the actions of a DKO belong, open or done: one statement a request, none for other kinds."""
    if document.kind != "dko":
        return frozenset()
    known: dict[int, frozenset[int]] = memo().setdefault(OWNERS, {})
    if document.id not in known:
        query = sa.select(DkoAction.owner_id).where(DkoAction.dko_id == document.id)
        known[document.id] = frozenset(owner for owner in db.session.scalars(query) if owner)
    return known[document.id]


def awaited_of(me: Any) -> Any:
    """The ids of the DKO in which an open action belongs to this person, as a select. A number or a parameter."""
    still = (DkoAction.done_at.is_(None), DkoAction.carried_to_id.is_(None))
    return sa.select(DkoAction.dko_id).where(DkoAction.owner_id == me, *still)


def dialogues_of(me: Any) -> Any:
    """The ids of the DKO in which an action belongs to this person, as a select. A number or a parameter."""
    return sa.select(DkoAction.dko_id).where(DkoAction.owner_id == me)
