"""What happens to accounts beside signing in: the first admin, disabling, a lost device. Each act is audited."""

import re
from datetime import date

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.ids import new_public_id
from kinerja.models import Account, ActivationCode, Person, RoleAppointment
from kinerja.rules.words import N_
from kinerja.services import activation, audit, identity, sessions
from kinerja.services.errors import NotAllowed

ADMIN = "admin_sistem"

ADMIN_ONLY = N_("Hanya admin sistem yang dapat melakukan ini.")
NOT_YOURSELF = N_("Untuk akun sendiri hal ini dilakukan oleh admin lain.")
SAME_HAND = N_(
    "Anda mencetak kode aktivasi orang ini dalam tujuh hari terakhir; kode dari perangkatnya dihapus oleh admin lain."
)


class AlreadySetUp(Exception):
    """There is an admin already: the first one is made once, on an empty database."""


class BadNip(Exception):
    """Not eighteen digits that begin with a date of birth."""


def is_admin(person_id: int) -> bool:
    return any(scope.role == ADMIN for scope in identity.scopes_of(person_id))


def _birth_date_is_possible(nip: str) -> bool:
    try:
        return date(int(nip[:4]), int(nip[4:6]), int(nip[6:8])) < clock.today()
    except ValueError:
        return False


def _some_admin_can_enter() -> bool:
    """Has an admin a password, or been given a code? One whom a first import named has neither."""
    password = sa.exists().where(
        Account.person_id == RoleAppointment.person_id, Account.password_hash.is_not(None)
    )
    code = sa.exists().where(ActivationCode.person_id == RoleAppointment.person_id)
    found = (
        sa.select(RoleAppointment.id).where(RoleAppointment.role == ADMIN, sa.or_(password, code)).limit(1)
    )
    return db.session.scalar(found) is not None


def create_first_admin(*, nip: str, name: str, email: str, status: str = "PNS") -> str:
    """Make the first admin, effective at once, and give his activation code. Raises AlreadySetUp, BadNip.

    The person may be on file already; then only the account's role is new and name and e-mail stay.
    """
    if not re.fullmatch(r"[0-9]{18}", nip) or not _birth_date_is_possible(nip):
        raise BadNip(nip)
    now = clock.now()
    with transaction():
        if _some_admin_can_enter():
            raise AlreadySetUp
        person = db.session.scalar(sa.select(Person).where(Person.nip == nip))
        if person is None:
            person = Person(
                public_id=new_public_id(),
                nip=nip,
                name=name.strip(),
                search_name=name.strip().casefold(),
                email=email.strip().lower() or None,
                status=status,
            )
            db.session.add(person)
            db.session.flush()
        if db.session.get(Account, person.id) is None:
            db.session.add(Account(person_id=person.id))
        role = RoleAppointment(
            public_id=new_public_id(),
            person_id=person.id,
            role=ADMIN,
            starts=clock.today(),
            confirmed_at=now,
        )
        db.session.add(role)
        db.session.flush()
        code = activation.issue_unattended(person.id)
        audit.record(
            "peran.admin_pertama",
            actor_id=None,
            payload={"person": person.id, "appointment": role.id, "role": ADMIN},
        )
    return code


def _must_be_admin(by_id: int, person_id: int, event: str) -> None:
    if not is_admin(by_id):
        raise NotAllowed(event, [ADMIN_ONLY])
    if by_id == person_id:
        raise NotAllowed(event, [NOT_YOURSELF])


def disable(by_id: int, person_id: int, reason: str) -> None:
    """Close an account; whoever is signed in with it is out at his next request."""
    with transaction():
        _must_be_admin(by_id, person_id, "akun.nonaktif")
        account = db.session.get_one(Account, person_id)
        account.disabled_at = clock.monotonic_now()
        sessions.end_all(person_id)
        audit.record("akun.nonaktif", actor_id=by_id, payload={"person": person_id, "reason": reason})


def enable(by_id: int, person_id: int, reason: str) -> None:
    """Open a closed account again; its password is unchanged."""
    with transaction():
        _must_be_admin(by_id, person_id, "akun.aktif")
        account = db.session.get_one(Account, person_id)
        account.disabled_at = None
        audit.record("akun.aktif", actor_id=by_id, payload={"person": person_id, "reason": reason})


def reset_totp(by_id: int, person_id: int, reason: str) -> None:
    """The device is lost: the next sign-in sets up a new one. Not by who printed this person's activation code.

    Code and device from one hand would be somebody else's whole account.
    """
    with transaction():
        _must_be_admin(by_id, person_id, "totp.dihapus")
        if activation.issued_lately_by(by_id, person_id):
            raise NotAllowed("totp.dihapus", [SAME_HAND])
        account = db.session.get_one(Account, person_id)
        account.totp_secret = None
        account.totp_confirmed = False
        account.totp_reset_by_id = by_id
        sessions.end_all(person_id)
        audit.record("totp.dihapus", actor_id=by_id, payload={"person": person_id, "reason": reason})
