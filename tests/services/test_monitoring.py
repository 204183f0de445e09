"""A period from its first day to its validation: prepared, written, recorded, returned, opened again, lapsed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from kinerja import clock, models
from kinerja.db import db, transaction
from kinerja.services import evidence, identity, monitoring_due, transitions
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.services.monitoring import KIND
from kinerja.services.monitoring_view import evidence_choices, indicator_choices, stored_entries
from kinerja.services.realisation_matter import StoredMatter
from kinerja.workflows.base import OWN_RULE, Incomplete
from tests.services.monitoring_office import APRIL, YEAR, Office, running

NOTE = "Mohon lengkapi angka dan buktinya."


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    with running(sqlite_template, tmp_path) as found:
        yield found


@pytest.fixture
def at_work(office: Office) -> Office:
    """The SKP is in force and its first period open."""
    office.establish()
    return office


def rules_of(error: pytest.ExceptionInfo[Incomplete]) -> set[str]:
    return {unmet.rule for unmet in error.value.unmet}


def attach(
    office: Office, *keys: str, content: bytes = b"Daftar set data\n", name: str = "daftar.txt"
) -> models.Evidence:
    """A text file of the employee, attached to these indicators."""
    found = evidence.store_file(office.people["pegawai"], name, io.BytesIO(content))
    wishes = [{"item": key, "evidence": found.public_id, "shows": "hasil"} for key in keys]
    office.send("save", "pegawai", change={"attach": wishes})
    return found


def read_by(office: Office, who: str, found: models.Evidence, slot: str = "TW1") -> None:
    document = office.document(slot)
    evidence.open_evidence(document, identity.actor_for(document, office.people[who]), found.public_id)


def test_an_skp_in_force_has_a_realisation_per_period_and_the_begun_one_is_open(at_work: Office) -> None:
    assert {slot: at_work.state(slot) for slot in ("TW1", "TW2", "TW3", "TW4")} == {
        "TW1": "open",
        "TW2": "not_open",
        "TW3": "not_open",
        "TW4": "not_open",
    }
    assert at_work.document("TW1").turn == "subjek"
    assert at_work.document("TW2").turn == "sistem"


def test_only_indicators_with_a_target_are_asked_for_and_one_without_trajectory_at_the_end(
    at_work: Office,
) -> None:
    assert set(stored_entries(StoredMatter(at_work.document("TW1")))) == {"jumlah", "hari"}
    assert set(stored_entries(StoredMatter(at_work.document("TW4")))) == {"jumlah", "hari", "modul"}
    assert [label.split()[0] for _key, label in indicator_choices(StoredMatter(at_work.document("TW4")))] == [
        "1.1",
        "1.2",
        "2.1",
    ]


def test_saving_makes_a_draft_and_further_saving_leaves_it_one(at_work: Office) -> None:
    at_work.send("save", "pegawai", change={"items": {"jumlah": {"value": Decimal("38.5")}}})
    assert at_work.state() == "draft"
    since = at_work.document().state_since
    at_work.send("save", "pegawai", change={"items": {"jumlah": {"narrative": " Sebelas belum. "}}})
    stored = stored_entries(StoredMatter(at_work.document()))["jumlah"]
    assert (stored["value"], stored["narrative"]) == (Decimal("38.5"), "Sebelas belum.")
    assert (at_work.state(), at_work.document().state_since) == ("draft", since)


@pytest.mark.parametrize(
    "change",
    [
        {"items": {"modul": {"value": Decimal(1)}}},
        {"items": {"asing": {"value": Decimal(1)}}},
        {"items": {"jumlah": {"value": "38"}}},
        {"items": {"jumlah": {"value": Decimal("NaN")}}},
        {"attach": [{"item": "jumlah", "evidence": "tidakadatidakada", "shows": "hasil"}]},
    ],
    ids=["tanpa target periode ini", "indikator asing", "teks sebagai angka", "bukan angka", "bukti asing"],
)
def test_what_does_not_belong_to_the_period_is_refused_and_nothing_changes(
    at_work: Office, change: Any
) -> None:
    with pytest.raises(BadInput):
        at_work.send("save", "pegawai", change=change)
    assert at_work.state() == "open"


def test_evidence_of_somebody_else_cannot_be_attached(at_work: Office) -> None:
    foreign = evidence.store_link(at_work.people["penilai"], "https://contoh.go.id/berkas")
    with pytest.raises(BadInput):
        at_work.send(
            "save", "pegawai", change={"attach": [{"item": "jumlah", "evidence": foreign.public_id}]}
        )


def test_nothing_is_recorded_while_an_indicator_is_empty(at_work: Office) -> None:
    at_work.fill({"jumlah": "38"})
    with pytest.raises(Incomplete) as error:
        at_work.send("record", "pegawai")
    assert [(u.rule, u.field_name) for u in error.value.unmet] == [(OWN_RULE, "item-hari-value")]
    assert at_work.state() == "draft"


def test_a_zero_is_a_realisation(at_work: Office) -> None:
    at_work.record(jumlah="0", hari="12")
    assert at_work.state() == "recorded"


def test_a_value_without_evidence_is_recorded_with_a_reason_only(at_work: Office) -> None:
    at_work.send("save", "pegawai", change={"items": {k: {"value": Decimal(12)} for k in ("jumlah", "hari")}})
    with pytest.raises(Incomplete) as error:
        at_work.send("record", "pegawai")
    assert rules_of(error) == {"RL-2"}
    at_work.record()
    assert at_work.state() == "recorded"


def test_recording_locks_the_targets_and_the_database_refuses_to_change_them(at_work: Office) -> None:
    assert not any(at_work.locked().values())
    at_work.record()
    assert at_work.locked() == {"jumlah": True, "hari": True, "modul": False}
    for statement in (
        sa.update(models.SkpIndicator).where(models.SkpIndicator.key == "jumlah").values(target=Decimal(1)),
        sa.update(models.IndicatorTarget)
        .where(models.IndicatorTarget.indicator_id == at_work.indicators["jumlah"])
        .values(value=Decimal(1)),
        sa.delete(models.IndicatorTarget).where(
            models.IndicatorTarget.indicator_id == at_work.indicators["jumlah"]
        ),
    ):
        with pytest.raises(DatabaseError, match="has a realisation"), transaction():
            db.session.execute(statement)


def test_withdrawing_the_first_recording_lifts_the_lock_and_a_return_does_not(at_work: Office) -> None:
    at_work.record()
    at_work.send("withdraw", "pegawai")
    assert (at_work.state(), any(at_work.locked().values())) == ("draft", False)
    at_work.send("record", "pegawai")
    at_work.send("send_back", "penilai", note=NOTE)
    assert (at_work.state(), at_work.locked()["jumlah"]) == ("returned", True)


def test_withdrawing_a_second_recording_keeps_the_lock(at_work: Office) -> None:
    at_work.record()
    at_work.send("send_back", "penilai", note=NOTE)
    at_work.record()
    at_work.send("withdraw", "pegawai")
    assert at_work.locked()["jumlah"] is True


def test_a_lock_held_by_another_period_stays(at_work: Office) -> None:
    at_work.record()
    with clock.frozen(APRIL):
        monitoring_due.fall_due(APRIL.date())
        at_work.record("TW2")
        at_work.send("withdraw", "pegawai", "TW2")
    assert at_work.locked()["jumlah"] is True


def test_what_the_penilai_has_opened_is_not_withdrawn(at_work: Office) -> None:
    at_work.record()
    document = at_work.document()
    with transaction():
        db.session.add(
            models.ReadLog(
                person_id=at_work.people["penilai"], document_id=document.id, what="document", at=clock.now()
            )
        )
    with pytest.raises(Incomplete):
        at_work.send("withdraw", "pegawai")


def test_validation_waits_until_the_penilai_has_opened_every_file(at_work: Office) -> None:
    found = attach(at_work, "jumlah", "hari")
    at_work.record()
    with pytest.raises(Incomplete) as error:
        at_work.send("validate", "penilai")
    assert rules_of(error) == {"RL-3"}
    read_by(at_work, "atasan", found)
    with pytest.raises(Incomplete):
        at_work.send("validate", "penilai")
    read_by(at_work, "penilai", found)
    at_work.send("validate", "penilai")
    assert at_work.state() == "validated"


def test_a_plh_validates_what_he_has_opened_himself(at_work: Office) -> None:
    found = attach(at_work, "jumlah", "hari")
    at_work.record()
    read_by(at_work, "penilai", found)
    with pytest.raises(NotAllowed):
        at_work.send("validate", "plh")
    read_by(at_work, "plh", found)
    at_work.send("validate", "plh")
    step = db.session.scalars(sa.select(models.Step).where(models.Step.event == "validate")).one()
    assert (step.relation, step.on_behalf) == ("plh_penilai", "Plh. Jabatan penilai")


def test_a_value_without_evidence_is_not_validated(at_work: Office) -> None:
    at_work.record()
    with pytest.raises(Incomplete) as error:
        at_work.send("validate", "penilai")
    assert rules_of(error) == {"RL-2"}


def test_a_return_carries_a_note_per_indicator_and_the_next_return_its_own(at_work: Office) -> None:
    at_work.record()
    at_work.send("send_back", "penilai", note=NOTE, change={"items": {"jumlah": {"note": "Sebelas kurang."}}})
    notes = {key: entry["note"] for key, entry in stored_entries(StoredMatter(at_work.document())).items()}
    assert notes == {"jumlah": "Sebelas kurang.", "hari": ""}
    at_work.record()
    at_work.send("send_back", "penilai", note=NOTE)
    assert stored_entries(StoredMatter(at_work.document()))["jumlah"]["note"] == ""
    kept = db.session.scalars(
        sa.select(models.Revision.content).where(models.Revision.content.contains("Sebelas"))
    ).all()
    assert kept


def test_a_return_without_a_note_is_refused(at_work: Office) -> None:
    at_work.record()
    with pytest.raises(Incomplete):
        at_work.send("send_back", "penilai", note="pendek")


def test_evidence_that_cannot_be_opened_sends_back_at_once_and_must_be_replaced(at_work: Office) -> None:
    found = attach(at_work, "jumlah", "hari")
    at_work.record()
    at_work.send(
        "evidence_unreadable", "penilai", change={"evidence": found.public_id, "note": "Berkas kosong."}
    )
    assert at_work.state() == "returned"
    at_work.send("save", "pegawai", change={})
    with pytest.raises(Incomplete) as error:
        at_work.send("record", "pegawai")
    assert rules_of(error) == {OWN_RULE}
    detach = [{"item": key, "evidence": found.public_id} for key in ("jumlah", "hari")]
    at_work.send("save", "pegawai", change={"detach": detach})
    assert evidence_choices(StoredMatter(at_work.document())) == []
    at_work.send("record", "pegawai")
    assert at_work.state() == "recorded"


def test_evidence_of_another_document_is_not_called_unreadable(at_work: Office) -> None:
    at_work.record()
    with pytest.raises(BadInput):
        at_work.send("evidence_unreadable", "penilai", change={"evidence": "tidakadatidakada"})


def test_one_file_serves_many_indicators_and_is_kept_once(at_work: Office) -> None:
    attach(at_work, "jumlah")
    attach(at_work, "hari")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(models.Evidence)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(models.EvidenceLink)) == 2


def test_the_superior_opens_a_validated_period_again_and_the_lock_stays(at_work: Office) -> None:
    found = attach(at_work, "jumlah", "hari")
    at_work.record()
    read_by(at_work, "penilai", found)
    at_work.send("validate", "penilai")
    with pytest.raises(NotAllowed):
        at_work.send("reopen", "penilai", note=NOTE)
    at_work.send("reopen", "atasan", note=NOTE)
    assert (at_work.state(), at_work.locked()["jumlah"]) == ("draft", True)
    assert at_work.trajectory().documents["TW1"].recount


def test_a_determined_evaluation_closes_the_way_back(at_work: Office) -> None:
    found = attach(at_work, "jumlah", "hari")
    at_work.record()
    read_by(at_work, "penilai", found)
    at_work.send("validate", "penilai")
    _determine(at_work, "TW1")
    with pytest.raises(Incomplete) as error:
        at_work.send("reopen", "atasan", note=NOTE)
    assert rules_of(error) == {OWN_RULE}


def _determine(office: Office, slot: str) -> None:
    document = office.document()
    with transaction():
        review = models.Document(
            public_id="reviewreviewrev2",
            kind="predicate_review",
            print_number="EVK-2026-000001",
            period_id=document.period_id,
            slot=slot,
            subject_id=document.subject_id,
            unit_id=document.unit_id,
            parent_id=office.skp_id,
            state="determined",
            state_since=clock.now(),
            created_at=clock.now(),
            updated_at=clock.now(),
        )
        db.session.add(review)
        db.session.flush()
        db.session.add(models.Review(document_id=review.id, skp_id=office.skp_id))


@pytest.mark.parametrize("who", ["asing", "puncak"])
def test_for_a_stranger_the_document_is_not_there(at_work: Office, who: str) -> None:
    with pytest.raises(NotThere):
        at_work.send("save", who, change={})


def test_an_skp_that_was_reopened_takes_its_realisation_along(at_work: Office) -> None:
    at_work.fill({"jumlah": "38"})
    skp = db.session.get_one(models.Document, at_work.skp_id, populate_existing=True)
    transitions.send(skp.public_id, "reopen", at_work.people["atasan"], version=skp.version, note=NOTE)
    with pytest.raises(Incomplete) as error:
        at_work.fill({"jumlah": "39"})
    assert rules_of(error) == {OWN_RULE}


def test_an_indicator_that_leaves_a_reopened_skp_takes_its_entry_along(at_work: Office) -> None:
    at_work.fill({"jumlah": "38"})
    with transaction():
        row = db.session.scalars(sa.select(models.SkpRow).where(models.SkpRow.key == "hasil")).one()
        row.indicators.remove(next(i for i in row.indicators if i.key == "jumlah"))
    assert set(stored_entries(StoredMatter(at_work.document()))) == {"hari"}


def test_the_content_names_what_was_typed_and_the_fingerprint_of_the_evidence(at_work: Office) -> None:
    found = attach(at_work, "jumlah")
    at_work.fill({"jumlah": "38.50"})
    content = KIND.content(at_work.document())
    entry = content["butir"][0]
    assert (entry["nomor"], entry["nilai"], entry["bukti"][0]["sidik"]) == ("1.1", "38.5", found.sha256)
    title = ("Realisasi %(slot)s %(year)s, %(name)s", {"slot": "Triwulan I", "year": YEAR, "name": "Pegawai"})
    assert KIND.title(at_work.document()) == title
