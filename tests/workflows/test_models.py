"""Each flow walks as the tables of the specification say: thousands of steps beside an independent model of them."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kinerja.workflows import FLOWS, objection
from kinerja.workflows.base import Facts, Incomplete
from kinerja.workflows.roles import Actor, Relation
from tests.plugins.strict import size
from tests.workflows.facts import FACTS, ME, Around, rules_by_flag
from tests.workflows.model import Row, Table, World
from tests.workflows.tables import TABLES

STEPS_IN_A_WALK = 50
# In each state: in how many surroundings everybody is judged, and in how many rows not yet seen are looked for.
JUDGED_WHOLE, TRIED = 1, 8
PERSONS = [frozenset({str(relation)}) for relation in Relation] + [
    frozenset({"pengelola_organisasi", "pengelola_pegawai"}),
    frozenset({"atasan_penilai", "sekretariat_komite"}),
    frozenset({"komite_pelaksana", "pengelola_pegawai"}),
]


class Running:
    """A document of the real flow; what the engine keeps for it is done here from the words of its rows."""

    def __init__(self, kind: str, world: World) -> None:
        self.flow = FLOWS[kind]
        self.kind = kind
        self.state, self.held_from, self.level = world.state, world.held_from, int(world.escalated)
        self.marks = frozenset(Relation(mark) for mark in world.marks)
        self.machine = self.flow(self.flow.facts_type(state=self.state))

    def facts(self, around: Around) -> Facts:
        facts = self.flow.facts_type(
            state=self.state, acting_level=self.level, marks=self.marks, held_from=self.held_from,
            **FACTS[self.kind](around),
        )  # fmt: skip
        alone = getattr(facts, "top", False)
        facts.required_marks = frozenset({Relation.SUBJECT} if alone else {Relation.SUBJECT, facts.acting})
        return facts

    def offers(self, person: frozenset[str], around: Around) -> set[str]:
        """The events open to this person, with nothing missing: what a page asks."""
        facts = self.facts(around)
        return {m.event for m in self.flow.allowed(facts, actor(person)) if not m.row.unmet(facts)}

    def send(self, event: str, person: frozenset[str], around: Around) -> bool:
        """Send it through the machine, as the engine does."""
        # One machine over facts that are refilled: making a machine costs more than all the rest.
        facts, who, machine = self.machine.model, actor(person), self.machine
        vars(facts).clear()  # with what was worked out from the last surroundings
        vars(facts).update(vars(self.facts(around)))
        if event not in [one.id for one in machine.enabled_events(actor=who)]:
            return False
        (move,) = [m for m in self.flow.allowed(facts, who) if m.event == event]
        try:
            machine.send(event, actor=who)
        except Incomplete:
            assert facts.state == self.state
            return False
        words = move.row.effects.split()
        if "mark" in words:
            self.marks |= facts.required_marks & who.relations
        if {"clear_marks", "fall"} & set(words):
            self.marks = frozenset()
        self.level = max(0, self.level + ("raise_level" in words) - ("lower_level" in words))
        self.held_from = self.state if "hold" in words else "" if "resume" in words else self.held_from
        self.state = facts.state
        return True


def actor(person: frozenset[str]) -> Actor:
    return Actor(None if "sistem" in person else ME, "", frozenset(Relation(name) for name in person))


def surroundings(table: Table) -> list[dict[str, Any]]:
    """Many different surroundings, the same in every run."""
    chance = random.Random(table.kind)
    return [{name: chance.choice(values) for name, values in table.around.items()} for _ in range(600)]


def beginnings(table: Table) -> list[World]:
    """Worlds in every state that is not an end, with and without the superior acting."""
    worlds = []
    waiting = [state for state in table.states if state not in table.final]
    for state in waiting:
        for held in [one for one in waiting if one != state] if state == "on_hold" else [""]:
            levels = {state in table.always_escalated, state not in table.never_escalated}
            worlds += [World(state, level, held_from=held) for level in sorted(levels)]
    return worlds


@dataclasses.dataclass
class Pair:
    """The model and the flow, side by side."""

    table: Table
    model: World
    reached: set[tuple[str, str]]

    def __post_init__(self) -> None:
        self.running = Running(self.table.kind, self.model)

    def surround(self, around: Around) -> None:
        self.model = dataclasses.replace(self.model, around=around)

    def judge(self, person: frozenset[str]) -> None:
        """All events, as this person may send them now."""
        here = self.table.events(self.model.state)
        expected = {event for event in here if self.table.answer(self.model, event, person) is not None}
        offered = self.running.offers(person, self.model.around)
        assert offered == expected, (offered ^ expected, person, self.model)

    def step(self, event: str, person: frozenset[str]) -> None:
        expected = self.table.answer(self.model, event, person)
        done = self.running.send(event, person, self.model.around)
        assert done is (expected is not None), (event, person, self.model)
        if expected is not None:
            self.reached.add((self.model.state, event))
            self.model = expected
        running = self.running
        seen = (running.state, bool(running.level), frozenset(map(str, running.marks)), running.held_from)
        assert seen == (self.model.state, self.model.escalated, self.model.marks, self.model.held_from)


def walk_of(table: Table, reached: set[tuple[str, str]], counted: list[int]) -> type[RuleBasedStateMachine]:
    """The state machine of hypothesis for one flow."""
    around = st.sampled_from(surroundings(table))
    beginning = st.sampled_from(beginnings(table))

    class Walk(RuleBasedStateMachine):
        pair: Pair

        @initialize(world=beginning, around=around)
        def begin(self, world: World, around: Around) -> None:
            self.pair = Pair(table, world, reached)
            self.pair.surround(around)

        @precondition(lambda self: self.pair.model.state in table.final)
        @rule(world=beginning, around=around)
        def begin_another(self, world: World, around: Around) -> None:
            self.begin(world, around)

        @rule(around=around, data=st.data())
        def follow(self, around: Around, data: st.DataObject) -> None:
            """Take a step that the model allows, after the surroundings have changed."""
            self.pair.surround(around)
            ways = list(table.open(self.pair.model, PERSONS))
            if ways:
                event = data.draw(st.sampled_from(sorted({event for event, _, _ in ways})))
                person = data.draw(st.sampled_from([person for one, person, _ in ways if one == event]))
                counted[0] += 1
                self.pair.step(event, person)

        @rule(around=around, event=st.sampled_from(table.events()), person=st.sampled_from(PERSONS))
        def attempt(self, around: Around, event: str, person: frozenset[str]) -> None:
            """Let anybody try anything."""
            self.pair.surround(around)
            self.pair.judge(person)
            counted[0] += 1
            self.pair.step(event, person)

    return Walk


def walk(table: Table, steps: int, reached: set[tuple[str, str]], *phases: Phase) -> int:
    """Walk at least so many steps, the same ones in every run; raises when model and flow part."""
    counted = [0]
    # A short flow ends often, and what begins another is not counted.
    spare = 3 if len(table.states) < 8 else 2
    walks = settings(
        max_examples=max(1, steps * spare // STEPS_IN_A_WALK), stateful_step_count=STEPS_IN_A_WALK, derandomize=True,
        database=None, deadline=None, suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
        phases=phases or tuple(Phase),
    )  # fmt: skip
    with rules_by_flag():
        run_state_machine_as_test(walk_of(table, reached, counted), settings=walks)
    return counted[0]


def near(table: Table, around: Around) -> Iterator[Around]:
    """Every surroundings that differ in one thing: where a step was open, one condition alone now keeps it shut."""
    for name, values in table.around.items():
        yield from ({**around, name: value} for value in dict.fromkeys(values) if value != around[name])


def visit(table: Table, reached: set[tuple[str, str]]) -> None:
    """Go to each state and send each of its events once by each row, then judge all that differs from there in one thing."""
    tried = surroundings(table)
    for world in beginnings(table):
        left = {event for state, event in table.pairs() if state == world.state}
        seen: set[Row] = set()
        for number, around in enumerate(tried):
            here = dataclasses.replace(world, around=around)
            looking = Pair(table, here, reached) if number < JUDGED_WHOLE else None
            for person in PERSONS if looking else ():
                looking.judge(person)
            for event, person, _ in table.open(here, PERSONS):
                (row,) = table.rows_for(here, event, person)
                if row in seen:
                    continue
                seen.add(row)
                left.discard(event)
                Pair(table, here, reached).step(event, person)
                looking = looking or Pair(table, here, reached)
                for other in near(table, around):
                    looking.surround(other)
                    looking.judge(person)
            if not left and number >= TRIED:
                break


@pytest.mark.parametrize("kind", TABLES)
def test_a_flow_walks_as_its_table_says_and_every_state_and_event_is_reached(
    kind: str, proof_line: Callable[[str, str, str], None]
) -> None:
    table, reached = TABLES[kind], set[tuple[str, str]]()
    steps = size(1_000, 10_000)
    with rules_by_flag():
        visit(table, reached)
    walked = walk(table, steps, reached)
    assert walked >= steps
    assert table.pairs() - reached == set()
    proof_line(
        "Model test of a flow", "10,000 steps", f"{kind}: {walked} steps, {len(reached)} pairs, 0 apart"
    )


@pytest.mark.parametrize("kind", FLOWS)
def test_the_flow_has_the_states_ends_and_events_of_its_table(kind: str) -> None:
    table, flow = TABLES[kind], FLOWS[kind]
    assert set(flow.state_ids()) == set(table.states)
    assert {state for state in flow.state_ids() if flow.is_final(state)} == set(table.final)
    assert {(move.source, move.event) for move in flow.moves()} == table.pairs()


def test_the_walk_sees_a_flow_that_differs_from_its_table_in_one_person() -> None:
    table = TABLES["skp"]
    changed = tuple(
        dataclasses.replace(one, who=("subjek",)) if one.event == "establish" else one for one in table.rows
    )
    with pytest.raises(AssertionError):
        walk(dataclasses.replace(table, rows=changed), 10_000, set(), Phase.generate)


DROPPED = (
    ("predicate_review", "delivered", "hand_over", "may_be_handed_over"),
    ("realisation", "validated", "reopen", "not_determined"),
)


@pytest.mark.parametrize(("kind", "state", "event", "dropped"), DROPPED)
def test_a_visit_sees_a_condition_that_was_dropped(
    kind: str, state: str, event: str, dropped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = (move.row for move in FLOWS[kind].moves(state) if move.event == event)
    assert dropped in [need.__name__ for need in row.needs]
    monkeypatch.setitem(row.__dict__, "needs", tuple(n for n in row.needs if n.__name__ != dropped))
    with pytest.raises(AssertionError, match=event), rules_by_flag():
        visit(TABLES[kind], set())


def test_the_facts_of_the_model_are_facts_of_the_flows() -> None:
    for kind, table in TABLES.items():
        around = {name: values[0] for name, values in table.around.items()}
        known = {field.name for field in dataclasses.fields(FLOWS[kind].facts_type)}
        assert set(FACTS[kind](around)) <= known
    assert objection.CHANGE in TABLES["objection"].around["decision"]
