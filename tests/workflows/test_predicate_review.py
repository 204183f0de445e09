"""The table of 3.12 as it runs: every row with its way, its people, its clock and its source; and whose turn it is."""

from __future__ import annotations

from typing import Any

import pytest

from kinerja.rules import deadlines
from kinerja.workflows.predicate_review import PredicateReviewFlow as Flow
from kinerja.workflows.review_facts import ReviewFacts
from kinerja.workflows.roles import SYSTEM, Actor, Relation

R = Relation
RECEIVED = ("received", "accepted", "accepted_silent", "objected", "decided")
AFTER = ("determined", "signed", "delivered", *RECEIVED, "final", "reported")
MADE = ("proposed", "calibrated", "in_session", "session_decided", "determined")
SIGNED = ("signed", "delivered", "received", "accepted", "accepted_silent", "decided")

# event: {(from, to, internal)}, who
TABLE: dict[str, tuple[set[tuple[str, str, bool]], set[Relation]]] = {
    "set_org_result": (
        {("prepared", "prepared", True), ("at_superior", "at_superior", True)}, {R.UPK_ABOVE, R.KOMITE_EKSEKUTIF},
    ),
    "edit": ({("prepared", "prepared", True), ("at_superior", "at_superior", True)}, {R.PENILAI, R.DELEGATE}),
    "propose": ({("prepared", "proposed", False)}, {R.PENILAI}),
    "escalate_to_superior": ({("prepared", "at_superior", False)}, {R.SYSTEM}),
    "propose_superior": ({("at_superior", "proposed", False)}, {R.ATASAN}),
    "reassign": ({("prepared", "at_superior", False)}, {R.PENGELOLA_PEGAWAI, R.SYSTEM}),
    "calibrate": (
        {("proposed", "proposed", True), ("proposed", "calibrated", False)}, {R.ATASAN, R.ABOVE_ATASAN, R.CALIBRATOR},
    ),
    "lapse_calibration": ({("proposed", "calibrated", False)}, {R.SYSTEM}),
    "reconfirm": (
        {(s, s, True) for s in MADE} | {(s, "determined", False) for s in SIGNED},
        {R.PENILAI, R.ATASAN, R.SEKRETARIAT},
    ),
    "revise": (
        {(s, t, False) for s in (*MADE, *SIGNED) for t in ("prepared", "at_superior")}, {R.PENILAI},
    ),
    "send_back": (
        {(s, t, False) for s in ("proposed", "calibrated") for t in ("prepared", "at_superior")},
        {R.ATASAN, R.ABOVE_ATASAN, R.CALIBRATOR},
    ),
    "to_session": ({("calibrated", "in_session", False)}, {R.SEKRETARIAT}),
    "decide_session": ({("in_session", "session_decided", False)}, {R.ANGGOTA_TPK}),
    "skip_session": ({("in_session", "calibrated", False)}, {R.KOMITE_PELAKSANA}),
    "determine": (
        {(s, "determined", False) for s in ("proposed", "calibrated", "session_decided")},
        {R.PENILAI, R.PYB, R.ATASAN, R.SEKRETARIAT},
    ),
    "sign_form": ({("determined", "signed", False)}, {R.PENILAI}),
    "sign_superior": (
        {(s, "signed", False) for s in ("proposed", "calibrated", "session_decided", "determined")}, {R.ATASAN},
    ),
    "deliver": ({("signed", "delivered", False)}, {R.PENILAI, R.ATASAN, R.SEKRETARIAT}),
    "receive": ({("delivered", "received", False)}, {R.SUBJECT}),
    "hand_over": ({("delivered", "received", False)}, {R.PENGELOLA_PEGAWAI}),
    "accept": ({("received", "accepted", False)}, {R.SUBJECT}),
    "object": ({("received", "objected", False)}, {R.SUBJECT}),
    "lapse": ({("received", "accepted_silent", False)}, {R.SYSTEM}),
    "objection_published": ({("objected", "decided", False)}, {R.SYSTEM}),
    "objection_withdrawn": ({("objected", "received", False)}, {R.SYSTEM}),
    "finalize": ({(s, "final", False) for s in ("accepted", "accepted_silent", "decided")}, {R.SYSTEM}),
    "report": ({("final", "reported", False)}, {R.PENILAI, R.ATASAN, R.DECIDER, R.SEKRETARIAT}),
    "apply_repair": ({(s, "determined", False) for s in AFTER}, {R.SYSTEM}),
    "result_arrived": (
        {(s, s, True) for s in (*MADE, "signed", "delivered", *RECEIVED)},
        {R.SYSTEM},
    ),
}  # fmt: skip
LABELS = {
    "set_org_result": "Tetapkan capaian organisasi", "propose": "Usulkan predikat",
    "propose_superior": "Usulkan predikat",
    "reassign": "Alihkan", "calibrate": "Kalibrasi", "reconfirm": "Tetap dengan capaian baru",
    "revise": "Ubah karena capaian baru", "send_back": "Kembalikan", "to_session": "Bawa ke sidang",
    "decide_session": "Putuskan", "skip_session": "Tanpa sidang", "determine": "Tetapkan",
    "sign_form": "Tanda tangani D.1.1", "sign_superior": "Tanda tangani D.1.2", "deliver": "Sampaikan",
    "receive": "Tandai diterima", "hand_over": "Catat penyerahan", "accept": "Tanda tangani dan kembalikan",
    "object": "Ajukan keberatan", "report": "Laporkan",
}  # fmt: skip
CLOCKS = {
    "propose": ("window", -5), "propose_superior": ("window", 7), "sign_superior": ("window", 14),
    "report": ("window", 30), "calibrate": ("working_days", 5), "object": ("window", 14), "reconfirm": ("window", 3),
    "receive": ("working_days", 10),
}  # fmt: skip


@pytest.mark.parametrize("event", sorted(TABLE))
def test_each_row_leads_where_the_table_says_and_is_for_whom_it_says(event: str) -> None:
    rows = [move for move in Flow.moves() if move.event == event]
    ways, who = TABLE[event]
    assert {(m.source, m.target, m.internal) for m in rows} == ways
    assert {relation for m in rows for relation in m.row.who} == who


def test_no_event_stands_outside_the_table() -> None:
    assert {move.event for move in Flow.moves()} == set(TABLE)


@pytest.mark.parametrize("event", sorted(LABELS))
def test_events_carry_the_words_of_the_regulation(event: str) -> None:
    assert {str(m.row.label) for m in Flow.moves() if m.event == event} == {LABELS[event]}


@pytest.mark.parametrize("event", sorted(CLOCKS))
def test_each_clock_has_the_days_of_its_source(event: str) -> None:
    # Whoever takes over has no deadline of his own: his moment comes when that of the other is long past.
    codes = {m.row.due for m in Flow.moves() if m.event == event and not (m.row.relieves and not m.row.main)}
    assert len(codes) == 1
    deadline = deadlines.table()[codes.pop()]
    assert (deadline.kind, deadline.days) == CLOCKS[event]


@pytest.mark.parametrize("code,days", [
    ("review_deliver", 14), ("review_deliver_superior", 7), ("review_accept", 14), ("review_accept_superior", 7),
])  # fmt: skip
def test_d11_and_d12_have_their_own_clocks(code: str, days: int) -> None:
    assert deadlines.table()[code].days == days
    assert deadlines.table()[code].status == "hukum"


def actor(*relations: Relation, person: int | None = 1) -> Actor:
    return Actor(person, "", frozenset(relations))


def events(facts: ReviewFacts, *relations: Relation) -> set[str]:
    chosen = SYSTEM if relations == (R.SYSTEM,) else actor(*relations)
    return {move.event for move in Flow.allowed(facts, chosen)}


@pytest.mark.parametrize(
    "state,facts,turn,event",
    [
        ("prepared", {}, R.PENILAI, "propose"),
        ("at_superior", {"acting_level": 1}, R.ATASAN, "propose_superior"),
        ("proposed", {}, R.ATASAN, "calibrate"),
        ("proposed", {"acting_level": 1, "next_calibrator": R.ABOVE_ATASAN}, R.ABOVE_ATASAN, "calibrate"),
        ("proposed", {"next_calibrator": R.CALIBRATOR, "last_level": False}, R.CALIBRATOR, "calibrate"),
        ("proposed", {"next_calibrator": None}, R.PENILAI, "determine"),
        ("proposed", {"next_calibrator": None, "acting_level": 1}, R.ATASAN, "determine"),
        ("proposed", {"window_over": True}, R.ATASAN, "sign_superior"),
        ("proposed", {"question": True}, R.PENILAI, "reconfirm"),
        ("calibrated", {}, R.PENILAI, "determine"),
        ("calibrated", {"has_session": True, "session_pending": True}, R.SEKRETARIAT, "to_session"),
        ("calibrated", {"window_over": True}, R.ATASAN, "sign_superior"),
        ("calibrated", {"window_over": True, "session_pending": True}, R.SEKRETARIAT, "to_session"),
        ("in_session", {}, R.ANGGOTA_TPK, "decide_session"),
        ("session_decided", {"session_pending": True}, R.PYB, "determine"),
        ("determined", {}, R.PENILAI, "sign_form"),
        ("determined", {"acting_level": 1}, R.ATASAN, "sign_superior"),
        ("determined", {"sign_late": True}, R.ATASAN, "sign_superior"),
        ("determined", {"question": True, "acting_level": 1}, R.ATASAN, "reconfirm"),
        ("signed", {}, R.PENILAI, "deliver"),
        ("signed", {"superior_signed": True}, R.ATASAN, "deliver"),
        ("delivered", {}, R.SUBJECT, "receive"),
        ("received", {"superior_signed": True}, R.SUBJECT, "accept"),
        ("objected", {}, R.SYSTEM, "objection_published"),
        ("accepted", {"settled": False}, R.SYSTEM, "finalize"),
        ("final", {"reporter": R.DECIDER}, R.DECIDER, "report"),
    ],
)
def test_the_turn_is_that_of_who_must_act_in_this_very_situation(
    state: str, facts: dict[str, Any], turn: Relation, event: str
) -> None:
    relation, move = Flow.turn(ReviewFacts(state=state, **facts))
    assert move is not None
    assert (relation, move.event) == (turn, event)


def test_nobody_is_awaited_once_it_is_reported() -> None:
    assert Flow.turn(ReviewFacts(state="reported")) == (None, None)


@pytest.mark.parametrize("state", ["proposed", "calibrated", "session_decided"])
@pytest.mark.parametrize("relation", [R.ATASAN, R.ABOVE_ATASAN, R.CALIBRATOR, R.ANGGOTA_TPK])
def test_whoever_proposed_judges_nothing_of_it(state: str, relation: Relation) -> None:
    facts = ReviewFacts(
        state=state, window_over=True, next_calibrator=relation if relation in (R.ATASAN, R.ABOVE_ATASAN) else None,
        last_event_by={"propose": 1},
    )  # fmt: skip
    judging = {m.event for m in Flow.allowed(facts, actor(relation)) if m.row.decides.startswith("judge")}
    assert not judging


def test_the_session_is_only_open_where_the_rule_set_has_one() -> None:
    assert "to_session" not in events(ReviewFacts(state="calibrated"), R.SEKRETARIAT)
    assert "to_session" in events(ReviewFacts(state="calibrated", session_pending=True), R.SEKRETARIAT)
    assert "determine" not in events(ReviewFacts(state="calibrated", session_pending=True), R.PENILAI)


def test_the_system_moves_only_what_is_over() -> None:
    assert events(ReviewFacts(state="prepared"), R.SYSTEM) == {"reassign"}
    assert "escalate_to_superior" in events(ReviewFacts(state="prepared", window_over=True), R.SYSTEM)
    assert "escalate_to_superior" not in events(
        ReviewFacts(state="prepared", window_over=True, has_superior=False), R.SYSTEM
    )
    assert "lapse" not in events(ReviewFacts(state="received"), R.SYSTEM)
    assert "lapse" in events(ReviewFacts(state="received", silence_over=True), R.SYSTEM)
    assert "finalize" not in events(ReviewFacts(state="accepted", settled=False), R.SYSTEM)
    assert "apply_repair" not in events(ReviewFacts(state="final"), R.SYSTEM)


@pytest.mark.parametrize("account,opened,first_day", [(True, False, 10), (True, True, 15), (False, False, 0)])
def test_the_pengelola_waits_before_he_records_a_handover(
    account: bool, opened: bool, first_day: int
) -> None:
    for days in (first_day - 1, first_day):
        facts = ReviewFacts(
            state="delivered", has_account=account, opened_by_subject=opened, delivered_days=days
        )
        (move,) = [m for m in Flow.allowed(facts, actor(R.PENGELOLA_PEGAWAI)) if m.event == "hand_over"]
        assert bool(move.row.unmet(facts)) == (days < first_day)


def test_the_law_that_calls_an_evaluation_final_is_the_reason_that_is_shown() -> None:
    facts = ReviewFacts(state="received", may_object=False, final_because="Evaluasi final (hlm. 90)")
    (move,) = [m for m in Flow.allowed(facts, actor(R.SUBJECT)) if m.event == "object"]
    assert [(u.rule, u.message) for u in move.row.unmet(facts)] == [("KB-4", "Evaluasi final (hlm. 90)")]


TAKEN_OVER = {"reconfirm": "determined", "determine": "calibrated", "deliver": "signed", "report": "final"}


@pytest.mark.parametrize("event", TAKEN_OVER)
@pytest.mark.parametrize("substitute", [None, R.ATASAN, R.SEKRETARIAT])
def test_what_a_superior_leaves_lying_his_substitute_takes_over_and_nobody_else(
    event: str, substitute: Relation | None
) -> None:
    facts = ReviewFacts(state=TAKEN_OVER[event], substitute=substitute, question=event == "reconfirm")

    def may(relation: Relation) -> bool:
        actor = Actor(1, "", frozenset({relation}))
        return event in {move.event for move in Flow.allowed(facts, actor)}

    may_anyway = {R.PENILAI}
    assert {r for r in R if may(r)} == may_anyway | ({substitute} if substitute else set())
