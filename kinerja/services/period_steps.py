"""Until when each step of a year may be taken: the table of deadlines read with the windows and the law of a period."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kinerja import clock
from kinerja.rules import deadlines
from kinerja.rules.regulation import ASSUMED, VERIFIED, Regulation
from kinerja.rules.words import N_
from kinerja.rules.workdays import WorkCalendar
from kinerja.services import calendars
from kinerja.services.periods import SLOT_LABELS
from kinerja.workflows import FLOWS

STATUS_LABELS = {
    "hukum": N_("hukum"),
    VERIFIED: N_("terverifikasi"),
    ASSUMED: N_("asumsi"),
    "desain": N_("rancangan"),
}
AFTER = {
    "received": N_("%(n)s hari kerja sejak dokumen diterima"),
    "result_arrived": N_("%(n)s hari kerja sejak capaian organisasi terbit"),
    "asked": N_("%(n)s hari kerja sejak penjelasan diminta"),
    "dko_date": N_("%(n)s hari kerja dari tanggal DKO"),
    "action_due": N_("batas waktu rencana aksi yang terdekat"),
}
# Kinds of the year alone, and those of its parts alone.
ONE_SORT = {"skp": True, "dko": False}
WORKING = N_("%(n)s hari kerja sejak langkah sebelumnya")
WORKING_CAPPED = N_("%(n)s hari kerja sejak langkah sebelumnya, dan sebelum jendela ditutup")
# The zone in which the days of the page are told: windows are days of the wall calendar, the same in every zone.
ZONE = "WIB"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """A step of a kind of document: `days` per slot (or the one day of the year, without a slot), or else `words`."""

    document: str
    label: str
    source: str
    status: str
    days: tuple[tuple[str, date], ...] = ()
    words: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


def steps_of(year: int, law: Regulation, windows: tuple[Mapping[str, Any], ...]) -> list[Step]:
    """Every step with a deadline, in the order of the flows; each once per kind of document."""
    calendar = calendars.work_calendar(5, collective_leave=law.text("cuti_bersama") != "ya")
    found = []
    for flow in FLOWS.values():
        codes = [entry.due for entry in flow.entries] + [move.row.due for move in flow.moves()]
        for code in dict.fromkeys(code for code in codes if code):
            row = deadlines.under(deadlines.table()[code], law)
            if row.kind in ("none", "at_once"):
                continue
            slots = [
                w for w in windows if flow.kind not in ONE_SORT or (w["slot"] == "Y") is ONE_SORT[flow.kind]
            ]
            found.append(_step(flow.title, row, tuple(_days(row, year, law, calendar, slots))))
    return found


def _step(document: str, row: deadlines.Deadline, days: tuple[tuple[str, date], ...]) -> Step:
    words = ""
    if not days:
        words = WORKING_CAPPED if row.cap else AFTER.get(row.date, WORKING)
    return Step(document, row.label, row.source, row.status, days, words, {"n": row.days})


def _days(
    row: deadlines.Deadline,
    year: int,
    law: Regulation,
    calendar: WorkCalendar,
    slots: list[Mapping[str, Any]],
) -> Iterator[tuple[str, date]]:
    """The days that are certain: whoever begins late may have later ones."""
    begun = datetime(year - 1, 1, 1, tzinfo=UTC)
    if row.kind == "calendar_date":
        yield "", date(year + row.year_offset, row.month, row.day)
    elif row.kind == "window" and row.date not in AFTER:
        for window in slots:
            moment = deadlines.due_at(
                row.code,
                since=begun,
                zone=ZONE,
                calendar=calendar,
                year=year,
                windows=_dates(window),
                law=law,
            )
            if moment is not None:
                # What falls due as a day begins is due in the last second of the day before; people name the day.
                yield SLOT_LABELS[window["slot"]], clock.local(moment, ZONE).date() + DAY * row.at_start


def _dates(window: Mapping[str, Any]) -> dict[str, date]:
    return {name: value for name, value in window.items() if isinstance(value, date)}
