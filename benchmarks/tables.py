"""Samples as figures, figures as tables, and which of them miss their budget."""

import os
import platform
import sqlite3
from typing import Any

from benchmarks.load import Samples

# Statements, bytes, and how many times the bare page (or bare write) of the same run. A whole page adds four statements
# for session and frame to the eight of a list; the fourteen of a transition are those of the whole sent form, its
# session included.
BUDGETS: dict[str, tuple[int, int, float]] = {
    "home": (12, 80_000, 3.0),
    "rows of a list of 50": (8, 50_000, 2.5),
    "list of 50": (12, 50_000, 2.5),
    "list of 50, whole ministry": (12, 50_000, 2.5),
    "document": (12, 90_000, 3.0),
    "team page": (12, 80_000, 3.0),
    "unit page": (15, 120_000, 5.0),
    "unit dashboard": (15, 120_000, 5.0),
    "cascade tree": (16, 90_000, 5.0),
    "transition": (14, 40_000, 5.0),
}
MEMORY_MB = 150
SHOWN = ("p50_ms", "p95_ms", "ratio_p50", "ratio_p95", "ratio_cpu")
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
        "p95_ms": round(own.p95, 2), "cpu_ms": round(own.cpu_ms, 2),
        "ratio_cpu": round(own.cpu_ms / floor.cpu_ms, 2) if floor.cpu_ms else 0.0,
        "ratio_p50": round(own.p50 / floor.p50, 2), "ratio_p95": round(own.p95 / floor.p95, 2),
        "statements": own.statements.most_common(1)[0][0], "bytes": own.size,
    }  # fmt: skip


def text(result: dict[str, Any]) -> str:
    """A run as a table for the terminal."""
    head = (
        f"\n{result['database']}, {result['people']} people, {result['documents']} documents "
        f"(simulated in {result['furnished_seconds']} s); worker {result['memory_mb']} MB"
    )
    if "import_rows_per_second" in result:
        head += f"; import {result['import_rows_per_second']} people/s"
    heads = ("req/s", "p50 ms", "p95 ms", "x p50", "x p95", "x cpu", "SQL", "kB")
    lines = [head, f"  {'page':28}" + "".join(f" {word:>7}" for word in heads)]
    for name, f in result["pages"].items():
        numbers = (
            f"{f['rate']:.0f}",
            *(f"{f[key]:.1f}" for key in SHOWN),
            str(f["statements"]),
            f"{f['bytes'] / 1000:.1f}",
        )
        lines.append(f"  {name:28}" + "".join(f" {word:>7}" for word in numbers))
    return "\n".join(lines)


def missed(found: dict[str, Any]) -> list[str]:
    """Every figure beyond its budget, in words."""
    told = []
    for run in found["runs"]:
        where = f"{run['database']} {run['people']}"
        for name, (statements, size, ratio) in BUDGETS.items():
            f = run["pages"][name]
            if f["statements"] > statements:
                told.append(f"{where}, {name}: {f['statements']} statements, budget {statements}")
            if f["bytes"] > size:
                told.append(f"{where}, {name}: {f['bytes']} bytes, budget {size}")
            # Processor time is the same on a busy machine; not every system tells it.
            times = f["ratio_cpu"] or f["ratio_p50"]
            if times > ratio:
                told.append(f"{where}, {name}: {times:.1f} times the {floor_of(name)}, budget {ratio}")
        if run["memory_mb"] > MEMORY_MB:
            told.append(f"{where}: a worker takes {run['memory_mb']} MB, budget {MEMORY_MB}")
    for database in {run["database"] for run in found["runs"]}:
        for name in BUDGETS:
            seen = {run["pages"][name]["statements"] for run in found["runs"] if run["database"] == database}
            if len(seen) > 1:
                told.append(f"{database}, {name}: statements differ by size: {sorted(seen)}")
    return told
