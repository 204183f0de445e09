"""The application context of a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from kinerja import clock, create_app
from kinerja.config import UnsafeConfiguration
from kinerja.db import db
from kinerja.services import demo_clock, outages


@contextmanager
def application(**settings: object) -> Iterator[Flask]:
    """The application, its context open, and in demo mode the calendar as the demo office has it.

    Settings that cannot start it, a database that does not answer and one without tables end the command with one
    clear message and exit status 1.
    """
    try:
        app = create_app(settings)
    except UnsafeConfiguration as error:
        raise click.ClickException(str(error)) from error
    with app.app_context():
        try:
            if app.config.get("DEMO"):
                use_demo_calendar()
            yield app
        except (OperationalError, ProgrammingError) as error:
            text = _in_words(error)
            if text is None:
                raise
            raise click.ClickException(text) from error


def _in_words(error: DBAPIError) -> str | None:
    """What the operator can do about it; None when the fault is ours."""
    outages.give_up()
    told = str(error.orig).strip()
    if isinstance(error, OperationalError) and outages.trouble_of(error) == "busy":
        return f"basis data sedang dipakai proses lain; coba lagi sebentar lagi ({told})"
    if isinstance(error, OperationalError) and outages.trouble_of(error) == "full":
        return f"tidak ada ruang lagi untuk basis data ({told})"
    try:
        if sa.inspect(db.engine).has_table("person"):
            return None
    except OperationalError:
        return f"basis data tidak dapat dibuka; periksa DATABASE_URL dan peladennya ({told})"
    return "basis data belum berisi tabel; jalankan lebih dahulu: kinerja migrate"


def use_demo_calendar() -> None:
    """Move this process's legal time to where the demo office stands; nothing before the tables exist."""
    if sa.inspect(db.engine).has_table("demo_clock"):
        clock.set_shift(demo_clock.shift() or timedelta())
        db.session.rollback()


def refuse_real_people() -> None:
    """End the command when demo mode runs over people who are not of a demo office."""
    if demo_clock.on_real_data():
        raise click.ClickException(demo_clock.REAL_DATA)
