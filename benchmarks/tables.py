"""Samples as figures, figures as tables, and which of them miss their budget."""

import os
import platform
import sqlite3
from typing import Any

from benchmarks.load import Samples

# Statements, bytes, and how many times the bare page (or bare write) of the same run; as docs and tests have them.
BUDGETS: dict[str, tuple[int, int, float]] = {
    "home": (12, 80_000, 3.0),
    "list of 50": (12, 100_000, 2.5),
    "list of 50, whole ministry": (12, 100_000, 2.5),
    "document": (12, 90_000, 3.0),
    "team page": (12, 80_000, 3.0),
    "unit page": (15, 120_000, 5.0),
    "transition": (40, 40_000, 5.0),
}
MEMORY_MB = 150
IMPORT_ROWS = 1000


def machine() -> dict[str, Any]:
    """On what it was measured; two cores unless told otherwise."""
    load = os.getloadavg()[0]
    return {
        "cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system(),
        "sqlite": sqlite3.sqlite_version, "load_before": round(load, 1),
    }  # fmt: skip


def floor_of(name: str) -> str:
    """What a page is compared with."""
    return "bare write" if name == "transition" else "bare page"


def figures(name: str, samples: dict[str, Samples]) -> dict[str, Any]:
    """One page's numbers, with its ratios to the bare one of the same run."""
    own, floor = samples[name], samples[floor_of(name)]
    return {
        "requests": len(own.seconds), "rate": round(own.rate, 1), "p50_ms": round(own.p50, 2),
        "p95_ms": round(own.p95, 2), "ratio_p50": round(own.p50 / floor.p50, 2),
        "ratio_p95": round(own.p95 / floor.p95, 2), "ratio_rate": round(floor.rate / max(own.rate, 0.01), 2),
        "statements": sorted(own.statements), "bytes": own.size,
    }  # fmt: skip


def text(result: dict[str, Any]) -> str:
    """A run as a table for the terminal."""
    head = (
        f"\n{result['database']}, {result['people']} people, {result['documents']} documents "
        f"(simulated in {result['furnished_seconds']} s); worker {result['memory_mb']} MB"
    )
    if "import_rows_per_second" in result:
        head += f"; import {result['import_rows_per_second']} people/s"
    lines = [
        head,
        f"  {'page':28} {'req/s':>7} {'p50 ms':>8} {'p95 ms':>8} {'x p50':>6} {'x p95':>6} {'SQL':>7} {'kB':>6}",
    ]
    for name, f in result["pages"].items():
        statements = "-".join(str(n) for n in dict.fromkeys((f["statements"][0], f["statements"][-1])))
        lines.append(
            f"  {name:28} {f['rate']:7.0f} {f['p50_ms']:8.1f} {f['p95_ms']:8.1f} {f['ratio_p50']:6.1f} "
            f"{f['ratio_p95']:6.1f} {statements:>7} {f['bytes'] / 1000:6.1f}"
        )
    return "\n".join(lines)


def missed(found: dict[str, Any]) -> list[str]:
    """Every figure beyond its budget, in words."""
    told = []
    for run in found["runs"]:
        where = f"{run['database']} {run['people']}"
        for name, (statements, size, ratio) in BUDGETS.items():
            f = run["pages"][name]
            if f["statements"][-1] > statements:
                told.append(f"{where}, {name}: {f['statements'][-1]} statements, budget {statements}")
            if f["bytes"] > size:
                told.append(f"{where}, {name}: {f['bytes']} bytes, budget {size}")
            if f["ratio_p50"] > ratio:
                told.append(
                    f"{where}, {name}: {f['ratio_p50']:.1f} times the {floor_of(name)}, budget {ratio}"
                )
        if run["memory_mb"] > MEMORY_MB:
            told.append(f"{where}: a worker takes {run['memory_mb']} MB, budget {MEMORY_MB}")
    for database in {run["database"] for run in found["runs"]}:
        for name in BUDGETS:
            seen = {
                tuple(run["pages"][name]["statements"])
                for run in found["runs"]
                if run["database"] == database
            }
            if len(seen) > 1:
                told.append(f"{database}, {name}: statements differ by size: {sorted(seen)}")
    return told
