"""Quadrant, suggestions, study leave and the pattern of distribution, case by case."""

from collections.abc import Sequence
from decimal import Decimal as D

import pytest

from kinerja.rules import predicate as p
from kinerja.rules.distribution import check_distribution, curve
from kinerja.rules.organisation import pattern_of
from kinerja.rules.registry import CODES, regulation

LAW = regulation("permenpanrb6-2022")


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    ("result", "behaviour", "expected"),
    [
        ("diatas", "diatas", "sangat_baik"),
        ("diatas", "sesuai", "baik"),
        ("diatas", "dibawah", "kurang"),
        ("sesuai", "diatas", "baik"),
        ("sesuai", "sesuai", "baik"),
        ("sesuai", "dibawah", "kurang"),
        ("dibawah", "diatas", "butuh_perbaikan"),
        ("dibawah", "sesuai", "butuh_perbaikan"),
        ("dibawah", "dibawah", "sangat_kurang"),
        (None, "sesuai", None),
        ("sesuai", None, None),
    ],
)
def test_quadrant(code: str, result: str | None, behaviour: str | None, expected: str | None) -> None:
    assert p.quadrant(result, behaviour, regulation(code)) == expected


def test_study_leave_not_finished_leaves_only_kurang_or_sangat_kurang() -> None:
    def offered(behaviour: str) -> tuple[str, ...]:
        return p.allowed_predicates("sesuai", behaviour, LAW, study_leave_failed=True)

    assert offered("sesuai") == ("kurang", "sangat_kurang")
    assert offered("dibawah") == ("sangat_kurang", "kurang")


@pytest.mark.parametrize(
    ("case", "main", "extra", "expected"),
    [
        ("R1", ["diatas", "diatas", "sesuai"], [], "diatas"),
        ("R2", ["diatas", "diatas", "diatas", "dibawah"], [], "sesuai"),
        ("R3", ["sesuai", "sesuai", "dibawah"], [], "sesuai"),
        ("R4", ["sesuai", "dibawah"], [], "dibawah"),
        ("R5", ["dibawah", "dibawah", "sesuai"], [], "dibawah"),
        ("R6", [], [], None),
        ("R7", ["diatas", "diatas"], ["dibawah"], "diatas"),
        ("I7", ["diatas", "sesuai", "sesuai"], [], "sesuai"),
    ],
)
def test_rating_suggestion(
    case: str, main: Sequence[str], extra: Sequence[str], expected: str | None
) -> None:
    rows = [p.RatedRow("u", "utama", status) for status in main]
    rows += [p.RatedRow("t", "tambahan", status) for status in extra]
    assert p.suggest_result_rating(rows, LAW).value == expected


def test_rows_without_status_make_the_suggestion_provisional() -> None:
    rows = [p.RatedRow("u", "utama", "sesuai"), p.RatedRow("v", "utama", None)]
    assert p.suggest_result_rating(rows, LAW).provisional


@pytest.mark.parametrize(
    ("r", "t", "polarity", "expected"),
    [
        (9, 8, "maximize", "diatas"),
        (8, 8, "maximize", "sesuai"),
        (7, 8, "maximize", "dibawah"),
        (7, 8, "minimize", "diatas"),
        (9, 8, "minimize", "dibawah"),
        (8, 8, "stabilize", "sesuai"),
        (9, 8, "stabilize", "dibawah"),
        (None, 8, "maximize", None),
    ],
)
def test_status_of_a_row(r: int | None, t: int, polarity: str, expected: str | None) -> None:
    assert p.status_of(r, t, polarity) == expected


@pytest.mark.parametrize(
    ("consistent", "guards", "expected"),
    [(True, True, "diatas"), (True, False, "sesuai"), (False, True, "dibawah"), (None, False, None)],
)
def test_behaviour_suggestion(consistent: bool | None, guards: bool, expected: str | None) -> None:
    assert p.suggest_behaviour_rating(consistent, guards, LAW).value == expected


@pytest.mark.parametrize(
    ("organisation", "expected"), [("istimewa", "diatas"), ("baik", "sesuai"), ("kurang", "dibawah")]
)
def test_the_head_of_a_upk_is_rated_as_his_organisation(organisation: str, expected: str) -> None:
    assert p.head_rating(organisation, LAW).value == expected


def test_words_of_kmk127_map_to_the_national_patterns() -> None:
    rules = regulation("kmk127-2026")
    assert [pattern_of(c, rules) for c in ("sangat_baik", "cukup", "buruk")] == [
        "istimewa",
        "butuh_perbaikan",
        "sangat_kurang",
    ]


@pytest.mark.parametrize(
    ("case", "level", "university", "programme", "ipk", "expected"),
    [
        ("I1", "S-2", "A", "C", "3.51", "sangat_baik"),
        ("I1", "S-2", "A", "C", "3.50", "baik"),
        ("I1", "S-2", "A", "C", "3.19", "butuh_perbaikan"),
        ("I1", "S-2", "A", "C", "2.99", "kurang"),
        ("I2", "S-1", "B", "C", "3.60", "baik"),
        ("I2", "S-1", "B", "C", "3.09", "butuh_perbaikan"),
        ("I3", "S-2", "C", "B", "3.70", "baik"),
        ("I3", "S-2", "C", "B", "3.29", "butuh_perbaikan"),
        ("I4", "S-2", "A", "A", "3.505", "sangat_baik"),
        ("I6", "Profesi", "luar negeri", "", "3.50", "baik"),
        ("I6", "Profesi", "luar negeri", "", "3.19", "butuh_perbaikan"),
        ("not in the table", "S-2", "C", "C", "3.70", None),
    ],
)
def test_study_leave_column(
    case: str, level: str, university: str, programme: str, ipk: str, expected: str | None
) -> None:
    assert p.ipk_column(level, university, programme, D(ipk), LAW).value == expected


def test_i5_outside_the_scale_and_i7_status_of_the_row() -> None:
    assert p.ipk_column("S-2", "A", "C", D("4.2"), LAW).reason == "DI_LUAR_SKALA"
    assert p.ipk_status("sangat_baik", LAW) == "diatas"
    assert p.ipk_target("S-2", "A", "C", "sangat_baik", LAW) == "3,51"


def counts(text: str) -> dict[str, int]:
    names = {"SB": "sangat_baik", "B": "baik", "BP": "butuh_perbaikan", "K": "kurang", "SK": "sangat_kurang"}
    pairs = (item.split() for item in text.split(","))
    return {names[code]: int(count) for code, count in pairs}


@pytest.mark.parametrize(
    ("case", "pattern", "given", "breaches", "moves"),
    [
        ("S1", "baik", "SB 2,B 7,BP 1", [], 0),
        ("S2", "baik", "SB 1,B 6,BP 1", ["max_share"], 1),
        ("S3", "baik", "SB 4,B 4,BP 2", ["majority"], 1),
        ("S4", "istimewa", "SB 7,B 3", [], 0),
        ("S5", "istimewa", "SB 8,B 2", ["max_share"], 1),
        ("S6", "butuh_perbaikan", "BP 6,B 3,SB 1", [], 0),
        ("S7", "butuh_perbaikan", "BP 5,B 4,SB 1", ["min_share"], 1),
        ("S8", "butuh_perbaikan", "BP 3,B 1,SB 1", ["max_share"], 1),
        ("S9", "kurang", "K 6,BP 1,B 3", [], 0),
        ("S10", "kurang", "K 3,B 2", ["min_share"], 1),
        ("S11", "sangat_kurang", "SK 6,SB 1,B 3", ["min_share", "none"], 1),
        ("S13", "baik", "B 2,BP 1", [], 0),
    ],
)
def test_distribution(case: str, pattern: str, given: str, breaches: list[str], moves: int) -> None:
    result = check_distribution(pattern, counts(given), LAW)
    assert ([b.rule for b in result.breaches], result.moves, result.attainable) == (breaches, moves, True)


@pytest.mark.parametrize("pattern", ["istimewa", "baik", "kurang", "sangat_kurang"])
@pytest.mark.parametrize("given", ["B 1", "B 2", "SB 1,K 1"])
def test_s12_one_or_two_people_cannot_keep_the_pattern(pattern: str, given: str) -> None:
    result = check_distribution(pattern, counts(given), LAW)
    n = sum(counts(given).values())
    assert (result.attainable, result.breaches) == (False, ())
    assert result.unattainable_text == f"pola tidak dapat dipenuhi untuk {n} orang"


@pytest.mark.parametrize("n", range(1, 30))
def test_butuh_perbaikan_can_be_kept_by_any_number(n: int) -> None:
    assert check_distribution("butuh_perbaikan", {"baik": n}, LAW).attainable


def test_the_sentence_names_share_and_limit() -> None:
    breach = check_distribution("baik", counts("SB 1,B 6,BP 1"), LAW).breaches[0]
    assert breach.text == "Baik 6 orang (75 %), lebih dari 70 %"


def test_nobody_is_nothing() -> None:
    assert check_distribution("baik", {}, LAW).breaches == ()


@pytest.mark.parametrize("pattern", ["istimewa", "baik", "butuh_perbaikan", "kurang", "sangat_kurang"])
def test_fewest_to_move_agrees_with_trying_everything(pattern: str) -> None:
    """The closed form against every distribution of up to six persons."""
    from itertools import product

    codes = p.PREDICATES
    for n in range(1, 7):
        every = [dict(zip(codes, c, strict=True)) for c in product(range(n + 1), repeat=5) if sum(c) == n]
        results = [check_distribution(pattern, c, LAW) for c in every]
        kept = [c for c, r in zip(every, results, strict=True) if r.attainable and not r.breaches]
        for given, result in zip(every, results, strict=True):
            assert result.attainable == bool(kept)
            if kept:
                fewest = min(sum(max(0, good[code] - given[code]) for code in codes) for good in kept)
                assert (result.moves, sum(result.nearest.values())) == (fewest, n)


def test_curve_heights() -> None:
    assert curve("baik", LAW) == (2, 3, 6, 11, 2)
