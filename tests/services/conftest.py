"""Offices in a situation that several files of tests begin in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.services.evaluation_office import Office, at, running

APRIL = date(2026, 4, 20)


@pytest.fixture
def received(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    """On 20 April the employee has received a predicate with results below expectation."""
    with running(sqlite_template, tmp_path) as office, at(APRIL):
        office.due(APRIL)
        office.to_received(result_rating="dibawah")
        yield office
