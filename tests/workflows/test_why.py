""" "Mengapa belum bisa?" and the guards say the same: for every kind, state and role, in situations by chance."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from kinerja.services import policy
from kinerja.workflows import FLOWS
from kinerja.workflows.base import DocumentFlow, Facts, Unmet
from kinerja.workflows.roles import Actor, Relation, label_of
from kinerja.workflows.skp import SkpFacts
from tests.rules.test_completeness import GOOD, K300, one
from tests.workflows.test_engine import chance_facts

DUE = datetime(2026, 1, 20, 16, 59, 59, tzinfo=UTC)
# Each relation alone, nobody at all, and two who may well be one person.
ROLES = [
    *([relation] for relation in Relation if relation is not Relation.SYSTEM),
    [],
    [Relation.PENILAI, Relation.SEKRETARIAT],
    [Relation.DECIDER, Relation.ATASAN],
]
SITUATIONS = 6
ROWS = {kind: {state: flow.moves(state) for state in flow.state_ids()} for kind, flow in FLOWS.items()}
ALONE = [Actor(0, "", frozenset({relation})) for relation in Relation if relation is not Relation.SYSTEM]


def situations(flow: type[DocumentFlow]) -> Iterator[tuple[Any, Facts, Actor]]:
    """(document, facts, actor) over every state and role; the facts by chance."""
    chance = random.Random(f"why {flow.kind}")
    for state in flow.state_ids():
        document = SimpleNamespace(kind=flow.kind, state=state, due_at=DUE)
        for _ in range(SITUATIONS):
            facts = flow.facts_type(**chance_facts(flow, state, chance))
            if isinstance(facts, SkpFacts):
                facts.skp, facts.regulation = chance.choice([GOOD, one(GOOD, unit="", text="")]), K300
            for relations in ROLES:
                yield document, facts, Actor(1, "", frozenset(relations))


def accepts(flow: type[DocumentFlow], facts: Facts, event: str, actor: Actor) -> tuple[Unmet, ...] | None:
    """What the guards answer: () it goes, something is missing, or None: not his, not now.

    That the machine itself answers just so is what test_engine.py shows of every flow.
    """
    for move in ROWS[flow.kind][facts.state]:
        if move.event == event and move.row.permits(facts, actor):
            return tuple(move.row.unmet(facts))
    return None


@pytest.mark.parametrize("kind", FLOWS)
def test_every_event_of_a_state_is_a_button_or_has_an_answer_and_never_both(kind: str) -> None:
    flow = FLOWS[kind]
    for document, facts, actor in situations(flow):
        offered = {offer.event: offer.unmet for offer in policy.offers(document, flow, facts, actor)}
        refused = {refusal.event: refusal for refusal in policy.refusals(document, flow, facts, actor)}
        for event in {m.event for m in ROWS[kind][document.state] if m.row.who != (Relation.SYSTEM,)}:
            answer = accepts(flow, facts, event, actor)
            assert (event in offered) is (answer is not None), (document.state, event, actor, facts)
            assert not (event in offered and event in refused)
            if answer is not None:
                assert offered[event] == answer
            elif any(accepts(flow, facts, event, one) is not None for one in ALONE):
                assert event in refused, (document.state, event, actor, facts)


@pytest.mark.parametrize("kind", FLOWS)
def test_an_answer_says_which_condition_and_who_can(kind: str) -> None:
    flow = FLOWS[kind]
    names = {label_of(relation, kind): relation for relation in Relation}
    for document, facts, actor in situations(flow):
        for refusal in policy.refusals(document, flow, facts, actor):
            assert refusal.reasons
            texts = [u.message % u.params if u.params else u.message for u in refusal.reasons]
            assert all(texts)
            assert not any("%(" in text for text in texts)
            assert refusal.who
            able = {one for one in Relation if _may(flow, facts, refusal.event, one)}
            if able:
                assert {names[label] for label in refusal.who} == able, (refusal, facts)
            if not refusal.is_his:
                assert not any(
                    m.row.is_for(facts, actor) for m in ROWS[kind][document.state] if m.event == refusal.event
                )
                assert all(label in texts[0] for label in refusal.who)
            awaited = any(m.row.main for m in ROWS[kind][document.state] if m.event == refusal.event)
            assert refusal.due_at == (DUE if awaited else None)


def _may(flow: type[DocumentFlow], facts: Facts, event: str, relation: Relation) -> bool:
    """Could somebody who is only this send it now?"""
    if relation is Relation.SYSTEM:
        return False
    return accepts(flow, facts, event, Actor(0, "", frozenset({relation}))) is not None


@pytest.mark.parametrize("kind", FLOWS)
def test_who_presses_an_absent_button_gets_the_same_answer(kind: str) -> None:
    flow = FLOWS[kind]
    events = sorted({move.event for move in flow.moves()})
    for document, facts, actor in situations(flow):
        listed = {refusal.event: refusal.reasons for refusal in policy.refusals(document, flow, facts, actor)}
        for event in events:
            if accepts(flow, facts, event, actor) is None:
                reasons = tuple(policy.reasons_against(document, flow, facts, actor, event))
                assert reasons
                assert listed.get(event, reasons) == reasons
