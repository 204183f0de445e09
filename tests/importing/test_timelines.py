"""Dated rows against a reference that looks at every single day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kinerja.services.importing.existing import Held, Line
from kinerja.services.importing.graphs import from_the_top, reporting_circles, tree_circles
from kinerja.services.importing.timelines import (
    DAY,
    Stretch,
    _joined,
    _swept,
    compare_lines,
    merge_placements,
)

START = date(2026, 1, 1)
HORIZON = 40
days = st.integers(0, HORIZON - 5).map(lambda n: START + timedelta(days=n))


@st.composite
def spans(draw: st.DrawFn) -> tuple[date, date | None]:
    starts = draw(days)
    length = draw(st.none() | st.integers(0, 15))
    return starts, None if length is None else starts + timedelta(days=length)


stretches = st.lists(
    st.builds(
        lambda weight, span, who: Stretch(weight, *span, who),
        st.integers(0, 3),
        spans(),
        st.sampled_from("ABC"),
    ),
    min_size=1,
    max_size=6,
)


def on(rows: list, day: date) -> list:
    return [row for row in rows if row.starts <= day and (row.ends is None or row.ends >= day)]


@given(stretches)
@settings(max_examples=200, deadline=None)
def test_the_sweep_gives_each_day_to_its_heaviest_source_and_never_two(sources):
    found = _joined(_swept(sources), lambda superior, starts, ends: None)
    for offset in range(HORIZON + 30):
        day = START + timedelta(days=offset)
        here = on(sources, day)
        expected = max(here, key=lambda s: (s.weight, s.starts), default=None)
        mine = on(found, day)
        assert len(mine) == (expected is not None)
        if expected is not None:
            tied = {s.superior for s in here if (s.weight, s.starts) == (expected.weight, expected.starts)}
            assert mine[0].superior in tied
    assert all((a.superior, a.ends) != (b.superior, b.starts - DAY) for a, b in pairwise(found))


def timeline(sources: list[Stretch]) -> list[Line]:
    return _joined(_swept(sources), lambda superior, starts, ends: None)


@given(stretches, stretches, days)
@settings(max_examples=200, deadline=None)
def test_comparing_gives_the_wanted_lines_and_never_rewrites_a_day_already_lived(old, new, today):
    recorded = [line._replace(id=number) for number, line in enumerate(timeline(old), 1)]
    wanted = timeline(new)
    changes = compare_lines(recorded, wanted, today)
    gone = {line.id for line in changes.corrected} | {before.id for before, _ in changes.ended}
    after = [line for line in recorded if line.id not in gone]
    after += [line for _, line in changes.ended] + changes.added
    assert sorted(line._replace(id=0) for line in after) == sorted(wanted)
    for before, moved in changes.ended:
        affected = min(before.ends or date.max, moved.ends or date.max) + DAY
        assert (before.starts, before.superior) == (moved.starts, moved.superior)
        assert affected >= today


@given(stretches)
def test_comparing_a_timeline_with_itself_changes_nothing(sources):
    lines = [line._replace(id=number) for number, line in enumerate(timeline(sources), 1)]
    assert compare_lines(lines, lines, START) == ([], [], [])


def test_what_is_recorded_and_not_in_the_file_stays():
    post = ("A", "Analis")
    held = [Held(1, post, "definitif", START, None)]
    placed = merge_placements([], held, START)
    assert (placed.final, placed.added, placed.changed, placed.absent) == (held, [], [], held)


names = st.sampled_from("ABCDEFG")


@given(st.dictionaries(names, names | st.just("")))
def test_circles_of_a_tree_are_exactly_those_one_walks_into(parents):
    on_circle = set()
    for start in parents:
        node, seen = parents[start], set()
        while node in parents and node not in seen and node != start:
            seen.add(node)
            node = parents[node]
        if node == start:
            on_circle.add(start)
    found = tree_circles(parents)
    assert {code for circle in found for code in circle} == on_circle
    assert sum(len(circle) for circle in found) == len(on_circle)
    order = list(from_the_top(parents))
    assert all(order.index(parents[code]) < order.index(code) for code in order if parents[code] in order)


@given(st.dictionaries(names, stretches, max_size=6))
@settings(max_examples=200, deadline=None)
def test_dated_circles_are_exactly_those_of_some_day(sources):
    renamed = {
        who: [line._replace(superior=chr(ord(line.superior) + ord(who) % 3)) for line in timeline(mine)]
        for who, mine in sources.items()
    }
    lines = {who: [line for line in mine if line.superior != who] for who, mine in renamed.items()}
    expected = set()
    for offset in range(HORIZON + 30):
        day = START + timedelta(days=offset)
        parents = {who: next((line.superior for line in on(mine, day)), "") for who, mine in lines.items()}
        expected |= {frozenset(circle) for circle in tree_circles(parents)}
    assert {frozenset(circle) for _, circle in reporting_circles(lines)} == expected
