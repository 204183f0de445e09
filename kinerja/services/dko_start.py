"""How a DKO comes to be: proposed by the system for every UPK with a PK in force, or scheduled by its pengelola."""

from collections.abc import Iterable
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import Dko, Document, Period, Person, Unit
from kinerja.rules import dko as law
from kinerja.rules.words import N_
from kinerja.services import dko_matter, identity, new_documents, structure
from kinerja.services.calendars import calendar_of
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.workflows.base import OWN_RULE, Unmet
from kinerja.workflows.roles import SYSTEM, Actor, Relation

UNITS_OFFERED = 200


def propose(day: date) -> int:
    """Schedule what is missing: for every PK in force the DKO of a quarter that is over and can still be held, those
    below before those above. How many. Two statements where nothing is missing."""
    made = 0
    for pk, slot in list(_without(day)):
        with transaction():
            db.session.scalars(sa.select(Unit.id).where(Unit.id == pk.unit_id).with_for_update()).one()
            if not _exists(pk.unit_id, pk.period_id, slot):
                _create(pk, slot, SYSTEM, None)
                made += 1
    return made


def _without(day: date) -> Iterable[tuple[Document, str]]:
    years = {day.year, day.year - 1}
    slots = {
        (year, slot)
        for year in years
        for slot in law.QUARTERS
        if (ends := law.quarter(year, slot)[1]) < day <= law.last_day_to_hold(ends)
    }
    pks = db.session.scalars(
        sa.select(Document)
        .join(Period, Period.id == Document.period_id)
        .join(Unit, Unit.id == Document.unit_id)
        .options(joinedload(Document.unit), joinedload(Document.period))
        .where(
            Document.kind == "pk",
            Document.state == "in_force",
            Period.state == "open",
            Period.year.in_(years),
        )
        .order_by(sa.func.length(Unit.path).desc(), Document.id)
    ).all()
    found = db.session.execute(
        sa.select(Document.unit_id, Document.period_id, Document.slot).where(
            Document.kind == "dko", Document.period_id.in_({pk.period_id for pk in pks})
        )
    )
    there = {(row.unit_id, row.period_id, row.slot) for row in found}
    for pk in pks:
        for year, slot in sorted(slots):
            if year == pk.period.year and (pk.unit_id, pk.period_id, slot) not in there:
                yield pk, slot


def _exists(unit_id: int, period_id: int, slot: str) -> bool:
    query = sa.select(Document.id).where(
        Document.kind == "dko",
        Document.unit_id == unit_id,
        Document.period_id == period_id,
        Document.slot == slot,
    )
    return db.session.scalar(query.limit(1)) is not None


def _create(pk: Document, slot: str, by: Actor, day: date | None) -> Document:
    today = clock.today(pk.unit.zone)
    starts, ends = law.quarter(pk.period.year, slot)
    count = db.session.scalar(
        sa.select(sa.func.count()).where(
            Document.kind == "dko", Document.parent_id == pk.id, Document.slot == slot
        )
    )
    depth = pk.unit.path.count("/") - 2
    document = new_documents.create(
        "dko",
        subject_id=structure.head_of(pk.unit_id, today).person_id or pk.subject_id,
        unit_id=pk.unit_id,
        period=pk.period,
        by=by,
        state="scheduled",
        slot=slot,
        parent_id=pk.id,
        # One quarter may have several: the count keeps them apart.
        span_start=starts + timedelta(days=count or 0),
    )
    held_on = day or law.proposed_day(calendar_of(document), ends, depth, today)
    dko = Dko(document_id=document.id, document=document, held_on=held_on)
    dko.attendees = [one.as_json() for one in dko_matter.leaders(document)[:1]]
    db.session.add(dko)
    new_documents.begin(document, by, "schedule")
    return document


def schedule(unit_id: int, period: Period, slot: str, day: date, *, by_id: int) -> Document:
    """A further DKO, or one before the system proposes it. Raises BadInput without a PK in force or for a day outside
    the quarter and the one after it; NotAllowed when `by_id` is no pengelola kinerja organisasi of the unit."""
    with transaction():
        unit = db.session.scalars(sa.select(Unit).where(Unit.id == unit_id).with_for_update()).one()
        pk = db.session.scalars(
            sa.select(Document).where(
                Document.kind == "pk",
                Document.unit_id == unit_id,
                Document.period_id == period.id,
                Document.state == "in_force",
            )
        ).first()
        starts, ends = law.quarter(period.year, slot)
        last = law.last_day_to_hold(ends)
        problems = []
        if pk is None:
            problems.append(
                Unmet(OWN_RULE, N_("Unit ini belum mempunyai PK yang berlaku pada tahun itu."), {}, "unit")
            )
        if not starts <= day <= last:
            text = N_("Pilih tanggal dari %(first)s sampai %(last)s, akhir triwulan berikutnya.")
            days = {"first": starts.isoformat(), "last": last.isoformat()}
            problems.append(Unmet(OWN_RULE, text, days, "day"))
        if problems:
            raise BadInput(problems)
        assert pk is not None
        reached = identity.roles_over(identity.scopes_of(by_id, clock.today(unit.zone)), unit.path)
        if Relation.PENGELOLA_ORGANISASI not in reached:
            raise NotAllowed("schedule")
        name = db.session.get_one(Person, by_id).name
        return _create(pk, slot, Actor(by_id, name, frozenset({Relation.PENGELOLA_ORGANISASI})), day)


def units_to_schedule(person_id: int) -> list[Unit]:
    """The UPK whose DKO this person may schedule: those of his office as pengelola kinerja organisasi."""
    offices = [s.path for s in identity.scopes_of(person_id) if s.role == Relation.PENGELOLA_ORGANISASI]
    reached = sa.or_(sa.false(), *(Unit.path.startswith(path) for path in offices))
    query = sa.select(Unit).where(Unit.owns_strategy_map, reached).order_by(Unit.path).limit(UNITS_OFFERED)
    return list(db.session.scalars(query))


def unit_id_of(code: str) -> int:
    """The unit of a code. Raises NotThere."""
    found = db.session.scalar(sa.select(Unit.id).where(Unit.code == code))
    if found is None:
        raise NotThere(code)
    return found
