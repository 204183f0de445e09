"""Worked examples of NKP, NKO and the disciplinary deduction: published within 0.01, computed exact."""

from datetime import date
from decimal import Decimal as D
from fractions import Fraction as F
from typing import Any

import pytest

from kinerja.rules import scoring as s
from kinerja.rules.registry import regulation
from kinerja.rules.regulation import Override, Regulation
from kinerja.rules.working import Score, empty

K127, K300 = regulation("kmk127-2026"), regulation("kmk300-2022")


def num(value: str) -> Score:
    return s.given(D(value), "masukan")


@pytest.mark.parametrize(
    ("nhk", "npk", "nko", "tier", "expected"),
    [
        ("115", "115", "120", "tier1", "115.5"),
        ("115", "115", "120", "tier2", "115.5"),
        ("115", "115", "110", "tier1", "112.5"),
        ("115", "115", "110", "tier2", "113.5"),
        ("100", "100", "100", "tier1", "100"),
        ("99.99", "99.99", "100", "tier1", "99.991"),
    ],
    ids=["N1a", "N1b", "N2a", "N2b", "N3", "N4"],
)
def test_nkp(nhk: str, npk: str, nko: str, tier: str, expected: str) -> None:
    assert str(s.nkp(num(nhk), num(npk), num(nko), tier, K127).nkp.value) == expected


def test_n5_and_n6_the_correction_is_cut() -> None:
    assert s.correction(D(-9), K127) == -5
    assert s.correction(D(7), K127) == 5
    result = s.nkp(num("100"), num("100"), num("120"), "tier1", K127, s.Adjustment(correction=D(7)))
    assert result.result.value == D(105)


@pytest.mark.parametrize(
    ("value", "rating"),
    [("100", "sesuai"), ("100.000001", "diatas"), ("90", "sesuai"), ("89.999999", "dibawah")],
)
def test_n7_rating_of_exact_values(value: str, rating: str) -> None:
    assert s.rating_of(num(value), K127).value == rating


def test_n8_without_nko_there_is_no_nkp_but_the_parts_stay() -> None:
    result = s.nkp(num("101"), num("99"), empty("TANPA_INDIKATOR"), "tier1", K127)
    assert (result.nkp.reason, result.start.value, result.predicate) == ("NKO_BELUM_ADA", D("100.5"), None)


def test_kmk300_suggests_without_nko_and_says_it_is_provisional() -> None:
    result = s.nkp(num("101"), num("99"), empty("TANPA_INDIKATOR"), "tier1", K300)
    assert (result.result_rating.value, result.result_rating.provisional) == ("diatas", True)
    assert (result.predicate, result.nkp.reason) == ("baik", "NKO_BELUM_ADA")


def test_kmk300_leaves_adjustments_off() -> None:
    result = s.nkp(num("100"), num("100"), num("100"), "tier1", K300, s.Adjustment(D(9), D(1), D(5)))
    assert result.nkp.value == D(100)


@pytest.mark.parametrize(
    ("rules", "value", "label"),
    [
        (K127, "110", "sangat_baik"),
        (K127, "109.99", "baik"),
        (K127, "100", "baik"),
        (K127, "90", "cukup"),
        (K127, "80", "kurang"),
        (K127, "79.99", "buruk"),
        (K300, "110", "istimewa"),
        (K300, "100", "baik"),
        (K300, "90", "butuh_perbaikan"),
        (K300, "80", "kurang"),
        (K300, "79.99", "sangat_kurang"),
    ],
)
def test_n9_and_q3_organisation_predicate(rules: Regulation, value: str, label: str) -> None:
    assert s.organisation_predicate(num(value), rules).value == label


def test_n10_missing_perspective_weights_leave_nko_empty() -> None:
    objective = s.Objective("SS", "customer", (s.IkuIndex("IKU", num("100")),))
    assert s.nko([objective], K127).reason == "BOBOT_BELUM_ADA"
    assert s.nko_entered(D("104.2"), "SKEP-1/2026").value == D("104.2")


D1 = s.Penalty("sedang", D(38), 2026, 3)
D2 = (s.Penalty("ringan", D(16), 2026, 2), s.Penalty("sedang", D(57), 2026, 3))
D3 = s.Penalty("ringan", D(50), 2026, 4)


@pytest.mark.parametrize(
    ("penalties", "year", "quarter", "expected"),
    [
        ((D1,), 2026, 2, "0"),
        ((D1,), 2026, 3, "9.5"),
        ((D1,), 2026, 4, "9.5"),
        ((D1,), 2027, 1, "9.5"),
        ((D1,), 2027, 2, "0"),
        (D2, 2026, 2, "1.6"),
        (D2, 2026, 3, "14.25"),
        ((D3,), 2026, 4, "5"),
        ((D3,), 2027, 1, "5"),
        ((D3,), 2027, 2, "0"),
    ],
)
def test_d1_to_d3_penalty_in_a_quarter(
    penalties: tuple[Any, ...], year: int, quarter: int, expected: str
) -> None:
    assert s.penalty_in_quarter(penalties, year, quarter, K127) == F(expected)


def test_d1_d2_d4_year_value_and_impact() -> None:
    assert s.penalty_in_year((D1,), 2026, K127) == F("9.5")
    assert s.penalty_in_year((D1,), 2027, K127) == 0
    assert s.penalty_in_year(D2, 2026, K127) == F("14.25")
    assert s.impact([D("14.25")], K127) == F("0.7125")
    assert s.impact([D(80), D(80)], K127) == 5


def test_q1_and_q2_nko_by_iku_and_nko_k3() -> None:
    rows = zip(("110", "95", "120", "100"), ("1.2", "1.0", "0.9", "1.1"), strict=True)
    iku = tuple(s.IkuIndex(f"IKU {n}", num(i), k3=num(k)) for n, (i, k) in enumerate(rows))
    assert s.nko([s.Objective("SS", "customer", iku)], K300).value == D("106.25")
    assert s.nko_k3(iku, K300).value == D("108.857143")


def test_nko_by_perspective_renormalises_what_is_left() -> None:
    keys = ("customer", "internal_process", "learning_growth")
    values = (D("0.20"), D("0.25"), D("0.25"))
    decree = [
        Override(f"bobot_perspektif_{k}", v, "KEP-1", date(2026, 1, 2))
        for k, v in zip(keys, values, strict=True)
    ]
    rules = regulation("kmk127-2026", decree)
    objectives = [
        s.Objective("a", "stakeholder", (s.IkuIndex("x", num("110")),)),
        s.Objective("b", "customer", (s.IkuIndex("y", num("100")),)),
    ]
    score = s.nko(objectives, rules)
    assert (score.value, score.provisional, score.flags) == (D(106), True, ("BOBOT_DINORMALKAN",))
