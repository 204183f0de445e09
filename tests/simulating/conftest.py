"""A simulated ministry, made once per database and worker: many looks at the same sixty people."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from kinerja import clock, create_app
from kinerja.db import db
from kinerja.services import simulating
from tests.plugins.app import settings_for
from tests.plugins.postgres import Cluster

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
PEOPLE = 60


@contextmanager
def office(url: str) -> Iterator[Flask]:
    """The application over a database, on a Friday in November."""
    app = create_app(settings_for(url))
    with app.app_context(), clock.frozen(NOON):
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def simulated_file(sqlite_template: Path) -> Path:
    """A simulated SQLite file nobody has open."""
    path = sqlite_template.with_name("simulated.sqlite3")
    shutil.copyfile(sqlite_template, path)
    with office(f"sqlite:///{path}"):
        simulating.simulate(PEOPLE)
    return path


@pytest.fixture(scope="session")
def simulated_template(pg_cluster: Cluster, pg_template: str) -> str:
    """Name of a simulated PostgreSQL database nobody is connected to."""
    with office(pg_cluster.create("simulated", pg_template)):
        simulating.simulate(PEOPLE)
    return "simulated"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def simulated(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """Sixty people and their year, a fresh copy for each test on each database; the application context is open."""
    if request.param == "sqlite":
        path = tmp_path / "simulated.sqlite3"
        shutil.copyfile(request.getfixturevalue("simulated_file"), path)
        with office(f"sqlite:///{path}"):
            yield
        return
    cluster, name = request.getfixturevalue("pg_cluster"), f"simulated_{secrets.token_hex(4)}"
    url = cluster.create(name, request.getfixturevalue("simulated_template"))
    with office(url):
        yield
    cluster.drop(name)
