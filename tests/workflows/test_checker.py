"""The checker finds nothing wrong with kinerja's flows, and finds each fault that is put into one."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from kinerja.models.document import STATES
from kinerja.services import identity
from kinerja.workflows import FLOWS, checker, skp
from kinerja.workflows.base import DocumentFlow, Entry, Facts, did_not
from kinerja.workflows.roles import JUDGES, NOT_FOR_PARTIES, Actor, Relation, may_be_one_person
from kinerja.workflows.worlds import actors_of, situations

Flow = type[DocumentFlow]
_counter = itertools.count()


@pytest.fixture
def flow() -> Iterator[Flow]:
    """A copy of the SKP's flow that a test may spoil."""
    name = f"spoilt_skp_{next(_counter)}"
    spec = importlib.util.spec_from_file_location(name, skp.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    yield module.SkpFlow
    del sys.modules[name]


def change(flow: Flow, state: str, event: str, **values: Any) -> None:
    """Change what stands in the rows of one state and event."""
    changed = 0
    for transition in flow.states_map[state].transitions:
        if event in [e.id for e in transition.events]:
            transition.row = replace(transition.row, **values)
            changed += 1
    assert changed, f"no row {state} {event}"


def remove(flow: Flow, state: str, event: str) -> None:
    rows = flow.states_map[state].transitions.transitions
    kept = [t for t in rows if event not in [e.id for e in t.events]]
    assert len(kept) < len(rows)
    rows[:] = kept


def double(flow: Flow, state: str, event: str, **values: Any) -> None:
    """A second row of the same state and event."""
    rows = flow.states_map[state].transitions.transitions
    first = next(t for t in rows if event in [e.id for e in t.events])
    twin = type(first)(first.source, first.target, event=first.events, cond=[by_anyone])
    twin.row = replace(first.row, **values)
    rows.append(twin)


def by_anyone(**_: Any) -> bool:
    return True


def raising(facts: Facts, actor: Actor) -> bool:
    raise ZeroDivisionError


def drop_way_in(flow: Flow) -> None:
    for state in ("agreed", "in_review"):
        for event in ("review", "clear", "lapse_review"):
            if any(m.event == event for m in flow.moves(state)):
                remove(flow, state, event)
    remove(flow, "on_hold", "resume")


def lead_out_of_final(flow: Flow) -> None:
    flow.states_map["closed"].transitions.add_transitions(flow.states_map["in_force"].transitions[:1])


def no_row(flow: Flow) -> None:
    del flow.states_map["draft"].transitions[0].row


def no_guard(flow: Flow) -> None:
    flow.states_map["draft"].transitions[1]._specs.clear()


def no_end(flow: Flow) -> None:
    for state in ("in_force", "draft"):
        for event in ("close", "supersede", "exempt", "discard"):
            if any(m.event == event for m in flow.moves(state)):
                remove(flow, state, event)


def hooked_facts(flow: Flow) -> None:
    @dataclass
    class Hooked(flow.facts_type):  # type: ignore[name-defined, misc]
        before_submit: bool = False

    flow.facts_type = Hooked


def hooked_flow(flow: Flow) -> None:
    flow.after_submit = lambda self: None


def lose_label(flow: Flow) -> None:
    flow.states_map["agreed"].name = " "


SPOILT: dict[str, tuple[Callable[[Flow], object], str]] = {
    "a state nobody can reach": (drop_way_in, "skp: reviewed: no way leads here"),
    "a state without a way to an end": (no_end, "skp: in_force: no way leads from here to an end"),
    "a final state with a way out": (lead_out_of_final, "closed add_expectation: leads out of a final state"),
    "a transition without a row": (no_row, "there is no by_ guard"),
    "a transition without a guard": (no_guard, "there is no by_ guard"),
    "a row for nobody": (lambda f: change(f, "draft", "submit", who=()), "there is no by_ guard"),
    "a waiting state without an actor": (
        lambda f: change(f, "submitted", "open_dialogue", main=False),
        "submitted: waits for nobody",
    ),
    "a superior whom nobody relieves": (
        lambda f: change(f, "submitted", "take_over", relieves=""),
        "submitted open_dialogue: waits for one superior, and nobody takes over",
    ),
    "a superior whom only he himself relieves": (
        lambda f: change(f, "in_dialogue", "take_over", who=(Relation.PENILAI,)),
        "in_dialogue agree: waits for one superior, and nobody takes over",
    ),
    "a gap that is written down and is none": (
        lambda f: setattr(f, "unrelieved", (("submitted", "open_dialogue"),)),
        "submitted open_dialogue: is called unrelieved and is not",
    ),
    "a waiting state without a deadline": (
        lambda f: change(f, "submitted", "open_dialogue", due=""),
        "submitted open_dialogue: is awaited without a deadline",
    ),
    "a waiting state without an exit": (
        lambda f: change(f, "in_review", "clear", exit=""),
        "in_review clear: is awaited without an exit",
    ),
    "an exit that is no event of the state": (
        lambda f: change(f, "in_review", "clear", exit="withdraw"),
        "its exit withdraw is no other event",
    ),
    "an exit that is the awaited event itself": (
        lambda f: change(f, "in_review", "clear", exit="clear"),
        "its exit clear is no other event",
    ),
    "an exit by the system where it has none": (
        lambda f: change(f, "in_review", "clear", exit="system"),
        "exits by the system",
    ),
    "an exit whose row is gone": (
        lambda f: remove(f, "in_review", "lapse_review"),
        "its exit lapse_review is no other event",
    ),
    "a deadline the table does not know": (
        lambda f: change(f, "draft", "submit", due="skp_sumbit"),
        "its deadline skp_sumbit is not in the table",
    ),
    "a deadline of an entry the table does not know": (
        lambda f: setattr(f, "entries", (replace(f.entries[0], due="soon"),)),
        "entry create: its deadline soon",
    ),
    "a row without a label": (lambda f: change(f, "draft", "submit", label=""), "draft submit: has no name"),
    "a state without a label": (lose_label, "state agreed: has no name"),
    "a flow without an entry": (lambda f: setattr(f, "entries", ()), "nobody can begin one"),
    "an entry for nobody": (
        lambda f: setattr(f, "entries", (replace(f.entries[0], who=()),)),
        "entry create: nobody may begin it",
    ),
    "an entry into nowhere": (
        lambda f: setattr(f, "entries", (*f.entries, Entry("copy", "Salin", "copied", (Relation.SUBJECT,)))),
        "begins in copied",
    ),
    "a return without a note": (
        lambda f: change(f, "in_review", "send_back", asks=()),
        "in_review send_back: does not ask why",
    ),
    "a reopening without a reason": (
        lambda f: change(f, "in_force", "reopen", asks=()),
        "in_force reopen: does not ask why",
    ),
    "a question nothing understands": (
        lambda f: change(f, "draft", "edit", asks=("forms",)),
        "asks for forms",
    ),
    "an effect nothing understands": (
        lambda f: change(f, "in_force", "reopen", effects="fal"),
        "its effect fal does nothing",
    ),
    "a signature without confirming": (
        lambda f: change(f, "signed_employee", "establish", asks=()),
        "signs without confirming",
    ),
    "a confirmation that signs nothing": (
        lambda f: change(f, "signed_employee", "establish", effects=""),
        "confirms without signing",
    ),
    "two rows open at once": (
        lambda f: double(f, "submitted", "withdraw"),
        "submitted withdraw: two rows are open at once to subjek",
    ),
    "two rows open at once to one person with two roles": (
        lambda f: double(f, "in_review", "clear", who=(Relation.PENGELOLA_PEGAWAI,), main=False),
        "two rows are open at once to pengelola_organisasi, pengelola_pegawai",
    ),
    "two rows that overlap for the last mark only": (
        lambda f: double(f, "in_dialogue", "agree", when=(skp.has_not_marked, skp.is_last_mark), main=False),
        "in_dialogue agree: two rows are open at once",
    ),
    "two rows that overlap after escalation only": (
        lambda f: double(f, "submitted", "hand_back"),
        "submitted hand_back: two rows are open at once to atasan_penilai in acting_level=1",
    ),
    "two rows that resume the same state": (
        lambda f: double(f, "on_hold", "resume", when=(skp.was_held_from("agreed"),)),
        "on_hold resume: two rows are open at once to pengelola_pegawai in held_from='agreed'",
    ),
    "a hold that cannot be resumed": (
        lambda f: change(f, "on_hold", "resume", when=(skp.was_held_from("draft"),)),
        "agreed hold: what is put on hold here cannot be resumed here",
    ),
    "a proposer who judges": (
        lambda f: change(f, "signed_employee", "establish", who=(Relation.PENILAI, Relation.SUBJECT)),
        "who sent submit may judge his own skp as subjek",
    ),
    "a penilai who proposes and establishes": (
        lambda f: change(f, "draft", "submit", who=(Relation.PENILAI,)),
        "who sent submit may judge his own skp as penilai",
    ),
    "an atasan who proposes and establishes after escalation": (
        lambda f: change(f, "draft", "submit", who=(Relation.ATASAN,)),
        "who sent submit may judge his own skp as atasan_penilai",
    ),
    "a reviewer whose other role proposed": (
        lambda f: change(f, "draft", "submit", who=(Relation.PENGELOLA_PEGAWAI,)),
        "who sent submit may judge his own skp as pengelola_organisasi and pengelola_pegawai",
    ),
    "a proposal nobody judges": (
        lambda f: change(f, "draft", "edit", decides="propose:rows"),
        "decides rows: is proposed and never judged",
    ),
    "a judgement of nothing": (
        lambda f: change(f, "draft", "edit", decides="judge:rows"),
        "decides rows: is judged and never proposed",
    ),
    "a word that is neither": (lambda f: change(f, "draft", "edit", decides="approve"), "decides 'approve'"),
    "a fact that runs as a callback": (hooked_facts, "facts.before_submit: would run as a callback"),
    "a method that runs as a callback": (hooked_flow, "after_submit: would run as a callback"),
    "a guard that raises": (
        lambda f: change(f, "draft", "submit", when=(raising,)),
        "draft submit: its guard raises ZeroDivisionError",
    ),
    "a resting state that awaits": (
        lambda f: setattr(f, "resting", ("draft",)),
        "draft: is called resting, yet",
    ),
    "a resting state that is final": (
        lambda f: setattr(f, "resting", ("closed",)),
        "closed: is called resting and",
    ),
    "a resting state that is none": (
        lambda f: setattr(f, "resting", ("gone",)),
        "gone: is called resting and is no",
    ),
    "two things awaited at once": (
        lambda f: change(f, "submitted", "withdraw", main=True, due="default", exit="L"),
        "submitted: awaits two different things at once",
    ),
    "a flow without a title": (lambda f: setattr(f, "title", ""), "title: has no name"),
}


@pytest.mark.parametrize("kind", FLOWS)
def test_every_flow_the_server_runs_is_sound(kind: str) -> None:
    assert checker.check([FLOWS[kind]]) == []


def test_a_copy_that_nobody_spoilt_is_sound(flow: Flow) -> None:
    assert checker.check([flow]) == []


@pytest.mark.parametrize("name", SPOILT)
def test_a_seeded_fault_is_found_and_named(flow: Flow, name: str) -> None:
    spoil, expected = SPOILT[name]
    spoil(flow)
    told = [str(fault) for fault in checker.check([flow])]
    assert any(expected in line for line in told), told


def test_an_unsound_flow_is_refused_at_start_with_place_fault_and_remedy(flow: Flow) -> None:
    change(flow, "submitted", "open_dialogue", due="")
    with pytest.raises(checker.UnsoundFlow) as refused:
        checker.require_sound({"skp": flow})
    assert 'open_dialogue: is awaited without a deadline; name a code ("default" is 5 hk)' in str(
        refused.value
    )


def test_a_flow_registered_under_another_name_is_refused(flow: Flow) -> None:
    with pytest.raises(checker.UnsoundFlow, match="calls itself skp"):
        checker.require_sound({"pks": flow})


def test_a_guard_that_asks_who_sent_it_lets_two_people_of_one_relation_propose_and_judge(flow: Flow) -> None:
    change(flow, "draft", "submit", who=(Relation.PENGELOLA_PEGAWAI,))
    change(flow, "signed_employee", "establish", who=(Relation.SEKRETARIAT,))
    for state, event in (("signed_employee", "establish"), ("in_review", "clear")):
        change(flow, state, event, when=(did_not("submit"),))
    assert checker.check([flow]) == []


@pytest.mark.parametrize("kind", FLOWS)
def test_the_database_accepts_exactly_the_states_of_the_flow(kind: str) -> None:
    assert STATES[kind] == tuple(FLOWS[kind].state_ids())


def test_situations_vary_only_what_the_guards_read() -> None:
    rows = [move.row for move in FLOWS["skp"].moves("on_hold")]
    tried = list(situations(FLOWS["skp"], "on_hold", rows))
    assert {facts.held_from for facts in tried} == {"", *FLOWS["skp"].state_ids()}
    assert len(tried) == len(FLOWS["skp"].state_ids()) + 1


def test_actors_are_tried_alone_and_in_pairs_that_one_person_can_be() -> None:
    rows = [move.row for move in FLOWS["skp"].moves("in_dialogue")]
    tried = [actor.relations for actor in actors_of(rows)]
    assert frozenset({Relation.SUBJECT}) in tried
    assert frozenset({Relation.SUBJECT, Relation.PENILAI}) not in tried


@pytest.mark.parametrize(
    "one, other, possible",
    [
        (Relation.SUBJECT, Relation.SUBJECT, True),
        (Relation.SUBJECT, Relation.PENGELOLA_PEGAWAI, False),
        (Relation.PENILAI, Relation.ATASAN, False),
        (Relation.PLH, Relation.PENILAI, False),
        (Relation.ATASAN, Relation.PENGELOLA_ORGANISASI, False),
        (Relation.ATASAN, Relation.SEKRETARIAT, True),
        (Relation.PENGELOLA_ORGANISASI, Relation.PENGELOLA_PEGAWAI, True),
        (Relation.SYSTEM, Relation.PENGELOLA_PEGAWAI, False),
    ],
)
def test_one_person_is_never_two_parties(one: Relation, other: Relation, possible: bool) -> None:
    assert may_be_one_person(one, other) is may_be_one_person(other, one) is possible


def test_identity_takes_from_a_judge_every_role_the_checker_believes_he_has_not() -> None:
    scopes = [identity.Scope(role.value, "") for role in Relation]
    given = identity.roles_over(scopes, "/1/", is_party=True)
    assert not given & NOT_FOR_PARTIES
    assert identity.roles_over(scopes, "/1/") >= NOT_FOR_PARTIES
    assert not JUDGES & NOT_FOR_PARTIES
