"""Do the tests notice? One small fault at a time in rules, flows, transitions and audit, drawn by a seed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.proof.faults import ROOMS, ROOT

EACH = int(os.environ.get("MUTANTS_EACH", "75"))
SEED = int(os.environ.get("MUTANTS_SEED", "85"))
FLOOR = 85
MINUTES = 60


def test_the_tests_notice_the_faults_people_make(
    tmp_path: Path, proof_line: Callable[[str, str, str], None]
) -> None:
    """Of each room so many; the score is that of all, and each room tells its own."""
    results = tmp_path / "results.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KINERJA_")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.proof.noticing", "--seed", str(SEED), "--each", str(EACH), "--out", str(results)],
        cwd=ROOT, env=environment | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
        timeout=MINUTES * 60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    rows = json.loads(results.read_text(encoding="utf-8"))
    missed = [f"{row['path']}:{row['line']}: {row['what']}" for row in rows if row["ended"] == "missed"]
    rooms = []
    for room in ROOMS:
        ended = [row["ended"] for row in rows if row["room"] == room]
        rooms.append(f"{Path(room).stem} {len(ended) - ended.count('missed')} of {len(ended)}")
    score = 100 * (len(rows) - len(missed)) // len(rows)
    proof_line(
        "Mutation score of rules, workflows, transitions, audit",
        f"{FLOOR} %",
        f"{score} % of {len(rows)} drawn with seed {SEED} ({', '.join(rooms)})",
    )
    assert score >= FLOOR, "\n".join(missed)
