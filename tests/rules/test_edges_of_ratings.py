"""Ratings, patterns and the value of the organisation at their edges."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from kinerja.rules import predicate as p
from kinerja.rules import scoring as s
from kinerja.rules.distribution import check_distribution
from kinerja.rules.origins import origin_of, origins
from kinerja.rules.registry import regulation
from kinerja.rules.regulation import BelumAda, Override
from kinerja.rules.working import Score, empty
from tests.rules.test_edges_of_scores import K127, K300, NONE, num

LAW = regulation("permenpanrb6-2022")
PERSPECTIVES = ("stakeholder", "customer", "internal_process", "learning_growth")


def rows(*statuses: str | None, kind: str = "utama") -> list[p.RatedRow]:
    return [p.RatedRow(str(n), kind, status) for n, status in enumerate(statuses)]


def shares(*values: str) -> Any:
    """KMK 127/2026 with the perspectives weighted by a decree; the first weight is that of the law."""
    keys = [f"bobot_perspektif_{code}" for code in PERSPECTIVES[1:]]
    day = date(2026, 1, 2)
    return regulation(
        "kmk127-2026", [Override(k, D(v), "KEP-1", day) for k, v in zip(keys, values, strict=True)]
    )


def objective(code: str, *indices: Score, weights: Sequence[int] = ()) -> s.Objective:
    weighted = zip(indices, weights or [1] * len(indices), strict=True)
    return s.Objective(code, code, tuple(s.IkuIndex(str(n), i, D(w)) for n, (i, w) in enumerate(weighted)))


# Predicate


def test_what_may_be_determined_waits_for_the_ratings_except_after_study_leave() -> None:
    assert p.allowed_predicates(None, "sesuai", LAW) == p.allowed_predicates("sesuai", None, LAW) == ()
    assert p.allowed_predicates("sesuai", "diatas", LAW) == ("baik",)
    assert p.allowed_predicates(None, None, LAW, study_leave_failed=True) == ("kurang", "sangat_kurang")


@pytest.mark.parametrize(
    ("polarity", "r", "expected"),
    [
        ("maximize", 11, "diatas"), ("maximize", 10, "sesuai"), ("maximize", 9, "dibawah"),
        ("minimize", 11, "dibawah"), ("minimize", 10, "sesuai"), ("minimize", 9, "diatas"),
        ("stabilize", 11, "dibawah"), ("stabilize", 10, "sesuai"), ("stabilize", 9, "dibawah"),
        ("maximize", None, None),
    ],
)  # fmt: skip
def test_a_row_is_better_on_the_side_of_its_polarity(
    polarity: str, r: int | None, expected: str | None
) -> None:
    assert p.status_of(r, 10, polarity) == expected
    assert p.status_of(10, None, polarity) is None
    with pytest.raises(ValueError, match="polarity"):
        p.status_of(r, 10, "upwards")


def test_a_row_of_several_indicators_is_as_good_as_the_worst_of_those_known() -> None:
    assert p.status_of_row(["diatas", None, "sesuai"]) == "sesuai"
    assert p.status_of_row(["diatas", "dibawah"]) == "dibawah"
    assert p.status_of_row([None, None]) is p.status_of_row([]) is None


@pytest.mark.parametrize(
    ("main", "extra", "expected"),
    [
        (["diatas", "sesuai"], [], "sesuai"),  # half is not most
        (["sesuai"], ["dibawah"], "sesuai"),
        (["sesuai"], ["dibawah", "dibawah"], "dibawah"),
        (["sesuai", "sesuai", "sesuai", "dibawah"], [], "sesuai"),
        (["dibawah", "sesuai"], ["sesuai", "sesuai"], "dibawah"),  # half of the main ones is not few
        ([], ["diatas"], "diatas"),
        ([], ["dibawah"], "dibawah"),
        ([], ["diatas", "dibawah"], "sesuai"),
    ],
)
def test_most_is_more_than_half_and_few_less(main: list[str], extra: list[str], expected: str) -> None:
    suggested = p.suggest_result_rating([*rows(*main), *rows(*extra, kind="tambahan")], LAW)
    assert (suggested.value, suggested.provisional) == (expected, False)


def test_a_suggestion_is_provisional_where_a_row_has_no_status_yet() -> None:
    assert p.suggest_result_rating(rows("sesuai", None), LAW).provisional
    nothing = [p.suggest_result_rating(rows(None), LAW), p.suggest_behaviour_rating(None, True, LAW)]
    assert [(x.value, x.reason, x.provisional) for x in nothing] == [(None, "TANPA_INDIKATOR", False)] * 2
    sure = [p.suggest_behaviour_rating(True, True, LAW), p.head_rating("baik", LAW)]
    assert [x.provisional for x in sure] == [False, False]


@pytest.mark.parametrize(
    ("ipk", "value", "reason"),
    [
        ("0", "kurang", None), ("0.01", "kurang", None), ("4.00", "sangat_baik", None),
        ("-0.01", None, "DI_LUAR_SKALA"), ("4.01", None, "DI_LUAR_SKALA"),
    ],
)  # fmt: skip
def test_an_ipk_lies_between_nothing_and_four(ipk: str, value: str | None, reason: str | None) -> None:
    column = p.ipk_column("S-2", "A", "C", D(ipk), LAW)
    assert (column.value, column.reason, column.provisional) == (value, reason, False)
    assert not p.ipk_column("S-2", "C", "C", D(3), LAW).provisional


@pytest.mark.parametrize("level", ["S-1", "S1", "s 1"])
def test_s1_has_its_own_rows_however_it_is_written(level: str) -> None:
    assert p.ipk_target(level, "A", "A", "baik", LAW) == p.ipk_target("S-1", "A", "A", "baik", LAW)
    assert p.ipk_target(level, "A", "A", "baik", LAW) != p.ipk_target("S-2", "A", "A", "baik", LAW)


@pytest.mark.parametrize("column", ["kurang", "sangat_kurang"])
def test_no_target_is_proposed_for_a_column_without_a_lowest_ipk(column: str) -> None:
    assert p.ipk_target("S-2", "A", "C", column, LAW) is None
    assert p.ipk_target("S-2", "C", "C", "baik", LAW) is None
    assert p.ipk_target("S-2", "A", "C", "butuh_perbaikan", LAW) == "3,00"


# Pattern of predicates


def test_a_pattern_of_nobody_is_kept() -> None:
    result = check_distribution("baik", {}, LAW)
    assert (result.n, result.attainable, result.moves, result.unattainable_text) == (0, True, 0, "")
    assert set(result.nearest.values()) == {0}


@pytest.mark.parametrize("counts", [{"istimewa": 1}, {"baik": -1}, {"baik": 2, "kurang": -1}])
def test_counts_of_something_else_are_refused(counts: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="counts"):
        check_distribution("baik", counts, LAW)


def test_a_pattern_nobody_can_keep_moves_nobody() -> None:
    result = check_distribution("baik", {"baik": 1}, LAW)
    assert (result.attainable, result.moves, result.breaches, result.nearest) == (False, 0, (), result.counts)


@pytest.mark.parametrize(
    ("pattern", "counts", "text"),
    [
        ("sangat_kurang", {"sangat_kurang": 6, "sangat_baik": 1, "baik": 3}, "Sangat Baik 1 orang (10 %), seharusnya tidak ada"),
        ("istimewa", {"sangat_baik": 29, "baik": 10}, "Sangat Baik 29 orang (74 %), lebih dari 70 %"),
        ("istimewa", {"sangat_baik": 57, "baik": 24}, "Sangat Baik 57 orang (70,4 %), lebih dari 70 %"),
    ],
)  # fmt: skip
def test_a_share_is_shown_as_exactly_as_its_limit_needs(
    pattern: str, counts: dict[str, int], text: str
) -> None:
    assert text in [breach.text for breach in check_distribution(pattern, counts, LAW).breaches]


# The value of the organisation


def test_nss_is_weighted_and_leaves_out_what_is_empty() -> None:
    weighted = s.nss(objective("customer", num("100"), num("110"), weights=(3, 1)), K127)
    partly = s.nss(objective("customer", num("100"), NONE), K127)
    nothing = s.nss(objective("customer", NONE), K127)
    open_ = s.nss(objective("customer", num("100", provisional=True)), K127)
    assert (weighted.value, weighted.provisional) == (D("102.5"), False)
    assert (partly.value, partly.provisional, open_.provisional) == (D(100), True, True)
    assert (nothing.reason, nothing.provisional) == ("TANPA_INDIKATOR", True)


def test_nko_is_the_mean_of_the_indices_that_are_known() -> None:
    some = s.nko_iku([s.IkuIndex("a", num("100")), s.IkuIndex("b", NONE)], K300)
    assert (some.value, some.provisional) == (D(100), True)
    assert not s.nko_iku([s.IkuIndex("a", num("100"))], K300).provisional
    assert s.nko_iku([s.IkuIndex("a", NONE)], K300).reason == "TANPA_INDIKATOR"


def test_perspectives_count_by_weights_that_sum_to_one() -> None:
    every = [objective(code, num("100"), num("110")) for code in PERSPECTIVES]
    whole = s.nko(every, shares("0.20", "0.25", "0.25"))
    assert (whole.value, whole.provisional, whole.flags) == (D(105), False, ())
    assert s.nko(every, shares("0.20", "0.25", "0.20")).reason == "BOBOT_BELUM_ADA"
    assert s.nko([objective("customer", NONE)], shares("0.20", "0.25", "0.25")).reason == "TANPA_INDIKATOR"
    only = [objective("customer", num("100"))]
    assert s.nko(only, shares("0", "0.45", "0.25")).reason == "BOBOT_BELUM_ADA"
    two = [objective("customer", num("100")), objective("customer", num("120"))]
    assert s.nko(two, shares("0.20", "0.25", "0.25")).value == D(110)


def test_nko_k3_shows_what_went_into_it() -> None:
    iku = [s.IkuIndex("a", num("110"), k3=num("1")), s.IkuIndex("b", num("90"), k3=num("1"))]
    score = s.nko_k3(iku, K300)
    assert (score.value, score.parts[-1].label, score.parts[-1].value) == (D(100), "NKO K3", "100")
    assert score.parts[-1].inputs == (("a", "110 x 50,00 %"), ("b", "90 x 50,00 %"))
    assert [part.label for part in score.parts].count("NHK awal") == 0
    missing = s.nko_k3([s.IkuIndex("a", num("110"))], K300)
    assert (missing.value, missing.reason) == (None, "TANPA_INDIKATOR")


def test_an_organisation_without_nko_has_no_predicate_and_says_why() -> None:
    assert s.organisation_predicate(empty("LAIN"), K127).reason == "LAIN"
    bounds = replace(K127.parameter("predikat_organisasi_batas"), value=None, status="belum_ada")
    others = (parameter for parameter in K127 if parameter.code != bounds.code)
    unknown = s.organisation_predicate(num("100"), replace(K127, parameters=(*others, bounds)))
    assert (unknown.value, unknown.reason) == (None, "BOBOT_BELUM_ADA")
    lowest = s.organisation_predicate(num("0"), K127)
    assert (lowest.value, lowest.provisional) == ("buruk", False)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("109.999", "109,999"), ("110", "110,00"), ("100.001", "100,001"), ("79.999", "79,999")],
)
def test_an_organisation_is_shown_on_the_side_of_the_bound_that_decided(value: str, shown: str) -> None:
    assert dict(s.organisation_predicate(num(value), K127).parts[-1].inputs)["NKO"] == shown


# Sources


def test_our_own_choice_rests_on_our_design_and_law_on_its_text() -> None:
    design = origins()[0]
    assert origin_of("pilihan rancangan", "desain") == design
    assert origin_of("sesuatu", "asumsi") == design
    assert origin_of("PermenPANRB 6/2022 hlm. 99", "asumsi") != design
    with pytest.raises(LookupError):
        origin_of("sesuatu", "terverifikasi")


def test_a_number_nobody_gave_yet_names_what_it_keeps_closed() -> None:
    missing = regulation("kmk127-2026").missing
    assert missing
    assert all(parameter.value is None and parameter.step for parameter in missing)
    with pytest.raises(BelumAda) as told:
        regulation("kmk127-2026").value(missing[0].code)
    assert str(told.value) == f"{missing[0].label}: belum ada (langkah {missing[0].step})"
    assert str(BelumAda("kunci", "nko")) == "kunci: belum ada (langkah nko)"
