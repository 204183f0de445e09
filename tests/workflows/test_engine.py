"""The engine's promises: one table for buttons and for sending, refusals that raise, nothing swallowed."""

from __future__ import annotations

import random
from dataclasses import dataclass, fields
from typing import Any

import pytest
from statemachine import Event, State
from statemachine.exceptions import InvalidDefinition, TransitionNotAllowed

from kinerja.workflows import FLOWS
from kinerja.workflows.base import (
    DocumentFlow,
    Entry,
    Facts,
    Incomplete,
    Unmet,
    did_not,
    each,
    has_not_marked,
    is_last_mark,
    is_not_last_mark,
    row_of,
    stay,
    step,
)
from kinerja.workflows.roles import LABELS, SYSTEM, Actor, Relation
from kinerja.workflows.skp import was_held_from
from kinerja.workflows.worlds import _values

SUBJECT, PENILAI, ATASAN, PLH = Relation.SUBJECT, Relation.PENILAI, Relation.ATASAN, Relation.PLH
PEOPLE = [
    *([relation] for relation in Relation),
    [],
    [PENILAI, Relation.SEKRETARIAT],
    [ATASAN, Relation.KOMITE_PELAKSANA],
    [Relation.PENGELOLA_PEGAWAI, Relation.PENGELOLA_ORGANISASI],
    list(Relation),
]


def person(*relations: Relation, person_id: int | None = 1) -> Actor:
    return SYSTEM if Relation.SYSTEM in relations else Actor(person_id, "", frozenset(relations))


def chance_facts(flow: type[DocumentFlow], state: str, chance: random.Random) -> dict[str, Any]:
    """Facts of this flow with a value by chance wherever the type allows several."""
    names = [field.name for field in fields(flow.facts_type) if field.name != "state"]
    return {"state": state} | {name: chance.choice(_values(flow, name)) for name in names}


@dataclass
class SmallFacts(Facts):
    ready: bool = True
    broken: bool = False


def is_ready(facts: SmallFacts) -> list[Unmet]:
    if facts.broken:
        raise ZeroDivisionError
    return [] if facts.ready else [Unmet("U-1", "%(n)s hal belum siap", {"n": 2}, "field", "Pasal 1")]


def breaks(facts: SmallFacts, actor: Actor) -> bool:
    return 1 // (0 if facts.broken else 1) == 1


class Small(DocumentFlow):
    """As small as a flow can be that has everything."""

    kind, title, facts_type = "small", "Kecil", SmallFacts
    draft = State("Draf", initial=True)
    sent = State("Dikirim")
    done = State("Selesai", value="finished", final=True)
    entries = (Entry("create", "Buat", "draft", (SUBJECT,)),)

    edit = Event(step(stay(draft, sent), "Simpan", who=SUBJECT), name="Simpan")
    send_it = Event(step(draft.to(sent), "Kirim", who=SUBJECT, needs=is_ready, main=True), name="Kirim")
    pass_on = Event(
        step(draft.to(sent), "Teruskan", who=PENILAI, needs=is_ready)
        | step(draft.to(done), "Teruskan", who=ATASAN),
        name="Teruskan",
    )
    finish = Event(
        step(each((draft, sent), done), "Selesai", who=(PENILAI, PLH), acting=True, when=breaks, main=True),
        name="Selesai",
    )


@pytest.mark.parametrize("kind", FLOWS)
def test_what_a_page_offers_is_what_the_machine_enables(kind: str) -> None:
    flow, chance = FLOWS[kind], random.Random(kind)
    facts = flow.facts_type(state=flow.state_ids()[0])
    machine = flow(facts)
    for state in flow.state_ids():
        for _ in range(25):
            vars(facts).update(chance_facts(flow, state, chance))
            for relations in PEOPLE:
                actor = person(*relations)
                offered = [move.event for move in flow.allowed(facts, actor)]
                enabled = [event.id for event in machine.enabled_events(actor=actor)]
                assert sorted(offered) == sorted(set(enabled)), (state, relations, facts)


@pytest.mark.parametrize("kind", FLOWS)
def test_an_event_that_is_not_offered_raises_and_changes_nothing(kind: str) -> None:
    flow, chance = FLOWS[kind], random.Random(kind)
    events = {move.event for move in flow.moves()}
    facts = flow.facts_type(state=flow.state_ids()[0])
    machine = flow(facts)
    for state in flow.state_ids():
        vars(facts).update(chance_facts(flow, state, chance))
        before = dict(vars(facts))
        for event in sorted(events - {move.event for move in flow.allowed(facts, person())}):
            with pytest.raises(TransitionNotAllowed):
                machine.send(event, actor=person())
            assert vars(facts) == before


@pytest.mark.parametrize("kind", FLOWS)
def test_a_stranger_is_offered_nothing_in_any_state(kind: str) -> None:
    flow, chance = FLOWS[kind], random.Random(kind)
    for state in flow.state_ids():
        facts = flow.facts_type(**chance_facts(flow, state, chance))
        for relations in ([], [Relation.PEER], [Relation.SUBORDINATE], [Relation.AUDITOR], [Relation.ADMIN]):
            assert flow.allowed(facts, person(*relations)) == []


@pytest.mark.parametrize("kind", FLOWS)
def test_the_turn_of_a_state_is_that_of_an_awaited_row(kind: str) -> None:
    flow = FLOWS[kind]
    for state in flow.state_ids():
        relation, move = flow.turn(flow.facts_type(state=state))
        awaits = not flow.is_final(state) and state not in flow.resting
        assert (move is not None) is awaits
        if move is not None:
            assert move.row.main
            assert relation in move.row.actors(flow.facts_type(state=state))


def test_an_unknown_event_raises() -> None:
    with pytest.raises(TransitionNotAllowed):
        Small(SmallFacts("draft")).send("destroy", actor=person(SUBJECT))


def test_an_allowed_event_moves_the_model_to_the_value_of_the_state() -> None:
    facts = SmallFacts("sent")
    Small(facts).send("finish", actor=person(PENILAI))
    assert facts.state == "finished"
    assert Small.is_final("finished")
    assert Small.state_label("finished") == "Selesai"


def test_an_internal_event_keeps_the_state() -> None:
    facts = SmallFacts("sent")
    Small(facts).send("edit", actor=person(SUBJECT))
    assert facts.state == "sent"


def test_something_missing_raises_with_all_of_it_and_keeps_the_state() -> None:
    facts = SmallFacts("draft", ready=False)
    with pytest.raises(Incomplete, match="2 hal belum siap") as refused:
        Small(facts).send("send_it", actor=person(SUBJECT))
    assert [unmet.rule for unmet in refused.value.unmet] == ["U-1"]
    assert facts.state == "draft"


def test_a_row_that_is_not_for_him_does_not_tell_a_person_what_is_missing() -> None:
    facts = SmallFacts("draft", ready=False)
    with pytest.raises(TransitionNotAllowed):
        Small(facts).send("pass_on", actor=person(SUBJECT))
    Small(facts).send("pass_on", actor=person(ATASAN))
    assert facts.state == "finished"


def test_what_is_missing_does_not_hide_the_button() -> None:
    facts = SmallFacts("draft", ready=False)
    assert [move.event for move in Small.allowed(facts, person(SUBJECT))] == ["edit", "send_it"]


def test_an_exception_in_a_need_is_not_swallowed() -> None:
    facts = SmallFacts("draft", broken=True)
    with pytest.raises(ZeroDivisionError):
        Small(facts).send("send_it", actor=person(SUBJECT))
    assert facts.state == "draft"


def test_an_exception_in_a_guard_is_not_swallowed() -> None:
    facts = SmallFacts("sent", broken=True)
    with pytest.raises(ZeroDivisionError):
        Small.allowed(facts, person(PENILAI))
    with pytest.raises(ZeroDivisionError):
        Small(facts).send("finish", actor=person(PENILAI))
    assert facts.state == "sent"


def test_a_state_that_the_flow_does_not_know_is_an_error() -> None:
    with pytest.raises(KeyError):
        Small.allowed(SmallFacts("gone"), person(SUBJECT))


def test_a_transition_without_a_row_is_an_error() -> None:
    class Bare(DocumentFlow):
        a = State("A", initial=True)
        b = State("B", final=True)
        go = a.to(b)

    with pytest.raises(TypeError, match="declared without step"):
        Bare.moves()
    with pytest.raises(TypeError):
        row_of(Bare.a.transitions[0])


def test_a_final_state_cannot_be_declared_with_a_way_out() -> None:
    with pytest.raises(InvalidDefinition):

        class Endless(DocumentFlow):
            a = State("A", initial=True)
            b = State("B", final=True)
            go = a.to(b) | b.to(a)


def test_a_state_called_on_hold_is_no_callback_of_the_event_hold() -> None:
    facts = FLOWS["skp"].facts_type(state="draft")
    machine = FLOWS["skp"](facts)
    machine.send("hold", actor=person(Relation.PENGELOLA_PEGAWAI))
    assert facts.state == "on_hold"


@pytest.mark.parametrize(
    "level, relation, may",
    [(0, PENILAI, 1), (0, PLH, 1), (0, ATASAN, 0), (1, PENILAI, 0), (1, PLH, 0), (1, ATASAN, 1)],
)
def test_after_escalation_the_superior_acts_and_the_penilai_and_his_plh_no_longer(
    level: int, relation: Relation, may: int
) -> None:
    facts = SmallFacts("sent", acting_level=level)
    assert len(Small.allowed(facts, person(relation))) == may


@pytest.mark.parametrize(
    "marks, relation, last, fresh",
    [
        ((), SUBJECT, False, True),
        ((SUBJECT,), PENILAI, True, True),
        ((PENILAI,), SUBJECT, True, True),
        ((SUBJECT,), SUBJECT, False, False),
        ((PENILAI,), Relation.PEER, False, True),
    ],
)
def test_a_mark_is_the_last_when_everybody_else_has_set_his(
    marks: tuple[Relation, ...], relation: Relation, last: bool, fresh: bool
) -> None:
    facts = Facts("x", marks=frozenset(marks), required_marks=frozenset({SUBJECT, PENILAI}))
    actor = person(relation)
    assert (is_last_mark(facts, actor), has_not_marked(facts, actor)) == (last, fresh)
    assert is_not_last_mark(facts, actor) is not last


def test_where_several_must_agree_it_is_the_turn_of_the_first_without_a_mark() -> None:
    flow = FLOWS["skp"]
    both = frozenset({SUBJECT, PENILAI})
    for marks, expected in (((), PENILAI), ((PENILAI,), SUBJECT), ((SUBJECT,), PENILAI)):
        facts = flow.facts_type(state="in_dialogue", marks=frozenset(marks), required_marks=both)
        assert flow.turn(facts)[0] is expected


def test_who_proposed_is_refused_by_person_and_the_system_never() -> None:
    guard = did_not("propose", "propose_superior")
    facts = Facts("x", last_event_by={"propose_superior": 1})
    assert not guard(facts, person(ATASAN))
    assert guard(facts, person(ATASAN, person_id=2))
    assert guard(Facts("x", last_event_by={"propose": None}), SYSTEM)
    assert guard.__name__ == "did_not_propose_or_propose_superior"


def test_a_document_resumes_only_where_it_was_held() -> None:
    guard = was_held_from("agreed")
    assert guard(Facts("on_hold", held_from="agreed"), person())
    assert not guard(Facts("on_hold", held_from="draft"), person())
    assert guard.__name__ == "was_held_from_agreed"


def test_guards_are_called_by_whom_they_ask_for() -> None:
    (guard,) = [spec.attr_name for spec in Small.sent.transitions[1].cond]
    assert guard == "by_penilai_or_plh_penilai"


def test_every_relation_has_a_name_people_read() -> None:
    assert set(LABELS) == set(Relation)
    assert all(LABELS.values())
