"""Who is who: what a person is to a document on date D, and why; for one document or for a whole page.

Relations are computed from dated rows each time they are asked for; nothing is stored as a role of a document.
The chain above a person comes from `chains`; its names are also reached through this module.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.db import db, memo
from kinerja.models import Document, Person, ReportingLine, RoleAppointment, Unit
from kinerja.services.chains import (
    ON,
    Line,
    Superior,
    believed,
    chains,
    holder_of,
    holders_on,
    relations_changed,
    superiors,
    trace_of,
    valid_on,
)
from kinerja.workflows.roles import JUDGES, NOT_FOR_PARTIES, Actor, Relation

__all__ = [
    "Actor",
    "Circle",
    "Scope",
    "Superior",
    "actor_for",
    "chains",
    "circle_of",
    "holder_of",
    "holders_of_role",
    "relations_changed",
    "scopes_of",
    "superiors",
    "trace_of",
    "valid_on",
]


@dataclass(frozen=True)
class Scope:
    """An appointed role and the part of the unit tree it reaches; an empty path is the whole ministry."""

    role: str
    path: str


@cache
def _scopes_query() -> Any:
    return (
        sa.select(RoleAppointment.role, Unit.path)
        .outerjoin(Unit, Unit.id == RoleAppointment.unit_id)
        .where(
            RoleAppointment.person_id == sa.bindparam("person"),
            RoleAppointment.confirmed_at.is_not(None),
            RoleAppointment.revoked_at.is_(None),
            valid_on(RoleAppointment, ON),
        )
    )


def scopes_of(person_id: int, on: date | None = None) -> tuple[Scope, ...]:
    """The confirmed, running appointed roles of a person with the part of the tree they reach."""
    day = on or clock.today()
    known: dict[Any, tuple[Scope, ...]] = memo().setdefault("scopes", {})
    if (person_id, day) not in known:
        rows = db.session.execute(_scopes_query(), {"person": person_id, "on": day}).all()
        known[person_id, day] = tuple(Scope(row.role, row.path or "") for row in rows)
    return known[person_id, day]


# Relations that a document names itself, because a rule found the person: who decides, who leads the UPK above.
NAMED_BY_FLAG = {
    "decider_id": Relation.DECIDER,
    "upk_above_id": Relation.UPK_ABOVE,
    "calibrator_id": Relation.CALIBRATOR,
}


def actor_for(document: Document, person_id: int, on: date | None = None) -> Actor:
    """What this person is to this document today. Three statements; the conflict rule is applied here."""
    day = on or clock.today(document.unit.zone)
    both = chains([document.subject_id, person_id], day)
    chain, own = both[document.subject_id], both[person_id]
    name = _name_of(person_id, chain)
    if person_id == document.subject_id:
        return Actor(person_id, name, frozenset({Relation.SUBJECT}), {}, trace_of(chain, day))
    relations: set[Relation] = set()
    on_behalf: dict[Relation, str] = {}
    for level, relation in enumerate((Relation.PENILAI, Relation.ATASAN, Relation.ABOVE_ATASAN)):
        if len(chain) > level and chain[level].person_id == person_id:
            relations.add(relation)
            if chain[level].on_behalf:
                on_behalf[relation] = chain[level].on_behalf
    if chain and Relation.PENILAI not in relations:
        for stand_in in chain[0].stand_ins:
            if stand_in.person_id == person_id and not relations:
                relations.add(Relation.PLH)
                on_behalf[Relation.PLH] = f"Plh. {stand_in.post_title}"
    if chain and own and own[0].person_id == chain[0].person_id:
        relations.add(Relation.PEER)
    if own and own[0].person_id == document.subject_id:
        relations.add(Relation.SUBORDINATE)
    relations |= roles_over(scopes_of(person_id, day), document.unit.path, is_party=bool(relations & JUDGES))
    relations |= {
        relation for flag, relation in NAMED_BY_FLAG.items() if document.flags.get(flag) == person_id
    }
    return Actor(person_id, name, frozenset(relations), on_behalf, trace_of(chain, day))


_ROLE_RELATIONS = {relation.value: relation for relation in Relation}


def roles_over(scopes: Iterable[Scope], unit_path: str, *, is_party: bool = False) -> set[Relation]:
    """The appointed roles that reach this unit, less those the conflict rule of 1.3 takes away."""
    reached = {
        _ROLE_RELATIONS[scope.role]
        for scope in scopes
        if scope.role in _ROLE_RELATIONS and unit_path.startswith(scope.path)
    }
    return reached - NOT_FOR_PARTIES if is_party else reached


def _name_of(person_id: int, chain: Sequence[Superior]) -> str:
    for superior in chain:
        if superior.person_id == person_id:
            return superior.name
    person = db.session.get(Person, person_id)
    return person.name if person else ""


@dataclass(frozen=True)
class Circle:
    """Everything a signed-in person is to others today: what lists, counts and searches are scoped by."""

    person_id: int
    on: date
    direct: frozenset[int]
    second: frozenset[int]
    standing_in: frozenset[int]
    scopes: tuple[Scope, ...]
    acting: tuple[str, ...] = ()

    def relations_to(self, subject_id: int, unit_path: str) -> frozenset[Relation]:
        """The same relations as `actor_for`, less peers and levels above the second, without a statement."""
        if subject_id == self.person_id:
            return frozenset({Relation.SUBJECT})
        found: set[Relation] = set()
        if subject_id in self.direct:
            found.add(Relation.PENILAI)
        if subject_id in self.second:
            found.add(Relation.ATASAN)
        if not found and subject_id in self.standing_in:
            found.add(Relation.PLH)
        return frozenset(found | roles_over(self.scopes, unit_path, is_party=bool(found)))

    def paths(self, *roles: Relation) -> tuple[str, ...]:
        return tuple(scope.path for scope in self.scopes if scope.role in roles)


def circle_of(person_id: int, on: date | None = None) -> Circle:
    """Compute the circle of a person with at most six statements, whatever the size of his unit."""
    day = on or clock.today()
    mine = holders_on([], [person_id], day)
    my_posts = [h.post_id for h in mine]
    below = _lines_below([person_id], my_posts, day)
    near = list({line.person_id for line in below} | {person_id})
    far = _lines_below(near, [], day)
    everyone = list({line.person_id for line in (*below, *far)})
    found = chains(everyone, day) if everyone else {}
    direct = {p for p, chain in found.items() if chain and chain[0].person_id == person_id}
    second = {p for p, chain in found.items() if len(chain) > 1 and chain[1].person_id == person_id}
    standing_in = {
        p for p, chain in found.items() if chain and any(s.person_id == person_id for s in chain[0].stand_ins)
    }
    acting = tuple(f"{h.kind.capitalize()}. {h.post_title}" for h in mine if h.kind in ("plt", "plh", "pjs"))
    return Circle(
        person_id,
        day,
        frozenset(direct),
        frozenset(second),
        frozenset(standing_in - direct - second),
        scopes_of(person_id, day),
        acting,
    )


def _lines_below(people: Sequence[int], posts: Sequence[int], on: date) -> list[Line]:
    given = {"people": list(people), "posts": list(posts), "on": on}
    return [Line(*row) for row in db.session.execute(_below_query(), given)]


@cache
def _below_query() -> Any:
    people = ReportingLine.superior_id.in_(sa.bindparam("people", expanding=True))
    posts = ReportingLine.superior_post_id.in_(sa.bindparam("posts", expanding=True))
    return sa.select(
        ReportingLine.person_id, ReportingLine.superior_id, ReportingLine.superior_post_id
    ).where(sa.or_(people, posts), valid_on(ReportingLine, ON), believed(None))


def holders_of_role(role: str, unit_path: str, on: date | None = None) -> list[int]:
    """The people appointed to a role for this part of the tree, the nearest appointment first."""
    day = on or clock.today()
    unit = aliased(Unit)
    rows = db.session.execute(
        sa.select(RoleAppointment.person_id, unit.path)
        .outerjoin(unit, unit.id == RoleAppointment.unit_id)
        .where(
            RoleAppointment.role == role,
            RoleAppointment.confirmed_at.is_not(None),
            RoleAppointment.revoked_at.is_(None),
            valid_on(RoleAppointment, day),
        )
    ).all()
    reaching = [(len(path or ""), person) for person, path in rows if unit_path.startswith(path or "")]
    nearest = max((length for length, _ in reaching), default=0)
    return sorted(person for length, person in reaching if length == nearest)
