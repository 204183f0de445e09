"""What is true of every file: templates show values and nothing else, law has a source, files stay readable."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "kinerja" / "rules" / "data"
LONGEST = 400
# Files that may be longer, each with its reason.
LONGER: dict[str, str] = {"kinerja/static/app.css": "one theme, which every page loads in one request"}
STATUSES = {"hukum", "terverifikasi", "asumsi", "desain", "belum_ada"}
CODE = {".py", ".html", ".css", ".js", ".sh"}
# Written once and never read again as a whole: a migration holds what a year of tables holds.
NOT_READ = ("kinerja/static/vendor/", "e2e/vendor/", "migrations/versions/")


@dataclass(frozen=True)
class Rule:
    """Something that stands nowhere in files of one kind, and what to do instead."""

    pattern: re.Pattern[str]
    where: Callable[[str], bool]
    what: str
    remedy: str

    def found_in(self, text: str) -> Iterator[int]:
        for match in self.pattern.finditer(text):
            yield text.count("\n", 0, match.start()) + 1


def template(name: str) -> bool:
    return name.startswith("kinerja/templates/")


def template_or_style(name: str) -> bool:
    return template(name) or (name.startswith("kinerja/static/") and name.endswith((".css", ".js")))


def anything(name: str) -> bool:
    return name != "tests/test_house.py"


def rule(pattern: str, where: Callable[[str], bool], what: str, remedy: str, flags: int = re.I) -> Rule:
    return Rule(re.compile(pattern, flags), where, what, remedy)


RULES = [
    rule(r"\|\s*safe\b", template, "switches escaping off", "hand the template text, and let it make the marks"),
    rule(r"autoescape\s+false", template, "switches escaping off", "leave it on"),
    rule(r"<script(?![^>]*\bsrc=)", template, "has a script in the page", "put it into static/app.js"),
    rule(r"<style\b", template, "has a style in the page", "put it into static/app.css"),
    rule(r"<[a-z][^>{}]*\sstyle\s*=", template, "has a style in an element", "give it a class"),
    rule(r"<[a-z][^>{}]*\son[a-z]+\s*=", template, "has a script in an element", "listen in static/app.js"),
    rule(r"\bhx-on\b", template, "has a script in an element", "listen in static/app.js"),
    rule(r"javascript:|hx-vals=['\"]js:", template, "has a script in an address", "use a form"),
    rule(r"\bcurrent_user\b", template, "asks who is signed in", "let the view hand in what the page shows"),
    rule(r"\bdb\.|\.query\b", template, "asks the database", "let the view hand in what the page shows"),
    rule(
        r"https?://(?!www\.w3\.org/(2000/svg|1999/xlink))",
        template_or_style,
        "names another origin",
        "serve it from static/",
    ),
    rule(r"\b(TODO|FIXME|XXX|HACK)\b", anything, "leaves something for later", "do it, or write an issue", 0),
    rule(
        r"(\.\./shared|/wo" r"rk/|/tmp/br" r"ief|\bmock" r"ups/|\bexper" r"ience\.md"
        r"|[0-9]-(alur|dokumen|perhitungan|struktur-dan-peran|contoh-hit" r"ungan|kebutuhan-peng" r"guna)\.md)",
        anything,
        "cites a file outside the project",
        "name the regulation, or say it here",
    ),
    rule(
        r"Unmet\(\s*\"[0-9]|\([1-5]\.[0-9]{1,2}(\.[0-9]+)*( no\. [0-9]+)?\)",
        lambda name: name.startswith("kinerja/") and name.endswith(".py"),
        "cites a section of nothing that is here",
        "name the regulation, or say OWN_RULE",
    ),
]  # fmt: skip


@cache
def files() -> dict[str, str]:
    """The text of every file of ours that git knows or will know."""
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    found = {}
    for name in sorted(set(told)):
        path = ROOT / name
        if (
            path.is_file()
            and not name.startswith(NOT_READ)
            and path.suffix not in {".png", ".ico", ".mo", ".xlsx"}
        ):
            found[name] = path.read_text(encoding="utf-8", errors="replace")
    return found


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.pattern.pattern[:30])
def test_no_file_has_what_stands_nowhere(one: Rule) -> None:
    found = [
        f"{name}:{line} {one.what}; {one.remedy}"
        for name, text in files().items()
        if one.where(name)
        for line in one.found_in(text)
    ]
    assert not found, "\n" + "\n".join(found)


SEEDED = [
    ("kinerja/templates/a.html", "{{ note|safe }}", "switches escaping off"),
    ("kinerja/templates/a.html", "{{ note | safe }}", "switches escaping off"),
    ("kinerja/templates/a.html", "{% autoescape false %}", "switches escaping off"),
    ("kinerja/templates/a.html", "<script>go()</script>", "has a script in the page"),
    ("kinerja/templates/a.html", '<script type="module">', "has a script in the page"),
    ("kinerja/templates/a.html", "<style>p {}</style>", "has a style in the page"),
    ("kinerja/templates/a.html", '<p class="x" style="color: red">', "has a style in an element"),
    ("kinerja/templates/a.html", '<button\n  onclick="go()">', "has a script in an element"),
    ("kinerja/templates/a.html", '<p hx-on:click="go()">', "has a script in an element"),
    ("kinerja/templates/a.html", '<a href="javascript:go()">', "has a script in an address"),
    ("kinerja/templates/a.html", "{% if current_user.admin %}", "asks who is signed in"),
    ("kinerja/templates/a.html", '<link href="https://cdn.example/a.css">', "names another origin"),
    ("kinerja/static/app.css", "@import url(http://fonts.example/a)", "names another origin"),
    ("kinerja/rules/a.py", "# TO" + "DO: later", "leaves something for later"),
    ("docs/a.md", "see ../shared/domain", "cites a file outside the project"),
    ("tests/a.py", "# see 5-contoh-hit" + "ungan.md", "cites a file outside the project"),
    ("tests/a.py", "# 6-kebutuhan-peng" + "guna.md, row 3", "cites a file outside the project"),
    ("kinerja/a.py", "# as mock" + "ups/home.html shows", "cites a file outside the project"),
    ("kinerja/a.py", "# after exper" + "ience.md", "cites a file outside the project"),
    ("kinerja/a.py", 'Unmet("3.12", text)', "cites a section of nothing that is here"),
    ("kinerja/a.py", "# Ratings wait (1.5).", "cites a section of nothing that is here"),
]


@pytest.mark.parametrize("name, text, what", SEEDED)
def test_a_seeded_breach_is_found(name: str, text: str, what: str) -> None:
    assert what in [one.what for one in RULES if one.where(name) and list(one.found_in(text))]


INNOCENT = [
    '<script src="{{ url }}" defer></script>',
    '<input class="k" name="on" value="{{ style }}">',
    '<svg xmlns="http://www.w3.org/2000/svg">',
    "{{ safe_name }}",
    '<p data-onset="x" class="style">',
]


@pytest.mark.parametrize("text", INNOCENT)
def test_what_only_looks_like_a_breach_is_none(text: str) -> None:
    name = "kinerja/templates/a.html"
    assert [one.what for one in RULES if one.where(name) and list(one.found_in(text))] == []


def test_every_file_can_be_read_in_one_sitting() -> None:
    long = {
        name: text.count("\n")
        for name, text in files().items()
        if Path(name).suffix in CODE and text.count("\n") > LONGEST and name not in LONGER
    }
    assert not long, f"longer than {LONGEST} lines; one idea a file: {long}"


def test_the_list_of_longer_files_names_only_files_that_are_longer() -> None:
    assert {name for name in LONGER if files()[name].count("\n") <= LONGEST} == set()


def test_no_file_is_called_after_nothing_in_particular() -> None:
    vague = {"utils.py", "util.py", "helpers.py", "misc.py", "common.py", "tools.py"}
    assert [name for name in files() if Path(name).name in vague] == []


def parameters(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What must say where it comes from: the rows of a file of parameters, else the file as a whole."""
    data = tomllib.loads((DATA / name).read_text(encoding="utf-8"))
    if "parameter" in data:
        yield from data["parameter"].items()
    elif name == "deadlines.toml":
        yield from data.items()
    else:
        yield name, data


# Words only: what documents, levels, terms and the sources themselves are called; no number depends on them.
WITHOUT_SOURCE = {"labels.toml", "glossary.toml", "origins.toml"}


@pytest.mark.parametrize(
    "name", sorted(path.name for path in DATA.glob("*.toml") if path.name not in WITHOUT_SOURCE)
)
def test_every_number_of_the_law_has_a_status_and_a_source(name: str) -> None:
    bare = [
        code
        for code, row in parameters(name)
        if row.get("status") not in STATUSES or not str(row.get("source", "")).strip()
    ]
    assert not bare, f"{name}: no status of {sorted(STATUSES)}, or no source: {bare}"


def test_every_rule_set_names_its_regulation() -> None:
    for path in DATA.glob("*-20*.toml"):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        if "parameter" in data:
            assert data["source"].strip()
            assert data["title"].strip()
