"""What a unit's own counts are, from the rows themselves: the one definition that tallies are made of and held to.

Marks of a document: "p" private to its writer, "c" before the committee, "t" recorded in time,
"h" suspended with its SKP. Marks of a recording:
how far the UTC day was, so that the day in any of the three zones follows.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import FunctionElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased

from kinerja.models import Document, Period, Person, Placement, Post, Realisation, Step, is_held, is_plan
from kinerja.rules import organisation
from kinerja.services import policy
from kinerja.services.chains import valid_on

PRIVATE, COMMITTEE, IN_TIME, HELD = "p", "c", "t", "h"
PEOPLE, PACE = "person", "pace"
EXEMPT, WITHOUT, PLANNED, BOUND = "exempt", "without", "planned", "bound"
# Indonesia's zones keep no summer time. A day begins at 17:00 UTC in WIB, 16:00 in WITA, 15:00 in WIT.
NEXT_DAY = {"WIB": "3", "WITA": "2", "WIT": "1"}
TODAY = sa.bindparam("today", type_=sa.Date())

# Conditions on the columns kind, period_id and slot; everything counted can be narrowed by them.
Wanted = Callable[[Any, Any, Any], list[Any]]


class UtcText(FunctionElement[str]):
    """A part of a UTC moment as text: the day "2026-07-20" or the hour "09", alike on both databases."""

    type = sa.String()
    inherit_cache = True


class UtcDay(UtcText):
    inherit_cache = True


class UtcHour(UtcText):
    inherit_cache = True


def _compiled(kind: type[UtcText], sqlite: str, other: str) -> None:
    @compiles(kind, "sqlite")
    def on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
        return f"strftime('{sqlite}', {compiler.process(element.clauses, **kw)})"

    @compiles(kind)
    def elsewhere(element: Any, compiler: Any, **kw: Any) -> str:
        return f"to_char(({compiler.process(element.clauses, **kw)}) AT TIME ZONE 'UTC', '{other}')"


_compiled(UtcDay, "%Y-%m-%d", "YYYY-MM-DD")
_compiled(UtcHour, "%H", "HH24")


def counted(some: Any, wanted: Wanted, *, people: bool = True, pace: bool = True) -> Any:
    """A row (unit_id, period_id, kind, slot, state, mark, n) for each thing that counts in these units.

    `some` has a column `unit_id`. It is joined from the left all along, so that no database begins with the others.
    """
    branches = [_documents(some, wanted)]
    if people:
        branches += [_heads(some, wanted), _standing(some, wanted), _bound(some, wanted)]
    if pace:
        branches.append(_recordings(some, wanted))
    return sa.union_all(*branches).subquery("counted")


def people_in(some: Any, period_id: int, slot: str) -> Any:
    """The same of people alone, in one slot of any period, also of one that is over."""

    def wanted(_kind: Any, period: Any, slot_: Any) -> list[Any]:
        return [period == period_id, slot_.in_(("", slot))]

    branches = [_standing(some, wanted, any_state=True), _bound(some, wanted, any_state=True)]
    return sa.union_all(*branches).subquery("people")


def _row(
    unit_id: Any, period_id: Any, kind: Any, slot: Any, state: Any, mark: Any, n: Any
) -> tuple[Any, ...]:
    names = ("unit_id", "period_id", "kind", "slot", "state", "mark", "n")
    return tuple(
        c.label(name) for c, name in zip((unit_id, period_id, kind, slot, state, mark, n), names, strict=True)
    )


def _text(value: str) -> Any:
    return sa.literal_column(f"'{value}'", sa.String())


def _number(value: int) -> Any:
    return sa.literal_column(str(value), sa.Integer())


def _flagged(*marks: tuple[Any, str]) -> Any:
    """The letters of the conditions that hold, one after the other."""
    found: Any = _text("")
    for condition, letter in marks:
        found = found + sa.case((condition, _text(letter)), else_=_text(""))
    return found


def _is_there(column: Any, *asked: Any) -> Any:
    """1 for a row that is there and asked for. Said here and not in the join, where it would tempt to another index."""
    return sa.case((sa.and_(column.is_not(None), *asked), _number(1)), else_=_number(0))


def _documents(some: Any, wanted: Wanted) -> Any:
    in_time = sa.and_(
        Document.kind == "realisation",
        sa.exists().where(Step.document_id == Document.id, Step.event == "record", sa.not_(Step.late)),
    )
    held = sa.and_(Document.kind.in_(("realisation", "predicate_review")), is_held(Document))
    mark = _flagged(
        (policy.private(), PRIVATE), (policy.before_committee(), COMMITTEE), (in_time, IN_TIME), (held, HELD)
    )
    asked = wanted(Document.kind, Document.period_id, Document.slot)
    return (
        sa.select(
            *_row(
                some.c.unit_id,
                Document.period_id,
                Document.kind,
                Document.slot,
                Document.state,
                mark,
                _is_there(Document.id, *asked),
            )
        )
        .select_from(some)
        .outerjoin(Document, Document.unit_id == some.c.unit_id)
    )


def _placed(some: Any, *columns: Any) -> Any:
    """Everybody who today holds a post of these units definitively, once a post."""
    return (
        sa.select(*columns)
        .select_from(some)
        .outerjoin(Post, Post.unit_id == some.c.unit_id)
        .outerjoin(
            Placement,
            sa.and_(Placement.post_id == Post.id, Placement.kind == "definitif", valid_on(Placement, TODAY)),
        )
    )


def _heads(some: Any, wanted: Wanted) -> Any:
    row = _row(
        some.c.unit_id, _number(0), _text(PEOPLE), _text(""), _text(""), _text(""), _is_there(Placement.id)
    )
    return _placed(some, *row).where(*wanted(_text(PEOPLE), _number(0), _text("")))


def exempt_on(today: Any) -> Any:
    """Is a person exempt on this day, by his dates?"""
    return sa.and_(
        Person.exempt_from.is_not(None),
        Person.exempt_from <= today,
        sa.or_(Person.exempt_to.is_(None), Person.exempt_to >= today),
    )


def _has_plan(*conditions: Any) -> Any:
    plan = aliased(Document)
    return sa.exists().where(
        plan.subject_id == Person.id,
        plan.period_id == Period.id,
        is_plan(plan),
        *(c(plan) for c in conditions),
    )


def by_post() -> Any:
    """Does the post of a joined row give its holder no SKP?"""
    return sa.or_(
        *(sa.and_(Post.post_group == group, Post.rank == rank) for group, rank in organisation.WITHOUT_SKP)
    )


def _is_exempt() -> Any:
    return sa.or_(exempt_on(TODAY), by_post(), _has_plan(lambda plan: plan.state == "exempt"))


def _standing(some: Any, wanted: Wanted, *, any_state: bool = False) -> Any:
    """Per open period: exempt, without an SKP, or with one."""
    state = sa.case(
        (_is_exempt(), _text(EXEMPT)), (sa.not_(_has_plan()), _text(WITHOUT)), else_=_text(PLANNED)
    )
    there = sa.case((sa.or_(Person.id.is_(None), Period.id.is_(None)), _number(0)), else_=_number(1))
    open_ones = sa.and_(*_open(any_state), *wanted(_text(PEOPLE), Period.id, _text("")))
    return (
        _placed(
            some,
            *_row(
                some.c.unit_id,
                sa.func.coalesce(Period.id, 0),
                _text(PEOPLE),
                _text(""),
                state,
                _text(""),
                there,
            ),
        )
        .outerjoin(Person, Person.id == Placement.person_id)
        .outerjoin(Period, open_ones)
    )


def _open(any_state: bool) -> list[Any]:
    return [] if any_state else [Period.state == "open"]


def _bound(some: Any, wanted: Wanted, *, any_state: bool = False) -> Any:
    """Per open period and slot: who has an SKP, is not exempt, and has a realisation that was opened."""
    owed = aliased(Document)
    once = (
        _placed(some, some.c.unit_id, owed.period_id, owed.slot, Placement.id.label("placement_id"))
        .outerjoin(Person, Person.id == Placement.person_id)
        .outerjoin(
            owed,
            sa.and_(
                owed.subject_id == Person.id,
                owed.kind == "realisation",
                owed.state != "not_open",
                ~is_held(owed),
            ),
        )
        .outerjoin(Period, sa.and_(Period.id == owed.period_id, *_open(any_state)))
        .where(Period.id.is_(None) | sa.and_(sa.not_(_is_exempt()), _has_plan()))
        .add_columns(_is_there(Period.id, *wanted(_text(PEOPLE), owed.period_id, owed.slot)).label("there"))
        .distinct()
        .subquery("bound")
    )
    return sa.select(
        *_row(
            once.c.unit_id,
            once.c.period_id,
            _text(PEOPLE),
            once.c.slot,
            _text(BOUND),
            _text(""),
            once.c.there,
        )
    )


def _recordings(some: Any, wanted: Wanted) -> Any:
    """Realisations by the UTC day they were first recorded on, and how far that day was."""
    hour = UtcHour(Realisation.first_recorded_at)
    far = sa.case(
        (hour < _text("15"), _text("0")), (hour < _text("16"), _text("1")), (hour < _text("17"), _text("2")),
        else_=_text("3"),
    )  # fmt: skip
    asked = wanted(_text(PACE), Document.period_id, Document.slot)
    return (
        sa.select(
            *_row(
                some.c.unit_id,
                Document.period_id,
                _text(PACE),
                Document.slot,
                UtcDay(Realisation.first_recorded_at),
                far,
                _is_there(Realisation.first_recorded_at, *asked),
            )
        )
        .select_from(some)
        .outerjoin(Document, Document.unit_id == some.c.unit_id)
        .outerjoin(Realisation, Realisation.document_id == Document.id)
    )
