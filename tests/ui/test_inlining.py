"""Templates with their macros written out say to the byte what they say with macros called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, Undefined, nodes

from kinerja.views.inlining import PageEnvironment, write_out
from kinerja.views.inlining.keeping import Compiled
from tests.ui.snippets import SNIPPETS, context

TEMPLATES = Path(__file__).parents[2] / "kinerja" / "templates"
PARTS = """
{%- set mark = 'm' -%}
{%- macro cell(label=None, value=None) -%}<td{% if label %} l="{{ label }}"{% endif %}>
{%- if caller is defined %}{{ caller() }}{% else %}{{ value }}{% endif %}</td>{%- endmacro -%}
{%- macro row(id) -%}<tr id="{{ id }}{{ mark }}">{{ caller() }}</tr>{%- endmacro -%}
{%- macro twice(text) -%}{% set text = text or 'none' %}{{ text }}{{ text }}{%- endmacro -%}
{%- macro each(items) -%}{% for i in items %}{{ cell(loop.index, i) }}{% endfor %}{%- endmacro -%}
{%- macro numbered(n) -%}{% for x in 'ab' %}{{ n }}{{ x }}{% endfor %}{%- endmacro -%}
{%- macro known(due) -%}{% if due %}{{ due.text }}{% if due.tone %}{{ due.tone }}{% endif %}{% endif %}{%- endmacro -%}
{%- macro around() -%}{{ page }}{%- endmacro -%}
{%- macro down(n) -%}{{ n }}{% if n %}{{ down(n - 1) }}{% endif %}{%- endmacro -%}
{%- macro inside() -%}{% for x in 'ab' %}{{ caller() }}{% endfor %}{%- endmacro -%}
{%- macro kept() -%}{% set inner = caller() %}{% if inner|trim %}[{{ inner }}]{% endif %}{%- endmacro -%}
"""
# What a page says, and whether a call is left in it.
CASES = {
    "a fixed text": ("{{ p.cell('a', 1) }}", False),
    "a hostile text": ("{{ p.cell(bad, bad) }}", False),
    "nothing at all": ("{{ p.cell() }}", False),
    "an unknown name": ("{{ p.cell('a', nobody) }}", False),
    "a call block": ("{% call p.row(7) %}{% call p.cell('x') %}{{ bad }}{% endcall %}{% endcall %}", False),
    "a parameter that is set": ("{{ p.twice(nothing) }}{{ p.twice(bad) }}", False),
    "names like those of the macro": (
        "{% set text = 'mine' %}{% set label = 'l' %}{{ p.twice('t') }}{{ p.cell('c', label) }}{{ text }}",
        False,
    ),
    "a loop within": ("{{ p.each([1, bad]) }}", False),
    "the number of the outer loop": ("{% for i in 'xyz' %}{{ p.numbered(loop.index) }}{% endfor %}", False),
    "the outer loop in a call block": (
        "{% for i in 'xy' %}{% call p.cell() %}{{ loop.index }}{% endcall %}{% endfor %}",
        False,
    ),
    "what a call block gives, kept": ("{% call p.kept() %} {{ bad }}{% endcall %}", False),
    "an empty call block, kept": ("{% call p.kept() %} {% endcall %}", False),
    "a name of the page": ("{{ p.around() }}", True),
    "a macro that calls itself": ("{{ p.down(3) }}", True),
    "a call block repeated": ("{% call p.inside() %}{{ bad }}{% endcall %}", True),
    "values not known beforehand": ("{{ p.cell(*pair) }}", True),
    "either of two macros": ("{{ p.cell('a') if bad else p.cell('b') }}{{ p.cell() if nothing }}", False),
    "a mapping written in the call": ("{{ p.known({'text': bad, 'tone': p.cell('x', 1)}) }}", False),
    "a mapping without a part that is read": ("{{ p.known({'text': bad}) }}{{ p.known(nobody) }}", False),
    "a call within an expression": ("{{ p.cell('a') ~ 'b' }}", True),
}


def make(plain: Environment, *, written_out: bool) -> Any:
    app = Flask("pages")
    app.config["TEMPLATES_AUTO_RELOAD"] = not written_out
    app.jinja_environment = PageEnvironment
    # What other applications of this process have compiled knows filters that these pages are not given.
    app.jinja_options = {"bytecode_cache": Compiled()}
    env = app.jinja_env
    env.loader = ChoiceLoader([DictLoader({"parts.html": PARTS}), FileSystemLoader(TEMPLATES)])
    env.globals |= {name: plain.globals[name] for name in ("url_for", "istilah", "get_flashed_messages")}
    env.globals["_"] = lambda text, **values: text % values
    env.filters |= {name: plain.filters[name] for name in ("bertanggal",)}
    return env


@pytest.fixture(scope="module")
def quick(env: Environment) -> Any:
    return make(env, written_out=True)


@pytest.fixture(scope="module")
def slow(env: Environment) -> Any:
    return make(env, written_out=False)


GIVEN = {"bad": "<b>'\"&", "nothing": "", "pair": ("a", 2), "page": "here"}


@pytest.mark.parametrize("case", CASES)
def test_a_page_says_the_same_with_its_macros_written_out(quick: Any, slow: Any, case: str) -> None:
    source, called = CASES[case]
    at_top = '{% import "parts.html" as p %}' + source
    in_block = '{% block b %}{% import "parts.html" as p with context %}' + source + "{% endblock %}"
    for page in (at_top, in_block):
        assert quick.from_string(page).render(GIVEN) == slow.from_string(page).render(GIVEN)
        tree = quick.parse(page)
        write_out(tree, quick)
        left = {call.node.attr for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Getattr)}
        assert bool(left) == called


@pytest.mark.parametrize("name", SNIPPETS)
def test_every_component_is_the_same_either_way(quick: Any, slow: Any, name: str) -> None:
    page = '{% import "_ui.html" as ui %}' + SNIPPETS[name]
    pages = quick.from_string(page), slow.from_string(page)
    for text in ("Laporan mutu data", "<script>alert(1)</script>", ""):
        assert pages[0].render(context(text)) == pages[1].render(context(text))


def test_a_fixed_text_in_a_loop_is_looked_up_once(quick: Any) -> None:
    asked: list[str] = []
    page = quick.from_string(
        "{% block b %}{% for i in 'abc' %}{{ _('Nama') }}{{ _(i) }}{% endfor %}{% endblock %}"
    )
    assert page.render(_=lambda text: asked.append(text) or text) == "NamaaNamabNamac"
    assert asked == ["Nama", "a", "b", "c"]


def test_a_name_nobody_gave_is_still_told_as_such(quick: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    class Missing(Undefined):
        def __str__(self) -> str:
            seen.append(self._undefined_name)
            return ""

    monkeypatch.setattr(quick, "undefined", Missing)
    page = "{% block b %}{% if given %}{{ given }}{% endif %}{{ absent }}{% endblock %}"
    assert quick.from_string(page).render() == ""
    assert seen == ["absent"]


def test_a_page_that_may_change_is_left_as_it_is_written(quick: Any, slow: Any) -> None:
    page = '{% import "_ui.html" as ui %}{{ ui.icon("x") }}'
    assert "'icon'" in slow.compile(page, raw=True)
    assert "'icon'" not in quick.compile(page, raw=True)
