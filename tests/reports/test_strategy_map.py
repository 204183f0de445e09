"""The picture of a strategy map: everything in its band, every arrow visible."""

from __future__ import annotations

from typing import Any

import pytest

from kinerja.reports.strategy_map import BOX, LABEL, strategy_map, wrapped

FOUR = {"s": "Stakeholder", "c": "Customer", "p": "Internal Process", "l": "Learning and Growth"}


def goal(key: str, perspective: str, *causes: str) -> dict[str, Any]:
    return {
        "key": key,
        "kode": key,
        "pernyataan": f"Sasaran {key}",
        "perspektif": perspective,
        "sebab": list(causes),
    }


def test_each_objective_stands_in_the_band_of_its_perspective_and_within_the_picture() -> None:
    drawn = strategy_map([goal(f"{p}{n}", p) for p in FOUR for n in range(4)], FOUR)
    assert [band["name"] for band in drawn["bands"]] == list(FOUR.values())
    for node in drawn["nodes"]:
        band = drawn["bands"][list(FOUR).index(node["key"][0])]
        assert band["y"] < node["y"] < node["y"] + node["height"] < band["y"] + band["height"]
        assert LABEL <= node["x"] < node["x"] + BOX < drawn["width"]


def test_a_narrow_map_fits_on_a_phone_and_one_alone_stands_above_the_middle_of_two() -> None:
    assert strategy_map([goal("1", "s")], FOUR)["width"] <= 390
    one, two, three = strategy_map([goal("1", "s"), goal("2", "c"), goal("3", "c")], FOUR)["nodes"]
    assert one["x"] * 2 == two["x"] + three["x"]


@pytest.mark.parametrize(("causes", "goes_around"), [(("c",), False), (("s",), True)])
def test_an_arrow_that_would_go_through_a_box_goes_around_it(
    causes: tuple[str, ...], goes_around: bool
) -> None:
    objectives = [goal("s", "s"), goal("c", "c"), goal("p", "p", *causes)]
    (arrow,) = strategy_map(objectives, FOUR)["arrows"]
    assert ("H" in arrow["d"]) is goes_around


def test_an_unknown_perspective_has_a_last_band_and_arrows_to_nothing_are_left_out() -> None:
    drawn = strategy_map([goal("x", "lain", "hilang", "x")], FOUR)
    assert drawn["bands"][-1]["name"] == ""
    assert drawn["arrows"] == []


def test_a_long_statement_ends_in_an_ellipsis() -> None:
    lines = wrapped("kata " * 60)
    assert len(lines) == 4
    assert lines[-1].endswith("…")
