"""kinerja: the yearly performance cycle of civil servants, from the agreed SKP to the final predicate."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy.exc import ArgumentError, DatabaseError

from kinerja import config
from kinerja import db as database


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application. `settings` replaces single settings of the environment, as tests and commands need.

    Raises UnsafeConfiguration when the settings cannot start it or must not hold real data, and in demo mode when the
    database holds real people.
    """
    from kinerja.views.inlining import PageEnvironment

    chosen = config.from_environment() | dict(settings or {})
    app = Flask(__name__)
    app.jinja_environment = PageEnvironment
    config.refuse_unsafe(chosen, debug=app.debug)
    app.config.from_mapping(chosen | config.derived(chosen) | dict(settings or {}))
    app.config.setdefault("ENQUEUE", _enqueue)
    app.config.setdefault("RESTART_DEMO", _restart_demo)
    config.make_folders(chosen)

    from kinerja import extensions, models, views  # noqa: F401  (models: registers the tables)
    from kinerja.workflows import FLOWS, checker

    checker.require_sound(FLOWS)

    try:
        database.db.init_app(app)
    except (ArgumentError, ValueError) as error:
        text = "DATABASE_URL cannot be read; set it as sqlite:////folder/file or postgresql://user@host/name"
        raise config.UnsafeConfiguration(text) from error
    with app.app_context():
        database.prepare_engine(database.db.engine)
        if app.config["DEMO"]:
            _refuse_real_people()
    extensions.init_app(app)
    views.register(app)
    return app


def _refuse_real_people() -> None:
    """Demo mode lets everybody in without a password and seals with a key everybody knows."""
    from kinerja.services import demo_clock

    try:
        found = demo_clock.on_real_data()
    except DatabaseError:
        return  # no tables yet, or no answer: the first request asks again
    finally:
        database.db.session.remove()
        database.db.engine.dispose()
    if found:
        raise config.UnsafeConfiguration(demo_clock.REAL_DATA)


def _enqueue(task: str, *values: Any) -> None:
    """Hand a job of `kinerja.jobs` to the worker; services know the name of the job only."""
    from kinerja import jobs

    getattr(jobs, task)(*values)


def _restart_demo() -> None:
    """Furnish the demo office anew; the view knows only that this can be asked for."""
    from kinerja import demo

    demo.restart()
