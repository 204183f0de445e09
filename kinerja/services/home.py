"""The first page: what waits for me, what I wait for, and my documents by period. Derived from states, never stored."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Document, Period, Unit
from kinerja.services import identity, notices, policy
from kinerja.services.identity import Circle
from kinerja.services.lists import _COLUMNS, Row, _base, row_of
from kinerja.workflows.roles import Relation

LIMIT = 100
_BY_PERSON = {Relation.PENILAI: "direct", Relation.ATASAN: "second"}
_BY_ROLE = (
    Relation.PENGELOLA_PEGAWAI,
    Relation.PENGELOLA_ORGANISASI,
    Relation.SEKRETARIAT,
    Relation.KOMITE_PELAKSANA,
    Relation.UNIT_KEPEGAWAIAN,
    Relation.PYB,
)


@dataclass(frozen=True)
class Waiting:
    """A document of mine that waits for somebody else: who, since when, until when."""

    row: Row
    who: tuple[str, ...]
    since: Any


@dataclass(frozen=True)
class Home:
    tasks: list[Row]
    waiting: list[Waiting]
    mine: list[Row]


def my_turn(circle: Circle) -> Any:
    """The condition "it is my turn": the turn's relation, read against who I am to the subject today."""
    me = circle.person_id
    conditions = [sa.and_(Document.turn == Relation.SUBJECT, Document.subject_id == me)]
    for relation, field in _BY_PERSON.items():
        people = getattr(circle, field)
        if people:
            conditions.append(sa.and_(Document.turn == relation, Document.subject_id.in_(people)))
    for relation in _BY_ROLE:
        for path in circle.paths(relation):
            excluded = circle.direct | circle.second | circle.third | circle.standing_in | {me}
            conditions.append(
                sa.and_(
                    Document.turn == relation,
                    Unit.path.startswith(path),
                    Document.subject_id.not_in(excluded),
                )
            )
    for relation in (Relation.DECIDER, Relation.UPK_ABOVE, Relation.CALIBRATOR):
        conditions.append(sa.and_(Document.turn == relation, policy.named_by_flag(me, relation)))
    conditions.append(
        sa.and_(Document.turn == Relation.ABOVE_ATASAN, policy.named_by_flag(me, Relation.CALIBRATOR))
    )
    return sa.or_(*conditions)


def home(person_id: int) -> Home:
    """Everything on the first page of a person in a handful of statements, whatever the size of the unit."""
    circle = identity.circle_of(person_id)
    due_first = (Document.due_at.is_(None), Document.due_at, Document.id)
    tasks = [
        row_of(r, circle)
        for r in db.session.execute(
            _base(*_COLUMNS).where(my_turn(circle), Period.state == "open").order_by(*due_first).limit(LIMIT)
        )
    ]
    own = list(
        db.session.execute(
            _base(*_COLUMNS, Document.state_since)
            .where(Document.subject_id == person_id)
            .order_by(Period.year.desc(), Document.id.desc())
            .limit(LIMIT)
        )
    )
    names = _turn_names(circle, own)
    waiting = []
    for found in own:
        row = row_of(found, circle)
        if row.turn and row.turn not in (Relation.SUBJECT, Relation.SYSTEM):
            waiting.append(Waiting(row, names.get(row.turn, ()), found.state_since))
    return Home(tasks, waiting, [row_of(r, circle) for r in own])


def _turn_names(circle: Circle, own: list[Any]) -> dict[str, tuple[str, ...]]:
    """The names behind the turns of my own documents: my penilai and his superior, without a query per row."""
    turns = {found.turn for found in own if found.turn}
    names: dict[str, tuple[str, ...]] = {}
    if turns & {Relation.PENILAI, Relation.ATASAN, Relation.ABOVE_ATASAN}:
        chain = identity.superiors(circle.person_id, circle.on)
        for relation, superior in zip(
            (Relation.PENILAI, Relation.ATASAN, Relation.ABOVE_ATASAN), chain, strict=False
        ):
            names[relation] = (superior.name,)
    for role in turns - set(names) - {Relation.SUBJECT, Relation.SYSTEM}:
        document = next(found for found in own if found.turn == role)
        people = notices.person_in_turn(db.session.get_one(Document, document.id), role)
        from kinerja.services.reading import names_of

        names[role] = tuple(names_of(people).values())
    return names
