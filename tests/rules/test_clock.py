"""The working-day clock and the windows of a period."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kinerja.rules.registry import regulation
from kinerja.rules.windows import dates_of, default_window, faults
from kinerja.rules.workdays import WorkCalendar, end_of_day, in_time, zone_info

PLAIN = WorkCalendar(5, frozenset())
MARCH = WorkCalendar(5, frozenset({date(2026, 3, 18), date(2026, 3, 19), date(2026, 3, 20)}))


@pytest.mark.parametrize(
    ("case", "calendar", "start", "n", "due"),
    [
        ("J1", PLAIN, date(2026, 3, 2), 14, date(2026, 3, 20)),
        ("J2", MARCH, date(2026, 3, 2), 14, date(2026, 3, 25)),
        ("J3", PLAIN, date(2026, 3, 6), 7, date(2026, 3, 17)),
        ("J4", PLAIN, date(2026, 1, 31), 30, date(2026, 3, 13)),
        ("J5", PLAIN, date(2026, 3, 7), 14, date(2026, 3, 26)),
        ("M4b", PLAIN, date(2026, 1, 31), 14, date(2026, 2, 19)),
        ("M8", PLAIN, date(2026, 3, 2), 15, date(2026, 3, 23)),
        ("leap day", PLAIN, date(2028, 2, 28), 1, date(2028, 2, 29)),
        ("turn of the year", PLAIN, date(2026, 12, 31), 1, date(2027, 1, 1)),
        ("six days a week", WorkCalendar(6, frozenset()), date(2026, 3, 6), 2, date(2026, 3, 9)),
        ("day 0", PLAIN, date(2026, 3, 7), 0, date(2026, 3, 7)),
        ("backwards", PLAIN, date(2026, 3, 9), -3, date(2026, 3, 4)),
    ],
)
def test_last_day(case: str, calendar: WorkCalendar, start: date, n: int, due: date) -> None:
    assert calendar.add(start, n) == due


@pytest.mark.parametrize(("zone", "hour"), [("WIB", 16), ("WITA", 15), ("WIT", 14)])
def test_j1_in_three_zones_ends_with_the_local_day(zone: str, hour: int) -> None:
    received = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    assert PLAIN.deadline(received, 14, zone) == datetime(2026, 3, 20, hour, 59, 59, tzinfo=UTC)


def test_j6_the_last_second_is_in_time_and_the_next_is_late() -> None:
    due = PLAIN.deadline(datetime(2026, 3, 2, 3, 0, tzinfo=UTC), 14, "WIB")
    assert in_time(due, due)
    assert in_time(due + timedelta(microseconds=999_999), due)
    assert not in_time(due + timedelta(seconds=1), due)


def test_j7_wit_ends_at_2159_wib() -> None:
    due = PLAIN.deadline(datetime(2026, 3, 2, 3, 0, tzinfo=UTC), 14, "WIT")
    assert due.astimezone(zone_info("WIB")).strftime("%d %H:%M:%S") == "20 21:59:59"


def test_the_local_date_is_day_zero_not_the_utc_date() -> None:
    """23:30 UTC on 1 March is already 2 March in Jayapura."""
    assert PLAIN.deadline(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), 14, "WIT") == end_of_day(
        date(2026, 3, 20), "WIT"
    )


def test_remaining_counts_working_days_and_goes_below_zero_when_late() -> None:
    due = date(2026, 3, 20)
    days = [date(2026, 3, 2), due, date(2026, 3, 21), date(2026, 3, 23)]
    assert [PLAIN.remaining(day, due) for day in days] == [14, 0, 0, -1]


def test_a_naive_moment_another_zone_and_another_pattern_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        PLAIN.deadline(datetime(2026, 3, 2), 1, "WIB")  # noqa: DTZ001 - the naive moment is the point
    with pytest.raises(ValueError, match="WIB"):
        zone_info("UTC")
    with pytest.raises(ValueError, match="5 or 6"):
        WorkCalendar(7, frozenset())


def test_reminder_at_half_time() -> None:
    assert PLAIN.reminder(date(2026, 3, 2), date(2026, 3, 20), 50) == date(2026, 3, 11)


@pytest.mark.parametrize(
    ("code", "quarter", "dates"),
    [
        ("kmk300-2022", 3, ["2026-09-23", "2026-10-31", "2026-11-10", "2026-11-30"]),
        ("kmk127-2026", 3, ["2026-09-23", "2026-10-31", "2026-11-10", "2026-12-10"]),
        ("kmk300-2022", 2, ["2026-06-23", "2026-07-31", "2026-08-10", "2026-08-31"]),
        ("kmk127-2026", 4, ["2026-12-24", "2027-01-10", "2027-01-17", "2027-01-31"]),
        ("permenpanrb6-2022", None, ["2026-12-24", "2027-01-10", "2027-01-17", "2027-01-31"]),
    ],
)
def test_default_windows(code: str, quarter: int | None, dates: list[str]) -> None:
    w = default_window(regulation(code), 2026, quarter)
    assert [d.isoformat() for d in (w.evaluation_opens, w.record_by, w.validate_by, w.closes)] == dates
    assert list(faults(2026, f"TW{quarter}" if quarter else "Y", dates_of(w))) == []


def test_m6c_a_period_whose_dates_do_not_follow_each_other_is_refused() -> None:
    from dataclasses import replace

    window = default_window(regulation("kmk300-2022"), 2026, None)
    met = dates_of(replace(window, validate_by=window.record_by))
    assert [fault.field_name for fault in faults(2026, "Y", met)] == ["record_by"]
