"""kinerja: the yearly performance cycle of civil servants, from the agreed SKP to the final predicate."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from kinerja import config
from kinerja import db as database


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application. `settings` replaces single settings of the environment, as tests and commands need.

    Raises UnsafeConfiguration outside demo mode when the settings must not hold real data.
    """
    from kinerja.views.inlining import PageEnvironment

    chosen = config.from_environment() | dict(settings or {})
    app = Flask(__name__)
    app.jinja_environment = PageEnvironment
    config.refuse_unsafe(chosen, debug=app.debug)
    app.config.from_mapping(chosen | config.derived(chosen) | dict(settings or {}))
    app.config.setdefault("ENQUEUE", _enqueue)
    app.config.setdefault("RESTART_DEMO", _restart_demo)
    chosen["INSTANCE"].mkdir(parents=True, exist_ok=True)

    from kinerja import extensions, models, views  # noqa: F401  (models: registers the tables)
    from kinerja.workflows import FLOWS, checker

    checker.require_sound(FLOWS)

    database.db.init_app(app)
    with app.app_context():
        database.prepare_engine(database.db.engine)
    extensions.init_app(app)
    views.register(app)
    return app


def _enqueue(task: str, *values: Any) -> None:
    """Hand a job of `kinerja.jobs` to the worker; services know the name of the job only."""
    from kinerja import jobs

    getattr(jobs, task)(*values)


def _restart_demo() -> None:
    """Furnish the demo office anew; the view knows only that this can be asked for."""
    from kinerja import demo

    demo.restart()
