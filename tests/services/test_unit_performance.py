"""The dashboard of a unit and the comparisons: each reader learns what he could open, and no value before its time."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from kinerja import clock
from kinerja.services import unit_comparison, unit_performance
from kinerja.services.errors import NotThere
from tests.services.agreement_office import Ministry
from tests.services.test_org_values import APRIL, ministry, reviewed  # noqa: F401  (the office itself)

AUGUST = datetime(2026, 8, 3, 3, tzinfo=UTC)
HUNDRED, TOTAL = Decimal(100), Decimal("102.5")


def known(ministry: Ministry, who: str) -> dict[str, Any] | None:  # noqa: F811
    """What somebody reads of the directorate: NKO and predicate, lights, points of realisation, the comparisons."""
    person = ministry.people[who]
    try:
        page = unit_performance.look(person, "DIR")
    except NotThere:
        return None
    value, reached = page.values[0], page.reached
    cells = [cell for line in (reached.trajectories if reached else {}).values() for cell in line]
    beside = unit_comparison.of_units(person, "KEM", None, "TW1").lines if who != "kasi" else ()
    years = unit_comparison.of_years(person, "DIR").lines
    return {
        "nko": (value.nko, value.determined, value.predicate),
        "lights": {one["light"] for one in reached.figures["indicators"]}
        if reached and reached.slot
        else set(),
        "points": sum(cell.realisation is not None for cell in cells),
        "targets": sum(cell.target is not None for cell in cells),
        "beside": [(line.code, line.nko, line.lights) for line in beside],
        "years": [(line.slot, line.nko, line.predicate) for line in years],
    }


def test_a_reader_learns_no_more_than_he_could_open(ministry: Ministry) -> None:  # noqa: F811
    value = reviewed(ministry, "92.5", "83.25", "111", "92.5")
    nobody_knows = [("KEM", None, None), ("DIR", None, None)]
    with clock.frozen(APRIL):
        # Those who make and review it see the figures, marked as not determined; comparisons hold nothing yet.
        for who in ("staf", "menteri"):
            told = known(ministry, who)
            assert told is not None
            assert told["nko"] == (TOTAL, False, "")
            assert (told["lights"], told["points"], told["targets"]) == ({"hijau", "kuning"}, 4, 16)
            assert told["years"] == []
            assert sorted(told["beside"]) == sorted(nobody_knows)
        # A member of the staff sees the targets of the signed PK and nothing of what was reached.
        told = known(ministry, "kasi")
        assert told is not None
        assert (told["nko"], told["lights"], told["points"], told["targets"]) == (
            (None, False, ""),
            set(),
            0,
            16,
        )
        assert told["years"] == []
        ministry.send(value, "determine", "menteri", change={"predicate": "baik"})
        for who in ("kasi", "menteri"):
            told = known(ministry, who)
            assert told is not None
            assert told["nko"] == (TOTAL, True, "baik")
            assert (told["lights"], told["points"]) == ({"hijau", "kuning"}, 4)
            assert told["years"] == [("TW1", TOTAL, "baik")]
        told = known(ministry, "menteri")
        assert told is not None
        assert ("DIR", TOTAL, {"hijau": 3, "kuning": 1, "merah": 0}) in told["beside"]
        # Opened again it is nobody's value any more, though the evaluations still name what it was.
        ministry.send(value, "reopen", "asing", note="Angka TW I keliru.")
        for who in ("kasi", "menteri"):
            told = known(ministry, who)
            assert told is not None
            assert (told["nko"][1:], told["years"]) == ((False, ""), [])
        assert known(ministry, "kasi")["points"] == 0  # type: ignore[index]
    with pytest.raises(NotThere):
        unit_performance.look(ministry.people["kasi"], "KEM")
    with clock.frozen(AUGUST):
        late = {one.kind_label: one for one in unit_performance.look(ministry.people["direktur"], "DIR").late}
        assert late["Nilai organisasi"].days > 10, late
        told_top = unit_performance.look(ministry.people["menteri"], "KEM")
        # A ministry without PK: what was never begun is late too, and has no page to open.
        assert [(one.kind_label, one.public_id) for one in told_top.late] == [("Perjanjian Kinerja", "")]
        states = [one.state for one in unit_performance.look(ministry.people["direktur"], "DIR").dialogues]
        assert states == ["belum", "belum", "nanti", "nanti"]
