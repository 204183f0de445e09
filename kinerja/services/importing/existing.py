"""What the database already holds, as compact rows keyed by NIP and unit code."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Account, Person, Placement, Post, ReportingLine, RoleAppointment, Unit
from kinerja.services import last_admin
from kinerja.services.importing.cells import Exemption

_BOUND = Exemption()
PostKey = tuple[str, str]  # unit code, title


class KnownUnit(NamedTuple):
    id: int
    code: str
    name: str
    parent: str
    path: str
    level: str
    kind: str
    zone: str
    workweek: int
    owns_map: bool
    valid_to: date | None


class KnownPerson(NamedTuple):
    id: int
    name: str
    email: str
    status: str
    grade: str
    has_account: bool
    exempt: Exemption


class Held(NamedTuple):
    """A placement; `id` is 0 and `row` the line of the file while it is only planned."""

    id: int
    post: PostKey
    kind: str
    starts: date
    ends: date | None
    row: int = 0
    # None only while it is planned from a file without these columns.
    letter: str | None = ""
    authority: str | None = ""


class Line(NamedTuple):
    """Who is penilai from when to when; `id` is 0 while it is only planned."""

    id: int
    superior: str
    post: PostKey | None
    starts: date
    ends: date | None


class KnownRole(NamedTuple):
    id: int
    ends: date | None
    decree: str
    confirmed: bool


@dataclass
class Existing:
    units: dict[str, KnownUnit] = field(default_factory=dict)
    people: dict[str, KnownPerson] = field(default_factory=dict)
    posts: dict[PostKey, tuple[int, str, str]] = field(default_factory=dict)  # id, group, rank
    placements: dict[str, list[Held]] = field(default_factory=dict)
    lines: dict[str, list[Line]] = field(default_factory=dict)
    roles: dict[tuple[str, str, str, date], KnownRole] = field(default_factory=dict)
    # The appointments of admins who can enter today: one of them has to be left.
    admins: frozenset[int] = frozenset()

    def forget_dates(self) -> None:
        """Let go of what only planning needs, before writing takes its own memory."""
        self.placements.clear()
        self.lines.clear()


def load() -> Existing:
    """Read everything once; seven statements, whatever the size."""
    found = Existing(admins=frozenset(last_admin.who_can_enter()))
    codes = _units(found)
    nips = _people(found)
    posts: dict[int, PostKey] = {}
    for row in db.session.execute(sa.select(Post.id, Post.unit_id, Post.title, Post.post_group, Post.rank)):
        posts[row.id] = key = (codes[row.unit_id], row.title)
        found.posts[key] = (row.id, row.post_group, row.rank)
    dates: dict[date, date] = {}
    for held in db.session.execute(
        sa.select(
            Placement.id, Placement.person_id, Placement.post_id, Placement.kind, Placement.starts, Placement.ends,
            Placement.letter, Placement.authority,
        ).order_by(Placement.starts, Placement.id)
    ):  # fmt: skip
        starts = dates.setdefault(held.starts, held.starts)
        ends = dates.setdefault(held.ends, held.ends) if held.ends else None
        found.placements.setdefault(nips[held.person_id], []).append(
            Held(held.id, posts[held.post_id], held.kind, starts, ends, 0, held.letter, held.authority)
        )
    for line in db.session.execute(
        sa.select(
            ReportingLine.id, ReportingLine.person_id, ReportingLine.superior_id, ReportingLine.superior_post_id,
            ReportingLine.starts, ReportingLine.ends,
        ).where(ReportingLine.believed_to.is_(None)).order_by(ReportingLine.starts, ReportingLine.id)
    ):  # fmt: skip
        starts = dates.setdefault(line.starts, line.starts)
        ends = dates.setdefault(line.ends, line.ends) if line.ends else None
        superior = nips[line.superior_id] if line.superior_id is not None else ""
        post = posts[line.superior_post_id] if line.superior_post_id is not None else None
        found.lines.setdefault(nips[line.person_id], []).append(Line(line.id, superior, post, starts, ends))
    for role in db.session.execute(
        sa.select(
            RoleAppointment.id, RoleAppointment.person_id, RoleAppointment.role, RoleAppointment.unit_id,
            RoleAppointment.starts, RoleAppointment.ends, RoleAppointment.decree, RoleAppointment.confirmed_at,
        ).where(RoleAppointment.revoked_at.is_(None))
    ):  # fmt: skip
        unit = codes[role.unit_id] if role.unit_id is not None else ""
        found.roles[nips[role.person_id], role.role, unit, role.starts] = KnownRole(
            role.id, role.ends, role.decree, role.confirmed_at is not None
        )
    return found


def _units(found: Existing) -> dict[int, str]:
    rows = db.session.execute(
        sa.select(
            Unit.id, Unit.code, Unit.name, Unit.parent_id, Unit.path, Unit.level, Unit.kind, Unit.zone, Unit.workweek,
            Unit.owns_strategy_map, Unit.valid_to,
        )
    ).all()  # fmt: skip
    codes = {row.id: row.code for row in rows}
    for row in rows:
        parent = codes[row.parent_id] if row.parent_id is not None else ""
        found.units[row.code] = KnownUnit(
            row.id, row.code, row.name, parent, row.path, row.level, row.kind, row.zone, row.workweek,
            row.owns_strategy_map, row.valid_to,
        )  # fmt: skip
    return codes


def _people(found: Existing) -> dict[int, str]:
    nips: dict[int, str] = {}
    for row in db.session.execute(
        sa.select(
            Person.id, Person.nip, Person.name, Person.email, Person.status, Person.grade, Person.exempt_from,
            Person.exempt_to, Person.exempt_reason,
            Account.person_id.is_not(None).label("has_account"),
        ).outerjoin(Account, Account.person_id == Person.id)
    ):  # fmt: skip
        nips[row.id] = row.nip
        found.people[row.nip] = KnownPerson(
            row.id,
            row.name,
            row.email or "",
            row.status,
            row.grade,
            bool(row.has_account),
            Exemption(row.exempt_from, row.exempt_to, row.exempt_reason) if row.exempt_from else _BOUND,
        )
    return nips
