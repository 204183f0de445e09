"""Signing in: password, code, confirmation before an act that counts, and what a person sets for himself.

The one module others ask. What it is made of stands beside it: `passwords`, `totp`, `throttle`, `sessions`,
`activation` (one-time codes), `accounts` (first admin, disabling, lost devices), `appointments` (roles).
"""

import re
from dataclasses import dataclass

import sqlalchemy as sa

from kinerja.db import db, transaction
from kinerja.models import Account, Person
from kinerja.services import audit, identity, passwords, sessions, throttle, totp
from kinerja.services.accounts import AlreadySetUp as AlreadySetUp
from kinerja.services.accounts import create_first_admin as create_first_admin
from kinerja.services.accounts import disable as disable_account
from kinerja.services.accounts import enable as enable_account
from kinerja.services.accounts import reset_totp as reset_totp
from kinerja.services.appointments import accept_role as accept_role
from kinerja.services.appointments import confirm_role as confirm_role
from kinerja.services.appointments import demand_own as demand_own
from kinerja.services.appointments import grant_role as grant_role
from kinerja.services.appointments import revoke_role as revoke_role
from kinerja.services.sessions import SignedIn as SignedIn
from kinerja.services.sessions import recently_verified as recently_verified
from kinerja.services.throttle import TryLater as TryLater

__all__ = [
    "AlreadySetUp",
    "Entry",
    "SignedIn",
    "TryLater",
    "accept_role",
    "change_password",
    "confirm_role",
    "create_first_admin",
    "demand_own",
    "disable_account",
    "enable_account",
    "enter",
    "finish_totp",
    "grant_role",
    "normal_nip",
    "recently_verified",
    "reset_totp",
    "revoke_role",
    "set_preferences",
    "sign_in",
    "start_totp",
    "step_up",
    "totp_state",
    "verify_password",
]

LOCALES = ("id", "en")
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Entry:
    """A right password: the token for the cookie, and whether the code of a device is asked next."""

    person_id: int
    token: str
    awaiting_totp: bool


@dataclass(frozen=True)
class TotpState:
    """How an account stands with the second step; `required` by an appointed role."""

    active: bool
    required: bool


def normal_nip(text: str) -> str:
    """A NIP as people write it, without its spaces, dots and hyphens."""
    return re.sub(r"[\s.\-]", "", text)


def _account_of(identifier: str) -> tuple[Person, Account] | None:
    text = identifier.strip()
    condition: sa.ColumnElement[bool]
    if "@" in text:
        condition = Person.email.in_({text, text.lower()})
    else:
        condition = Person.nip == normal_nip(text)
    row = db.session.execute(
        sa.select(Person, Account).join(Account, Account.person_id == Person.id).where(condition)
    ).first()
    return (row[0], row[1]) if row else None


def sign_in(
    identifier: str, password: str, *, address: str, demo: bool = False, device: str = ""
) -> Entry | None:
    """Open a session for a NIP or e-mail and its password, or None; raises TryLater after too many failures.

    An unknown account, a wrong password and a disabled account take the same time and give the same answer.
    """
    found = _account_of(identifier)
    who: object = found[0].id if found else identifier.strip().casefold()
    account_key, address_key = throttle.account_key("masuk", who), throttle.address_key("masuk", address)
    person_id = found[0].id if found else 0
    stored = found[1].password_hash if found else None
    enabled = found is not None and found[1].disabled_at is None
    throttle.count_attempt((account_key, address_key))
    fits = passwords.matches(stored, password)
    if not (fits and enabled):
        return None
    throttle.take_back(account=account_key, address=address_key)
    if stored and passwords.is_outdated(stored):
        _store_password(person_id, password)
    return enter(person_id, demo=demo, device=device)


def enter(person_id: int, *, demo: bool = False, device: str = "") -> Entry:
    """Open a session for somebody whose password, or activation code, was right just now."""
    state = totp_state(person_id, demo=demo)
    asks = state.active or state.required
    with transaction():
        if asks and not state.active:
            start_totp(person_id)
        token = sessions.open_session(person_id, awaiting_totp=asks, verified=True, device=device)
    return Entry(person_id, token, asks)


def totp_state(person_id: int, *, demo: bool = False) -> TotpState:
    """Whether a code is asked of this person. In demo mode only of those who set one up themselves."""
    active = db.session.scalar(sa.select(Account.totp_confirmed).where(Account.person_id == person_id))
    required = not demo and any(scope.role in totp.ROLES for scope in identity.scopes_of(person_id))
    return TotpState(bool(active), required)


def start_totp(person_id: int) -> str:
    """A fresh secret for an account that has none in use; it counts once a code of it was given."""
    secret = totp.new_secret()
    with transaction():
        db.session.execute(
            sa.update(Account)
            .where(Account.person_id == person_id, Account.totp_confirmed.is_(False))
            .values(totp_secret=secret, totp_last_step=0)
            .execution_options(synchronize_session=False)
        )
    return secret


def pending_totp(person_id: int) -> str | None:
    """The secret of a set-up that has begun and is not confirmed yet."""
    return db.session.scalar(
        sa.select(Account.totp_secret).where(
            Account.person_id == person_id, Account.totp_confirmed.is_(False)
        )
    )


def finish_totp(token: str, code: str) -> str | None:
    """Give the code for a session that waits for one: a new token, or None when the code is wrong or was used."""
    waiting = sessions.awaiting(token)
    if waiting is None or not _code_fits(waiting.person_id, waiting.secret, code):
        return None
    with transaction():
        if waiting.is_setup:
            _confirm_totp(waiting.person_id)
        return sessions.promote(waiting.session_id)


def set_up_totp(person_id: int, code: str) -> bool:
    """Confirm a set-up from the profile page by a first code."""
    secret = pending_totp(person_id)
    if secret is None or not _code_fits(person_id, secret, code):
        return False
    with transaction():
        _confirm_totp(person_id)
    return True


def _confirm_totp(person_id: int) -> None:
    db.session.execute(
        sa.update(Account)
        .where(Account.person_id == person_id)
        .values(totp_confirmed=True, totp_reset_by_id=None)
        .execution_options(synchronize_session=False)
    )
    audit.record("totp.dipasang", actor_id=person_id, payload={"person": person_id})


def drop_totp(person_id: int, *, demo: bool = False) -> bool:
    """Take the second step off one's own account; False when a role asks for it."""
    if totp_state(person_id, demo=demo).required:
        return False
    with transaction():
        db.session.execute(
            sa.update(Account)
            .where(Account.person_id == person_id)
            .values(totp_confirmed=False, totp_secret=None)
            .execution_options(synchronize_session=False)
        )
        audit.record("totp.dilepas", actor_id=person_id, payload={"person": person_id})
    return True


def _code_fits(person_id: int, secret: str, code: str) -> bool:
    key = throttle.account_key("kode", person_id)
    throttle.count_attempt((key,))
    if not totp.accept(person_id, secret, code):
        return False
    throttle.take_back(account=key)
    return True


def verify_password(person_id: int, password: str) -> bool:
    """Whether this is the signed-in person's password, as signing asks it again. Raises TryLater.

    Call it before the transaction of the act: a failure must be counted though nothing else is written. It has
    its own count, so that a stranger who guesses at the sign-in page does not keep the owner from signing.
    """
    key = throttle.account_key("tegas", person_id)
    throttle.count_attempt((key,))
    stored = db.session.scalar(
        sa.select(Account.password_hash).where(Account.person_id == person_id, Account.disabled_at.is_(None))
    )
    if not passwords.matches(stored, password):
        return False
    throttle.take_back(account=key)
    return True


def step_up(session: SignedIn, password: str, code: str = "") -> bool:
    """Confirm again that it is he: the password, and the code where the account has a device. Good for five minutes."""
    if not verify_password(session.person_id, password):
        return False
    row = db.session.execute(
        sa.select(Account.totp_confirmed, Account.totp_secret).where(Account.person_id == session.person_id)
    ).one()
    if row.totp_confirmed and not _code_fits(session.person_id, row.totp_secret or "", code):
        return False
    sessions.mark_verified(session.session_id)
    return True


def change_password(session: SignedIn, current: str, new: str) -> list[str] | None:
    """Choose another password and sign out every other browser. None: the current one is wrong; else problems."""
    if not verify_password(session.person_id, current):
        return None
    person = db.session.get_one(Person, session.person_id)
    found = passwords.problems(new, nip=person.nip, email=person.email or "", name=person.name)
    if found:
        return found
    stored = passwords.hash_password(new)
    with transaction():
        _write_password(session.person_id, stored)
        sessions.end_all(session.person_id, except_session=session.session_id)
        audit.record("sandi.diganti", actor_id=session.person_id, payload={"person": session.person_id})
    return []


def _store_password(person_id: int, password: str) -> None:
    stored = passwords.hash_password(password)
    with transaction():
        _write_password(person_id, stored)


def _write_password(person_id: int, stored: str) -> None:
    db.session.execute(
        sa.update(Account)
        .where(Account.person_id == person_id)
        .values(password_hash=stored)
        .execution_options(synchronize_session=False)
    )


def set_preferences(person_id: int, *, locale: str | None = None, theme: str | None = None) -> None:
    """Remember language and look; what is not one of the known values changes nothing."""
    values = {}
    if locale in LOCALES:
        values["locale"] = locale
    if theme in THEMES:
        values["theme"] = theme
    if not values:
        return
    with transaction():
        db.session.execute(
            sa.update(Account)
            .where(Account.person_id == person_id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
