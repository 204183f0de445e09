"""The application context of a command."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError, ProgrammingError

from kinerja import clock, create_app
from kinerja.config import UnsafeConfiguration
from kinerja.db import db


@contextmanager
def application(**settings: object) -> Iterator[Flask]:
    """The application, its context open, and in demo mode the calendar as the demo office has it.

    Unsafe settings, and a database without tables, end the command with one clear message and exit status 1.
    """
    try:
        app = create_app(settings)
    except UnsafeConfiguration as error:
        raise click.ClickException(str(error)) from error
    with app.app_context():
        if app.config.get("DEMO"):
            use_demo_calendar()
        try:
            yield app
        except (OperationalError, ProgrammingError) as error:
            if sa.inspect(db.engine).has_table("person"):
                raise
            text = "basis data belum berisi tabel; jalankan lebih dahulu: kinerja migrate"
            raise click.ClickException(text) from error


def use_demo_calendar() -> None:
    """Move this process's legal time to where the demo office stands; nothing before the tables exist."""
    from kinerja.services import demo_clock

    if sa.inspect(db.engine).has_table("demo_clock"):
        clock.set_shift(demo_clock.shift())
        db.session.rollback()
