"""The table of 3.13 as it runs, and that nobody whose act is attacked sits in judgement."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kinerja.rules import deadlines
from kinerja.workflows.base import OWN_RULE
from kinerja.workflows.objection import CHANGE, UPHOLD, ObjectionFacts
from kinerja.workflows.objection import ObjectionFlow as Flow
from kinerja.workflows.roles import SYSTEM, Actor, Relation

R = Relation
JUDGES = {R.DECIDER, R.KOMITE_PELAKSANA}
IN = "in_examination"

TABLE: dict[str, tuple[set[tuple[str, str, bool]], set[Relation], str]] = {
    "edit": ({("draft", "draft", True)}, {R.SUBJECT}, ""),
    "file": ({("draft", "filed", False)}, {R.SUBJECT}, "objection_file"),
    "lapse": ({("draft", "lapsed", False)}, {R.SYSTEM}, "objection_file"),
    "withdraw": ({("filed", "withdrawn", False), (IN, "withdrawn", False)}, {R.SUBJECT}, ""),
    "register": ({("filed", IN, False)}, {R.SYSTEM}, "at_once"),
    "ask_explanation": ({(IN, IN, True)}, JUDGES, "objection_explain"),
    "explain": ({(IN, IN, True)}, {R.SUBJECT, R.EVALUATOR}, "objection_explain"),
    "write_decision": ({(IN, IN, True)}, JUDGES, ""),
    "uphold": ({(IN, "upheld", False)}, JUDGES, "objection_decide"),
    "change": ({(IN, "changed", False)}, JUDGES, "objection_decide"),
    "escalate": ({(IN, IN, True)}, {R.SYSTEM}, "objection_decide"),
    "publish": ({("upheld", "published", False), ("changed", "published", False)}, {R.SYSTEM}, "at_once"),
    "sign_d13": ({("published", "published", True)}, {R.PENILAI, R.SUBJECT}, "objection_sign"),
    "mark_unsigned": ({("published", "published", True)}, {R.SYSTEM}, "objection_sign"),
}
DAYS = {"objection_file": 14, "objection_explain": 3, "objection_decide": 7, "objection_sign": 7}


@pytest.mark.parametrize("event", sorted(TABLE))
def test_each_row_leads_where_the_table_says_for_whom_and_until_when(event: str) -> None:
    rows = [move for move in Flow.moves() if move.event == event]
    ways, who, due = TABLE[event]
    assert {(m.source, m.target, m.internal) for m in rows} == ways
    assert {relation for m in rows for relation in m.row.who} == who
    assert {m.row.due for m in rows} == {due}


def test_no_event_stands_outside_the_table() -> None:
    assert {move.event for move in Flow.moves()} == set(TABLE)


@pytest.mark.parametrize("code", sorted(DAYS))
def test_each_clock_has_the_days_of_the_law(code: str) -> None:
    assert deadlines.table()[code].days == DAYS[code]


def allowed(facts: ObjectionFacts, *relations: Relation, person: int | None = 1) -> set[str]:
    actor = SYSTEM if relations == (R.SYSTEM,) else Actor(person, "", frozenset(relations))
    return {move.event for move in Flow.allowed(facts, actor)}


JUDGING = {"ask_explanation", "write_decision", "uphold", "change"}


@pytest.mark.parametrize("with_committee", [False, True])
@pytest.mark.parametrize(
    "relations", [(R.DECIDER,), (R.KOMITE_PELAKSANA,), (R.DECIDER, R.KOMITE_PELAKSANA, R.ATASAN)]
)
def test_one_whose_act_is_attacked_never_judges_in_any_chair(
    with_committee: bool, relations: tuple[Relation, ...]
) -> None:
    facts = ObjectionFacts(state=IN, attacked=frozenset({1}), with_committee=with_committee)
    assert not allowed(facts, *relations) & JUDGING
    assert allowed(facts, *relations, person=2) & JUDGING == (
        JUDGING if (R.KOMITE_PELAKSANA if with_committee else R.DECIDER) in relations else set()
    )


def test_only_the_asked_parties_explain() -> None:
    asked = ObjectionFacts(state=IN, asked_on=date(2026, 4, 20), evaluator_id=1)
    assert "explain" in allowed(asked, R.EVALUATOR)
    assert "explain" in allowed(asked, R.SUBJECT, person=9)
    assert "explain" not in allowed(asked, R.EVALUATOR, person=2)
    assert "explain" not in allowed(ObjectionFacts(state=IN, evaluator_id=1), R.EVALUATOR)
    assert "explain" not in allowed(asked, R.PENILAI), "whoever came after him is asked for nothing"


READY: dict[str, Any] = {
    "asked_on": date(2026, 4, 20), "both_heard": True, "considerations": "Data terlambat dari unit lain.",
    "decision": CHANGE, "differs": True, "recommendation": "Percepat permintaan data.",
}  # fmt: skip


@pytest.mark.parametrize(
    "event,lacking,rule",
    [
        ("change", {}, None),
        ("change", {"asked_on": None}, "KB-3"),
        ("change", {"both_heard": False}, "KB-3"),
        ("change", {"both_heard": False, "answer_over": True}, None),
        ("change", {"considerations": "Pendek."}, OWN_RULE),
        ("change", {"differs": False}, OWN_RULE),
        ("change", {"recommendation": ""}, OWN_RULE),
        ("change", {"decision": UPHOLD}, OWN_RULE),
        ("uphold", {}, OWN_RULE),
        ("uphold", {"decision": UPHOLD, "differs": False, "recommendation": ""}, None),
    ],
)
def test_a_decision_says_what_it_still_lacks(event: str, lacking: dict[str, Any], rule: str | None) -> None:
    facts = ObjectionFacts(state=IN, **READY | lacking)
    (move,) = [m for m in Flow.moves(IN) if m.event == event]
    assert {u.rule for u in move.row.unmet(facts)} == ({rule} if rule else set())


@pytest.mark.parametrize(
    "facts,expected",
    [
        ({"state": IN}, (R.DECIDER, "uphold")),
        ({"state": IN, "with_committee": True}, (R.KOMITE_PELAKSANA, "uphold")),
        ({"state": "published", "decision": CHANGE}, (R.PENILAI, "sign_d13")),
        ({"state": "published", "decision": CHANGE, "penilai_signed": True}, (R.SUBJECT, "sign_d13")),
        ({"state": "published", "decision": CHANGE, "penilai_signed": True, "subject_signed": True}, None),
        ({"state": "published", "decision": CHANGE, "signing_over": True}, None),
        ({"state": "published", "decision": UPHOLD}, None),
    ],
)
def test_the_turn_after_the_decision_is_that_of_who_has_not_signed(
    facts: dict[str, Any], expected: tuple[Relation, str] | None
) -> None:
    relation, move = Flow.turn(ObjectionFacts(**facts))
    assert ((relation, move.event) if move else None) == expected


def test_the_system_climbs_only_while_there_is_a_chain() -> None:
    assert allowed(ObjectionFacts(state=IN, decision_over=True), R.SYSTEM) == {"escalate"}
    assert allowed(ObjectionFacts(state=IN, decision_over=True, with_committee=True), R.SYSTEM) == set()
