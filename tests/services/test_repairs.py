"""Perbaikan of a determined evaluation: a calculation error, two people, and the subject who is told (3.18)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from kinerja import models
from kinerja.db import db, transaction
from kinerja.services import audit, identity, repairs, replaying
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from tests.services.evaluation_office import Office
from tests.services.test_official_pages import Browser

REASON = "Kuadran salah dibaca pada penetapan."
ROLES = {"wakil": "sekretariat_komite", "asing": "sekretariat_komite"}


def appoint(office: Office, who: str, *roles: str) -> None:
    from kinerja import clock
    from kinerja.ids import new_public_id

    with transaction():
        for role in roles:
            db.session.add(
                models.RoleAppointment(
                    public_id=new_public_id(), person_id=office.people[who], role=role, starts=date(2020, 1, 1),
                    confirmed_at=clock.now(),
                )
            )  # fmt: skip
    identity.relations_changed()


def miscalculate(office: Office, predicate: str = "kurang") -> None:
    """As an older version of the program might have left it."""
    with transaction():
        db.session.execute(
            sa.update(models.Review)
            .where(models.Review.document_id == office.document().id)
            .values(predicate=predicate)
        )
    db.session.expire_all()


def draft(office: Office, who: str = "asing", reason: str = REASON) -> models.Document:
    return repairs.draft_repair(office.document().print_number, office.people[who], reason)


@pytest.fixture
def wrong(received: Office) -> Office:
    appoint(received, "asing", "sekretariat_komite")
    miscalculate(received)
    return received


def notices_of(office: Office, who: str) -> list[str]:
    return list(
        db.session.scalars(sa.select(models.Notice.text).where(models.Notice.person_id == office.people[who]))
    )


def test_a_repair_corrects_what_the_replay_shows_and_the_subject_is_told(wrong: Office) -> None:
    draft(wrong)
    wrong.send("submit", "asing", "repair")
    wrong.send("approve", "komite", "repair")
    assert wrong.state("repair") == "applied"
    assert wrong.state() == "determined", "it is signed, delivered and received anew"
    assert wrong.review().predicate == "butuh_perbaikan"
    assert wrong.review().received_on is None
    assert repairs.REPAIRED in notices_of(wrong, "pegawai")
    standing = sa.select(models.Signature).where(
        models.Signature.document_id == wrong.document().id, models.Signature.fallen_at.is_(None)
    )
    assert db.session.scalars(standing).all() == []
    assert wrong.document().flags.get("repair_approved") is None
    assert "sign_form" in wrong.allowed("kasubdit")
    assert [fault for _chain, _length, fault in audit.verify() if fault] == []


def test_who_drafted_a_repair_does_not_approve_it(wrong: Office) -> None:
    appoint(wrong, "asing", "komite_pelaksana")
    draft(wrong)
    wrong.send("submit", "asing", "repair")
    assert wrong.allowed("asing", "repair") == {"withdraw"}
    with pytest.raises(NotAllowed):
        wrong.send("approve", "asing", "repair")
    assert wrong.state("repair") == "submitted"


def test_over_http_too_a_repair_is_drafted_once_and_refused_to_its_drafter(
    wrong: Office, tmp_path: Path
) -> None:
    appoint(wrong, "asing", "komite_pelaksana")
    browser = Browser(wrong, tmp_path, WTF_CSRF_ENABLED=False)
    page, number = "/pengaturan/jejak-perubahan/susun", wrong.document().print_number
    for sent, word in (
        ({"number": "EVK-2026-999999"}, "tidak ditemukan"),
        ({"number": number}, "sedikitnya 10"),
    ):
        answer = browser.post(
            "asing", page, sent | {"reason": REASON if "999" in sent["number"] else "salah"}
        )
        assert (answer.status_code, word in answer.text, sent["number"] in answer.text) == (422, True, True)
    made = [browser.post("asing", page, {"number": number, "reason": REASON}) for _ in range(2)]
    assert {answer.status_code for answer in made} == {303}
    (address,) = {answer.location for answer in made}
    assert browser.post("asing", f"{address}/submit", {"version": 1}).status_code == 303
    assert browser.post("asing", f"{address}/approve", {"version": 2}).status_code == 403
    assert browser.post("komite", f"{address}/approve", {"version": 2}).status_code == 303
    assert "Diterapkan" in browser.get("pegawai", address).text


@pytest.mark.parametrize("who", ["kasubdit", "direktur", "pegawai"])
def test_no_party_to_the_evaluation_approves_its_repair(wrong: Office, who: str) -> None:
    appoint(wrong, who, "komite_pelaksana")
    draft(wrong)
    wrong.send("submit", "asing", "repair")
    assert wrong.allowed(who, "repair") == set()


@pytest.mark.parametrize(
    ("reason", "predicate", "field"),
    [("singkat", "kurang", "reason"), (REASON, "butuh_perbaikan", "")],
    ids=["a reason too short", "nothing miscalculated"],
)
def test_a_repair_needs_a_reason_and_an_error_that_the_replay_shows(
    wrong: Office, reason: str, predicate: str, field: str
) -> None:
    miscalculate(wrong, predicate)
    with pytest.raises(BadInput) as refused:
        draft(wrong, reason=reason)
    assert [unmet.field_name for unmet in refused.value.problems] == [field]


def test_only_the_secretariat_drafts_and_one_repair_runs_at_a_time(wrong: Office) -> None:
    for who, error in (("komite", NotAllowed), ("pegawai", NotAllowed), ("rekan", NotThere)):
        with pytest.raises(error):
            draft(wrong, who)
    first = draft(wrong)
    assert draft(wrong).id == first.id, "the same form twice is one draft"
    with pytest.raises(BadInput):
        draft(wrong, reason="Saran salah dihitung.")


def test_what_a_unit_gives_its_head_and_what_was_frozen_is_no_calculation_error(wrong: Office) -> None:
    document, review = wrong.document(), wrong.review()
    assert replaying.replay(document, review)["saran_hasil"] == ""
    own = dict(review.suggestion) | {"hasil": dict(review.suggestion["hasil"]) | {"value": "diatas"}}
    review.suggestion = own
    assert replaying.replay(document, review)["saran_hasil"] == "", "it follows from the figures"
    part = {"rule": replaying.HEAD}
    review.suggestion = own | {"hasil": own["hasil"] | {"parts": [part]}}
    assert replaying.replay(document, review)["saran_hasil"] == "diatas", (
        "the result of his unit is not judged here"
    )
    review.suggestion = own
    review.frozen_inputs = dict(review.frozen_inputs) | {"diambil_alih": ["1"]}
    assert replaying.replay(document, review)["saran_hasil"] == "diatas", "it rests on other rows than today"
    db.session.rollback()


def test_a_running_objection_comes_before_a_repair(wrong: Office) -> None:
    wrong.object()
    with pytest.raises(BadInput):
        draft(wrong)


def test_a_repair_that_no_longer_fits_goes_back_with_the_difference(wrong: Office) -> None:
    draft(wrong)
    wrong.send("submit", "asing", "repair")
    miscalculate(wrong, "sangat_kurang")
    wrong.send("approve", "komite", "repair")
    assert wrong.state("repair") == "submitted"
    assert wrong.state() == "received", "nothing of the evaluation has changed"
    line = repairs.present(wrong.document("repair"))["lines"][0]
    assert (line["before"], line["after"]) == ("Kurang (Misconduct)", "Butuh Perbaikan")
    assert line["misses"]
    assert line["found"] == {"before": "Sangat Kurang", "after": "Butuh Perbaikan"}
    assert repairs.RETURNED in notices_of(wrong, "asing")


def test_a_returned_repair_is_submitted_again_and_one_may_be_refused_or_withdrawn(wrong: Office) -> None:
    draft(wrong)
    wrong.send("submit", "asing", "repair")
    wrong.send("send_back", "komite", "repair", note="Sebut kuadran yang benar.")
    wrong.send("submit", "asing", "repair")
    wrong.send("refuse", "komite2", "repair", note="Bukan salah hitung menurut kami.")
    assert wrong.state("repair") == "refused"
    draft(wrong)
    wrong.send("withdraw", "asing", "repair", note="Disusun pada evaluasi lain.")
    assert wrong.state("repair") == "withdrawn"
