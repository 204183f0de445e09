"""No rule without a source, no source without a date: flows, deadlines, parameters, holidays, findings and formulas."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import kinerja.rules
from kinerja.rules.origins import OURS, origin_of, origins
from kinerja.rules.registry import CODES, regulation
from kinerja.workflows import FLOWS
from kinerja.workflows.base import DocumentFlow

RULES = Path(kinerja.rules.__file__).parent
# Words only, and the list of origins itself.
NO_LAW = {"labels.toml", "glossary.toml", "origins.toml"}
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
# Where the source stands among the arguments of a finding and of a step of a working.
PLACE = {"Finding": 5, "Part": 2}


def resolves(source: str, status: str) -> bool:
    try:
        return bool(source.strip() and origin_of(source, status).dated)
    except LookupError:
        return False


def sourced(found: Any, path: tuple[str, ...] = (), status: str = "") -> Iterator[tuple[str, str, str]]:
    """(place, source, status) of every table with a source; a status holds for the tables inside."""
    if isinstance(found, Mapping):
        status = found.get("status", status)
        if "source" in found:
            yield ".".join(path), found["source"], status
        for key, inner in found.items():
            yield from sourced(inner, (*path, key), status)
    elif isinstance(found, list):
        for index, inner in enumerate(found):
            yield from sourced(inner, (*path, str(index)), status)


def test_every_origin_has_a_name_a_title_and_a_year_and_a_known_day_says_where_it_was_read() -> None:
    names = {origin.name for origin in origins()}
    for origin in origins():
        assert origin.name
        assert origin.title
        assert origin.marks
        assert DATE.fullmatch(origin.dated), origin.name
        days = [day for day in (origin.enacted, origin.promulgated, origin.in_force) if day]
        assert bool(days) == bool(origin.known_from), origin.name
        assert days == sorted(days), origin.name
        assert all(origin.year == day.year for day in days), origin.name
        assert not origin.replaces or origin.replaces in names


def test_the_days_of_the_national_regulation_are_those_of_its_last_page() -> None:
    """PermenPANRB 6/2022 art. 41 and p.21."""
    found = origin_of("PermenPANRB 6/2022 Pasal 14", "hukum")
    assert (found.enacted, found.promulgated, found.in_force) == (
        date(2022, 2, 3),
        date(2022, 2, 7),
        date(2022, 2, 7),
    )


@pytest.mark.parametrize("code", CODES)
def test_every_rule_set_rests_on_a_dated_text(code: str) -> None:
    assert origin_of(regulation(code).source, "terverifikasi").dated


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_every_row_of_every_flow_names_a_dated_source(flow: type[DocumentFlow]) -> None:
    rows = [(f"{move.source} {move.event}", move.row) for move in flow.moves()]
    rows += [(entry.event, entry) for entry in flow.entries]
    bare = [
        f"{name}: {flow.source_of(row)}"
        for name, row in rows
        if not resolves(flow.source_of(row), row.status)
    ]
    assert bare == []
    claimed = [name for name, row in rows if row.status not in OURS and not row.source]
    assert claimed == [], "the law is named where the law is claimed"


@pytest.mark.parametrize(
    "path", sorted(p for p in (RULES / "data").glob("*.toml") if p.name not in NO_LAW), ids=str
)
def test_every_number_names_a_dated_source(path: Path) -> None:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    bare = [f"{where}: {source}" for where, source, status in sourced(data) if not resolves(source, status)]
    assert bare == []


def _constants(tree: ast.Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }


def _source(call: ast.Call, name: str) -> ast.expr | None:
    named = next((word.value for word in call.keywords if word.arg == "source"), None)
    return named or (call.args[PLACE[name]] if len(call.args) > PLACE[name] else None)


@pytest.mark.parametrize("path", sorted(RULES.glob("*.py")), ids=lambda path: path.stem)
def test_every_finding_and_every_step_of_a_formula_gives_its_source(path: Path) -> None:
    """What is written out resolves to a dated text; anything else is the source of a parameter, tested above."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    known, bare = _constants(tree), []
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in PLACE):
            continue
        source = _source(call, call.func.id)
        text = source.value if isinstance(source, ast.Constant) else known.get(getattr(source, "id", ""))
        if source is None or (text is not None and not resolves(str(text), "terverifikasi")):
            bare.append(f"line {call.lineno}: {text!r}")
    assert bare == []
