"""The first page: what waits for me, what I wait for, and my documents by period. Derived from states, never stored."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import DISCARDED, Document, Period, Person
from kinerja.services import dko_actions, identity, turns
from kinerja.services.identity import Circle
from kinerja.services.lists import _COLUMNS, Row, _base, row_of
from kinerja.workflows.roles import LABELS, STAND_INS, Relation

LIMIT = 100
# From so many equal ones on they are one row with one step, not a row each.
ALIKE = 3
NAMED = 4


@dataclass(frozen=True)
class Waiting:
    """A document of mine that waits for somebody else: who, since when, until when."""

    row: Row
    who: tuple[str, ...]
    since: Any


@dataclass(frozen=True)
class Bundle:
    """Several documents that wait for me in the same way: how many, whose, and the nearest deadline."""

    first: Row
    count: int
    names: tuple[str, ...]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.names)


@dataclass(frozen=True)
class Home:
    """`total` counts all tasks, `tasks` are the most urgent of them, `pieces` the same with equal ones put together;
    `actions` are the open rencana aksi of DKO that are mine to do."""

    tasks: list[Row]
    total: int
    pieces: list[Row | Bundle]
    waiting: list[Waiting]
    mine: list[Row]
    actions: list[dko_actions.Mine]

    def plans(self, year: int) -> list[Row]:
        """My SKP of a year, but for drafts that I threw away."""
        return [r for r in self.mine if r.kind == "skp" and r.year == year and r.state != DISCARDED]


@cache
def _own_query() -> Any:
    return (
        _base(*_COLUMNS, Document.state_since)
        .where(Document.subject_id == sa.bindparam("me"))
        .order_by(Period.year.desc(), Document.id.desc())
        .limit(LIMIT)
    )


# An action of a DKO is a task of its own, with its own day.
NOT_AN_ACTION = Document.turn != Relation.ACTION_OWNER
DUE_FIRST = (Document.due_at.is_(None), Document.due_at, Document.id)


@cache
def _tasks_by_line() -> Any:
    """What waits for most people, built once: putting it together costs more than running it."""
    direct, second = (sa.bindparam(name, expanding=True, type_=sa.Integer()) for name in ("direct", "second"))
    mine = turns.turn_by_line(
        sa.bindparam("me", type_=sa.Integer()),
        Document.subject_id.in_(direct),
        Document.subject_id.in_(second),
    )
    return (
        _base(*_COLUMNS).where(mine, Period.state == "open", NOT_AN_ACTION).order_by(*DUE_FIRST).limit(LIMIT)
    )


def _tasks(circle: Circle) -> Any:
    """The most urgent documents whose turn I am."""
    if not turns.is_by_line_alone(circle):
        mine = sa.and_(turns.my_turn(circle), Period.state == "open", NOT_AN_ACTION)
        return db.session.execute(_base(*_COLUMNS).where(mine).order_by(*DUE_FIRST).limit(LIMIT))
    people = {"direct": sorted(circle.direct), "second": sorted(circle.second)}
    return db.session.execute(_tasks_by_line(), {"me": circle.person_id} | people)


def home(person_id: int) -> Home:
    """Everything on the first page of a person in a handful of statements, whatever the size of the unit."""
    circle = identity.circle_of(person_id)
    tasks = [_as_whom(row_of(r, circle), r, circle) for r in _tasks(circle)]
    counts = _counts(circle) if len(tasks) == LIMIT else {}
    own = list(db.session.execute(_own_query(), {"me": person_id}))
    names = _turn_names(circle, own)
    rows = [row_of(found, circle) for found in own]
    waiting = []
    for found, row in zip(own, rows, strict=True):
        if row.turn not in ("", Relation.SUBJECT, Relation.SYSTEM):
            waiting.append(Waiting(row, names.get(found.id, ()), found.state_since))
    total = sum(counts.values()) or len(tasks)
    return Home(tasks, total, _pieces(tasks, counts), waiting, rows, dko_actions.mine(person_id))


def _as_whom(row: Row, found: Any, circle: Circle) -> Row:
    """The row with what I am to it, where I take the step in the place of the one awaited."""
    mine = circle.relations_to(found.subject_id, found.path, row.kind)
    standing = next((r for r in STAND_INS if r in mine), None)
    if row.turn != Relation.PENILAI or Relation.PENILAI in mine or standing is None:
        return row
    return row._replace(turn_label=LABELS[standing])


_Alike = tuple[str, str, str, int, str]


def _alike(row: Row) -> _Alike:
    return row.kind, row.state, row.slot, row.year, row.turn


def _counts(circle: Circle) -> dict[_Alike, int]:
    """How many there are of each sort, when there are more than are read."""
    mine = sa.and_(turns.my_turn(circle), Period.state == "open", NOT_AN_ACTION)
    sort = (Document.kind, Document.state, Document.slot, Period.year, Document.turn)
    rows = db.session.execute(_base(*sort, sa.func.count().label("n")).where(mine).group_by(*sort))
    return {(row.kind, row.state, row.slot, row.year, row.turn): row.n for row in rows}


def _pieces(tasks: list[Row], counts: dict[_Alike, int]) -> list[Row | Bundle]:
    """The tasks with equal ones put together, at the place of the most urgent of them."""
    groups: dict[_Alike, list[Row]] = {}
    found: list[Row | Bundle] = []
    seen = set()
    for row in tasks:
        # A second one of the same person, after a transfer, is told on its own.
        if (sort := _alike(row), row.subject_public_id) in seen:
            found.append(row)
        else:
            seen.add((sort, row.subject_public_id))
            groups.setdefault(sort, []).append(row)
    for sort, rows in groups.items():
        count = counts.get(sort, len(rows))
        if count < ALIKE or rows[0].turn == Relation.SUBJECT:
            found += rows
        else:
            found.append(Bundle(rows[0], count, tuple(row.subject for row in rows[:NAMED])))
    order = {id(row): place for place, row in enumerate(tasks)}
    return sorted(found, key=lambda piece: order[id(piece.first if isinstance(piece, Bundle) else piece)])


def _turn_names(circle: Circle, own: list[Any]) -> dict[int, tuple[str, ...]]:
    """Document -> the names behind its turn, without a query per row; none at all for those of one's own chain."""
    turns.gather((found.path for found in own if found.turn in turns.BY_ROLE), circle.on)
    people = {
        found.id: turns.who(
            found.turn, circle.person_id, found.path, found.flags, circle.on, (found.kind, found.state)
        )
        for found in own
    }
    in_chain = any(found.turn in turns.CHAIN for found in own)
    chain = identity.superiors(circle.person_id, circle.on) if in_chain else ()
    names = {superior.person_id: superior.name for superior in chain}
    for superior in chain:
        names |= dict(superior.substitutes)
    if unknown := {person for ids in people.values() for person in ids} - {circle.person_id, *names}:
        rows = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(unknown)))
        names |= {row.id: row.name for row in rows}
    return {document: tuple(names[p] for p in ids if p in names) for document, ids in people.items()}
