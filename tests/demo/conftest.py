"""The demo office that the browser stories use too, furnished once in a run; each test that changes it works on a copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from e2e.server import furnished_office
from kinerja import clock, create_app
from kinerja.config import DEMO_AUDIT_KEY, DEMO_SECRET
from kinerja.db import db
from kinerja.models import AuditRow, Document, Notice, Step
from tests.plugins.app import settings_for
from tests.plugins.postgres import scratch_folder

NAME = "kinerja.sqlite3"


def make(folder: Path, *, demo_mode: bool = True) -> Flask:
    settings = settings_for(
        f"sqlite:///{folder / NAME}",
        DEMO=demo_mode,
        FILES=folder / "berkas",
        INSTANCE=folder,
        TRUSTED_PROXY="" if demo_mode else "1",
    )
    as_served = {"SECRET_KEY": DEMO_SECRET, "AUDIT_KEY": DEMO_AUDIT_KEY, "WTF_CSRF_ENABLED": False}
    return create_app(settings | as_served if demo_mode else settings)


def close(app: Flask) -> None:
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


@pytest.fixture(scope="session")
def furnished() -> Path:
    """A folder with the furnished office; never changed, only copied."""
    return furnished_office()


@pytest.fixture
def copied(furnished: Path) -> Iterator[Flask]:
    """An application on a copy of the office, without an open context: requests make their own, as they do."""
    folder = scratch_folder()
    shutil.copytree(furnished, folder, dirs_exist_ok=True)
    before = clock.shift()
    app = make(folder)
    yield app
    with app.app_context():
        close(app)
    clock.set_shift(before)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def office(copied: Flask) -> Iterator[Flask]:
    """The same with its context open and its calendar in force."""
    from kinerja.services import demo_clock

    with copied.app_context():
        clock.set_shift(demo_clock.shift())
        yield copied


@pytest.fixture
def visitor(copied: Flask) -> FlaskClient:
    return copied.test_client()


def told() -> dict[str, list[tuple[Any, ...]]]:
    """What an office says of itself, less the random ids of its rows and addresses."""
    document, step, notice = Document.__table__, Step.__table__, Notice.__table__
    number = document.c.print_number
    queries = {
        "documents": sa.select(
            number, document.c.state, document.c.version, document.c.turn, document.c.due_at, document.c.flags
        ).order_by(number),
        "steps": sa.select(
            number, step.c.sequence, step.c.event, step.c.target, step.c.actor_id, step.c.note, step.c.late, step.c.at
        )
        .join(document)
        .order_by(number, step.c.sequence),
        "notices": sa.select(number, notice.c.person_id, notice.c.text, notice.c.created_at)
        .join(document)
        .order_by(notice.c.created_at, number, notice.c.person_id, notice.c.text),
        "acts": sa.select(AuditRow.chain, AuditRow.sequence, AuditRow.action, AuditRow.actor_id).order_by(
            AuditRow.chain, AuditRow.sequence
        ),
    }  # fmt: skip
    return {name: [tuple(row) for row in db.session.execute(query)] for name, query in queries.items()}
