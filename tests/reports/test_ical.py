"""The calendar file: whole days, last seconds, and texts that cannot break out of their line."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kinerja.reports import ical

STAMP = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def lines_of(*events: ical.Event) -> list[str]:
    text = ical.calendar("kinerja", events, STAMP)
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")


def test_a_deadline_is_its_last_second_in_utc_and_a_holiday_the_whole_day() -> None:
    due = datetime(2026, 3, 20, 14, 59, 59, tzinfo=UTC)  # J7: 23.59.59 WIT
    found = lines_of(
        ical.Event("a@kinerja", date(2026, 3, 20), "Tanda tangani", "Batas 20 Maret 2026, 23.59 WIT", due),
        ical.Event("b@kinerja", date(2026, 3, 19), "Hari Suci Nyepi"),
    )
    assert found[7:13] == [
        "UID:a@kinerja", "DTSTAMP:20260302T030000Z", "DTSTART:20260320T145959Z", "DTEND:20260320T145959Z",
        "SUMMARY:Tanda tangani", "DESCRIPTION:Batas 20 Maret 2026\\, 23.59 WIT",
    ]  # fmt: skip
    assert {"DTSTART;VALUE=DATE:20260319", "DTEND;VALUE=DATE:20260320"} <= set(found)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("satu, dua; tiga", "satu\\, dua\\; tiga"),
        ("a\\b", "a\\\\b"),
        ("baris\nEND:VEVENT", "baris\\nEND:VEVENT"),
        ("kembali\r\nATTACH:x", "kembali\\nATTACH:x"),
    ],
)
def test_a_text_stays_one_line_of_its_own(text: str, written: str) -> None:
    found = lines_of(ical.Event("a@kinerja", date(2026, 3, 19), text))
    assert f"SUMMARY:{written}" in found
    assert found.count("END:VEVENT") == 1


def test_a_long_line_is_folded_without_cutting_a_character() -> None:
    text = "Évaluasi kinerja – " * 12
    assert f"SUMMARY:{text}" in lines_of(ical.Event("a@kinerja", date(2026, 3, 19), text))
