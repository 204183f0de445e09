"""Short ways to import and to look at what came of it."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import (
    Account,
    AuditRow,
    Import,
    Person,
    Placement,
    Post,
    ReportingLine,
    RoleAppointment,
    Unit,
)
from kinerja.services.importing import run_import
from tests.importing.conftest import (
    NOON,
    PERSON,
    THE_BOSS,
    THE_HEAD,
    people_csv,
    units_csv,
)

BASE = [THE_BOSS, THE_HEAD, PERSON]


def first(*people: dict, **options):
    result = run_import(units_csv(), people_csv(*(people or BASE)), **options)
    assert result.problems == ()
    return result


def later(days: int):
    return clock.frozen(NOON + timedelta(days=days))


def people_again(*people: dict, **options):
    result = run_import(people=people_csv(*people), **options)
    assert result.problems == ()
    return result


def person(number: str) -> Person:
    return db.session.scalars(sa.select(Person).where(Person.nip == number)).one()


def placements(number: str) -> list[tuple]:
    rows = db.session.execute(
        sa.select(Post.title, Placement.kind, Placement.starts, Placement.ends)
        .join(Post)
        .where(Placement.person_id == person(number).id)
        .order_by(Placement.starts, Placement.id)
    )
    return [(title, kind, str(starts), str(ends) if ends else None) for title, kind, starts, ends in rows]


def lines(number: str, *, believed: bool = True) -> list[tuple]:
    boss = sa.orm.aliased(Person)
    query = (
        sa.select(boss.nip, Post.title, ReportingLine.starts, ReportingLine.ends)
        .outerjoin(boss, boss.id == ReportingLine.superior_id)
        .outerjoin(Post, Post.id == ReportingLine.superior_post_id)
        .where(ReportingLine.person_id == person(number).id)
        .order_by(ReportingLine.starts, ReportingLine.id)
    )
    query = query.where(
        ReportingLine.believed_to.is_(None) if believed else ReportingLine.believed_to.is_not(None)
    )
    return [
        (who, post, str(starts), str(ends) if ends else None)
        for who, post, starts, ends in db.session.execute(query)
    ]


def snapshot() -> list:
    tables = (Unit, Person, Account, Post, Placement, ReportingLine, RoleAppointment, Import, AuditRow)
    return [
        db.session.execute(sa.select(t.__table__).order_by(*t.__table__.primary_key)).all() for t in tables
    ]
