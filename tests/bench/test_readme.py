"""The figures of the README come from a run's own file, between two markers, and nothing else of it changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import readme
from tests.bench.test_bench import _run

MACHINE = {"cores": 2, "python": "3.11.7", "system": "Linux", "sqlite": "3.40.1", "load_before": 0.1}


def test_the_figures_stand_between_the_markers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "README.md").write_text("before\n<!-- figures -->\nold\n<!-- /figures -->\nafter\n")
    (tmp_path / "run.json").write_text(json.dumps({"machine": MACHINE, "runs": [_run(60), _run(1000)]}))
    monkeypatch.setattr(readme, "ROOT", tmp_path)
    readme.main([tmp_path / "run.json"])
    text = (tmp_path / "README.md").read_text()
    assert text.startswith("before\n<!-- figures -->\n")
    assert text.endswith("<!-- /figures -->\nafter\n")
    assert "old" not in text
    assert "| home | 3.0 | 2.0 / 2.0 | 2.0 / 2.0 | 8 of 12 | 1 of 80 |" in text


def test_a_readme_without_markers_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "README.md").write_text("nothing here\n")
    (tmp_path / "run.json").write_text(json.dumps({"machine": MACHINE, "runs": [_run(60)]}))
    monkeypatch.setattr(readme, "ROOT", tmp_path)
    with pytest.raises(SystemExit):
        readme.main([tmp_path / "run.json"])
    assert (tmp_path / "README.md").read_text() == "nothing here\n"
