"""The core of the year with scripts switched off: every step is a form and a link."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from e2e.calendar import Calendar
from e2e.people import Person, agree_and_sign
from e2e.test_year import is_evaluated

STAGE_OF = {"planned": "empty", "recorded": "in_force", "evaluated": "evaluation"}


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> str:
    return next(stage for word, stage in STAGE_OF.items() if word in request.node.name)


@pytest.fixture
def plain(somebody: Callable[..., Person]) -> Callable[[str], Person]:
    """Somebody whose browser runs no scripts."""
    return lambda key: somebody(key, javascript=False)


def test_an_skp_is_planned_and_signed_without_scripts(plain: Callable[[str], Person]) -> None:
    pegawai, penilai = plain("sekar"), plain("bagas")
    skp = pegawai.drafts_an_skp()
    pegawai.submits_it()
    agree_and_sign(pegawai, penilai, skp)


def test_a_quarter_is_recorded_and_validated_without_scripts(
    plain: Callable[[str], Person], calendar: Calendar
) -> None:
    pegawai, penilai = plain("sekar"), plain("bagas")
    calendar.is_at("2026-04-02")
    realisation = pegawai.records("Triwulan I", {"1.1": "4", "2.1": "238", "3.1": "95,5"}, file="laporan.pdf")
    penilai.validates(realisation)


def test_a_year_is_evaluated_without_scripts(plain: Callable[[str], Person]) -> None:
    is_evaluated(plain("sekar"), plain("bagas"), plain("ratih"), plain("menteri"))
