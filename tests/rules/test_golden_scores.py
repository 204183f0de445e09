"""Worked examples of the formulas: published values within 0.01, computed ones exact to the digits shown."""

from collections.abc import Sequence
from decimal import Decimal as D
from fractions import Fraction as F
from typing import Any

import pytest

from kinerja.rules import scoring as s
from kinerja.rules.registry import regulation
from kinerja.rules.regulation import Regulation
from kinerja.rules.working import Score, empty

K127, K300 = regulation("kmk127-2026"), regulation("kmk300-2022")
SCALE = ((D(0), D(0)), (D(90), D(100)), (D(100), D(120)))


def num(value: str) -> Score:
    return s.given(D(value), "masukan")


@pytest.mark.parametrize("rules", [K127, K300], ids=["kmk127", "kmk300"])
@pytest.mark.parametrize(
    ("case", "polarity", "r", "t", "extra", "expected"),
    [
        ("C1", "maximize", "-11", "-10", {}, "90"),
        ("C2", "maximize", "-5", "-10", {}, "120"),
        ("C3", "minimize", "0.0101", "0.1", {}, "120"),
        ("C4", "minimize", "21", "10", {}, "0"),
        ("C5", "minimize", "4", "0", {"worst": D(10)}, "60"),
        ("C6", "minimize", "3", "0", {"worst": D(12)}, "75"),
        ("C7", "minimize", "3", "0", {}, "BATAS_TERBURUK_KOSONG"),
        ("C8", "stabilize", "96", "100", {"scale": SCALE}, "112"),
        ("C9", "stabilize", "101", "100", {"scale": SCALE}, "118"),
        ("C10a", "stabilize", "100", "100", {"scale": SCALE}, "120"),
        ("C10b", "stabilize", "90", "100", {"scale": SCALE}, "100"),
        ("C10c", "stabilize", "45", "100", {"scale": SCALE}, "50"),
        ("C10d", "stabilize", "210", "100", {"scale": SCALE}, "0"),
        ("no scale", "stabilize", "96", "100", {}, "SKALA_KOSONG"),
        ("stabilize target 0", "stabilize", "96", "0", {"scale": SCALE}, "TARGET_NOL"),
        ("C11a", "maximize", "4", "4", {"convert_120": True}, "120"),
        ("C11b", "maximize", "3", "4", {"convert_120": True}, "75"),
        ("C12", "maximize", "5", "0", {}, "TARGET_NOL"),
        ("C13", "maximize", None, "80", {}, "REALISASI_KOSONG"),
        ("C14", "maximize", "0", "80", {}, "0"),
        ("C15a", "minimize", "10", "10", {}, "100"),
        ("C15b", "minimize", "8", "10", {}, "120"),
        ("C16 no target", "maximize", "8", None, {}, "TARGET_KOSONG"),
    ],
)
def test_capaian(
    rules: Regulation,
    case: str,
    polarity: str,
    r: str | None,
    t: str | None,
    extra: dict[str, Any],
    expected: str,
) -> None:
    score = s.capaian(None if r is None else D(r), None if t is None else D(t), polarity, rules, **extra)
    assert (score.reason or str(score.value)) == expected


def test_a_clamp_is_a_step_of_the_working() -> None:
    score = s.capaian(D(-5), D(-10), "maximize", K127)
    assert [part.value for part in score.parts] == ["150", "120"]


def test_minimize_below_zero_warns_that_it_rewards_the_wrong_direction() -> None:
    assert "ARAH_TERBALIK" in s.capaian(D(-5), D(-10), "minimize", K127).flags


def test_a_scale_names_each_point_once() -> None:
    with pytest.raises(ValueError, match="once"):
        s.capaian(D(1), D(2), "stabilize", K127, scale=((D(0), D(0)), (D(0), D(1))))


def test_above_the_last_point_the_last_index_holds_and_below_the_first_the_line_starts_at_zero() -> None:
    scale = ((D(50), D(60)), (D(90), D(100)))
    assert s.interpolate(F(25), scale) == 30
    assert s.interpolate(F(95), scale) == 100


@pytest.mark.parametrize(
    ("case", "method", "t", "r", "until", "expected"),
    [
        ("K1 Q2", "sum", [4, 5, 4, 5], [4, 5, 4, 5], 2, (9, 9)),
        ("K1 Q4", "sum", [4, 5, 4, 5], [4, 5, 4, 5], 4, (18, 18)),
        ("K2", "take_last_known", [25, 60, 75, 100], [25, 60, 75, None], 3, (75, 75)),
        ("K3", "average", ["3.25"] * 4, ["3.25"] * 4, 4, (F(13, 4), F(13, 4))),
        ("K4", "sum", [None, 7, None, 9], [3, 6, 5, None], 3, (7, 6)),
        ("K5", "average", [1, 2, 3, 4], [1, None, 3, None], 3, (2, None)),
    ],
)
def test_consolidation(
    case: str, method: str, t: list[Any], r: list[Any], until: int, expected: tuple[Any, ...]
) -> None:
    def decimals(values: list[Any]) -> Sequence[D | None]:
        return [None if value is None else D(value) for value in values]

    joined = s.consolidate(method, decimals(t), decimals(r), until, K127)
    assert (joined.target, joined.realisation) == expected
    assert (joined.reason == "REALISASI_KOSONG") == (expected[1] is None) == joined.provisional


@pytest.mark.parametrize(
    ("polarity", "status", "t", "t1", "r1", "expected"),
    [
        ("maximize", "lama", 110, 100, 105, "1.2"),
        ("maximize", "lama", 105, 100, 105, "1.1"),
        ("maximize", "lama", 103, 100, 105, "1"),
        ("maximize", "lama", 100, 100, 95, "1"),
        ("maximize", "lama", 100, 100, 105, "0.9"),
        ("maximize", "lama", 95, 100, 105, "0.8"),
        ("minimize", "lama", 5, 10, 8, "1.2"),
        ("minimize", "lama", 8, 10, 8, "1.1"),
        ("minimize", "lama", 10, 10, 8, "0.9"),
        ("minimize", "lama", 12, 10, 8, "0.8"),
        ("maximize", "mandatory", 95, 100, 105, "1"),
        ("maximize", "baru_tanpa_riwayat", 95, 100, 105, "1"),
        ("maximize", "ditetapkan_peraturan", 95, 100, 105, "1.2"),
        ("maximize", "baru_dengan_riwayat", 95, None, 105, "0.8"),
        ("maximize", "lama", 100, 100, None, "RIWAYAT_KOSONG"),
        ("stabilize", "lama", 100, 90, 80, "1"),
    ],
)
def test_weight_of_the_target(
    polarity: str, status: str, t: int, t1: int | None, r1: int | None, expected: str
) -> None:
    def decimal(value: int | None) -> D | None:
        return None if value is None else D(value)

    facts = s.TargetFacts(status, polarity, D(t), decimal(t1), decimal(r1))
    score = s.target_weight(facts, K127)
    assert (score.reason or str(score.value)) == expected


def test_w4_all_three_equal_asks_for_confirmation() -> None:
    score = s.target_weight(s.TargetFacts("lama", "maximize", D(100), D(100), D(100)), K127)
    assert (score.value, score.flags) == (D(1), ("MOHON_KONFIRMASI",))


@pytest.mark.parametrize(
    ("validity", "control", "facts", "expected", "label"),
    [
        ("exact", "low", ("ditetapkan_peraturan", 95, 100, 105), "1.2", "sangat berkualitas"),
        ("proxy", "moderate", ("baru_tanpa_riwayat", 95, 100, 105), "1", "berkualitas"),
        ("exact", "moderate", ("lama", 95, 100, 105), "0.975", "cukup berkualitas"),
        ("exact", "high", ("lama", 95, 100, 105), "PASANGAN_TERLARANG", None),
        ("activity", "low", ("lama", 95, 100, 105), "PASANGAN_TERLARANG", None),
    ],
    ids=["W6", "W7", "W8", "W9a", "W9b"],
)
def test_k3(validity: str, control: str, facts: tuple[Any, ...], expected: str, label: str | None) -> None:
    status, *numbers = facts
    target = s.target_weight(s.TargetFacts(status, "maximize", *map(D, numbers)), K127)
    score = s.k3(s.quality_weight(validity, control, K127), target, K127)
    assert (score.reason or str(score.value)) == expected
    assert s.k3_label(score, K127) == label


def h2_items() -> list[s.NhkItem]:
    rows = zip(("80", "120", "104.69", "120", "100"), ("1.05", "0.9", "1", "1", "1.1"), strict=True)
    return [s.NhkItem(f"IKI {n}", num(c), num(k)) for n, (c, k) in enumerate(rows, 1)]


def test_h1_shares_follow_k3() -> None:
    items = [s.NhkItem(k, num("100"), num(k)) for k in ("1", "1.1", "0.85")]
    assert [s.display(x.share * 100) for x in s.nhk_shares(items, K127)] == ["33,90", "37,29", "28,81"]


def test_h2_nhk_and_its_calibration() -> None:
    score = s.nhk(h2_items(), K127)
    first = s.nhk_shares(h2_items(), K127)[0]
    assert first.q == 84
    assert s.display(first.share * 100) == "20,79"
    assert score.value == D("105.166337")
    assert s.calibrate(score, 115, K127).value == D("103.874752")


H3 = dict(zip("abcdefg", map(D, (82, 100, 98, 105, 100, 115, 105)), strict=True))


def test_h3_npk_and_its_calibration() -> None:
    score = s.npk_values(H3, K127)
    assert s.display(score.value) == "100,71"
    assert s.display(s.calibrate(score, 115, K127).value) == "100,54"


def test_h4_nkp_awal() -> None:
    nhk = s.calibrate(s.nhk(h2_items(), K127), 115, K127)
    npk = s.calibrate(s.npk_values(H3, K127), 115, K127)
    assert s.display(s.nkp_start(nhk, npk, K127).value) == "103,04"


@pytest.mark.parametrize(
    ("value", "ceiling", "expected"),
    [
        ("96", 115, "96"),
        ("120", 115, "115"),
        ("96", 120, "96"),
        ("110", 120, "110"),
        ("120", 120, "120"),
        ("100", 115, "100"),
        ("100.004", 115, "100.003"),
    ],
)
def test_h5_to_h7_calibration(value: str, ceiling: int, expected: str) -> None:
    assert str(s.calibrate(num(value), ceiling, K127).value) == expected


def test_h7_the_display_does_not_hide_the_side_of_the_threshold() -> None:
    assert s.display_against(D("100.003"), 100) == "100,003"
    assert s.display_against(D("100"), 100) == "100,00"


@pytest.mark.parametrize(
    ("group", "rank", "ceiling"),
    [
        ("JPT", "madya", 120),
        ("jpt", "pratama", 115),
        ("jf", "madya", 115),
        ("menteri", "", 120),
        ("ja", "pelaksana", 115),
    ],
)
def test_ceiling_by_post(group: str, rank: str, ceiling: int) -> None:
    assert s.ceiling_of(group, rank, K127) == ceiling


def test_h8_no_indicator_with_capaian() -> None:
    assert s.nhk([s.NhkItem("a", empty("REALISASI_KOSONG"), num("1"))], K127).reason == "TANPA_INDIKATOR"


def test_h9_an_indicator_without_capaian_makes_the_mean_provisional() -> None:
    items = [
        s.NhkItem("a", num("90"), num("1")),
        s.NhkItem("b", num("110"), num("1")),
        s.NhkItem("c", empty("X"), num("1")),
    ]
    score = s.nhk(items, K127)
    assert (score.value, score.provisional) == (D(100), True)


def test_h10_segments_count_by_days() -> None:
    score = s.nhk_segments([(num("105"), 181), (num("98.5"), 184)], K127)
    assert s.display(score.exact, 10) == "101,7232876712"


def sheets(**groups: Sequence[int]) -> list[s.AnswerSheet]:
    return [s.AnswerSheet(group, {"a": D(value)}) for group, values in groups.items() for value in values]


FULL = sheets(atasan=[100], rekan=[90, 96, 102], bawahan=[110, 106])


@pytest.mark.parametrize(
    ("given", "expected"),
    [(FULL, "101,3333"), (sheets(atasan=[100], rekan=[90, 96, 102]), "98,0000")],
    ids=["H11", "H12"],
)
def test_npk_of_groups_as_given(given: list[s.AnswerSheet], expected: str) -> None:
    assert s.display(s.npk_quarter(given, ["a"], K127).exact, 4) == expected


def test_h13_without_the_penilai_there_is_no_npk() -> None:
    assert s.npk_quarter(sheets(rekan=[90, 96, 102]), ["a"], K127).reason == "NPK_BELUM_ADA"


def test_h14_a_small_group_is_merged_before_computing() -> None:
    score = s.npk_round(FULL, ["a"], K127)
    assert (s.display(score.exact, 1), score.flags) == ("100,4", ())


def test_h15_too_few_non_superiors_are_left_out() -> None:
    score = s.npk_round(sheets(atasan=[100], rekan=[90], bawahan=[110]), ["a"], K127)
    assert (score.value, score.flags, score.provisional) == (D(100), ("HANYA_ATASAN",), False)


def test_the_working_of_npk_shows_no_group_apart() -> None:
    text = str(s.npk_round(FULL, ["a"], K127).to_dict())
    assert "100.8" not in text
    assert "100,8" not in text
    assert "atasan" not in text


def test_traffic_light_bounds() -> None:
    assert [s.traffic_light(D(v), K127) for v in ("100", "99.999999", "90", "89.9")] == [
        "hijau",
        "kuning",
        "kuning",
        "merah",
    ]


def test_a_score_survives_json_and_computes_on_exactly() -> None:
    import json

    score = s.nhk(h2_items(), K127)
    assert Score.from_dict(json.loads(json.dumps(score.to_dict()))) == score


def test_floats_are_refused() -> None:
    with pytest.raises(TypeError):
        s.capaian(1.5, D(2), "maximize", K127)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [("-0.005", 2, "-0,01"), ("0.125", 2, "0,13"), ("7", 0, "7"), ("1234.5", 2, "1234,50")],
)
def test_display_is_half_up_with_decimal_comma(value: str, places: int, text: str) -> None:
    assert s.display(D(value), places) == text


def test_a_provisional_part_makes_the_whole_provisional() -> None:
    unreviewed = s.Score(D(1), None, True, (), F(1))
    assert s.nhk([s.NhkItem("a", num("90"), unreviewed)], K127).provisional


@pytest.mark.parametrize(
    ("index", "light", "formula"),
    [
        ("100", "hijau", "C >= 100"),
        ("99.99", "kuning", "90 <= C < 100"),
        ("89.9999999", "merah", "C < 90"),
    ],
)
def test_the_working_of_a_light_says_which_bound_gave_its_colour(
    index: str, light: str, formula: str
) -> None:
    for code in ("kmk300-2022", "kmk127-2026"):
        step = s.light_step(D(index), regulation(code))
        assert (step.value, step.formula) == (light, formula)
        assert step.source
