"""The counts of the unit page, held to the rows behind them in every period of the furnished office."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from kinerja.db import db
from kinerja.models import Document, Person, RoleAppointment
from kinerja.services import periods, unit_progress, unit_view, unit_waiting
from kinerja.services.tallies.live import BOUND, EXEMPT, PEOPLE, PLANNED, WITHOUT
from kinerja.services.unit_progress import Part
from kinerja.services.unit_waiting import Asked

NOW, BEFORE = (7, "TW2"), (7, "TW1")


def row(state: str, slot: str = "", period: int = 7) -> SimpleNamespace:
    return SimpleNamespace(kind=PEOPLE, period_id=period, slot=slot, state=state, mark="")


@pytest.mark.parametrize("before", [BEFORE, (6, "TW4"), None])
def test_whoever_had_to_record_in_the_slot_before_is_not_taken_off_again(
    before: tuple[int, str] | None,
) -> None:
    part = Part("DLD", "Direktorat Layanan Data", True)
    counted = [(row(EXEMPT), 1), (row(WITHOUT), 2), (row(PLANNED), 29), (row(BOUND, "TW2"), 28)]
    if before:
        counted.append((row(BOUND, before[1], before[0]), 27))
    for found, n in counted:
        unit_progress._into_part(part, found, n, NOW, before)
    assert (part.people, part.exempt, part.unbound) == (32, 1, 3)


def watcher_of_everything() -> int:
    found = db.session.scalars(
        sa.select(Person.id)
        .join(RoleAppointment, RoleAppointment.person_id == Person.id)
        .where(RoleAppointment.role == "auditor", RoleAppointment.unit_id.is_(None))
        .order_by(Person.id)
    ).first()
    assert found is not None
    return found


PEOPLE_COUNTED = ("exempt", "unbound")
REALISATIONS = {"obliged": "wajib", "recorded": "direkam", "missing": "belum-direkam"}


@pytest.mark.parametrize("code", ["KEM", "DLD"])
def test_no_count_is_negative_and_each_has_as_many_rows_in_every_slot(office: Flask, code: str) -> None:
    person = watcher_of_everything()
    slots = [(period.year, window.slot) for period in periods.all_periods() for window in period.windows]
    assert len(slots) > 8
    for year, name in slots:
        here = unit_view.look(person, code, year=year, slot=name)
        assert here.slot is not None
        found = unit_progress.progress_of(here.unit, here.circle, here.watch, here.slot)

        def rows(stage: str, state: str, here: unit_view.Here = here) -> int:
            assert here.slot is not None
            asked = Asked(stage, state=state)
            return len(list(unit_waiting.every(here.unit, here.circle, here.slot, asked)))

        for label in PEOPLE_COUNTED:
            assert found.sum_of(label) == rows(unit_waiting.PEOPLE, label), (year, name, label)
        for part in found.parts:
            counts = {
                label: getattr(part, label) for label in ("people", *PEOPLE_COUNTED, *REALISATIONS, "before")
            }
            assert [label for label, n in counts.items() if n < 0] == [], (year, name, part.code)
        if name != "Y":
            for label, state in REALISATIONS.items():
                assert found.sum_of(label) == rows("realisation", state), (year, name, label)
        for stage in found.stages:
            for tally in stage.tallies:
                assert tally.count >= tally.open_to_me >= 0
                assert tally.count == rows(stage.kind, tally.state), (year, name, stage.kind, tally.state)


def test_where_only_late_starters_are_behind_their_own_day_stands_beside_the_stage(office: Flask) -> None:
    here = unit_view.look(watcher_of_everything(), "DLD-LP", year=2026, slot="TW2")
    assert here.slot is not None
    stage = unit_progress.progress_of(here.unit, here.circle, here.watch, here.slot).stages[0]
    assert (stage.kind, stage.settled) == ("skp", False)
    assert (stage.due, stage.days_left, stage.general) == (date(2026, 8, 3), 10, date(2026, 1, 31))


def test_a_suspended_skp_makes_nobody_owe_and_is_named_as_what_keeps_him(office: Flask) -> None:
    here = unit_view.look(watcher_of_everything(), "DLD", year=2026, slot="TW2")
    assert here.slot is not None

    def names(state: str, stage: str = "realisation") -> dict[str, list[str]]:
        found = unit_waiting.every(here.unit, here.circle, here.slot, Asked(stage, state=state))  # type: ignore[arg-type]
        return {row.person_name: [text for text, _params in row.obstacles] for row in found}

    assert "Ketut Arimbawa" not in names("wajib")
    assert names("")["Ketut Arimbawa"] == ["SKP ditangguhkan"]
    assert "Ketut Arimbawa" in names("unbound", unit_waiting.PEOPLE)
    waits = db.session.scalars(
        sa.select(Document)
        .join(Person, Person.id == Document.subject_id)
        .where(Person.name == "Ketut Arimbawa", Document.slot == "TW2")
    )
    assert [(one.kind, one.turn, one.due_at) for one in waits if one.turn or one.due_at] == []
