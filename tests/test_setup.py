"""The set-up keeps its promises: locks that name no place, few direct dependencies, a Makefile that lists itself."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-proof.txt")


def pins(lock: str) -> dict[str, str]:
    """Package -> version of a lock; every one must carry at least one hash."""
    blocks = re.findall(
        r"^([a-z0-9.-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text_of(lock), re.M
    )
    return {name: version for name, version, _ in blocks}


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def direct(extra: str | None = None) -> set[str]:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    wanted = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return {re.split(r"[\[<>=~! ]", line)[0].lower() for line in wanted}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_to_fetch_from(lock: str) -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host| @ ", text_of(lock))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_a_hashed_pin_or_a_comment(lock: str) -> None:
    named = re.findall(r"^([a-z0-9.-]+)", text_of(lock), re.M | re.I)
    assert named
    assert sorted(named) == sorted(pins(lock))


def test_the_locks_hold_all_that_the_project_asks_for_and_agree_with_each_other() -> None:
    runtime, development = pins(LOCKS[0]), pins(LOCKS[1])
    assert direct() | direct("postgres") <= set(runtime)
    assert direct("dev") <= set(development)
    assert runtime.items() <= development.items()


def test_the_scanners_have_a_lock_of_their_own_and_are_nowhere_else() -> None:
    asked = {
        re.split(r"[<>=]", line)[0]
        for line in text_of("requirements-proof.in").splitlines()
        if line[:1] != "#"
    }
    assert {"bandit", "schemathesis", "sqlmap", "wapiti3"} <= asked <= set(pins(LOCKS[2]))
    assert not {"schemathesis", "sqlmap", "wapiti3"} & set(pins(LOCKS[1]))


def test_the_default_install_asks_for_at_most_25_packages() -> None:
    assert len(direct()) <= 25


def test_make_alone_lists_every_target() -> None:
    listed = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("run", "test", "proof", "bench", "e2e", "check", "shots", "lock", "clean"):
        assert re.search(rf"^  make {target}\s+\S", listed, re.M), target


def test_an_old_python_is_refused_in_one_clear_line(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    for tool in ("sh", "dirname"):
        (tmp_path / tool).symlink_to(str(shutil.which(tool)))
    done = subprocess.run(
        [ROOT / "scripts" / "venv", "run"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "needs Python 3.11 or newer, and this machine has Python 3.9.2" in done.stderr
    assert len(done.stderr.splitlines()) == 1
