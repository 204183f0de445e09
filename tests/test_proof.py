"""The report of `make proof` is honest: what no test wrote a line for is listed as not measured."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from tests.proof.faults import ROOMS, drawn

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("suite_under_test", ROOT / "scripts" / "suite.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "EVIDENCE", tmp_path)
    monkeypatch.delenv("ONLY", raising=False)
    return module


def _line(goal: str, test: str = "tests/matrix/test_x.py::test_it") -> dict[str, str]:
    return {"goal": goal, "floor": "1", "measured": "1", "test": test}


def test_a_floor_without_a_line_is_named_in_the_report(suite: ModuleType, tmp_path: Path) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_text(json.dumps(_line("kill -9 during writes")) + "\n")
    step = suite.Result(suite.TESTS, 0, 12.0, "3 passed in 12s")
    text = suite.report([step], lines).read_text()
    assert "| kill -9 during writes | 1 | 1 |" in text
    missing = text.split("Not measured in this run")[1]
    assert "kill -9" not in missing
    # the folder of a test proves nothing: only what it says of itself does
    assert "Authorisation matrix" in missing
    assert missing.count("\n- ") == len(suite.FLOORS) - 1


def test_a_report_of_everything_lists_nothing(suite: ModuleType) -> None:
    assert suite._not_run([_line(word) for _goal, _floor, word in suite.FLOORS]) == []


def test_only_a_part_can_be_run_and_says_so(
    suite: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(suite.steps_of("proof")) > 3
    monkeypatch.setenv("ONLY", "tests/services/test_audit.py -k 'chain or model'")
    (step,) = suite.steps_of("proof")
    assert step.command[-3:] == ["tests/services/test_audit.py", "-k", "chain or model"]
    assert suite.steps_of("test") == suite.SUITES["test"]
    text = suite.report([suite.Result(step, 1, 1.0, "1 failed in 1s")], tmp_path / "none").read_text()
    assert "Only a part was run" in text
    assert "FAILED" in text


def test_faults_are_drawn_in_every_room_unless_files_are_chosen() -> None:
    share = dict.fromkeys(ROOMS, 2)
    assert {fault.room for fault in drawn(1, share)} == set(ROOMS)
    chosen = drawn(1, share, "kinerja/rules kinerja/services/audit.py")
    assert chosen
    assert {fault.path.split("/")[1] for fault in chosen} <= {"rules", "services"}
