"""Holidays as data: every year complete as its decree says, loaded once, used by pattern and rule."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Holiday
from kinerja.services import calendars

# Days of libur nasional and cuti bersama as the decrees count them.
DECREES = {2025: (17, 11), 2026: (17, 8)}


@pytest.mark.parametrize("year, counts", DECREES.items())
def test_a_year_has_as_many_days_as_its_decree_says(year, counts):
    kinds = [row.kind for row in calendars.holidays_of(year)]
    assert (kinds.count("libur_nasional"), kinds.count("cuti_bersama")) == counts


def test_every_day_has_its_own_date_name_source_and_status():
    for year in calendars.years():
        rows = calendars.holidays_of(year)
        assert len({row.day for row in rows}) == len(rows)
        assert [row.day for row in rows] == sorted(row.day for row in rows)
        assert {row.day.year for row in rows} == {year}
        assert all(row.name and row.source for row in rows)
        assert {row.status for row in rows} <= {"terverifikasi", "asumsi"}


def test_collective_leave_never_falls_on_a_weekend():
    rows = [
        row for year in calendars.years() for row in calendars.holidays_of(year) if row.kind == "cuti_bersama"
    ]
    assert all(row.day.weekday() < 5 for row in rows)


def test_2027_holds_only_what_is_certain_and_says_where_it_still_is_an_assumption():
    rows = {row.day: row.status for row in calendars.holidays_of(2027)}
    assert rows[date(2027, 8, 17)] == "terverifikasi"
    assert rows[date(2027, 3, 26)] == "asumsi"
    assert {row.kind for row in calendars.holidays_of(2027)} == {"libur_nasional"}


def test_a_year_nobody_has_is_refused():
    with pytest.raises(LookupError):
        calendars.holidays_of(1999)


def test_loading_twice_adds_nothing_and_leaves_corrections_alone(any_office):
    first = calendars.load_holidays()
    assert first == sum(len(calendars.holidays_of(year)) for year in calendars.years())
    day = db.session.get_one(Holiday, date(2026, 12, 24))
    day.name = "Diubah"
    db.session.commit()
    assert calendars.load_holidays() == 0
    assert db.session.get_one(Holiday, date(2026, 12, 24)).name == "Diubah"


def test_the_calendar_knows_the_holidays_the_pattern_and_the_rule_about_collective_leave(office):
    assert not calendars.is_known(2026)
    calendars.load_holidays([2026])
    assert calendars.is_known(2026)
    five, six = calendars.work_calendar(5), calendars.work_calendar(6)
    assert not five.is_workday(date(2026, 12, 24))
    assert calendars.work_calendar(5, collective_leave=False).is_workday(date(2026, 12, 24))
    assert not calendars.work_calendar(5, collective_leave=False).is_workday(date(2026, 12, 25))
    assert (five.is_workday(date(2026, 6, 13)), six.is_workday(date(2026, 6, 13))) == (False, True)
    assert five.add(date(2026, 3, 17), 1) == date(2026, 3, 25)


@pytest.mark.parametrize(("counts", "worked"), [("ya", True), ("tidak", False)])
def test_whether_cuti_bersama_is_worked_follows_the_law_of_the_period(office, monkeypatch, counts, worked):
    calendars.load_holidays([2026])
    monkeypatch.setattr(
        calendars, "regulation_of", lambda period: SimpleNamespace(text={"cuti_bersama": counts}.get)
    )
    document = SimpleNamespace(period=None, unit=SimpleNamespace(workweek=5))
    assert calendars.calendar_of(document).is_workday(date(2026, 12, 24)) is worked


def test_the_holidays_are_read_once(office):
    calendars.load_holidays([2026])
    counted = []
    sa.event.listen(db.engine, "before_cursor_execute", listener := lambda *a: counted.append(a[2]))
    for workweek in (5, 6, 5):
        calendars.work_calendar(workweek)
    sa.event.remove(db.engine, "before_cursor_execute", listener)
    assert len([statement for statement in counted if "holiday" in statement]) == 1
