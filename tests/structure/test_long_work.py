"""Long work shows how far it is on a terminal, and tells a machine everything, what failed included."""

from __future__ import annotations

import io
import json
import sys
from datetime import date

import pytest
from click.testing import CliRunner

from kinerja.commands import app
from kinerja.commands.due import due
from kinerja.commands.progress import counting
from kinerja.commands.tally import tally
from kinerja.services import due as falling_due


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "hidden", "shown"),
    [(Terminal, False, True), (Terminal, True, False), (io.StringIO, False, False)],
)
def test_a_bar_is_shown_on_a_terminal_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO], hidden: bool, shown: bool
) -> None:
    screen = stream()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with counting("unit", 3, hidden=hidden) as done:
        done(3)
    assert ("unit" in screen.getvalue()) is shown


def test_what_fell_due_and_failed_is_told_to_a_machine_too(office, monkeypatch: pytest.MonkeyPatch) -> None:
    report = falling_due.Report(date(2026, 2, 2), 3, 4, ["abc escalate_to_superior: tidak ada atasan"])
    monkeypatch.setattr(app, "create_app", lambda _settings: office)
    monkeypatch.setattr(falling_due, "run", lambda *_given, **_named: report)
    answer = CliRunner().invoke(due, ["--json"])
    assert answer.exit_code == 1
    assert json.loads(answer.stdout) == {
        "date": "2026-02-02", "steps": 3, "notices": 4, "failed": ["abc escalate_to_superior: tidak ada atasan"],
    }  # fmt: skip


def test_counting_units_anew_tells_how_many(office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "create_app", lambda _settings: office)
    answer = CliRunner().invoke(tally, ["--rebuild", "--json"])
    assert (answer.exit_code, json.loads(answer.stdout)["differences"]) == (0, 0)
