"""Each rule of the minutes of a DKO has one fixture that breaks it; the days of a quarter as a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kinerja.rules import dko as rules
from kinerja.rules.dko import Action, Decision, Minutes
from kinerja.rules.workdays import WorkCalendar

ACTION = Action("a1", "Menyusun standar layanan", 7, date(2026, 5, 29))
WHOLE = Minutes(
    date(2026, 4, 28),
    "Capaian triwulan dibahas satu per satu.",
    (Decision("d1", "Percepat layanan", (ACTION,)),),
    leader=1,
    leaders=frozenset({1}),
    present=frozenset({1, 7}),
)


def minutes(**changes: Any) -> Minutes:
    return replace(WHOLE, **changes)


def with_action(**changes: Any) -> Minutes:
    return minutes(decisions=(Decision("d1", "Percepat layanan", (replace(ACTION, **changes),)),))


@pytest.mark.parametrize(
    ("sentence", "written", "expected"),
    [
        ("whole minutes", WHOLE, []),
        ("a dialogue without any arahan", minutes(decisions=()), []),
        ("nothing written", minutes(text="  "), [("DKO-1", "minutes")]),
        ("an arahan without words", minutes(decisions=(Decision("d1", " ", (ACTION,)),)), [("DKO-2", "decision-d1-text")]),
        ("an arahan that nobody carries out", minutes(decisions=(Decision("d1", "Percepat"),)), [("DKO-2", "decision-d1-text")]),
        ("an action without words", with_action(text=""), [("DKO-3", "action-a1-text")]),
        ("an action without owner", with_action(owner=None), [("DKO-3", "action-a1-owner")]),
        ("an action without a day", with_action(due=None), [("DKO-3", "action-a1-due")]),
        ("an action due before it was decided", with_action(due=date(2026, 4, 27)), [("DKO-4", "action-a1-due")]),
        ("an action due the same day", with_action(due=date(2026, 4, 28)), []),
        ("led by somebody else", minutes(leader=7), [("DKO-5", "leader")]),
        ("led by a head who was not there", minutes(present=frozenset({7})), [("DKO-5", "leader")]),
        ("led by nobody", minutes(leader=None), [("DKO-5", "leader")]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_each_rule_is_broken_by_its_fixture(
    sentence: str, written: Minutes, expected: list[tuple[str, str]]
) -> None:
    assert [(f.rule, f.field) for f in rules.check(written)] == expected, sentence


@pytest.mark.parametrize(
    ("slot", "starts", "ends", "last"),
    [
        ("TW1", date(2026, 1, 1), date(2026, 3, 31), date(2026, 6, 30)),
        ("TW2", date(2026, 4, 1), date(2026, 6, 30), date(2026, 9, 30)),
        ("TW3", date(2026, 7, 1), date(2026, 9, 30), date(2026, 12, 31)),
        ("TW4", date(2026, 10, 1), date(2026, 12, 31), date(2027, 3, 31)),
    ],
)
def test_a_dko_can_be_held_until_the_quarter_after_its_own_is_over(
    slot: str, starts: date, ends: date, last: date
) -> None:
    assert rules.quarter(2026, slot) == (starts, ends)
    assert rules.last_day_to_hold(ends) == last


@pytest.mark.parametrize(
    ("sentence", "depth", "today", "expected"),
    [
        ("the top on the last working day of the first month", 0, date(2026, 4, 1), date(2026, 4, 30)),
        ("the level below two working days before it", 1, date(2026, 4, 1), date(2026, 4, 28)),
        ("the next one two before that", 2, date(2026, 4, 1), date(2026, 4, 24)),
        ("never sooner than five working days", 2, date(2026, 4, 29), date(2026, 5, 6)),
    ],
)
def test_lower_units_are_proposed_an_earlier_day(
    sentence: str, depth: int, today: date, expected: date
) -> None:
    calendar = WorkCalendar(5, frozenset())
    assert rules.proposed_day(calendar, date(2026, 3, 31), depth, today) == expected, sentence


@pytest.mark.parametrize(
    ("rule_set", "name", "short"),
    [
        ("permenpanrb6-2022", rules.NAMES[0], "DKO"),
        ("kmk300-2022", rules.NAMES[0], "DKO"),
        ("kmk127-2026", rules.NAMES[1], "DKRO"),
    ],
)
def test_the_dialogue_is_called_as_the_decree_of_the_year_calls_it(
    rule_set: str, name: str, short: str
) -> None:
    assert (rules.name_of(rule_set), rules.short_of(rule_set)) == (name, short)
