"""A test that did not run is not a test that passed: skips, expected failures and empty selections turn the run red.

Two more things every suite here needs: sizes (`make test` small, `make proof` full) and lines for the proof report.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PROOF = os.environ.get("KINERJA_PROOF") == "1"
_not_run: list[str] = []


def size(small: int, full: int) -> int:
    """How many rounds, rows or cells: `small` under `make test`, `full` under `make proof`."""
    return full if PROOF else small


def write_proof_line(goal: str, floor: str, measured: str, test: str) -> None:
    """A row of the report of `make proof`; elsewhere nothing."""
    target = os.environ.get("KINERJA_PROOF_LINES")
    if target:
        row = {"goal": goal, "floor": floor, "measured": measured, "test": test}
        with Path(target).open(
            "a", encoding="utf-8"
        ) as handle:  # one short write: whole lines, also from two workers
            handle.write(json.dumps(row, ensure_ascii=False) + "\n")


@pytest.fixture
def proof_line(request: pytest.FixtureRequest) -> Callable[[str, str, str], None]:
    """Call it with (goal, floor, measured): a row of the report of `make proof`."""

    def note(goal: str, floor: str, measured: str) -> None:
        write_proof_line(goal, floor, measured, request.node.nodeid)

    return note


def _note(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped or hasattr(report, "wasxfail"):
        _not_run.append(report.nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _note(report)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    # In a worker the session's status is not what the user sees; the controller hears every report.
    if _not_run and not hasattr(session.config, "workerinput") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _not_run:
        terminalreporter.section("not run, and so not passed", sep="=", red=True)
        for nodeid in _not_run:
            terminalreporter.write_line(nodeid)
