"""Run a list of steps, each with its duration, and end with one table: `make test`, `proof`, `check`, `e2e`.

Every step runs even when an earlier one failed, so that one run tells everything; the exit status is 1 if any failed.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
EVIDENCE = ROOT / "docs" / "bukti"
# What has to be proven, the floor, and a part of the goal (of the name of the test, for a browser story) that the
# tests write beside what they measured. A floor without such a line in the report has not been run: it says so itself.
FLOORS = (
    (
        "Authorisation matrix: every route, method, actor kind, state",
        "15,000 cells, 0 wrong, both databases",
        "authorisation",
    ),
    ("Model test of every flow against a reference", "10,000 steps a flow, 0 apart", "model test"),
    ("20 approvers on one document, over HTTP", "500 rounds a database", "20 approvers"),
    ("kill -9 during writes", "1,000 kills, nothing acknowledged is lost", "kill -9"),
    ("Immediate stop of PostgreSQL during writes", "50 stops", "immediate stop"),
    ("Full disk", "1", "full disk"),
    ("Twin instances that differ in one secret", "0 differing bytes", "twin"),
    ("Audit chain, long, verified and tampered with", "1,000,000 rows, 60 s, all found", "audit chain"),
    ("Scan and fuzz", "0 high or medium, 0 5xx", "scan"),
    ("Upload fuzz; formulas in exports", "5,000 files, 0 5xx, 0 live formulas", "upload fuzz"),
    ("Year-end rush", "10,000 staff, 30 requests/s for 10 min", "rush"),
    ("Backup and restore under load", "counts, hashes, chain head, files equal", "backup"),
    ("Deadlines, zones, the second before and after", "all right", "deadlines"),
    ("Migrations up, down, up on full data", "content equal, both databases", "migrations"),
    ("axe, WCAG 2.2 AA, every page and role, two widths", "0 violations", "axe"),
    ("Mutation score of rules, workflows, transitions, audit", "85 %", "mutation"),
    ("Import of 80,000 people", "1,000 rows/s, 400 MB", "import of"),
    ("Simulated ministry, chain verified", "10,000 people, 5 min, 400 MB", "simulated"),
)
# the line in which pytest, ruff or mypy says how it went
CLOSING = re.compile(r"\bin [\d.]+s|^Found \d+ error|files? would be reformatted|ended after")


class Step(NamedTuple):
    name: str
    command: Sequence[str]
    minutes: int


class Result(NamedTuple):
    step: Step
    status: int
    seconds: float
    closing: str  # the last line of pytest, or of what refused


def _tool(name: str, *arguments: str) -> list[str]:
    return [str(BIN / "python"), "-m", name, *arguments]


TOOLS = Step("tools", ["scripts/ensure-tools"], 15)
SCANNERS = Step("scan", ["scripts/venv", "proof"], 15)
CHECK = (
    Step("ruff", _tool("ruff", "check", "--output-format", "concise"), 2),
    Step("format", _tool("ruff", "format", "--check", "--output-format", "concise"), 2),
    Step("mypy", _tool("mypy"), 5),
)
# Three workers for two cores, since each waits two fifths of its time for its database, server or browser; each has its
# own PostgreSQL cluster, template databases, server and browser.
TESTS = Step("tests", _tool("pytest", "-q", "-n", "3", "--dist", "worksteal", "tests"), 20)
# A browser and its server fill a core: a third pair would only make all wait longer than people do.
STORIES = Step("e2e", _tool("pytest", "-q", "-n", "2", "e2e"), 12)

# At full size a test may take an hour: the stacks that pytest prints of one that takes minutes would be noise.
UNHURRIED = ("-o", "faulthandler_timeout=0")

SUITES: Mapping[str, Sequence[Step]] = {
    "check": CHECK,
    "e2e": (TOOLS, STORIES),
    "test": (TOOLS, *CHECK, TESTS, STORIES),
    "proof": (
        TOOLS,
        SCANNERS,
        *CHECK,
        TESTS._replace(command=[*TESTS.command, *UNHURRIED], minutes=24 * 60),
        STORIES._replace(command=[*STORIES.command, *UNHURRIED], minutes=6 * 60),
    ),
}


def run(step: Step, environment: Mapping[str, str]) -> Result:
    """Run one step, showing its output as it comes; a step that hangs is ended and has failed."""
    print(
        f"\n=== {step.name}: {' '.join(os.path.relpath(word) if word[:1] == '/' else word for word in step.command)}",
        flush=True,
    )
    began = time.monotonic()
    lines: list[str] = []
    process = subprocess.Popen(
        step.command,
        cwd=ROOT,
        env=dict(environment),
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    assert process.stdout is not None
    watchdog = threading.Timer(step.minutes * 60, os.killpg, (process.pid, signal.SIGKILL))
    watchdog.start()
    try:
        for line in process.stdout:
            print(line, end="", flush=True)
            if line.strip():
                lines.append(line.strip())
        status = process.wait()
    except KeyboardInterrupt:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        raise
    finally:
        watchdog.cancel()
    seconds = time.monotonic() - began
    if status == -signal.SIGKILL:
        over = seconds >= step.minutes * 60
        lines.append(
            f"ended after {step.minutes} minutes"
            if over
            else f"killed from outside, ended after {seconds:.0f} s"
        )
    print(f"=== {step.name}: {'ok' if status == 0 else 'FAILED'} in {seconds:.1f} s", flush=True)
    closing = [line for line in lines if CLOSING.search(line)] or lines
    return Result(step, status, seconds, closing[-1].strip("= ") if closing else "")


def table(results: Sequence[Result]) -> str:
    rows = [
        f"  {'ok' if r.status == 0 else 'FAILED':6}  {r.step.name:7} {r.seconds:7.1f} s  {r.closing[:110]}"
        for r in results
    ]
    total = sum(result.seconds for result in results)
    return "\n".join([*rows, f"  {'':6}  {'all':7} {total:7.1f} s"])


def _not_run(measured: Sequence[Mapping[str, str]]) -> list[str]:
    """The floors no test wrote a line for: what this report does not show."""
    told = " ".join(f"{line['goal']} {line['test'].rpartition('::')[2]}".lower() for line in measured)
    missing = [f"- {goal}: {floor}" for goal, floor, word in FLOORS if word not in told]
    return ["Not measured in this run, and so not shown by it:", "", *missing, ""] if missing else []


def report(results: Sequence[Result], lines_file: Path) -> Path:
    """The dated report of `make proof`: on what, from which state of the tree, each floor and what was measured."""
    now = datetime.now(UTC)
    commit = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    changed = subprocess.run(
        ["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    measured = (
        [json.loads(line) for line in lines_file.read_text(encoding="utf-8").splitlines()]
        if lines_file.exists()
        else []
    )
    text = [
        f"# Bukti {now:%Y-%m-%d %H.%M} UTC",
        "",
        f"Commit {commit.stdout.strip() or 'unknown'}{' with uncommitted changes' if changed.stdout.strip() else ''}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores.",
        *([f"Only a part was run: `{os.environ['ONLY']}`."] if os.environ.get("ONLY") else []),
        "",
        "| goal | floor | measured | test |",
        "|---|---|---|---|",
        *(f"| {m['goal']} | {m['floor']} | {m['measured']} | `{m['test']}` |" for m in measured),
        "",
        *_not_run(measured),
        "| step | result | seconds | closing line |",
        "|---|---|---|---|",
        *(
            f"| {r.step.name} | {'ok' if r.status == 0 else 'FAILED'} | {r.seconds:.0f} | {r.closing} |"
            for r in results
        ),
        "",
    ]
    EVIDENCE.mkdir(parents=True, exist_ok=True)
    path = EVIDENCE / f"{now:%Y-%m-%d-%H%M}.md"
    path.write_text("\n".join(text), encoding="utf-8")
    return path


def steps_of(suite: str) -> Sequence[Step]:
    """The steps of a suite; `ONLY="tests/a.py tests/b.py -k word" make proof` runs that part of the tests alone."""
    only = shlex.split(os.environ.get("ONLY", ""))
    if suite != "proof" or not only:
        return SUITES[suite]
    return (TESTS._replace(command=[*_tool("pytest", "-q"), *UNHURRIED, *only], minutes=24 * 60),)


def main(suite: str) -> int:
    # Hundreds of processes start in a run: each would compile every module anew where bytecode may not be kept.
    dropped = ("KINERJA_", "DATABASE_URL", "PYTHONDONTWRITEBYTECODE")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    if "KINERJA_CHROMIUM" in os.environ:
        environment["KINERJA_CHROMIUM"] = os.environ["KINERJA_CHROMIUM"]
    with tempfile.TemporaryDirectory() as folder:
        lines_file = Path(folder) / "lines.jsonl"
        if suite == "proof":
            environment |= {"KINERJA_PROOF": "1", "KINERJA_PROOF_LINES": str(lines_file)}
        results = [run(step, environment) for step in steps_of(suite)]
        print(f"\nmake {suite}\n{table(results)}")
        if suite == "proof":
            print(f"report: {report(results, lines_file).relative_to(ROOT)}")
    return 1 if any(result.status for result in results) else 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in SUITES:
        print(f"usage: suite.py {'|'.join(SUITES)}", file=sys.stderr)
        sys.exit(2)
    try:
        sys.exit(main(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(130)
