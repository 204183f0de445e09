"""One-time codes that turn an imported account into one with a password.

128 bits, printed once, kept as a hash, good for seven days of real time and for one use.
"""

import base64
import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import (
    Account,
    ActivationCode,
    Person,
    Placement,
    Post,
    RoleAppointment,
    Unit,
)
from kinerja.rules.words import N_
from kinerja.services import audit, identity, passwords, sessions, throttle, totp

VALID = timedelta(days=7)
# A misread letter has one right reading: the alphabet holds no 0, 1 and 8.
_MISREAD = str.maketrans("018", "OIB")
ISSUER_ROLES = ("pengelola_pegawai", "admin_sistem")

NOT_YOURS = N_(
    "Kode aktivasi hanya dibuat oleh pengelola kinerja pegawai untuk unitnya, atau oleh admin sistem."
)
NOT_OWN = N_("Kode untuk diri sendiri dibuat oleh pengelola lain atau admin.")
NEEDS_ADMIN = N_("Pemegang peran yang memakai kode dari perangkat mendapat kode aktivasi dari admin sistem.")
IS_DISABLED = N_("Akun ini dinonaktifkan.")
SAME_HAND = N_("Kode dari perangkat orang ini baru saja Anda hapus; kode aktivasi dibuat oleh orang kedua.")
NO_MATCH = N_(
    "NIP atau kode tidak cocok, sudah dipakai, atau lewat tujuh hari. Mintalah kode baru kepada pengelola."
)


@dataclass(frozen=True)
class PrintedCode:
    """What one slip of paper says; `reason` instead of a code where none may be given."""

    name: str
    nip: str
    unit: str
    code: str
    expires_at: datetime | None
    reason: str = ""


class Activated(StrEnum):
    DONE = "done"
    NO_MATCH = "no_match"
    WEAK = "weak"


def new_code() -> str:
    """128 bits in base 32, in groups of four letters and digits."""
    text = base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def hash_of(code: str) -> str:
    """SHA-256 of a code as it was meant: spaces, hyphens, case and misread digits do not matter."""
    text = "".join(c for c in code.upper().translate(_MISREAD) if c.isascii() and c.isalnum())
    return hashlib.sha256(text.encode()).hexdigest()


def reach_of(person_id: int) -> list[str] | None:
    """The unit paths in which a person may print codes ("" is everywhere), or None when he may nowhere."""
    return [s.path for s in identity.scopes_of(person_id) if s.role in ISSUER_ROLES] or None


def in_reach(paths: Iterable[str]) -> sa.ColumnElement[bool]:
    """Placed today, or for the first time later, in one of these parts of the tree; with "" everybody."""
    parts = list(paths)
    if "" in parts:
        return sa.true()
    placed = (
        sa.select(Placement.person_id)
        .join(Post, Post.id == Placement.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(
            sa.or_(Placement.ends.is_(None), Placement.ends >= clock.today()),
            sa.or_(*(Unit.path.startswith(path, autoescape=True) for path in parts)),
        )
    )
    return Person.id.in_(placed)


def posts_of(people: Any) -> dict[int, tuple[str, str]]:
    """Title and unit of each of these people (their ids, or a query of them), today's or the next."""
    rows = db.session.execute(
        sa.select(Placement.person_id, Post.title, Unit.name)
        .join(Post, Post.id == Placement.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(
            Placement.person_id.in_(people),
            Placement.kind == "definitif",
            sa.or_(Placement.ends.is_(None), Placement.ends >= clock.today()),
        )
        .order_by(Placement.starts.desc())
    )
    return {row.person_id: (row.title, row.name) for row in rows}


def issue(by_id: int, public_ids: Sequence[str]) -> list[PrintedCode]:
    """Make a code for each of these people and void his older ones; one audit row each.

    People outside the issuer's reach are not even named. A slip with a `reason` says why there is no code.
    """
    slips: list[PrintedCode] = []
    with transaction():
        paths = reach_of(by_id)
        if paths is None:
            return []
        is_admin = any(scope.role == "admin_sistem" for scope in identity.scopes_of(by_id))
        rows = db.session.execute(
            sa.select(Person, Account)
            .join(Account, Account.person_id == Person.id)
            .where(Person.public_id.in_(list(public_ids)), in_reach(paths))
            .order_by(Person.search_name, Person.id)
        ).all()
        posts = posts_of([person.id for person, _ in rows])
        for person, account in rows:
            unit = posts.get(person.id, ("", ""))[1]
            reason = _refusal(by_id, person.id, account, is_admin)
            if reason:
                slips.append(PrintedCode(person.name, person.nip, unit, "", None, reason))
                continue
            code, until = _write(by_id, person.id)
            slips.append(PrintedCode(person.name, person.nip, unit, code, until))
    return slips


def _refusal(by_id: int, person_id: int, account: Account, is_admin: bool) -> str:
    if person_id == by_id:
        return NOT_OWN
    if account.disabled_at is not None:
        return IS_DISABLED
    # Whoever took the device away must not also hand out the password: that would be the whole account.
    if account.totp_reset_by_id == by_id and not account.totp_confirmed:
        return SAME_HAND
    if not is_admin and (account.totp_confirmed or _holds_guarded_role(person_id)):
        return NEEDS_ADMIN
    return ""


def _holds_guarded_role(person_id: int) -> bool:
    rows = db.session.scalars(
        sa.select(RoleAppointment.role).where(
            RoleAppointment.person_id == person_id, RoleAppointment.revoked_at.is_(None)
        )
    )
    return bool(totp.ROLES & set(rows))


def _write(by_id: int | None, person_id: int) -> tuple[str, datetime]:
    """Inside a transaction: void what is open, write the new hash, and the audit row."""
    now = clock.monotonic_now()
    db.session.execute(
        sa.update(ActivationCode)
        .where(
            ActivationCode.person_id == person_id,
            ActivationCode.used_at.is_(None),
            ActivationCode.expires_at > now,
        )
        .values(expires_at=now)
        .execution_options(synchronize_session=False)
    )
    code = new_code()
    row = ActivationCode(
        person_id=person_id,
        code_hash=hash_of(code),
        issued_by_id=by_id,
        issued_at=now,
        expires_at=now + VALID,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("aktivasi.kode", actor_id=by_id, payload={"person": person_id, "code": row.id})
    return code, now + VALID


def issue_unattended(person_id: int) -> str:
    """A code made on the server itself, where nobody is signed in; inside the caller's transaction."""
    return _write(None, person_id)[0]


def issued_lately_by(by_id: int, person_id: int) -> bool:
    """Whether this person printed a code for that one within the last seven days."""
    since = clock.monotonic_now() - VALID
    return bool(
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(ActivationCode)
            .where(
                ActivationCode.issued_by_id == by_id,
                ActivationCode.person_id == person_id,
                ActivationCode.issued_at > since,
            )
        )
    )


@dataclass(frozen=True)
class Activation:
    """What became of an activation; `problems` are words about the chosen password."""

    outcome: Activated
    person_id: int = 0
    problems: tuple[str, ...] = ()


def activate(nip: str, code: str, password: str, *, address: str) -> Activation:
    """Use up a code and set the password. Raises TryLater after too many wrong codes.

    An unknown NIP, a wrong, used or old code and a disabled account get the same answer.
    """
    keys = (throttle.account_key("aktivasi", nip), throttle.address_key("aktivasi", address))
    throttle.count_attempt(keys)
    found = _usable(nip, code)
    if found is None:
        return Activation(Activated.NO_MATCH)
    person, code_id = found
    person_id = person.id
    weak = passwords.problems(password, nip=person.nip, email=person.email or "", name=person.name)
    throttle.take_back(account=keys[0], address=keys[1])
    if weak:
        return Activation(Activated.WEAK, problems=tuple(weak))
    stored = passwords.hash_password(password)
    now = clock.monotonic_now()
    with transaction():
        used = db.session.execute(
            sa.update(ActivationCode)
            .where(
                ActivationCode.id == code_id,
                ActivationCode.used_at.is_(None),
                ActivationCode.expires_at > now,
            )
            .values(used_at=now)
            .execution_options(synchronize_session=False)
        )
        if used.rowcount != 1:  # type: ignore[attr-defined]
            return Activation(Activated.NO_MATCH)
        db.session.execute(
            sa.update(Account)
            .where(Account.person_id == person_id)
            .values(password_hash=stored)
            .execution_options(synchronize_session=False)
        )
        sessions.end_all(person_id)
        audit.record("aktivasi.dipakai", actor_id=person_id, payload={"person": person_id, "code": code_id})
    return Activation(Activated.DONE, person_id=person_id)


def whose(nip: str, code: str, *, address: str) -> str | None:
    """The name on the account that a valid slip opens, else None. Counts as an attempt; raises TryLater."""
    keys = (throttle.account_key("aktivasi", nip), throttle.address_key("aktivasi", address))
    throttle.count_attempt(keys)
    found = _usable(nip, code)
    if found is None:
        return None
    name = found[0].name
    throttle.take_back(account=keys[0], address=keys[1])
    return name


def _usable(nip: str, code: str) -> tuple[Person, int] | None:
    row = db.session.execute(
        sa.select(Person, ActivationCode.id)
        .join(ActivationCode, ActivationCode.person_id == Person.id)
        .join(Account, Account.person_id == Person.id)
        .where(
            Person.nip == nip,
            ActivationCode.code_hash == hash_of(code),
            ActivationCode.used_at.is_(None),
            ActivationCode.expires_at > clock.monotonic_now(),
            Account.disabled_at.is_(None),
        )
    ).first()
    return (row[0], row[1]) if row else None


def purge() -> int:
    """Delete codes that were used or lapsed a month ago; `kinerja due` calls it. Gives how many went."""
    with transaction():
        done = db.session.execute(
            sa.delete(ActivationCode).where(
                ActivationCode.expires_at < clock.monotonic_now() - timedelta(days=30)
            )
        )
        return int(done.rowcount)  # type: ignore[attr-defined]
