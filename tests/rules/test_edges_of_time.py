"""The clock at its edges: each kind of deadline, the day before and the day after, and windows."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from kinerja.rules import deadlines
from kinerja.rules.deadlines import Deadline, due_at
from kinerja.rules.windows import dates_of, default_window, faults, month_day, quarter_bounds
from kinerja.rules.workdays import WorkCalendar, end_of_day, local_date
from tests.rules.test_clock import MARCH, PLAIN, regulation

FRIDAY, SATURDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 9)


def row(kind: str, **changes: Any) -> Deadline:
    return Deadline("x", kind, "Langkah", "desain", "pilihan rancangan", **changes)


def due(monkeypatch: pytest.MonkeyPatch, one: Deadline, begun: date, **windows: date) -> date | None:
    """The day a step of this row is due when its state was entered at nine on a day."""
    monkeypatch.setattr(deadlines, "table", lambda: {"x": one})
    since = datetime(begun.year, begun.month, begun.day, 2, tzinfo=UTC)
    moment = due_at("x", since=since, zone="WIB", calendar=PLAIN, year=2026, windows=windows)
    if moment is None:
        return None
    day = local_date(moment, "WIB")
    assert moment == end_of_day(day, "WIB")
    return day


@pytest.mark.parametrize(
    ("one", "begun", "expected"),
    [
        (row("none"), FRIDAY, None),
        (row("at_once"), SATURDAY, SATURDAY),
        (row("working_days", days=1), FRIDAY, MONDAY),
        (row("calendar_date", month=1, day=31), FRIDAY, date(2026, 1, 31)),
        (row("calendar_date", month=1, day=31, year_offset=1), FRIDAY, date(2027, 1, 31)),
        # a date that is too near gives way to so many working days, one that is far enough does not
        (row("calendar_date", month=3, day=12, at_least=5), FRIDAY, date(2026, 3, 13)),
        (row("calendar_date", month=3, day=13, at_least=5), FRIDAY, date(2026, 3, 13)),
        (row("calendar_date", month=3, day=14, at_least=5), FRIDAY, date(2026, 3, 14)),
        # the step falls due as the day begins: the last second is that of the day before
        (row("calendar_date", month=2, day=1, at_start=True), FRIDAY, date(2026, 1, 31)),
    ],
)
def test_a_step_is_due_as_its_kind_says(
    monkeypatch: pytest.MonkeyPatch, one: Deadline, begun: date, expected: date | None
) -> None:
    assert due(monkeypatch, one, begun) == expected


@pytest.mark.parametrize("code", ["skp_submit", "skp_establish", "skp_escalate"])
@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        (date(2026, 1, 31), None),  # in time for the day of all, which stands
        (date(2026, 2, 1), date(2026, 2, 23)),  # a Sunday: Monday the 2nd is his first working day, and day 0
        (date(2026, 7, 13), date(2026, 8, 3)),
    ],
)
def test_who_starts_after_the_day_of_all_has_fifteen_working_days_from_his_first(
    code: str, starts: date, expected: date | None
) -> None:
    since = datetime(2026, 7, 13, 2, tzinfo=UTC) if starts.month == 7 else datetime(2026, 1, 5, 2, tzinfo=UTC)
    given: dict[str, Any] = {"since": since, "zone": "WIB", "calendar": PLAIN, "year": 2026, "windows": {}}
    moment = due_at(code, law=regulation("kmk300-2022"), starts=starts, **given)
    assert moment == (end_of_day(expected, "WIB") if expected else due_at(code, **given))


@pytest.mark.parametrize(
    ("one", "begun", "windows", "expected"),
    [
        (row("window", date="ends", days=2), FRIDAY, {}, None),
        (row("window", date="ends", days=2), FRIDAY, {"ends": FRIDAY}, date(2026, 3, 10)),
        (row("window", date="ends", days=-2), FRIDAY, {"ends": FRIDAY}, date(2026, 3, 4)),
        (row("window", date="ends"), FRIDAY, {"ends": SATURDAY}, SATURDAY),
        # a day of the month so many months later, the last one of a shorter month
        (
            row("window", date="ends", months=1, day=10),
            FRIDAY,
            {"ends": date(2026, 3, 31)},
            date(2026, 4, 10),
        ),
        (
            row("window", date="ends", months=1, day=31),
            FRIDAY,
            {"ends": date(2026, 3, 31)},
            date(2026, 4, 30),
        ),
        (
            row("window", date="ends", months=1, day=31),
            FRIDAY,
            {"ends": date(2026, 1, 31)},
            date(2026, 2, 28),
        ),
        (
            row("window", date="ends", months=1, day=15),
            FRIDAY,
            {"ends": date(2026, 11, 30)},
            date(2026, 12, 15),
        ),
        (
            row("window", date="ends", months=1, day=15),
            FRIDAY,
            {"ends": date(2026, 12, 31)},
            date(2027, 1, 15),
        ),
        (
            row("window", date="ends", months=13, day=15),
            FRIDAY,
            {"ends": date(2026, 1, 1)},
            date(2027, 2, 15),
        ),
    ],
)
def test_a_step_is_due_by_a_date_of_its_window(
    monkeypatch: pytest.MonkeyPatch, one: Deadline, begun: date, windows: Any, expected: date | None
) -> None:
    assert due(monkeypatch, one, begun, **windows) == expected


@pytest.mark.parametrize(
    ("begun", "expected"),
    [
        (date(2026, 3, 2), date(2026, 3, 10)),  # the cap is nearer than ten working days
        (date(2026, 3, 6), date(2026, 3, 10)),  # begun on the day of the cap
        (date(2026, 3, 7), date(2026, 3, 20)),  # begun after it: the cap says nothing
        (date(2026, 2, 2), date(2026, 2, 16)),  # ten working days end before the cap
    ],
)
def test_a_cap_ends_the_time_of_whoever_starts_before_it(
    monkeypatch: pytest.MonkeyPatch, begun: date, expected: date
) -> None:
    capped = row("working_days", days=10, cap="closes", cap_days=2)
    assert due(monkeypatch, capped, begun, closes=FRIDAY) == expected
    assert due(monkeypatch, capped, begun) == PLAIN.add(begun, 10)


def test_a_cap_never_lies_before_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    early = row("working_days", days=10, cap="closes", cap_days=-3)
    assert due(monkeypatch, early, date(2026, 3, 5), closes=FRIDAY) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (date(2026, 3, 10), date(2026, 3, 10)),
        (FRIDAY, FRIDAY),  # the step begins on the last day
        (date(2026, 3, 5), date(2026, 3, 13)),  # it was over when the step began
        (date(2026, 3, 20), date(2026, 3, 13)),
    ],
)
def test_a_step_does_not_pass_the_end_of_its_window(
    monkeypatch: pytest.MonkeyPatch, last: date, expected: date
) -> None:
    one = row("window", date="asked", days=5, no_later_than="closes")
    assert due(monkeypatch, one, FRIDAY, asked=FRIDAY, closes=last) == expected
    assert due(monkeypatch, one, FRIDAY, asked=FRIDAY) == date(2026, 3, 13)


@pytest.mark.parametrize(
    ("one", "reads"),
    [
        (row("window", date="ends"), True),
        (row("working_days", days=1, cap="ends"), True),
        (row("working_days", days=1), False),
        (row("calendar_date", month=1, day=1), False),
    ],
)
def test_a_row_reads_the_windows_it_names(one: Deadline, reads: bool) -> None:
    assert one.reads_windows == reads


# Working days


@pytest.mark.parametrize(
    ("calendar", "start", "end", "days"),
    [
        (PLAIN, FRIDAY, FRIDAY, 0),
        (PLAIN, FRIDAY, SATURDAY, 0),
        (PLAIN, FRIDAY, MONDAY, 1),
        (PLAIN, MONDAY, FRIDAY, -1),
        (WorkCalendar(6, frozenset()), FRIDAY, MONDAY, 2),
        (MARCH, date(2026, 3, 17), date(2026, 3, 23), 1),  # three holidays between
        (MARCH, date(2026, 3, 18), date(2026, 3, 23), 1),
        (MARCH, date(2026, 3, 23), date(2026, 3, 17), -1),
        # a holiday on a day that is free anyhow takes nothing away
        (WorkCalendar(5, frozenset({SATURDAY})), FRIDAY, MONDAY, 1),
        (WorkCalendar(6, frozenset({SATURDAY})), FRIDAY, MONDAY, 1),
    ],
)
def test_working_days_between_two_dates(calendar: WorkCalendar, start: date, end: date, days: int) -> None:
    assert calendar.between(start, end) == days
    assert calendar.between(start, end) == sum(
        (1 if end > start else -1) * calendar.is_workday(date.fromordinal(day))
        for day in range(min(start, end).toordinal() + 1, max(start, end).toordinal() + 1)
    )


@pytest.mark.parametrize(
    ("percent", "day"),
    [(0, date(2026, 3, 2)), (49, date(2026, 3, 10)), (50, date(2026, 3, 11)), (100, date(2026, 3, 20))],
)
def test_a_reminder_comes_when_its_share_of_the_time_is_used_up(percent: int, day: date) -> None:
    assert PLAIN.reminder(date(2026, 3, 2), date(2026, 3, 20), percent) == day


# Windows


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        (1, date(2028, 1, 1), date(2028, 3, 31)),
        (2, date(2028, 4, 1), date(2028, 6, 30)),
        (4, date(2028, 10, 1), date(2028, 12, 31)),
    ],
)
def test_a_quarter_has_three_whole_months(quarter: int, first: date, last: date) -> None:
    assert quarter_bounds(2028, quarter) == (first, last)


@pytest.mark.parametrize("quarter", [0, 5, -1])
def test_another_quarter_is_refused(quarter: int) -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        quarter_bounds(2026, quarter)


@pytest.mark.parametrize(
    ("quarter", "start", "end", "stand_in"),
    [
        (1, date(2026, 1, 1), date(2026, 3, 31), False),
        (4, date(2026, 10, 1), date(2026, 12, 31), True),
        (None, date(2026, 1, 1), date(2026, 12, 31), True),
    ],
)
def test_a_window_begins_with_its_period(quarter: int | None, start: date, end: date, stand_in: bool) -> None:
    window = default_window(regulation("kmk300-2022"), 2026, quarter)
    assert (window.start, window.end, window.recording_opens) == (start, end, start)
    assert (window.last_year_from, window.result_until) == (
        (date(2027, 1, 25), date(2027, 1, 31)) if stand_in else (None, None)
    )


def test_dates_that_meet_or_cross_are_refused_on_each_side() -> None:
    from dataclasses import replace

    window = default_window(regulation("kmk300-2022"), 2026, 1)
    assert list(faults(2026, "TW1", dates_of(window))) == []
    for place, changes in (
        ("record_by", {"record_by": window.validate_by}),
        ("validate_by", {"closes": window.validate_by}),
    ):
        crossed = dates_of(replace(window, **changes))
        assert [fault.field_name for fault in faults(2026, "TW1", crossed)] == [place]


def test_a_month_and_day_of_the_rule_set_is_a_date() -> None:
    assert month_day(2026, "01-31") == date(2026, 1, 31)
    with pytest.raises(ValueError):
        month_day(2026, "02-30")
