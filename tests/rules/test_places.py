"""Several places and several objectives in one value: nothing missing counts as zero."""

from decimal import Decimal as D
from typing import Any

import pytest

from kinerja.rules import scoring as s
from kinerja.rules.registry import regulation
from kinerja.rules.working import Score, empty

K127, K300 = regulation("kmk127-2026"), regulation("kmk300-2022")


def num(value: str) -> Score:
    return s.given(D(value), "masukan")


@pytest.mark.parametrize(
    ("method", "values", "expected"),
    [
        ("sum", [10, 20, 30], "60"),
        ("average", [10, 20, 40], "23.333333"),
        ("take_last_known", [10, None, 30], "30"),
        ("take_last_known", [10, 20, None], "REALISASI_KOSONG"),
        ("sum", [10, None], "REALISASI_KOSONG"),
        ("average", [None], "REALISASI_KOSONG"),
        ("sum", [0, 0], "0"),
    ],
)
def test_places_are_joined_and_a_missing_one_is_not_zero(
    method: str, values: list[Any], expected: str
) -> None:
    score = s.join_locations(method, [None if one is None else D(one) for one in values], K127)
    assert (score.reason or str(score.value)) == expected
    assert [(part.rule, part.formula) for part in score.parts] == [("konsolidasi_lokasi", method)]


@pytest.mark.parametrize(
    ("places", "factor", "expected"),
    [
        ([(3, 4), (1, 6)], 100, "40"),
        ([(50, 50), (0, 150)], 100, "25"),
        ([(7, None), (5, None)], 1, "12"),
        ([(1, 2), (1, -2)], 1, "REALISASI_KOSONG"),
    ],
)
def test_raw_data_puts_the_sums_into_the_formula_and_takes_no_mean_of_results(
    places: list[tuple[int, int | None]], factor: int, expected: str
) -> None:
    rows = [s.RawData(D(counted), None if divisor is None else D(divisor)) for counted, divisor in places]
    score = s.join_raw_data(rows, factor, K127)
    assert (score.reason or str(score.value)) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: s.join_locations("raw_data", [D(1)], K127),
        lambda: s.join_locations("sum", [], K127),
        lambda: s.join_raw_data([], 1, K127),
        lambda: s.join_raw_data([s.RawData(1, 2), s.RawData(1)], 1, K127),
    ],
)
def test_places_that_cannot_be_joined_are_refused(wrong: Any) -> None:
    with pytest.raises(ValueError):
        wrong()


def test_a_perspective_is_the_mean_of_its_objectives_and_an_empty_objective_is_left_out() -> None:
    def objective(label: str, perspective: str, *indices: Score) -> s.Objective:
        return s.Objective(
            label, perspective, tuple(s.IkuIndex(f"{label}{n}", one) for n, one in enumerate(indices))
        )

    found = s.perspective_values(
        [
            objective("a", "customer", num("120"), num("100")),
            objective("b", "customer", num("90")),
            objective("c", "stakeholder", empty("REALISASI_KOSONG")),
        ],
        K300,
    )
    assert list(found) == ["stakeholder", "customer"]
    assert (found["customer"].value, found["customer"].provisional) == (D(100), False)
    assert (found["stakeholder"].reason, found["stakeholder"].provisional) == ("TANPA_INDIKATOR", True)
    with pytest.raises(KeyError):
        s.perspective_values([objective("a", "anggaran", num("1"))], K300)
