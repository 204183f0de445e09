"""Do the tests notice? One small fault at a time in rules, flows, transitions and audit, drawn by a seed.

The faults are those people make: a limit moved by one, a comparison turned round, `and` for `or`, a condition dropped.
"""

from __future__ import annotations

import ast
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MUTANTS = int(os.environ.get("MUTANTS", "200"))
FLOOR = 85
MINUTES = 10
# What is changed, and the tests that have to notice: the quick ones first.
ROOMS = {
    "kinerja/rules": ("tests/rules", "tests/services", "tests/year"),
    "kinerja/workflows": ("tests/workflows", "tests/services", "tests/matrix/test_matrix.py", "tests/year"),
    "kinerja/services/transitions.py": ("tests/year", "tests/services", "tests/matrix/test_matrix.py"),
    "kinerja/services/audit.py": ("tests/services/test_audit.py", "tests/year"),
}
COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
RECKONED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult}


@dataclass(frozen=True)
class Mutant:
    path: str
    line: int
    what: str
    write: Callable[[], str]


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[ast.AST], None]]]:
    """The faults one could make at this node: in words, and how to make it."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARED:
        other = COMPARED[type(node.ops[0])]

        def turn(found: ast.AST) -> None:
            found.ops[0] = other()  # type: ignore[attr-defined]

        yield f"{type(node.ops[0]).__name__} is {other.__name__}", turn
    if isinstance(node, ast.BoolOp):
        junction = ast.Or if isinstance(node.op, ast.And) else ast.And

        def join(found: ast.AST) -> None:
            found.op = junction()  # type: ignore[attr-defined]

        yield f"{type(node.op).__name__} is {junction.__name__}", join
    if isinstance(node, ast.BinOp) and type(node.op) in RECKONED and not _is_text(node):
        sign = RECKONED[type(node.op)]

        def reckon(found: ast.AST) -> None:
            found.op = sign()  # type: ignore[attr-defined]

        yield f"{type(node.op).__name__} is {sign.__name__}", reckon
    if isinstance(node, ast.Constant) and type(node.value) in (bool, int):
        value = not node.value if isinstance(node.value, bool) else node.value + 1

        def set_value(found: ast.AST) -> None:
            found.value = value  # type: ignore[attr-defined]

        yield f"{node.value!r} is {value!r}", set_value
    if isinstance(node, ast.If | ast.IfExp):

        def drop(found: ast.AST) -> None:
            found.test = ast.Constant(False)  # type: ignore[attr-defined]

        yield "the condition never holds", drop


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def mutants_of(path: str) -> Iterator[Mutant]:
    """Every fault of a file; annotations and what only names things are left alone."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    for number, node in enumerate(ast.walk(tree)):
        for what, change in _changes(node):

            def write(number: int = number, change: Callable[[ast.AST], None] = change) -> str:
                copy = deepcopy(tree)
                change(list(ast.walk(copy))[number])
                return ast.unparse(ast.fix_missing_locations(copy))

            yield Mutant(path, getattr(node, "lineno", 0), what, write)


def drawn(count: int) -> list[tuple[Mutant, tuple[str, ...]]]:
    """So many faults of all rooms, each with the tests that should notice."""
    found = [
        (mutant, tests)
        for room, tests in ROOMS.items()
        for path in ([ROOT / room] if room.endswith(".py") else sorted((ROOT / room).glob("*.py")))
        for mutant in mutants_of(str(path.relative_to(ROOT)))
    ]
    return random.Random(85).sample(found, min(count, len(found)))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project beside itself, so that no fault is ever written into it."""
    target = tmp_path / "kinerja"
    ignored = shutil.ignore_patterns(
        ".git", ".venv", ".cache", ".mypy_cache", "instance", "shots", "__pycache__"
    )
    shutil.copytree(ROOT, target, ignore=ignored)
    return target


def is_noticed(copy: Path, mutant: Mutant, tests: tuple[str, ...]) -> bool:
    """Write the fault into the copy, run the tests until one fails, take it out again."""
    path = copy / mutant.path
    sound = path.read_text(encoding="utf-8")
    path.write_text(mutant.write(), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KINERJA_")}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    try:
        for part in tests:
            done = subprocess.run(
                [*command, part], cwd=copy, env=environment | {"PYTHONPATH": str(copy)}, capture_output=True,
                timeout=MINUTES * 60, check=False,
            )  # fmt: skip
            if done.returncode not in (0, 5):
                return True
    except subprocess.TimeoutExpired:
        return True
    finally:
        path.write_text(sound, encoding="utf-8")
    return False


def test_the_tests_notice_the_faults_people_make(
    copy: Path, proof_line: Callable[[str, str, str], None]
) -> None:
    chosen = drawn(MUTANTS)
    sound = copy / "kinerja/clock.py"
    nothing = Mutant("kinerja/clock.py", 0, "nothing", sound.read_text)
    assert not is_noticed(copy, nothing, ("tests/rules",)), "the tests are red already"
    missed = [mutant for mutant, tests in chosen if not is_noticed(copy, mutant, tests)]
    score = 100 * (len(chosen) - len(missed)) // len(chosen)
    proof_line(
        "Mutation score of rules, workflows, transitions, audit",
        f"{FLOOR} %",
        f"{score} % of {len(chosen)} drawn; missed: {'; '.join(f'{m.path}:{m.line} {m.what}' for m in missed[:10])}",
    )
    assert score >= FLOOR, "\n".join(f"{m.path}:{m.line}: {m.what}" for m in missed)
