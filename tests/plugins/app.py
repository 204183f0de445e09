"""What tests need of the application itself: settings that start it, and the migration of a template database."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# For tests that want the application and never ask its database.
NOWHERE = f"sqlite:///{tempfile.gettempdir()}/kinerja-nobody-asks.sqlite3"


def settings_for(url: str, **more: Any) -> dict[str, Any]:
    """Settings for `create_app` over this database: as in production, with fixed keys and a folder of its own."""
    instance = Path(tempfile.gettempdir()) / f"kinerja-instance-{os.getpid()}"
    return {
        "TESTING": True,
        "DEMO": False,
        "DATABASE_URL": url,
        "SECRET_KEY": "signs-cookies-in-tests-and-nowhere-else",
        "AUDIT_KEY": "chains-the-audit-in-tests-and-nowhere-else",
        "TRUSTED_PROXY": "1",
        "INSTANCE": instance,
        "FILES": instance / "berkas",
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
            flask_migrate.upgrade()
            for engine in db.engines.values():
                engine.dispose()

    return migrate
