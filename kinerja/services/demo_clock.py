"""The movable calendar of the demo office: how far legal time runs ahead of real time, and how it is moved."""

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import DemoClock, Person
from kinerja.rules.words import N_
from kinerja.services.errors import BadInput
from kinerja.workflows.base import Unmet

FARTHEST = timedelta(days=400)
REAL_DATA = "demo mode is on, but this database holds real people; set KINERJA_DEMO=0"
# When the calendar does its work on each day it passes: before anybody is at his desk.
EARLY = time(5, 30)


def shift() -> timedelta | None:
    """What the calendar was moved by so far, None where no demo office is; asked at the start of every request, in
    demo mode only."""
    seconds = db.session.scalar(sa.select(DemoClock.seconds).where(DemoClock.id == 1))
    return None if seconds is None else timedelta(seconds=seconds)


def on_real_data() -> bool:
    """Are people on file who are not of a demo office? In demo mode nothing may run over such a database."""
    return shift() is None and db.session.scalar(sa.select(Person.id).limit(1)) is not None


def move_to(day: date) -> int:
    """Move the demo calendar forward to a day, letting fall due on every day between what then falls due.

    Gives the number of days moved. Raises BadInput for a day that is past, or too far for one move.
    """
    from kinerja.services import due

    today = clock.today()
    if day < today:
        raise BadInput([Unmet("demo", N_("Kalender demo hanya dapat dimajukan."), {}, "today")])
    if day - today > FARTHEST:
        text = N_("Sekali maju paling jauh %(days)s hari.")
        raise BadInput([Unmet("demo", text, {"days": FARTHEST.days}, "today")])
    days = (day - today).days
    for number in range(1, days + 1):
        reached = today + timedelta(days=number)
        with clock.frozen(datetime.combine(reached, EARLY, clock.ZONES["WIB"])):
            due.run(reached)
        _add(timedelta(days=1))
    return days


def _add(by: timedelta) -> None:
    """Let the calendar stand where it has got to, also when a later day fails."""
    with transaction():
        db.session.execute(
            sa.update(DemoClock)
            .where(DemoClock.id == 1)
            .values(seconds=DemoClock.seconds + int(by.total_seconds()))
            .execution_options(synchronize_session=False)
        )
    clock.set_shift(clock.shift() + by)
