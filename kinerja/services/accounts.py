"""What happens to accounts beside signing in: the first admin, closing, a lost device. Each act is audited."""

import re
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.ids import new_public_id
from kinerja.models import Account, Person, RoleAppointment
from kinerja.rules.words import N_
from kinerja.services import activation, audit, identity, last_admin, notices, permits, sessions
from kinerja.services.errors import NotAllowed, NotThere
from kinerja.services.importing import cells

ADMIN = last_admin.ADMIN
LONGEST_NAME = 200
# Who acted and why, in the audit row of an act on the console: it has no person.
ON_THE_SERVER = "perintah pengelola peladen"

ADMIN_ONLY = N_("Hanya admin sistem yang dapat melakukan ini.")
NOT_YOURSELF = N_("Untuk akun sendiri hal ini dilakukan oleh admin lain.")
CLOSED = N_("%(who)s menutup akun Anda: %(reason)s")
OPENED = N_("%(who)s membuka kembali akun Anda: %(reason)s")
DEVICE_GONE = N_(
    "%(who)s menghapus kode perangkat Anda: %(reason)s. Bila Anda tidak memintanya, hubungi admin lain sekarang."
)
DEVICE_GONE_BY_OPERATOR = N_(
    "Pengelola peladen menghapus kode perangkat Anda. Bila Anda tidak memintanya, hubungi admin lain sekarang."
)
DEVICE_OF_ADMIN_GONE = N_(
    "Pengelola peladen menghapus kode perangkat admin %(whose)s, yang memasang perangkat baru saat masuk lagi. Bila ia "
    "tidak memintanya, tutup akunnya."
)
CODE_OF_ADMIN_MADE = N_(
    "Pengelola peladen membuat kode aktivasi baru bagi admin %(whose)s. Bila ia tidak memintanya, tutup akunnya."
)
SAME_HAND = N_(
    "Anda mencetak kode aktivasi orang ini dalam tujuh hari terakhir; kode dari perangkatnya dihapus oleh admin lain."
)


class AlreadySetUp(Exception):
    """There is an admin already: the first one is made once, on an empty database."""


class BadNip(Exception):
    """Not eighteen digits that begin with a date of birth."""


class BadName(Exception):
    """No name, or one too long to keep."""


class BadEmail(Exception):
    """Not of the form name@domain."""


class EmailTaken(Exception):
    """Somebody else on file has this e-mail."""


class NoAdmin(Exception):
    """Nobody with this NIP is an admin in force: for all others an admin acts, on the page of the person."""


class NoDevice(Exception):
    """There is no device to take away: the next sign-in sets one up anyway."""


class ClosedAccount(Exception):
    """The account is closed; a code would open nothing."""


def is_admin(person_id: int) -> bool:
    return any(scope.role == ADMIN for scope in identity.scopes_of(person_id))


def _birth_date_is_possible(nip: str) -> bool:
    try:
        return date(int(nip[:4]), int(nip[4:6]), int(nip[6:8])) < clock.today()
    except ValueError:
        return False


def create_first_admin(*, nip: str, name: str, email: str, status: str = "PNS") -> str:
    """Make the first admin, effective at once, and give his activation code.

    Raises AlreadySetUp, BadNip, BadName, BadEmail, EmailTaken. "First" is whoever comes while no admin in force can
    enter: also after a code that nobody used in time, and after the last one lost his role. The person may be on file
    already; then name and e-mail stay, and a closed account is open again.
    """
    if not re.fullmatch(r"[0-9]{18}", nip) or not _birth_date_is_possible(nip):
        raise BadNip(nip)
    name, email = " ".join(name.split()), _mail(email)
    if not name or len(name) > LONGEST_NAME:
        raise BadName(name)
    now = clock.now()
    with transaction():
        last_admin.hold()
        if last_admin.who_can_enter():
            raise AlreadySetUp
        person = db.session.scalar(sa.select(Person).where(Person.nip == nip))
        if person is None:
            if db.session.scalar(sa.select(Person.id).where(Person.email == email)) is not None:
                raise EmailTaken(email)
            person = Person(
                public_id=new_public_id(),
                nip=nip,
                name=name,
                search_name=name.casefold(),
                email=email,
                status=status,
            )
            db.session.add(person)
            db.session.flush()
        account = db.session.get(Account, person.id)
        if account is None:
            db.session.add(Account(person_id=person.id))
        else:
            account.disabled_at = None
        role = _admin_role_of(person.id)
        if role is None:
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


def _admin_role_of(person_id: int) -> RoleAppointment | None:
    """His appointment in force: a second code needs no second one."""
    return db.session.scalar(
        sa.select(RoleAppointment).where(
            RoleAppointment.person_id == person_id,
            RoleAppointment.role == ADMIN,
            identity.in_force(RoleAppointment, clock.today()),
        )
    )


def _mail(text: str) -> str:
    try:
        return cells.mail(text.strip())
    except cells.Refused:
        raise BadEmail(text) from None


def _must_be_admin(by_id: int, person_id: int, event: str) -> None:
    if not is_admin(by_id):
        raise NotAllowed(event, [ADMIN_ONLY])
    if by_id == person_id:
        raise NotAllowed(event, [NOT_YOURSELF])


@dataclass(frozen=True)
class State:
    """An account as an admin sees it. `is_own`: the one who asks."""

    public_id: str
    name: str
    nip: str
    has_password: bool
    closed_at: datetime | None
    has_device: bool
    is_own: bool


def state_of(by_id: int, public_id: str) -> tuple[int, State]:
    """Whose account it is and how it stands, for an admin. Raises NotThere."""
    permits.demand(by_id, "account.read")
    row = db.session.execute(
        sa.select(
            Person.id, Person.name, Person.nip, Account.password_hash, Account.disabled_at, Account.totp_confirmed
        )
        .join(Account, Account.person_id == Person.id)
        .where(Person.public_id == public_id)
    ).first()  # fmt: skip
    if row is None:
        raise NotThere
    return row.id, State(
        public_id, row.name, row.nip, row.password_hash is not None, row.disabled_at, row.totp_confirmed,
        row.id == by_id,
    )  # fmt: skip


def disable(by_id: int, person_id: int, reason: str) -> None:
    """Close an account; whoever is signed in with it is out at his next request. Raises NotAllowed."""
    with transaction():
        last_admin.hold()
        _must_be_admin(by_id, person_id, "akun.nonaktif")
        if last_admin.is_last_person(person_id):
            raise NotAllowed("akun.nonaktif", [last_admin.LAST_ADMIN])
        account = db.session.get_one(Account, person_id)
        if account.disabled_at is not None:
            return
        account.disabled_at = clock.monotonic_now()
        sessions.end_all(person_id)
        _done("akun.nonaktif", by_id, person_id, reason, CLOSED)


def enable(by_id: int, person_id: int, reason: str) -> None:
    """Open a closed account again; its password is unchanged. Raises NotAllowed."""
    with transaction():
        _must_be_admin(by_id, person_id, "akun.aktif")
        account = db.session.get_one(Account, person_id)
        if account.disabled_at is None:
            return
        account.disabled_at = None
        _done("akun.aktif", by_id, person_id, reason, OPENED)


def reset_totp(by_id: int, person_id: int, reason: str) -> None:
    """The device is lost: the next sign-in sets up a new one. Not by who printed this person's activation code.

    Code and device from one hand would be somebody else's whole account. Raises NotAllowed.
    """
    with transaction():
        _must_be_admin(by_id, person_id, "totp.dihapus")
        if activation.issued_lately_by(by_id, person_id):
            raise NotAllowed("totp.dihapus", [SAME_HAND])
        _take_device_off(db.session.get_one(Account, person_id), by_id)
        _done("totp.dihapus", by_id, person_id, reason, DEVICE_GONE)


def _take_device_off(account: Account, by_id: int | None) -> None:
    account.totp_secret = None
    account.totp_confirmed = False
    account.totp_reset_by_id = by_id
    sessions.end_all(account.person_id)


def reset_totp_unattended(nip: str) -> str:
    """The same on the server itself, where nobody is signed in: for the admin whom no other admin can help.

    Gives his name. He and every other admin are told. Raises NoAdmin, NoDevice.
    """
    with transaction():
        person, account = _admin_on_file(nip)
        if not account.totp_confirmed:
            raise NoDevice(nip)
        _take_device_off(account, None)
        audit.record("totp.dihapus", actor_id=None, payload={"person": person.id, "reason": ON_THE_SERVER})
        _tell_admins(person, DEVICE_OF_ADMIN_GONE)
        notices.write(None, {person.id: (DEVICE_GONE_BY_OPERATOR, {})})
        return person.name


def new_code_unattended(nip: str) -> tuple[str, str]:
    """Name and a new activation code for the admin who forgot his password and whom no other admin can help.

    Every other admin is told. Raises NoAdmin, ClosedAccount.
    """
    with transaction():
        person, account = _admin_on_file(nip)
        if account.disabled_at is not None:
            raise ClosedAccount(nip)
        code = activation.issue_unattended(person.id)
        _tell_admins(person, CODE_OF_ADMIN_MADE)
        return person.name, code


def _admin_on_file(nip: str) -> tuple[Person, Account]:
    row = db.session.execute(
        sa.select(Person, Account).join(Account, Account.person_id == Person.id).where(Person.nip == nip)
    ).first()
    if row is None or not is_admin(row[0].id):
        raise NoAdmin(nip)
    return row[0], row[1]


def _tell_admins(about: Person, text: str) -> None:
    """Whoever else could have helped hears of it, and can shut the door."""
    others = set(last_admin.who_can_enter().values()) - {about.id}
    notices.write(None, {other: (text, {"whose": about.name}) for other in sorted(others)})


def _done(action: str, by_id: int, person_id: int, reason: str, told: str) -> None:
    audit.record(action, actor_id=by_id, payload={"person": person_id, "reason": reason})
    notices.write(None, {person_id: (told, {"who": _name_of(by_id), "reason": reason})})


def _name_of(person_id: int) -> str:
    return db.session.scalar(sa.select(Person.name).where(Person.id == person_id)) or ""
