"""Each rule of a Perjanjian Kinerja has one fixture that triggers it and a whole PK that triggers none."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from kinerja.rules import pk as rules
from kinerja.rules.agreement import BudgetLine, HandedDown, Iku, Objective, Pk
from kinerja.rules.registry import CODES, regulation

NATIONAL, K300, K127 = (regulation(code) for code in CODES)
QUARTERS = ("TW1", "TW2", "TW3", "TW4")


def iku(key: str = "i1", objective: str = "s1", **changes: Any) -> Iku:
    planned = dict(zip(QUARTERS, (D(20), D(20), D(30), D(30)), strict=True))
    base = Iku(
        key, f"1a-{key}", objective, f"Persentase layanan tepat waktu {key}", D(100), "persen", "maximize", "sum", planned,
        "proxy", "moderate", manual="in_force",
    )  # fmt: skip
    return replace(base, **changes)


def objective(key: str, perspective: str, *causes: str) -> Objective:
    return Objective(key, key.upper(), f"Layanan {key} yang prima", perspective, causes)


OBJECTIVES = (
    objective("s1", "stakeholder"),
    objective("s2", "customer", "s1"),
    objective("s3", "internal_process", "s2"),
    objective("s4", "learning_growth", "s3"),
)
WHOLE = Pk(
    "L2", 2026, date(2026, 1, 20), True, OBJECTIVES, tuple(iku(f"i{n}", f"s{n}") for n in (1, 2, 3, 4)),
    handed_down=(HandedDown("Persentase layanan tepat waktu i1", "fully", D(100), "persen"),),
    budget=(BudgetLine("b1", "Program", "015.01", D(1000)),), first_party=2, second_party=1, head_above=1, budget_below=D(900),
)  # fmt: skip


def pk(**changes: Any) -> Pk:
    return replace(WHOLE, **changes)


def with_iku(**changes: Any) -> Pk:
    return pk(indicators=(replace(WHOLE.indicators[0], **changes), *WHOLE.indicators[1:]))


def with_objective(**changes: Any) -> Pk:
    return pk(objectives=(replace(OBJECTIVES[0], **changes), *OBJECTIVES[1:]))


def found(document: Pk, law: Any = K300) -> list[tuple[str, str]]:
    return [(f.rule, f.severity) for f in rules.check(document, law)]


@pytest.mark.parametrize("law", [K300, K127], ids=lambda law: str(law.code))
def test_a_whole_pk_breaks_no_rule(law: Any) -> None:
    assert found(WHOLE, law) == []


def test_the_national_rule_set_has_its_own_perspectives_and_no_limit_to_the_number_of_iku() -> None:
    named = zip(OBJECTIVES, NATIONAL.value("perspektif_nko"), strict=True)
    objectives = tuple(replace(one, perspective=code) for one, code in named)
    many = tuple(iku(f"i{n}", f"s{n % 4 + 1}") for n in range(1, 40))
    assert found(pk(objectives=objectives, indicators=many), NATIONAL) == []
    assert {rule for rule, _severity in found(WHOLE, NATIONAL)} == {"PK-2"}


@pytest.mark.parametrize(
    ("sentence", "document", "expected"),
    [
        ("the first of February is late", pk(on=date(2026, 2, 1)), [("PK-1", "P")]),
        ("the last of January is not", pk(on=date(2026, 1, 31)), []),
        ("late, but signed", pk(on=date(2026, 2, 1), signed=True), []),
        ("an SS outside the perspectives leaves one empty", with_objective(perspective="x"), [("PK-2", "P")] * 2),
        ("an SS without IKU", pk(indicators=WHOLE.indicators[1:], handed_down=()), [("PK-3", "B")]),
        ("an IKU without SS", pk(indicators=(*WHOLE.indicators, iku("i5", "gone"))), [("PK-3", "B")]),
        ("a 21st IKU at L2", pk(indicators=tuple(iku(f"i{n}", f"s{n % 4 + 1}") for n in range(21))), [("PK-4", "P")]),
        ("a 20th IKU at L2", pk(indicators=tuple(iku(f"i{n}", f"s{n % 4 + 1}") for n in range(20))), []),
        ("a sub-IKU at L2", pk(indicators=(*WHOLE.indicators, iku("i5", parent="i1"))), [("PK-5", "P")]),
        ("a sub-IKU at L1", pk(level="L1", indicators=(*WHOLE.indicators, iku("i5", parent="i1"))), []),
        ("a sub-IKU of nothing", pk(level="L1", indicators=(*WHOLE.indicators, iku("i5", parent="x"))), [("PK-5", "P")]),
        ("activity with low", with_iku(validity="activity", control="low"), [("PK-6", "P")]),
        ("exact with high", with_iku(validity="exact", control="high"), [("PK-6", "P")]),
        ("activity with high on a map", with_iku(validity="activity", control="high"), [("PK-6", "P")]),
        ("a mandatory IKU under another name", with_iku(name="Indeks lain"), [("PK-7", "B")]),
        ("a mandatory IKU with another target", with_iku(target=D(100), trajectory={"TW4": D(100)}), []),
        ("a target lowered", with_iku(target=D(90), trajectory={"TW4": D(90)}), [("PK-7", "B")]),
        ("a trajectory that adds up to less", with_iku(trajectory={"TW1": D(99)}), [("PK-8", "B")]),
        ("no trajectory at all", with_iku(trajectory={}), [("PK-8", "B"), ("SMART-C", "I")]),
        ("a mean that fits", with_iku(consolidation="average", trajectory={"TW1": D(80), "TW2": D(120)}), []),
        ("a last value that fits", with_iku(consolidation="take_last_known", trajectory={"TW1": D(5), "TW4": D(100)}), []),
        ("a manual not yet approved", with_iku(manual="submitted"), [("PK-9", "I")]),
        ("a pihak kedua who heads another unit", pk(second_party=9), [("PK-10", "B")]),
        ("no pihak kedua at L0", pk(level="L0", second_party=None, head_above=None), []),
        ("arrows in a circle", with_objective(causes=("s4",)), [("PK-12", "B")]),
        ("an arrow to itself", with_objective(causes=("s1",)), [("PK-12", "B")]),
        ("an objective that is an activity", with_objective(statement="Melaksanakan layanan"), [("SMART-C", "I")]),
        ("an IKU that is an activity", with_iku(name="Menyusun laporan layanan", key="x1"), [("PK-7", "B"), ("SMART-C", "I")]),
        ("an IKU of two measures", pk(handed_down=(), indicators=(replace(WHOLE.indicators[0], name="Layanan cepat; layanan tepat"), *WHOLE.indicators[1:])), [("SMART-C", "I")]),
        ("an IKU without a unit of measure", pk(handed_down=(), indicators=(replace(WHOLE.indicators[0], unit=""), *WHOLE.indicators[1:])), [("SMART-C", "I")]),
        ("units below with more than the whole", pk(budget_below=D(1001)), [("PK-13", "I")]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_each_rule_is_broken_by_its_fixture(
    sentence: str, document: Pk, expected: list[tuple[str, str]]
) -> None:
    assert found(document) == expected, sentence


@pytest.mark.parametrize("law", [NATIONAL, K300, K127], ids=lambda law: str(law.code))
def test_under_every_rule_set_the_first_realisation_waits_for_the_manual(law: Any) -> None:
    [late] = rules.pk_9_recorded((("i1", "1a-N"),), law)
    assert (late.rule, late.severity, late.field) == ("PK-9", "B", "realisation-i1-value")
    assert rules.pk_9_recorded((), law) == []


@pytest.mark.parametrize(
    ("law", "event", "refused"),
    [(K127, "sign_first", True), (K127, "agree", False), (K300, "sign_first", False)],
)
def test_without_manuals_only_kmk_127_refuses_the_signature(law: Any, event: str, refused: bool) -> None:
    document = with_iku(manual="submitted")
    assert ("PK-9" in [f.rule for f in rules.blocking(document, law, event)]) is refused
