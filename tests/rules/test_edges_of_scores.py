"""The formulas at their edges: the bound itself and its two sides, what is empty, what is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from fractions import Fraction as F
from typing import Any

import pytest

from kinerja.rules import scoring as s
from kinerja.rules.exact import fraction, short
from kinerja.rules.nhk import bounded
from kinerja.rules.nkp import gap_to_organisation
from kinerja.rules.registry import labels, regulation
from kinerja.rules.regulation import Override
from kinerja.rules.words import token
from kinerja.rules.working import Part, Score, Suggestion, empty

K127, K300 = regulation("kmk127-2026"), regulation("kmk300-2022")
NONE = empty("REALISASI_KOSONG")


def num(value: str, **changes: Any) -> Score:
    return replace(s.given(D(value), "masukan"), **changes)


def decided(**values: Any) -> Any:
    """The rule set of KMK 127/2026 with some assumptions replaced by a decree."""
    return regulation("kmk127-2026", [Override(k, v, "KEP-1", date(2026, 1, 2)) for k, v in values.items()])


# Exact numbers


@pytest.mark.parametrize(
    ("value", "places", "stored"),
    [
        ("0.000001", 6, "0.000001"),
        ("0.0000004", 6, "0"),
        ("0.0000005", 6, "0.000001"),
        ("-0.0000005", 6, "-0.000001"),
        ("1.500", 6, "1.5"),
        ("10", 6, "10"),
        ("0", 6, "0"),
    ],
)
def test_a_number_is_stored_half_up_without_trailing_zeros(value: str, places: int, stored: str) -> None:
    assert str(s.rounded(D(value), places)) == stored


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (D(0), "0,00"), (D("0.5"), "0,50"), (D(-1), "-1,00"), (D(1), "1,00")]
)
def test_what_is_empty_is_a_dash_and_zero_has_no_sign(value: D | None, text: str) -> None:
    assert s.display(value) == text


@pytest.mark.parametrize("value", [1.5, True, "1"])
def test_only_exact_numbers_are_computed_with(value: Any) -> None:
    with pytest.raises(TypeError):
        fraction(value)
    with pytest.raises(ValueError, match="finite"):
        fraction(D("NaN"))


@pytest.mark.parametrize(
    ("value", "threshold", "places", "text"),
    [
        ("99.996", "100", 2, "99,996"),
        ("99.994", "100", 2, "99,99"),
        ("100.4", "100", 0, "100,4"),
        ("100.6", "100", 0, "101"),
        ("99.99999999", "100", 2, "99,99999999"),
    ],
)
def test_a_number_shows_the_side_of_its_threshold(value: str, threshold: str, places: int, text: str) -> None:
    assert s.display_against(D(value), D(threshold), places) == text


def test_a_working_shows_up_to_six_places() -> None:
    assert [short(value) for value in (F(1, 3), D("2.50"), 7)] == ["0,333333", "2,5", "7"]


@pytest.mark.parametrize(
    ("label", "code"),
    [("Ahli Madya", "ahli_madya"), ("S-2", "s_2"), ("a.b/c\td\ne  f", "a_b_c_d_e_f"), (" ", "")],
)
def test_a_label_becomes_a_code(label: str, code: str) -> None:
    assert token(label) == code


# Capaian


@pytest.mark.parametrize(
    ("polarity", "r", "met"),
    [
        ("maximize", "9", False), ("maximize", "10", True), ("maximize", "11", True),
        ("minimize", "9", True), ("minimize", "10", True), ("minimize", "11", False),
        ("stabilize", "9", False), ("stabilize", "10", True), ("stabilize", "11", False),
    ],
)  # fmt: skip
def test_a_target_is_met_on_the_side_of_its_polarity(polarity: str, r: str, met: bool) -> None:
    assert s.target_met(D(r), D(10), polarity) == met
    score = s.capaian(D(r), D(10), polarity, K127, convert_120=True, scale=((D(100), D(100)),))
    assert (score.value == 120 and score.parts[-1].label == "Konversi 120") == met


@pytest.mark.parametrize(
    ("target", "worst", "expected"),
    [("0", "0", "BATAS_TERBURUK_KOSONG"), ("0", "-1", "BATAS_TERBURUK_KOSONG"), ("0", "0.5", "50")],
)
def test_minimize_to_zero_needs_a_worst_value_above_zero(target: str, worst: str, expected: str) -> None:
    score = s.capaian(D("0.25"), D(target), "minimize", K127, worst=D(worst))
    assert (score.reason or str(score.value)) == expected
    assert score.flags == (), "the wrong direction is rewarded only below zero"


def test_a_working_names_what_was_used_and_nothing_else() -> None:
    def names(*values: Any, **more: Any) -> list[str]:
        return [name for name, _ in s.capaian(*values, K127, **more).parts[-1].inputs]

    assert names(D(4), D(0), "minimize", worst=D(10)) == ["R", "T", "W"]
    assert names(D(4), D(5), "minimize", worst=D(10)) == ["R", "T"]
    assert names(D(4), D(4), "stabilize", scale=((D(100), D(100)),)) == ["R", "T", "skala"]


@pytest.mark.parametrize(("ca", "index"), [("0", 0), ("0.5", 25), ("1", 50), ("51", 85), ("102", 120)])
def test_a_scale_without_zero_starts_at_zero(ca: str, index: int) -> None:
    assert s.interpolate(F(ca), ((D(1), D(50)), (D(101), D(120)))) == index


def test_a_scale_that_gives_zero_an_index_keeps_it() -> None:
    assert s.interpolate(F(0), ((D(0), D(10)), (D(100), D(120)))) == 10


def test_no_index_has_no_light_and_green_rests_on_its_own_bound_alone() -> None:
    assert s.traffic_light(None, K127) is None
    green, yellow = (s.light_step(D(v), K127) for v in (100, 95))
    assert (green.source, green.status) == ("KMK 127/2026 hlm. 67", "terverifikasi")
    assert (yellow.source, yellow.status) == ("KMK 127/2026 hlm. 67; pilihan rancangan", "asumsi")


def test_a_polarity_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="polarity"):
        s.capaian(D(1), D(1), "upwards", K127)


# Consolidation


def test_take_last_counts_the_last_period_with_a_target_alone() -> None:
    joined = s.consolidate("take_last_known", [D(25), D(60), None], [None, D(55), None], 3, K127)
    assert (joined.target, joined.realisation, joined.reason) == (60, 55, None)


def test_without_any_target_there_is_none() -> None:
    joined = s.consolidate("sum", [None, None, D(3)], [D(1), None, D(3)], 2, K127)
    assert (joined.target, joined.realisation, joined.reason) == (None, None, "TARGET_KOSONG")


@pytest.mark.parametrize(("targets", "until"), [(1, 1), (2, 0), (2, 3)])
def test_a_period_outside_the_lists_is_refused(targets: int, until: int) -> None:
    with pytest.raises(ValueError, match="period"):
        s.consolidate("sum", [D(1)] * targets, [D(1)] * 2, until, K127)


@pytest.mark.parametrize(("method", "value"), [("sum", 6), ("average", 2), ("take_last_known", 3)])
def test_locations_and_trajectories_are_joined_by_the_same_three_methods(method: str, value: int) -> None:
    values = [D(1), D(2), D(3)]
    assert s.consolidate_locations(method, values) == s.trajectory_total(method, values) == value
    assert s.trajectory_total(method, [None, None]) is None
    with pytest.raises(ValueError, match="locations"):
        s.consolidate_locations(method, [])


def test_raw_data_is_joined_by_the_formula_of_the_indicator_not_here() -> None:
    for refused in (s.consolidate_locations, s.trajectory_total):
        with pytest.raises(ValueError, match="raw_data"):
            refused("raw_data", [D(1)])  # type: ignore[operator]


# K3


@pytest.mark.parametrize("pair", [("sure", "low"), ("exact", "none")])
def test_words_the_table_does_not_have_are_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="unknown"):
        s.pair_allowed(*pair, K127)
    with pytest.raises(ValueError, match="unknown"):
        s.target_weight(s.TargetFacts("old", "maximize", D(1), D(1), D(1)), K127)
    with pytest.raises(ValueError, match="unknown"):
        s.target_weight(s.TargetFacts("lama", "upwards", D(1), D(1), D(1)), K127)


def test_a_weight_needs_a_target_and_its_history() -> None:
    facts = s.TargetFacts("lama", "maximize", D(1), D(1), D(1))
    missing = [
        s.target_weight(replace(facts, **{name: None}), K127).reason
        for name in ("target", "target_y1", "realisation_y1")
    ]
    assert missing == ["TARGET_KOSONG", "RIWAYAT_KOSONG", "RIWAYAT_KOSONG"]


def test_mandatory_raises_only_what_is_below_its_minimum_and_says_so() -> None:
    raised = s.target_weight(s.TargetFacts("mandatory", "maximize", D(95), D(100), D(105)), K127)
    kept = s.target_weight(s.TargetFacts("mandatory", "maximize", D(100), D(100), D(95)), K127)
    assert (raised.value, len(raised.parts)) == (1, 2)
    assert (kept.value, len(kept.parts)) == (1, 1)


def test_the_mean_k3_leaves_out_what_is_empty_and_is_provisional_then() -> None:
    both = s.k3_average([num("1.2"), num("0.9")], K127)
    one = s.k3_average([num("1.2"), NONE], K127)
    assert (both.value, both.provisional, one.value, one.provisional) == (D("1.05"), False, D("1.2"), True)
    assert s.k3_average([NONE], K127).reason == "TANPA_INDIKATOR"


def test_k3_gives_the_reason_of_the_weight_that_is_missing() -> None:
    assert s.k3(NONE, num("1"), K127).reason == "REALISASI_KOSONG"
    assert s.k3(num("1"), empty("TARGET_KOSONG"), K127).reason == "TARGET_KOSONG"
    assert s.k3_label(NONE, K127) is None


# NHK


def test_an_indicator_that_was_never_in_force_does_not_count() -> None:
    items = [s.NhkItem("a", num("90"), num("1"), 10), s.NhkItem("b", num("110"), num("1"), 0)]
    score = s.nhk(items, K127)
    assert (score.value, score.provisional) == (D(90), True)
    assert not s.nhk(items[:1], K127).provisional


@pytest.mark.parametrize(
    ("segments", "value", "provisional"),
    [
        ([(num("90"), 100), (num("100"), 100)], "95", False),
        ([(num("90"), 0), (num("100"), 100)], "100", True),
        ([(NONE, 100), (num("100"), 100)], "100", True),
        ([(num("90", provisional=True), 100), (num("100"), 100)], "95", True),
    ],
)
def test_a_segment_counts_with_a_value_and_days(segments: Any, value: str, provisional: bool) -> None:
    score = s.nhk_segments(segments, K127)
    assert (score.value, score.provisional) == (D(value), provisional)
    assert s.nhk_segments([(NONE, 10), (num("90"), 0)], K127).reason == "TANPA_INDIKATOR"


def test_only_a_value_that_was_cut_has_the_step_of_the_cut() -> None:
    kept, cut = bounded(F(120), K127), bounded(F(121), K127)
    assert (kept, cut[0], cut[1][0].value) == ((120, ()), 120, "120")


@pytest.mark.parametrize(
    ("group", "rank", "ceiling"),
    [("wakil menteri", "", 120), ("jpt", "utama", 120), ("lain", "", 115), ("", "", 115)],
)
def test_more_ceilings(group: str, rank: str, ceiling: int) -> None:
    assert s.ceiling_of(group, rank, K127) == ceiling


# NPK


def test_groups_of_exactly_the_threshold_stay_apart() -> None:
    def sheets(rekan: int, bawahan: int) -> list[s.AnswerSheet]:
        counts = {"atasan": 1, "rekan": rekan, "bawahan": bawahan}
        return [s.AnswerSheet(group, {"a": D(1)}) for group, count in counts.items() for _ in range(count)]

    def groups(rekan: int, bawahan: int) -> tuple[list[str], tuple[str, ...]]:
        merged, flags = s.merge_small_groups(sheets(rekan, bawahan), K127)
        return sorted({sheet.group for sheet in merged}), flags

    assert groups(3, 3) == (["atasan", "bawahan", "rekan"], ())
    assert groups(3, 2) == groups(3, 0) == (["atasan", "gabungan"], ())
    assert groups(2, 0) == groups(1, 1) == (["atasan"], ("HANYA_ATASAN",))
    with pytest.raises(ValueError, match="tamu"):
        s.merge_small_groups([s.AnswerSheet("tamu", {})], K127)


def test_an_aspect_nobody_answered_is_left_out_and_said() -> None:
    sheet = s.AnswerSheet("atasan", {"a": D(90)})
    some, none = s.npk_quarter([sheet], ["a", "b"], K127), s.npk_quarter([sheet], ["b"], K127)
    assert (some.value, some.provisional, some.flags) == (D(90), True, ("SEBAGIAN_DITINGGALKAN",))
    assert (none.value, none.reason) == (None, "NPK_BELUM_ADA")
    whole = s.npk_quarter([sheet], ["a"], K127)
    assert (whole.provisional, whole.flags) == (False, ())


def test_npk_of_a_year_is_the_mean_of_the_quarters_that_exist() -> None:
    year = s.npk_year([num("90"), NONE, num("100", flags=("HANYA_ATASAN",))], K127)
    assert (year.value, year.provisional, year.flags) == (D(95), False, ("HANYA_ATASAN",))
    assert year.parts[0].inputs == (("1", "90"), ("2", "100"))
    assert s.npk_year([num("90", provisional=True)], K127).provisional
    assert s.npk_year([num("130")], K127).value == 120
    assert s.npk_year([NONE], K127).reason == "NPK_BELUM_ADA"


@pytest.mark.parametrize(
    ("has_staff", "instrument", "everybody", "counts"),
    [
        (True, ("kepemimpinan",), "ya", True),
        (False, ("kepemimpinan",), "ya", False),
        (False, ("kepemimpinan",), "tidak", True),
        (True, (), "ya", False),
        (False, (), "tidak", False),
    ],
)
def test_leadership_counts_for_those_with_staff(
    has_staff: bool, instrument: tuple[str, ...], everybody: str, counts: bool
) -> None:
    rules = decided(npk_kepemimpinan=everybody)
    assert ("kepemimpinan" in s.aspects_for(("a",), has_staff, instrument, rules)) == counts


# NKP


def test_nkp_awal_gives_the_reason_of_the_part_that_is_missing() -> None:
    behaviour = empty("NPK_BELUM_ADA")
    assert s.nkp_start(NONE, behaviour, K127).reason == "REALISASI_KOSONG"
    assert s.nkp_start(num("100"), empty("LAIN"), K127).reason == "LAIN"
    assert s.nkp_start(num("100", provisional=True), num("100"), K127).provisional
    assert s.nkp_start(num("100"), num("100", provisional=True), K127).provisional
    assert not s.nkp_start(num("100"), num("100"), K127).provisional


def test_penalty_and_impact_are_taken_off_and_the_correction_is_added() -> None:
    score = s.adjusted(num("100"), s.Adjustment(D(8), D(2), D(3)), K127)
    assert score.value == 93
    assert score.parts[-1].inputs == (("nilai", "100"), ("hukdis", "8"), ("dampak", "2"), ("koreksi", "3"))
    assert s.adjusted(NONE, s.Adjustment(), K127) is NONE
    assert s.adjusted(num("3"), s.Adjustment(D(8)), K127).value == 0


@pytest.mark.parametrize(
    ("value", "branch", "total"),
    [("100", "tier1", "100"), ("99.99", "di_bawah", "99.991"), ("100.01", "tier1", "100.005")],
)
def test_the_branch_below_the_organisation_begins_below_it(value: str, branch: str, total: str) -> None:
    score = s.with_organisation(num(value), num("100"), "tier1", K127)
    assert (dict(score.parts[-1].inputs)["cabang"], str(score.value)) == (branch, total)


def test_a_part_of_the_organisation_is_as_provisional_as_either_side() -> None:
    sure, open_ = num("100"), num("100", provisional=True)
    pairs = [(sure, sure), (open_, sure), (sure, open_)]
    assert [s.with_organisation(*pair, "tier1", K127).provisional for pair in pairs] == [False, True, True]
    assert s.with_organisation(NONE, sure, "tier1", K127).reason == "REALISASI_KOSONG"
    with pytest.raises(ValueError, match="tier"):
        s.with_organisation(sure, sure, "tier3", K127)


def test_a_rating_shows_its_value_against_the_nearer_bound() -> None:
    shown = [dict(s.rating_of(num(v), K127).parts[-1].inputs)["nilai"] for v in ("99.999", "90.001", "95")]
    assert shown == ["99,999", "90,001", "95,00"]


def test_the_gap_to_the_organisation_has_a_sign() -> None:
    assert gap_to_organisation(num("99"), num("100")) == -1
    assert gap_to_organisation(NONE, num("100")) is gap_to_organisation(num("99"), NONE) is None


def test_a_suggestion_without_nko_is_only_where_the_rule_set_lets_it() -> None:
    strict = s.nkp(num("101"), num("99"), NONE, "tier1", K127)
    lenient = s.nkp(num("101"), NONE, NONE, "tier1", K300)
    assert (strict.result_rating.value, strict.result_rating.reason) == (None, "NKO_BELUM_ADA")
    assert lenient.result_rating.flags == ("NKO_BELUM_ADA",)
    assert (lenient.behaviour_rating.value, lenient.behaviour_rating.reason) == (None, "REALISASI_KOSONG")


def test_ratings_before_the_part_of_the_organisation_where_a_decree_says_so() -> None:
    rules = regulation("kmk300-2022", [Override("rating_tahap", "sebelum", "KEP-1", date(2026, 1, 2))])
    before = s.nkp(num("101"), num("99"), num("90"), "tier1", rules)
    after = s.nkp(num("101"), num("99"), num("90"), "tier1", K300)
    assert (before.result_rating.value, after.result_rating.value) == ("diatas", "sesuai")


# Packing


@pytest.mark.parametrize("score", [NONE, num("100.5"), num("1", provisional=True, flags=("A",))])
def test_a_score_comes_back_as_it_was(score: Score) -> None:
    assert Score.from_dict(score.to_dict()) == score
    suggested = Suggestion("a", None, score.provisional, score.parts, score.flags)
    assert Suggestion.from_dict(suggested.to_dict()) == suggested


def test_only_steps_that_rest_on_an_assumption_are_counted() -> None:
    assumed = Part("a", "b", "c", "d", (), None, "asumsi")
    assert num("1", parts=(*num("1").parts, assumed)).assumptions == (assumed,)


def test_labels_of_a_rule_set_nobody_wrote_are_refused() -> None:
    with pytest.raises(LookupError, match="no labels"):
        labels("kmk1-1900")
