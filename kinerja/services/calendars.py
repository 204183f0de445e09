"""Working-day calendars: the holidays of the database, read once per request or command."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
from flask import g

from kinerja.db import db, transaction
from kinerja.models import Document, Holiday, Unit
from kinerja.rules.workdays import WorkCalendar
from kinerja.services.periods import regulation_of

NATIONAL, COLLECTIVE = "libur_nasional", "cuti_bersama"
_EVERY_HOLIDAY = sa.select(Holiday.day, Holiday.kind)


@dataclass(frozen=True)
class HolidayRow:
    """A day of a year's decree. `status` is terverifikasi, or asumsi where the decree is not out yet."""

    day: date
    name: str
    kind: str
    source: str
    status: str


def work_calendar(workweek: int, *, collective_leave: bool = True) -> WorkCalendar:
    """The calendar for a unit's pattern of 5 or 6 days.

    `collective_leave` says whether cuti bersama is no working day (parameter `cuti_bersama` of the rule set).
    """
    kept: dict[tuple[int, bool], WorkCalendar] = g.setdefault("kinerja_calendars", {})
    found = kept.get((workweek, collective_leave))
    if found is None:
        found = kept[workweek, collective_leave] = WorkCalendar(workweek, _holidays(collective_leave))
    return found


def calendar_for(unit: Unit, *, collective_leave: bool = True) -> WorkCalendar:
    """The calendar of a unit, by its own pattern of working days."""
    return work_calendar(unit.workweek, collective_leave=collective_leave)


def calendar_of(document: Document) -> WorkCalendar:
    """The calendar by which the deadlines of a document run: pattern of its unit, cuti bersama by its period's law."""
    is_worked = regulation_of(document.period).text("cuti_bersama") == "ya"
    return calendar_for(document.unit, collective_leave=not is_worked)


def is_known(year: int) -> bool:
    """Whether the decree of that year has been loaded: without it deadlines reach too far or not far enough."""
    return any(day.year == year for day in _holidays(True))


def _holidays(collective_leave: bool) -> frozenset[date]:
    kept: tuple[frozenset[date], frozenset[date]] | None = g.get("kinerja_holidays")
    if kept is None:
        rows = db.session.execute(_EVERY_HOLIDAY).all()
        kept = (frozenset(r.day for r in rows if r.kind == NATIONAL), frozenset(r.day for r in rows))
        g.kinerja_holidays = kept
    return kept[1] if collective_leave else kept[0]


def forget() -> None:
    """Read the holidays again: whoever writes them calls this."""
    g.pop("kinerja_holidays", None)
    g.pop("kinerja_calendars", None)


def years() -> tuple[int, ...]:
    """The years whose holidays come with kinerja."""
    folder = files("kinerja.rules").joinpath("data")
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(int(name[9:13]) for name in names if name.startswith("holidays-")))


@cache
def holidays_of(year: int) -> tuple[HolidayRow, ...]:
    """The days of a year as they come with kinerja. Raises LookupError for a year that does not."""
    if year not in years():
        raise LookupError(f"no holidays for {year}")
    text = files("kinerja.rules").joinpath("data", f"holidays-{year}.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return tuple(
        HolidayRow(day, entry["name"], entry["kind"], entry["source"], entry["status"])
        for entry in (
            {"source": data["source"], "status": data["status"]} | given for given in data["holiday"]
        )
        for day in _days(entry)
    )


def _days(entry: dict[str, Any]) -> Iterator[date]:
    first = entry["day"]
    for offset in range((entry.get("until", first) - first).days + 1):
        yield first + timedelta(days=offset)


def load_holidays(of: Iterable[int] | None = None) -> int:
    """Write the days of these years (all that come with kinerja) where they are not yet known; how many were new.

    A day that is there is left alone: an admin may have corrected it after an amended decree.
    """
    with transaction():
        known = set(db.session.scalars(sa.select(Holiday.day)))
        new = [row for year in of or years() for row in holidays_of(year) if row.day not in known]
        for row in new:
            source = row.source if row.status == "terverifikasi" else f"{row.source} (asumsi)"
            db.session.add(Holiday(day=row.day, name=row.name, kind=row.kind, source=source[:200]))
    forget()
    return len(new)
