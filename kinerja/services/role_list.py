"""Appointed roles as a list that can be searched, and finding the person and unit a new one is for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.db import db
from kinerja.models import Person, RoleAppointment, Unit
from kinerja.rules.words import N_
from kinerja.services import appointments, permits
from kinerja.services.errors import BadInput, NotThere
from kinerja.services.names import search_key
from kinerja.workflows.base import Unmet

PAGE = 50
STATES = {
    "running": N_("berlaku"),
    "proposed": N_("menunggu orang kedua"),
    "later": N_("belum mulai"),
    "ended": N_("berakhir"),
    "revoked": N_("dicabut"),
}
UNITS_LISTED = 300

NO_PERSON = N_("Tidak ada orang dengan NIP atau e-mail ini.")
NO_UNIT = N_("Tidak ada unit dengan kode atau nama ini.")
MANY_UNITS = N_("Lebih dari satu unit bernama ini; tulis kodenya: %(codes)s.")


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed by."""

    text: str = ""
    role: str = ""
    state: str = ""


@dataclass(frozen=True)
class Row:
    """An appointment with everybody who had a hand in it."""

    id: int
    public_id: str
    person: str
    nip: str
    role: str
    role_label: str
    unit: str
    starts: date
    ends: date | None
    decree: str
    state: str
    state_label: str
    granted_by: str
    confirmed_by: str


def page(person_id: int, filters: Filters, before: int | None = None) -> tuple[list[Row], int | None]:
    """A page of the list and the key of the next. Raises NotThere."""
    permits.demand(person_id, "role.read")
    query = _query(filters).order_by(RoleAppointment.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(RoleAppointment.id < before)
    rows = [_row(found) for found in db.session.execute(query)]
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def export(person_id: int, filters: Filters) -> Iterator[Row]:
    """The same list without an end. Raises NotThere."""
    permits.demand(person_id, "role.read")
    return _read(_query(filters).order_by(RoleAppointment.id.desc()).execution_options(yield_per=500))


def _read(query: Any) -> Iterator[Row]:
    # Asked only when the file is sent: the cursor of PostgreSQL does not outlive the transaction of the request.
    for found in db.session.execute(query):
        yield _row(found)


def counts(person_id: int, filters: Filters) -> dict[str, int]:
    """How many are in which state, whatever state is chosen."""
    permits.demand(person_id, "role.read")
    inner = _query(Filters(filters.text, filters.role)).add_columns(_state().label("state")).subquery()
    rows = db.session.execute(sa.select(inner.c.state, sa.func.count()).group_by(inner.c.state))
    return dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in rows}


def _state() -> sa.ColumnElement[str]:
    today = clock.today()
    return sa.case(
        (RoleAppointment.revoked_at.is_not(None), "revoked"),
        (RoleAppointment.confirmed_at.is_(None), "proposed"),
        (RoleAppointment.starts > today, "later"),
        (RoleAppointment.ends < today, "ended"),
        else_="running",
    )


def _query(filters: Filters) -> Any:
    granted, confirmed = aliased(Person), aliased(Person)
    query = (
        sa.select(
            RoleAppointment.id, RoleAppointment.public_id, Person.name.label("person"), Person.nip,
            RoleAppointment.role, Unit.name.label("unit"), RoleAppointment.starts, RoleAppointment.ends,
            RoleAppointment.decree, _state().label("stands"), granted.name.label("granted_by"),
            confirmed.name.label("confirmed_by"),
        )
        .join(Person, Person.id == RoleAppointment.person_id)
        .outerjoin(Unit, Unit.id == RoleAppointment.unit_id)
        .outerjoin(granted, granted.id == RoleAppointment.granted_by_id)
        .outerjoin(confirmed, confirmed.id == RoleAppointment.confirmed_by_id)
    )  # fmt: skip
    if filters.role in appointments.ROLES:
        query = query.where(RoleAppointment.role == filters.role)
    if filters.state in STATES:
        query = query.where(_state() == filters.state)
    for word in search_key(filters.text).split():
        query = query.where(
            sa.or_(
                Person.search_name.contains(word, autoescape=True),
                Person.nip.startswith(word, autoescape=True),
                sa.func.lower(Unit.name).contains(word, autoescape=True),
            )
        )
    return query


def _row(found: Any) -> Row:
    return Row(
        found.id,
        found.public_id,
        found.person,
        found.nip,
        found.role,
        appointments.label_of(found.role),
        found.unit or "",
        found.starts,
        found.ends,
        found.decree,
        found.stands,
        STATES[found.stands],
        found.granted_by or "",
        found.confirmed_by or "",
    )


def one(person_id: int, public_id: str) -> Row:
    """One appointment. Raises NotThere."""
    permits.demand(person_id, "role.read")
    found = db.session.execute(_query(Filters()).where(RoleAppointment.public_id == public_id)).first()
    if found is None:
        raise NotThere
    return _row(found)


def units_to_choose() -> list[tuple[str, str]]:
    """Code and name of the units, to be suggested while typing; nothing when there are too many to list."""
    rows = db.session.execute(
        sa.select(Unit.code, Unit.name).order_by(Unit.path).limit(UNITS_LISTED + 1)
    ).all()
    return [] if len(rows) > UNITS_LISTED else [(row.code, row.name) for row in rows]


def grant(
    by_id: int, *, person: str, role: str, unit: str, starts: date, ends: date | None, decree: str
) -> None:
    """Propose a role for the person and unit that were typed. Raises NotAllowed, BadInput at the field."""
    permits.demand(by_id, "role.grant")
    problems: list[Unmet] = []
    person_id = _person(person, problems)
    unit_id = _unit(unit, problems) if unit.strip() else None
    if problems or person_id is None:
        raise BadInput(problems)
    appointments.grant_role(by_id, person_id, role, unit_id, starts, ends, decree)


def _person(text: str, problems: list[Unmet]) -> int | None:
    bare = text.strip()
    nip = "".join(bare.split())
    found = db.session.scalar(
        sa.select(Person.id).where(sa.or_(Person.nip == nip, Person.email == bare.lower()))
    )
    if found is None:
        problems.append(Unmet("peran", NO_PERSON, {}, "person"))
    return found


def _unit(text: str, problems: list[Unmet]) -> int | None:
    bare = text.strip()
    by_code = db.session.scalar(sa.select(Unit.id).where(Unit.code == bare))
    if by_code is not None:
        return by_code
    named = db.session.execute(
        sa.select(Unit.id, Unit.code).where(sa.func.lower(Unit.name) == bare.lower()).limit(6)
    ).all()
    if len(named) == 1:
        return int(named[0].id)
    if named:
        problems.append(Unmet("peran", MANY_UNITS, {"codes": ", ".join(row.code for row in named)}, "unit"))
    else:
        problems.append(Unmet("peran", NO_UNIT, {}, "unit"))
    return None
