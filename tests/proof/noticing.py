"""Show faults to the tests, quickly: `python -m tests.proof.noticing --seed 85 --each 75 --out results.json`.

1. One process runs the tests with probes in the files and writes down which test reaches which statement, and how long
   it takes. A red test ends it all.
2. Another has collected the same tests. For each fault it forks, gives the function the faulty code, and runs the tests
   that reach it, quick ones first, until one fails.
3. What runs while modules are imported is shown in a process that has imported other people's packages only.

A fault counts as noticed when a test fails, or needs ten times its processor time. The tests shown to one fault are cut
off after `BUDGET` seconds: a fault that none of those noticed counts as missed. In both ways a run without any fault
has to pass first.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import importlib
import json
import os
import pickle
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.proof.faults import ROOMS, ROOT, Fault, broken, drawn, files, probed, probes_of
from tests.proof.showing import (
    NOT_PATCHED,
    NOTICED,
    OPTIONS,
    Finder,
    Mapping,
    Showing,
    attempt,
    caches,
    living,
    patch,
)

PURE = ("tests/rules", "tests/workflows")
FOLDERS = (*PURE, "tests/services")
BUDGET = 20.0  # seconds of tests shown one fault
FAR = 5.0  # as many of tests that do not run the module, for what is made on import
NOTHING = Fault("kinerja/rules/words.py", 0, -1, 0, "no fault at all", -1)
# Other people's packages, imported before the first fork.
LIBRARIES = (
    "alembic", "argon2", "click.testing", "cryptography.fernet", "flask", "flask_babel", "flask_login", "flask_migrate",
    "flask_sqlalchemy", "flask_wtf", "htmx_flask", "huey", "jinja2_fragments", "openpyxl", "pyotp", "rich.progress",
    "segno", "sqlalchemy.dialects.sqlite", "statemachine", "structlog", "wtforms", "xlsxwriter",
)  # fmt: skip


class Reach:
    """What the run with probes told."""

    def __init__(self, source: Path) -> None:
        self.reached, self.seconds, failed = pickle.loads(source.read_bytes())
        if failed:
            raise SystemExit(f"the tests are red already: {failed[:5]}")
        self.of_probe: dict[int, list[str]] = defaultdict(list)
        for name in self.seconds:
            for probe in self.reached[name]:
                self.of_probe[probe].append(name)

    def on_import(self, fault: Fault) -> bool:
        return fault.probe in self.reached["import"] or fault.probe == -1

    def tests_for(self, fault: Fault) -> list[str]:
        """Who can notice, by file, the cheapest first, as many as the budget allows."""
        if fault == NOTHING:
            chosen = self._affordable(set(self.seconds), FAR)
        elif self.on_import(fault):
            # what an import leaves behind is noticed by whoever uses the module, or what is made from it
            own = set(probes_of(fault.path))
            near = {name for name, probes in self.reached.items() if not own.isdisjoint(probes)}
            chosen = self._affordable(near, BUDGET, fault)
            chosen += self._affordable(set(self.seconds) - set(chosen), FAR)
        else:
            chosen = self._affordable(set(self.of_probe[fault.probe]), BUDGET, fault)
        by_file: dict[str, list[str]] = defaultdict(list)
        wanted = set(chosen)
        for name in self.seconds:  # in the order of the file
            if name in wanted:
                by_file[name.split("::")[0]].append(name)
        cost = {file: sum(self.seconds[name] for name in names) for file, names in by_file.items()}
        return [name for file in sorted(by_file, key=lambda file: cost[file]) for name in by_file[file]]

    def _affordable(self, names: set[str], budget: float, fault: Fault = NOTHING) -> list[str]:
        """Of these tests those in the file called after the module, then the quickest, that fit into so many seconds."""
        own = f"test_{Path(fault.path).stem}.py"
        chosen, spent = [], 0.0
        for name in sorted(names & set(self.seconds), key=lambda name: (own not in name, self.seconds[name])):
            spent += self.seconds[name]
            if chosen and spent > budget:
                break
            chosen.append(name)
        return chosen

    def cost(self, tests: Sequence[str]) -> float:
        return sum(self.seconds[name] for name in tests)


def show_warm(faults: Sequence[Fault], reach: Reach, template: Path, tell: Callable[..., None]) -> None:
    """In a process that has collected the tests: fork, patch, run."""
    plugin = Showing(template, reach.seconds)

    def loop(session: Any) -> None:
        _start_once(template)
        functions, kept = living(), caches()
        gc.collect()
        gc.freeze()
        for fault in faults:
            tests = reach.tests_for(fault)
            began = time.monotonic()

            def work(own: Path, fault: Fault = fault, tests: list[str] = tests) -> None:
                if fault != NOTHING and not patch(fault, functions):
                    os._exit(NOT_PATCHED)
                for one in kept:
                    one.cache_clear()
                plugin.template, plugin.told = own, own.parent / "noticed-by"
                factory = session.config._tmp_path_factory
                factory._basetemp, factory._given_basetemp = None, own.parent / "tests"
                plugin.run(session, tests)

            ended, by = attempt(work, template, reach.cost(tests))
            tell(fault, len(tests), time.monotonic() - began, ended, by)

    plugin.loop = loop
    pytest.main([*OPTIONS, *FOLDERS], plugins=[plugin])


def _start_once(template: Path) -> None:
    """Start the application and stop it again: what that leaves warm each child would have to warm anew."""
    from kinerja import create_app
    from kinerja.db import db
    from tests.plugins.app import settings_for

    app = create_app(settings_for(f"sqlite:///{template}", INSTANCE=template.parent / "warm"))
    with app.app_context():
        db.session.execute(sa.text("SELECT 1"))
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def show_fresh(fault: Fault, tests: Sequence[str], reach: Reach, template: Path) -> tuple[str, str]:
    """Import everything of ours with the fault in it, then run: the pure tests first, then the others."""
    trees = {} if fault == NOTHING else {fault.path: broken(fault)}
    pure = [name for name in tests if name.startswith(PURE)]
    for part in (pure, [name for name in tests if name not in set(pure)]):
        if not part:
            continue

        def work(own: Path, part: Sequence[str] = part) -> None:
            sys.meta_path.insert(0, Finder(trees))
            places = sorted({name.split("::")[0] for name in part})
            options = [*OPTIONS, f"--basetemp={own.parent / 'tests'}"]
            status = pytest.main([*options, *places], plugins=[Showing(own, reach.seconds, part)])
            if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
                os._exit(NOTICED)  # the application cannot even be imported

        ended, by = attempt(work, template, reach.cost(part))
        if ended != "missed":
            return ended, by
    return "missed", ""


def _template(folder: Path) -> Path:
    """A migrated SQLite file, made in a child so that nothing of ours is imported here."""
    path = folder / "template.sqlite3"
    child = os.fork()
    if child == 0:
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
        import flask_migrate

        from kinerja import create_app
        from kinerja.db import db
        from tests.plugins.app import settings_for

        app = create_app(settings_for(f"sqlite:///{path}"))
        with app.app_context():
            flask_migrate.upgrade()
            for engine in db.engines.values():
                engine.dispose()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit("no template of the database")
    return path


def _digest() -> str:
    """What a map was made of: the files of the rooms and the tests."""
    told = hashlib.sha256()
    for path in (*(ROOT / path for path in files()), *sorted((ROOT / "tests").rglob("*.py"))):
        told.update(path.read_bytes())
    return told.hexdigest()[:12]


def _map(template: Path, target: Path) -> None:
    def work(own: Path) -> None:
        sys.meta_path.insert(0, Finder({path: probed(path) for path in files()}))
        pytest.main(
            [*OPTIONS, f"--basetemp={own.parent / 'tests'}", *FOLDERS], plugins=[Mapping(own, target)]
        )

    ended, by = attempt(work, template, 600)
    if ended != "missed":
        raise SystemExit(f"the tests could not be run with probes: {ended} {by}")


def measure(faults: Sequence[Fault], folder: Path, map_file: Path | None = None) -> list[dict[str, Any]]:
    """Show each fault to the tests: a row for each, with how it ended (missed, noticed, hung) and who noticed."""
    template = _template(folder)
    source = folder / "map" if map_file is None else map_file.with_suffix(f".{_digest()}")
    if not source.exists():
        _map(template, source)
    reach = Reach(source)
    results = folder / "results.jsonl"

    def tell(fault: Fault, tests: int, seconds: float, ended: str, by: str) -> None:
        row = asdict(fault) | {"room": fault.room, "tests": tests, "seconds": round(seconds, 2)}
        with results.open("a", encoding="utf-8") as handle:
            handle.write(json.dumps(row | {"ended": ended, "by": by}) + "\n")

    def told() -> list[dict[str, Any]]:
        return [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]

    warm = [NOTHING, *(fault for fault in faults if not reach.on_import(fault))]
    child = os.fork()
    if child == 0:
        show_warm(warm, reach, template, tell)
        os._exit(0)
    os.waitpid(child, 0)
    rows = told()
    if len(rows) != len(warm):
        raise SystemExit(f"only {len(rows)} of {len(warm)} faults were shown")
    again = {(row["path"], row["node"], row["turn"]) for row in rows if row["ended"] == "not patched"}
    for fault in (NOTHING, *faults):
        if reach.on_import(fault) or (fault.path, fault.node, fault.turn) in again:
            tests = reach.tests_for(fault)
            began = time.monotonic()
            ended, by = show_fresh(fault, tests, reach, template)
            tell(fault, len(tests), time.monotonic() - began, ended, by)
    rows = [row for row in told() if row["ended"] != "not patched"]
    if wrong := [row for row in rows if (row["ended"] != "missed") if row["turn"] < 0]:
        raise SystemExit(f"the tests fail without a fault: {wrong}")
    if wrong := [row for row in rows if row["ended"] not in ("missed", "noticed", "hung")]:
        raise SystemExit(f"faults that could not be shown: {wrong}")
    return [row for row in rows if row["turn"] >= 0]


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--seed", type=int, default=85)
    asked.add_argument("--each", type=int, default=75, help="faults of each room")
    asked.add_argument("--only", default="", help="faults of files whose path begins with one of these")
    asked.add_argument(
        "--map", type=Path, help="where to keep what the tests reach, for another run of the same files"
    )
    asked.add_argument("--out", type=Path, required=True)
    told = asked.parse_args()
    for name in LIBRARIES:
        importlib.import_module(name)
    assert not any(name.startswith("kinerja") for name in sys.modules), "ours is imported already"
    faults = drawn(told.seed, dict.fromkeys(ROOMS, told.each), told.only)
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="kinerja-faults-", dir=memory))
    try:
        told.out.write_text(json.dumps(measure(faults, folder, told.map), indent=1))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
