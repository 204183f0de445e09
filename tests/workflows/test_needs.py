"""What is missing for a step, in both directions of each condition: the last value that is refused, the first that is not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

import pytest

from kinerja.rules import evaluation as law
from kinerja.rules.finding import BLOCKS, WARNS, Finding
from kinerja.rules.registry import regulation
from kinerja.workflows import objection as ob
from kinerja.workflows import review_facts as rf
from kinerja.workflows import worlds
from kinerja.workflows.base import Facts, Row, Unmet
from kinerja.workflows.export import as_data, deadline_words
from kinerja.workflows.predicate_review import PredicateReviewFlow
from kinerja.workflows.realisation import recordable
from kinerja.workflows.roles import SYSTEM, Actor, Relation
from kinerja.workflows.skp import SkpFlow
from tests.rules.test_edges_of_time import row
from tests.rules.test_year_rules import yearly
from tests.workflows.test_realisation import Matter as Realised
from tests.workflows.test_realisation import entry
from tests.workflows.test_realisation import facts as realised

R = Relation
LAW = regulation("kmk300-2022")


@dataclass
class Matter:
    """The content of an evaluation, in memory."""

    evaluation: law.EvaluationFacts
    head_unit: law.EvaluationFacts | None = None


@dataclass
class Odd(Facts):
    """Facts of every kind a flow may have."""

    word: Literal["a", "b"] = "a"
    who: Relation | None = None
    text: str = "x"
    many: list[str] = field(default_factory=list)


class OddFlow(SkpFlow):
    facts_type = Odd


def review(matter: Matter | None = None, **more: Any) -> rf.ReviewFacts:
    return rf.ReviewFacts(state="prepared", matter=matter, regulation=LAW, **more)


def rules(found: list[Any]) -> list[str]:
    return [one.rule for one in found]


# Evaluation


def test_on_a_list_nothing_is_asked() -> None:
    bare = review()
    assert rf.proposal_findings(bare) == rf.proposable(bare) == rf.signable(bare) == rf.rated(bare) == []


def test_what_is_asked_of_a_proposal_of_a_signature_and_of_a_determination() -> None:
    empty = Matter(yearly(result_rating=None, predicate=None, note=""))
    assert rules(rf.proposable(review(empty))) == ["EV-3", "EV-6"]
    assert rules(rf.signable(review(empty))) == ["EV-6"]
    assert rules(rf.rated(review(empty))) == ["EV-3"]
    good = review(Matter(yearly()))
    assert rf.proposable(good) == rf.signable(good) == rf.rated(good) == []


@pytest.mark.parametrize(
    ("unsettled", "window_over", "reason", "asked"),
    [
        (0, False, "", False),
        (1, False, "", True),
        (1, True, "", False),
        (1, False, "Cuti", False),
        (1, False, " ", True),
    ],
)
def test_open_realisation_is_passed_with_a_reason_or_after_the_window(
    unsettled: int, window_over: bool, reason: str, asked: bool
) -> None:
    facts = review(Matter(yearly(unsettled=unsettled)), window_over=window_over, realisation_reason=reason)
    assert rules(rf.proposable(facts)) == (["EV-2"] if asked else [])


def test_each_rating_has_its_own_reason() -> None:
    away = Matter(yearly(result_rating="diatas", behaviour_rating="diatas", predicate="sangat_baik"))
    fields = [one.field_name for one in rf.proposable(review(away))]
    assert fields == ["result_rating", "behaviour_rating"]
    assert [u.field_name for u in rf.proposable(review(away, result_reason="Bukti"))] == ["behaviour_rating"]
    assert [u.field_name for u in rf.proposable(review(away, behaviour_reason="Bukti"))] == ["result_rating"]


@pytest.mark.parametrize(
    ("known", "rating", "asked"),
    [
        (True, "sesuai", []),  # as his unit: the suggestion of his own work says nothing
        (True, "dibawah", ["EV-7"]),
        (False, "sesuai", ["EV-4"]),  # no result of his unit: he is rated freely, with a reason
    ],
)
def test_the_head_of_a_unit_follows_its_result_not_the_suggestion(
    known: bool, rating: str, asked: list[str]
) -> None:
    own = yearly(heads_upk=True, result_rating=rating, suggested_result="diatas")
    unit = own if known else replace(own, organisation=None, last_year=None)
    predicate = {"sesuai": "baik", "dibawah": "butuh_perbaikan"}[rating]
    facts = review(Matter(replace(own, predicate=predicate), head_unit=unit))
    assert rules(rf.proposable(facts)) == asked
    assert rf.proposable(replace(facts, result_reason="Menurut bukti")) == []


@pytest.mark.parametrize(("present", "enough"), [(2, False), (3, True), (4, True)])
def test_three_make_a_session(present: int, enough: bool) -> None:
    assert (rf.quorum(review(session_present=present)) == []) == enough


@pytest.mark.parametrize(
    ("account", "opened", "days", "missing"),
    [
        (True, False, 9, 10), (True, False, 10, None),
        (True, True, 14, 15), (True, True, 15, None),
        (False, False, 0, None), (False, True, 0, None),
    ],
)  # fmt: skip
def test_receipt_is_the_subjects_own_act_first(
    account: bool, opened: bool, days: int, missing: int | None
) -> None:
    facts = review(has_account=account, opened_by_subject=opened, delivered_days=days)
    assert [u.params["wait"] for u in rf.may_be_handed_over(facts)] == ([missing] if missing else [])


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({}, []),
        ({"question": True}, ["EV-1"]),
        ({"may_object": False}, ["KB-4"]),
        ({"object_clock_over": True}, ["KB-1"]),
    ],
)
def test_an_objection_is_open_in_time_where_nothing_is_final_or_asked(
    facts: dict[str, Any], asked: list[str]
) -> None:
    assert rules(rf.objectable(review(**facts))) == asked


@pytest.mark.parametrize(
    ("next_one", "session", "judged"),
    [(None, False, True), (R.ATASAN, False, False), (None, True, False), (R.ATASAN, True, False)],
)
def test_a_proposal_without_calibration_and_session_needs_no_judgement(
    next_one: Relation | None, session: bool, judged: bool
) -> None:
    facts = review(next_calibrator=next_one, last_calibrator=next_one, has_session=session)
    superior = Actor(1, "", frozenset({R.ATASAN}))
    assert rf.needs_no_judgement(facts, SYSTEM) == judged
    assert rf.is_next_calibrator(facts, superior) == rf.is_last_calibrator(facts, superior) == bool(next_one)


@pytest.mark.parametrize(
    ("signed", "open_", "early"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_silence_ends_a_d12_early_only_where_nobody_may_object(
    signed: bool, open_: bool, early: bool
) -> None:
    facts = review(superior_signed=signed, may_object=open_)
    assert (rf.ends_early(facts, SYSTEM), rf.ends_late(facts, SYSTEM)) == (early, not early)


# Realisation


def test_an_iku_is_not_recorded_for_the_first_time_before_its_manual_is_approved() -> None:
    [unmet] = recordable(realised("open", Realised(unmeasured=(("jumlah", "1a-N"),))))
    assert (unmet.rule, unmet.field_name, unmet.params) == ("PK-9", "item-jumlah-value", {"code": "1a-N"})


@pytest.mark.parametrize(("letters", "asked"), [(9, True), (10, False), (11, False)])
def test_a_value_without_evidence_is_passed_with_a_reason_of_ten_letters(letters: int, asked: bool) -> None:
    matter = Realised((entry(evidence=()),), {"jumlah": " " + "x" * letters})
    assert bool(recordable(realised("open", matter))) == asked


@pytest.mark.parametrize(
    ("qualitative", "changes", "field"),
    [
        (False, {"value": None}, "item-jumlah-value"),
        (False, {"progress": ""}, ""),
        (True, {"progress": " "}, "item-jumlah-narrative"),
        (True, {"progress": "Naskah selesai", "value": None}, ""),
    ],
)
def test_a_period_is_recorded_with_a_number_or_a_narrative(
    qualitative: bool, changes: dict[str, Any], field: str
) -> None:
    matter = Realised((entry(**changes),), qualitative=qualitative)
    assert [u.field_name for u in recordable(realised("open", matter))] == ([field] if field else [])


# Objection


def objection(**facts: Any) -> ob.ObjectionFacts:
    return ob.ObjectionFacts(state="in_examination", **facts)


@pytest.mark.parametrize(
    ("letters", "enough"), [(ob.CONSIDERATIONS_MINIMUM - 1, False), (ob.CONSIDERATIONS_MINIMUM, True)]
)
def test_considerations_have_a_least_length(letters: int, enough: bool) -> None:
    assert (ob.considered(objection(considerations=f" {'x' * letters} ")) == []) == enough


@pytest.mark.parametrize(
    ("asked", "heard", "over", "missing"),
    [
        (False, False, False, True), (False, True, True, True),
        (True, False, False, True), (True, True, False, False), (True, False, True, False),
    ],
)  # fmt: skip
def test_both_sides_are_asked_and_answer_or_let_their_time_pass(
    asked: bool, heard: bool, over: bool, missing: bool
) -> None:
    day = date(2026, 5, 4) if asked else None
    assert bool(ob.heard(objection(asked_on=day, both_heard=heard, answer_over=over))) == missing


def test_only_what_blocks_refuses_a_filing_and_something_is_attacked() -> None:
    found = (
        Finding("KB-1", BLOCKS, "a", {}, "reason"),
        Finding("KB-9", WARNS, "b"),
        Finding("KB-4", BLOCKS, "c"),
    )
    missing = ob.filable(objection(filing=found, targets=("rating_hasil",)))
    assert [(u.rule, u.field_name) for u in missing] == [("KB-1", "reasons"), ("KB-4", "")]
    assert [u.field_name for u in ob.filable(objection(filing=(), targets=()))] == ["targets"]


@pytest.mark.parametrize(
    ("facts", "upheld", "changed"),
    [
        ({"decision": ob.UPHOLD}, [], ["decision"]),
        ({"decision": ob.CHANGE}, ["decision"], ["result_rating", "recommendation"]),
        ({"decision": ob.CHANGE, "differs": True}, ["decision"], ["recommendation"]),
        ({"decision": ob.CHANGE, "recommendation": "Baru"}, ["decision"], ["result_rating"]),
        ({"decision": ob.CHANGE, "differs": True, "recommendation": "Baru"}, ["decision"], []),
    ],
)
def test_a_decision_says_what_it_does(facts: dict[str, Any], upheld: list[str], changed: list[str]) -> None:
    def fields(found: list[Unmet]) -> list[str]:
        return [one.field_name for one in found]

    assert (fields(ob.upholds(objection(**facts))), fields(ob.changes(objection(**facts)))) == (
        upheld,
        changed,
    )


@pytest.mark.parametrize(
    ("person", "relation", "committee", "sits"),
    [
        (1, R.DECIDER, False, True), (1, R.KOMITE_PELAKSANA, False, False),
        (1, R.DECIDER, True, False), (1, R.KOMITE_PELAKSANA, True, True),
        (2, R.DECIDER, False, False), (None, R.DECIDER, False, True),
    ],
)  # fmt: skip
def test_nobody_judges_his_own_act(
    person: int | None, relation: Relation, committee: bool, sits: bool
) -> None:
    facts = objection(attacked=frozenset({2}), with_committee=committee)
    assert ob.sits_in_judgement(facts, Actor(person, "", frozenset({relation}))) == sits


@pytest.mark.parametrize(
    ("asked", "person", "relation", "answers"),
    [
        (True, 1, R.SUBJECT, True), (True, 2, R.ATASAN, True), (True, 1, R.ATASAN, False),
        (False, 1, R.SUBJECT, False), (False, 2, R.ATASAN, False), (True, None, R.SYSTEM, False),
    ],
)  # fmt: skip
def test_the_subject_and_the_evaluator_answer_once_asked(
    asked: bool, person: int | None, relation: Relation, answers: bool
) -> None:
    facts = objection(asked_on=date(2026, 5, 4) if asked else None, evaluator_id=2)
    assert ob.is_asked(facts, Actor(person, "", frozenset({relation}))) == answers


# What the checker tries, and what is printed


def test_the_system_is_nobody_and_everybody_else_somebody() -> None:
    assert worlds.actor(R.SYSTEM).person_id is None
    assert worlds.actor(R.SUBJECT).person_id == worlds.ME
    assert worlds.SentByMe()["propose"] == worlds.SentByMe().get("propose") == worlds.ME


@pytest.mark.parametrize(
    ("flow", "name", "values"),
    [
        (SkpFlow, "acting_level", {0, 1, 2}),
        (SkpFlow, "period_open", {False, True}),
        (SkpFlow, "held_from", {"", *SkpFlow.state_ids()}),
        (SkpFlow, "required_marks", {frozenset({R.SUBJECT, R.PENILAI}), frozenset({R.SUBJECT, R.ATASAN})}),
        (SkpFlow, "anchors", None),
        (OddFlow, "word", {"a", "b"}),
        (OddFlow, "who", {None, *Relation}),
        (OddFlow, "text", {"x"}),
        (PredicateReviewFlow, "next_calibrator", {None, *rf.CALIBRATORS}),
        (PredicateReviewFlow, "final_because", {""}),
        (ob.ObjectionFlow, "evaluator_id", {None, 0, 1, 2}),
    ],
)
def test_each_fact_is_tried_with_every_value_it_can_have(
    flow: Any, name: str, values: set[Any] | None
) -> None:
    found = worlds._values(flow, name)
    assert found == ({},) if values is None else set(found) == values


@pytest.mark.parametrize(
    ("event", "label"),
    [("submit", "Ajukan"), ("create", "Susun SKP"), ("close", "Tutup"), ("elsewhere", "elsewhere")],
)
def test_an_event_has_the_name_of_its_row_or_keeps_its_own(event: str, label: str) -> None:
    assert SkpFlow.event_label(event) == label


def test_assent_is_tried_with_none_one_and_two_of_three() -> None:
    sizes = [len(marks) for marks in worlds._values(SkpFlow, "marks")]
    assert sorted(sizes) == [0, 1, 1, 1, 2, 2, 2]
    assert Facts("draft", acting_level=1).acting is R.ATASAN


@pytest.mark.parametrize(
    ("acting", "level", "who"),
    [
        (True, 0, (R.SUBJECT, R.PENILAI, R.PLH)),
        (True, 1, (R.SUBJECT, R.ATASAN)),
        (False, 0, (R.SUBJECT, R.PENILAI, R.PLH)),
        (False, 1, (R.SUBJECT, R.PENILAI, R.PLH)),
    ],
)
def test_only_a_row_that_says_so_moves_up_with_the_level(
    acting: bool, level: int, who: tuple[Relation, ...]
) -> None:
    one = Row("Langkah", (R.SUBJECT, R.PENILAI, R.PLH), acting=acting)
    assert one.actors(Facts("draft", acting_level=level)) == who


@pytest.mark.parametrize(("level", "offered"), [(0, "take_over"), (1, "hand_back"), (2, "hand_back")])
def test_the_level_above_takes_over_once_and_hands_back_only_what_it_took(level: int, offered: str) -> None:
    facts = SkpFlow.facts_type(state="submitted", acting_level=level)
    moves = SkpFlow.allowed(facts, Actor(1, "", frozenset({R.ATASAN})))
    assert {move.event for move in moves} & {"take_over", "hand_back"} == {offered}


def test_what_a_row_does_not_decide_is_printed_as_nothing() -> None:
    decides = {row["event"]: row["decides"] for row in as_data(SkpFlow)["transitions"]}
    assert (decides["submit"], decides["edit"]) == ("propose:skp", None)


def test_the_step_a_page_leads_to_is_printed_as_such() -> None:
    rows = as_data(SkpFlow)["transitions"]
    assert {row["event"] for row in rows if row["primary"]} >= {"submit", "agree", "establish"}
    assert not {row["event"] for row in rows if row["primary"]} & {"edit", "withdraw", "send_back", "hold"}


@pytest.mark.parametrize("state", ["in_dialogue", "signed_employee"])
@pytest.mark.parametrize(("level", "who"), [(0, R.PENILAI), (1, R.ATASAN)])
def test_whoever_acts_as_penilai_sends_an_skp_back(state: str, level: int, who: Relation) -> None:
    facts = SkpFlow.facts_type(state=state, acting_level=level)
    senders = [
        relation
        for relation in (R.SUBJECT, R.PENILAI, R.ATASAN)
        if "send_back" in {m.event for m in SkpFlow.allowed(facts, Actor(1, "", frozenset({relation})))}
    ]
    assert senders == [who]


def test_nobody_was_heard_before_it_is_said() -> None:
    assert ob.heard(objection(asked_on=date(2026, 5, 4)))
    assert ob.changes(objection(decision=ob.CHANGE, recommendation="Baru"))


@pytest.mark.parametrize(("days", "sign"), [(2, "+ 2 hk"), (-2, "- 2 hk"), (0, "")])
def test_a_deadline_by_a_window_says_how_far_from_it(days: int, sign: str) -> None:
    words = deadline_words(row("window", date="closes", days=days))
    assert (sign in words) if sign else ("hk" not in words)
