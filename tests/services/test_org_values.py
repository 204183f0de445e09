"""From the realisation of the IKU of a unit to its determined value: who may what, what is computed, who knows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kinerja import clock, models
from kinerja.db import db, transaction
from kinerja.rules.registry import regulation
from kinerja.services import (
    due,
    evidence,
    identity,
    iku_places,
    iku_values,
    lists,
    org_results,
    org_values,
    policy,
    transitions,
    turns,
)
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.services.manuals import ManualView
from kinerja.workflows.base import Incomplete
from tests.services.agreement_office import Ministry, measured, running

APRIL = datetime(2026, 4, 6, 3, tzinfo=UTC)
MAY = datetime(2026, 5, 4, 3, tzinfo=UTC)
JUNE = datetime(2026, 6, 8, 3, tzinfo=UTC)
DATA = "https://data.contoh.go.id/layanan/tw1"


@pytest.fixture
def ministry(sqlite_template: Path, tmp_path: Path) -> Iterator[Ministry]:
    """The PK of the directorate is in force; a member of its staff is its pengelola kinerja organisasi."""
    with running(sqlite_template, tmp_path) as found:
        found.appoint("staf", "pengelola_organisasi", "direktorat")
        found.appoint("asing", "komite_pelaksana")
        pk = found.begin()
        found.in_force(pk)
        measured(pk)
        yield found


def public_id(kind: str, slot: str = "TW1") -> str:
    query = sa.select(models.Document.public_id).where(
        models.Document.kind == kind, models.Document.slot == slot
    )
    return str(db.session.scalars(query).one())


def state(kind: str, slot: str = "TW1") -> str:
    return transitions.load(public_id(kind, slot)).state


def keys() -> list[str]:
    query = (
        sa.select(models.Iku.key)
        .join(models.Objective, models.Objective.id == models.Iku.objective_id)
        .order_by(models.Objective.position)
    )
    return list(db.session.scalars(query))


def record(ministry: Ministry, *values: str, by: str = "staf") -> str:
    """The realisation of the first quarter, recorded by the pengelola with one address of raw data for all."""
    rea = public_id("iku_realisation")
    brought = evidence.store_link(ministry.people[by], DATA).public_id
    change = {
        "items": {key: {"value": Decimal(value)} for key, value in zip(keys(), values, strict=True)},
        "attach": [{"item": key, "evidence": brought, "shows": "data"} for key in keys()],
    }
    ministry.send(rea, "save", by, change=change)
    ministry.send(rea, "record", by)
    return rea


def validate(ministry: Ministry, rea: str) -> None:
    """The head opens the data and validates."""
    document, head = transitions.load(rea), ministry.people["direktur"]
    data = db.session.scalars(sa.select(models.Evidence.public_id)).first()
    evidence.open_evidence(document, identity.actor_for(document, head), str(data))
    ministry.send(rea, "validate", "direktur")


def computed(ministry: Ministry, *values: str) -> str:
    """The value of the first quarter, its data sent in April."""
    with clock.frozen(APRIL):
        validate(ministry, record(ministry, *(values or ("92.5",) * 4)))
        value = public_id("org_value")
        send_data(ministry, value)
    return value


def send_data(ministry: Ministry, value: str, by: str = "staf", **more: str) -> None:
    ministry.send(value, "save", by, change={"report": "LCK-7/2026"} | more)
    ministry.send(value, "submit_data", by)


def reviewed(ministry: Ministry, *values: str) -> str:
    value = computed(ministry, *values)
    with clock.frozen(APRIL):
        ministry.send(value, "clear", "pengelola")
    return value


def awaited(which: str) -> list[int]:
    document = transitions.load(which)
    return turns.person_in_turn(document, document.turn)


def test_a_value_goes_from_its_data_to_final_and_is_what_evaluations_read(ministry: Ministry) -> None:
    who = ministry.people
    rea, value = public_id("iku_realisation"), public_id("org_value")
    assert (state("iku_realisation"), state("org_value"), state("org_value", "Y")) == (
        "open",
        "collecting",
        "collecting",
    )
    assert awaited(rea) == awaited(value) == [who["staf"]]
    with clock.frozen(APRIL):
        record(ministry, "92.5", "83.25", "111", "92.5")
        assert awaited(rea) == [who["direktur"]]
        with pytest.raises(Incomplete):
            ministry.send(value, "submit_data", "staf")
        with pytest.raises(Incomplete):
            ministry.send(rea, "validate", "direktur")
        validate(ministry, rea)
        with pytest.raises(Incomplete):
            ministry.send(value, "submit_data", "staf")
        send_data(ministry, value)
        assert awaited(value) == [who["pengelola"]]
        ministry.send(value, "clear", "pengelola")
        assert awaited(value) == [who["menteri"]]
        unit, period = ministry.units["direktorat"], db.session.get_one(models.Period, ministry.period)
        assert org_results.stored(unit, period.id, "TW1") is None
        ministry.send(value, "determine", "menteri", change={"predicate": "baik", "reason": ""})
        result = org_results.stored(unit, period.id, "TW1")
        assert result is not None
        # 100, 90, 120 and 100: the mean of the indices.
        assert (result.predicate, result.nko, result.set_by_id) == ("baik", Decimal("102.5"), who["menteri"])
    with clock.frozen(JUNE):
        due.run()
    assert state("org_value") == "final"


def test_an_iku_is_joined_from_the_units_that_took_it_over_as_its_manual_says(ministry: Ministry) -> None:
    ikus = list(db.session.scalars(sa.select(models.Iku).order_by(models.Iku.id)))
    whole, first, second, other = ikus
    with transaction():
        for one in (first, second, other):
            one.handed_down_id = whole.id
        # What is measured otherwise is no place of it.
        other.measure = "hari kerja"
    law = regulation("kmk300-2022")

    def read(method: str) -> Any:
        says = ManualView("m", "maximize", "average", (), None, False, method, "", "", "", None, None)
        return iku_places.joined([(whole.id, whole.measure)], {whole.id: says}, law)

    assert read("sum")[whole.id, "TW1"].reason == "REALISASI_KOSONG"
    with clock.frozen(APRIL):
        record(ministry, "1", "90", "81", "7")
    assert read("sum")[whole.id, "TW1"].value == Decimal(171)
    assert read("average")[whole.id, "TW1"].value == Decimal("85.5")
    # The last place in the order of the units; its formula anew is the unit's own work.
    assert read("take_last_known")[whole.id, "TW1"].value == Decimal(81)
    assert (read("raw_data"), read("")) == ({}, {})
    # A place that lacks a quarter leaves that quarter without a value: it is not zero.
    assert read("sum")[whole.id, "TW2"].reason == "REALISASI_KOSONG"


def test_under_the_national_rule_set_the_leader_above_chooses_and_writes_on_what_basis(
    ministry: Ministry,
) -> None:
    period = db.session.get_one(models.Period, ministry.period)
    with transaction():
        period.rule_set, period.rules = "permenpanrb6-2022", regulation("permenpanrb6-2022").freeze()
        assert period.opened_at is not None
        period.opened_at += timedelta(seconds=1)
    value = reviewed(ministry)
    shown = org_values.org_value_of(transitions.load(value)).reading
    assert (shown["nko"]["reason"], shown["proposal"]["reason"]) == ("NKO_BELUM_ADA", "AMBANG_BELUM_ADA")
    with clock.frozen(APRIL):
        with pytest.raises(BadInput, match="dasar penetapannya"):
            ministry.send(value, "determine", "menteri", change={"predicate": "baik", "reason": ""})
        basis = "Trajectory target seluruh indikator tercapai (hlm. 93)."
        ministry.send(value, "determine", "menteri", change={"predicate": "baik", "reason": basis})
    result = org_results.stored(ministry.units["direktorat"], period.id, "TW1")
    assert result is not None
    assert (result.predicate, result.nko) == ("baik", None)


def test_an_iku_without_an_approved_manual_is_not_recorded_for_the_first_time(ministry: Ministry) -> None:
    first = keys()[0]
    with transaction():
        unmeasured = sa.select(models.Manual.document_id).join(models.Iku).where(models.Iku.key == first)
        document = db.session.get_one(models.Document, db.session.scalar(unmeasured))
        db.session.execute(
            sa.update(models.Document).where(models.Document.id == document.id).values(state="submitted")
        )
    with clock.frozen(APRIL), pytest.raises(Incomplete) as refused:
        record(ministry, *("92.5",) * 4)
    assert [(unmet.rule, unmet.field_name) for unmet in refused.value.unmet] == [
        ("PK-9", f"item-{first}-value")
    ]


def test_the_realisation_locks_the_target_of_its_iku_until_it_is_taken_back(ministry: Ministry) -> None:
    with clock.frozen(APRIL):
        rea = record(ministry, *("92.5",) * 4)
        locked = sa.select(sa.func.count()).select_from(models.Iku).where(models.Iku.locked_at.is_not(None))
        assert db.session.scalar(locked) == 4
        ministry.send(rea, "withdraw", "staf")
        assert db.session.scalar(locked) == 0


@pytest.mark.parametrize(
    ("event", "who", "given", "refusal"),
    [
        ("determine", "pengelola", {"change": {"predicate": "baik"}}, NotAllowed),
        ("determine", "direktur", {"change": {"predicate": "baik"}}, NotAllowed),
        ("determine", "staf", {"change": {"predicate": "baik"}}, NotAllowed),
        ("determine", "kasi", {"change": {"predicate": "baik"}}, NotThere),
        ("determine", "menteri", {"change": {"predicate": "mantap"}}, BadInput),
        ("determine", "menteri", {"change": {"predicate": "istimewa", "reason": "ya"}}, BadInput),
        ("reopen", "menteri", {"note": "Angka TW I keliru."}, NotAllowed),
    ],
)
def test_a_reviewed_value_is_determined_by_the_leader_above_alone(
    ministry: Ministry, event: str, who: str, given: dict[str, Any], refusal: type[Exception]
) -> None:
    value = reviewed(ministry)
    with clock.frozen(APRIL), pytest.raises(refusal):
        ministry.send(value, event, who, **given)
    assert state("org_value") == "reviewed"


def test_another_predicate_than_the_proposed_one_stands_with_its_reason(ministry: Ministry) -> None:
    value = reviewed(ministry)
    with clock.frozen(APRIL):
        change = {"predicate": "istimewa", "reason": "Melampaui yang disepakati di luar peta."}
        ministry.send(value, "determine", "menteri", change=change)
    stored = org_values.org_value_of(transitions.load(value))
    assert (stored.proposal, stored.predicate) == ("baik", "istimewa")


def test_nobody_reviews_the_data_he_sent(ministry: Ministry) -> None:
    with transaction():
        role = db.session.scalars(
            sa.select(models.RoleAppointment).where(models.RoleAppointment.decree == "SK-2")
        ).first()
        assert role is not None
        role.person_id = ministry.people["pengelola"]
    identity.relations_changed()
    with clock.frozen(APRIL):
        validate(ministry, record(ministry, *("92.5",) * 4, by="pengelola"))
        value = public_id("org_value")
        send_data(ministry, value, "pengelola")
        with pytest.raises(NotAllowed):
            ministry.send(value, "clear", "pengelola")


def test_a_quarter_nobody_filled_is_left_out_and_the_value_is_sent_with_a_reason(ministry: Ministry) -> None:
    with clock.frozen(MAY):
        due.run()
    with clock.frozen(JUNE):
        due.run()
        assert state("iku_realisation") == "missing"
        value = public_id("org_value")
        with pytest.raises(Incomplete):
            send_data(ministry, value)
        send_data(ministry, value, provisional_reason="Data triwulan ini tidak tersedia.")
    stored = org_values.org_value_of(transitions.load(value))
    assert (stored.nko, stored.proposal, stored.reading["nko"]["reason"]) == (None, "", "TANPA_INDIKATOR")


def test_a_value_by_skep_wins_over_the_computed_one_and_both_are_kept(ministry: Ministry) -> None:
    with clock.frozen(APRIL):
        validate(ministry, record(ministry, *("92.5",) * 4))
        value = public_id("org_value")
        with pytest.raises(BadInput):
            ministry.send(value, "enter_value", "staf", change={"nko": Decimal("121"), "decree_number": ""})
        skep = {"nko": Decimal("112.4"), "decree_number": "SKEP-9", "decree_date": date(2026, 4, 2)}
        ministry.send(value, "enter_value", "staf", change=skep)
    stored = org_values.org_value_of(transitions.load(value))
    assert (stored.basis, stored.nko, stored.proposal, stored.reading["nko"]["value"]) == (
        "skep", Decimal("112.4"), "istimewa", "100",
    )  # fmt: skip


def test_the_result_of_a_unit_with_a_pk_has_one_door(ministry: Ministry) -> None:
    unit, period = ministry.units["direktorat"], db.session.get_one(models.Period, ministry.period)
    with pytest.raises(BadInput):
        org_results.set_by_leader(unit, period, "TW1", by_id=ministry.people["menteri"], predicate="baik")
    other = ministry.units["seksi"]
    assert org_results.set_by_leader(
        other, period, "TW1", by_id=ministry.people["direktur"], predicate="baik"
    ).id


def test_the_komite_opens_it_again_and_it_is_determined_anew(ministry: Ministry) -> None:
    value = reviewed(ministry)
    with clock.frozen(APRIL):
        ministry.send(value, "determine", "menteri", change={"predicate": "baik"})
        ministry.send(value, "reopen", "asing", note="Angka TW I keliru.")
        assert (state("org_value"), awaited(value)) == ("collecting", [ministry.people["staf"]])
        send_data(ministry, value, "staf")
        ministry.send(value, "clear", "pengelola")
        ministry.send(value, "determine", "menteri", change={"predicate": "baik"})


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [("staf", True, True), ("kasi", False, True), ("asing", True, True), ("direktur", True, True)],
)
def test_the_staff_know_a_value_once_it_is_determined(
    ministry: Ministry, name: str, before: bool, after: bool
) -> None:
    value = reviewed(ministry)
    person = ministry.people[name]

    def sees() -> tuple[bool, bool]:
        document = transitions.load(value)
        listed = lists.page(identity.circle_of(person), lists.Filters(kind="org_value", slot="TW1"))
        return policy.may_view(document, identity.actor_for(document, person)), bool(listed)

    with clock.frozen(APRIL):
        assert sees() == (before, before)
        ministry.send(value, "determine", "menteri", change={"predicate": "baik"})
        assert sees() == (after, after)


def test_a_year_is_read_from_all_its_quarters_with_what_is_missing_named(ministry: Ministry) -> None:
    computed(ministry, "92.5", "83.25", "111", "92.5")
    period = db.session.get_one(models.Period, ministry.period)
    reading = iku_values.read(ministry.units["direktorat"], period, "TW1")
    assert [one.light for one in reading.indicators] == ["hijau", "kuning", "hijau", "hijau"]
    assert (reading.nko.value, reading.provisional, reading.proposal.value) == (
        Decimal("102.5"),
        False,
        "baik",
    )
    assert [one.score.value for one in reading.perspectives] == [100, 90, 120, 100]
    year = iku_values.read(ministry.units["direktorat"], period, "Y")
    assert (year.nko.value, year.unvalidated) == (None, ("TW2", "TW3", "TW4"))
    assert iku_values.read(ministry.units["seksi"], period, "TW1").pk_id is None
