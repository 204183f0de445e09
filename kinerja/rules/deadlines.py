"""When a step is due: the table `data/deadlines.toml` read against a calendar and the windows of a period."""

import tomllib
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from kinerja.rules.regulation import MISSING, Parameter, Regulation
from kinerja.rules.windows import month_day
from kinerja.rules.workdays import WorkCalendar, end_of_day, local_date

DATA = Path(__file__).with_name("data") / "deadlines.toml"


@dataclass(frozen=True)
class Deadline:
    """One row of the table. `days` are working days; `month` and `day` a date in the period's year plus `year_offset`.

    Of a window: `days` after (negative: before) the named date; with `months`, `day` of the month so many months
    after it; `at_start` names the last second before the date, so that the step falls due as the day begins;
    `no_later_than` another date of the window that the step never passes, unless it was over when the state began.
    Of a calendar date: whoever starts after the day that the law's parameter `late_after` names has as many working
    days from his first one as its parameter `late_days` says, instead of the date.
    `law` names per number the parameter of a rule set that gives it ("month_day" gives both `month` and `day`; what
    follows a dot is the key inside a table); :func:`under` reads it.
    Of working days: `cap` and `cap_days` name a date that ends the time earlier for whoever starts before the cap.
    """

    code: str
    kind: str
    label: str
    status: str
    source: str
    days: int = 0
    month: int = 0
    day: int = 0
    year_offset: int = 0
    date: str = ""
    at_least: int = 0
    months: int = 0
    cap: str = ""
    cap_days: int = 0
    at_start: bool = False
    no_later_than: str = ""
    late_after: str = ""
    late_days: str = ""
    late_status: str = ""
    late_source: str = ""
    law: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def reads_windows(self) -> bool:
        """Does it need the dates of the slot?"""
        return self.kind == "window" or bool(self.cap)


@lru_cache(maxsize=1)
def table() -> Mapping[str, Deadline]:
    """All deadlines by their code."""
    with DATA.open("rb") as file:
        return {code: Deadline(code=code, **row) for code, row in tomllib.load(file).items()}


def under(row: Deadline, law: Regulation) -> Deadline:
    """The row with the numbers of a rule set in the place of its own, and with their source and status.

    A parameter the set does not have, or has no value for, leaves the row's own number.
    """
    read: dict[str, Any] = {}
    for name, path in row.law.items():
        code, _dot, key = path.partition(".")
        if code not in law or law.parameter(code).status == MISSING:
            continue
        value = law.value(code)[key] if key else law.value(code)
        if name == "month_day":
            month, day = value.split("-")
            read |= {"month": int(month), "day": int(day)}
        else:
            read[name] = int(value)
        read |= _said_by(row, law.parameter(code))
    return replace(row, **read) if read else row


def _said_by(row: Deadline, parameter: Parameter) -> dict[str, str]:
    """Source and status of a decree; until there is one the row says more about itself than its parameter does."""
    return {"source": parameter.source, "status": parameter.status} if parameter.decree_number else {}


def due_at(
    code: str,
    *,
    since: datetime,
    zone: str,
    calendar: WorkCalendar,
    year: int,
    windows: Mapping[str, date],
    law: Regulation | None = None,
    starts: date | None = None,
) -> datetime | None:
    """The last second of a step, in UTC, or None when it has no date.

    `since` is when the state was entered; `windows` maps the names that deadlines.toml uses (record_by, validate_by,
    closes, evaluation_opens, recording_opens, ends) to dates of the document's slot. A date that would already be
    nearer than `at_least` working days gives way to those days, so that a late starter is not late at once.
    `law` is the rule set of the document's period, `starts` the first day that the document is about.
    """
    row = table()[code] if law is None else under(table()[code], law)
    begun = local_date(since, zone)
    if row.kind == "none":
        return None
    if row.kind == "at_once":
        return end_of_day(begun, zone)
    if row.kind == "working_days":
        day = calendar.add(begun, row.days)
        if row.cap in windows:
            end = max(begun, calendar.add(windows[row.cap], row.cap_days))
            day = min(day, end) if begun <= windows[row.cap] else day
        return end_of_day(day, zone)
    if row.kind == "window":
        if row.date not in windows:
            return None
        day = windows[row.date]
        day = _in_month_after(day, row.months, row.day) if row.months else calendar.add(day, row.days)
    else:
        day = date(year + row.year_offset, row.month, row.day)
        if law is not None and starts is not None:
            day = _of_late_start(row, law, starts, calendar, year) or day
    if row.at_least:
        day = max(day, calendar.add(begun, row.at_least))
    last = windows.get(row.no_later_than)
    if last is not None and begun <= last:
        day = min(day, last)
    return end_of_day(day - timedelta(days=1) if row.at_start else day, zone)


def _of_late_start(
    row: Deadline, law: Regulation, starts: date, calendar: WorkCalendar, year: int
) -> date | None:
    """The day of whoever starts so late in the year that the date was over; his first working day is day 0."""
    if not row.late_after or starts <= month_day(year, law.text(row.late_after)):
        return None
    first = calendar.add(starts - timedelta(days=1), 1)
    return calendar.add(first, law.whole(row.late_days))


def _in_month_after(start: date, months: int, day: int) -> date:
    """`day` of the month that lies `months` after that of `start`, or the last of a shorter month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))
