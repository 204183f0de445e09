"""Guesses cost time: failed attempts are counted in the database, per account and per address, on real time.

An attempt is counted before it is looked at and taken back when it was right. Twenty guesses sent at once are
therefore twenty counted guesses, and not one.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import Throttle

WINDOW = timedelta(minutes=15)
FIRST_WAIT = timedelta(minutes=1)
# No longer: a stranger who knows a NIP must not be able to keep its owner out for a day.
LONGEST_WAIT = timedelta(minutes=15)
ACCOUNT_LIMIT = 5
# A whole office often shares one address; sixty people mistyping on a Monday morning are no attack.
ADDRESS_LIMIT = 20


class TryLater(Exception):
    """Too many failed attempts: nothing was looked at. `until` says when one may try again."""

    def __init__(self, until: datetime):
        super().__init__(f"until {until.isoformat()}")
        self.until = until


@dataclass(frozen=True)
class Key:
    """What is counted, and after how many failures waiting begins."""

    text: str
    limit: int = ACCOUNT_LIMIT


def account_key(purpose: str, account: object) -> Key:
    """One account for one purpose. What was typed for an unknown account is kept only as a hash."""
    if isinstance(account, int):
        return Key(f"{purpose}:{account}")
    return Key(f"{purpose}:?{hashlib.sha256(str(account).encode()).hexdigest()[:40]}")


def address_key(purpose: str, address: str) -> Key:
    return Key(f"{purpose}@{address[:60]}", ADDRESS_LIMIT)


def _locked_row(key: Key, now: datetime) -> Throttle:
    """The row of a key, made if missing and locked until the end of the transaction."""
    make = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    db.session.execute(
        make(Throttle)
        .values(key=key.text, failures=0, window_started=now)
        .on_conflict_do_nothing(index_elements=["key"])
    )
    return db.session.scalars(
        sa.select(Throttle)
        .where(Throttle.key == key.text)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def wait_after(failures: int, limit: int) -> timedelta:
    """No wait below the limit; then one minute, doubled with each further failure, up to a quarter of an hour."""
    if failures < limit:
        return timedelta()
    return min(FIRST_WAIT * (1 << min(failures - limit, 10)), LONGEST_WAIT)


def count_attempt(keys: Sequence[Key]) -> None:
    """Count one attempt on every key, or raise TryLater when one of them is still waiting."""
    now = clock.monotonic_now()
    with transaction():
        # Always in the same order, so that two attempts never wait for each other.
        rows = [(key, _locked_row(key, now)) for key in sorted(keys, key=lambda key: key.text)]
        waits = [row.blocked_until for _, row in rows if row.blocked_until and row.blocked_until > now]
        if waits:
            raise TryLater(max(waits))
        for key, row in rows:
            if now - max(row.window_started, row.blocked_until or row.window_started) > WINDOW:
                row.failures, row.window_started, row.blocked_until = 0, now, None
            row.failures += 1
            wait = wait_after(row.failures, key.limit)
            row.blocked_until = now + wait if wait else None


def take_back(*, account: Key, address: Key | None = None) -> None:
    """The attempt was right: forget the account's failures, and of the address only this one attempt."""
    with transaction():
        db.session.execute(sa.delete(Throttle).where(Throttle.key == account.text))
        if address is None:
            return
        row = db.session.get(Throttle, address.text, with_for_update=True, populate_existing=True)
        if row is not None and row.failures > 0:
            row.failures -= 1
            if row.failures < address.limit:
                row.blocked_until = None


def purge() -> int:
    """Delete rows that no longer hold anybody back; `kinerja due` calls it. Gives how many went."""
    old = clock.monotonic_now() - 2 * WINDOW
    with transaction():
        done = db.session.execute(
            sa.delete(Throttle).where(
                Throttle.window_started < old,
                sa.or_(Throttle.blocked_until.is_(None), Throttle.blocked_until < old),
            )
        )
        return int(done.rowcount)  # type: ignore[attr-defined]
