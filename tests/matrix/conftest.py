"""The furnished database of the matrix, once per worker and database."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kinerja import clock
from tests.matrix import people
from tests.matrix.world import World, build, durability_off


@pytest.fixture(scope="session")
def sqlite_world(sqlite_template: Path) -> Iterator[World]:
    path = sqlite_template.with_name(f"matrix-{secrets.token_hex(4)}.sqlite3")
    shutil.copyfile(sqlite_template, path)
    made = build(f"sqlite:///{path}", durability_off)
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgres_world(pg_cluster: object, pg_template: str) -> Iterator[World]:
    create: Callable[[str, str], str] = pg_cluster.create  # type: ignore[attr-defined]
    made = build(create("matrix", pg_template))
    yield made
    made.close()


@pytest.fixture
def now() -> Iterator[None]:
    """The morning on which everything in the matrix is asked."""
    with clock.frozen(people.NOW):
        yield


@pytest.fixture
def world(sqlite_world: World, now: None) -> World:
    return sqlite_world
