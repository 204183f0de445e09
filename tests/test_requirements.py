"""The list of requirements is whole and true: every test it names exists, and nothing counts as done without one.

Also: no file of the project names a place outside it, neither a folder of some machine nor where packages come from.
"""

from __future__ import annotations

import ast
import csv
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "docs" / "kebutuhan.csv"
COLUMNS = ["nomor", "kebutuhan", "keadaan", "uji"]
STATES = {"selesai", "sebagian", "belum"}
REQUIREMENTS = 93


@cache
def rows() -> list[dict[str, str]]:
    with LIST.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == COLUMNS
        return list(reader)


@cache
def names_in(name: str) -> frozenset[str]:
    """The tests a file defines, "test_x" and "TestY::test_z", read without running it."""
    path = ROOT / name
    if not path.is_file():
        return frozenset()
    return frozenset(_defined(ast.parse(path.read_text(encoding="utf-8")).body, ""))


def _defined(body: list[ast.stmt], prefix: str) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            yield prefix + node.name
        elif isinstance(node, ast.ClassDef):
            yield from _defined(node.body, f"{prefix}{node.name}::")


def exists(node_id: str) -> bool:
    """Is there such a test? A parameter in brackets is not looked at."""
    name, _sep, test = node_id.partition("[")[0].partition("::")
    return name.startswith(("tests/", "e2e/")) and test in names_in(name)


def test_every_requirement_has_its_row_in_order() -> None:
    assert [row["nomor"] for row in rows()] == [str(number) for number in range(1, REQUIREMENTS + 1)]


def test_every_requirement_is_a_sentence_with_a_state() -> None:
    bad = [
        row["nomor"]
        for row in rows()
        if row["keadaan"] not in STATES or len(row["kebutuhan"]) < 40 or not row["kebutuhan"].endswith(".")
    ]
    assert not bad


def now_in(node_id: str) -> str:
    """Where a test of this name stands today, so that a moved one is found at once."""
    test = node_id.partition("[")[0].rpartition("::")[2]
    files = (
        path.relative_to(ROOT).as_posix()
        for room in ("tests", "e2e")
        for path in (ROOT / room).rglob("test_*.py")
    )
    return ", ".join(sorted(name for name in files if test in names_in(name))) or "nowhere"


def test_every_test_that_is_named_exists() -> None:
    lost = [
        f"{row['nomor']}: {node} (now in: {now_in(node)})"
        for row in rows()
        for node in row["uji"].split()
        if not exists(node)
    ]
    assert not lost, "\n" + "\n".join(lost)


def test_a_moved_test_is_told_with_its_new_place() -> None:
    moved = "tests/test_elsewhere.py::test_a_moved_test_is_told_with_its_new_place"
    assert now_in(moved) == "tests/test_requirements.py"
    assert now_in("tests/test_elsewhere.py::test_that_nobody_wrote") == "nowhere"


def test_nothing_counts_as_done_or_begun_without_a_test() -> None:
    assert [row["nomor"] for row in rows() if row["keadaan"] != "belum" and not row["uji"].split()] == []


def test_what_is_not_begun_names_no_test() -> None:
    assert [row["nomor"] for row in rows() if row["keadaan"] == "belum" and row["uji"]] == []


@pytest.mark.parametrize(
    ("node_id", "there"),
    [
        ("tests/test_requirements.py::test_every_test_that_is_named_exists", True),
        ("tests/test_requirements.py::test_a_test_is_found_by_its_node_id[one]", True),
        ("tests/test_requirements.py::test_that_nobody_wrote", False),
        ("tests/test_requirements.py", False),
        ("tests/test_requirement.py::test_every_test_that_is_named_exists", False),
        ("kinerja/cli.py::main", False),
    ],
)
def test_a_test_is_found_by_its_node_id(node_id: str, there: bool) -> None:
    assert exists(node_id) is there


# Put together from pieces, so that this file does not name what it looks for.
OUTSIDE = re.compile(r"(?<![\w.])/(?:(?:wo" + r"rk|ro" + r"ot)/|(?:ho" + r"me|Us" + r"ers)/[A-Za-z])")
INDEX = re.compile(
    r"pypi\." + r"org|python" + r"hosted\.|dev" + r"pi\b|arti" + r"factory|--(?:extra-)?index" + r"-url[= ]"
)
NOT_OURS = ("kinerja/static/vendor/", "e2e/vendor/")


@cache
def texts() -> dict[str, str]:
    """Every file of the project that can be read as text."""
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    found = {}
    for name in sorted(set(told)):
        path = ROOT / name
        if path.is_file() and not name.startswith(NOT_OURS):
            try:
                found[name] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
    return found


def places(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match.group() for match in pattern.finditer(text)]


def test_no_file_names_a_folder_outside_the_project() -> None:
    found = {name: hits for name, text in texts().items() if (hits := places(OUTSIDE, text))}
    assert not found


def test_no_file_names_where_packages_come_from() -> None:
    found = {name: hits for name, text in texts().items() if (hits := places(INDEX, text))}
    assert not found


@pytest.mark.parametrize(
    ("pattern", "text", "there"),
    [
        (OUTSIDE, "see /wo" + "rk/notes.md", True),
        (OUTSIDE, "/ho" + "me/someone/kinerja", True),
        (OUTSIDE, "framework/rules and docs/wo" + "rk/notes", False),
        (OUTSIDE, "/srv/kinerja/instance", False),
        (INDEX, "--index" + "-url https://example", True),
        (INDEX, "files.python" + "hosted.org", True),
        (INDEX, "flask==3.1.2", False),
    ],
)
def test_a_seeded_place_is_found(pattern: re.Pattern[str], text: str, there: bool) -> None:
    assert bool(places(pattern, text)) is there
