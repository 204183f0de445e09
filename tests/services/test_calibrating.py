"""Proposals side by side for the superior who calibrates them: what he sees, and one act for many of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from kinerja import models
from kinerja.db import db
from kinerja.services import bulk, calibrating, reading
from kinerja.services.review_matter import tells_of_nobody
from tests.services.evaluation_office import Office, at, running

APRIL = date(2026, 4, 20)
WHY = {"reason_code": "bukti", "sentence": "Bukti hanya mendukung sebagian hasil."}


@pytest.fixture
def proposed(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    """In April: two people of one penilai have been proposed."""
    with running(sqlite_template, tmp_path, colleague=True) as office, at(APRIL):
        office.due(APRIL)
        office.organisation()
        office.propose()
        office.propose(of="rekan", result_rating="dibawah")
        yield office


def desk(office: Office, who: str) -> calibrating.Desk:
    return calibrating.desk(office.people[who])


def orders(office: Office, who: str = "direktur") -> list[bulk.Order]:
    return [bulk.Order(p.public_id, p.version, "", p.name) for p in desk(office, who).proposals]


def test_the_superior_has_every_proposal_below_him_beside_the_others(proposed: Office) -> None:
    found = desk(proposed, "direktur")
    assert (found.year, found.slot) == (2026, "TW1")
    assert [(p.name, p.evaluator, p.result, p.behaviour, p.predicate, p.waits) for p in found.proposals] == [
        ("Pegawai", "Kasubdit", "sesuai", "sesuai", "baik", True),
        ("Rekan", "Kasubdit", "dibawah", "sesuai", "butuh_perbaikan", True),
    ]
    assert [(s.slot, s.proposed, s.waiting) for s in found.slots] == [("TW1", 2, 2)]
    assert found.not_proposed == 0
    # Each of the ratings on the page is a reading its subject will see.
    reading.keep_reads()
    logged = db.session.execute(
        sa.select(models.Document.subject_id, models.ReadLog.relation, models.ReadLog.confidential)
        .join(models.Document, models.Document.id == models.ReadLog.document_id)
        .where(models.ReadLog.what == "reviu", models.ReadLog.person_id == proposed.people["direktur"])
    ).all()
    assert sorted(tuple(row) for row in logged) == [
        (proposed.people[who], "atasan_penilai", True) for who in ("pegawai", "rekan")
    ]


def test_nobody_else_is_shown_what_waits_for_calibration(proposed: Office) -> None:
    others = set(proposed.people) - {"direktur"}
    assert {who for who in others if desk(proposed, who).proposals} == set()


def test_a_proposal_that_is_not_made_yet_is_counted_and_not_shown(proposed: Office) -> None:
    proposed.send("send_back", "direktur", of="rekan", note="Bukti belum dibaca semua.")
    found = desk(proposed, "direktur")
    assert [p.name for p in found.proposals] == ["Pegawai"]
    assert found.not_proposed == 1


def test_a_change_stands_beside_what_was_proposed_and_by_whom(proposed: Office) -> None:
    change = {"result_rating": "sesuai", "behaviour_rating": "sesuai"} | WHY
    proposed.send("calibrate", "direktur", of="rekan", change=change)
    changed = next(p for p in desk(proposed, "direktur").proposals if p.name == "Rekan")
    assert not changed.waits
    assert changed.before == {
        "rating_hasil": "dibawah",
        "rating_perilaku": "sesuai",
        "predikat": "butuh_perbaikan",
    }
    assert (changed.result, changed.predicate, changed.changed_by) == ("sesuai", "baik", "Direktur")


def test_agreeing_to_many_writes_a_record_for_each(proposed: Office) -> None:
    outcomes = bulk.send_all("calibrate", orders(proposed), proposed.people["direktur"])
    assert [(o.label, o.ok) for o in outcomes] == [("Pegawai", True), ("Rekan", True)]
    for who in ("pegawai", "rekan"):
        document = proposed.document(who=who)
        assert document.state == "calibrated"
        kept = db.session.scalars(
            sa.select(models.Calibration).where(models.Calibration.review_id == document.id)
        ).one()
        assert kept.before == kept.after
        assert kept.by_id == proposed.people["direktur"]


def test_one_document_that_fails_stops_none_of_the_others_and_is_named(proposed: Office) -> None:
    """Calibrated, determined and signed: in each act one of two cannot go on, and the other does."""
    given = orders(proposed)
    proposed.send("send_back", "direktur", of="rekan", note="Bukti belum dibaca semua.")
    outcomes = bulk.send_all("calibrate", given, proposed.people["direktur"])
    assert [(o.label, o.ok) for o in outcomes] == [("Pegawai", True), ("Rekan", False)]
    assert outcomes[1].reasons, "it says why"
    assert proposed.state() == "calibrated"
    assert proposed.document(who="rekan").state == "prepared"

    proposed.propose(of="rekan", result_rating="dibawah")
    proposed.send("calibrate", "direktur", of="rekan", change={})
    for who in ("pegawai", "rekan"):
        proposed.send("determine", "kasubdit", of=who)
    both = [
        bulk.Order(d.public_id, d.version, "", who)
        for who in ("rekan", "pegawai")
        if (d := proposed.document(who=who))
    ]
    older = [bulk.Order(both[0].public_id, both[0].version - 1, "", "rekan"), both[1]]
    penilai = proposed.people["kasubdit"]
    outcomes = bulk.send_all("sign_form", older, penilai, signed=True)
    assert [(o.label, o.ok) for o in outcomes] == [("rekan", False), ("pegawai", True)]
    assert proposed.state() == "signed"
    assert proposed.document(who="rekan").state == "determined"
    assert [s.person_id for s in reading.signatures_of(proposed.document())] == [penilai]
    assert reading.signatures_of(proposed.document(who="rekan")) == []
    assert not any(o.ok for o in bulk.send_all("sign_form", both[:1], penilai)), (
        "never without the confirmation"
    )


def test_the_page_asks_the_database_no_more_for_two_than_for_one(proposed: Office) -> None:
    def statements() -> int:
        count = 0

        def counted(*_args: object) -> None:
            nonlocal count
            count += 1

        sa.event.listen(db.engine, "before_cursor_execute", counted)
        desk(proposed, "direktur")
        sa.event.remove(db.engine, "before_cursor_execute", counted)
        return count

    two = statements()
    proposed.send("send_back", "direktur", of="rekan", note="Bukti belum dibaca semua.")
    assert statements() == two


@pytest.mark.parametrize(
    ("counted", "unseen", "shown"),
    [(4, 0, False), (5, 0, True), (5, 5, True), (6, 1, False), (9, 4, False), (12, 7, True)],
)
def test_a_table_is_not_shown_to_whoever_could_read_a_few_from_the_difference(
    counted: int, unseen: int, shown: bool
) -> None:
    assert tells_of_nobody(counted, unseen) is shown
