"""The working-day clock: the day of the event is day 0, a deadline ends at 23:59:59 local time of day n.

The law says only "sejak" (PermenPANRB 6/2022 p.114-119); day 0 and the end of the day are our reading
(asumsi).
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
_ONE_DAY = timedelta(days=1)
_LAST_SECOND = time(23, 59, 59)


def zone_info(zone: str) -> ZoneInfo:
    """The time zone of WIB, WITA or WIT; raises ValueError for anything else."""
    try:
        return ZoneInfo(ZONES[zone])
    except KeyError:
        raise ValueError(f"unknown zone {zone}; expected WIB, WITA or WIT") from None


def local_date(moment: datetime, zone: str) -> date:
    """The calendar date of an aware ``moment`` in ``zone``. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("the moment must carry a time zone")
    return moment.astimezone(zone_info(zone)).date()


def end_of_day(day: date, zone: str) -> datetime:
    """23:59:59 of ``day`` in ``zone``, in UTC."""
    return datetime.combine(day, _LAST_SECOND, zone_info(zone)).astimezone(UTC)


def in_time(moment: datetime, due: datetime) -> bool:
    """Whether an act at ``moment`` keeps the deadline: all of the second 23:59:59 is in, the next one is
    late."""
    return moment.replace(microsecond=0) <= due


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked: ``pattern`` 5 (Monday-Friday) or 6 (Monday-Saturday), less ``holidays``.

    Whether cuti bersama is among the holidays is decided by who builds the calendar (parameter
    ``cuti_bersama``).
    Raises ValueError for another pattern.
    """

    pattern: int
    holidays: frozenset[date]

    def __post_init__(self) -> None:
        if self.pattern not in (5, 6):
            raise ValueError("the pattern is 5 or 6 working days")

    def is_workday(self, day: date) -> bool:
        """Whether ``day`` is worked."""
        return day.weekday() < self.pattern and day not in self.holidays

    @cached_property
    def _days_off(self) -> list[date]:
        """The holidays that would else be worked."""
        return sorted(day for day in self.holidays if day.weekday() < self.pattern)

    def _weekdays_until(self, day: date) -> int:
        """Days of the pattern up to and including ``day``, counted from the first Monday of the calendar."""
        weeks, rest = divmod(day.toordinal(), 7)
        return weeks * self.pattern + min(rest, self.pattern)

    def _from(self, day: date, step: timedelta) -> Iterator[date]:
        while True:
            day += step
            if self.is_workday(day):
                yield day

    def add(self, start: date, n: int) -> date:
        """The n-th working day after ``start`` (before it when n is negative); n = 0 gives ``start``
        itself."""
        if n == 0:
            return start
        days = self._from(start, _ONE_DAY if n > 0 else -_ONE_DAY)
        for _ in range(abs(n) - 1):
            next(days)
        return next(days)

    def between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative when ``end`` is before
        ``start``."""
        if end < start:
            return -self.between(end, start)
        off = bisect_right(self._days_off, end) - bisect_right(self._days_off, start)
        return self._weekdays_until(end) - self._weekdays_until(start) - off

    def remaining(self, today: date, due: date) -> int:
        """Working days left until ``due``: 0 on the last day, negative by how many working days it is
        late."""
        return self.between(today, due)

    def deadline(self, start_utc: datetime, n: int, zone: str) -> datetime:
        """End of the n-th working day after the local date of ``start_utc``, in UTC. Raises ValueError as
        above."""
        return end_of_day(self.add(local_date(start_utc, zone), n), zone)

    def reminder(self, start: date, due: date, percent: int) -> date:
        """The working day on which ``percent`` of the time from ``start`` to ``due`` is used up, rounded
        down."""
        return self.add(start, self.between(start, due) * percent // 100)
