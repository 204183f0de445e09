"""The chain above a person on a date: penilai, atasan penilai and so on, from dated rows, and why they."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, aliased

from kinerja import clock
from kinerja.db import among, db, memo
from kinerja.models import (
    Delegation,
    HeadDecision,
    Person,
    Placement,
    Post,
    ReportingLine,
    RoleAppointment,
    Unit,
)
from kinerja.services.roster import HOLDER_ORDER, Delegate, Holder, Line, Roster, Superior
from kinerja.services.unit_names import name_on

ON = sa.bindparam("on", type_=sa.Date())
RUNNING = "running"


def valid_on(model: Any, on: Any) -> Any:
    return sa.and_(model.starts <= on, sa.or_(model.ends.is_(None), model.ends >= on))


def in_force(appointment: Any, on: Any) -> Any:
    """The condition that an appointed role is confirmed and runs on that day."""
    return sa.and_(
        appointment.confirmed_at.is_not(None), appointment.revoked_at.is_(None), valid_on(appointment, on)
    )


def delegated_on(on: Any) -> Any:
    """The condition that a delegation was accepted, was not ended early, and runs on that day."""
    return sa.and_(
        Delegation.accepted_at.is_not(None), Delegation.ended_at.is_(None), valid_on(Delegation, on)
    )


def believed(line: Any, believed_at: Any) -> Any:
    if believed_at is None:
        return line.believed_to.is_(None)
    return sa.and_(
        line.believed_from <= believed_at, sa.or_(line.believed_to.is_(None), line.believed_to > believed_at)
    )


def last_line(believed_at: Any) -> Any:
    """The line that holds on the date; of somebody who has left, the last one he had."""
    later = aliased(ReportingLine)
    followed = sa.exists().where(
        later.person_id == ReportingLine.person_id,
        later.starts > ReportingLine.starts,
        later.starts <= ON,
        believed(later, believed_at),
    )
    running = sa.or_(ReportingLine.ends.is_(None), ReportingLine.ends >= ON)
    return sa.and_(ReportingLine.starts <= ON, sa.or_(running, sa.not_(followed)))


_PERSON_AND_POST = (
    Placement.person_id,
    Person.name,
    Placement.post_id,
    Post.title,
    Placement.kind,
    Placement.authority,
    Person.nip,
    Person.grade,
)


def _holder_query(condition: Any, on: Any) -> Any:
    return (
        sa.select(
            *_PERSON_AND_POST,
            name_on(on).label("unit_name"),
            Person.public_id,
            Unit.zone,
            Unit.path.label("unit_path"),
            Placement.id.label("order"),
        )
        .join(Person, Person.id == Placement.person_id)
        .join(Post, Post.id == Placement.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(condition, valid_on(Placement, on))
    )


@cache
def _lines_and_holders_query(as_believed_then: bool) -> Any:
    """The lines upwards, everyone on the posts they name and the roles of all: rows of three kinds, told by a tag.

    Built once: putting this statement together costs more than running it.
    """
    people = ReportingLine.person_id.in_(sa.bindparam("people", expanding=True))
    moment = sa.bindparam("believed_at", type_=ReportingLine.believed_from.type) if as_believed_then else None
    columns = (
        ReportingLine.person_id, ReportingLine.superior_id, ReportingLine.superior_post_id, ReportingLine.ends,
    )  # fmt: skip
    up = (
        sa.select(*columns)
        .where(people, valid_on(ReportingLine, ON), believed(ReportingLine, moment))
        .cte("up", recursive=True)
    )
    seated = aliased(Placement)
    # Upwards goes on from whoever acts, and from the one who is named: a Plt has a line of his own, a vacant post
    # leaves that of its last holder. UNION drops what was seen, so that a circle ends.
    holders = sa.select(seated.person_id).where(
        seated.post_id == up.c.superior_post_id, seated.kind.in_(HOLDER_ORDER), valid_on(seated, ON)
    )
    named = ReportingLine.person_id == up.c.superior_id
    up = up.union(
        sa.select(*columns)
        .select_from(up)
        .join(ReportingLine, sa.or_(named, among(ReportingLine.person_id, holders.correlate(up))))
        .where(last_line(moment), believed(ReportingLine, moment))
    )
    none = sa.cast(sa.null(), sa.String)
    lines = sa.select(
        sa.literal("line").label("tag"), up.c.person_id, none.label("name"), up.c.superior_id.label("post_id"),
        none.label("title"), sa.case((sa.or_(up.c.ends.is_(None), up.c.ends >= ON), RUNNING), else_="").label("kind"),
        *(none.label(c) for c in ("authority", "nip", "grade", "unit_name", "public_id", "zone", "unit_path")),
        up.c.superior_post_id.label("order"),
    )  # fmt: skip
    condition = sa.or_(
        among(Placement.post_id, sa.select(up.c.superior_post_id)),
        among(Placement.person_id, sa.select(up.c.superior_id)),
        Placement.person_id.in_(sa.bindparam("people", expanding=True)),
    )
    on_posts = _holder_query(condition, ON).subquery()
    roles = (
        sa.select(
            sa.literal("role").label("tag"), RoleAppointment.person_id, none, sa.cast(sa.null(), sa.Integer), Unit.path,
            RoleAppointment.role, *(none for _ in range(7)), sa.cast(sa.null(), sa.Integer),
        )
        .outerjoin(Unit, Unit.id == RoleAppointment.unit_id)
        .where(
            sa.or_(
                RoleAppointment.person_id.in_(sa.bindparam("people", expanding=True)),
                among(RoleAppointment.person_id, sa.select(up.c.superior_id)),
            ),
            in_force(RoleAppointment, ON),
        )
    )  # fmt: skip
    delegated = (
        sa.select(
            sa.literal("delegate").label("tag"), Delegation.delegate_id, Person.name, Delegation.post_id,
            Delegation.letter, Delegation.kinds, sa.case((Delegation.may_sign, RUNNING), else_=""),
            *(none for _ in range(3)), Delegation.public_id, none, none, Delegation.holder_id,
        )
        .join(Person, Person.id == Delegation.delegate_id)
        .where(
            sa.or_(
                among(Delegation.post_id, sa.select(up.c.superior_post_id)),
                among(Delegation.holder_id, sa.select(up.c.superior_id)),
            ),
            sa.not_(Delegation.as_penilai),
            delegated_on(ON),
        )
    )  # fmt: skip
    return sa.union_all(lines, sa.select(sa.literal("holder").label("tag"), *on_posts.c), roles, delegated)


def _lines_and_roster(
    people: list[int], on: date, believed_at: datetime | None
) -> tuple[dict[int, Line], Roster, list[tuple[int, str, str]]]:
    """The reporting lines of these people and of everyone above them, who is on the posts they name, and the roles
    (person, role, path); one statement."""
    given: dict[str, Any] = {"people": people, "on": on}
    if believed_at is not None:
        given["believed_at"] = believed_at
    found_lines: dict[int, Line] = {}
    found: list[tuple[int, Holder]] = []
    roles: list[tuple[int, str, str]] = []
    delegates: list[Delegate] = []
    for row in db.session.execute(_lines_and_holders_query(believed_at is not None), given):
        if row.tag == "line":
            found_lines[row.person_id] = Line(row.person_id, row.post_id, row.order, row.kind == RUNNING)
        elif row.tag == "role":
            roles.append((row.person_id, row.kind, row.title or ""))
        elif row.tag == "delegate":
            kinds, may_sign = frozenset(row.kind.split()), row.authority == RUNNING
            delegates.append(
                Delegate(
                    row.person_id, row.name, row.order, row.post_id, kinds, may_sign, row.title, row.public_id
                )
            )
        else:
            found.append((row.order, Holder(*tuple(row)[1:-1])))
    holders = [holder for _order, holder in sorted(found, key=lambda pair: pair[0])]
    return found_lines, Roster(holders, delegates), roles


def holders_on(posts: Iterable[int], people: Iterable[int], on: date) -> list[Holder]:
    """Everyone who is on one of these posts, or is one of these people, on that date."""
    given = {"posts": list(posts), "people": list(people), "on": on}
    return [Holder(*tuple(row)[:-1]) for row in db.session.execute(_holders_query(), given)]


@cache
def _holders_query() -> Any:
    posts = Placement.post_id.in_(sa.bindparam("posts", expanding=True))
    people = Placement.person_id.in_(sa.bindparam("people", expanding=True))
    return _holder_query(sa.or_(posts, people), ON).order_by(Placement.id)


def superiors(
    person_id: int, on: date | None = None, believed_at: datetime | None = None
) -> tuple[Superior, ...]:
    """The chain above a person on a date: penilai, atasan penilai, and so on; never the same person twice.

    Above a Plt or Pjs comes the head to whom he reports as such; vacant posts are passed over, level by level
    (PermenPANRB 6/2022, p.89); nobody stands in his own chain.
    With `believed_at`: what kinerja believed at that moment.
    """
    return chains([person_id], on, believed_at)[person_id]


def chains(
    people: Sequence[int], on: date | None = None, believed_at: datetime | None = None
) -> dict[int, tuple[Superior, ...]]:
    """`superiors` for many people in one statement; what was asked before in this request is not asked again."""
    day = on or clock.today()
    known: dict[Any, tuple[Superior, ...]] = memo().setdefault("chains", {})
    missing = [person for person in dict.fromkeys(people) if (person, day, believed_at) not in known]
    # Whoever stands above somebody already asked for was found with him.
    above: dict[int, Any] = memo().setdefault("above", {}).setdefault((day, believed_at), {})
    for person in [person for person in missing if person in above]:
        known[person, day, believed_at] = _climb(person, *above[person])
        missing.remove(person)
    if missing:
        _find(missing, day, believed_at, known, above)
    return {person: known[person, day, believed_at] for person in people}


def _find(
    people: list[int], day: date, believed_at: datetime | None, known: dict[Any, Any], above: dict[int, Any]
) -> None:
    """Ask the database for these chains, and keep what came with them."""
    lines, roster, roles = _lines_and_roster(people, day, believed_at)
    for person in people:
        known[person, day, believed_at] = _climb(person, lines, roster)
    named = {line.superior_id for line in lines.values() if line.superior_id is not None}
    for person in named | lines.keys():
        if person not in lines or lines[person].running:
            above.setdefault(person, (lines, roster))
    seen = memo().setdefault("holders", {})
    for holder in roster.holders:
        rank = _RANK[holder.kind]
        if (holder.person_id, day) not in seen or rank < _RANK[seen[holder.person_id, day].kind]:
            seen[holder.person_id, day] = holder
    held = memo().setdefault("roles", {})
    held |= {(person, day): [] for person in named.union(people)}
    for person, role, path in roles:
        held[person, day].append((role, path))


_RANK = {"definitif": 0, "diperbantukan": 1, "plt": 2, "pjs": 3, "plh": 4}


def holder_of(person_id: int, on: date) -> Holder | None:
    """The placement of a person that counts on a date: from what is already known, else asked for."""
    known = memo().setdefault("holders", {})
    if (person_id, on) not in known:
        found = sorted(holders_on([], [person_id], on), key=lambda h: _RANK[h.kind])
        known[person_id, on] = found[0] if found else None
    holder: Holder | None = known[person_id, on]
    return holder


def relations_changed() -> None:
    """Relations were written: ask again."""
    memo().clear()


@event.listens_for(Session, "after_flush")
def _dated_rows_were_written(session: Session, _context: object) -> None:
    changed = (*session.new, *session.dirty, *session.deleted)
    dated = (ReportingLine, Placement, Post, Unit, RoleAppointment, HeadDecision, Delegation)
    if any(isinstance(thing, dated) for thing in changed):
        session.info.get("memo", {}).clear()


def _climb(person_id: int, lines: dict[int, Line], roster: Roster) -> tuple[Superior, ...]:
    found: list[Superior] = []
    seen = {person_id}
    visited: set[int] = set()
    line = lines.get(person_id)
    vacant = 0
    while line is not None and line.superior_id is not None and line.person_id not in visited:
        visited.add(line.person_id)
        chosen = roster.pick(line)
        following = line.superior_id
        if chosen is None and not found:
            vacant += 1
        if chosen is not None and chosen.person_id not in seen:
            found.append(replace(chosen, passed_over=vacant) if vacant and not found else chosen)
            seen.add(chosen.person_id)
            following = chosen.person_id
        line = lines.get(following) or lines.get(line.superior_id)
    return tuple(found)


def trace_of(chain: Sequence[Superior], on: date) -> dict[str, Any]:
    """What a decision stores about who was considered and why."""
    return {
        "tanggal": on.isoformat(),
        "rantai": [
            {
                "id": s.person_id,
                "nama": s.name,
                "jabatan": s.post_title,
                "atas_nama": s.on_behalf,
                "sebab": s.why,
            }
            for s in chain[:4]
        ],
    }
