"""The geometry of the drawings, by the figures of known pictures."""

from decimal import Decimal as D

import pytest

from kinerja.reports import charts
from kinerja.reports.quadrant import quadrant

CELLS = {(r, b): {"label": "Butuh Perbaikan", "tone": "fix"} for r in (1, 2, 3) for b in (1, 2, 3)}


@pytest.mark.parametrize(
    "value, text",
    [("24", "24"), ("17.333", "17.3"), ("17.35", "17.4"), ("0", "0"), ("-0.04", "0"), ("100.0", "100")],
)
def test_a_length_has_at_most_one_decimal(value: str, text: str) -> None:
    assert charts.text_of(D(value)) == text


@pytest.mark.parametrize(
    "value, text",
    [("250", "250"), ("1234.50", "1.234,5"), ("0.25", "0,25"), ("1000000", "1.000.000"), ("-3.10", "-3,1")],
)
def test_a_number_on_an_axis_is_written_as_in_indonesia(value: str, text: str) -> None:
    assert charts.indonesian(D(value)) == text


def test_a_sparkline_runs_from_lowest_left_to_highest_right() -> None:
    drawn = charts.spark([D(1), D(2)], [D(1), D(2), D(3), D(4)])
    assert drawn["target"] == "6,24 31.3,17.3 56.7,10.7 82,4"
    assert drawn["actual"] == "6,24 31.3,17.3"
    assert drawn["dot"] == {"x": "31.3", "y": "17.3", "bad": False}


def test_a_sparkline_of_equal_values_lies_in_the_middle() -> None:
    assert charts.spark([D(5)], [D(5), D(5)])["target"] == "6,14 82,14"


def test_a_sparkline_skips_what_is_missing() -> None:
    assert charts.spark([D(1), None, D(3)], [D(1), D(2), D(3)])["actual"] == "6,24 82,4"


def test_a_sparkline_of_nothing_draws_nothing() -> None:
    assert charts.spark([None], []) == {"target": "", "actual": "", "dot": None}


def test_a_bar_shares_its_hundred_and_says_its_counts() -> None:
    drawn = charts.bar([("ok", 4, "hijau"), ("warn", 0, "kuning"), ("bad", 3, "merah")])
    assert drawn["rects"] == [
        {"tone": "ok", "x": "0.00", "width": "56.54"},
        {"tone": "bad", "x": "57.14", "width": "42.26"},
    ]
    assert drawn["label"] == "4 hijau, 3 merah"


def test_an_empty_bar_has_no_parts() -> None:
    assert charts.bar([("ok", 0, "hijau")]) == {"rects": [], "label": ""}


def test_the_smallest_part_of_a_bar_stays_visible() -> None:
    assert D(charts.bar([("ok", 9999, "a"), ("bad", 1, "b")])["rects"][1]["width"]) > 0


@pytest.mark.parametrize(
    "high, scale",
    [
        ("240", ["0", "50", "100", "150", "200", "250"]),
        ("4", ["0", "1", "2", "3", "4"]),
        ("0.9", ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ("0", ["0", "1"]),
        ("7300", ["0", "2000", "4000", "6000", "8000"]),
    ],
)
def test_an_axis_counts_in_round_steps(high: str, scale: list[str]) -> None:
    assert charts.ticks(D(high)) == [D(v) for v in scale]


def trajectory(**more: object) -> charts.Geometry:
    return charts.trajectory(
        ["TW I", "TW II", "TW III", "TW IV"],
        [D(40), D(100), D(170), D(240)],
        [D(38), D(89), None, None],
        **more,  # type: ignore[arg-type]
    )


def test_a_trajectory_places_each_period_on_one_scale() -> None:
    drawn = trajectory()
    assert drawn["target"] == "62,172.6 162,128.4 262,76.9 362,25.4"
    assert drawn["actual"] == "62,174 162,136.5"
    assert [t["label"] for t in drawn["ticks"]] == ["0", "50", "100", "150", "200", "250"]
    assert [c["x"] for c in drawn["columns"]] == ["62", "162", "262", "362"]


def test_a_trajectory_marks_the_last_realisation_when_it_is_bad() -> None:
    dots = trajectory(bad=True, remark="89, kurang 11")["actual_dots"]
    assert [d["bad"] for d in dots] == [False, True]


def test_the_remark_of_a_trajectory_stands_below_a_realisation_that_lags() -> None:
    drawn = trajectory(remark="89, kurang 11")
    assert drawn["remark"] == {"x": "173", "y": "151.5", "end": False, "text": "89, kurang 11", "bad": False}
    assert drawn["gap"] == {"x": "162", "y1": "133.5", "y2": "131.4"}


def test_the_remark_of_the_last_period_turns_inward() -> None:
    drawn = charts.trajectory(["A", "B"], [D(1), D(2)], [D(1), D(3)], remark="lebih 1")
    assert drawn["remark"]["end"] is True
    assert D(drawn["remark"]["y"]) < D(drawn["actual_dots"][-1]["y"])


def test_a_trajectory_of_months_names_every_second_one() -> None:
    names = [str(n) for n in range(1, 13)]
    drawn = charts.trajectory(names, [D(n) for n in range(12)], [])
    assert [c["label"] for c in drawn["columns"]] == names[::2]
    assert drawn["remark"] is None


def test_a_trajectory_without_targets_still_stands() -> None:
    drawn = charts.trajectory(["TW I"], [None], [D(3)])
    assert drawn["target"] == ""
    assert drawn["target_name"] is None
    assert drawn["gap"] is None


def test_a_distribution_draws_before_after_and_the_guideline() -> None:
    drawn = charts.distribution(
        [
            {"label": "Sangat Baik", "before": D(25), "after": D(25), "text": "3"},
            {
                "label": "Baik",
                "before": D(75),
                "after": D("66.7"),
                "text": "9 → 8",
                "strong": True,
                "at_most": D(70),
            },
        ]
    )
    assert drawn["rows"][0]["bars"] == [
        {"tone": "b3", "y": "31", "width": "59.5"},
        {"tone": "b1", "y": "43", "width": "59.5"},
    ]
    assert drawn["rows"][1]["guide"] == {"y": "66", "width": "166.6"}
    assert drawn["rows"][0]["guide"] is None
    assert drawn["height"] == "106"


def test_a_distribution_before_any_change_has_one_bar_a_row() -> None:
    drawn = charts.distribution([{"label": "Baik", "after": D(50), "text": "6"}])
    assert [b["tone"] for b in drawn["rows"][0]["bars"]] == ["b1"]


def test_lying_bars_share_the_scale_of_the_longest() -> None:
    drawn = charts.columns_of([("Mutu Data", 5), ("Pertukaran Data", 10), ("Tata Usaha", 0)])
    assert [r["width"] for r in drawn["rows"]] == ["115", "230", "0"]


def test_progress_ends_at_today_with_a_dot() -> None:
    drawn = charts.progress(["1 Jul", "", "31 Jul"], [D(0), D(24), None], [D(0), D(30), D(48)], 48)
    assert drawn["dot"] == {"x": "208", "y": "117.2"}
    assert [d["label"] for d in drawn["days"]] == ["1 Jul", "31 Jul"]
    assert drawn["days"][-1]["end"] is True


def test_a_quadrant_counts_people_where_they_stand_now() -> None:
    people = [
        {"initials": "MS", "place": (3, 2), "old": None},
        {"initials": "TS", "place": (1, 2), "old": (2, 2)},
        {"initials": "YT", "place": (2, 2), "old": (2, 2)},
    ]
    drawn = quadrant(people, CELLS)
    counts = {(c["x"], c["y"]): c["count"] for c in drawn["cells"]}
    assert counts["184.8", "5.5"] == "1"
    assert counts["184.8", "120.8"] == "1"
    assert counts["184.8", "236.1"] == "1"
    assert len(drawn["moves"]) == 1
    assert {p["kind"] for p in drawn["people"] if p["initials"] == "TS"} == {"old", "new"}


def test_an_empty_cell_of_the_quadrant_has_no_tone() -> None:
    drawn = quadrant([{"initials": "A", "place": (1, 1), "old": None}], CELLS)
    assert sorted(c["tone"] for c in drawn["cells"]) == [""] * 8 + ["fix"]


def test_who_moved_straight_down_is_drawn_straight_down() -> None:
    drawn = quadrant([{"initials": "TS", "place": (1, 2), "old": (2, 2)}], CELLS)
    old, new = (next(p for p in drawn["people"] if p["kind"] == kind) for kind in ("old", "new"))
    assert old["x"] == new["x"]
    assert D(old["y"]) < D(new["y"])


@pytest.mark.parametrize(
    "count, shown, more", [(6, 6, []), (12, 12, []), (13, 11, ["+2"]), (40, 11, ["+29"])]
)
def test_a_crowded_cell_shows_what_fits_and_counts_the_rest(count: int, shown: int, more: list[str]) -> None:
    people = [{"initials": f"P{i}", "place": (2, 2), "old": None} for i in range(count)]
    drawn = quadrant(people, CELLS)
    assert len(drawn["people"]) == shown
    assert [m["text"] for m in drawn["more"]] == more
    centre = next(c for c in drawn["cells"] if c["tone"])
    assert centre["count"] == str(count)
    for person in drawn["people"]:
        left, top = D(centre["x"]), D(centre["y"])
        radius = D(person["r"])
        assert left + radius <= D(person["x"]) <= left + D(drawn["width"]) - radius
        assert top + radius <= D(person["y"]) <= top + D(drawn["height"]) - radius


def test_a_crowded_cell_never_hides_a_change() -> None:
    people = [{"initials": f"P{i}", "place": (2, 2), "old": None} for i in range(20)]
    people.append({"initials": "TS", "place": (2, 2), "old": (1, 2)})
    drawn = quadrant(people, CELLS)
    assert len(drawn["moves"]) == 1
