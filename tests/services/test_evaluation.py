"""An evaluation from the day it is prepared to its report: who rates, who calibrates, who sees what, what is late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kinerja import models
from kinerja.db import db
from kinerja.services import evaluation, reading, transitions
from kinerja.services.errors import BadInput, NeedsSignature, NotAllowed
from kinerja.workflows.base import Incomplete
from tests.services.evaluation_office import GOOD, WHY, Office, at, running
from tests.services.monitoring_office import template_file

OPENS = date(2026, 3, 24)  # seven days before the end of TW I
APRIL = date(2026, 4, 20)
CLOSES = date(2026, 5, 31)
JUNE = date(2026, 6, 1)


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    with template_file() as path:
        yield path


@pytest.fixture
def office(template: Path, tmp_path: Path) -> Iterator[Office]:
    with running(template, tmp_path) as found:
        yield found


@pytest.fixture
def prepared(office: Office) -> Iterator[Office]:
    """In April, with the evaluation of TW I prepared."""
    with at(APRIL):
        office.due(APRIL)
        yield office


def rules_of(error: pytest.ExceptionInfo[Any]) -> set[str]:
    unmet = getattr(error.value, "unmet", None) or error.value.problems
    return {one.rule for one in unmet}


def test_evaluations_are_prepared_on_the_day_the_window_opens_and_once_only(office: Office) -> None:
    with at(date(2026, 3, 23)):
        assert evaluation.prepare_reviews(date(2026, 3, 23)) == 0
    with at(OPENS):
        assert evaluation.prepare_reviews(OPENS) == 1
        assert evaluation.prepare_reviews(OPENS) == 0
        document = office.document()
    assert document.state == "prepared"
    assert document.turn == "penilai"
    assert document.flags["upk_above_id"] == office.people["dirjen"]
    assert office.review().org_unit_id == office.units["L2"], "the nearest UPK above the penilai's unit"
    assert len(office.review().values) == 7


def test_nothing_is_proposed_before_the_organisation_result_is_there(prepared: Office) -> None:
    with pytest.raises(Incomplete) as refused:
        prepared.propose()
    assert "EV-1" in rules_of(refused)
    assert prepared.state() == "prepared"
    assert prepared.review().result_rating == "", "a refused event changes nothing"


@pytest.mark.parametrize("who", ["kasubdit", "direktur", "pegawai", "menteri", "pengelola"])
def test_only_the_leader_above_the_upk_sets_its_result(prepared: Office, who: str) -> None:
    with pytest.raises((NotAllowed, transitions.NotThere)):
        prepared.send("set_org_result", who, change={"predicate": "baik"})


def test_a_result_holds_for_everyone_of_the_upk(prepared: Office) -> None:
    prepared.organisation("istimewa")
    stored = db.session.scalars(sa.select(models.OrgResult)).one()
    assert (stored.unit_id, stored.slot, stored.predicate) == (prepared.units["L2"], "TW1", "istimewa")
    prepared.propose()
    assert prepared.review().org_predicate == "istimewa"


def test_the_predicate_is_that_of_the_quadrant_whatever_is_wished(prepared: Office) -> None:
    prepared.organisation()
    prepared.propose(result_rating="diatas", behaviour_rating="diatas", predicate="kurang")
    assert prepared.review().predicate == "sangat_baik"


def test_each_rating_that_departs_from_the_suggestion_needs_its_own_sentence(prepared: Office) -> None:
    prepared.organisation()
    with pytest.raises(Incomplete) as refused:
        prepared.propose(behaviour_reason="")
    assert {(u.rule, u.field_name) for u in refused.value.unmet} == {("EV-4", "behaviour_rating")}


def test_values_rated_by_the_superior_become_the_suggestion_for_behaviour(prepared: Office) -> None:
    prepared.organisation()
    values = {value.value_code: {"status": "diatas"} for value in prepared.review().values}
    prepared.propose(values=values, behaviour_rating="diatas", behaviour_reason="")
    assert prepared.review().suggestion["perilaku"]["value"] == "diatas"


def test_realisation_nobody_validated_may_be_passed_with_a_reason_only(prepared: Office) -> None:
    prepared.organisation()
    with pytest.raises(Incomplete) as refused:
        prepared.propose(realisation_reason="")
    assert rules_of(refused) == {"EV-2"}
    prepared.propose()
    assert prepared.document().flags["not_validated"] is True


def test_a_recommendation_is_missing_before_the_signature(prepared: Office) -> None:
    prepared.organisation()
    with pytest.raises(Incomplete) as refused:
        prepared.propose(recommendation="")
    assert rules_of(refused) == {"EV-6"}


def test_the_desk_saves_what_it_names_and_nothing_else(prepared: Office) -> None:
    row = prepared.review().rows[0]
    prepared.send("edit", "kasubdit", change={"result_rating": "diatas"})
    prepared.send("edit", "kasubdit", change={"rows": {row.row.key: {"status": "sesuai", "feedback": "Tepat"}}})
    review = prepared.review()
    assert (review.result_rating, review.rows[0].status, review.rows[0].feedback) == ("diatas", "sesuai", "Tepat")
    with pytest.raises(BadInput):
        prepared.send("edit", "kasubdit", change={"rows": {"asing": {"status": "sesuai"}}})
    with pytest.raises(BadInput):
        prepared.send("edit", "kasubdit", change={"result_rating": "hebat"})


def test_a_calibration_that_changes_says_why_in_code_and_sentence(prepared: Office) -> None:
    prepared.organisation()
    prepared.propose()
    with pytest.raises(BadInput) as refused:
        prepared.send("calibrate", "direktur", change={"result_rating": "dibawah"})
    assert {p.field_name for p in refused.value.problems} == {"reason_code", "sentence"}
    prepared.send(
        "calibrate", "direktur",
        change={"result_rating": "dibawah", "reason_code": "bukti", "sentence": "Dua indikator utama tanpa bukti."},
    )  # fmt: skip
    review = prepared.review()
    assert prepared.state() == "calibrated"
    assert review.predicate == "butuh_perbaikan"
    kept = review.calibrations[0]
    assert kept.before["predikat"] == "baik"
    assert kept.after["predikat"] == "butuh_perbaikan"


@pytest.mark.parametrize("who", ["kasubdit", "pegawai", "dirjen", "asing"])
def test_only_the_superior_of_who_proposed_calibrates(prepared: Office, who: str) -> None:
    prepared.organisation()
    prepared.propose()
    with pytest.raises((NotAllowed, transitions.NotThere)):
        prepared.send("calibrate", who, change={})


def test_whoever_proposed_never_calibrates_even_from_the_chair_above(prepared: Office) -> None:
    prepared.organisation()
    prepared.propose()
    with at(date(2026, 4, 21)):
        line = db.session.scalars(
            sa.select(models.Placement).where(models.Placement.person_id == prepared.people["direktur"])
        ).one()
        line.ends = date(2026, 4, 20)
        old = db.session.scalars(
            sa.select(models.Placement).where(models.Placement.person_id == prepared.people["kasubdit"])
        ).one()
        old.ends = date(2026, 4, 20)
        db.session.commit()
        prepared.place("kasubdit", "direktur", "definitif", date(2026, 4, 21))
        prepared.place("wakil", "kasubdit", "definitif", date(2026, 4, 21))
        assert "calibrate" not in prepared.allowed("kasubdit")


def test_the_straight_way_ends_final_with_frozen_inputs_and_three_signatures(prepared: Office) -> None:
    prepared.to_received()
    with pytest.raises(NeedsSignature):
        prepared.send("accept", "pegawai")
    prepared.send("accept", "pegawai", signed=True)
    assert prepared.state() == "final", "nothing is awaited, so it is final at once"
    frozen = prepared.review().frozen_inputs
    assert frozen["aturan"]["kode"] == "kmk300-2022"
    assert frozen["hasil"]["predikat"] == "baik"
    blocks = db.session.scalars(
        sa.select(models.Signature.block).where(models.Signature.document_id == prepared.document().id)
    )
    assert set(blocks) == {"penilai", "pegawai"}
    assert prepared.allowed("kasubdit") == {"report"}
    prepared.send("report", "kasubdit")
    assert prepared.state() == "reported"
    assert prepared.document().turn == ""


def test_a_late_penilai_loses_the_evaluation_to_his_superior_and_it_is_final(prepared: Office) -> None:
    prepared.organisation()
    with at(CLOSES):
        assert prepared.due(CLOSES) == 0, "the last day still belongs to the penilai"
    with at(JUNE):
        prepared.due(JUNE)
        assert prepared.state() == "at_superior"
        assert prepared.document().turn == "atasan_penilai"
        assert "propose" not in prepared.allowed("kasubdit")
        prepared.propose("direktur")
        assert prepared.document().turn == "atasan_dari_atasan", "calibrated one level above who proposed"
        prepared.send("calibrate", "dirjen", change={})
        prepared.send("determine", "direktur")
        with pytest.raises(NotAllowed):
            prepared.send("sign_form", "kasubdit", signed=True)
        prepared.send("sign_superior", "direktur", signed=True)
        page = evaluation.present(prepared.document(), prepared.actor("pegawai"))
        assert page["form"] == "D.1.2"
        prepared.send("deliver", "direktur")
        prepared.send("receive", "pegawai")
        with pytest.raises(Incomplete) as refused:
            prepared.object()
        assert rules_of(refused) == {"KB-4"}
        assert prepared.state() == "received"
    with at(date(2026, 6, 10)):
        assert prepared.due(date(2026, 6, 10)) == 0, "seven working days end on 10 June"
    with at(date(2026, 6, 11)):
        prepared.due(date(2026, 6, 11))
        assert prepared.state() == "final"


def test_a_penilai_gone_for_good_is_replaced_at_any_time_and_that_is_not_final(prepared: Office) -> None:
    prepared.organisation()
    prepared.send("reassign", "pengelola", note="Penilai meninggal dunia, SK 12/2026")
    prepared.propose("direktur")
    prepared.send("calibrate", "dirjen", change={})
    prepared.send("determine", "direktur")
    prepared.send("sign_superior", "direktur", signed=True)
    prepared.send("deliver", "direktur")
    prepared.send("receive", "pegawai")
    prepared.object()
    assert prepared.state() == "objected"
    assert prepared.objection().decider_id == prepared.people["dirjen"], "one level above who evaluated"


def test_a_superior_who_signs_for_a_late_penilai_makes_d12_that_is_not_final(prepared: Office) -> None:
    prepared.organisation()
    prepared.propose()
    with at(JUNE):
        prepared.due(JUNE)
        assert prepared.state() == "calibrated", "the calibration lapsed"
        assert prepared.document().turn == "atasan_penilai"
        prepared.send("sign_superior", "direktur", signed=True)
        assert prepared.state() == "signed"
        assert prepared.review().frozen_inputs["hasil"]["predikat"] == "baik", "determined in the same act"
        assert [c.reason_code for c in prepared.review().calibrations] == ["tanda_tangan_d12"]
        assert "deliver" not in prepared.allowed("kasubdit")
        prepared.send("deliver", "direktur")
        prepared.send("receive", "pegawai")
        page = evaluation.present(prepared.document(), prepared.actor("pegawai"))
        assert page["may_object"]
        prepared.object()
        assert prepared.objection().decider_id == prepared.people["dirjen"]


def test_determined_shortly_before_the_end_the_penilai_keeps_five_days_to_sign(prepared: Office) -> None:
    prepared.organisation()
    prepared.propose()
    prepared.send("calibrate", "direktur", change={})
    with at(date(2026, 5, 29)):
        prepared.send("determine", "kasubdit")
    with at(date(2026, 6, 5)):
        assert "sign_form" in prepared.allowed("kasubdit")
        assert "sign_superior" not in prepared.allowed("direktur")
    with at(date(2026, 6, 6)):
        assert "sign_form" not in prepared.allowed("kasubdit")
        assert "sign_superior" in prepared.allowed("direktur")


def test_no_answer_for_fourteen_working_days_goes_on_without_being_an_agreement(prepared: Office) -> None:
    prepared.to_received()
    with at(date(2026, 5, 8)):
        assert prepared.due(date(2026, 5, 8)) == 0, "the fourteenth working day after 20 April"
    with at(date(2026, 5, 9)):
        prepared.due(date(2026, 5, 9))
        events = [s.event for s in db.session.scalars(sa.select(models.Step).order_by(models.Step.id))]
        assert events[-2:] == ["lapse", "finalize"]
        assert prepared.state() == "final"


def test_the_pengelola_may_record_the_handover_only_after_waiting(prepared: Office) -> None:
    with db.session.begin_nested():
        db.session.add(models.Account(person_id=prepared.people["pegawai"], password_hash="x"))
    db.session.commit()
    prepared.organisation()
    prepared.propose()
    prepared.send("calibrate", "direktur", change={})
    prepared.send("determine", "kasubdit")
    prepared.send("sign_form", "kasubdit", signed=True)
    prepared.send("deliver", "kasubdit")
    proof = {"received_on": date(2026, 4, 22), "proof": "Resi POS 123"}
    with at(date(2026, 5, 1)), pytest.raises(Incomplete):
        prepared.send("hand_over", "pengelola", change=proof)
    with at(date(2026, 5, 4)):
        with pytest.raises(BadInput):
            prepared.send("hand_over", "pengelola", change=proof | {"received_on": date(2026, 4, 19)})
        prepared.send("hand_over", "pengelola", change=proof)
        assert prepared.review().received_on == date(2026, 4, 22)
        assert prepared.document().due_at is not None
        assert prepared.document().due_at.date() == date(2026, 5, 12), "the clock runs from the date of the proof"


EVERYBODY = (
    "kasubdit", "direktur", "dirjen", "menteri", "pegawai", "rekan", "pengelola", "komite", "auditor", "asing",
)  # fmt: skip
SECRET = {"result_rating", "behaviour_rating", "predicate", "recommendation", "calibrations", "suggestion", "working"}


@pytest.mark.parametrize(
    "state,sees",
    [
        ("prepared", {"kasubdit"}), ("proposed", {"kasubdit", "direktur"}), ("calibrated", {"kasubdit", "direktur"}),
        ("determined", {"kasubdit", "direktur", "dirjen", "pegawai", "pengelola", "komite", "auditor"}),
    ],
)  # fmt: skip
def test_ratings_are_in_nobodys_page_before_they_are_determined_but_in_those_of_who_acts(
    prepared: Office, state: str, sees: set[str]
) -> None:
    prepared.organisation()
    if state != "prepared":
        prepared.propose()
    if state in ("calibrated", "determined"):
        prepared.send("calibrate", "direktur", change={})
    if state == "determined":
        prepared.send("determine", "kasubdit")
    document = prepared.document()
    content = evaluation.KIND.content(document)
    for who in EVERYBODY:
        actor = prepared.actor(who)
        page = evaluation.present(document, actor)
        known = evaluation.redact(content, document, actor)
        assert bool(SECRET & set(page)) == (who in sees), who
        assert ("predikat" in known) == (who in sees), who
        assert all("status" in row for row in page["rows"]) == (who in sees), who
        if who not in sees and state in ("proposed", "calibrated"):
            assert evaluation.public_state(document, actor).code == "prepared", who


def test_the_page_of_the_subject_does_not_tell_how_far_those_who_rate_are(prepared: Office) -> None:
    prepared.organisation()
    public_id, me = prepared.document().public_id, prepared.people["pegawai"]
    before = reading.page(public_id, me)
    prepared.propose()
    prepared.send("calibrate", "direktur", change={})
    after = reading.page(public_id, me)
    assert [step.event for step in after.steps] == [step.event for step in before.steps] == ["prepare", "set_org_result"]
    assert after.state_label == "Dalam Evaluasi"
    assert after.shown_state == "prepared"
    assert [stop.status for stop in after.path] == [stop.status for stop in before.path]
    assert {stop.who for stop in after.path[1:]} == {""}
    assert after.due.at is None
    assert after.refusals == []
    shown = reading.page(public_id, prepared.people["direktur"])
    assert "calibrate" in [step.event for step in shown.steps]
    prepared.send("send_back", "direktur", note="Predikatnya terlalu tinggi.")
    assert reading.page(public_id, me).pinned is None, "a note among those who rate may tell the rating"
    assert reading.page(public_id, prepared.people["kasubdit"]).pinned is not None


def test_two_levels_of_calibration_are_two_people_one_after_the_other(template: Path, tmp_path: Path) -> None:
    with running(template, tmp_path, levels=2) as office, at(APRIL):
        office.due(APRIL)
        office.organisation()
        office.propose()
        office.send("calibrate", "direktur", change={})
        assert office.state() == "proposed"
        assert office.document().turn == "atasan_dari_atasan"
        assert "calibrate" not in office.allowed("direktur")
        office.send("calibrate", "dirjen", change={})
        assert office.state() == "calibrated"


def test_without_calibration_the_evaluator_determines_alone(template: Path, tmp_path: Path) -> None:
    with running(template, tmp_path, levels=0) as office, at(APRIL):
        office.due(APRIL)
        office.organisation()
        office.propose()
        assert office.document().turn == "penilai"
        office.send("determine", "kasubdit")
        assert office.state() == "determined"


def test_a_rule_set_with_a_session_waits_for_it_and_the_others_never_offer_it(template: Path, tmp_path: Path) -> None:
    with running(template, tmp_path, rule_set="kmk127-2026") as office, at(APRIL):
        office.due(APRIL)
        office.organisation()
        office.propose()
        office.send("calibrate", "direktur", change={})
        assert "determine" not in office.allowed("kasubdit")
        assert office.document().turn == "sekretariat_komite"
    with running(template, tmp_path) as office, at(APRIL):
        office.due(APRIL)
        office.organisation()
        office.propose()
        office.send("calibrate", "direktur", change={})
        assert office.document().turn == "penilai"


def test_the_yearly_result_of_last_year_stands_in_from_25_january_and_is_asked_about_again(office: Office) -> None:
    last = models.Period(
        year=2025, rule_set="kmk300-2022", rules=office.document("skp", "Y").period.rules, state="closed",
        opened_at=None, windows=[],
    )  # fmt: skip
    db.session.add(last)
    db.session.flush()
    db.session.add(
        models.OrgResult(
            unit_id=office.units["L2"], period_id=last.id, slot="Y", predicate="istimewa",
            set_by_id=office.people["dirjen"], set_at=office.document("skp", "Y").created_at,
        )
    )  # fmt: skip
    db.session.commit()
    with at(date(2027, 1, 20)):
        office.due(date(2027, 1, 20))
        with pytest.raises(Incomplete) as refused:
            office.propose(slot="Y")
        assert "EV-1" in rules_of(refused)
    with at(date(2027, 1, 25)):
        office.propose(slot="Y")
        assert office.review("Y").org_from_last_year
        assert office.review("Y").org_predicate == "istimewa"
    with at(date(2027, 1, 28)):
        evaluation.org_results.set_by_leader(
            office.units["L2"], office.document(slot="Y").period, "Y", by_id=office.people["dirjen"], predicate="baik"
        )
        assert office.document(slot="Y").due_code == "review_question"
        assert office.document(slot="Y").turn == "penilai"
        with pytest.raises(NotAllowed):
            office.send("calibrate", "kasubdit", slot="Y", change={})
        office.send("reconfirm", "kasubdit", slot="Y")
        assert office.review("Y").org_predicate == "baik"
        assert not office.review("Y").org_from_last_year
        assert office.state(slot="Y") == "proposed"


def test_a_result_that_comes_after_31_january_changes_nothing(office: Office) -> None:
    last = models.Period(
        year=2025, rule_set="kmk300-2022", rules=office.document("skp", "Y").period.rules, state="closed", windows=[]
    )
    db.session.add(last)
    db.session.flush()
    db.session.add(
        models.OrgResult(
            unit_id=office.units["L2"], period_id=last.id, slot="Y", predicate="istimewa",
            set_by_id=office.people["dirjen"], set_at=office.document("skp", "Y").created_at,
        )
    )  # fmt: skip
    db.session.commit()
    with at(date(2027, 1, 26)):
        office.due(date(2027, 1, 26))
        office.propose(slot="Y")
    with at(date(2027, 2, 2)):
        evaluation.org_results.set_by_leader(
            office.units["L2"], office.document(slot="Y").period, "Y", by_id=office.people["dirjen"], predicate="kurang"
        )
        assert "reconfirm" not in office.allowed("kasubdit", slot="Y")
        assert office.review("Y").org_predicate == "istimewa"


def test_a_returned_proposal_carries_the_note_and_loses_the_calibrations_of_its_round(prepared: Office) -> None:
    prepared.organisation()
    prepared.propose()
    with pytest.raises(Incomplete):
        prepared.send("send_back", "direktur", note="kurang")
    prepared.send("send_back", "direktur", note="Lengkapi umpan balik per nilai.")
    assert prepared.state() == "prepared"
    prepared.propose()
    assert "calibrate" in prepared.allowed("direktur")


def test_the_system_does_everything_only_once(prepared: Office) -> None:
    with at(JUNE):
        assert evaluation.fall_due(JUNE) == 1
        assert evaluation.fall_due(JUNE) == 0


def test_the_working_leads_from_each_realisation_to_the_predicate(prepared: Office) -> None:
    prepared.organisation()
    prepared.propose()
    page = evaluation.present(prepared.document(), prepared.actor("kasubdit"))
    titles = [step["title"] for step in page["working"]]
    assert titles[0] == "Capaian setiap indikator"
    assert titles[-1] == "Rating dan predikat"
    assert page["working"][-1]["value"] == "Baik"
    assert all(step["source"] for step in page["working"] if step["value"])


def test_ratings_are_given_in_words_of_the_law(prepared: Office) -> None:
    prepared.organisation()
    prepared.send("edit", "kasubdit", change=GOOD | WHY)
    page = evaluation.present(prepared.document(), prepared.actor("kasubdit"))
    assert page["predicate"]["label"] == "Baik"
    assert page["quadrant"]["place"] == (2, 2)
    assert page["writes"]
