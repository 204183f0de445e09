"""The frame of the pages: layout, gates and error pages, with and without a person, a demo, a shell."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment
from wtforms import Form, PasswordField, StringField

from tests.ui.markup import complaints, read

TEMPLATES = Path(__file__).parents[2] / "kinerja" / "templates"
STATIC = TEMPLATES.parent / "static"
ERRORS = sorted(p.name for p in (TEMPLATES / "errors").glob("*.html") if not p.name.startswith("_"))
WITHOUT_TEXT = {"404.html", "413.html", "429.html", "demo.html"}
GATES = sorted(p.name for p in (TEMPLATES / "auth").glob("*.html") if not p.name.startswith("_"))


class SignIn(Form):
    identity = StringField("NIP atau e-mail")
    password = PasswordField("Kata sandi")


def told() -> dict[str, Any]:
    typed = [{"op": "del", "text": "240"}]
    part = {"name": "d1", "label": "Target", "saved": "260", "typed": typed, "old": "260", "new": "240"}
    return {
        "form": SignIn(),
        "items": [
            {"label": "SKP 2026", "sub": "A.1.7", "number": "SKP-2026-000118", "hash": "7c1e", "href": "#a"}
        ],
        "parts": [part],
        "problems": [{"text": "Isi target", "href": "#isi"}],
        "typed": [("Kendala", "<i>Data</i>")],
        "dates": [{"date_label": "31 Juli 2026", "text": "Batas rekam", "assumed": True}],
        "at": "20 Juli 2026, 10.44 WIB",
        "ref": "7F2-19C",
        "back": "#kembali",
        "action": "#",
        "hidden": [("version", "8")],
        "saved_by": "Bagas",
        "saved_at": "10.41",
        "next": "/dokumen",
    }


@pytest.mark.parametrize(
    "name", [f"errors/{n}" for n in ERRORS] + [f"auth/{n}" for n in GATES] + ["layout.html"]
)
def test_a_page_is_accepted_by_a_strict_reader(env: Environment, shell: dict[str, Any], name: str) -> None:
    assert complaints(env.get_template(name).render(shell=shell, **told())) == []


@pytest.mark.parametrize("name", [f"errors/{n}" for n in ERRORS])
@pytest.mark.parametrize("shell_", [None, {}], ids=["no shell", "empty shell"])
def test_an_error_page_stands_when_nothing_else_does(env: Environment, name: str, shell_: Any) -> None:
    values = {} if shell_ is None else {"shell": shell_}
    html = env.get_template(name).render(**values)
    assert complaints(html) == []
    assert len(read(html).all("h1")) == 1


@pytest.mark.parametrize("name", [f"errors/{n}" for n in ERRORS if n not in WITHOUT_TEXT])
def test_an_error_page_keeps_what_was_written(env: Environment, shell: dict[str, Any], name: str) -> None:
    values = told() | {"parts": []}
    html = env.get_template(name).render(shell=shell, **values)
    assert "&lt;i&gt;Data&lt;/i&gt;" in html


def test_what_is_not_there_and_what_is_not_for_you_read_the_same(
    env: Environment, shell: dict[str, Any]
) -> None:
    template = env.get_template("errors/404.html")
    assert template.render(shell=shell, **told()) == template.render(
        shell=shell, **told() | {"reason": "rahasia"}
    )


def test_the_conflict_page_shows_both_versions_and_lets_one_choose(
    env: Environment, shell: dict[str, Any]
) -> None:
    page = read(env.get_template("errors/409.html").render(shell=shell, **told()))
    radios = [e for e in page.all("input") if e.attrs.get("type") == "radio"]
    assert [
        (e.attrs["name"], e.attrs["value"], "checked" in e.attrs, "required" in e.attrs) for e in radios
    ] == [("d1", "260", False, True), ("d1", "240", False, True)]


@pytest.mark.parametrize(
    "theme, attribute", [("auto", None), ("light", "light"), ("dark", "dark"), ("<b>", None)]
)
def test_the_look_comes_from_the_server(
    env: Environment, shell: dict[str, Any], theme: str, attribute: str | None
) -> None:
    page = read(env.get_template("layout.html").render(shell=shell | {"theme": theme}))
    assert page.all("html")[0].attrs.get("data-bs-theme") == attribute


def test_htmx_is_told_to_evaluate_nothing_and_to_swap_refusals(
    env: Environment, shell: dict[str, Any]
) -> None:
    page = read(env.get_template("layout.html").render(shell=shell))
    meta = {e.attrs["name"]: e.attrs["content"] for e in page.all("meta") if "name" in e.attrs}
    told_htmx = json.loads(meta["htmx-config"])
    assert told_htmx["allowEval"] is False
    assert told_htmx["includeIndicatorStyles"] is False
    assert told_htmx["selfRequestsOnly"] is True
    assert told_htmx["historyCacheSize"] == 0
    swaps = {r["code"]: r["swap"] for r in told_htmx["responseHandling"]}
    assert swaps["409"]
    assert swaps["422"]
    assert not swaps["[45].."]


def test_the_mark_against_forged_requests_travels_with_htmx(env: Environment, shell: dict[str, Any]) -> None:
    body = read(env.get_template("layout.html").render(shell=shell | {"csrf": "a'\"<"})).all("body")[0]
    assert json.loads(body.attrs["hx-headers"]) == {"X-CSRFToken": "a'\"<"}


def test_every_form_that_changes_something_carries_the_mark(env: Environment, shell: dict[str, Any]) -> None:
    page = read(env.get_template("layout.html").render(shell=shell))
    posts = [f for f in page.all("form") if f.attrs.get("method") == "post"]
    assert posts
    for form in posts:
        inside = [e.attrs.get("name") for e in page.all("input") if form in e.parents]
        assert "csrf_token" in inside


def test_the_words_of_the_script_are_all_given(env: Environment, shell: dict[str, Any]) -> None:
    page = read(env.get_template("layout.html").render(shell=shell))
    words = json.loads(next(e.attrs["content"] for e in page.all("meta") if e.attrs.get("name") == "k-words"))
    script = (STATIC / "app.js").read_text(encoding="utf-8")
    asked = set(re.findall(r"say\('(\w+)'", script)) | set(re.findall(r"words\.(\w+)", script))
    assert asked == set(words)


def test_the_script_evaluates_no_text(env: Environment) -> None:
    script = (STATIC / "app.js").read_text(encoding="utf-8")
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|\beval\(|new Function|document\.write|\.style\b"
    assert not re.search(forbidden, script)


def test_a_stranger_sees_no_menu_and_the_way_in(env: Environment, shell: dict[str, Any]) -> None:
    html = env.get_template("layout.html").render(shell=shell | {"person": None, "demo": None})
    assert "k-menu--me" not in html
    assert "/auth/sign_in" in html


def test_the_demo_bar_is_there_only_in_demo_mode(env: Environment, shell: dict[str, Any]) -> None:
    template = env.get_template("layout.html")
    assert "k-demo" in template.render(shell=shell)
    assert "k-demo" not in template.render(shell=shell | {"demo": None})


def test_the_demo_moves_only_forward(env: Environment, shell: dict[str, Any]) -> None:
    page = read(env.get_template("layout.html").render(shell=shell))
    day = next(e for e in page.all("input") if e.attrs.get("type") == "date")
    assert day.attrs["min"] == day.attrs["value"] == "2026-07-20"


def test_whoever_acts_for_another_is_told_on_every_page(env: Environment, shell: dict[str, Any]) -> None:
    template = env.get_template("layout.html")
    assert "Anda bertindak sebagai Plh. Kepala" in template.render(shell=shell)
    assert "k-acting" not in template.render(shell=shell | {"acting": []})


def test_what_was_just_done_is_said_aloud(env: Environment, shell: dict[str, Any]) -> None:
    page = read(env.get_template("layout.html").render(shell=shell))
    assert any("Disimpan." in e.text for e in page.elements if e.attrs.get("role") == "status")


def test_no_template_marks_text_as_safe_or_carries_style_or_script() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|\bstyle=|<style|\bon\w+=\"|hx-on|autoescape false", text), (
            path.name
        )


def test_light_and_dark_set_the_same_colours() -> None:
    css = (STATIC / "app.css").read_text(encoding="utf-8")
    device = re.search(r"\(prefers-color-scheme: dark\) \{\s*:root[^{]*\{([^}]*)\}", css)
    chosen = re.search(r'\n\[data-bs-theme="dark"\] \{([^}]*)\}', css)
    assert device
    assert chosen
    lines = [re.findall(r"(--[\w-]+|color-scheme): ([^\n]+);", block) for block in (device[1], chosen[1])]
    assert lines[0] == lines[1]
    assert len(lines[0]) > 40
