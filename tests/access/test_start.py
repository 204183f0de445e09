"""What kinerja refuses to start with, and in which words: never a traceback, never a promise before it holds."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from kinerja import clock, config, create_app
from kinerja.cli import main
from kinerja.db import db, transaction
from kinerja.ids import new_public_id
from kinerja.models import DemoClock, Person
from tests.plugins.app import settings_for

SAFE = {
    "DATABASE_URL": "postgresql://kinerja@/kinerja",
    "KINERJA_SECRET_KEY": "a" * 32,
    "KINERJA_AUDIT_KEY": "b" * 32,
    "KINERJA_TRUSTED_PROXY": "1",
}
MEMORY, PARAMETERS = "names no file", "leave out ? and what follows"


def refusal(environment: dict[str, str], **more: Any) -> str:
    try:
        config.refuse_unsafe(config.from_environment(environment), **more)
    except config.UnsafeConfiguration as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, ""),
        ({"DATABASE_URL": ""}, ""),
        ({"DATABASE_URL": "sqlite:////srv/kinerja.sqlite3"}, ""),
        ({"KINERJA_SECRET_KEY": ""}, "set KINERJA_SECRET_KEY"),
        ({"KINERJA_AUDIT_KEY": config.DEMO_AUDIT_KEY}, "set KINERJA_AUDIT_KEY"),
        ({"KINERJA_AUDIT_KEY": "a" * 32}, "use two different keys"),
        *(({"KINERJA_TRUSTED_PROXY": value}, "set KINERJA_TRUSTED_PROXY=1") for value in ("", "0", "2", "ya")),
        *(
            ({"DATABASE_URL": url}, MEMORY)
            for url in ("sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite+pysqlite:///:memory:")
        ),
        ({"DATABASE_URL": "sqlite:///file:x?mode=memory&uri=true"}, MEMORY),
        ({"DATABASE_URL": "sqlite:////srv/k.sqlite3?nolock=1&uri=true"}, PARAMETERS),
        ({"DATABASE_URL": "sqlite:////srv/k.sqlite3?isolation_level=DEFERRED"}, PARAMETERS),
        *(({"DATABASE_URL": url}, "set DATABASE_URL") for url in ("foo", "mysql://a@b/c", "/srv/k.sqlite3")),
        *(({"PORT": port}, "set PORT to a number") for port in ("abc", "0", "65536", "-1", "8000.5")),
        ({"KINERJA_DEMO": "1", "DATABASE_URL": "foo"}, "set DATABASE_URL"),
        ({"KINERJA_DEMO": "1", "KINERJA_TRUSTED_PROXY": "", "KINERJA_SECRET_KEY": ""}, ""),
    ],
)  # fmt: skip
def test_a_setting_that_is_unsafe_or_none_is_refused_with_the_line_to_set(
    changed: dict[str, str], told: str
) -> None:
    found = refusal(SAFE | changed)
    assert (told in found) if told else (found == "")


def test_debug_is_refused() -> None:
    assert "FLASK_DEBUG=0" in refusal(SAFE, debug=True)


# ---------- the commands


@pytest.fixture
def kinerja(sqlite_url: str, tmp_path: Path) -> Iterator[Callable[..., Result]]:
    before = clock.shift()

    def call(*arguments: str, **changed: str) -> Result:
        environment = SAFE | {"DATABASE_URL": sqlite_url, "KINERJA_INSTANCE": str(tmp_path)} | changed
        cleared = {name: None for name in os.environ if name.startswith(("KINERJA_", "PORT"))}
        return CliRunner().invoke(main, arguments, env=cleared | environment)

    yield call
    clock.set_shift(before)


NOBODY = "postgresql://kinerja@127.0.0.1:1/kinerja"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"PORT": "abc"}, "PORT is 'abc'"),
        ({"DATABASE_URL": "foo"}, "set DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://kinerja@host:abc/x"}, "DATABASE_URL cannot be read"),
        ({"DATABASE_URL": "sqlite:////tidak/ada/k.sqlite3"}, "there is no folder /tidak/ada"),
        ({"KINERJA_INSTANCE": "/proc/kinerja"}, "set KINERJA_INSTANCE"),
        ({"DATABASE_URL": NOBODY}, "basis data tidak dapat dibuka"),
        ({"DATABASE_URL": NOBODY, "KINERJA_DEMO": "1"}, "basis data tidak dapat dibuka"),
    ],
)
@pytest.mark.parametrize("command", ["migrate", "due"])
def test_what_cannot_start_says_so_in_words_and_ends_with_one(
    kinerja: Callable[..., Result], command: str, changed: dict[str, str], told: str
) -> None:
    result = kinerja(command, **changed)
    assert (result.exit_code, type(result.exception)) == (1, SystemExit), result.exception
    assert told in result.stderr
    assert "Traceback" not in result.output


def test_a_taken_port_is_told_before_anything_is_promised(kinerja: Callable[..., Result]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = kinerja("serve", PORT=str(port), KINERJA_WORKER="0")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"127.0.0.1:{port} cannot be used" in result.stderr


# ---------- demo mode on real data


def a_person() -> Person:
    return Person(
        public_id=new_public_id(), nip="198604242009121901", name="Sari", search_name="sari", status="PNS"
    )


def write(url: str, *rows: Any) -> None:
    """Rows that were written outside demo mode."""
    with create_app(settings_for(url)).app_context():
        with transaction():
            db.session.add_all(rows)
        close()


def close() -> None:
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


def demo_settings(url: str) -> dict[str, Any]:
    return settings_for(url, DEMO=True, TRUSTED_PROXY="", WTF_CSRF_ENABLED=False)


def test_no_process_starts_in_demo_mode_over_real_people(database_url: str) -> None:
    write(database_url, a_person())
    with pytest.raises(config.UnsafeConfiguration, match="holds real people"):
        create_app(demo_settings(database_url))


@pytest.mark.parametrize(
    "command",
    ["serve", "worker", "due", "migrate", "tally", "demo furnish", "demo restart", "audit verify"],
)
def test_every_command_refuses_demo_mode_over_real_people_in_words(
    kinerja: Callable[..., Result], sqlite_url: str, command: str
) -> None:
    write(sqlite_url, a_person())
    result = kinerja(*command.split(), KINERJA_DEMO="1")
    assert (result.exit_code, type(result.exception)) == (1, SystemExit)
    assert "holds real people; set KINERJA_DEMO=0" in result.stderr


def test_people_who_come_after_the_start_close_the_demo_at_the_next_request(database_url: str) -> None:
    app = create_app(demo_settings(database_url))
    with app.app_context():
        assert app.test_client().get("/masuk").status_code == 200
        with transaction():
            db.session.add(person := a_person())
        public_id = person.public_id
        db.session.rollback()
    visitor = app.test_client()
    for answer in (visitor.get("/masuk"), visitor.post("/demo/terapkan", data={"person": public_id})):
        assert (answer.status_code, "KINERJA_DEMO=0" in answer.text) == (503, True)
        assert "/demo/" not in answer.text
        assert "Set-Cookie" not in answer.headers
    with app.app_context():
        close()


def test_nobody_is_let_in_without_a_password_where_no_demo_office_is(sqlite_url: str) -> None:
    app = create_app(demo_settings(sqlite_url))
    assert [app.test_client().post(f"/demo/{way}").status_code for way in ("terapkan", "mulai-ulang")] == [
        404
    ] * 2
    with app.app_context():
        close()


def test_a_furnished_office_starts_in_demo_mode(sqlite_url: str) -> None:
    write(sqlite_url, a_person(), DemoClock(id=1, seconds=0))
    app: Flask = create_app(demo_settings(sqlite_url))
    assert app.test_client().get("/masuk").status_code == 200
    assert clock.shift() == timedelta()
    with app.app_context():
        close()
