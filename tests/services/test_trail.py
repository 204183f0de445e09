"""The list of reopenings, repairs and overrides: reason, authority, person, and the subject who was told (62)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from kinerja import models
from kinerja.db import db
from kinerja.services import reading, trail, viewers
from kinerja.services.errors import NotThere
from kinerja.services.review_apply import DETERMINED
from kinerja.workflows import FLOWS
from tests.services.evaluation_office import Office, at, running
from tests.services.test_repairs import REASON, appoint, draft, miscalculate

APRIL, JUNE = date(2026, 4, 20), date(2026, 6, 2)
NOTE = "Target 2 belum memuat unit di timur."
SENTENCE = "Dua bukti hanya menunjukkan kegiatan, belum hasil."
CHANGED = {"result_rating": "dibawah", "reason_code": "bukti", "sentence": SENTENCE}


def reopen(office: Office) -> None:
    office.send("reopen", "direktur", "skp", "Y", note=NOTE)


def repair(office: Office) -> None:
    to_received(office)
    appoint(office, "asing", "sekretariat_komite")
    miscalculate(office)
    draft(office)
    office.send("submit", "asing", "repair")


def calibrate(office: Office) -> None:
    office.organisation()
    office.propose()
    office.send("calibrate", "direktur", change=CHANGED)
    office.send("determine", "kasubdit")


def hold(office: Office) -> None:
    office.send(
        "hold", "pengelola", "skp", "Y", note=NOTE, change={"ground": "cltn", "until": date(2026, 11, 30)}
    )


def evaluate_instead(office: Office) -> None:
    with at(JUNE):
        office.due(JUNE)


def to_received(office: Office) -> None:
    office.to_received(result_rating="dibawah")


ACTS = {
    "reopened": (reopen, "buka-kembali", "Buka kembali", "direktur", "Atasan Pejabat Penilai Kinerja", NOTE),
    "repaired": (repair, "perbaikan", "Ajukan", "asing", "Sekretariat Komite", REASON),
    "calibrated": (calibrate, "penggantian", "Kalibrasi", "direktur", "Atasan Pejabat Penilai Kinerja", SENTENCE),
    "held": (hold, "penggantian", "Tangguhkan", "pengelola", "Pengelola kinerja pegawai", NOTE),
    "taken over by the rule": (
        evaluate_instead, "penggantian", "Beralih ke atasan penilai", "", "", "PermenPANRB 6/2022 hlm. 90 angka 11",
    ),
}  # fmt: skip


@pytest.fixture
def april(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    with running(sqlite_template, tmp_path) as office, at(APRIL):
        office.due(APRIL)
        yield office


@pytest.mark.parametrize("what", ACTS)
def test_every_sort_of_act_is_listed_with_reason_authority_and_person_and_the_subject_is_told(
    april: Office, what: str
) -> None:
    act, sort, label, who, authority, why = ACTS[what]
    act(april)
    entry = trail.every(april.people["auditor"])[0]
    person = db.session.get_one(models.Person, april.people[who]).name if who else ""
    assert (entry.sort, entry.event_label, entry.actor, entry.authority, entry.why) == (
        sort, label, person, authority, why,
    )  # fmt: skip
    assert {e.sort for e in trail.every(april.people["auditor"], sort)} == {sort}
    told = db.session.execute(
        sa.select(models.Notice.text, models.Notice.params)
        .join(models.Document)
        .where(
            models.Notice.person_id == april.people["pegawai"], models.Document.public_id == entry.public_id
        )
    ).all()
    assert [1 for text, params in told if text == DETERMINED or params.get("event") == label]
    others = set(trail.SORTS) - {sort}
    assert all(e.sort != sort for other in others for e in trail.every(april.people["auditor"], other))


def test_no_act_of_the_list_goes_without_a_reason_or_an_article() -> None:
    bare = {
        f"{kind} {move.event}"
        for kind, flow in FLOWS.items()
        for move in flow.moves()
        if kind == "repair" or move.event in (*trail.EVENTS, *trail.CHANGING)
        if not {"reason", "note", "form"} & set(move.row.asks) and move.row.status != "hukum"
    }
    assert bare == {
        "repair submit",  # the reason stands in the document since it was drafted
        "repair approve",  # agrees to the reason that stands in the document
        "repair apply",  # carries it out
        "objection escalate",  # the days of the decider are over
    }


def test_a_calibration_that_confirms_is_no_override_and_one_that_changes_is_told_when_it_is_determined(
    april: Office,
) -> None:
    to_received(april)
    assert trail.every(april.people["auditor"]) == []
    calibrated = sa.select(models.Notice.id).where(models.Notice.text == DETERMINED)
    assert db.session.scalars(calibrated).all() == []


def test_an_evaluation_among_those_who_rate_is_not_told_of_here_either(april: Office) -> None:
    april.organisation()
    april.propose()
    april.send("calibrate", "direktur", change=CHANGED)
    assert trail.every(april.people["auditor"]) == []
    april.send("determine", "kasubdit")
    assert [e.ground for e in trail.every(april.people["auditor"])] == ["Tidak didukung bukti"]
    told = db.session.scalars(sa.select(models.Notice.person_id).where(models.Notice.text == DETERMINED))
    assert told.all() == [april.people["pegawai"]]


def test_the_authority_is_the_one_by_which_the_step_was_open_not_another_he_also_holds(april: Office) -> None:
    appoint(april, "asing", "unit_kepegawaian")
    repair(april)
    assert {e.authority for e in trail.every(april.people["auditor"])} == {"Sekretariat Komite"}


def test_only_who_watches_or_decides_may_open_the_list_and_sees_what_he_may_open(april: Office) -> None:
    hold(april)
    appoint(april, "wakil", "admin_sistem")
    for who in ("wakil", "pengelola", "pegawai", "direktur"):
        with pytest.raises(NotThere):
            trail.page(april.people[who])
    assert len(trail.page(april.people["auditor"])) == 1
    assert len(trail.page(april.people["komite"])) == 1


def test_reading_of_the_evaluation_of_another_is_kept_for_that_other(april: Office) -> None:
    calibrate(april)
    trail.page(april.people["auditor"])
    reading.keep_reads()
    mine = viewers.readings_of_my_values(april.people["pegawai"])
    assert [(r.relation, r.what) for r in mine] == [("auditor", viewers.WHAT[trail.READ])]


def test_pages_by_key_show_every_act_once_and_a_file_shows_them_all(
    april: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "PAGE_SIZE", 2)
    repair(april)
    april.send("send_back", "komite", "repair", note="Sebut kuadran yang benar.")
    auditor = april.people["auditor"]
    first = trail.page(auditor)
    assert len(first) == 3, "one more than is shown says that there is another page"
    second = trail.page(auditor, before=first[1].key)
    assert [astuple(e) for e in (*first[:2], *second)] == [astuple(e) for e in trail.every(auditor)]


def test_the_list_is_searched_by_name_and_number(april: Office) -> None:
    hold(april)
    for text, found in (("pegawai", 1), ("SKP-2026", 1), ("EVK-2026", 0), ("%", 0)):
        assert len(trail.every(april.people["auditor"], text=text)) == found, text
