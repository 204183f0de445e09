"""The stepper says what history and table say: for every kind, in every state, after any walk through the table."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from kinerja.services import stepper
from kinerja.workflows import FLOWS
from kinerja.workflows.base import DocumentFlow, Move
from kinerja.workflows.roles import LABELS, Relation
from tests.workflows.test_engine import chance_facts

ROWS = {kind: {state: flow.moves(state) for state in flow.state_ids()} for kind, flow in FLOWS.items()}
BEGUN = datetime(2026, 1, 6, 2, tzinfo=UTC)
DUE = datetime(2026, 1, 20, 16, 59, 59, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    event: str
    source: str
    target: str
    who: str
    at: datetime
    sequence: int


def shortest(flow: type[DocumentFlow], goal: str) -> list[Move]:
    """The fewest rows from the first state to this one."""
    ways: dict[str, list[Move]] = {flow.entries[0].target: []}
    queue = list(ways)
    for state in queue:
        for move in ROWS[flow.kind][state]:
            if move.target not in ways:
                ways[move.target] = [*ways[state], move]
                queue.append(move.target)
    return ways[goal]


def histories(flow: type[DocumentFlow]) -> Iterator[list[Step]]:
    """Histories that the table allows: straight to every state, and on from there along rows by chance."""
    chance = random.Random(flow.kind)
    for goal in flow.state_ids():
        for more in (0, 0, 1, 2, 3, 5, 8, 13):
            moves = shortest(flow, goal)
            state = goal
            for _ in range(more):
                if following := ROWS[flow.kind][state]:
                    moves.append(chance.choice(following))
                    state = moves[-1].target
            yield history(flow, moves, chance)


def history(flow: type[DocumentFlow], moves: list[Move], chance: random.Random) -> list[Step]:
    entry = flow.entries[0]
    steps = [Step(entry.event, "-", entry.target, "Sekar", BEGUN, 1)]
    for number, move in enumerate(moves, 2):
        who = "" if move.row.who == (Relation.SYSTEM,) else chance.choice(["Sekar", "Bagas", "Ratih"])
        steps.append(Step(move.event, move.source, move.target, who, BEGUN + timedelta(hours=number), number))
    return steps


def drawn(flow: type[DocumentFlow], steps: list[Step], **facts: Any) -> tuple[list[stepper.PathStep], Any]:
    state = steps[-1].target
    document = SimpleNamespace(state=state, state_since=steps[-1].at, due_at=DUE)
    known = flow.facts_type(**({"state": state} | facts))
    return stepper.path_of(document, flow, known, steps), known  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", FLOWS)
def test_what_is_past_and_what_is_now_are_rows_of_the_history(kind: str) -> None:
    flow = FLOWS[kind]
    for steps in histories(flow):
        path, _facts = drawn(flow, steps)
        arrivals = {s.sequence: s for s in steps if s.source != s.target}
        been = [stop for stop in path if stop.status != "next"]
        for stop in been:
            row = arrivals[stop.sequence]
            assert stop.states == (row.target,)
            assert (stop.who, stop.when, stop.event) == ((row.who or "Sistem",), row.at, row.event)
            assert stop.labels == (flow.state_label(row.target),)
        assert [stop.sequence for stop in been] == sorted(stop.sequence for stop in been)
        assert been[-1].sequence == max(arrivals)
        assert [stop.status for stop in been] == ["done"] * (len(been) - 1) + ["now"]
        # Each stop was left for the next one: what stands between them in the history are rounds that came back.
        for one, other in pairwise(been):
            assert arrivals[other.sequence].source == one.states[0]


@pytest.mark.parametrize("kind", FLOWS)
def test_a_document_that_came_back_shows_what_it_came_back_from(kind: str) -> None:
    flow = FLOWS[kind]
    for steps in histories(flow):
        arrivals = [s for s in steps if s.source != s.target]
        if len(arrivals) > 1:
            been = [stop for stop in drawn(flow, steps)[0] if stop.status == "done"]
            assert been[-1].states == (arrivals[-1].source,)


@pytest.mark.parametrize("kind", FLOWS)
def test_what_is_next_are_awaited_rows_of_the_table_one_after_the_other(kind: str) -> None:
    flow, chance = FLOWS[kind], random.Random(kind)
    for state in flow.state_ids():
        for _ in range(20):
            steps = [Step("x", "-", state, "Sekar", BEGUN, 1)]
            path, facts = drawn(flow, steps, **chance_facts(flow, state, chance))
            here = (state,)
            for stop in [stop for stop in path if stop.status == "next"]:
                led = [
                    m
                    for s in here
                    for m in ROWS[kind][s]
                    if (m.event, m.target) == (stop.event, stop.states[0])
                ]
                led = [m for m in led if not m.internal and (m.row.main or m.row.due == "at_once")]
                assert stop.who in [tuple(LABELS[r] for r in stepper.senders(m, facts)) for m in led]
                here = stop.states
            _relation, awaited = flow.turn(facts)
            following = [stop for stop in path if stop.status == "next"]
            if following and awaited is not None and following[0].event == awaited.event:
                assert following[0].due == DUE
            assert all(stop.due is None for stop in following[1:])


@pytest.mark.parametrize("kind", FLOWS)
def test_the_way_on_ends_where_nothing_is_awaited_or_where_it_has_been(kind: str) -> None:
    flow = FLOWS[kind]
    for state in flow.state_ids():
        facts = flow.facts_type(state=state)
        stops = stepper.way_on(flow, facts)
        last = stops[-1][-1].target if stops else state
        leaving = [m for m in flow.moves(last) if m.row.main and not m.internal]
        been = {state, *(m.target for moves in stops for m in moves)}
        assert not leaving or all(m.target in been for m in leaving) or flow.is_final(last)


@pytest.mark.parametrize(
    ("kind", "facts", "expected"),
    [
        ("skp", {"state": "draft"}, "submitted in_dialogue agreed signed_employee in_force closed"),
        (
            "skp",
            {"state": "agreed", "review_due": True},
            "in_review reviewed signed_employee in_force closed",
        ),
        ("skp", {"state": "on_hold", "held_from": "agreed"}, "agreed signed_employee in_force closed"),
        ("realisation", {"state": "returned"}, "draft recorded validated"),
        ("objection", {"state": "draft"}, "filed in_examination upheld|changed published"),
    ],
)
def test_the_stops_that_follow(kind: str, facts: dict[str, Any], expected: str) -> None:
    flow = FLOWS[kind]
    stops = stepper.way_on(flow, flow.facts_type(**facts))
    assert " ".join("|".join(dict.fromkeys(m.target for m in moves)) for moves in stops) == expected


def test_all_whose_mark_is_needed_are_named_at_the_stop_they_bring_about() -> None:
    flow = FLOWS["skp"]
    path, _facts = drawn(flow, [Step("x", "-", "in_dialogue", "Bagas", BEGUN, 1)])
    agreed = next(stop for stop in path if stop.states == ("agreed",))
    assert agreed.who == (LABELS[Relation.PENILAI], LABELS[Relation.SUBJECT])
