"""Realisation, evaluation and objection: each rule triggered once and kept once."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal as D
from typing import Any

import pytest

from kinerja.rules import evaluation as ev
from kinerja.rules import objection as ob
from kinerja.rules import realisation as rl
from kinerja.rules.lints import pk_8_of_iku
from kinerja.rules.registry import regulation
from kinerja.rules.workdays import WorkCalendar

LAW = regulation("kmk300-2022")
PLAIN = WorkCalendar(5, frozenset())
PROOF = rl.Evidence("e1", "laporan.pdf", "ab", True)
ENTRY = rl.Realisation("i1", "1.1", "TW I", True, True, True, D(3), "", (PROOF,), D(3))


@pytest.mark.parametrize(
    ("rule", "sentence", "entry", "severity"),
    [
        (rl.rl_1, "closed period", replace(ENTRY, period_open=False), "B"),
        (rl.rl_1, "no target", replace(ENTRY, has_target=False), "B"),
        (rl.rl_2, "no evidence", replace(ENTRY, evidence=()), "P"),
        (rl.rl_3, "unopened evidence", replace(ENTRY, evidence=(replace(PROOF, opened=False),)), "B"),
        (rl.rl_4, "recorded", replace(ENTRY, state="recorded"), "B"),
        (rl.rl_5, "ten times the plan", replace(ENTRY, value=D(30)), "I"),
        (rl.rl_5, "a tenth of the plan", replace(ENTRY, value=D("0.3")), "I"),
        (rl.rl_6, "file of last year", replace(ENTRY, evidence=(replace(PROOF, other_years=(2025,)),)), "I"),
    ],
)
def test_realisation_rule(rule: Any, sentence: str, entry: rl.Realisation, severity: str) -> None:
    assert [f.severity for f in rule(entry, LAW)] == [severity]
    assert rule(ENTRY, LAW) == []


def test_without_evidence_validation_is_refused() -> None:
    bare = replace(ENTRY, evidence=())
    assert [f.severity for f in rl.check_validation([bare], LAW)] == ["B"]
    assert [f.severity for f in rl.check_recording([bare], LAW)] == ["P"]


def test_v4_one_recorded_period_locks_the_whole_indicator_by_default() -> None:
    states = {"TW I": "recorded", "TW II": "open"}
    assert rl.locked_periods(states, LAW) == {"TW I", "TW II"}
    assert rl.locked_periods({"TW I": "open"}, LAW) == frozenset()


def yearly(**changes: Any) -> ev.EvaluationFacts:
    current = ev.OrganisationResult("baik", 2025, date(2026, 1, 12))
    base = ev.EvaluationFacts(
        2025,
        None,
        date(2026, 1, 20),
        current,
        ev.OrganisationResult("istimewa", 2024, date(2025, 1, 20)),
        0,
        "sesuai",
        "sesuai",
        "baik",
        "sesuai",
        "sesuai",
        "",
        "Pertahankan.",
        counts={"baik": 7, "sangat_baik": 2, "kurang": 1},
    )
    return replace(base, **changes)


@pytest.mark.parametrize(
    ("rule", "sentence", "facts", "severity"),
    [
        (ev.ev_1, "M6a: 24 January, no result", yearly(organisation=None, today=date(2026, 1, 24)), "B"),
        (ev.ev_1, "M6a: 25 January, last year's", yearly(organisation=None, today=date(2026, 1, 25)), "P"),
        (ev.ev_2, "two open realisations", yearly(unsettled=2), "P"),
        (ev.ev_3, "free choice", yearly(predicate="sangat_baik"), "B"),
        (ev.ev_3, "no rating", yearly(result_rating=None), "B"),
        (ev.ev_4, "another rating without reason", yearly(result_rating="diatas", predicate="baik"), "B"),
        (ev.ev_4, "no suggestion and no reason", yearly(suggested_behaviour=None), "B"),
        (ev.ev_5, "too many Baik", yearly(counts={"baik": 9, "kurang": 1}), "P"),
        (ev.ev_6, "no note", yearly(note=" "), "B"),
        (ev.ev_7, "a head above his organisation", yearly(heads_upk=True, result_rating="diatas"), "B"),
    ],
)
def test_evaluation_rule(rule: Any, sentence: str, facts: ev.EvaluationFacts, severity: str) -> None:
    assert [f.severity for f in rule(facts, LAW)] == [severity]
    assert rule(yearly(), LAW) == []


def test_a_late_result_counts_only_where_no_last_year_can_stand_in() -> None:
    late = ev.OrganisationResult("baik", 2025, date(2026, 2, 10))
    known = yearly(organisation=late, today=date(2026, 2, 11))
    used = [ev.organisation_result(facts, LAW) for facts in (known, replace(known, last_year=None))]
    assert [(result[0].year, result[1]) for result in used if result] == [
        (2024, ev.LAST_YEAR),
        (2025, ev.CURRENT),
    ]


def test_a_proposal_in_order_is_met_with_silence() -> None:
    assert ev.check_proposal(yearly(), LAW) == []
    assert ev.check_signature(yearly(), LAW) == []


def test_study_leave_not_finished_opens_a_choice_of_two() -> None:
    assert ev.ev_3(yearly(study_leave_failed=True, predicate="kurang"), LAW) == []
    assert len(ev.ev_3(yearly(study_leave_failed=True, predicate="baik"), LAW)) == 1


def test_m6_a_result_after_january_is_not_used() -> None:
    late = yearly(
        organisation=ev.OrganisationResult("baik", 2025, date(2026, 2, 10)), today=date(2026, 2, 10)
    )
    found = ev.organisation_result(late, LAW)
    assert found is not None
    assert (found[0].year, found[1]) == (2024, "tahun_lalu")


def test_m6b_a_result_in_time_asks_again() -> None:
    arrived = yearly(
        organisation=ev.OrganisationResult("baik", 2025, date(2026, 1, 29)), today=date(2026, 1, 29)
    )
    assert ev.must_reconfirm(arrived, "tahun_lalu", LAW)
    assert not ev.must_reconfirm(arrived, "berjalan", LAW)


RECEIVED = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def objection(filed: datetime, **changes: Any) -> ob.ObjectionFacts:
    facts = ob.ObjectionFacts(RECEIVED, filed, "WIB", "Realisasi TW II tidak dihitung", ob.EvaluationFacts())
    return replace(facts, **changes)


IN_TIME = datetime(2026, 3, 20, 16, 59, 59, tzinfo=UTC)
LATE = datetime(2026, 3, 20, 17, 0, 0, tzinfo=UTC)


def test_j6_and_v12_the_last_second_counts_and_the_next_is_refused_with_the_date() -> None:
    assert ob.check_filing(objection(IN_TIME), PLAIN, LAW) == []
    assert [f.text for f in ob.check_filing(objection(LATE), PLAIN, LAW)] == ["batas 20 Maret 2026"]


@pytest.mark.parametrize(
    ("sentence", "facts", "rule"),
    [
        ("not received", objection(IN_TIME, received_at=None), "KB-1"),
        ("no reason", objection(IN_TIME, reason=""), "KB-1"),
        ("decided before", objection(IN_TIME, decided_before=True), "KB-2"),
        (
            "final",
            objection(IN_TIME, evaluation=ob.EvaluationFacts(evaluated_because=ob.PENILAI_LATE)),
            "KB-4",
        ),
    ],
)
def test_what_refuses_an_objection(sentence: str, facts: ob.ObjectionFacts, rule: str) -> None:
    assert [f.rule for f in ob.check_filing(facts, PLAIN, LAW)] == [rule]


def test_kb_3_seven_working_days_and_both_sides_heard() -> None:
    filed = datetime(2026, 3, 6, 3, 0, tzinfo=UTC)
    in_time, late = datetime(2026, 3, 17, 16, 59, 59, tzinfo=UTC), datetime(2026, 3, 18, 1, 0, tzinfo=UTC)

    def found(decided: datetime, subject: bool) -> list[str]:
        return [
            f.severity
            for f in ob.kb_3(filed, decided, "WIB", PLAIN, LAW, penilai_heard=True, subject_heard=subject)
        ]

    assert (found(in_time, True), found(late, True), found(in_time, False)) == ([], ["P"], ["B"])


@pytest.mark.parametrize(
    ("sentence", "facts", "final"),
    [
        ("by the penilai", ob.EvaluationFacts(), False),
        ("V11: penilai late", ob.EvaluationFacts(evaluated_because=ob.PENILAI_LATE), True),
        ("V11: penilai berhalangan tetap", ob.EvaluationFacts(evaluated_because=ob.PENILAI_ABSENT), False),
        ("M4b: only signed by the atasan", ob.EvaluationFacts(evaluated_because=ob.SIGNED_BY_ATASAN), False),
        ("JPT utama", ob.EvaluationFacts("jpt_utama", evaluator_office=ob.COORDINATING_MINISTER), True),
        ("JPT madya, central", ob.EvaluationFacts("jpt_madya", evaluator_office=ob.HEAD_OF_AGENCY), True),
        (
            "JPT pratama, central",
            ob.EvaluationFacts("jpt_pratama", evaluator_office=ob.HEAD_OF_AGENCY),
            False,
        ),
        (
            "JPT pratama, regional",
            ob.EvaluationFacts("jpt_pratama", True, evaluator_office=ob.HEAD_OF_REGION),
            True,
        ),
        ("unit mandiri by the minister", ob.EvaluationFacts("", False, True, ob.MINISTER), True),
        ("unit mandiri by the head of region", ob.EvaluationFacts("", True, True, ob.HEAD_OF_REGION), True),
        ("unit mandiri by a JPT", ob.EvaluationFacts("", False, True, ""), False),
    ],
)
def test_finality_by_rank(sentence: str, facts: ob.EvaluationFacts, final: bool) -> None:
    assert (ob.final_reason(facts) is not None) == final


@pytest.mark.parametrize(
    "act", ["evaluated", "signed_d12", "changed_in_calibration", "voted_in_session", "is_subject"]
)
def test_nobody_decides_about_his_own_act(act: str) -> None:
    assert ob.may_decide(ob.DeciderFacts())
    assert not ob.may_decide(ob.DeciderFacts(**{act: True}))


@pytest.mark.parametrize(
    ("target", "trajectory", "method", "refused"),
    [
        (12, (3, 3, 3, 4), "sum", True),
        (100, (15, 40, 40, 5), "sum", False),
        (75, (25, 60, 75), "take_last_known", False),
        (80, (70, 90), "average", False),
        (80, (70, 80), "average", True),
    ],
)
def test_v8_and_v15_pk_8_for_an_iku(
    target: int, trajectory: tuple[int, ...], method: str, refused: bool
) -> None:
    findings = pk_8_of_iku(D(target), tuple(map(D, trajectory)), method)
    assert [f.severity for f in findings] == (["B"] if refused else [])
