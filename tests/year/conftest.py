"""The whole application over a small office, on both databases, driven by browsers without scripts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from sqlalchemy import event

from kinerja import clock, create_app
from kinerja.db import db
from tests.plugins.app import settings_for
from tests.plugins.postgres import scratch_folder
from tests.year import office as furniture
from tests.year.acts import acts, agree_and_sign, drafts_an_skp
from tests.year.browser import Browser, Form


class Office:
    """The application, its people, and the calendar on the wall.

    `ids` are the people of a database in which the office stands already.
    """

    def __init__(self, url: str, ids: Mapping[str, int] | None = None):
        self.app = create_app(settings_for(url))
        self.statements: list[str] = []
        self.devices: dict[str, tuple[str, int]] = {}
        self._frozen: Any = None
        with self.app.app_context():
            self.ids = ids or furniture.furnish()
            event.listen(db.engine, "before_cursor_execute", self._note)
        self.it_is(2026, 1, 6)

    def _note(self, _conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")) and "demo_clock" not in statement:
            self.statements.append(" ".join(statement.split()))

    def it_is(self, year: int, month: int, day: int, hour: int = 9) -> None:
        """Turn the calendar to a day, nine in the morning in Jakarta unless told otherwise."""
        if self._frozen is not None:
            self._frozen.__exit__(None, None, None)
        self._frozen = clock.frozen(datetime(year, month, day, tzinfo=UTC) + timedelta(hours=hour - 7))
        self._frozen.__enter__()

    def falls_due(self) -> Any:
        """What the worker does every quarter of an hour."""
        from kinerja.services import due

        with self.app.app_context():
            return due.run()

    def signs_in(self, key: str) -> Browser:
        name, nip, *_rest = furniture.PEOPLE[key]
        browser = Browser(self.app.test_client(), name)
        browser.opens("/masuk")
        form = next(form for form in browser.forms() if form.names("sandi"))
        browser.posts(form, {"nip": nip, "sandi": furniture.PASSWORD})
        if codes := [form for form in browser.forms() if form.names("kode")]:
            self._second_step(browser, key, codes[0])
        return browser

    def _second_step(self, browser: Browser, key: str, form: Form) -> None:
        """Set up the device on the first visit, then give its code. Each is good once: three visits in half a minute."""
        found = re.search(r"secret=([A-Z2-7]+)", browser.text)
        if found:
            self.devices[key] = (found.group(1), -1)
        secret, used = self.devices[key]
        form.action = "/masuk/kode"
        browser.posts(
            form, {"kode": pyotp.TOTP(secret).at(int(clock.monotonic_now().timestamp()) + 30 * used)}
        )
        self.devices[key] = (secret, used + 1)

    def close(self) -> None:
        if self._frozen is not None:
            self._frozen.__exit__(None, None, None)
        with self.app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """The office on SQLite and on PostgreSQL."""
    made = Office(database_url)
    yield made
    made.close()


@pytest.fixture
def small_office(sqlite_url: str) -> Iterator[Office]:
    """The office on SQLite alone, for what does not touch the database's own manners."""
    made = Office(sqlite_url)
    yield made
    made.close()


APRIL = (2026, 4, 7)


def begin_the_year(office: Office) -> tuple[Browser, Browser]:
    """Sekar's SKP is in force and its first realisation open; Dimas has a draft, the others have nothing.

    Gives the browsers of Sekar and of her superior.
    """
    sekar, bagas, dimas = (office.signs_in(key) for key in ("sekar", "bagas", "dimas"))
    agree_and_sign(sekar, bagas, drafts_an_skp(sekar))
    acts(dimas, drafts_an_skp(dimas), "submit")
    office.it_is(*APRIL)
    office.falls_due()
    return sekar, bagas


@pytest.fixture(scope="session")
def begun(sqlite_template: Path) -> Iterator[tuple[Path, Mapping[str, int]]]:
    """A closed SQLite file in which the year has begun, and the people in it; only copied."""
    path = scratch_folder() / "begun.sqlite3"
    shutil.copyfile(sqlite_template, path)
    office = Office(f"sqlite:///{path}")
    begin_the_year(office)
    office.close()
    yield path, office.ids
    shutil.rmtree(path.parent, ignore_errors=True)


@pytest.fixture
def begun_office(begun: tuple[Path, Mapping[str, int]], tmp_path: Path) -> Iterator[Office]:
    """The small office of `begin_the_year`, on SQLite."""
    path = Path(shutil.copyfile(begun[0], tmp_path / "office.sqlite3"))
    made = Office(f"sqlite:///{path}", begun[1])
    made.it_is(*APRIL)
    yield made
    made.close()
