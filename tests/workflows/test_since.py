""" "Yang berubah sejak Anda terakhir melihat": exactly what others and the system did since the last visit."""

from __future__ import annotations

import random
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from kinerja.services import reading
from kinerja.services.reading import Moment, Page
from kinerja.workflows import FLOWS
from tests.workflows.test_stepper import BEGUN, histories

PEOPLE = {"Sekar": 1, "Bagas": 2, "Ratih": 3, "": None}


def moments(kind: str) -> list[list[Moment]]:
    """Timelines of a kind: a history the table allows, with comments and signatures among the steps."""
    chance, found = random.Random(f"since {kind}"), []
    for steps in histories(FLOWS[kind]):
        line = [
            Moment("step", s.at, PEOPLE[s.who], s.who, "", "", s.event, s.source, s.target, s.sequence, s.sequence // 3)
            for s in steps
        ]  # fmt: skip
        for step in list(line):
            kind_of_moment = chance.choice(["comment", "signature", ""])
            if kind_of_moment:
                who = chance.choice(["Sekar", "Bagas"])
                line.append(Moment(kind_of_moment, step.at + timedelta(minutes=5), PEOPLE[who], who, "", "x"))
        found.append(sorted(line, key=lambda moment: moment.at))
    return found


@pytest.mark.parametrize("kind", FLOWS)
def test_the_list_is_the_events_since_the_last_visit(kind: str) -> None:
    for line in moments(kind):
        for hours in range(0, 14, 3):
            visit = BEGUN + timedelta(hours=hours)
            for me in (1, 2):
                told = reading.since(visit, line, me)
                expected = [m for m in line if m.at > visit and m.what != "signature" and m.person_id != me]
                assert told == expected


def test_who_never_saw_it_is_told_nothing_is_new() -> None:
    assert reading.since(None, moments("skp")[5], 1) == []


def page(line: list[Moment], hours: int, me: int = 1) -> Any:
    visit = BEGUN + timedelta(hours=hours)
    steps = [m for m in line if m.what == "step"]
    return SimpleNamespace(steps=steps, last_visit=visit, since_last_visit=reading.since(visit, line, me))


@pytest.mark.parametrize("kind", FLOWS)
def test_the_same_act_several_times_over_is_one_line_that_counts_it(kind: str) -> None:
    for line in moments(kind):
        known = page(line, 2)
        news = Page.news.fget(known)  # type: ignore[attr-defined]
        assert sum(times for _moment, times in news) == len(known.since_last_visit)
        assert all(
            (a.what, a.event, a.person_id) != (b.what, b.event, b.person_id)
            for (a, _), (b, _) in zip(news, news[1:], strict=False)  # noqa: RUF007
        )


def test_the_versions_to_compare_are_that_of_the_last_visit_and_the_newest() -> None:
    steps = [
        Moment("step", BEGUN + timedelta(hours=n), 2, "Bagas", "", "", "edit", "a", "b", n, n)
        for n in range(4)
    ]
    assert Page.versions_since.fget(page(steps, 1)) == (1, 3)  # type: ignore[attr-defined]
    assert Page.versions_since.fget(page(steps, 3)) is None  # type: ignore[attr-defined]
    unsaved = [step._replace(revision_number=0) for step in steps]
    assert Page.versions_since.fget(page(unsaved, 1)) is None  # type: ignore[attr-defined]
