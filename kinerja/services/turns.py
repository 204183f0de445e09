"""Whose turn a document is, as one person: behind "Perlu tindakan saya", the notices and the reminders.

A turn is a relation. Most relations are one person; an appointed role has several holders, and then the nearest
appointment answers, among equals the first on file, and never somebody who is a party to the judgement where the
conflict rule keeps him out. The others of the same office find the work in the queue of their unit. Where a Plh. or a
delegate may take the step that a penilai is awaited for, he has it on his list; the turn stays the penilai's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, memo
from kinerja.models import Document, Period, Placement, ReportingLine, RoleAppointment, Unit
from kinerja.services import dko_actions, identity, policy
from kinerja.services.identity import Circle, valid_on
from kinerja.services.kinds import all_kinds, kind_of
from kinerja.services.roster import Superior
from kinerja.workflows.roles import NOT_FOR_PARTIES, Relation, label_of

CHAIN = (Relation.PENILAI, Relation.ATASAN, Relation.ABOVE_ATASAN)
BY_ROLE = (
    Relation.PENGELOLA_PEGAWAI,
    Relation.PENGELOLA_ORGANISASI,
    Relation.SEKRETARIAT,
    Relation.KOMITE_PELAKSANA,
    Relation.ANGGOTA_TPK,
    Relation.UNIT_KEPEGAWAIAN,
    Relation.PYB,
    Relation.AKOP,
)
# Who sees to it that somebody is named, where a document waits for a superior who is not there.
KEEPERS = (Relation.PENGELOLA_PEGAWAI, Relation.SEKRETARIAT)
# Turns of an office one level above a unit, never that of the unit itself; and who has them of the unit at the top.
ONE_LEVEL_UP = {Relation.PENGELOLA_ABOVE: Relation.PENGELOLA_ORGANISASI}
AT_THE_TOP = {Relation.PENGELOLA_ABOVE: Relation.AKOP}
# A member of the Komite decides about nobody he rates himself, though the role as such is not closed to him.
IMPARTIAL = NOT_FOR_PARTIES | {Relation.KOMITE_PELAKSANA}


@dataclass(frozen=True)
class Seat:
    """One running appointment: who, and the part of the unit tree it reaches."""

    person_id: int
    path: str

    def beats(self, other: "Seat") -> bool:
        """Does this one answer before the other where both reach?"""
        if len(self.path) != len(other.path):
            return len(self.path) > len(other.path)
        return self.person_id < other.person_id


class Office(NamedTuple):
    """An office somebody holds, and over which part of the tree."""

    role: Relation
    seat: Seat


def person_in_turn(document: Document, turn: str) -> list[int]:
    """The person a relation stands for today, for this document: one, or nobody."""
    day = clock.today(document.unit.zone)
    state = (document.kind, document.state)
    return who(turn, document.subject_id, document.unit.path, document.flags, day, state)


def answerable(document: Document) -> list[int]:
    """Whose turn it remains, whoever acts for him: his superiors hear when it is late."""
    day = clock.today(document.unit.zone)
    return who(document.turn, document.subject_id, document.unit.path, document.flags, day)


def keepers(document: Document, chain: Sequence[Superior]) -> tuple[Relation | None, list[int]]:
    """Who sees to it that a superior is named: the pengelola of the unit, where the chain only ends too early or there
    is no pengelola the Sekretariat Komite; (None, []) where that has no member either."""
    day = clock.today(document.unit.zone)
    for role in KEEPERS if not chain else KEEPERS[1:]:
        if people := _holder(role, document.subject_id, document.unit.path, day):
            return role, people
    return None, []


def has_left(document: Document) -> bool:
    """Does the person it is about hold no post any more? Then no line leads from him to anybody."""
    return identity.holder_of(document.subject_id, clock.today(document.unit.zone)) is None


def label_in_turn(document: Document) -> str:
    """What the person in turn is called: the relation awaited, or that of whoever acts in his place."""
    chain = identity.superiors(document.subject_id, clock.today(document.unit.zone))
    if document.turn == Relation.PENILAI and chain:
        person = in_place_of(chain, document.subject_id, document.kind, document.state)
        return label_of(identity.acts_as(person, chain, document.kind) or Relation.PENILAI, document.kind)
    return label_of(Relation(document.turn), document.kind) if document.turn else ""


@cache
def taken_by(kind: str, relation: Relation) -> frozenset[str]:
    """The states of a kind that wait for the penilai with a step that this relation may take too."""
    tables = kind_of(kind).flow.tables()
    rows = [move for table in tables for move in table.moves() if move.row.main]
    return frozenset(m.source for m in rows if Relation.PENILAI in m.row.who and relation in m.row.who)


def in_place_of(chain: Sequence[Superior], subject_id: int, kind: str, state: str) -> int:
    """Who takes the step that the first of a chain is awaited for: his Plh. or delegate, if he may, else himself."""
    first = chain[0]
    for person_id, _name in first.substitutes:
        relation = identity.acts_as(person_id, chain, kind)
        if person_id != subject_id and relation is not None and state in taken_by(kind, relation):
            return person_id
    return first.person_id


def who(
    turn: str,
    subject_id: int,
    unit_path: str,
    flags: Mapping[str, Any],
    day: date,
    state: tuple[str, str] | None = None,
) -> list[int]:
    """The same from the plain values of a document; without its kind and state nobody acts for anybody."""
    if not turn or turn == Relation.SYSTEM:
        return []
    if turn == Relation.SUBJECT:
        return [subject_id]
    relation = Relation(turn)
    if relation is Relation.ACTION_OWNER:
        return list(flags.get("awaited", ()))
    flag = _FLAGS.get(relation)
    if flag is not None and (person := flags.get(flag)):
        return [person]
    if relation in CHAIN:
        chain = identity.superiors(subject_id, day)
        level = CHAIN.index(relation)
        if chain and level == 0 and state is not None:
            return [in_place_of(chain, subject_id, *state)]
        return [chain[level].person_id] if len(chain) > level else []
    return [] if flag is not None else _holder(relation, subject_id, unit_path, day)


# Relations a document may name by a flag; a calibrator above the second level is named when it is proposed.
_FLAGS = {relation: flag for flag, relation in identity.NAMED_BY_FLAG.items()}
_FLAGS[Relation.ABOVE_ATASAN] = _FLAGS[Relation.CALIBRATOR]


def _holder(role: Relation, subject_id: int, unit_path: str, day: date) -> list[int]:
    """The one holder of a role who answers for this subject."""
    if role in ONE_LEVEL_UP:
        above = _path_above(unit_path)
        return _holder((ONE_LEVEL_UP if above else AT_THE_TOP)[role], subject_id, above or unit_path, day)
    gather([unit_path], day)
    seats = [s for s in memo()["seats"][unit_path, day].get(role, ()) if unit_path.startswith(s.path)]
    out = {subject_id}
    if role in IMPARTIAL and seats:
        out |= parties_in(identity.superiors(subject_id, day))
    best: Seat | None = None
    for seat in seats:
        if seat.person_id not in out and (best is None or seat.beats(best)):
            best = seat
    return [best.person_id] if best else []


def _path_above(unit_path: str) -> str:
    """The path of the unit above; empty above the top."""
    return unit_path[: unit_path.rstrip("/").rfind("/") + 1] if unit_path.count("/") > 2 else ""


def parties_in(chain: Sequence[Superior]) -> set[int]:
    """Those in a chain who judge: three levels, and who stands in for the first, also by delegation."""
    found = {superior.person_id for superior in chain[:3]}
    for first in chain[:1]:
        found |= {one.person_id for one in first.stand_ins} | {one.person_id for one in first.delegates}
    return found


Seats = dict[str, list[Seat]]


def _read_seats(condition: Any, day: date) -> Seats:
    """The confirmed, running appointments that can be a turn and fit a condition, by role. One statement."""
    rows = db.session.execute(
        sa.select(RoleAppointment.role, RoleAppointment.person_id, Unit.path)
        .outerjoin(Unit, Unit.id == RoleAppointment.unit_id)
        .where(
            RoleAppointment.role.in_([str(role) for role in BY_ROLE]),
            RoleAppointment.confirmed_at.is_not(None),
            RoleAppointment.revoked_at.is_(None),
            valid_on(RoleAppointment, day),
            condition,
        )
    )
    found: Seats = {}
    for row in rows:
        found.setdefault(row.role, []).append(Seat(row.person_id, row.path or ""))
    return found


def gather(paths: Iterable[str], day: date) -> None:
    """Read the appointments that reach any of these units at once, so that `who` need not ask for each."""
    known: dict[tuple[str, date], Seats] = memo().setdefault("seats", {})
    missing = [path for path in dict.fromkeys(paths) if (path, day) not in known]
    if not missing:
        return
    above = {int(part) for path in missing for part in path.split("/") if part}
    reaching = sa.or_(RoleAppointment.unit_id.is_(None), RoleAppointment.unit_id.in_(sorted(above)))
    found = _read_seats(reaching, day)
    known |= dict.fromkeys(((path, day) for path in missing), found)


def _rivals_of(mine: Sequence[Office], day: date) -> Seats:
    """Who else holds my offices within my part of the tree: nobody outside it can come before me there."""
    known: dict[Any, Seats] = memo().setdefault("rivals", {})
    if (tuple(mine), day) in known:
        return known[tuple(mine), day]
    inside = [
        sa.and_(RoleAppointment.role == role, Unit.path.startswith(seat.path) if seat.path else sa.true())
        for role, seat in mine
    ]
    found = known[tuple(mine), day] = _read_seats(sa.or_(*inside), day)
    return found


def my_turn(circle: Circle) -> Any:
    """The condition "it is my turn", over Document joined with Unit: `person_in_turn` for a whole list."""
    own = turn_by_line(circle.person_id, _as_penilai(circle), Document.subject_id.in_(circle.second))
    return sa.or_(own, *_by_role(circle))


def turn_by_line(me: Any, as_penilai: Any, as_superior: Any) -> Any:
    """The part of it that no office gives: mine by the line, with the conditions for which people, and by name.

    `me` is a number or a parameter for it.
    """

    def names(relation: Relation) -> Any:
        return policy.named_by_flag(me, relation)

    return sa.or_(
        sa.and_(Document.turn == Relation.SUBJECT, Document.subject_id == me),
        sa.and_(Document.turn == Relation.PENILAI, as_penilai),
        sa.and_(Document.turn == Relation.ATASAN, as_superior),
        *(
            sa.and_(Document.turn == named, names(named))
            for named in (Relation.DECIDER, Relation.UPK_ABOVE, Relation.CALIBRATOR)
        ),
        sa.and_(Document.turn == Relation.ABOVE_ATASAN, names(Relation.CALIBRATOR)),
        sa.and_(Document.turn == Relation.ACTION_OWNER, Document.id.in_(dko_actions.awaited_of(me))),
    )


def is_by_line_alone(circle: Circle) -> bool:
    """Does this person hold no office that can be a turn, and does nobody act for whoever is over his people?"""
    return not any(chain[0].substitutes for chain in circle.chains.values()) and not any(
        scope.role in BY_ROLE for scope in circle.scopes
    )


def _as_penilai(circle: Circle) -> Any:
    """The documents on which this person acts as penilai: of his own people, less what somebody else does for him,
    and of others for whose penilai he does it. No statement."""
    given: dict[tuple[str, str], set[int]] = {}
    taken: dict[tuple[str, str], set[int]] = {}
    for subject, chain in circle.chains.items():
        if not chain[0].substitutes:
            continue
        own = chain[0].person_id == circle.person_id
        for kind in all_kinds():
            for state in taken_by(kind, Relation.PENILAI):
                acts = in_place_of(chain, subject, kind, state) == circle.person_id
                if acts != own:
                    (given if own else taken).setdefault((kind, state), set()).add(subject)
    mine = sa.and_(Document.subject_id.in_(circle.direct), *(sa.not_(one) for one in _waiting_of(given)))
    return sa.or_(mine, *_waiting_of(taken))


def _waiting_of(people: Mapping[tuple[str, str], set[int]]) -> Iterator[Any]:
    """Documents of these people in these states, of those of a kind with the same people together."""
    groups: dict[tuple[str, frozenset[int]], list[str]] = {}
    for (kind, state), subjects in sorted(people.items()):
        groups.setdefault((kind, frozenset(subjects)), []).append(state)
    for (kind, ids), states in groups.items():
        yield sa.and_(Document.kind == kind, Document.state.in_(states), Document.subject_id.in_(sorted(ids)))


def office_turn(circle: Circle) -> Any:
    """The condition "it is the turn of an office I hold", mine or a colleague's; None without an office."""
    out = circle.direct | circle.second | circle.third | circle.standing_in | circle.entrusted
    out |= {circle.person_id}
    conditions = [
        sa.and_(Document.turn == turn, _within(office, turn), Document.subject_id.not_in(out))
        for turn, office in _offices(circle)
    ]
    return sa.or_(*conditions) if conditions else None


def _offices(circle: Circle) -> Iterator[tuple[Relation, Office]]:
    """The turns that can come to this person by his offices, each with the office."""
    for scope in circle.scopes:
        if scope.role not in BY_ROLE:
            continue
        office = Office(Relation(scope.role), Seat(circle.person_id, scope.path))
        yield office.role, office
        yield from ((turn, office) for turn, role in ONE_LEVEL_UP.items() if role is office.role)
        yield from ((turn, office) for turn, role in AT_THE_TOP.items() if role is office.role)


def _within(office: Office, turn: Relation | None = None) -> Any:
    """The units over which an office has this turn: all below it, or only those it stands a level above of."""
    if turn not in ONE_LEVEL_UP:
        return Unit.path.startswith(office.seat.path)
    if office.role is AT_THE_TOP[turn]:
        return Unit.parent_id.is_(None)
    return sa.and_(
        Unit.path.startswith(office.seat.path), Unit.path != office.seat.path, Unit.parent_id.is_not(None)
    )


def _by_role(circle: Circle) -> Iterator[Any]:
    """For each office I hold: the documents of its part of the tree that no nearer or earlier holder answers for."""
    mine = list(_offices(circle))
    if not mine:
        return
    seats = _rivals_of([office for _turn, office in mine], circle.on)
    rivals = {
        office: [
            Office(office.role, other)
            for other in seats.get(office.role, ())
            if other.person_id != circle.person_id
            and other.path.startswith(office.seat.path)
            and other.beats(office.seat)
        ]
        for _turn, office in mine
    }
    judged = _judged_by(
        {circle.person_id, *(rival.seat.person_id for found in rivals.values() for rival in found)},
        mine,
        circle.on,
    )
    for turn, office in mine:
        theirs = [_answers(rival, turn, judged) for rival in rivals[office]]
        yield sa.and_(
            Document.turn == turn, _answers(office, turn, judged), *(sa.not_(one) for one in theirs)
        )


def _answers(office: Office, turn: Relation, judged: dict[int, set[int]]) -> Any:
    holder = office.seat.person_id
    out = {holder} | (judged.get(holder, set()) if turn in IMPARTIAL else set())
    return sa.and_(_within(office, turn), Document.subject_id.not_in(out))


def _judged_by(
    people: Iterable[int], mine: Sequence[tuple[Relation, Office]], day: date
) -> dict[int, set[int]]:
    """Holder -> the subjects he is a party to, among those who wait for these offices."""
    asked = sorted(people)
    posts = sa.select(Placement.post_id).where(Placement.person_id.in_(asked))
    leads = sa.or_(ReportingLine.superior_id.in_(asked), ReportingLine.superior_post_id.in_(posts))
    if db.session.scalar(sa.select(ReportingLine.id).where(leads).limit(1)) is None:
        return {}
    waiting = [
        sa.and_(Document.turn == turn, _within(office, turn)) for turn, office in mine if turn in IMPARTIAL
    ]
    if not waiting:
        return {}
    subjects = db.session.scalars(
        sa.select(Document.subject_id)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Period, Period.id == Document.period_id)
        .where(sa.or_(*waiting), Period.state == "open")
        .distinct()
    ).all()
    found: dict[int, set[int]] = {}
    for subject, chain in identity.chains(subjects, day).items() if subjects else ():
        for party in parties_in(chain).intersection(asked):
            found.setdefault(party, set()).add(subject)
    return found
