"""Who may do what with a realisation, state by state, and what has to be there first (3.5, RL-1 to RL-3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kinerja.rules import realisation as law
from kinerja.rules.registry import regulation
from kinerja.workflows.base import OWN_RULE, Incomplete
from kinerja.workflows.realisation import RealisationFacts, RealisationFlow
from kinerja.workflows.roles import SYSTEM, Actor, Relation

NOW = datetime(2026, 5, 20, 3, tzinfo=UTC)
LAW = regulation("kmk300-2022")
ME = 7


def person(*relations: Relation) -> Actor:
    return Actor(ME, "Ayu", frozenset(relations))


def entry(**changes: Any) -> law.Realisation:
    given: dict[str, Any] = {
        "indicator": "jumlah",
        "number": "1.1",
        "period": "TW1 2026",
        "period_exists": True,
        "period_open": True,
        "has_target": True,
        "value": Decimal(38),
        "progress": "",
        "planned": Decimal(40),
        "evidence": (law.Evidence("a", "daftar.xlsx", "f" * 64, True),),
    }
    return law.Realisation(**(given | changes))


@dataclass
class Matter:
    """What a realisation holds, in memory."""

    entries: tuple[law.Realisation, ...] = (entry(),)
    reasons: dict[str, str] = field(default_factory=dict)
    unreadable: tuple[tuple[str, str], ...] = ()
    unmeasured: tuple[tuple[str, str], ...] = ()
    qualitative: bool = False
    skp_state: str = "in_force"
    opened_by_receiver: bool = False
    determined: bool = False
    readers: frozenset[int] = frozenset({ME})
    regulation: Any = LAW


def facts(state: str, matter: Matter | None = None, **more: Any) -> RealisationFacts:
    return RealisationFacts(state=state, matter=matter or Matter(), now=NOW, **more)


SUBJECT, PENILAI, PLH, DELEGATE, ATASAN = (
    person(r) for r in (Relation.SUBJECT, Relation.PENILAI, Relation.PLH, Relation.DELEGATE, Relation.ATASAN)
)
STRANGERS = [
    person(relation)
    for relation in Relation
    if relation
    not in (
        Relation.SUBJECT,
        Relation.PENILAI,
        Relation.PLH,
        Relation.DELEGATE,
        Relation.ATASAN,
        Relation.SYSTEM,
    )
]
OPEN_TO: dict[str, dict[str, set[str]]] = {
    "not_open": {"system": {"open_period"}},
    "open": {"subject": {"save"}, "system": {"lapse"}},
    "draft": {"subject": {"save", "record"}, "system": {"lapse"}},
    "recorded": {
        "subject": {"withdraw"},
        "penilai": {"validate", "send_back", "evidence_unreadable"},
        "plh": {"validate", "send_back", "evidence_unreadable"},
    },
    "returned": {"subject": {"save"}, "system": {"lapse"}},
    "validated": {"atasan": {"reopen"}},
    "missing": {"subject": {"save", "record_late"}},
}
PEOPLE = {"subject": SUBJECT, "penilai": PENILAI, "plh": PLH, "atasan": ATASAN, "system": SYSTEM}


def events(given: RealisationFacts, actor: Actor) -> set[str]:
    return {move.event for move in RealisationFlow.allowed(given, actor)}


def after(state: str, event: str, actor: Actor, matter: Matter | None = None) -> str:
    given = facts(state, matter)
    RealisationFlow(given).send(event, actor=actor)
    return given.state


def missing(state: str, event: str, actor: Actor, matter: Matter) -> list[str]:
    with pytest.raises(Incomplete) as error:
        after(state, event, actor, matter)
    return [unmet.rule for unmet in error.value.unmet]


@pytest.mark.parametrize("state", RealisationFlow.state_ids())
@pytest.mark.parametrize("who", PEOPLE)
def test_each_state_is_open_to_those_of_the_table_and_to_nobody_else(state: str, who: str) -> None:
    assert events(facts(state), PEOPLE[who]) == OPEN_TO[state].get(who, set())


@pytest.mark.parametrize("state", RealisationFlow.state_ids())
def test_no_other_relation_and_no_office_may_act(state: str) -> None:
    assert [actor.relations for actor in STRANGERS if events(facts(state), actor)] == []


@pytest.mark.parametrize(
    "state, event, who, target",
    [
        ("not_open", "open_period", "system", "open"),
        ("open", "save", "subject", "draft"),
        ("draft", "save", "subject", "draft"),
        ("draft", "record", "subject", "recorded"),
        ("recorded", "validate", "penilai", "validated"),
        ("recorded", "validate", "plh", "validated"),
        ("recorded", "send_back", "penilai", "returned"),
        ("recorded", "evidence_unreadable", "penilai", "returned"),
        ("recorded", "withdraw", "subject", "draft"),
        ("returned", "save", "subject", "draft"),
        ("open", "lapse", "system", "missing"),
        ("draft", "lapse", "system", "missing"),
        ("returned", "lapse", "system", "missing"),
        ("missing", "save", "subject", "missing"),
        ("missing", "record_late", "subject", "recorded"),
        ("validated", "reopen", "atasan", "draft"),
    ],
)
def test_an_event_leads_where_the_table_says(state: str, event: str, who: str, target: str) -> None:
    assert after(state, event, PEOPLE[who]) == target


@pytest.mark.parametrize(
    "matter, rules",
    [
        (Matter((entry(period_open=False),)), ["RL-1"]),
        (Matter((entry(period_exists=False),)), ["RL-1"]),
        (Matter((entry(has_target=False),)), ["RL-1"]),
        (Matter((entry(value=None),)), [OWN_RULE]),
        (Matter((entry(evidence=()),)), ["RL-2"]),
        (Matter((entry(evidence=()),), {"jumlah": "pendek"}), ["RL-2"]),
        (Matter((entry(value=None, progress="", evidence=()),), qualitative=True), [OWN_RULE]),
        (Matter(unreadable=(("jumlah", "daftar.xlsx"),)), [OWN_RULE]),
        (Matter(skp_state="in_dialogue"), [OWN_RULE]),
        (Matter(skp_state="on_hold"), [OWN_RULE]),
    ],
    ids=[
        "periode tertutup",
        "periode tidak ada",
        "tanpa target",
        "kosong",
        "tanpa bukti",
        "alasan terlalu pendek",
        "uraian kosong",
        "bukti tidak dapat dibuka",
        "SKP dibuka kembali",
        "SKP ditangguhkan",
    ],
)
@pytest.mark.parametrize("state, event", [("draft", "record"), ("missing", "record_late")])
def test_recording_waits_for_what_is_missing(
    state: str, event: str, matter: Matter, rules: list[str]
) -> None:
    assert missing(state, event, SUBJECT, matter) == rules


@pytest.mark.parametrize(
    "matter",
    [
        Matter((entry(evidence=()),), {"jumlah": "Bukti ada pada unit pemilik data."}),
        Matter((entry(value=None, progress="Sembilan modul selesai."),), qualitative=True),
        Matter((entry(value=Decimal(400)),)),
        Matter((entry(value=Decimal(0)),)),
        Matter(()),
        Matter(skp_state="closed"),
    ],
    ids=["alasan tertulis", "kualitatif", "jauh dari rencana", "nol", "tanpa indikator", "SKP sudah ditutup"],
)
def test_a_reason_a_hint_or_a_zero_do_not_stand_in_the_way(matter: Matter) -> None:
    assert after("draft", "record", SUBJECT, matter) == "recorded"


@pytest.mark.parametrize(
    "matter, rules",
    [
        (Matter((entry(evidence=(law.Evidence("a", "a.pdf", "f", False),)),), readers=frozenset()), ["RL-3"]),
        (Matter((entry(evidence=()),), {"jumlah": "Bukti ada pada unit pemilik data."}), ["RL-2"]),
    ],
    ids=["bukti belum dibuka", "tanpa bukti"],
)
def test_validation_waits_for_evidence_that_was_opened(matter: Matter, rules: list[str]) -> None:
    assert missing("recorded", "validate", PENILAI, matter) == rules


def test_whoever_has_not_opened_the_evidence_leaves_validation_to_him_who_has() -> None:
    unread = entry(evidence=(law.Evidence("a", "a.pdf", "f", False),))
    given = facts("recorded", Matter((unread,), readers=frozenset({99})))
    assert "validate" not in events(given, PLH)
    assert "send_back" in events(given, PLH)
    assert events(given, DELEGATE) == events(given, PLH)
    assert after("recorded", "validate", PLH, Matter((unread,), readers=frozenset({ME}))) == "validated"


@pytest.mark.parametrize(
    "state, event, who, matter, rule",
    [
        ("recorded", "withdraw", "subject", Matter(opened_by_receiver=True), OWN_RULE),
        ("missing", "record_late", "subject", Matter(determined=True), OWN_RULE),
        ("missing", "save", "subject", Matter(determined=True), OWN_RULE),
        ("validated", "reopen", "atasan", Matter(determined=True), OWN_RULE),
        ("open", "save", "subject", Matter(skp_state="agreed"), OWN_RULE),
    ],
)
def test_an_event_that_comes_too_late_says_why(
    state: str, event: str, who: str, matter: Matter, rule: str
) -> None:
    assert missing(state, event, PEOPLE[who], matter) == [rule]


@pytest.mark.parametrize("state, event", [("not_open", "open_period"), ("open", "lapse"), ("draft", "lapse")])
def test_the_clocks_of_a_held_skp_stand_still(state: str, event: str) -> None:
    assert event not in events(facts(state, Matter(skp_state="on_hold")), SYSTEM)


@pytest.mark.parametrize(
    "since, level, allowed",
    [
        (None, 0, False),
        (NOW + timedelta(seconds=1), 0, False),
        (NOW, 0, False),
        (NOW - timedelta(seconds=1), 0, True),
        (NOW - timedelta(days=9), 1, False),
    ],
    ids=["tanpa batas", "belum", "detik terakhir", "sesudahnya", "sudah diambil alih"],
)
def test_the_superior_takes_over_when_the_penilai_is_five_days_late(
    since: datetime | None, level: int, allowed: bool
) -> None:
    given = facts("recorded", takeover_from=since, acting_level=level)
    assert ("take_over" in events(given, ATASAN)) is allowed


def test_after_taking_over_the_superior_acts_and_the_penilai_and_his_stand_in_do_not() -> None:
    given = facts("recorded", acting_level=1)
    assert {"validate", "send_back", "evidence_unreadable"} <= events(given, ATASAN)
    assert events(given, PENILAI) == events(given, PLH) == events(given, DELEGATE) == set()


@pytest.mark.parametrize(
    "state, turn",
    [
        ("not_open", Relation.SYSTEM),
        ("open", Relation.SUBJECT),
        ("draft", Relation.SUBJECT),
        ("recorded", Relation.PENILAI),
        ("returned", Relation.SUBJECT),
        ("missing", Relation.SUBJECT),
        ("validated", None),
    ],
)
def test_it_is_always_somebodys_turn_until_it_is_validated(state: str, turn: Relation | None) -> None:
    assert RealisationFlow.turn(facts(state))[0] is turn


def test_the_flow_can_be_asked_without_any_content() -> None:
    assert events(RealisationFacts(state="recorded"), PENILAI) == {
        "validate",
        "send_back",
        "evidence_unreadable",
    }


def test_the_labels_are_those_of_the_specification() -> None:
    assert [RealisationFlow.state_label(state) for state in RealisationFlow.state_ids()] == [
        "Belum Dibuka",
        "Terbuka",
        "Draf",
        "Direkam",
        "Dikembalikan",
        "Divalidasi",
        "Tidak Diisi",
    ]
