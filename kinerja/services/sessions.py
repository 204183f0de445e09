"""Signed-in browsers: rows on real time. The cookie holds a random token, the table only its hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import Account, LoginSession, Person, RoleAppointment, Unit
from kinerja.services import identity

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
# Between the password and the code of the second page.
SECOND_STEP = timedelta(minutes=10)
# `seen_at` is not written more often than this, so that reading stays reading.
TOUCH = timedelta(minutes=1)
VERIFIED_FOR = timedelta(minutes=5)


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, as plain values: it outlives the rows it was read from, which a transaction forgets."""

    person_id: int
    public_id: str
    name: str
    session_id: int
    locale: str
    theme: str
    verified_at: datetime | None
    roles: frozenset[str]

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.public_id


@dataclass(frozen=True)
class Awaiting:
    """A right password whose code is still missing."""

    session_id: int
    person_id: int
    nip: str
    secret: str
    is_setup: bool


@dataclass(frozen=True)
class SessionRow:
    """A signed-in browser as the profile page lists it."""

    id: int
    device: str
    created_at: datetime
    seen_at: datetime
    is_current: bool


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _alive(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        LoginSession.ended_at.is_(None),
        LoginSession.seen_at > now - IDLE,
        LoginSession.created_at > now - ABSOLUTE,
    )


def open_session(
    person_id: int, *, awaiting_totp: bool = False, verified: bool = False, device: str = ""
) -> str:
    """A new session; gives the token for the cookie. `verified`: the password was given just now."""
    now = clock.monotonic_now()
    token = secrets.token_urlsafe(32)
    with transaction():
        db.session.add(
            LoginSession(
                token_hash=_hash(token),
                person_id=person_id,
                created_at=now,
                seen_at=now,
                verified_at=now if verified else None,
                awaiting_totp=awaiting_totp,
                device=device[:60],
            )
        )
    return token


def load(token: str) -> SignedIn | None:
    """Who this token belongs to, or None when it ended, was idle too long, or the account is disabled.

    One statement; a second, the note that the browser was seen, at most once a minute.
    """
    now, today = clock.monotonic_now(), clock.today()
    given = {"token": _hash(token), "idle": now - IDLE, "oldest": now - ABSOLUTE, "on": today}
    rows = db.session.execute(_load_query(), given).all()
    if not rows:
        return None
    row = rows[0]
    scopes = [(r.role, r.path or "") for r in rows if r.role is not None]
    roles = frozenset(role for role, _path in scopes)
    identity.remember_roles(row.person_id, today, scopes)
    if now - row.seen_at >= TOUCH:
        _touch(row.id, now)
    return SignedIn(
        row.person_id, row.public_id, row.name, row.id, row.locale, row.theme, row.verified_at, roles
    )


@cache
def _load_query() -> Any:
    """The session, who it belongs to, and his roles of today: one row for each, at least one."""
    return (
        sa.select(
            LoginSession.id,
            LoginSession.seen_at,
            LoginSession.verified_at,
            Account.locale,
            Account.theme,
            Person.id.label("person_id"),
            Person.public_id,
            Person.name,
            RoleAppointment.role,
            Unit.path,
        )
        .join(Account, Account.person_id == LoginSession.person_id)
        .join(Person, Person.id == LoginSession.person_id)
        .outerjoin(
            RoleAppointment,
            sa.and_(RoleAppointment.person_id == Person.id, identity.in_force(RoleAppointment, identity.ON)),
        )
        .outerjoin(Unit, Unit.id == RoleAppointment.unit_id)
        .where(
            LoginSession.token_hash == sa.bindparam("token"),
            LoginSession.awaiting_totp.is_(False),
            Account.disabled_at.is_(None),
            LoginSession.ended_at.is_(None),
            LoginSession.seen_at > sa.bindparam("idle", type_=LoginSession.seen_at.type),
            LoginSession.created_at > sa.bindparam("oldest", type_=LoginSession.created_at.type),
        )
    )


def _touch(session_id: int, now: datetime) -> None:
    try:
        with transaction():
            db.session.execute(
                sa.update(LoginSession)
                .where(LoginSession.id == session_id, LoginSession.seen_at < now)
                .values(seen_at=now)
                .execution_options(synchronize_session=False)
            )
    except OperationalError:
        # A long import holds the file: whoever only reads need not wait for it nor fail; the next request notes it.
        db.session.rollback()


def awaiting(token: str) -> Awaiting | None:
    """The session that waits for its code, for ten minutes."""
    now = clock.monotonic_now()
    row = db.session.execute(
        sa.select(
            LoginSession.id,
            Person.id.label("person_id"),
            Person.nip,
            Account.totp_secret,
            Account.totp_confirmed,
        )
        .join(Account, Account.person_id == LoginSession.person_id)
        .join(Person, Person.id == LoginSession.person_id)
        .where(
            LoginSession.token_hash == _hash(token),
            LoginSession.awaiting_totp.is_(True),
            LoginSession.created_at > now - SECOND_STEP,
            Account.disabled_at.is_(None),
            Account.totp_secret.is_not(None),
            _alive(now),
        )
    ).first()
    if row is None:
        return None
    return Awaiting(row.id, row.person_id, row.nip, row.totp_secret or "", not row.totp_confirmed)


def promote(session_id: int) -> str:
    """The code was right: the session is whole and gets a new token, the old one is worth nothing."""
    now = clock.monotonic_now()
    token = secrets.token_urlsafe(32)
    with transaction():
        db.session.execute(
            sa.update(LoginSession)
            .where(LoginSession.id == session_id)
            .values(
                token_hash=_hash(token), awaiting_totp=False, created_at=now, seen_at=now, verified_at=now
            )
            .execution_options(synchronize_session=False)
        )
    return token


def mark_verified(session_id: int) -> None:
    """The password was given again just now."""
    with transaction():
        db.session.execute(
            sa.update(LoginSession)
            .where(LoginSession.id == session_id)
            .values(verified_at=clock.monotonic_now())
            .execution_options(synchronize_session=False)
        )


def recently_verified(session: SignedIn) -> bool:
    """Whether the password was given in the last five minutes."""
    return session.verified_at is not None and clock.monotonic_now() - session.verified_at <= VERIFIED_FOR


def belongs_to(token: str) -> int | None:
    """Whose token this is or was, also when it is over: who signs in again keeps the forms of other tabs alive."""
    return db.session.scalar(sa.select(LoginSession.person_id).where(LoginSession.token_hash == _hash(token)))


def end(*, token: str | None = None, session_id: int | None = None, person_id: int | None = None) -> None:
    """End one session, by its token or by its id; with `person_id` only if it is his."""
    condition = (
        LoginSession.token_hash == _hash(token) if token is not None else LoginSession.id == session_id
    )
    if person_id is not None:
        condition = sa.and_(condition, LoginSession.person_id == person_id)
    _end(condition)


def end_all(person_id: int, *, except_session: int | None = None) -> None:
    """Sign a person out everywhere, perhaps but for the browser he does it from."""
    _end(sa.and_(LoginSession.person_id == person_id, LoginSession.id != (except_session or 0)))


def _end(condition: sa.ColumnElement[bool]) -> None:
    with transaction():
        db.session.execute(
            sa.update(LoginSession)
            .where(condition, LoginSession.ended_at.is_(None))
            .values(ended_at=clock.monotonic_now())
            .execution_options(synchronize_session=False)
        )


def active(person_id: int, current: int | None = None) -> list[SessionRow]:
    """The browsers a person is signed in on, the latest first."""
    rows = db.session.execute(
        sa.select(LoginSession.id, LoginSession.device, LoginSession.created_at, LoginSession.seen_at)
        .where(
            LoginSession.person_id == person_id,
            LoginSession.awaiting_totp.is_(False),
            _alive(clock.monotonic_now()),
        )
        .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
    )
    return [SessionRow(r.id, r.device, r.created_at, r.seen_at, r.id == current) for r in rows]


def purge() -> int:
    """Delete sessions that ended or lapsed a month ago; `kinerja due` calls it. Gives how many went."""
    with transaction():
        done = db.session.execute(
            sa.delete(LoginSession).where(
                LoginSession.created_at < clock.monotonic_now() - timedelta(days=30)
            )
        )
        return int(done.rowcount)  # type: ignore[attr-defined]
