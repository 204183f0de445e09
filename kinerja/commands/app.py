"""The application context of a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from kinerja import clock, create_app


@contextmanager
def application(**settings: object) -> Iterator[Flask]:
    """The application, its context open, and in demo mode the calendar as the demo office has it."""
    app = create_app(settings)
    with app.app_context():
        if app.config["DEMO"]:
            use_demo_calendar()
        yield app


def use_demo_calendar() -> None:
    """Move this process's legal time to where the demo office stands; nothing before the tables exist."""
    import sqlalchemy as sa

    from kinerja.db import db
    from kinerja.services import demo_clock

    if sa.inspect(db.engine).has_table("demo_clock"):
        clock.set_shift(demo_clock.shift())
        db.session.rollback()
