"""What tests need of the application itself: settings that start it, and the migration of a template database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def settings_for(url: str, **more: Any) -> dict[str, Any]:
    """Settings for `create_app` over this database: test mode, fixed keys, no demo office."""
    return {
        "DATABASE_URL": url,
        "KINERJA_SECRET_KEY": "only-for-tests-" * 4,
        "KINERJA_AUDIT_KEY": "only-for-tests-" * 4,
        "TESTING": True,
    } | more


@pytest.fixture(scope="session")
def migrate_database() -> Callable[[str], None]:
    """Bring an empty database to the newest schema and close every connection to it, so that it can be copied."""

    def migrate(url: str) -> None:
        import flask_migrate

        from kinerja import create_app
        from kinerja.db import db

        app = create_app(settings_for(url))
        with app.app_context():
            flask_migrate.upgrade(directory=str(ROOT / "migrations"))
            for engine in db.engines.values():
                engine.dispose()

    return migrate
