"""Faults people make, one at a time: a limit moved by one, a comparison turned round, `and` for `or`, a condition dropped.

And probes: which test reaches which statement, so that a fault is shown only to tests that can see it.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("kinerja/rules", "kinerja/workflows", "kinerja/services/transitions.py", "kinerja/services/audit.py")
HIT = "__reached__"
COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
RECKONED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult}


@dataclass(frozen=True)
class Fault:
    """The `turn`-th change of the `node`-th node of a file, and the probe in front of it."""

    path: str
    node: int
    turn: int
    line: int
    what: str
    probe: int

    @property
    def room(self) -> str:
        return next(room for room in ROOMS if self.path.startswith(room))

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


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
            found.test = ast.copy_location(ast.Constant(False), found.test)  # type: ignore[attr-defined]

        yield "the condition never holds", drop


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


@cache
def tree_of(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), path)


def files() -> list[str]:
    return [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in ([ROOT / room] if room.endswith(".py") else sorted((ROOT / room).glob("*.py")))
    ]


def broken(fault: Fault) -> ast.Module:
    """The file with this fault in it."""
    copy = deepcopy(tree_of(fault.path))
    node = list(ast.walk(copy))[fault.node]
    list(_changes(node))[fault.turn][1](node)
    return ast.fix_missing_locations(copy)


def _left_alone(tree: ast.AST) -> set[ast.AST]:
    """What no test could notice, and no person either: see the words of each case."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        roots: list[ast.AST] = []
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            roots += (
                node.decorator_list
            )  # frozen, slots, the size of a cache: how it is kept, not what it says
        if isinstance(node, ast.AnnAssign):
            roots.append(node.annotation)  # types are mypy's
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            roots.append(node)
        for root in roots:
            found |= set(ast.walk(root))
    return found


def _statements(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield block


def _probed_in(tree: ast.Module, first: int) -> dict[ast.AST, int]:
    """A number for each statement and lambda, in the order of the file."""
    numbered = [node for node in ast.walk(tree) if isinstance(node, ast.stmt | ast.Lambda)]
    return {node: first + place for place, node in enumerate(numbered)}


@cache
def _first_probes() -> Mapping[str, int]:
    found, total = {}, 0
    for path in files():
        found[path] = total
        total += len(list(ast.walk(tree_of(path))))
    return found


def probes_of(path: str) -> range:
    """The numbers of the probes of a file."""
    first = _first_probes()[path]
    return range(first, first + len(list(ast.walk(tree_of(path)))))


def faults_of(path: str) -> Iterator[Fault]:
    """Every fault of a file that somebody could notice."""
    tree = tree_of(path)
    probes, alone = _probed_in(tree, _first_probes()[path]), _left_alone(tree)
    nearest: dict[ast.AST, int] = {}
    for node in ast.walk(tree):  # parents come first
        own = probes.get(node, nearest.get(node, -1))
        # the defaults of a lambda belong to whoever writes it; they hold no fault in our files
        for child in ast.iter_child_nodes(node):
            nearest[child] = own
        nearest[node] = own
    for number, node in enumerate(ast.walk(tree)):
        if node in alone:
            continue
        for turn, (what, _change) in enumerate(_changes(node)):
            yield Fault(path, number, turn, getattr(node, "lineno", 0), what, nearest[node])


def probed(path: str) -> ast.Module:
    """The file with a call in front of each statement, and in each lambda, that tells which one is reached."""
    copy = deepcopy(tree_of(path))
    numbers = _probed_in(copy, _first_probes()[path])
    for node in list(ast.walk(copy)):
        for block in _statements(node):
            block[:] = [written for one in block for written in _with_probe(one, block, numbers[one])]
        if isinstance(node, ast.Lambda):
            told = ast.Tuple([_call(numbers[node]), node.body], ast.Load())
            node.body = ast.Subscript(told, ast.Constant(1), ast.Load())
    return ast.fix_missing_locations(copy)


def _with_probe(one: ast.stmt, block: list[ast.stmt], number: int) -> list[ast.stmt]:
    future = isinstance(one, ast.ImportFrom) and one.module == "__future__"
    words = isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)
    return [one] if future or words else [ast.Expr(_call(number)), one]


def _call(number: int) -> ast.Call:
    return ast.Call(ast.Name(HIT, ast.Load()), [ast.Constant(number)], [])


def drawn(seed: int, share: Mapping[str, int], only: str = "") -> list[Fault]:
    """So many faults of each room, drawn by a seed; all of them where a room has fewer.

    `only`, if given, keeps those in files whose path begins with one of these words.
    """
    found: list[Fault] = []
    for room, count in share.items():
        own = [fault for path in files() if path.startswith(room) for fault in faults_of(path)]
        found += random.Random(f"{seed} {room}").sample(own, min(count, len(own)))
    return [fault for fault in found if not only or fault.path.startswith(tuple(only.split()))]
