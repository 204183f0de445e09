"""Ladder and deadlines of a document are those of the law its period was opened with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from kinerja import clock
from kinerja.models.period import SLOTS_MONTHLY, SLOTS_QUARTERLY
from kinerja.rules.realisation import rl_1
from kinerja.rules.registry import regulation
from kinerja.rules.regulation import Override, Regulation
from kinerja.rules.workdays import end_of_day
from kinerja.services import deadlines, due, periods, realisation_matter
from tests.rules.test_clock import PLAIN

MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 13)


def law(**decreed: Any) -> Regulation:
    overrides = [Override(key, value, "KEP-1/2026", date(2026, 1, 2)) for key, value in decreed.items()]
    return regulation("kmk300-2022", overrides)


def waiting(monkeypatch: pytest.MonkeyPatch, known: Regulation) -> Any:
    """A document that waits from Monday 2 March to Friday the 13th, under a law."""
    for module in (due, deadlines):
        monkeypatch.setattr(module, "calendar_of", lambda _document: PLAIN)
        monkeypatch.setattr(module, "regulation_of", lambda _period: known)
    period = SimpleNamespace(year=2026, windows=())
    since = datetime(2026, 3, 2, 2, tzinfo=UTC)
    return SimpleNamespace(
        due_at=end_of_day(FRIDAY, "WIB"),
        state_since=since,
        unit=SimpleNamespace(zone="WIB"),
        period=period,
        slot="Y",
        span_start="",
    )


@pytest.mark.parametrize(
    ("decreed", "day", "rung"),
    [
        ({}, 7, 0),
        ({}, 8, 1),
        ({}, 12, 2),
        ({"tangga_ingatkan_persen": 20}, 5, 1),
        ({"tangga_ingatkan_persen": 90}, 11, 0),
        ({"tangga_ingatkan_hk": 3}, 10, 2),
        ({}, 17, 4),
        ({"tangga_salin_atasan_hk": 4}, 17, 3),
    ],
)
def test_reminders_come_when_the_law_of_the_period_says(
    monkeypatch: pytest.MonkeyPatch, decreed: dict[str, int], day: int, rung: int
) -> None:
    document = waiting(monkeypatch, law(**decreed))
    with clock.frozen(datetime(2026, 3, day, 3, tzinfo=UTC)):
        assert due.rung_of(document) == rung


@pytest.mark.parametrize(
    ("decreed", "code", "day"),
    [
        ({}, "skp_submit", date(2026, 1, 20)),
        ({"skp_ajukan": "01-12"}, "skp_submit", date(2026, 1, 12)),
        ({"tangga_tanpa_tenggat_hk": 3}, "skp_agree", date(2026, 3, 5)),
    ],
)
def test_a_step_is_due_when_the_law_of_the_period_says(
    monkeypatch: pytest.MonkeyPatch, decreed: dict[str, Any], code: str, day: date
) -> None:
    document = waiting(monkeypatch, law(**decreed))
    assert deadlines.due_of(document, code, document.state_since) == end_of_day(day, "WIB")


@pytest.mark.parametrize("slot", [*SLOTS_QUARTERLY, *SLOTS_MONTHLY])
def test_every_slot_of_a_year_has_a_name_and_no_page_shows_its_code(slot: str) -> None:
    assert slot in periods.SLOT_LABELS
    for said in (periods.SLOT_LABELS[slot], periods.short_label(slot)):
        assert said != slot
        assert not any(sign.isdigit() for sign in said)
    assert len({periods.short_label(one) for one in (*SLOTS_QUARTERLY, *SLOTS_MONTHLY)}) == 17


def test_a_finding_of_a_monthly_realisation_names_its_month(monkeypatch: pytest.MonkeyPatch) -> None:
    matter = object.__new__(realisation_matter.StoredMatter)
    cell = SimpleNamespace(target=None)
    indicator = SimpleNamespace(key="i1", number="1.1")
    entry = SimpleNamespace(value=None, narrative="", item_id=1)
    document = SimpleNamespace(
        slot="B06", state="draft", unit=SimpleNamespace(zone="WIB"), period=SimpleNamespace(state="open")
    )
    here = SimpleNamespace(recording_opens=MONDAY)
    matter.__dict__ |= {
        "document": document, "_here": here, "items": [SimpleNamespace(indicator=indicator, cell=cell, entry=entry)],
        "evidence": {}, "other_years": {}, "trajectory": SimpleNamespace(lines=[]),
    }  # fmt: skip
    with clock.frozen(datetime(2026, 7, 1, 3, tzinfo=UTC)):
        (found,) = matter.entries
    finding = rl_1(found, law())[0]
    assert finding.message % finding.params == "Indikator 1.1 tidak memiliki target pada Juni"
