"""Each macro of `_ui.html`, drawn once and read strictly; and once more with hostile text in every place."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from jinja2 import Environment

from tests.ui.markup import complaints, read
from tests.ui.snippets import SNIPPETS, context

Draw = Callable[..., str]

HOSTILE = """<script>alert(1)</script>"'><b onclick=x>&"""


def test_every_macro_has_its_snippet(env: Environment) -> None:
    exported = {name for name in vars(env.get_template("_ui.html").module) if not name.startswith("_")}
    assert exported == set(SNIPPETS)


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_macro_draws_html_a_strict_reader_accepts(draw: Draw, name: str) -> None:
    assert complaints(draw(SNIPPETS[name], **context("Laporan mutu data"))) == []


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_macro_lets_no_text_become_markup(draw: Draw, name: str) -> None:
    html = draw(SNIPPETS[name], **context(HOSTILE))
    page = read(html)
    assert not page.all("script", "b[onclick]")
    assert not [e for e in page.elements if "onclick" in e.attrs]
    assert [c for c in complaints(html) if "carries" in c or "closes" in c] == []


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_macro_draws_from_icons_that_exist(env: Environment, draw: Draw, name: str) -> None:
    sprite = env.loader.searchpath[0] + "/../static/icons.svg"  # type: ignore[union-attr]
    with open(sprite, encoding="utf-8") as file:
        known = set(re.findall(r'symbol id="([^"]+)"', file.read()))
    used = set(re.findall(r'icons\.svg#([^"]+)"', draw(SNIPPETS[name], **context("a"))))
    assert used <= known


def test_a_missing_value_in_a_cell_is_a_dash_not_nothing(draw: Draw) -> None:
    assert (
        read(draw("<table>{{ ui.td('Nilai', none) }}{{ ui.td('Nilai', missing) }}</table>")).all("td")[0].text
        == "–"
    )


def test_a_zero_in_a_cell_stays_a_zero(draw: Draw) -> None:
    assert read(draw("<table>{{ ui.td('Nilai', 0, num=true) }}</table>")).all("td")[0].text == "0"


def test_why_without_reasons_draws_nothing(draw: Draw) -> None:
    assert draw("{{ ui.why([]) }}") == ""


def test_a_panel_of_someone_elses_turn_is_not_brown(draw: Draw) -> None:
    assert "k-panel--turn" not in draw("{{ ui.turn_panel(mine=false, text='a') }}")
    assert "k-panel--turn" in draw("{{ ui.turn_panel(text='a') }}")


def test_a_task_names_its_button_by_what_it_opens(draw: Draw) -> None:
    page = read(draw("<ul>{{ ui.task('Realisasi SKP', '#a', 'Rekam') }}</ul>"))
    assert page.all("a")[1].attrs["aria-label"] == "Rekam: Realisasi SKP"


def test_the_guard_fields_name_version_key_and_document(draw: Draw) -> None:
    page = read(draw("{{ ui.hidden_guard_fields('tanda', 7, 'kunci', 'doc9') }}"))
    assert {e.attrs["name"]: e.attrs["value"] for e in page.all("input")} == {
        "csrf_token": "tanda",
        "version": "7",
        "key": "kunci",
    }
    assert page.all("input")[1].attrs["data-doc"] == "doc9"
