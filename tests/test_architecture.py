"""The rooms of the house: who may import whom, and what may be written in which room.

A breach is told with its place and its remedy.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "kinerja"


@dataclass(frozen=True)
class Room:
    """What a room may import: other rooms (or modules) of kinerja, and packages beside the standard library."""

    rooms: frozenset[str]
    packages: frozenset[str]
    remedy: str


def room(rooms: str, packages: str, remedy: str) -> Room:
    return Room(frozenset(rooms.split()), frozenset(packages.split()), remedy)


ROOMS = {
    "rules": room("rules", "", "rules are pure: hand the value in"),
    "workflows": room("workflows rules", "statemachine", "let services read it and put it into the flow's facts"),
    "models": room("models db ids", "sqlalchemy", "models only store: put behaviour into services"),
    "services": room(
        "services models workflows rules db clock ids reports",
        "sqlalchemy flask:current_app flask:g argon2 pyotp segno cryptography openpyxl huey",
        "take it as an argument: services know no request, form or page",
    ),
    "forms": room("forms ids", "wtforms flask_wtf flask_babel", "forms check shape: let the view hand choices in"),
    "views": room(
        "views forms services workflows reports clock ids extensions",
        "flask flask_login flask_babel babel flask_wtf htmx_flask jinja2 jinja2_fragments werkzeug markupsafe structlog",
        "ask a service: views know no database, table or rule",
    ),
    "reports": room("reports rules clock", "typst xlsxwriter", "reports draw plain values: let a service read them"),
    "ids": room("", "", "keep it without imports"),
    "clock": room("", "", "keep it without imports"),
    "db": room("", "sqlalchemy flask_sqlalchemy", "keep it below everything"),
    "config": room("", "", "keep it without imports"),
    "extensions": room("db", "flask flask_babel flask_login flask_migrate flask_wtf htmx_flask", "keep it below views"),
}  # fmt: skip
# Errors are turned into HTTP once, and that needs to end the transaction of the failed request.
LET_IMPORT = {("views/errors.py", "db")}
# Every write commits in db.transaction().
LET_COMMIT = {"db.py"}
LET_ASK_THE_TIME = {"clock.py"}
LET_KNOW_WHO_IS_SIGNED_IN = {"extensions.py"}
LET_CHANGE_THE_STATE = {"services/transitions.py"}
# A period is no document: it is planned, open or closed.
LET_OTHER_STATE = {("services/periods.py", "period")}
# Relations are written out there, and nowhere compared.
LET_NAME_RELATIONS = {"views/formats.py"}

Check = Callable[[str, ast.Module], Iterator[tuple[int, str]]]


def modules() -> list[str]:
    return [str(path.relative_to(HOUSE)) for path in sorted(HOUSE.rglob("*.py"))]


def room_of(name: str) -> str:
    return name.split("/")[0].removesuffix(".py")


def imported(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Everything a module imports, wherever in the file, as a.b.c."""
    here = ["kinerja", *name.removesuffix(".py").split("/")]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = [*here[: len(here) - node.level]] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}"


def wrong_imports(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    own = ROOMS.get(room_of(name))
    if own is None:
        return
    for line, full in imported(name, tree):
        parts = full.split(".")
        if parts[0] == "kinerja":
            target = parts[1] if len(parts) > 1 else ""
            if target not in own.rooms and (name, target) not in LET_IMPORT:
                yield line, f"imports kinerja.{target}; {own.remedy}"
        elif parts[0] not in sys.stdlib_module_names and not own.packages & {
            parts[0],
            f"{parts[0]}:{parts[-1]}",
        }:
            yield line, f"imports {full}; {own.remedy}"


def commands_or_views_from_below(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Views hang on the application alone, commands on the console script alone."""
    for line, full in imported(name, tree):
        if full.startswith("kinerja.views") and room_of(name) not in ("views", "__init__"):
            yield line, "imports a view; move what both need into a service"
        if full.startswith("kinerja.commands") and room_of(name) not in ("commands", "cli", "jobs"):
            yield line, "imports a command; move what both need into a service"


def changes_the_state(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Only the one door gives a document another state."""
    if name in LET_CHANGE_THE_STATE or room_of(name) not in ("services", "views", "demo", "commands", "jobs"):
        return
    remedy = "send an event through services.transitions.send()"
    for node in ast.walk(tree):
        assigned = (
            isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == "state"
        )
        if assigned and (name, getattr(node.value, "id", "")) not in LET_OTHER_STATE:
            yield node.lineno, f"assigns .state; {remedy}"
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in ("values", "Document") and any(word.arg == "state" for word in node.keywords):
            yield node.lineno, f"writes the column state; {remedy}"
        if called in ("setattr", "set_committed_value") and _names(node, "state"):
            yield node.lineno, f"sets the state by its name; {remedy}"


def _names(call: ast.Call, word: str) -> bool:
    return any(isinstance(argument, ast.Constant) and argument.value == word for argument in call.args)


def asks_the_time(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    if name in LET_ASK_THE_TIME:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if (owner, node.attr) in {
                ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
                ("time", "time"), ("time", "localtime"), ("time", "gmtime"), ("func", "now"),
            }:  # fmt: skip
                yield node.lineno, f"asks {owner}.{node.attr}; ask kinerja.clock"


def uses_floats(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Law and scores are exact: 0.1 + 0.2 is 0.3 there."""
    if room_of(name) not in ("rules", "services"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, f"writes the float {node.value}; write Decimal('{node.value}')"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
            yield node.lineno, "makes a float; keep the Decimal"


def knows_who_is_signed_in(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    if room_of(name) == "views" or name in LET_KNOW_WHO_IS_SIGNED_IN:
        return
    for line, full in imported(name, tree):
        if full.endswith(".current_user"):
            yield line, "imports current_user; take the person's id as an argument"


def commits(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    if name in LET_COMMIT:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield node.lineno, "commits; write inside `with transaction():`"


def asks_for_roles(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Views are handed events; who may send them is asked in the flow alone."""
    if room_of(name) != "views" or name in LET_NAME_RELATIONS:
        return
    for line, full in imported(name, tree):
        if full.startswith("kinerja.workflows") and not full.startswith("kinerja.workflows.base."):
            yield line, f"imports {full}; take the events and words a service hands out"


def caches_what_it_asks(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """What the database says is kept for a transaction at most (`memo`); for ever only what never changes."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef):
            continue
        kept = {_called(one) for one in node.decorator_list} & {"cache", "lru_cache"}
        inside = ast.dump(ast.Module(node.body, []))
        if kept and ("attr='session'" in inside or "id='transaction'" in inside):
            yield node.lineno, f"keeps the answer of {node.name} for ever, which asks the database"


def _called(decorator: ast.expr) -> str:
    inner = decorator.func if isinstance(decorator, ast.Call) else decorator
    return inner.id if isinstance(inner, ast.Name) else getattr(inner, "attr", "")


CHECKS: tuple[Check, ...] = (
    wrong_imports, commands_or_views_from_below, changes_the_state, asks_the_time, uses_floats,
    knows_who_is_signed_in, commits, asks_for_roles, caches_what_it_asks,
)  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_no_module_breaks_the_rules_of_its_room(check: Check) -> None:
    found = [
        f"kinerja/{name}:{line}: {what}"
        for name in modules()
        for line, what in check(name, ast.parse((HOUSE / name).read_text(encoding="utf-8")))
    ]
    assert not found, "\n" + "\n".join(found)


BREACHES = [
    (wrong_imports, "rules/a.py", "import sqlalchemy", "imports sqlalchemy; rules are pure"),
    (wrong_imports, "rules/a.py", "from kinerja import clock", "imports kinerja.clock"),
    (wrong_imports, "rules/a.py", "from kinerja.models import Person", "imports kinerja.models"),
    (wrong_imports, "rules/a.py", "def f():\n    from flask import g", "imports flask.g"),
    (wrong_imports, "rules/sub/a.py", "from ...services import audit", "imports kinerja.services"),
    (wrong_imports, "workflows/a.py", "from flask import request", "imports flask.request"),
    (wrong_imports, "workflows/a.py", "import kinerja.models.document", "imports kinerja.models"),
    (wrong_imports, "models/a.py", "from kinerja.workflows import FLOWS", "imports kinerja.workflows"),
    (wrong_imports, "models/a.py", "from kinerja.services import audit", "imports kinerja.services"),
    (wrong_imports, "services/a.py", "from flask import session", "imports flask.session"),
    (wrong_imports, "services/a.py", "from flask import current_app, request", "imports flask.request"),
    (wrong_imports, "services/a.py", "from kinerja.forms.auth import SignIn", "imports kinerja.forms"),
    (
        wrong_imports,
        "services/a.py",
        "from flask_login import current_user",
        "imports flask_login.current_user",
    ),
    (wrong_imports, "forms/a.py", "from kinerja.services import people", "imports kinerja.services"),
    (wrong_imports, "forms/a.py", "from kinerja.models import Person", "imports kinerja.models"),
    (wrong_imports, "views/a.py", "from kinerja.db import db", "imports kinerja.db"),
    (wrong_imports, "views/a.py", "from kinerja.rules import scoring", "imports kinerja.rules"),
    (wrong_imports, "views/a.py", "import sqlalchemy as sa", "imports sqlalchemy"),
    (wrong_imports, "reports/a.py", "from kinerja.services import reading", "imports kinerja.services"),
    (wrong_imports, "clock.py", "from kinerja.db import db", "imports kinerja.db"),
    (commands_or_views_from_below, "services/a.py", "from kinerja.views import htmx", "imports a view"),
    (commands_or_views_from_below, "services/a.py", "from kinerja.commands import due", "imports a command"),
    (changes_the_state, "services/a.py", "document.state = 'agreed'", "assigns .state"),
    (changes_the_state, "services/a.py", "document.state: str = 'agreed'", "assigns .state"),
    (changes_the_state, "demo/a.py", "a, document.state = 1, 2", "assigns .state"),
    (changes_the_state, "services/periods.py", "document.state += 'x'", "assigns .state"),
    (changes_the_state, "services/a.py", "sa.update(D).values(state='agreed')", "writes the column state"),
    (changes_the_state, "services/a.py", "Document(kind='skp', state='agreed')", "writes the column state"),
    (
        changes_the_state,
        "services/a.py",
        "setattr(document, 'state', 'agreed')",
        "sets the state by its name",
    ),
    (asks_the_time, "services/a.py", "import datetime\nx = datetime.datetime.now()", "asks datetime.now"),
    (asks_the_time, "views/a.py", "x = datetime.utcnow()", "asks datetime.utcnow"),
    (asks_the_time, "rules/a.py", "x = date.today()", "asks date.today"),
    (asks_the_time, "jobs.py", "x = time.time()", "asks time.time"),
    (asks_the_time, "models/a.py", "x = sa.func.now()", "asks func.now"),
    (uses_floats, "rules/a.py", "x = 0.5", "write Decimal('0.5')"),
    (uses_floats, "services/a.py", "x = float(value)", "makes a float"),
    (knows_who_is_signed_in, "services/a.py", "from flask_login import current_user", "imports current_user"),
    (commits, "services/a.py", "db.session.commit()", "commits; write inside"),
    (
        caches_what_it_asks,
        "services/a.py",
        "@cache\ndef read(person):\n    return db.session.scalar(x)",
        "keeps the answer of read for ever",
    ),
    (
        asks_for_roles,
        "views/a.py",
        "from kinerja.workflows.roles import Relation",
        "imports kinerja.workflows.roles",
    ),
]


@pytest.mark.parametrize("check, name, source, told", BREACHES)
def test_a_breach_is_found_and_told_with_its_remedy(check: Check, name: str, source: str, told: str) -> None:
    assert any(told in what for _, what in check(name, ast.parse(source)))


KEPT = [
    (wrong_imports, "rules/a.py", "from decimal import Decimal\nfrom kinerja.rules.words import N_"),
    (wrong_imports, "services/a.py", "from flask import current_app\nfrom kinerja.db import db"),
    (wrong_imports, "views/a.py", "from kinerja.services import audit\nfrom flask import request"),
    (wrong_imports, "commands/a.py", "from kinerja.db import db"),
    (changes_the_state, "services/transitions.py", "document.state = 'agreed'"),
    (changes_the_state, "services/a.py", "x = document.state\nfind(state='agreed')"),
    (asks_the_time, "clock.py", "x = datetime.now(UTC)"),
    (asks_the_time, "services/a.py", "x = clock.now()"),
    (uses_floats, "reports/a.py", "x = 0.5"),
    (commits, "db.py", "session.commit()"),
]


@pytest.mark.parametrize("check, name, source", KEPT)
def test_what_a_room_is_for_is_no_breach(check: Check, name: str, source: str) -> None:
    assert list(check(name, ast.parse(source))) == []


def test_every_room_has_its_rules_or_is_one_of_those_that_put_the_others_together() -> None:
    together = {"__init__", "cli", "commands", "demo", "jobs"}
    assert {room_of(name) for name in modules()} <= ROOMS.keys() | together
