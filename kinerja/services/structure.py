"""The structure of the ministry on one date, and who heads what.

`read_structure` takes one picture with a fixed number of statements; heads, nearest UPK and the twelve checks
(`structure_checks`) are computed from it in memory.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.db import db, memo
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
from kinerja.rules.words import N_
from kinerja.services.chains import delegated_on, valid_on
from kinerja.services.roster import HOLDER_ORDER

ACTING = ("plt", "pjs", "plh")
# Whoever acts on a vacant post reports as its holder, also from the unit of his own post.
REPORTS_AS = ("plt", "pjs")


class UnitView(NamedTuple):
    id: int
    code: str
    name: str
    parent_id: int | None
    path: str
    level: str
    kind: str
    zone: str
    workweek: int
    owns_map: bool


class PersonView(NamedTuple):
    id: int
    nip: str
    name: str
    status: str
    exempt_from: date | None
    exempt_to: date | None
    exempt_reason: str

    def exempt(self, on: date) -> bool:
        return self.exempt_from is not None and self.exempt_from <= on <= (self.exempt_to or date.max)


class PostView(NamedTuple):
    id: int
    unit_id: int
    title: str
    group: str
    rank: str


class PlacementView(NamedTuple):
    id: int
    person_id: int
    post_id: int
    kind: str
    starts: date
    ends: date | None

    def covers(self, on: date) -> bool:
        return self.starts <= on and (self.ends is None or self.ends >= on)


class DelegationView(NamedTuple):
    holder_id: int
    delegate_id: int
    post_id: int
    as_penilai: bool


@dataclass(frozen=True)
class Head:
    """Who heads a unit on a date. `person_id` is None when the rule gives nobody, or several and nobody decided."""

    unit_id: int
    person_id: int | None
    kind: str  # definitif, plt, pjs, plh; "" when there is none
    candidates: tuple[int, ...]
    decided: bool
    why: str


@dataclass
class Structure:
    """Units, posts, people, placements, lines and roles as they hold on `on`. Closed units are left out."""

    on: date
    units: dict[int, UnitView] = field(default_factory=dict)
    posts: dict[int, PostView] = field(default_factory=dict)
    people: dict[int, PersonView] = field(default_factory=dict)
    placements: dict[int, list[PlacementView]] = field(default_factory=dict)  # by person, in order of start
    superiors: dict[int, int | None] = field(default_factory=dict)
    # The unit of the post to which somebody reports, vacant or not; and the units in which he acts as Plt. or PjS.
    line_units: dict[int, int] = field(default_factory=dict)
    acts_in: dict[int, set[int]] = field(default_factory=dict)
    roles: dict[tuple[str, int | None], list[int]] = field(default_factory=dict)
    decisions: dict[int, int] = field(default_factory=dict)
    delegations: list[DelegationView] = field(default_factory=list)

    def seat_superiors(self, posts: Mapping[int, int | None]) -> None:
        """Let whoever acts on the superior's post take the place of the one who is named; `posts` by person.

        A vacant post leaves the name that was recorded, so that a check can say so.
        """
        wanted = {post for post in posts.values() if post is not None}
        seated: dict[int, list[tuple[int, int]]] = {}
        for held in itertools.chain.from_iterable(self.placements.values()):
            if held.post_id in wanted and held.kind in HOLDER_ORDER and held.covers(self.on):
                seated.setdefault(held.post_id, []).append((HOLDER_ORDER.index(held.kind), held.person_id))
        acting = {}
        for post, holders in seated.items():
            holders.sort()
            # Several of the same kind hold a functional post; there the name that was recorded counts.
            if len(holders) == 1 or holders[0][0] != holders[1][0]:
                acting[post] = holders[0][1]
        for person, superior_post in posts.items():
            chosen = acting.get(superior_post) if superior_post is not None else None
            if chosen is not None and chosen != person:
                self.superiors[person] = chosen

    def current(self, person_id: int) -> Iterator[PlacementView]:
        return (held for held in self.placements.get(person_id, ()) if held.covers(self.on))

    def ancestors(self, unit_id: int) -> Iterator[UnitView]:
        """The unit itself, then everything above it."""
        unit = self.units.get(unit_id)
        seen = set()
        while unit is not None and unit.id not in seen:
            seen.add(unit.id)
            yield unit
            unit = self.units.get(unit.parent_id) if unit.parent_id is not None else None

    def nearest_upk(self, unit_id: int) -> UnitView | None:
        """The unit itself when it owns a strategy map, else the nearest one above that does."""
        return next((unit for unit in self.ancestors(unit_id) if unit.owns_map), None)

    def heads(self) -> dict[int, Head]:
        """The head of every unit: the holder (definitif, else acting) whose penilai sits outside the unit.

        Whoever is only on loan to a unit heads nothing there; nor does whoever reports to a post inside, be it vacant.
        """
        seats: dict[int, set[int]] = {}
        for person_id in self.placements:
            seats[person_id] = {self.posts[held.post_id].unit_id for held in self.current(person_id)}
        candidates: dict[int, dict[str, list[int]]] = {}
        for person_id in self.placements:
            superior = self.superiors.get(person_id)
            inside = {self.line_units.get(person_id)} | (seats.get(superior, set()) if superior else set())
            for held in self.current(person_id):
                post = self.posts[held.post_id]
                if post.unit_id in inside:
                    continue
                unit = self.units.get(post.unit_id)
                top = unit is not None and unit.parent_id is None
                # Without a penilai one heads the top unit only; elsewhere the penilai is simply not known.
                if superior is not None or top:
                    candidates.setdefault(post.unit_id, {}).setdefault(held.kind, []).append(person_id)
        return {unit_id: self._head(unit_id, candidates.get(unit_id, {})) for unit_id in self.units}

    def _head(self, unit_id: int, by_kind: dict[str, list[int]]) -> Head:
        for kind in ("definitif", *ACTING):
            found = tuple(dict.fromkeys(by_kind.get(kind, ())))
            # Of several those come first who do not report as the Plt. of another unit.
            here = tuple(p for p in found if not self.acts_in.get(p, set()) - {unit_id})
            found = here if len(here) == 1 else found
            if len(found) == 1:
                return Head(
                    unit_id, found[0], kind, found, False, N_("pemegang jabatan yang penilainya di luar unit")
                )
            if found:
                return self._decided(unit_id, found, kind)
        return self._decided(unit_id, (), "")

    def _decided(self, unit_id: int, candidates: tuple[int, ...], kind: str) -> Head:
        """None or several by the rule: the dated word of the pengelola, while that person still holds a post."""
        named = self.decisions.get(unit_id)
        if named is not None and any(True for _ in self.current(named)):
            return Head(unit_id, named, kind, candidates, True, N_("ditetapkan pengelola"))
        why = N_("lebih dari satu calon pimpinan") if candidates else N_("tidak ada calon pimpinan")
        return Head(unit_id, None, "", candidates, False, why)


def read_structure(on: date | None = None) -> Structure:
    """One picture of the whole ministry on a date, in nine statements; about 1 kB per person."""
    day = on or clock.today()
    found = Structure(day)
    for unit in db.session.execute(
        sa.select(
            Unit.id, Unit.code, Unit.name, Unit.parent_id, Unit.path, Unit.level, Unit.kind, Unit.zone, Unit.workweek,
            Unit.owns_strategy_map,
        ).where(
            sa.or_(Unit.valid_from.is_(None), Unit.valid_from <= day),
            sa.or_(Unit.valid_to.is_(None), Unit.valid_to > day),
        )
    ):  # fmt: skip
        found.units[unit.id] = UnitView._make(unit)
    for post in db.session.execute(sa.select(Post.id, Post.unit_id, Post.title, Post.post_group, Post.rank)):
        found.posts[post.id] = PostView._make(post)
    for person in db.session.execute(
        sa.select(
            Person.id, Person.nip, Person.name, Person.status, Person.exempt_from, Person.exempt_to,
            Person.exempt_reason,
        )
    ):  # fmt: skip
        found.people[person.id] = PersonView._make(person)
    for held in db.session.execute(
        sa.select(
            Placement.id, Placement.person_id, Placement.post_id, Placement.kind, Placement.starts, Placement.ends
        ).order_by(Placement.starts, Placement.id)
    ):  # fmt: skip
        found.placements.setdefault(held.person_id, []).append(PlacementView._make(held))
    posts: dict[int, int | None] = {}
    for line in db.session.execute(
        sa.select(ReportingLine.person_id, ReportingLine.superior_id, ReportingLine.superior_post_id).where(
            ReportingLine.believed_to.is_(None), _valid(ReportingLine, day)
        )
    ):
        found.superiors[line.person_id] = line.superior_id
        posts[line.person_id] = line.superior_post_id
    found.seat_superiors(posts)
    found.line_units = {
        person: found.posts[post].unit_id for person, post in posts.items() if post is not None
    }
    for seat in itertools.chain.from_iterable(found.placements.values()):
        if seat.kind in REPORTS_AS and seat.covers(day):
            found.acts_in.setdefault(seat.person_id, set()).add(found.posts[seat.post_id].unit_id)
    for role in db.session.execute(
        sa.select(RoleAppointment.role, RoleAppointment.unit_id, RoleAppointment.person_id).where(
            RoleAppointment.confirmed_at.is_not(None),
            RoleAppointment.revoked_at.is_(None),
            _valid(RoleAppointment, day),
        )
    ):
        found.roles.setdefault((role.role, role.unit_id), []).append(role.person_id)
    for decision in db.session.execute(
        sa.select(HeadDecision.unit_id, HeadDecision.person_id)
        .where(HeadDecision.starts <= day)
        .order_by(HeadDecision.starts, HeadDecision.id)
    ):
        found.decisions[decision.unit_id] = decision.person_id
    for given in db.session.execute(
        sa.select(
            Delegation.holder_id, Delegation.delegate_id, Delegation.post_id, Delegation.as_penilai
        ).where(delegated_on(day))
    ):
        found.delegations.append(DelegationView._make(given))
    return found


def _valid(model: type[ReportingLine] | type[RoleAppointment], on: date) -> sa.ColumnElement[bool]:
    return sa.and_(model.starts <= on, sa.or_(model.ends.is_(None), model.ends >= on))


@cache
def _head_queries() -> tuple[Any, Any, Any]:
    """Of one unit on one day: itself, who sits in it under whom, and what was decided about its head."""
    unit: Any = sa.bindparam("unit")
    day: Any = sa.bindparam("on", type_=sa.Date())
    superior, above, acting, acted = aliased(ReportingLine), aliased(Post), aliased(Placement), aliased(Post)
    elsewhere = sa.select(sa.func.min(acted.unit_id)).where(
        acting.person_id == Placement.person_id, acting.kind.in_(REPORTS_AS), acting.starts <= day,
        sa.or_(acting.ends.is_(None), acting.ends >= day), acted.id == acting.post_id, acted.unit_id != unit,
    )  # fmt: skip
    seats = (
        sa.select(
            Placement.id, Placement.person_id, Placement.post_id, Placement.kind, Placement.starts, Placement.ends,
            Post.unit_id, superior.superior_id, superior.superior_post_id, above.unit_id.label("line_unit"),
            elsewhere.scalar_subquery().label("acts_elsewhere"),
        )
        .join(Post, Post.id == Placement.post_id)
        .outerjoin(
            superior,
            sa.and_(
                superior.person_id == Placement.person_id, superior.believed_to.is_(None), superior.starts <= day,
                sa.or_(superior.ends.is_(None), superior.ends >= day),
            ),
        )
        .outerjoin(above, above.id == superior.superior_post_id)
        .where(
            Post.unit_id == unit, Placement.starts <= day, sa.or_(Placement.ends.is_(None), Placement.ends >= day)
        )
        .order_by(Placement.starts, Placement.id)
    )  # fmt: skip
    serving = sa.exists().where(
        Placement.person_id == HeadDecision.person_id, Placement.starts <= day,
        sa.or_(Placement.ends.is_(None), Placement.ends >= day),
    )  # fmt: skip
    decisions = (
        sa.select(HeadDecision.person_id, serving.label("serving"))
        .where(HeadDecision.unit_id == unit, HeadDecision.starts <= day)
        .order_by(HeadDecision.starts.desc(), HeadDecision.id.desc())
        .limit(1)
    )
    return sa.select(Unit.id, Unit.parent_id).where(Unit.id == unit), seats, decisions


def head_of(unit_id: int, on: date | None = None) -> Head:
    """The head of one unit with three statements, whatever the size of the ministry; once in a transaction."""
    day = on or clock.today()
    known: dict[tuple[int, date], Head] = memo().setdefault("heads", {})
    if (unit_id, day) not in known:
        known[unit_id, day] = _read_head(unit_id, day)
    return known[unit_id, day]


def _read_head(unit_id: int, day: date) -> Head:
    found = Structure(day)
    queries, given = _head_queries(), {"unit": unit_id, "on": day}
    unit = db.session.execute(queries[0], given).one()
    found.units[unit.id] = UnitView(unit.id, "", "", unit.parent_id, "", "", "", "", 5, False)
    rows = db.session.execute(queries[1], given).all()
    for row in rows:
        # Only seats in this unit matter: a superior with one is inside, everybody else is outside.
        found.placements.setdefault(row.person_id, []).append(PlacementView._make(row[:6]))
        found.posts[row.post_id] = PostView(row.post_id, row.unit_id, "", "", "")
        found.superiors[row.person_id] = row.superior_id
        if row.line_unit is not None:
            found.line_units[row.person_id] = row.line_unit
        if row.acts_elsewhere is not None:
            found.acts_in[row.person_id] = {row.acts_elsewhere}
    found.seat_superiors({row.person_id: row.superior_post_id for row in rows})
    decision = db.session.execute(queries[2], given).first()
    head = found.heads()[unit_id]
    if decision is not None and decision.serving and head.person_id is None:
        return Head(unit_id, decision.person_id, "", head.candidates, True, N_("ditetapkan pengelola"))
    return head


def staff_of(unit_id: int, on: date) -> list[int]:
    """Everybody who works in a unit or below it on a date. One statement."""
    top = sa.select(Unit.path).where(Unit.id == unit_id).scalar_subquery()
    return list(
        db.session.scalars(
            sa.select(Placement.person_id)
            .join(Post, Post.id == Placement.post_id)
            .join(Unit, Unit.id == Post.unit_id)
            .where(Unit.path.startswith(top), valid_on(Placement, on))
            .distinct()
        )
    )


def path_ids(path: str) -> list[int]:
    """The unit ids of a path, from the top down."""
    return [int(part) for part in path.split("/") if part]


def below(path: str) -> sa.ColumnElement[bool]:
    """The unit with this path and everything under it, as a condition on Unit."""
    return Unit.path.startswith(path, autoescape=True)


def nearest_upk(unit: Unit) -> Unit | None:
    """The unit itself when it owns a strategy map, else the nearest one above that does; one statement."""
    if unit.owns_strategy_map:
        return unit
    found: Unit | None = db.session.scalars(_nearest_upk_query(), {"units": path_ids(unit.path)}).first()
    return found


@cache
def _nearest_upk_query() -> Any:
    return (
        sa.select(Unit)
        .where(Unit.id.in_(sa.bindparam("units", expanding=True)), Unit.owns_strategy_map)
        .order_by(sa.func.length(Unit.path).desc())
        .limit(1)
    )
