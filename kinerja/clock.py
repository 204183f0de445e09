"""The one place that asks for the time.

`now()` is legal time: in demo mode it can be moved forward, so that a whole year can be walked through.
`monotonic_now()` is real time: sessions, throttles, jobs and tokens live by it, whatever the calendar says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONES = {"WIB": ZoneInfo("Asia/Jakarta"), "WITA": ZoneInfo("Asia/Makassar"), "WIT": ZoneInfo("Asia/Jayapura")}

_shift: ContextVar[timedelta] = ContextVar("kinerja_clock_shift", default=timedelta())
_frozen: ContextVar[datetime | None] = ContextVar("kinerja_clock_frozen", default=None)


def monotonic_now() -> datetime:
    """Real time in UTC; never moved by anybody."""
    return datetime.now(UTC)


def now() -> datetime:
    """Legal time in UTC: real time plus the shift of the demo calendar."""
    return _frozen.get() or datetime.now(UTC) + _shift.get()


def today(zone: str = "WIB") -> date:
    """The legal calendar day in one of the zones WIB, WITA, WIT."""
    return now().astimezone(ZONES[zone]).date()


def local(moment: datetime, zone: str = "WIB") -> datetime:
    """The same moment on the wall clock of a zone."""
    return moment.astimezone(ZONES[zone])


def shift() -> timedelta:
    """How far legal time runs ahead of real time."""
    return _shift.get()


def set_shift(by: timedelta) -> None:
    """Move legal time for this request, job or command."""
    _shift.set(by)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold legal time at one moment: what a test, a simulation and the furnishing of the demo office use."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
