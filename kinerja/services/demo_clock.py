"""The movable calendar of the demo office: how far legal time runs ahead of real time."""

from datetime import timedelta

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import DemoClock


def shift() -> timedelta:
    """What the calendar was moved by so far; asked at the start of every request, in demo mode only."""
    return timedelta(seconds=db.session.scalar(sa.select(DemoClock.seconds).where(DemoClock.id == 1)) or 0)
