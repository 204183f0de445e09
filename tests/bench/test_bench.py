"""`make bench` runs from end to end at a small size, stops by itself, and says what it measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks import tables
from benchmarks.load import Samples

ROOT = Path(__file__).resolve().parents[2]


def test_a_quick_run_measures_every_page_and_ends(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=420,
        env=os.environ | {"QUICK": "1", "RESULTS": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads((tmp_path / "quick.json").read_text())
    (run,) = found["runs"]
    assert (run["database"], run["people"]) == ("sqlite", 20)
    assert set(run["pages"]) == {"bare page", "bare write", *tables.BUDGETS}
    assert run["memory_mb"] < tables.MEMORY_MB
    assert run["import_rows_per_second"] > 0
    for name, page in run["pages"].items():
        assert page["requests"] > 0
        assert page["p95_ms"] >= page["p50_ms"] > 0
        if name in tables.BUDGETS:  # counts and bytes are exact on any machine; times are for the real bench
            statements, size, _ratio = tables.BUDGETS[name]
            assert 0 < page["statements"] <= statements, name
            assert page["bytes"] <= size, name
        assert name in done.stdout


def _samples(seconds: float, statements: int = 8) -> Samples:
    return Samples(
        seconds=[seconds] * 20,
        elapsed=seconds * 20,
        cpu=seconds * 20,
        statements=Counter({statements: 20}),
        size=1000,
    )


def _run(people: int, **changed: Any) -> dict[str, Any]:
    samples = {"bare page": _samples(0.004), "bare write": _samples(0.004)}
    samples |= {name: changed.get(name.split()[0], _samples(0.008)) for name in tables.BUDGETS}
    pages = {name: tables.figures(name, samples) for name in samples}
    return {"database": "sqlite", "people": people, "memory_mb": changed.get("memory", 100), "pages": pages}


@pytest.mark.parametrize(
    "changed, told",
    [
        ({}, ""),
        ({"home": _samples(0.02)}, "home: 5.0 times the bare page, budget 3.0"),
        ({"document": _samples(0.008, 13)}, "document: 13 statements, budget 12"),
        ({"memory": 151}, "a worker takes 151 MB"),
        ({"team": _samples(0.008, 11)}, "team page: statements differ by size"),
    ],
)
def test_what_misses_its_budget_is_told(changed: dict[str, Any], told: str) -> None:
    missed = tables.missed({"runs": [_run(60), _run(1000, **changed)]})
    assert any(told in line for line in missed) if told else not missed
