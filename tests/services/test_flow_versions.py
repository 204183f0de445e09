"""A changed table is for documents begun after it; running ones follow theirs until they are moved, by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from statemachine import Event, State

from kinerja import models
from kinerja.db import db
from kinerja.services import (
    audit,
    flow_moving,
    kinds,
    lists,
    monitoring,
    new_documents,
    policy,
    transitions,
    turns,
)
from kinerja.services.errors import NotAllowed
from kinerja.workflows import checker, versions
from kinerja.workflows.base import DocumentFlow, Entry, stay, step
from kinerja.workflows.realisation import RealisationFacts, RealisationFlow
from kinerja.workflows.roles import Relation
from kinerja.workflows.skp import SkpFlow
from tests.services.monitoring_office import APRIL, Office, running

SUBJECT, PENILAI, SYSTEM = Relation.SUBJECT, Relation.PENILAI, Relation.SYSTEM


class Shorter(DocumentFlow):
    """What is returned is a draft again, and the penilai says "Terima"."""

    kind = "realisation"
    version = 2
    earlier = RealisationFlow
    became = {"returned": "draft"}
    title = RealisationFlow.title
    design = "Percobaan"
    facts_type = RealisationFacts

    not_open = State("Belum Dibuka", initial=True)
    open = State("Terbuka")
    draft = State("Konsep")
    recorded = State("Direkam")
    validated = State("Divalidasi", final=True)
    missing = State("Tidak Diisi", final=True)

    entries = (Entry("prepare_period", "Siapkan", "not_open", (SYSTEM,)),)

    open_period = Event(
        step(not_open.to(open), "Buka periode", who=SYSTEM, due="realisation_open", main=True, exit="system")
    )
    save = Event(
        step(
            open.to(draft), "Simpan", who=SUBJECT, asks="form", due="realisation_record", main=True, exit="L"
        )
        | step(stay(draft), "Simpan", who=SUBJECT, asks="form")
    )
    record = Event(
        step(draft.to(recorded), "Rekam", who=SUBJECT, due="realisation_record", main=True, exit="L")
    )
    accept = Event(
        step(recorded.to(validated), "Terima", who=PENILAI, due="realisation_validate", main=True, exit="L")
    )
    send_back = Event(step(recorded.to(draft), "Kembalikan", who=PENILAI, asks="note"))
    lapse = Event(step(open.to(missing) | draft.to(missing), "Tidak diisi", who=SYSTEM))


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    """A realisation lies with its penilai when a release with another table is installed."""
    from kinerja import clock

    with running(sqlite_template, tmp_path) as found:
        found.establish()
        with clock.frozen(APRIL):
            found.record()
            yield found


@pytest.fixture
def changed(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(monitoring.KIND, "flow", Shorter, raising=False)
    turns.taken_by.cache_clear()
    lists.main_label.cache_clear()
    yield office
    turns.taken_by.cache_clear()
    lists.main_label.cache_clear()


def offered(office: Office, who: str) -> set[str]:
    from kinerja.services import identity

    document = office.document()
    actor = identity.actor_for(document, office.people[who])
    flow, facts = kinds.flow_of(document), kinds.kind_of("realisation").facts(document)
    return {offer.event for offer in policy.offers(document, flow, facts, actor)}


def test_a_running_document_keeps_the_steps_of_its_own_table(changed: Office) -> None:
    assert changed.document().flow_version == 1
    assert {"validate", "send_back", "evidence_unreadable"} <= offered(changed, "penilai")
    with pytest.raises(NotAllowed):
        changed.send("accept", "penilai")
    changed.send("send_back", "penilai", note="Angka triwulan belum cocok.", change={"items": {}})
    assert (changed.state(), changed.document().turn) == ("returned", SUBJECT)
    assert kinds.flow_of(changed.document()).state_label("returned") == "Dikembalikan"


def test_a_document_begun_afterwards_follows_the_new_table(changed: Office) -> None:
    old = changed.document()
    from kinerja.db import transaction
    from kinerja.workflows.roles import SYSTEM as MACHINE

    with transaction():
        new = new_documents.create(
            "realisation", slot="BLN1", period=old.period, by=MACHINE, subject=old.subject, unit=old.unit,
            parent_id=old.parent_id, state="not_open",
        )  # fmt: skip
    assert (new.flow_version, old.flow_version) == (2, 1)
    assert kinds.flow_of(new) is Shorter
    assert kinds.flow_of(old) is RealisationFlow


def test_names_and_lists_know_the_states_of_both_tables(changed: Office) -> None:
    assert versions.known_states(Shorter) == [*Shorter.state_ids(), "returned"]
    assert (Shorter.state_label("draft"), Shorter.state_label("returned")) == ("Konsep", "Dikembalikan")
    assert Shorter.event_label("evidence_unreadable") == "Bukti tidak dapat dibuka"
    assert lists.main_label("realisation", 1, "recorded", PENILAI) == "Validasi"
    assert lists.main_label("realisation", 2, "recorded", PENILAI) == "Terima"


def test_a_move_is_shown_before_it_is_made(changed: Office) -> None:
    changed.send("send_back", "penilai", note="Angka triwulan belum cocok.", change={"items": {}})
    found = {row.change.source: row for row in flow_moving.behind()}
    returned = found["returned"]
    assert (returned.kind, returned.version, returned.newest, returned.count) == ("realisation", 1, 2, 1)
    assert (returned.label, returned.target_label) == ("Dikembalikan", "Konsep")
    assert "Rekam" in returned.change.new
    assert not found["not_open"].change.gone
    assert changed.document().flow_version == 1


def test_moved_documents_follow_the_new_table_and_keep_what_was_done(changed: Office) -> None:
    changed.send("send_back", "penilai", note="Angka triwulan belum cocok.", change={"items": {}})
    before = changed.document()
    content, version, public_id = before.content_hash, before.version, before.public_id
    assert all(flow_moving.move("realisation"))
    after = changed.document()
    assert (after.flow_version, after.state, after.version) == (2, "draft", version + 1)
    assert (after.turn, after.content_hash) == (SUBJECT, content)
    step = db.session.scalars(
        sa.select(models.Step).where(models.Step.document_id == after.id).order_by(models.Step.id.desc())
    ).first()
    assert step is not None
    assert (step.event, step.source, step.target) == ("follow_newest", "returned", "draft")
    notices = db.session.scalars(
        sa.select(models.Notice.person_id).where(models.Notice.document_id == after.id)
    )
    assert changed.people["pegawai"] in set(notices)
    assert all(fault is None for _chain, _length, fault in audit.verify())
    assert flow_moving.behind() == []
    changed.send("record", "pegawai")
    assert offered(changed, "penilai") == {"accept", "send_back"}
    changed.send("accept", "penilai")
    assert changed.state() == "validated"
    assert transitions.follow_newest(public_id) is False


def test_what_has_come_to_an_end_by_every_table_is_left_there() -> None:
    assert versions.ended(SkpFlow) == ["superseded", "closed", "exempt", "discarded"]
    # A validated realisation could be opened again by its own table: it is not over for it.
    assert versions.ended(Shorter) == []


def test_moving_twice_or_twice_at_once_moves_once(changed: Office) -> None:
    assert all(flow_moving.move("realisation"))
    assert list(flow_moving.move("realisation")) == []


def test_tables_in_a_wrong_order_or_with_a_lost_state_do_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(versions.unsound(Shorter)) == []
    monkeypatch.setattr(Shorter, "became", {})
    monkeypatch.setattr(Shorter, "version", 1)
    told = [str(fault) for fault in versions.unsound(Shorter)]
    assert told == [
        "realisation: version 1 after 1: is not a later number; count on",
        "realisation: version 1 after 1: documents in returned would go nowhere; say it in `became`",
    ]
    with pytest.raises(checker.UnsoundFlow, match="would go nowhere"):
        checker.require_sound({"realisation": Shorter})


def test_a_version_that_this_release_does_not_have_is_named() -> None:
    with pytest.raises(versions.NoSuchTable, match="realisation: version 3"):
        versions.at(Shorter, 3)
