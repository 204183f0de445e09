"""An objection from its draft to the published decision; and nobody ever decides about his own act."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kinerja import models
from kinerja.db import db, transaction
from kinerja.rules.objection import DeciderFacts, may_decide
from kinerja.services import deciders, identity, lists, objections, official_copy
from kinerja.services.errors import BadInput, NeedsSignature, NotAllowed, NotThere
from kinerja.workflows.base import OWN_RULE, Incomplete
from tests.services.evaluation_office import Office, at, running

APRIL = date(2026, 4, 20)
LAST_DAY = date(2026, 5, 8)  # fourteen working days after 20 April
CONSIDERED = "Surat dan catatan dialog menunjukkan data sumber terlambat 23 hari kerja."


def hear(office: Office, who: str = "direktur") -> None:
    office.send("ask_explanation", who, "objection", note="Jelaskan keterlambatan data sumber.")
    office.send("explain", "kasubdit", "objection", change={"explanation": "Data dibahas pada dialog Mei."})
    office.send(
        "explain", "pegawai", "objection", change={"explanation": "Permintaan data saya kirim tiga kali."}
    )


def write(office: Office, who: str = "direktur", decision: str = "menguatkan", **more: Any) -> None:
    change = {"decision": decision, "considerations": CONSIDERED} | more
    office.send("write_decision", who, "objection", change=change)


def rules_of(error: pytest.ExceptionInfo[Incomplete]) -> set[str]:
    return {one.rule for one in error.value.unmet}


def test_objecting_files_the_case_freezes_the_file_and_gives_it_to_the_superior(received: Office) -> None:
    received.object()
    assert received.state() == "objected"
    assert received.state("objection") == "in_examination"
    objection = received.objection()
    assert objection.decider_id == received.people["direktur"]
    assert received.document("objection").turn == "pemutus_keberatan"
    assert objection.case_file["hasil"]["predikat"] == "butuh_perbaikan"
    kinds = [entry["jenis"] for entry in objection.case_file["dokumen"]]
    assert kinds[:2] == ["predicate_review", "skp"]
    assert all(len(entry["sidik"]) == 64 for entry in objection.case_file["dokumen"][:1])
    considered = objection.decider_why["dipertimbangkan"]
    assert [(c["nama"], c["dipilih"]) for c in considered] == [("Kasubdit", False), ("Direktur", True)]


def test_a_draft_is_written_in_peace_and_files_the_evaluation_with_it(received: Office) -> None:
    public_id = received.document().public_id
    draft = objections.create_objection(public_id, received.people["pegawai"])
    again = objections.create_objection(public_id, received.people["pegawai"])
    assert again.id == draft.id, "an unfinished one is given back"
    with pytest.raises(Incomplete) as refused:
        received.send("file", "pegawai", "objection", change={})
    assert rules_of(refused) == {"KB-1", OWN_RULE}
    received.send(
        "edit", "pegawai", "objection", change={"targets": ["predikat"], "reasons": "Data terlambat."}
    )
    assert received.state() == "received"
    received.send("file", "pegawai", "objection", change={})
    assert received.state() == "objected"
    assert received.state("objection") == "in_examination"


def test_nobody_else_writes_an_objection(received: Office) -> None:
    for who in ("kasubdit", "direktur", "rekan"):
        with pytest.raises(NotAllowed):
            objections.create_objection(received.document().public_id, received.people[who])


def test_the_fourteenth_working_day_is_in_time_and_the_next_is_not(received: Office) -> None:
    with at(date(2026, 5, 11)), pytest.raises(Incomplete) as refused:
        received.object()
    assert rules_of(refused) == {"KB-1"}
    with at(LAST_DAY, hour=16):
        received.object()
    assert received.state() == "objected"


def test_a_decision_that_is_being_written_is_read_by_nobody_but_who_decides(received: Office) -> None:
    received.object()
    hear(received)
    write(received)
    document = received.document("objection")
    for who, sees in (("direktur", True), ("kasubdit", False), ("pegawai", False)):
        actor = identity.actor_for(document, received.people[who])
        newest = official_copy.readable_revision(document, actor, 0)
        assert ("pertimbangan" in newest) is sees, who
        kept = official_copy.readable_revision(document, actor, document.revision_number)
        assert CONSIDERED not in str(kept)


def test_a_draft_lapses_with_its_clock(received: Office) -> None:
    objections.create_objection(received.document().public_id, received.people["pegawai"])
    with at(LAST_DAY):
        assert objections.fall_due(LAST_DAY) == 0
    with at(date(2026, 5, 9)):
        assert objections.fall_due(date(2026, 5, 9)) == 1
        assert objections.fall_due(date(2026, 5, 9)) == 0
    assert received.state("objection") == "lapsed"


def test_a_withdrawn_objection_gives_the_clock_back_and_may_be_filed_again(received: Office) -> None:
    received.object()
    received.send("withdraw", "pegawai", "objection")
    assert received.state() == "received"
    due = received.document().due_at
    assert due is not None
    assert due.date() == LAST_DAY, "the clock runs on from the first receipt"
    received.object()
    assert received.state() == "objected"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(models.Objection)) == 2


def test_both_sides_are_heard_before_a_decision(received: Office) -> None:
    received.object()
    write(received)
    with pytest.raises(Incomplete) as refused:
        received.send("uphold", "direktur", "objection", signed=True)
    assert rules_of(refused) == {"KB-3"}
    received.send("ask_explanation", "direktur", "objection", note="Jelaskan keterlambatan data sumber.")
    with pytest.raises(Incomplete):
        received.send("uphold", "direktur", "objection", signed=True)
    with at(date(2026, 4, 24)):
        received.send("uphold", "direktur", "objection", signed=True)
    assert received.state("objection") == "published"


@pytest.mark.parametrize("who", ["rekan", "asing", "direktur", "dirjen"])
def test_only_the_two_parties_explain(received: Office, who: str) -> None:
    received.object()
    received.send("ask_explanation", "direktur", "objection", note="Jelaskan keterlambatan data sumber.")
    with pytest.raises((NotAllowed, NotThere)):
        received.send("explain", who, "objection", change={"explanation": "Saya ikut menjelaskan."})


def test_an_objection_upheld_leaves_the_evaluation_as_it_is_and_makes_no_d13(received: Office) -> None:
    received.object()
    hear(received)
    write(received)
    with pytest.raises(NeedsSignature):
        received.send("uphold", "direktur", "objection")
    received.send("uphold", "direktur", "objection", signed=True)
    assert received.state("objection") == "published"
    assert received.document("objection").turn == "", "there is no D.1.3 to sign"
    assert received.state() == "final"
    assert received.review().predicate == "butuh_perbaikan"
    assert "report" in received.allowed("kasubdit")


def test_an_objection_that_changes_opens_only_what_it_names_and_makes_d13(received: Office) -> None:
    received.object(targets=["rating_hasil"])
    hear(received)
    with pytest.raises(BadInput):
        write(
            received,
            decision="mengubah",
            result_rating="sesuai",
            behaviour_rating="diatas",
            recommendation="Baru.",
        )
    write(received, decision="mengubah", result_rating="sesuai")
    with pytest.raises(Incomplete) as refused:
        received.send("change", "direktur", "objection", signed=True)
    assert {u.field_name for u in refused.value.unmet} == {"recommendation"}
    write(received, decision="mengubah", result_rating="sesuai", recommendation="Percepat permintaan data.")
    received.send("change", "direktur", "objection", signed=True)
    review = received.review()
    assert (review.result_rating, review.behaviour_rating, review.predicate) == ("sesuai", "sesuai", "baik")
    assert review.recommendation == "Percepat permintaan data."
    assert received.state() == "final"
    assert received.allowed("direktur") >= {"report"}, "the superior who decided reports"
    assert "report" not in received.allowed("kasubdit")
    content = objections.KIND.content(received.document("objection"))
    assert content["sesudah"]["predikat"] == "baik"
    assert content["evaluasi"]["predikat"] == "baik"
    received.send("sign_d13", "pegawai", "objection", signed=True)
    assert "sign_d13" not in received.allowed("pegawai", "objection")
    with at(date(2026, 5, 4)):
        assert objections.fall_due(date(2026, 5, 4)) == 1
        assert received.document("objection").flags["unsigned"] == ["penilai"]
        assert objections.fall_due(date(2026, 5, 4)) == 0
        assert received.document("objection").turn == ""


def test_a_second_objection_against_a_decided_evaluation_is_refused(received: Office) -> None:
    received.object()
    hear(received)
    write(received)
    received.send("uphold", "direktur", "objection", signed=True)
    with pytest.raises(NotAllowed):
        objections.create_objection(received.document().public_id, received.people["pegawai"])


def test_after_seven_working_days_the_next_level_decides_in_seven_more(received: Office) -> None:
    received.object()
    write(received)
    with at(date(2026, 4, 29)):
        assert objections.fall_due(date(2026, 4, 29)) == 0, "the seventh working day"
    with at(date(2026, 4, 30)):
        assert objections.fall_due(date(2026, 4, 30)) == 1
        assert objections.fall_due(date(2026, 4, 30)) == 0
        assert received.objection().decider_id == received.people["dirjen"]
        assert received.objection().considerations == "", "the draft of the first decider stays his"
        assert "uphold" not in received.allowed("direktur", "objection")
        due = received.document("objection").due_at
        assert due is not None
        assert due.date() == date(2026, 5, 11)
    for day in (date(2026, 5, 12), date(2026, 5, 22)):
        with at(day):
            objections.fall_due(day)
    assert received.document("objection").flags["with_committee"] is True
    with at(date(2026, 5, 25)):
        assert received.document("objection").turn == "komite_pelaksana"
        hear(received, "komite")
        write(received, "komite2")
        received.send("uphold", "komite2", "objection", signed=True)
    assert received.state("objection") == "published"


def test_a_calibrator_who_changed_the_value_does_not_decide_and_one_who_confirmed_does(
    sqlite_template: Path, tmp_path: Path
) -> None:
    with running(sqlite_template, tmp_path) as office, at(APRIL):
        office.due(APRIL)
        office.organisation()
        office.propose()
        change = {
            "result_rating": "dibawah",
            "reason_code": "bukti",
            "sentence": "Dua indikator tanpa bukti.",
        }
        office.send("calibrate", "direktur", change=change)
        office.send("determine", "kasubdit")
        office.send("sign_form", "kasubdit", signed=True)
        office.send("deliver", "kasubdit")
        office.send("receive", "pegawai")
        office.object()
        assert office.objection().decider_id == office.people["dirjen"]
        reasons = {c["nama"]: c["sebab"] for c in office.objection().decider_why["dipertimbangkan"]}
        assert reasons["Direktur"] == [deciders.CHANGED]


def test_a_decider_who_takes_the_chair_of_the_attacked_act_is_still_refused(received: Office) -> None:
    """The guard asks for the person, not only for the post: whoever evaluated cannot decide as anything."""
    received.object()
    document = received.document("objection")
    flags = dict(document.flags) | {"decider_id": received.people["kasubdit"]}
    db.session.execute(
        sa.update(models.Document).where(models.Document.id == document.id).values(flags=flags)
    )
    db.session.commit()
    judging = {"uphold", "change", "write_decision", "ask_explanation"}
    assert received.allowed("kasubdit", "objection") & judging == set()


ACTS = ("evaluated", "signed_d12", "changed_in_calibration", "voted_in_session", "is_subject")


def test_no_overlap_of_roles_makes_anybody_the_judge_of_his_own_act(
    received: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every mixture of acts over the three superiors and two committee members: the decider has done none of them."""
    review = received.document()
    chain = [received.people[name] for name in ("kasubdit", "direktur", "dirjen", "menteri")]
    members = [received.people["komite"], received.people["komite2"]]
    choices = (DeciderFacts(), *(DeciderFacts(**{act: True}) for act in ACTS))
    seen = set()
    for mixture in product(choices, repeat=4):
        acts = dict(zip([*chain[1:], members[0]], mixture, strict=True))
        acts[chain[0]] = DeciderFacts(evaluated=True)
        monkeypatch.setattr(deciders, "acts_on", lambda _review, known=acts: known)
        choice = deciders.choose(review)
        if choice.person_id is None:
            free = choice.trace["anggota"]
            assert all(person not in acts or may_decide(acts[person]) for person in free)
            seen.add("komite")
        else:
            assert may_decide(acts.get(choice.person_id, DeciderFacts()))
            assert choice.person_id != chain[0]
            assert choice.person_id != review.subject_id
            earlier = chain[1 : chain.index(choice.person_id)]
            assert all(not may_decide(acts[person]) for person in earlier), "the nearest level that may"
            seen.add(choice.person_id)
        assert all(entry["sebab"] for entry in choice.trace["dipertimbangkan"])
    assert seen == {*chain[1:], "komite"}


def test_the_file_is_for_the_parties_and_the_draft_for_its_writer(received: Office) -> None:
    received.object()
    hear(received)
    write(received)
    document = received.document("objection")
    pages = {
        who: objections.present(document, received.actor(who, "objection"))
        for who in ("pegawai", "kasubdit", "direktur", "dirjen", "komite", "auditor", "pengelola")
    }
    assert {who for who, page in pages.items() if "reasons" in page} == {
        "pegawai",
        "kasubdit",
        "direktur",
        "auditor",
    }
    assert {who for who, page in pages.items() if "decision" in page} == {"direktur"}
    assert "explanation_penilai" not in pages["pegawai"]
    assert "explanation_subject" not in pages["kasubdit"]
    assert [clock["code"] for clock in pages["pegawai"]["clocks"]] == ["file", "decide", "report"]
    received.send("uphold", "direktur", "objection", signed=True)
    page = objections.present(received.document("objection"), received.actor("pegawai", "objection"))
    assert page["decision"]["code"] == "menguatkan"


def test_an_evaluator_who_has_moved_away_reads_and_explains_what_is_said_of_his_act(received: Office) -> None:
    """3.13 and p.117 no. 4: he is asked, whatever his post is by now; the new penilai is not asked in his place."""
    received.object()
    with transaction():
        held = models.Placement.person_id == received.people["kasubdit"]
        db.session.execute(sa.update(models.Placement).where(held).values(ends=APRIL))
    received.place("wakil", "kasubdit", "definitif", date(2026, 4, 21))
    with at(date(2026, 4, 22)):
        db.session.expire_all()
        received.send("ask_explanation", "direktur", "objection", note="Jelaskan keterlambatan data sumber.")
        assert "explain" in received.allowed("kasubdit", "objection")
        assert "explain" not in received.allowed("wakil", "objection")
        document = received.document("objection")
        circle = identity.circle_of(received.people["kasubdit"])
        shown = {row.public_id for row in lists.page(circle, lists.Filters(), size=100)}
        assert shown == {document.public_id}, "the case, and nothing else of what was once his"
        received.send(
            "explain", "kasubdit", "objection", change={"explanation": "Data dibahas pada dialog Mei."}
        )
        assert received.objection().explanation_penilai
        page = objections.present(document, received.actor("kasubdit", "objection"))
        assert page["explanation_penilai"] == "Data dibahas pada dialog Mei."
        assert "explanation_subject" not in page


def test_the_evaluation_of_a_jpt_utama_by_the_coordinating_minister_is_final(received: Office) -> None:
    """p.90 no. 12: by anybody else it is open to an objection."""
    ranks = {"pegawai": ("JPT", "utama"), "kasubdit": ("lain", "menteri koordinator")}
    with transaction():
        for who, (group, rank) in ranks.items():
            own = sa.select(models.Placement.post_id).where(
                models.Placement.person_id == received.people[who]
            )
            db.session.execute(
                sa.update(models.Post).where(models.Post.id.in_(own)).values(post_group=group, rank=rank)
            )
    db.session.expire_all()
    with pytest.raises(Incomplete) as refused:
        received.object()
    assert rules_of(refused) == {"KB-4"}


def test_a_decision_half_written_is_stored_as_far_as_it_has_come_and_tells_nobody(received: Office) -> None:
    received.object()
    notices = sa.select(sa.func.count()).select_from(models.Notice)
    before = db.session.scalar(notices)
    received.send(
        "write_decision", "direktur", "objection", change={"recommendation": "Lampirkan tanda terima."}
    )
    assert db.session.scalar(notices) == before
    objection = received.objection()
    assert (objection.decision, objection.recommendation) == ("", "Lampirkan tanda terima.")
    with pytest.raises(Incomplete):
        received.send("uphold", "direktur", "objection", signed=True)
