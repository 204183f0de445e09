"""Who can still open the door: the admins in force who have a way in. The last of them is not taken away."""

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Account, ActivationCode, RoleAppointment
from kinerja.rules.words import N_
from kinerja.services import identity

ADMIN = "admin_sistem"

LAST_ADMIN = N_(
    "Ini admin terakhir yang dapat masuk: tanpa dia tidak seorang pun dapat mengatur kinerja. Angkat dan sahkan admin "
    "lain dahulu; ia harus sudah dapat masuk."
)


def who_can_enter() -> dict[int, int]:
    """The appointments of admins in force whose holder can really enter: id of the appointment, its holder.

    A closed account cannot, nor one without a password and without a code that is unused and not yet too old.
    """
    code = sa.exists().where(
        ActivationCode.person_id == RoleAppointment.person_id,
        ActivationCode.used_at.is_(None),
        ActivationCode.expires_at > clock.monotonic_now(),
    )
    rows = db.session.execute(
        sa.select(RoleAppointment.id, RoleAppointment.person_id)
        .join(Account, Account.person_id == RoleAppointment.person_id)
        .where(
            RoleAppointment.role == ADMIN,
            identity.in_force(RoleAppointment, clock.today()),
            Account.disabled_at.is_(None),
            sa.or_(Account.password_hash.is_not(None), code),
        )
    )
    return {row.id: row.person_id for row in rows}


def hold() -> None:
    """Inside a transaction: let those who take admins away do it one after the other."""
    db.session.execute(
        sa.select(RoleAppointment.id)
        .where(RoleAppointment.role == ADMIN)
        .order_by(RoleAppointment.id)
        .with_for_update()
    ).all()


def is_last_appointment(appointment_id: int) -> bool:
    """Would nobody be left who can enter as an admin, were this appointment gone?"""
    return set(who_can_enter()) == {appointment_id}


def is_last_person(person_id: int) -> bool:
    """Would nobody be left who can enter as an admin, were this account closed?"""
    return set(who_can_enter().values()) == {person_id}
