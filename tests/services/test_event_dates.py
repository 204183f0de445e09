"""Days typed into the form of an event: what is possible for them."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from kinerja import clock
from kinerja.services import event_dates
from kinerja.services.errors import BadInput
from tests.services.evaluation_office import BEGIN

OF_2026: Any = SimpleNamespace(unit=SimpleNamespace(zone="WIB"), period=SimpleNamespace(year=2026))


@pytest.mark.parametrize(
    ("day", "refused"),
    [
        (date(1, 1, 1), True), (date(2025, 12, 31), True), (date(2026, 1, 1), False), (date(2026, 1, 26), False),
        (date(2026, 1, 27), True), (date(9999, 12, 31), True),
    ],
)  # fmt: skip
def test_a_decree_is_of_the_year_of_its_period_or_later_and_never_ahead_of_today(
    day: date, refused: bool
) -> None:
    found: list[str] = []
    with clock.frozen(BEGIN):
        try:
            event_dates.demand_decree(OF_2026, day)
        except BadInput as error:
            found = [problem.field_name for problem in error.problems]
    assert found == (["decree_date"] if refused else [])
