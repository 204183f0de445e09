"""Which text the official form prints: signed copies stay, drafts move, ratings wait for those who may see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kinerja import clock, models
from kinerja.db import db, transaction
from kinerja.services import identity, official_copy, reading, revisions, transitions
from kinerja.services.errors import NotThere
from tests.services import evaluation_office
from tests.services.evaluation_office import at
from tests.services.monitoring_office import JANUARY, Office, running

APRIL = date(2026, 4, 20)


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    with running(sqlite_template, tmp_path) as found:
        yield found


@pytest.fixture
def directorate(sqlite_template: Path, tmp_path: Path) -> Iterator[evaluation_office.Office]:
    """In April, with the evaluation of TW I prepared."""
    with evaluation_office.running(sqlite_template, tmp_path) as found, at(APRIL):
        found.due(APRIL)
        yield found


def skp(office: Any) -> models.Document:
    return db.session.get_one(models.Document, office.skp_id, populate_existing=True)


def copy_for(
    office: Any, who: str, document: models.Document | None = None, number: int | None = None
) -> Any:
    found = document or skp(office)
    return official_copy.official(found, identity.actor_for(found, office.people[who]), number)


def rename(office: Any, who: str, name: str) -> None:
    with transaction():
        db.session.get_one(models.Person, office.people[who]).name = name


def test_before_any_signature_the_form_shows_what_is_stored_now(office: Office) -> None:
    before = copy_for(office, "pegawai").text
    rename(office, "penilai", "Nama Baru")
    after = copy_for(office, "pegawai").text
    assert (before.number, before.signatures) == (0, ())
    assert (before.content["penilai"]["nama"], after.content["penilai"]["nama"]) == ("Penilai", "Nama Baru")


def test_from_the_signature_on_the_header_is_frozen(office: Office) -> None:
    office.establish()
    rename(office, "pegawai", "Nama Sesudah Menikah")
    text = copy_for(office, "pegawai").text
    assert text.content["pegawai"]["nama"] == "Pegawai"
    assert text.number == 1
    assert len(text.content_hash) == 64
    assert [(s.block, s.name) for s in text.signatures] == [("penilai", "Penilai")]


def test_a_signature_is_told_on_the_wall_clock_of_the_unit(office: Office) -> None:
    office.establish()
    (signature,) = copy_for(office, "pegawai").text.signatures
    assert signature.at.strftime("%H.%M") == "10.00"  # 03.00 UTC in WIB


def test_an_expectation_added_later_is_beside_the_signed_text(office: Office) -> None:
    office.establish()
    document = skp(office)
    with clock.frozen(JANUARY + timedelta(days=40)):
        transitions.send(
            document.public_id, "add_expectation", office.people["penilai"], version=document.version,
            change={"value_code": "adaptif", "text": "Mempercepat analisis data."},
        )  # fmt: skip
        found = copy_for(office, "pegawai")
        assert found.text.content["ekspektasi"] == []
        assert [e["teks"] for e in found.live["ekspektasi"]] == ["Mempercepat analisis data."]
        # Each step shows the content as it then was: the addition under its own step, not under the signature.
        document = skp(office)
        steps = {moment.event: moment.revision_number for moment in reading.steps_of(document)}
        assert (steps["establish"], steps["add_expectation"]) == (1, 2)
        kept = [len(revisions.content_at(document, number)["ekspektasi"]) for number in (1, 2)]
        assert kept == [0, 1]
        printed = copy_for(office, "pegawai", number=2)
        assert (printed.text.number, printed.text.content["ekspektasi"]) == (1, [])
        assert printed.live == found.live


def test_a_revision_prints_the_signatures_of_its_own_time(office: Office) -> None:
    office.establish()
    assert len(copy_for(office, "pegawai", number=1).text.signatures) == 1
    with pytest.raises(NotThere):
        copy_for(office, "pegawai", number=7)


def test_a_fallen_signature_no_longer_freezes_the_text(office: Office) -> None:
    office.establish()
    with transaction():
        for signature in db.session.query(models.Signature):
            signature.fallen_at = clock.now()
    text = copy_for(office, "pegawai").text
    assert (text.number, text.signatures) == (0, ())


def test_a_step_gives_its_revision_and_an_unknown_one_is_not_there(office: Office) -> None:
    office.establish()
    document = skp(office)
    actor = identity.actor_for(document, office.people["pegawai"])
    step = official_copy.step_at(document, actor, document.version)
    assert (step.event, step.revision_number) == ("establish", 1)
    with pytest.raises(NotThere):
        official_copy.step_at(document, actor, 99)


def test_a_realisation_has_no_form_of_its_own(office: Office) -> None:
    office.establish()
    document = office.document()
    actor = identity.actor_for(document, office.people["pegawai"])
    assert official_copy.closed(document, actor) == "none"
    with pytest.raises(NotThere):
        official_copy.official(document, actor)


# Evaluations


@pytest.mark.parametrize("who", ["pegawai", "pengelola", "auditor", "komite"])
def test_before_the_determination_outsiders_and_the_subject_get_no_form(
    directorate: evaluation_office.Office, who: str
) -> None:
    directorate.organisation()
    directorate.propose()
    document = directorate.document()
    actor = directorate.actor(who)
    assert official_copy.closed(document, actor) == "not_yet"
    for number in (None, 1):
        with pytest.raises(NotThere):
            official_copy.official(document, actor, number)
    with pytest.raises(NotThere):
        official_copy.readable_revision(document, actor, 1)


def test_before_the_determination_the_evaluator_sees_his_draft(directorate: evaluation_office.Office) -> None:
    found = copy_for(directorate, "kasubdit", directorate.document())
    assert found.text.signatures == ()
    assert found.skp["format"] == "A.1.7"
    assert not found.by_superior


def test_the_form_of_a_received_evaluation_is_that_of_the_penilai(
    directorate: evaluation_office.Office,
) -> None:
    directorate.to_received()
    found = copy_for(directorate, "pegawai", directorate.document())
    assert {s.block for s in found.text.signatures} == {"penilai"}
    assert found.text.content["predikat"] == "baik"
    assert found.objection is None
    assert found.text.number > 0


def test_the_signed_evaluation_keeps_the_skp_of_its_day(directorate: evaluation_office.Office) -> None:
    directorate.to_received()
    rename(directorate, "kasubdit", "Nama Baru")
    found = copy_for(directorate, "pegawai", directorate.document())
    assert found.text.content["penilai"]["nama"] != "Nama Baru"
    assert found.skp["penilai"]["nama"] != "Nama Baru"


def test_the_signature_of_the_subject_does_not_move_the_header(directorate: evaluation_office.Office) -> None:
    directorate.to_received()
    rename(directorate, "kasubdit", "Nama Baru")
    directorate.send("accept", "pegawai", signed=True)
    found = copy_for(directorate, "pegawai", directorate.document())
    assert [s.block for s in found.text.signatures] == ["penilai", "pegawai"]
    assert found.text.content["penilai"]["nama"] == "Kasubdit"
