"""The calendar feed of one person: an address that a calendar program asks without signing in."""

import hashlib
import hmac
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from kinerja import clock
from kinerja.db import db
from kinerja.models import Account, Person
from kinerja.services import agenda
from kinerja.services.errors import NotThere

SIZE = 40  # hexadecimal digits of the seal: 160 bits
BACK = timedelta(days=31)


def address_of(person_id: int) -> str:
    """The secret part of the address. It changes with the password, so that a leaked one can be made worthless."""
    row = _account(Person.id == person_id)
    return f"{row.public_id}-{_seal(row)}" if row is not None else ""


def owner_of(secret: str) -> tuple[int, str]:
    """Whose feed this is and the language he reads. Raises NotThere for a wrong or an old address."""
    public_id, _dash, seal = secret.rpartition("-")
    row = _account(Person.public_id == public_id)
    if row is None or not hmac.compare_digest(seal.encode(), _seal(row).encode()):
        raise NotThere(public_id)
    return row.person_id, row.locale


def entries(person_id: int) -> list[agenda.Entry]:
    """What the calendar page shows, windows and days off from a month back."""
    today: date = clock.today()
    return agenda.entries(person_id, today - BACK)


def _account(whose: sa.ColumnElement[bool]) -> Any:
    return db.session.execute(
        sa.select(Account.person_id, Account.locale, Account.password_hash, Person.public_id)
        .join(Person, Person.id == Account.person_id)
        .where(whose, Account.disabled_at.is_(None), Account.password_hash.is_not(None))
    ).first()


def _seal(row: Any) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    text = f"kalender:{row.public_id}:{row.password_hash}".encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:SIZE]
