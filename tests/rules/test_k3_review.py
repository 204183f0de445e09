"""Reviu K3: each rule with what breaks it, what the desk looks for, and what opens a review again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kinerja.rules import k3_review as law
from kinerja.rules.finding import BLOCKS, WARNS
from kinerja.rules.registry import regulation

K300, K127, NATIONAL = (regulation(code) for code in ("kmk300-2022", "kmk127-2026", "permenpanrb6-2022"))
SOUND = law.Reviewed(
    "a", "1.1", "exact", "low", "lama", "maximize", Decimal(110), Decimal(100), Decimal(105), True, date(2026, 2, 7)
)  # fmt: skip
LATER = date(2026, 2, 8)


def test_an_indicator_with_both_weights_and_a_manual_has_its_k3_and_no_finding() -> None:
    assert law.check([SOUND], K127) == []
    assert law.score_of(SOUND, K127).value == Decimal("1.2")
    assert law.problems(SOUND, K127, LATER) == ()


@pytest.mark.parametrize(
    ("broken", "rule", "severity", "field", "problems"),
    [
        ({"manual": False}, "K3-1", WARNS, "item-a", (law.MANUAL,)),
        ({"realisation_y1": None}, "K3-2", BLOCKS, "item-a-target_y1", (law.HISTORY,)),
        ({"target_y1": None}, "K3-2", BLOCKS, "item-a-target_y1", (law.HISTORY,)),
        ({"control": "high"}, "K3", BLOCKS, "item-a-control", (law.PAIR,)),
        ({"validity": "activity"}, "K3", BLOCKS, "item-a-control", (law.PAIR,)),
        ({"validity": ""}, "K3", BLOCKS, "item-a-validity", ()),
        ({"control": ""}, "K3", BLOCKS, "item-a-control", ()),
        ({"status": ""}, "K3", BLOCKS, "item-a-target_status", ()),
        ({"target": None}, "K3", BLOCKS, "item-a", ()),
    ],
)
def test_each_rule_finds_what_breaks_it(
    broken: dict[str, Any], rule: str, severity: str, field: str, problems: tuple[str, ...]
) -> None:
    one = replace(SOUND, **broken)
    (found,) = law.check([one], K127)
    assert (found.rule, found.severity, found.field) == (rule, severity, field)
    assert law.problems(one, K127, LATER) == problems
    if severity == BLOCKS:
        assert law.score_of(one, K127).value is None


@pytest.mark.parametrize(
    "without",
    [
        {"status": "baru_tanpa_riwayat"},
        {"status": "ditetapkan_peraturan"},
        {"polarity": "stabilize"},
        {"status": "baru_dengan_riwayat", "realisation_y1": Decimal(105)},
    ],
)
def test_a_history_is_missed_only_where_the_weight_needs_it(without: dict[str, Any]) -> None:
    one = replace(SOUND, **({"target_y1": None, "realisation_y1": None} | without))
    assert law.check([one], K127) == []


def test_a_manual_is_late_only_after_its_day_and_where_one_is_owed() -> None:
    one = replace(SOUND, manual=False)
    assert law.problems(one, K127, date(2026, 2, 7)) == ()
    assert law.problems(replace(one, manual_due=None), K127, LATER) == ()


@pytest.mark.parametrize(
    ("change", "again"),
    [
        ({"validity": "proxy"}, True), ({"target": Decimal(111)}, True), ({"status": "mandatory"}, True),
        ({"realisation_y1": None}, True), ({"number": "2.1"}, False), ({"manual": False}, False),
    ],
)  # fmt: skip
def test_only_what_k3_rests_on_brings_an_indicator_back(change: dict[str, Any], again: bool) -> None:
    assert law.differs(replace(SOUND, **change), SOUND) is again


def test_whose_k3_is_reviewed_is_a_matter_of_the_rule_set() -> None:
    assert [law.scope_of(one) for one in (K127, K300, NATIONAL)] == [law.EVERY, law.WITH_MANUAL, law.NONE]
