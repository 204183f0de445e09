"""The calendar of one person: what waits for him and until when, the windows of the open periods, days off."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Holiday, Period
from kinerja.rules.words import N_
from kinerja.rules.workdays import end_of_day
from kinerja.services import home, periods
from kinerja.services.calendars import COLLECTIVE, NATIONAL
from kinerja.services.lists import Row

MINE, OTHERS, WINDOW, DAY_OFF = "giliran", "menunggu", "jendela", "libur"
WINDOW_TEXTS = {
    "evaluation_opens": N_("%(slot)s: evaluasi dibuka"),
    "record_by": N_("%(slot)s: batas merekam realisasi"),
    "validate_by": N_("%(slot)s: batas validasi"),
    "closes": N_("%(slot)s: jendela ditutup"),
}
ACTION_TEXT = N_("Rencana aksi DKO: %(text)s")
DAY_OFF_TEXTS = {NATIONAL: N_("Libur nasional"), COLLECTIVE: N_("Cuti bersama")}
_ORDER = {MINE: 0, OTHERS: 1, WINDOW: 2, DAY_OFF: 3}


@dataclass(frozen=True)
class Entry:
    """One line of a day: a translatable text, and the document it leads to."""

    day: date
    kind: str
    template: str
    params: dict[str, Any] = field(default_factory=dict)
    public_id: str = ""
    detail: str = ""
    late: bool = False
    # The last second of a deadline, and the zone of its unit.
    at: datetime | None = None
    zone: str = ""


@dataclass(frozen=True)
class Month:
    """A month with its entries by day."""

    first: date
    entries: tuple[Entry, ...]


def months(person_id: int, kinds: frozenset[str] = frozenset()) -> list[Month]:
    """Everything dated that concerns a person, month by month; deadlines that have passed stay until they are met."""
    today = clock.today()
    found = [e for e in entries(person_id, today.replace(day=1)) if not kinds or e.kind in kinds]
    by_month: dict[date, list[Entry]] = {}
    for entry in found:
        by_month.setdefault(entry.day.replace(day=1), []).append(entry)
    return [Month(first, tuple(entries)) for first, entries in by_month.items()]


def entries(person_id: int, since: date) -> list[Entry]:
    """The same in one list, in order of days; `since` bounds windows and days off, deadlines are never left out."""
    return sorted(_entries(person_id, since), key=lambda e: (e.day, _ORDER[e.kind], e.template))


def _entries(person_id: int, since: date) -> Iterator[Entry]:
    page = home.home(person_id)
    yield from _of_rows(page.tasks, MINE)
    yield from _of_rows([w.row for w in page.waiting], OTHERS)
    for action in page.actions:
        at, about = end_of_day(action.due, action.zone), {"text": action.text}
        yield Entry(
            action.due, MINE, ACTION_TEXT, about, action.public_id, action.unit, action.late, at, action.zone
        )
    last = since
    for period in periods.all_periods():
        if period.state != "open":
            continue
        for window in period.windows:
            for name, template in WINDOW_TEXTS.items():
                day: date = getattr(window, name)
                if day >= since:
                    last = max(last, day)
                    params = {"slot": periods.SLOT_LABELS.get(window.slot, window.slot)}
                    yield Entry(day, WINDOW, template, params, detail=str(period.year))
    days_off = sa.select(Holiday).where(Holiday.day >= since, Holiday.day <= last).order_by(Holiday.day)
    for holiday in db.session.scalars(days_off):
        detail = DAY_OFF_TEXTS[holiday.kind]
        yield Entry(holiday.day, DAY_OFF, "%(name)s", {"name": holiday.name}, detail=detail)


def next_date(period: Period, today: date) -> Entry | None:
    """The next day on which something of this year opens or ends for everybody; None when all of it is past."""
    entries = [
        Entry(day, WINDOW, template, {"slot": periods.SLOT_LABELS.get(window.slot, window.slot)})
        for window in period.windows
        for name, template in WINDOW_TEXTS.items()
        if (day := getattr(window, name)) >= today
    ]
    return min(entries, key=lambda e: e.day, default=None)


def _of_rows(rows: list[Row], kind: str) -> Iterator[Entry]:
    for row in rows:
        if row.due_at is not None:
            template, params = row.title
            day = clock.local(row.due_at, row.zone).date()
            late = row.tone == "late"
            yield Entry(
                day, kind, template, params, row.public_id, row.state_label, late, row.due_at, row.zone
            )
