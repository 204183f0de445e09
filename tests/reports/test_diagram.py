"""The picture of a flow shows every state and way, nothing on top of anything else, and where one is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from kinerja.reports import diagram
from kinerja.services import flows as service
from kinerja.workflows import FLOWS, export

TEMPLATES = Path(__file__).parents[2] / "kinerja" / "templates"
Geometry = dict[str, Any]
Area = tuple[int, int, int, int]


def same(text: str) -> str:
    return text


def shown(drawn: Geometry) -> str:
    """The macro as a page has it, the words untranslated."""
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"])
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    made.globals["istilah"] = lambda text, mark=False: text
    made.globals["url_for"] = lambda endpoint, **values: f"/{endpoint}"
    text = '{% import "_ui/diagram.html" as diagram %}{{ diagram.flow_diagram(g) }}'
    return made.from_string(text).render(g=drawn)


@pytest.fixture(params=list(FLOWS))
def flow(request: pytest.FixtureRequest) -> Geometry:
    return export.as_data(FLOWS[request.param])


def area_of(box: Geometry) -> Area:
    x, y, width, height = (int(box[name]) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def label_area(label: Geometry) -> Area:
    x, y, size = int(label["x"]), int(label["y"]), round(len(label["text"]) * 6)
    begin = x - {"start": 0, "middle": size // 2, "end": size}[label["anchor"]]
    return begin, y - 10, begin + size, y + 1


def overlap(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def pairs_of(areas: list[Area]) -> list[tuple[Area, Area]]:
    return [(a, b) for i, a in enumerate(areas) for b in areas[i + 1 :] if overlap(a, b)]


def test_every_state_has_one_box_with_its_label(flow: Geometry) -> None:
    drawn = diagram.flow_diagram(flow)
    written = sorted(
        "".join(line["text"] for line in box["lines"]).replace(" ", "") for box in drawn["boxes"]
    )
    assert written == sorted(state["label"].replace(" ", "") for state in flow["states"])
    assert pairs_of([area_of(box) for box in drawn["boxes"]]) == []


def test_every_change_of_state_is_drawn_or_told_in_words(flow: Geometry) -> None:
    drawn = diagram.flow_diagram(flow)
    told = " ".join(label["text"] for label in drawn["labels"]) + " ".join(
        o["label"] for o in drawn["omitted"]
    )
    for move in flow["transitions"]:
        if not move["internal"] and move["from"] != move["to"]:
            assert all(word in told for word in move["label"].split()), move
    hidden = {(o["label"], o["count"]) for o in drawn["omitted"]}
    assert all(count >= diagram.MANY for _, count in hidden)


def test_no_word_stands_on_another_word_or_on_a_box(flow: Geometry) -> None:
    drawn = diagram.flow_diagram(flow)
    words = [label_area(label) for label in drawn["labels"]]
    assert pairs_of(words) == []
    boxes = [area_of(box) for box in drawn["boxes"]]
    assert [(word, box) for word in words for box in boxes if overlap(word, box)] == []


def test_everything_lies_within_the_picture(flow: Geometry) -> None:
    drawn = diagram.flow_diagram(flow)
    width, height = int(drawn["width"]), int(drawn["height"])
    for left, top, right, bottom in map(label_area, drawn["labels"]):
        assert (left >= 0, top >= 0, right <= width, bottom <= height) == (True,) * 4
    for left, top, right, bottom in map(area_of, drawn["boxes"]):
        assert (left >= 0, top >= 0, right <= width, bottom <= height) == (True,) * 4
    for link in drawn["links"]:
        assert not re.search(r"-\d", link["d"] + link["head"]), "a line leaves the picture"


def test_the_usual_way_is_one_straight_line_downwards(flow: Geometry) -> None:
    usual = [link for link in diagram.flow_diagram(flow)["links"] if link["usual"]]
    assert usual
    assert len({link["d"].split()[0] for link in usual}) == 1
    assert all(re.fullmatch(r"M\d+ \d+V\d+", link["d"]) for link in usual)


@pytest.mark.parametrize(
    "kind, way",
    [
        ("skp", "Draf, Diajukan, Dialog Kinerja, Disepakati, Ditandatangani Pegawai, Ditetapkan, Ditutup"),
        ("realisation", "Belum Dibuka, Terbuka, Draf, Direkam, Divalidasi"),
    ],
)  # fmt: skip
def test_the_usual_way_of_a_document_is_the_one_people_walk(kind: str, way: str) -> None:
    drawn = diagram.flow_diagram(export.as_data(FLOWS[kind]))
    first = min(int(box["x"]) for box in drawn["boxes"])
    column = sorted((int(b["y"]), b["lines"][0]["text"]) for b in drawn["boxes"] if int(b["x"]) == first)
    assert ", ".join(text for _, text in column) == way


def test_only_the_current_state_is_marked(flow: Geometry) -> None:
    for state in flow["states"]:
        drawn = diagram.flow_diagram(flow, state["id"])
        marked = [box for box in drawn["boxes"] if box["current"]]
        assert ["".join(x["text"] for x in box["lines"]).replace(" ", "") for box in marked] == [
            state["label"].replace(" ", "")
        ]
        assert drawn["current"] == state["label"]
    assert not any(box["current"] for box in diagram.flow_diagram(flow)["boxes"])


def test_the_table_tells_every_row_with_who_in_words(flow: Geometry) -> None:
    rows = service.picture(FLOWS[flow["kind"]], "", same)["rows"]
    labels = {state["id"]: state["label"] for state in flow["states"]}
    for move in flow["transitions"]:
        target = "" if move["internal"] else labels[move["to"]]
        found = [row for row in rows if (row["event"], row["to"]) == (move["label"], target)]
        assert any(labels[move["from"]] in row["from"].split(", ") for row in found), move
    assert all(row["who"] and "_" not in row["who"] for row in rows)
    assert [row["from"] for row in rows[: len(flow["entries"])]] == [""] * len(flow["entries"])


def test_labels_are_translated_before_they_are_laid_out(flow: Geometry) -> None:
    drawn = diagram.flow_diagram(flow, say=str.upper)
    assert all(label["text"] == label["text"].upper() for label in drawn["labels"])
    assert drawn["title"] == flow["title"].upper()


def test_a_long_label_is_broken_between_words() -> None:
    assert diagram._wrapped("Ditandatangani Penilai/Atasan", 24) == ["Ditandatangani Penilai/", "Atasan"]
    assert diagram._wrapped("Dialog Kinerja", 24) == ["Dialog Kinerja"]


def test_the_page_shows_where_one_is_in_a_region_that_scrolls_and_the_same_as_a_table(
    flow: Geometry,
) -> None:
    state = flow["states"][0]
    drawn = service.picture(FLOWS[flow["kind"]], state["id"], same)
    page = shown(drawn)
    assert page.count(">Anda di sini</text>") == 1
    assert '<div class="k-flow" tabindex="0" role="region" aria-label=' in page
    assert f"Anda di sini: {state['label']}." in page
    assert page.count("<tr") == 1 + len(drawn["rows"])
    assert "style=" not in page
    assert len(page.encode()) < 28_000, "too much for the budget of a document's page"


def test_a_label_of_an_attacker_stays_text() -> None:
    page = shown(service.picture(FLOWS["skp"], "draft", lambda text: "<b>" + text))
    assert "<b>" not in page
