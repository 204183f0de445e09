"""The whole application over a migrated SQLite file, copied for each test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from kinerja import create_app
from kinerja.db import db
from kinerja.services import periods
from tests.access.conftest import RealTime
from tests.plugins.app import settings_for
from tests.plugins.postgres import scratch_folder
from tests.views.admin_office import Ministry


@pytest.fixture(scope="session")
def migrated(migrate_database: Callable[[str], None]) -> Iterator[Path]:
    folder = scratch_folder()
    migrate_database(f"sqlite:///{folder / 'kosong.sqlite3'}")
    yield folder / "kosong.sqlite3"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def whole_app(migrated: Path) -> Iterator[Flask]:
    folder = Path(tempfile.mkdtemp(dir=migrated.parent))
    shutil.copyfile(migrated, folder / "kinerja.sqlite3")
    app = create_app(
        settings_for(f"sqlite:///{folder / 'kinerja.sqlite3'}", INSTANCE=folder, FILES=folder / "berkas")
    )
    yield app
    with app.app_context():
        db.engine.dispose()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> RealTime:
    """21 November 2026, standing still."""
    from kinerja import clock

    time = RealTime()
    monkeypatch.setattr(clock, "monotonic_now", lambda: time.now)
    monkeypatch.setattr(clock, "now", lambda: time.now + clock.shift())
    return time


@pytest.fixture
def ministry(whole_app: Flask, now: RealTime) -> Ministry:
    # Frozen laws are kept by period and moment; here every test has its own database and the same moment.
    periods._thawed.cache_clear()
    return Ministry(whole_app)
