"""Until when the SKP of a unit's people are due: on the day of all, or later for whoever started later in the year."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Period, Person, Placement, Post, Tally, Unit, is_open, is_plan
from kinerja.rules import deadlines
from kinerja.rules.workdays import end_of_day
from kinerja.services.calendars import calendar_for
from kinerja.services.chains import valid_on
from kinerja.services.periods import regulation_of
from kinerja.services.tallies import looking
from kinerja.services.tallies.live import by_post

# Somebody has still to act: a suspended SKP waits for nobody.
WAITING = ("draft", "submitted", "in_dialogue", "agreed", "in_review", "reviewed", "signed_employee")


def of_start(period: Period, unit: Unit, starts: date) -> date | None:
    """The last day on which an SKP that starts on this day is put in force in time."""
    begun = end_of_day(date(period.year - 1, 12, 31), unit.zone)
    moment = deadlines.due_at(
        "skp_establish", since=begun, zone=unit.zone, calendar=calendar_for(unit), year=period.year, windows={},
        law=regulation_of(period), starts=starts,
    )  # fmt: skip
    return clock.local(moment, unit.zone).date() if moment else None


def of_those_behind(period: Period, unit: Unit, *, drafted: bool, undrafted: bool) -> set[date]:
    """The days on which the SKP of this unit and below are due that are not in force; one statement, or none.

    `drafted` and `undrafted` say whether there are such with and without a draft. Most start with the year: one row
    stands for them all, however many there are.
    """
    first = date(period.year, 1, 1)
    branches: list[Any] = []
    if drafted:
        branches += _drafted(period, unit, first)
    if undrafted:
        branches.append(_undrafted(period, unit, first))
    if not branches:
        return set()
    starts = set()
    for joined, away_until in db.session.execute(sa.union(*branches)):
        back = date.fromisoformat(away_until) + timedelta(days=1) if away_until else first
        starts.add(max(date.fromisoformat(joined), back, first))
    return {day for day in (of_start(period, unit, start) for start in starts) if day is not None}


def _drafted(period: Period, unit: Unit, first: date) -> Iterator[Any]:
    """Is there one that starts with the year or before; and the starts after that."""
    never = sa.literal("")
    waiting = (
        sa.select(Document.id)
        .join(Unit, Unit.id == Document.unit_id)
        .where(
            is_open("skp"),
            Document.state.in_(WAITING),
            Document.period_id == period.id,
            Unit.path.startswith(unit.path),
        )
    )
    with_the_year = waiting.where(Document.span_start <= first.isoformat())
    yield sa.select(sa.literal(first.isoformat()), never).where(with_the_year.exists())
    later = waiting.where(Document.span_start > first.isoformat())
    yield later.with_only_columns(Document.span_start, never)


def _undrafted(period: Period, unit: Unit, first: date) -> Any:
    """Who has no SKP at all: since when he holds any post, and until when he was exempt."""
    today = clock.today()
    plan = sa.exists().where(
        Document.subject_id == Person.id, Document.period_id == period.id, is_plan(Document)
    )
    before = sa.exists().where(Placement.person_id == Person.id, Placement.starts <= first)
    earliest = sa.select(sa.func.min(Placement.starts)).where(Placement.person_id == Person.id)
    joined = sa.case((before, first.isoformat()), else_=sa.cast(earliest.scalar_subquery(), sa.String))
    away = sa.and_(Person.exempt_to >= first, Person.exempt_to < today)
    away_until = sa.case((away, sa.cast(Person.exempt_to, sa.String)), else_="")
    now = (
        sa.select(Placement.person_id)
        .join(Post, Post.id == Placement.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(
            Placement.kind == "definitif",
            valid_on(Placement, today),
            ~by_post(),
            Unit.path.startswith(unit.path),
            *where_plans_are_missing(period),
        )
    )
    exempt = sa.and_(
        Person.exempt_from <= today, sa.or_(Person.exempt_to.is_(None), Person.exempt_to >= today)
    )
    return sa.select(joined, away_until).where(
        Person.id.in_(now), ~plan, sa.or_(Person.exempt_from.is_(None), ~exempt)
    )


def where_plans_are_missing(period: Period) -> list[Any]:
    """Only units of which the tallies know, or may not know yet, that somebody has no SKP. Of open periods they do."""
    if period.state != "open":
        return []
    known = sa.select(Tally.unit_id).where(
        Tally.period_id == period.id,
        sa.text("tally.kind = 'person' AND tally.state = 'without'"),
        Tally.own > 0,
    )
    return [Unit.id.in_(sa.union(known, *looking.changed_ids(clock.today())))]
