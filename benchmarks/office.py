"""The office the bench measures: simulated, analysed, with signed-in people who open the pages that are measured."""

import json
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from benchmarks.load import Ask
from benchmarks.server import COOKIE, NOON, SECRET, bare_cookie, set_clock, settings
from kinerja import clock, create_app
from kinerja.db import db, transaction
from kinerja.ids import new_public_id
from kinerja.models import Document, ReportingLine, RoleAppointment, Unit
from kinerja.services import importing, sessions, simulating
from kinerja.services.simulating.people import make_people

ROOT = Path(__file__).resolve().parent.parent
IMPORTED = 1000


@dataclass(frozen=True)
class SignedIn:
    """A person with a session: the cookie of the application, that of the bare pages, and the token of forms."""

    person_id: int
    cookie: str
    bare: str
    csrf: str


@dataclass
class Office:
    """What is asked for: per page one maker of requests for each side."""

    pages: dict[str, list[Callable[[], Ask]]]
    documents: int


def furnish(url: str, folder: Path, people: int, stories: tuple[str, ...] | None, bar: Any = None) -> Office:
    """Migrate, simulate, analyse, sign people in."""
    app = create_app(settings(url, folder))
    set_clock()
    with app.app_context():
        _migrate()
        simulating.simulate(people, progress=bar, told=stories)
        db.session.remove()
        _bare_tables()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("ANALYZE"))
        office = _office(app)
        db.session.remove()
        db.engine.dispose()
    return office


def _migrate() -> None:
    import contextlib
    import io

    import flask_migrate

    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        flask_migrate.upgrade()


def _bare_tables() -> None:
    serial = "INTEGER PRIMARY KEY" if db.engine.dialect.name == "sqlite" else "SERIAL PRIMARY KEY"
    with transaction():
        db.session.execute(
            sa.text("CREATE TABLE bench_counter (id INTEGER PRIMARY KEY, version INTEGER NOT NULL)")
        )
        db.session.execute(
            sa.text(
                f"CREATE TABLE bench_history (id {serial}, counter_id INTEGER NOT NULL, text VARCHAR(40))"
            )
        )
        db.session.execute(sa.text("INSERT INTO bench_counter VALUES (1, 0), (2, 0)"))


def _office(app: Flask) -> Office:
    team = sa.func.count(ReportingLine.person_id)
    head = db.session.execute(
        sa.select(ReportingLine.superior_id, team)
        .where(ReportingLine.superior_id.is_not(None))
        .group_by(ReportingLine.superior_id)
        .order_by(sa.func.abs(team - 10), ReportingLine.superior_id)
    ).first()
    assert head is not None
    boss = signed_in(app, head[0])
    skp = db.session.scalars(
        sa.select(Document.public_id)
        .join(ReportingLine, ReportingLine.person_id == Document.subject_id)
        .where(ReportingLine.superior_id == head[0], Document.kind == "skp", Document.state == "in_force")
    ).first()
    assert skp is not None
    manager, unit = _manager(app)
    pages: dict[str, list[Callable[[], Ask]]] = {
        "bare page": [_get("/bare/read", boss.bare)] * 2,
        "bare write": [_write(1), _write(2)],
        "home": [_get("/", boss.cookie)] * 2,
        "rows of a list of 50": [_get("/dokumen/", boss.cookie, fragment=True)] * 2,
        "list of 50": [_get("/dokumen/", boss.cookie)] * 2,
        "list of 50, whole ministry": [_get("/dokumen/", manager.cookie)] * 2,
        "document": [_get(f"/dokumen/{skp}", boss.cookie)] * 2,
        "team page": [_get("/tim/", boss.cookie)] * 2,
        "unit page": [_get(f"/unit/{unit}", manager.cookie)] * 2,
        "unit dashboard": [_get(f"/kinerja-unit/{unit}", manager.cookie)] * 2,
        "cascade tree": [_get(f"/cascading/{unit}", manager.cookie)] * 2,
        "transition": _transitions(app),
    }
    documents = db.session.scalar(sa.select(sa.func.count(Document.id))) or 0
    return Office(pages, documents)


def _manager(app: Flask) -> tuple[SignedIn, str]:
    """One who watches over everybody: pengelola of the whole ministry, himself somebody's subordinate."""
    person = db.session.scalar(sa.select(sa.func.max(Document.subject_id))) or 0
    top = db.session.scalars(sa.select(Unit).where(Unit.parent_id.is_(None))).one()
    with transaction():
        db.session.add(
            RoleAppointment(
                public_id=new_public_id(), person_id=person, role="pengelola_pegawai", unit_id=top.id,
                starts=NOON.date().replace(day=1), confirmed_at=clock.now(),
            )
        )  # fmt: skip
    return signed_in(app, person), top.code


def _get(path: str, cookie: str, *, fragment: bool = False) -> Callable[[], Ask]:
    ask = Ask(path, cookie, fragment=fragment)
    return lambda: ask


def _write(number: int) -> Callable[[], Ask]:
    ask = Ask(f"/bare/write?id={number}", "", {}, 303)
    return lambda: ask


def signed_in(app: Flask, person_id: int) -> SignedIn:
    token = sessions.open_session(person_id, verified=True, device="bench")
    secret = secrets.token_hex(20)
    serializer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie = f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps({'t': token, 'csrf_token': secret})}"
    csrf = str(URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(secret))
    return SignedIn(person_id, cookie, f"{COOKIE}={bare_cookie(token)}", csrf)


def _transitions(app: Flask) -> list[Callable[[], Ask]]:
    """Two people who send their complete draft to the superior and take it back, again and again."""
    drafts = db.session.execute(
        sa.select(Document.public_id, Document.subject_id, Document.version)
        .where(Document.kind == "skp", Document.state == "draft")
        .order_by(Document.id)
        .limit(2)
    ).all()
    assert len(drafts) == 2, "the simulated office has two drafts at least"
    makers = []
    for draft in drafts:
        person = signed_in(app, draft.subject_id)
        stream = to_and_fro(draft.public_id, draft.version, person)
        makers.append(stream.__next__)
    return makers


def to_and_fro(public_id: str, version: int, person: SignedIn) -> Iterator[Ask]:
    for number in count():
        event = "withdraw" if number % 2 else "submit"
        form = {"version": str(version + number), "key": f"bench-{number}", "csrf_token": person.csrf}
        yield Ask(f"/dokumen/{public_id}/{event}", person.cookie, form, 303)


def import_seconds(url: str, folder: Path) -> float:
    """How long the import of a thousand people into an empty database takes, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.office", url, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout.splitlines()[-1])["seconds"])


def _import(url: str, folder: Path) -> None:
    units, people = ("".join(stream).encode() for stream in make_people(IMPORTED))
    with create_app(settings(url, folder)).app_context():
        _migrate()
        began = time.perf_counter()
        result = importing.run_import(units, people)
        seconds = time.perf_counter() - began
    assert result.applied, result.problems[:3]
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    _import(sys.argv[1], Path(sys.argv[2]))
