"""Who is who: what a person is to a document on date D, and why; for one document or for a whole page.

Relations are computed from dated rows each time they are asked for; nothing is stored as a role of a document.
The chain above a person comes from `chains`; its names are also reached through this module.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.db import db, memo
from kinerja.models import Delegation, Document, Person, Placement, ReportingLine, RoleAppointment, Unit
from kinerja.services import dko_actions, lending
from kinerja.services.chains import (
    ON,
    believed,
    chains,
    delegated_on,
    holder_of,
    in_force,
    last_line,
    relations_changed,
    superiors,
    trace_of,
    valid_on,
)
from kinerja.services.roster import HOLDER_ORDER, SIGNED_FOR, Delegate, Holder, Superior
from kinerja.workflows.roles import JUDGES, NOT_FOR_PARTIES, Actor, Relation

__all__ = [
    "ON",
    "Actor",
    "Circle",
    "Scope",
    "Superior",
    "actor_for",
    "chains",
    "circle_of",
    "delegated_to",
    "gather_scopes",
    "holder_of",
    "holders_of_role",
    "in_force",
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
        sa.select(RoleAppointment.person_id, RoleAppointment.role, Unit.path)
        .outerjoin(Unit, Unit.id == RoleAppointment.unit_id)
        .where(
            RoleAppointment.person_id.in_(sa.bindparam("people", expanding=True)),
            in_force(RoleAppointment, ON),
        )
    )


def scopes_of(person_id: int, on: date | None = None) -> tuple[Scope, ...]:
    """The confirmed, running appointed roles of a person with the part of the tree they reach."""
    day = on or clock.today()
    known: dict[Any, list[tuple[str, str]]] = memo().setdefault("roles", {})
    if (person_id, day) not in known:
        gather_scopes([person_id], day)
    return tuple(Scope(role, path) for role, path in known[person_id, day])


def remember_roles(person_id: int, on: date, scopes: Sequence[tuple[str, str]]) -> None:
    """What was read of a person's roles (role, path) together with something else: `scopes_of` need not ask again."""
    memo().setdefault("roles", {})[person_id, on] = list(scopes)


def gather_scopes(people: Sequence[int], on: date) -> None:
    """Read the appointed roles of many people in one statement, so that `scopes_of` need not ask for each."""
    found: dict[int, list[tuple[str, str]]] = {person: [] for person in people}
    for row in db.session.execute(_scopes_query(), {"people": list(people), "on": on}):
        found[row.person_id].append((row.role, row.path or ""))
    for person, scopes in found.items():
        remember_roles(person, on, scopes)


# Relations that a document names itself, because a rule found the person: who decides, whose act is attacked, who leads
# the UPK above.
NAMED_BY_FLAG = {
    "decider_id": Relation.DECIDER,
    "evaluator_id": Relation.EVALUATOR,
    "upk_above_id": Relation.UPK_ABOVE,
    "calibrator_id": Relation.CALIBRATOR,
}


def actor_for(document: Document, person_id: int, on: date | None = None) -> Actor:
    """What this person is to this document today. One statement; the conflict rule is applied here."""
    day = on or clock.today(document.unit.zone)
    both = chains([document.subject_id, person_id], day)
    chain, own = both[document.subject_id], both[person_id]
    name = _name_of(person_id, chain, day)
    if person_id == document.subject_id:
        return Actor(person_id, name, frozenset({Relation.SUBJECT}), {}, trace_of(chain, day))
    relations: set[Relation] = set()
    on_behalf: dict[Relation, str] = {}
    for level, relation in enumerate((Relation.PENILAI, Relation.ATASAN, Relation.ABOVE_ATASAN)):
        if len(chain) > level and chain[level].person_id == person_id:
            relations.add(relation)
            if chain[level].on_behalf:
                on_behalf[relation] = chain[level].on_behalf
    mandate: dict[str, int] = {}
    if chain and Relation.PENILAI not in relations:
        for stand_in in chain[0].stand_ins:
            if stand_in.person_id == person_id and not relations:
                signs = stand_in.may_sign and document.kind in SIGNED_FOR
                relations.add(relation := Relation.PENILAI if signs else Relation.PLH)
                on_behalf[relation] = f"Plh. {stand_in.post_title}"
                mandate = {MANDATE: chain[0].person_id} if signs else {}
    trace = trace_of(chain, day) | mandate
    if not relations and (delegate := delegated_to(person_id, chain, document.kind)) is not None:
        relation = Relation.PENILAI if delegate.may_sign else Relation.DELEGATE
        relations.add(relation)
        on_behalf[relation] = in_the_name_of(chain[0])
        trace |= {"pendelegasian": delegate.public_id, "surat": delegate.letter, MANDATE: delegate.holder_id}
    if chain and own and own[0].person_id == chain[0].person_id:
        relations.add(Relation.PEER)
    if own and own[0].person_id == document.subject_id:
        relations.add(Relation.SUBORDINATE)
    relations |= roles_over(scopes_of(person_id, day), document.unit.path, is_party=bool(relations & JUDGES))
    if document.kind in OF_UNITS:
        found = of_unit(document.unit, scopes_of(person_id, day), holder_of(person_id, day))
        relations |= found - NOT_FOR_PARTIES if relations & JUDGES else found
    # Whoever is lent to a unit knows the matriks in which he has a role, and leads a tim kerja of it like its staff.
    if document.kind == "matrix" and person_id in lending.lent_to(document.unit):
        relations.add(Relation.STAFF)
    relations |= {
        relation for flag, relation in NAMED_BY_FLAG.items() if document.flags.get(flag) == person_id
    }
    if person_id in dko_actions.owners_of(document):
        relations.add(Relation.ACTION_OWNER)
    return Actor(person_id, name, frozenset(relations), on_behalf, trace)


# Kinds whose documents are about a unit: their subject is its head, and everybody who works there knows them.
OF_UNITS = frozenset({"pk", "dko", "matrix", "manual", "iku_realisation", "org_value", "k3_review"})


def of_unit(unit: Unit, scopes: Iterable[Scope], holder: Holder | None) -> set[Relation]:
    """What somebody is to a document about a unit by where he works, and by an office one level above it.

    Nothing is above the top: there the Administrator Kinerja Organisasi Pusat is it.
    """
    found = set()
    for scope in scopes:
        organises = scope.role == Relation.PENGELOLA_ORGANISASI and unit.path != scope.path
        above = organises if unit.parent_id is not None else scope.role == Relation.AKOP
        if above and unit.path.startswith(scope.path):
            found.add(Relation.PENGELOLA_ABOVE)
    if holder is not None and holder.unit_path.startswith(unit.path):
        found.add(Relation.STAFF)
    return found


# Where the trace of a step names the one in whose name a delegate took it.
MANDATE = "mewakili"


def delegated_to(person_id: int, chain: Sequence[Superior], kind: str) -> Delegate | None:
    """The delegation by which this person acts for the first of a chain, for documents of a kind; None without one.

    Whoever judges at a level of his own is no delegate of another.
    """
    if not chain or any(superior.person_id == person_id for superior in chain[:3]):
        return None
    found = [one for one in chain[0].delegates if one.person_id == person_id and kind in one.kinds]
    return max(found, key=lambda one: one.may_sign, default=None)


def acts_as(person_id: int, chain: Sequence[Superior], kind: str) -> Relation | None:
    """What somebody is to documents of a kind who acts for the first of a chain: the same as `actor_for` says.

    None for whoever does not, or judges at a level of his own.
    """
    if any(superior.person_id == person_id for superior in chain[:3]):
        return None
    for one in chain[0].stand_ins if chain else ():
        if one.person_id == person_id:
            return Relation.PENILAI if one.may_sign and kind in SIGNED_FOR else Relation.PLH
    delegate = delegated_to(person_id, chain, kind)
    if delegate is None:
        return None
    return Relation.PENILAI if delegate.may_sign else Relation.DELEGATE


def in_the_name_of(superior: Superior) -> str:
    """ "atas nama X, Kepala Seksi Y", as history, signatures and forms print it."""
    return f"atas nama {superior.name}, {superior.on_behalf or superior.post_title}"[:200]


_ROLE_RELATIONS = {relation.value: relation for relation in Relation}


def roles_over(scopes: Iterable[Scope], unit_path: str, *, is_party: bool = False) -> set[Relation]:
    """The appointed roles that reach this unit, less those the conflict rule of 1.3 takes away."""
    reached = {
        _ROLE_RELATIONS[scope.role]
        for scope in scopes
        if scope.role in _ROLE_RELATIONS and unit_path.startswith(scope.path)
    }
    return reached - NOT_FOR_PARTIES if is_party else reached


def _name_of(person_id: int, chain: Sequence[Superior], day: date) -> str:
    for superior in chain:
        if superior.person_id == person_id:
            return superior.name
    if (holder := memo().get("holders", {}).get((person_id, day))) is not None:
        return str(holder.name)
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
    # Three levels below; known only where a role is at stake that a superior of that level must not use.
    third: frozenset[int] = frozenset()
    # Kind of document -> those whose penilai delegated it to this person; and those for whom he may also sign it.
    delegated: Mapping[str, frozenset[int]] = field(default_factory=dict, hash=False)
    signing: Mapping[str, frozenset[int]] = field(default_factory=dict, hash=False)
    # The unit one works in and all above it.
    units: tuple[int, ...] = ()
    # The chains of those whose penilai one is, or acts for.
    chains: Mapping[int, tuple[Superior, ...]] = field(default_factory=dict, hash=False, repr=False)

    @property
    def entrusted(self) -> frozenset[int]:
        """Everybody for whose penilai this person acts by delegation, in some kind of document."""
        return frozenset().union(*self.delegated.values())

    def relations_to(self, subject_id: int, unit_path: str, kind: str = "") -> frozenset[Relation]:
        """The same relations as `actor_for`, less peers and subordinates, without a statement."""
        if subject_id == self.person_id:
            return frozenset({Relation.SUBJECT})
        found: set[Relation] = set()
        if subject_id in self.direct:
            found.add(Relation.PENILAI)
        if subject_id in self.second:
            found.add(Relation.ATASAN)
        if subject_id in self.third:
            found.add(Relation.ABOVE_ATASAN)
        if not found and subject_id in self.signing.get(kind, ()):
            found.add(Relation.PENILAI)
        if not found and subject_id in self.standing_in:
            found.add(Relation.PLH)
        if not found and subject_id in self.delegated.get(kind, ()):
            found.add(Relation.DELEGATE)
        return frozenset(found | roles_over(self.scopes, unit_path, is_party=bool(found)))

    def paths(self, *roles: Relation) -> tuple[str, ...]:
        return tuple(scope.path for scope in self.scopes if scope.role in roles)


def circle_of(person_id: int, on: date | None = None) -> Circle:
    """Compute the circle of a person with three statements at most, whatever the size of his unit.

    Without a date everybody is seen on the day it is where he works: in the two hours in which Papua is a day ahead
    of Java that is one chain a day more.
    """
    day = on or clock.today()
    scopes = scopes_of(person_id, day)
    levels = 3 if any(_ROLE_RELATIONS.get(scope.role) in NOT_FOR_PARTIES for scope in scopes) else 2
    found: dict[int, tuple[Superior, ...]] = {}
    days = {zone: on or clock.today(zone) for zone in clock.ZONES}
    for one in sorted(set(days.values())):
        everyone = list(db.session.scalars(_below_query(), {"me": person_id, "on": one, "levels": levels}))
        for person, chain in (chains(everyone, one) if everyone else {}).items():
            if len(set(days.values())) == 1 or days[_zone_of(person, one)] == one:
                found[person] = chain
    direct, second, third = (
        frozenset(p for p, chain in found.items() if len(chain) > n and chain[n].person_id == person_id)
        for n in range(3)
    )
    standing_in = {
        p for p, chain in found.items() if chain and any(s.person_id == person_id for s in chain[0].stand_ins)
    }
    delegated: dict[str, set[int]] = {}
    signing: dict[str, set[int]] = {}
    for person, chain in found.items():
        for kind in frozenset().union(*(one.kinds for one in chain[0].delegates)) if chain else ():
            if (mandate := delegated_to(person_id, chain, kind)) is not None:
                delegated.setdefault(kind, set()).add(person)
                signing.setdefault(kind, set()).update({person} if mandate.may_sign else ())
    # A Plh. whose letter lets him sign is to these documents what a delegate is who may sign.
    for person in standing_in - direct - second:
        if any(s.person_id == person_id and s.may_sign for s in found[person][0].stand_ins):
            for kind in SIGNED_FOR:
                delegated.setdefault(kind, set()).add(person)
                signing.setdefault(kind, set()).add(person)
    return Circle(
        person_id,
        day,
        direct,
        second,
        frozenset(standing_in - direct - second),
        scopes,
        third if levels == 3 else frozenset(),
        {kind: frozenset(people) for kind, people in delegated.items()},
        {kind: frozenset(people) for kind, people in signing.items()},
        tuple(int(part) for part in own.unit_path.split("/") if part)
        if (own := holder_of(person_id, day))
        else (),
        {p: found[p] for p in direct.union(standing_in, *delegated.values())},
    )


def _zone_of(person_id: int, day: date) -> str:
    holder = holder_of(person_id, day)
    return holder.zone if holder is not None else "WIB"


@cache
def _below_query() -> Any:
    """Everyone up to so many levels below a person, by name or by the post above, whose chain may lead to him; and
    those right below whoever delegated something to him.

    Somebody without a post is no level: whoever was below him stands one level higher (PermenPANRB 6/2022, p.89).
    """
    me = sa.bindparam("me", type_=sa.Integer)
    levels = sa.bindparam("levels", type_=sa.Integer)
    holders = sa.select(Delegation.holder_id, levels - 1).where(
        Delegation.delegate_id == me, sa.not_(Delegation.as_penilai), delegated_on(ON)
    )
    seeds = sa.union(sa.select(me.label("person_id"), sa.literal(0).label("depth")), holders).subquery(
        "seeds"
    )
    down = sa.select(seeds.c.person_id, seeds.c.depth).cte("down", recursive=True)
    seated, own = aliased(Placement), aliased(Placement)
    holds = sa.exists().where(
        own.person_id == ReportingLine.person_id, own.kind.in_(HOLDER_ORDER), valid_on(own, ON)
    )
    down = down.union(
        sa.select(ReportingLine.person_id, down.c.depth + sa.case((holds, 1), else_=0))
        .select_from(
            down.outerjoin(seated, sa.and_(seated.person_id == down.c.person_id, valid_on(seated, ON)))
        )
        .join(
            ReportingLine,
            sa.or_(
                ReportingLine.superior_id == down.c.person_id,
                ReportingLine.superior_post_id == seated.post_id,
            ),
        )
        .where(
            down.c.depth < levels,
            last_line(None),
            believed(ReportingLine, None),
        )
    )
    return sa.select(down.c.person_id).where(down.c.person_id != me).distinct()


def holders_of_role(role: str, unit_path: str, on: date | None = None) -> list[int]:
    """The people appointed to a role for this part of the tree, the nearest appointment first."""
    day = on or clock.today()
    unit = aliased(Unit)
    rows = db.session.execute(
        sa.select(RoleAppointment.person_id, unit.path)
        .outerjoin(unit, unit.id == RoleAppointment.unit_id)
        .where(
            RoleAppointment.role == role,
            in_force(RoleAppointment, day),
        )
    ).all()
    reaching = [(len(path or ""), person) for person, path in rows if unit_path.startswith(path or "")]
    nearest = max((length for length, _ in reaching), default=0)
    return sorted(person for length, person in reaching if length == nearest)
