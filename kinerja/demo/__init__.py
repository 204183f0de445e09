"""The furnished demo office: invented people whose documents were made through the services everybody uses.

`furnish` fills an empty database and marks it as a demo by the one row of `demo_clock`; a database without that row
is never touched by anything here.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import current_app

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.demo import people, story
from kinerja.models import Account, DemoClock, Evidence, Person
from kinerja.services import audit, calendars, evidence, passwords, tallies

PASSWORD = "demo-kinerja-2026"  # noqa: S105
# The morning on which the demo begins: Monday 20 July 2026, 09:00 WIB.
BEGINS = datetime(2026, 7, 20, 2, tzinfo=UTC)
MAIN_PEOPLE = (
    "Sekar Ayu Lestari", "Bagas Wicaksono", "Ratih Kusumaningrum", "Wening Astuti", "Rizal Fahmi", "Elias Kogoya",
    "Hendra Wibisono", "Rangga Saputra",
)  # fmt: skip


class NotEmpty(RuntimeError):
    """There are people in this database: the demo office is furnished only where there is nobody."""


class NotADemo(RuntimeError):
    """This database does not hold a demo office, or kinerja does not run in demo mode."""


def is_furnished() -> bool:
    """Does this database hold a demo office? Only such a one has a demo calendar."""
    return db.session.get(DemoClock, 1) is not None


def main_people() -> list[tuple[str, str, str]]:
    """NIP, name and post of those whom a visitor may want to be first."""
    homes = people.homes()
    return [(people.nip_of(name), name, homes[name].post) for name in MAIN_PEOPLE]


def furnish(on_acts: Callable[[int], None] = lambda _n: None) -> int:
    """Fill an empty database with the demo office and set its calendar; how many acts it took. All or nothing.

    `on_acts` hears of acts as they are done.

    Raises NotADemo outside demo mode, NotEmpty where somebody is on file.
    """
    _demand_demo_mode()
    calendars.load_holidays()
    with _no_collections(), transaction():
        if db.session.scalar(sa.select(Person.id).limit(1)) is not None:
            raise NotEmpty
        acts = story.play(on_acts)
        with clock.frozen(BEGINS):
            _give_everybody_the_password()
        ahead = BEGINS - clock.monotonic_now()
        db.session.add(DemoClock(id=1, seconds=int(ahead.total_seconds())))
    clock.set_shift(ahead)
    tallies.rebuild()
    return acts


def restart(on_acts: Callable[[int], None] = lambda _n: None) -> int:
    """Drop everything, migrate again and furnish anew. Raises NotADemo where no demo office is."""
    import flask_migrate

    _demand_demo_mode()
    if not is_furnished():
        raise NotADemo
    stored = db.session.scalars(
        sa.select(Evidence.stored_as).where(Evidence.stored_as != "").distinct()
    ).all()
    db.session.remove()
    # History cannot be deleted row by row, whoever asks; only whole tables can go.
    flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade()
    for name in stored:
        evidence.path_of(name).unlink(missing_ok=True)
    calendars.forget()
    return furnish(on_acts)


def _demand_demo_mode() -> None:
    if not current_app.config["DEMO"]:
        raise NotADemo


def _give_everybody_the_password() -> None:
    """One hash for all demo accounts: argon2id is made to be slow."""
    db.session.execute(sa.update(Account).values(password_hash=passwords.hash_password(PASSWORD)))
    audit.record("demo.sandi", actor_id=None, payload={"akun": "semua"})


@contextmanager
def _no_collections() -> Iterator[None]:
    """Look for no garbage meanwhile: the story makes very many objects, and nearly all of them go by themselves."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
