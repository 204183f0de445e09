"""Who is lent to a unit by an approved penugasan, and for whom one is asked: read by whoever needs to know."""

from collections.abc import Iterable
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db, memo
from kinerja.models import Assignment, Document, Unit

# Where it is kept, within a transaction, who is lent to a unit.
KEPT = "lent"


def lends_today() -> Any:
    """Which penugasan lend somebody today, as a condition over Assignment joined with its Unit.

    Approved, ended by neither side, not past its last day there. The day is asked as the statement runs, since
    statements that hold this are kept.
    """
    lasts = (
        sa.and_(
            Unit.zone == zone,
            Assignment.ends >= sa.bindparam(f"lent_{zone}", callable_=partial(clock.today, zone), type_=sa.Date()),
        )
        for zone in clock.ZONES
    )  # fmt: skip
    return sa.and_(Assignment.approved_at.is_not(None), Assignment.ended_at.is_(None), sa.or_(*lasts))


def lent_to(unit: Unit) -> dict[int, Assignment]:
    """Who may be given a role in this unit although his penilai is another: person -> his penugasan; one statement."""
    known: dict[int, dict[int, Assignment]] = memo().setdefault(KEPT, {})
    if unit.id not in known:
        rows = db.session.scalars(
            sa.select(Assignment)
            .join(Unit, Unit.id == Assignment.unit_id)
            .options(joinedload(Assignment.person))
            .where(Assignment.unit_id == unit.id, lends_today())
            .order_by(Assignment.ends, Assignment.id)
        )
        known[unit.id] = {row.person_id: row for row in rows}
    return known[unit.id]


def matrices_of(me: Any) -> Any:
    """The ids of the matriks of the units to which this person is lent today, as a select. A number or a parameter."""
    return (
        sa.select(Document.id)
        .join(Assignment, Assignment.unit_id == Document.unit_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Document.kind == "matrix", Assignment.person_id == me, lends_today())
        .correlate(None)
    )


def asked_for(unit: Unit, people: Iterable[int]) -> dict[int, str]:
    """Of these people, for whom a penugasan to the unit still waits for his penilai: the decree."""
    rows = db.session.execute(
        sa.select(Assignment.person_id, Assignment.decree).where(
            Assignment.unit_id == unit.id,
            Assignment.person_id.in_(list(people)),
            Assignment.approved_at.is_(None),
            Assignment.refused_at.is_(None),
            Assignment.ended_at.is_(None),
            Assignment.ends >= clock.today(unit.zone),
        )
    )
    return {row.person_id: row.decree for row in rows}
