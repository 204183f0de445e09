"""The rules of documents at their edges: each condition alone, the last value that passes, the first that does not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from kinerja.rules import completeness as c
from kinerja.rules import evaluation as ev
from kinerja.rules import lints
from kinerja.rules import objection as ob
from kinerja.rules import realisation as rl
from kinerja.rules.content import Skp
from kinerja.rules.registry import regulation
from tests.rules.test_completeness import (
    GOOD,
    K127,
    K300,
    LEADER_ROWS,
    NATIONAL,
    found,
    indicator,
    leader,
    one,
    row,
    staff,
)
from tests.rules.test_year_rules import ENTRY, yearly

JAN1, DEC30, DEC31 = date(2026, 1, 1), date(2026, 12, 30), date(2026, 12, 31)
FEB10 = ev.OrganisationResult("baik", 2025, date(2026, 2, 10))


# SKP: its span


@pytest.mark.parametrize(
    ("sentence", "skp", "findings"),
    [
        ("one day is a span", replace(GOOD, start=JAN1, end=JAN1, period_end=JAN1), []),
        (
            "it ends before it begins",
            replace(GOOD, start=DEC31, end=DEC30),
            ["Masa SKP berakhir sebelum mulai"],
        ),
        (
            "it goes on into the next year",
            replace(GOOD, end=date(2027, 12, 31)),
            ["Masa SKP keluar dari tahun penilaiannya: ubah tanggalnya sebelum diajukan"],
        ),
        (
            "it lies in the year before",
            replace(GOOD, start=date(2025, 3, 1), end=date(2025, 12, 31), period_end=date(2025, 12, 31)),
            ["Masa SKP keluar dari tahun penilaiannya: ubah tanggalnya sebelum diajukan"],
        ),
        (
            "another begins on its last day",
            replace(GOOD, other_spans=((DEC31, DEC31),)),
            ["Masa SKP bertumpang tindih dengan SKP lain 2026-12-31 sampai 2026-12-31"],
        ),
        (
            "another ends on its first day",
            replace(GOOD, start=date(2026, 7, 1), other_spans=((JAN1, date(2026, 7, 1)),)),
            ["Masa SKP bertumpang tindih dengan SKP lain 2026-01-01 sampai 2026-07-01"],
        ),
        (
            "the last day is missing",
            replace(GOOD, end=DEC30),
            ["Tidak ada SKP dari 2026-12-31 sampai 2026-12-31"],
        ),
        (
            "the first day is missing",
            replace(GOOD, start=date(2026, 1, 2)),
            ["Tidak ada SKP dari 2026-01-01 sampai 2026-01-01"],
        ),
        (
            "a month between two is missing",
            replace(GOOD, start=date(2026, 3, 1), other_spans=((JAN1, date(2026, 1, 31)),)),
            ["Tidak ada SKP dari 2026-02-01 sampai 2026-02-28"],
        ),
        (
            "one that begins after the part he answers for leaves that part empty",
            replace(GOOD, start=date(2026, 7, 1), period_end=date(2026, 3, 31)),
            ["Tidak ada SKP dari 2026-01-01 sampai 2026-03-31"],
        ),
        (
            "a gap outside the part he answers for is none",
            replace(GOOD, end=date(2026, 6, 30), period_end=date(2026, 6, 30), other_spans=((DEC31, DEC31),)),
            [],
        ),
    ],
)
def test_spans_touch_without_a_gap_and_without_a_common_day(
    sentence: str, skp: Skp, findings: list[str]
) -> None:
    assert [f.text for f in found("SKP-18", skp, K300)] == findings


@pytest.mark.parametrize(("day", "late"), [(date(2026, 1, 31), False), (date(2026, 2, 1), True)])
def test_the_due_day_itself_is_no_new_post(day: date, late: bool) -> None:
    assert bool(found("SKP-1", replace(GOOD, start=day), K300)) == late


# SKP: what it holds


@pytest.mark.parametrize(
    ("target", "text", "complete"),
    [(None, "", False), (D(1), "", True), (None, "12 berkas", True), (D(0), "", True)],
)
def test_a_target_is_a_number_or_a_text(target: D | None, text: str, complete: bool) -> None:
    assert (found("SKP-3", one(GOOD, target=target, target_text=text), K300) == []) == complete


def test_the_joint_label_holds_penguatan_internal_but_not_the_budget() -> None:
    joint = replace(LEADER_ROWS[2], perspective="Penguatan Internal dan Anggaran")
    skp = leader(*LEADER_ROWS[:2], joint)
    assert found("SKP-5", skp, K300) == []
    assert len(found("SKP-4", skp, K300)) == 1
    assert [f.params["perspective"] for f in found("SKP-5", leader(*LEADER_ROWS[:2]), K300)] == [
        "Penguatan Internal"
    ]


@pytest.mark.parametrize(
    ("leads", "owns", "asked"), [(False, False, False), (True, False, True), (False, True, True)]
)
def test_the_pk_is_asked_of_leaders_and_of_owners_of_a_map(leads: bool, owns: bool, asked: bool) -> None:
    skp = replace(GOOD, slots=("pk", "pk:IKU 9"), leads_unit_mandiri=leads, owns_strategy_map=owns)
    assert bool(found("SKP-6", skp, K300)) == asked


@pytest.mark.parametrize(
    ("acting", "kind", "to_be_main"),
    [(True, "tambahan", True), (True, "utama", False), (False, "tambahan", False), (False, "utama", False)],
)
def test_only_an_acting_row_has_to_be_utama(acting: bool, kind: str, to_be_main: bool) -> None:
    changed = row("r1", acting_post=acting, kind=kind)
    assert c.set_main(changed) == bool(found("SKP-7", staff(changed), K300)) == to_be_main


@pytest.mark.parametrize(("count", "limit"), [(2, "3"), (3, ""), (6, ""), (7, "6")])
def test_the_number_of_indicators_has_two_ends(count: int, limit: str) -> None:
    rules = regulation("kmk127-2026")
    findings = found("SKP-14", staff(row("r1", *(indicator(str(n)) for n in range(count)))), rules)
    assert [f.params["limit"] for f in findings] == ([limit] if limit else [])
    assert found("SKP-14", staff(row("r1"), owns_strategy_map=True), rules) == []


# SKP: its craft


def test_absolute_words_are_a_matter_of_ja_and_jf_and_a_full_hundred_percent_of_narratives() -> None:
    absolute = indicator(target_text="Semua klaim selesai")
    assert len(found("SKP-10", staff(row("r1", absolute)), K300)) == 1
    assert found("SKP-10", leader(row("r1", absolute)), K300) == []
    percent = str(K300.value("persen_mutlak")[0])
    told = one(GOOD, text=f"Klaim selesai {percent}", target_text="setahun")
    assert found("SKP-10", told, K300) == []
    assert len(found("SKP-10", replace(told, approach="kualitatif"), K300)) == 1


@pytest.mark.parametrize(
    ("skp", "quality", "too_small"),
    [
        (leader(row("r1")), "output_kendali_rendah", False),
        (leader(row("r1")), "output_kendali_sedang", True),
        (staff(row("r1"), post_rank="pengawas"), "output_kendali_sedang", False),
        (staff(row("r1"), post_rank="pengawas"), "output_kendali_tinggi", True),
        (staff(row("r1"), post_group="jf", post_rank="ahli_muda"), "output_kendali_tinggi", False),
        (staff(row("r1"), post_rank="pengawas"), "", False),
    ],
)
def test_the_least_quality_goes_with_the_post(skp: Skp, quality: str, too_small: bool) -> None:
    assert bool(found("SKP-12", one(skp, quality=quality), K300)) == too_small


@pytest.mark.parametrize(
    ("validity", "control", "owns_map", "severity"),
    [
        ("exact", "low", False, ""), ("exact", "high", False, "B"), ("activity", "low", False, "B"),
        ("activity", "high", False, ""), ("activity", "high", True, "P"), ("proxy", "high", True, ""),
        ("", "high", True, ""), ("activity", "", True, ""), ("unknown", "high", True, ""), ("exact", "x", True, ""),
    ],
)  # fmt: skip
def test_pairs_without_a_weight_are_named(validity: str, control: str, owns_map: bool, severity: str) -> None:
    assert lints.pair_severity(validity, control, owns_map, K127) == severity


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"trajectory": {"TW1": D(3)}}, True),
        ({"trajectory": {"TW1": None}}, False),
        ({"aspects": ("waktu",)}, True),
        ({"target_text": "selesai 2026"}, True),
        ({"target_text": "selesai 12026"}, False),
        ({}, False),
    ],
)
def test_a_time_is_named_by_a_trajectory_an_aspect_or_a_word(changes: dict[str, Any], named: bool) -> None:
    timeless = one(staff(row("r1")), aspects=("kualitas",), target_text="12 berkas", trajectory={})
    assert (found("SKP-17", one(timeless, **changes), K300) == []) == named


def test_the_joint_label_is_asked_about_only_where_the_rule_set_joins_it_and_of_the_owner_of_a_map() -> None:
    joint = row("r5", indicator("i5"), perspective="Penguatan Internal dan Anggaran")
    owner = leader(*LEADER_ROWS, joint)
    assert len(found("SKP-20", owner, K127)) == 1
    assert found("SKP-20", owner, K300) == []
    assert found("SKP-20", replace(owner, owns_strategy_map=False), K127) == []


@pytest.mark.parametrize(
    ("polarity", "before", "easier"),
    [
        ("maximize", 13, True), ("maximize", 12, False), ("maximize", 11, False),
        ("minimize", 13, False), ("minimize", 12, False), ("minimize", 11, True),
    ],
)  # fmt: skip
def test_easier_than_last_year_goes_with_the_polarity(polarity: str, before: int, easier: bool) -> None:
    skp = replace(one(GOOD, polarity=polarity), last_year_targets={"i1": D(before)})
    assert bool(found("SKP-21", skp, K300)) == easier


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("satu dua tiga empat", "satu dua tiga empat", True),
        ("satu dua tiga empat", "satu dua tiga empat lima", True),  # four of five: 80 %
        ("satu dua tiga", "satu dua tiga empat", False),  # three of four
        ("satu", "dua", False),
        ("-", "satu", False),
        ("-", "!", False),
    ],
)
def test_rows_are_alike_from_four_of_five_words_on(first: str, second: str, alike: bool) -> None:
    skp = staff(row("r1", rhk=first), row("r2", indicator("i2"), rhk=second))
    assert bool(found("SKP-21", skp, K300)) == alike


def test_a_trajectory_that_cannot_be_compared_is_not_judged() -> None:
    off = {"1": D(1), "2": D(2)}
    assert [f.severity for f in found("PK-8", one(GOOD, trajectory=off), K300)] == ["P"]
    assert [f.severity for f in found("PK-8", one(GOOD, trajectory=off), NATIONAL)] == ["P"]
    for changes in ({"target": None}, {"consolidation": "raw_data"}, {"trajectory": {"1": None}}):
        assert found("PK-8", one(GOOD, **({"trajectory": off} | changes)), K300) == []


# Realisation


@pytest.mark.parametrize(
    ("value", "planned", "far"),
    [
        ("9", "3", False),
        ("9.1", "3", True),
        ("1", "3", False),
        ("0.9", "3", True),
        ("0", "3", False),
        ("3", "0", False),
    ],
)
def test_three_times_the_plan_either_way_is_still_near(value: str, planned: str, far: bool) -> None:
    assert bool(rl.rl_5(replace(ENTRY, value=D(value), planned=D(planned)), K300)) == far


@pytest.mark.parametrize(
    ("state", "target", "value"),
    [
        ("draft", False, False),
        ("recorded", True, False),
        ("returned", True, False),
        ("validated", True, True),
    ],
)
def test_target_is_locked_from_recording_and_values_from_validation_on(
    state: str, target: bool, value: bool
) -> None:
    assert (rl.locks_target(state), rl.locks_value(state)) == (target, value)


def test_evidence_is_asked_for_where_something_was_realised() -> None:
    bare = replace(ENTRY, evidence=())
    told = replace(bare, value=None, progress="Naskah selesai")
    assert [len(rl.rl_2(e, K300)) for e in (ENTRY, bare, told, replace(told, progress=" "))] == [0, 1, 1, 0]
    assert [f.field for f in rl.rl_1(replace(ENTRY, period_exists=False), K300)] == [""]


# Evaluation


@pytest.mark.parametrize(
    ("determined", "today", "used"),
    [
        (date(2026, 1, 31), date(2026, 2, 1), 2025),  # the last day of January is in time
        (date(2026, 2, 1), date(2026, 2, 1), 2024),
        (None, date(2026, 1, 24), None),
        (None, date(2026, 1, 25), 2024),
    ],
)
def test_a_result_of_january_counts_and_last_years_stands_in_from_the_25th(
    determined: date | None, today: date, used: int | None
) -> None:
    current = None if determined is None else ev.OrganisationResult("baik", 2025, determined)
    result = ev.organisation_result(yearly(organisation=current, today=today), K300)
    assert (result and result[0].year) == used


def test_a_quarter_waits_for_its_own_result_and_takes_it_whenever_it_comes() -> None:
    quarter = yearly(quarter=1, organisation=FEB10)
    assert ev.organisation_result(quarter, K300) == (FEB10, ev.CURRENT)
    waiting = yearly(quarter=1, organisation=None, today=date(2026, 6, 1))
    assert ev.organisation_result(waiting, K300) is None
    assert not ev.must_reconfirm(quarter, ev.LAST_YEAR, K300)
    nothing = yearly(organisation=None, last_year=None, today=date(2026, 6, 1))
    assert ev.organisation_result(nothing, K300) is None
    assert ev.ev_5(replace(nothing, counts={"baik": 9, "kurang": 1}), K300) == []
    assert ev.ev_5(yearly(counts={}), K300) == []


@pytest.mark.parametrize("missing", ["result_rating", "behaviour_rating"])
def test_a_predicate_waits_for_both_ratings(missing: str) -> None:
    texts = [f.text for f in ev.ev_3(yearly(**{missing: None}), K300)]
    assert texts == ["Rating hasil kerja atau perilaku kerja belum diisi"]


def test_a_refused_predicate_names_the_page_of_its_rule() -> None:
    failed = yearly(study_leave_failed=True, predicate="baik")
    assert [f.page for f in ev.ev_3(failed, K300)] == ["100"]
    assert [f.page for f in ev.ev_3(yearly(predicate="kurang"), K300)] == ["99"]


def test_a_departure_with_a_reason_is_met_with_silence() -> None:
    away = yearly(result_rating="diatas", suggested_behaviour=None)
    assert len(ev.ev_4(away, K300)) == 2
    assert ev.ev_4(replace(away, reason="Lihat bukti"), K300) == []
    # a rule set that computes no rating has nothing to depart from
    assert ev.ev_4(yearly(suggested_behaviour=None), NATIONAL) == []
    assert ev.ev_4(yearly(result_rating=None, suggested_result=None), K300) == []


@pytest.mark.parametrize(
    ("changes", "speaks"),
    [
        ({}, True),
        ({"heads_upk": False}, False),
        ({"organisation": None, "last_year": None}, False),
        ({"result_rating": None}, False),
        ({"reason": "Lihat bukti"}, False),
        ({"result_rating": "sesuai"}, False),
    ],
)
def test_the_head_of_a_upk_is_held_to_his_organisation(changes: dict[str, Any], speaks: bool) -> None:
    head = yearly(heads_upk=True, result_rating="diatas")
    assert bool(ev.ev_7(replace(head, **changes), K300)) == speaks


# Objection

FINAL = [
    ob.EvaluationFacts("jpt_utama", evaluator_office=ob.COORDINATING_MINISTER),
    ob.EvaluationFacts("jpt_madya", evaluator_office=ob.MINISTER),
    ob.EvaluationFacts("jpt_pratama", True, evaluator_office=ob.HEAD_OF_REGION),
    ob.EvaluationFacts("", False, True, ob.MINISTER),
    ob.EvaluationFacts("", False, True, ob.COORDINATING_MINISTER),
    ob.EvaluationFacts("", True, True, ob.HEAD_OF_REGION),
]


@pytest.mark.parametrize("facts", FINAL)
def test_an_evaluation_is_final_only_by_rank_side_and_office_together(facts: ob.EvaluationFacts) -> None:
    assert ob.final_reason(facts) is not None
    other_rank = replace(facts, rank="", leads_unit_mandiri=False)
    others = [other_rank, replace(facts, evaluator_office="")]
    if facts.rank != "jpt_utama":
        others.append(replace(facts, regional=not facts.regional))
    assert [ob.final_reason(other) for other in others] == [None] * len(others)


def test_an_agency_has_no_say_in_what_a_region_determines() -> None:
    for rank, regional, office in [
        ("jpt_utama", False, ob.HEAD_OF_AGENCY),
        ("jpt_pratama", False, ob.HEAD_OF_AGENCY),
        ("jpt_madya", True, ob.HEAD_OF_AGENCY),
        ("jpt_madya", False, ob.HEAD_OF_REGION),
        ("jpt_madya", False, ob.COORDINATING_MINISTER),
    ]:
        assert ob.final_reason(ob.EvaluationFacts(rank, regional, evaluator_office=office)) is None
