"""Appointed roles: one person grants, another confirms, and only then the role counts. Every act is audited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.ids import new_public_id
from kinerja.models import RoleAppointment
from kinerja.rules.words import N_
from kinerja.services import audit, identity, last_admin
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.workflows.base import Unmet

ADMIN = last_admin.ADMIN
CONFIRMERS = frozenset({ADMIN, "komite_eksekutif", "komite_pelaksana", "sekretariat_komite"})


class Reach(StrEnum):
    """For what a role is given: the ministry, a unit and everything below it, either of them, or one case or task."""

    MINISTRY = "ministry"
    UNIT = "unit"
    EITHER = "either"
    ASSIGNMENT = "assignment"


# Role id: its name, and for what it is given. The page and the import both go by this table.
ROLES: dict[str, tuple[str, Reach]] = {
    "pengelola_organisasi": (N_("Pengelola kinerja organisasi"), Reach.UNIT),
    "pengelola_pegawai": (N_("Pengelola kinerja pegawai"), Reach.UNIT),
    "akop": (N_("Administrator Kinerja Organisasi Pusat"), Reach.MINISTRY),
    "komite_eksekutif": (N_("Komite Eksekutif"), Reach.MINISTRY),
    "komite_pelaksana": (N_("Komite Pelaksana"), Reach.MINISTRY),
    "sekretariat_komite": (N_("Sekretariat Komite"), Reach.MINISTRY),
    "anggota_tpk": (N_("Anggota Tim Penilai Kinerja"), Reach.EITHER),
    "konselor": (N_("Konselor"), Reach.MINISTRY),
    "coach": (N_("Coach"), Reach.ASSIGNMENT),
    "mentor": (N_("Mentor"), Reach.ASSIGNMENT),
    "reviu_manajemen": (N_("Tim Reviu Manajemen Kinerja"), Reach.UNIT),
    "auditor": (N_("Auditor Inspektorat Jenderal"), Reach.MINISTRY),
    "pyb": (N_("Pejabat yang Berwenang"), Reach.UNIT),
    "unit_kepegawaian": (N_("Pimpinan unit kerja yang membidangi kepegawaian"), Reach.MINISTRY),
    ADMIN: (N_("Admin sistem"), Reach.MINISTRY),
}

ADMIN_GRANTS = N_("Peran diberikan oleh admin sistem.")
NOT_TO_ONESELF = N_("Peran untuk diri sendiri diusulkan oleh admin lain.")
SECOND_PERSON = N_(
    "Peran disahkan oleh orang kedua: admin atau komite yang bukan pengusul dan bukan penerimanya."
)
PER_ASSIGNMENT = N_("Peran ini ditunjuk per penugasan atau per kasus, tidak lewat halaman ini.")
UNKNOWN_ROLE = N_("Peran ini tidak dikenal.")
UNIT_NEEDED = N_("Peran ini diberikan untuk suatu unit. Pilih unitnya.")
NO_UNIT = N_("Peran ini berlaku untuk seluruh kementerian, tanpa unit.")
DATES_REVERSED = N_("Tanggal selesai mendahului tanggal mulai.")
GRANTED_ALREADY = N_("Orang ini sudah memegang atau menunggu peran yang sama pada waktu itu.")


@dataclass(frozen=True)
class Appointment:
    """An appointed role as pages list it. `can_confirm`: by the one who asks."""

    public_id: str
    person_id: int
    person_name: str
    role: str
    role_label: str
    unit_name: str
    starts: date
    ends: date | None
    decree: str
    state: str
    can_confirm: bool


def given_for(*reaches: Reach) -> frozenset[str]:
    """The roles that are given for one of these."""
    return frozenset(role for role, (_label, reach) in ROLES.items() if reach in reaches)


def label_of(role: str) -> str:
    return ROLES[role][0] if role in ROLES else role


def _roles_of(person_id: int) -> frozenset[str]:
    return frozenset(scope.role for scope in identity.scopes_of(person_id))


def grant_role(
    by: int,
    person: int,
    role: str,
    unit: int | None,
    starts: date,
    ends: date | None = None,
    decree: str = "",
) -> RoleAppointment:
    """Propose a role; it counts once `confirm_role` was called by somebody else. Raises NotAllowed, BadInput."""
    with transaction():
        if ADMIN not in _roles_of(by):
            raise NotAllowed("peran.usul", [ADMIN_GRANTS])
        if by == person:
            raise NotAllowed("peran.usul", [NOT_TO_ONESELF])
        problems = _problems(person, role, unit, starts, ends)
        if problems:
            raise BadInput(problems)
        row = RoleAppointment(
            public_id=new_public_id(),
            person_id=person,
            role=role,
            unit_id=unit,
            starts=starts,
            ends=ends,
            decree=decree.strip(),
            granted_by_id=by,
        )
        db.session.add(row)
        db.session.flush()
        _record("peran.usul", by, row)
    return row


def _problems(person: int, role: str, unit: int | None, starts: date, ends: date | None) -> list[Unmet]:
    if role not in ROLES:
        return [Unmet("peran", UNKNOWN_ROLE, field_name="role")]
    reach, found = ROLES[role][1], []
    if reach is Reach.ASSIGNMENT:
        return [Unmet("peran", PER_ASSIGNMENT, field_name="role")]
    if reach is Reach.UNIT and unit is None:
        found.append(Unmet("peran", UNIT_NEEDED, field_name="unit"))
    if reach is Reach.MINISTRY and unit is not None:
        found.append(Unmet("peran", NO_UNIT, field_name="unit"))
    if ends is not None and ends < starts:
        found.append(Unmet("peran", DATES_REVERSED, field_name="ends"))
    overlap = sa.select(RoleAppointment.id).where(
        RoleAppointment.person_id == person,
        RoleAppointment.role == role,
        RoleAppointment.unit_id.is_(None) if unit is None else RoleAppointment.unit_id == unit,
        RoleAppointment.revoked_at.is_(None),
        sa.or_(RoleAppointment.ends.is_(None), RoleAppointment.ends >= starts),
        RoleAppointment.starts <= ends if ends is not None else sa.true(),
    )
    if db.session.scalar(overlap.limit(1)) is not None:
        found.append(Unmet("peran", GRANTED_ALREADY, field_name="role"))
    return found


def confirm_role(by: int, appointment: str) -> RoleAppointment:
    """The second person's word; from now on the role counts on its dates. Raises NotThere, NotAllowed."""
    with transaction():
        row = _row(appointment)
        if row.confirmed_at is not None:
            return row
        if not _may_confirm(by, _roles_of(by), row):
            raise NotAllowed("peran.sah", [SECOND_PERSON])
        row.confirmed_by_id = by
        row.confirmed_at = clock.now()
        db.session.flush()
        _record("peran.sah", by, row)
    return row


def accept_role(by: int, appointment: str) -> RoleAppointment:
    """One's own role, where nobody else could confirm it. Raises NotThere for anybody else's, NotAllowed."""
    with transaction():
        demand_own(by, appointment)
        return confirm_role(by, appointment)


def demand_own(by: int, appointment: str) -> None:
    """Raise NotThere unless this appointment is one's own; nothing is written."""
    if _row(appointment).person_id != by:
        raise NotThere


def _may_confirm(by: int, roles: frozenset[str], row: RoleAppointment) -> bool:
    if row.revoked_at is not None or row.confirmed_at is not None or by == row.granted_by_id:
        return False
    if by != row.person_id:
        return bool(roles & CONFIRMERS)
    # The second admin has nobody but the first above him: he accepts himself, as long as nobody else could.
    return row.role == ADMIN and not _others_who_confirm(row)


def _others_who_confirm(row: RoleAppointment) -> bool:
    today = clock.today()
    return bool(
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(RoleAppointment)
            .where(
                RoleAppointment.role.in_(CONFIRMERS),
                RoleAppointment.person_id.not_in([row.person_id, row.granted_by_id or 0]),
                RoleAppointment.confirmed_at.is_not(None),
                RoleAppointment.revoked_at.is_(None),
                RoleAppointment.starts <= today,
                sa.or_(RoleAppointment.ends.is_(None), RoleAppointment.ends >= today),
            )
        )
    )


def revoke_role(by: int, appointment: str, reason: str) -> RoleAppointment:
    """End a role, or a proposal, at once. One admin is enough to take away, and he may give up his own.

    Not that of the last admin who can enter: nobody could give a role ever after. Raises NotThere, NotAllowed.
    """
    with transaction():
        last_admin.hold()
        row = _row(appointment)
        if ADMIN not in _roles_of(by):
            raise NotAllowed("peran.cabut", [ADMIN_GRANTS])
        if row.role == ADMIN and last_admin.is_last_appointment(row.id):
            raise NotAllowed("peran.cabut", [last_admin.LAST_ADMIN])
        if row.revoked_at is None:
            row.revoked_at = clock.now()
            row.revoked_by_id = by
            db.session.flush()
            _record("peran.cabut", by, row, reason=reason)
    return row


def _row(public_id: str) -> RoleAppointment:
    row = db.session.scalar(
        sa.select(RoleAppointment).where(RoleAppointment.public_id == public_id).with_for_update()
    )
    if row is None:
        raise NotThere
    return row


def _record(action: str, by: int, row: RoleAppointment, **more: str) -> None:
    payload = {
        "appointment": row.id,
        "person": row.person_id,
        "role": row.role,
        "unit": row.unit_id,
        "starts": row.starts,
        "ends": row.ends,
        "decree": row.decree,
    }
    audit.record(action, actor_id=by, payload=payload | more)


def _state(row: RoleAppointment, today: date) -> str:
    if row.revoked_at is not None:
        return "revoked"
    if row.confirmed_at is None:
        return "proposed"
    if row.starts > today:
        return "later"
    return "ended" if row.ends is not None and row.ends < today else "running"


def _as_values(by: int, rows: Sequence[RoleAppointment]) -> list[Appointment]:
    today, roles = clock.today(), _roles_of(by)
    return [
        Appointment(
            row.public_id,
            row.person_id,
            row.person.name,
            row.role,
            label_of(row.role),
            row.unit.name if row.unit else "",
            row.starts,
            row.ends,
            row.decree,
            _state(row, today),
            _may_confirm(by, roles, row),
        )
        for row in rows
    ]


def _query() -> sa.Select[RoleAppointment]:
    return sa.select(RoleAppointment).options(
        joinedload(RoleAppointment.person), joinedload(RoleAppointment.unit)
    )


def of_person(person_id: int) -> list[Appointment]:
    """A person's own roles, for his profile."""
    rows = db.session.scalars(
        _query().where(RoleAppointment.person_id == person_id).order_by(RoleAppointment.starts.desc())
    ).all()
    return _as_values(person_id, rows)


def waiting_for(by: int) -> list[Appointment]:
    """Proposed roles this person may confirm."""
    rows = db.session.scalars(
        _query()
        .where(RoleAppointment.confirmed_at.is_(None), RoleAppointment.revoked_at.is_(None))
        .order_by(RoleAppointment.id)
    ).all()
    return [row for row in _as_values(by, rows) if row.can_confirm]
