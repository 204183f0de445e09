"""How a fault is shown to tests: modules loaded from trees, functions given other code, runs that end at once.

Nothing is ever written into the files. A child process takes the fault, runs the tests and says how it went.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import functools
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import os
import pickle
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

from tests.proof.faults import HIT, ROOT, Fault, broken, files, tree_of

PATIENCE = 8.0  # seconds of processor time a test may need beyond ten times of what it takes
OPTIONS = ["-q", "-p", "no:cacheprovider", "-p", "no:logging", "--tb=no", "-m", "not postgres"]
MISSED, NOTICED, NOT_PATCHED, BROKEN = 0, 10, 11, 12


class Written(importlib.machinery.SourceFileLoader):
    """Loads a module from a tree instead of its file."""

    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self.tree = tree

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.tree, self.path, "exec", dont_inherit=True)


class Finder(importlib.abc.MetaPathFinder):
    """Finds some modules of kinerja as trees."""

    def __init__(self, trees: dict[str, ast.Module]) -> None:
        self.trees = {
            path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in trees
        }
        self.written = trees

    def find_spec(self, fullname: str, path: Any, target: ModuleType | None = None) -> Any:
        place = self.trees.get(fullname)
        if place is None:
            return None
        loader = Written(fullname, str(ROOT / place), self.written[place])
        inside = [str((ROOT / place).parent)] if place.endswith("__init__.py") else None
        return importlib.util.spec_from_file_location(
            fullname, ROOT / place, loader=loader, submodule_search_locations=inside
        )


def caches() -> list[Any]:
    """What kinerja keeps between two calls: a test that finds it filled reaches less than it relies on."""
    kind = type(functools.cache(len))
    return [
        one for one in gc.get_objects() if isinstance(one, kind) and str(one.__module__).startswith("kinerja")
    ]


class Plugin:
    """What every run here shares: a template of the database made once, and no test that only waits for its turn."""

    def __init__(self, template: Path | None) -> None:
        self.template = template

    def pytest_configure(self) -> None:
        from hypothesis import Phase, settings

        # an example that fails has noticed: it is neither made smaller nor kept
        settings.register_profile("showing", database=None, phases=[Phase.explicit, Phase.generate])
        settings.load_profile("showing")

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Any:
        if fixturedef.argname == "sqlite_template" and self.template is not None:
            fixturedef.cached_result = (self.template, fixturedef.cache_key(request), None)
            return self.template
        return None


class Mapping(Plugin):
    """Runs everything once and writes down who reaches what."""

    def __init__(self, template: Path, target: Path) -> None:
        super().__init__(template)
        self.target = target
        self.reached: dict[str, set[int]] = defaultdict(set)
        self.now: list[set[int]] = [self.reached["import"]]
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []
        setattr(builtins, HIT, lambda number: self.now[-1].add(number))

    @contextlib.contextmanager
    def _in(self, name: str) -> Iterator[None]:
        self.now.append(self.reached[name])
        try:
            yield
        finally:
            self.now.pop()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Iterator[None]:  # type: ignore[override]
        if fixturedef.argname == "sqlite_template":
            fixturedef.cached_result = (self.template, fixturedef.cache_key(request), None)
        if fixturedef.scope == "function":
            return (yield)
        with self._in(_wide(fixturedef)):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        if len(self.seconds) % 50 == 0:
            self.caches = caches()
        for one in self.caches:
            one.cache_clear()
        began = time.process_time()
        with self._in(item.nodeid):
            done = yield
        self.seconds[item.nodeid] = time.process_time() - began
        for definitions in item._fixtureinfo.name2fixturedefs.values():
            for definition in definitions:
                if definition.scope != "function":
                    self.reached[item.nodeid] |= self.reached[_wide(definition)]
        return done

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self.target.write_bytes(pickle.dumps((dict(self.reached), self.seconds, self.failed)))


def _wide(definition: Any) -> str:
    return f"fixture {definition.baseid} {definition.argname}"


class Showing(Plugin):
    """Runs some of the collected tests in a given order and ends the process at the first that fails."""

    def __init__(self, template: Path, seconds: dict[str, float], order: Sequence[str] = ()) -> None:
        super().__init__(template)
        self.seconds, self.order, self.now = seconds, order, ""
        self.loop: Callable[[Any], None] | None = None
        self.told = template.parent / "noticed-by"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: Any) -> bool:
        if self.loop is not None:
            self.loop(session)
        else:
            self.run(session, self.order)
        return True

    def run(self, session: Any, order: Sequence[str]) -> None:
        signal.signal(signal.SIGPROF, lambda *_: self.notice(f"{self.now} takes too long"))
        by_name = {item.nodeid: item for item in session.items}
        items = [by_name[name] for name in order if name in by_name]
        for item, following in zip(items, [*items, None][1:], strict=True):
            self.now = item.nodeid
            signal.setitimer(signal.ITIMER_PROF, PATIENCE + 10 * self.seconds.get(item.nodeid, 0))
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: Any, call: Any) -> None:
        if call.excinfo is not None:
            self.notice(f"{item.nodeid}: {call.excinfo.typename}")

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.notice(f"{report.nodeid} cannot be collected")

    def notice(self, by: str) -> None:
        self.told.write_text(by, encoding="utf-8")
        os._exit(NOTICED)


def _ready_for_a_run(scratch: Path) -> None:
    """In a child: files go into a folder of its own, which the parent removes."""
    os.environ["TMPDIR"] = str(scratch)
    tempfile.tempdir = str(scratch)


def attempt(work: Callable[[Path], None], template: Path, seconds: float) -> tuple[str, str]:
    """Do it in a child with limits: how it ended (missed, noticed, hung, not patched), and who noticed."""
    scratch = Path(tempfile.mkdtemp(dir=template.parent))
    (scratch / template.name).symlink_to(template)
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            quiet = os.open(
                os.environ.get("NOTICING_LOG", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND
            )
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            limit = int(30 + 10 * seconds)
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
            _ready_for_a_run(scratch)
            work(scratch / template.name)
        except SystemExit as end:
            os._exit(end.code if isinstance(end.code, int) else 1)
        except BaseException as error:
            (scratch / "noticed-by").write_text(f"{error!r}", encoding="utf-8")
            os._exit(BROKEN)
        os._exit(MISSED)
    ended = time.monotonic() + 120 + 20 * seconds
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() > ended:
            os.killpg(child, signal.SIGKILL)
        time.sleep(0.01)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    told = scratch / "noticed-by"
    by = told.read_text(encoding="utf-8") if told.exists() else ""
    shutil.rmtree(scratch, ignore_errors=True)
    if os.WIFSIGNALED(status):
        return "hung", f"signal {os.WTERMSIG(status)}"
    code = os.WEXITSTATUS(status)
    return {MISSED: "missed", NOTICED: "noticed", NOT_PATCHED: "not patched"}.get(code, f"status {code}"), by


def _pairs(sound: CodeType, faulty: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """Each function of a file beside its faulty twin; nothing inside a function whose inner functions differ in number."""
    yield sound, faulty
    ours, theirs = ([one for one in code.co_consts if isinstance(one, CodeType)] for code in (sound, faulty))
    if len(ours) == len(theirs):
        for pair in zip(ours, theirs, strict=True):
            yield from _pairs(*pair)


def patch(fault: Fault, functions: dict[CodeType, list[FunctionType]]) -> bool:
    """Give every function of this code the faulty one; False when that cannot be done to a living function."""
    path = str(ROOT / fault.path)
    sound = compile(tree_of(fault.path), path, "exec", dont_inherit=True)
    faulty = compile(broken(fault), path, "exec", dont_inherit=True)
    done = False
    for ours, theirs in _pairs(sound, faulty):
        if ours == theirs:
            continue
        living = functions.get(ours, [])
        if len({id(one.__code__) for one in living}) > 1:
            return False
        for one in living:
            try:
                one.__code__ = theirs
            except ValueError:
                return False
            done = True
    return done


def living() -> dict[CodeType, list[FunctionType]]:
    places = {str(ROOT / path) for path in files()}
    found: dict[CodeType, list[FunctionType]] = defaultdict(list)
    for one in gc.get_objects():
        if type(one) is FunctionType and one.__code__.co_filename in places:
            found[one.__code__].append(one)
    return found
