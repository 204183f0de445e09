"""Somebody else is writing: a write transaction is begun again, for a while, before anybody hears of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import pairwise

import pytest
import sqlalchemy as sa

from kinerja import create_app
from kinerja import db as database
from kinerja.db import db, transaction
from kinerja.models import DemoClock
from tests.plugins.app import settings_for


@pytest.fixture
def other(sqlite_url: str) -> Iterator[sqlite3.Connection]:
    """Another process that holds the write lock; SQLite itself waits for nobody here."""
    with create_app(settings_for(sqlite_url)).app_context():
        db.session.execute(sa.text("PRAGMA busy_timeout=0"))
        db.session.rollback()
        connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.close()
        db.session.remove()
        db.engine.dispose()


def write() -> None:
    with transaction():
        db.session.add(DemoClock(id=1, seconds=7))


@pytest.mark.parametrize("attempts", [1, database.BEGINNINGS - 1])
def test_who_finds_the_database_locked_begins_again_until_it_is_free(
    other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, attempts: int
) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == attempts:
            other.execute("COMMIT")

    monkeypatch.setattr(database, "sleep", pause)
    write()
    assert len(pauses) == attempts
    assert all(later > earlier / 3 for earlier, later in pairwise(pauses))
    assert db.session.scalar(sa.select(DemoClock.seconds)) == 7


@pytest.mark.parametrize(("patience", "pauses"), [(20.0, database.BEGINNINGS - 1), (-1.0, 0)])
def test_nobody_waits_for_ever(
    other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, patience: float, pauses: int
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(database, "sleep", slept.append)
    monkeypatch.setattr(database, "PATIENCE", patience)
    with pytest.raises(sa.exc.OperationalError, match="locked"):
        write()
    assert len(slept) == pauses
    other.execute("COMMIT")
    write()
