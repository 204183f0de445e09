"""Evaluations against the clock and under other settings: late, signed for, lapsed, last year's result, sessions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kinerja import clock, models
from kinerja.db import db
from kinerja.services import evaluation, late_signing, notices
from kinerja.services.errors import BadInput, NotAllowed
from kinerja.workflows.base import Incomplete
from tests.services.evaluation_office import Office, at, running

OPENS = date(2026, 3, 24)  # seven days before the end of TW I
APRIL = date(2026, 4, 20)
CLOSES = date(2026, 5, 31)
JUNE = date(2026, 6, 1)


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    with running(sqlite_template, tmp_path) as found:
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
        page = evaluation.present(prepared.document(), prepared.actor("pegawai"))
        assert "penilai melewati jangka waktu" in page["final_because"], "the reason stays to be read"


def test_a_penilai_gone_for_good_is_replaced_at_any_time_and_that_is_not_final(prepared: Office) -> None:
    prepared.organisation()
    gone = {"note": "Penilai meninggal dunia pada 9 April."}
    with pytest.raises(BadInput) as refused:
        prepared.send("reassign", "pengelola", change={"letter": " "}, **gone)
    assert [one.field_name for one in refused.value.problems] == ["letter"]
    prepared.send("reassign", "pengelola", change={"letter": "Akta kematian 12/2026"}, **gone)
    desk = evaluation.present(prepared.document(), prepared.actor("direktur"))
    assert desk["flags"]["absence"] == "Akta kematian 12/2026"
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


def test_what_the_penilai_did_not_sign_in_time_is_asked_of_his_superior_once_and_for_fourteen_days(
    prepared: Office,
) -> None:
    """PermenPANRB 6/2022 p.115 no. 8: nobody does anything, and still it is the superior's turn."""
    prepared.organisation()
    prepared.propose()
    prepared.send("calibrate", "direktur", change={})
    prepared.send("determine", "kasubdit")
    told = sa.select(models.Notice.text).where(models.Notice.person_id == prepared.people["direktur"])
    before = db.session.scalars(told).all()
    with at(CLOSES):
        assert late_signing.fall_due(CLOSES) == 0, "the last day is still the penilai's"
        assert prepared.document().turn == "penilai"
    with at(JUNE):
        assert [late_signing.fall_due(JUNE), late_signing.fall_due(JUNE)] == [1, 0]
        waiting = prepared.document()
        assert (waiting.turn, waiting.due_code, waiting.escalation) == (
            "atasan_penilai",
            "review_sign_superior",
            0,
        )
        assert waiting.due_at is not None
        assert waiting.due_at.date() == date(2026, 6, 18), "fourteen working days from the end of the window"
        assert db.session.scalars(told).all() == [*before, notices.YOUR_TURN_BY]
        prepared.send("sign_superior", "direktur", signed=True)
        assert prepared.document().turn == "atasan_penilai", "who signed delivers"


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
        assert prepared.document().due_at.date() == date(2026, 5, 12), (
            "the clock runs from the date of the proof"
        )


def test_two_levels_of_calibration_are_two_people_one_after_the_other(
    sqlite_template: Path, tmp_path: Path
) -> None:
    with running(sqlite_template, tmp_path, levels=2) as office, at(APRIL):
        office.due(APRIL)
        office.organisation()
        office.propose()
        office.send("calibrate", "direktur", change={})
        assert office.state() == "proposed"
        assert office.document().turn == "atasan_dari_atasan"
        assert "calibrate" not in office.allowed("direktur")
        office.send("calibrate", "dirjen", change={})
        assert office.state() == "calibrated"


def test_without_calibration_the_evaluator_determines_alone(sqlite_template: Path, tmp_path: Path) -> None:
    with running(sqlite_template, tmp_path, levels=0) as office, at(APRIL):
        office.due(APRIL)
        office.organisation()
        office.propose()
        assert office.document().turn == "penilai"
        office.send("determine", "kasubdit")
        assert office.state() == "determined"


def test_a_rule_set_with_a_session_waits_for_it_and_the_others_never_offer_it(
    sqlite_template: Path, tmp_path: Path
) -> None:
    with running(sqlite_template, tmp_path, rule_set="kmk127-2026") as office, at(APRIL):
        office.due(APRIL)
        office.organisation()
        office.propose()
        office.send("calibrate", "direktur", change={})
        assert "determine" not in office.allowed("kasubdit")
        assert office.document().turn == "sekretariat_komite"
    with running(sqlite_template, tmp_path) as office, at(APRIL):
        office.due(APRIL)
        office.organisation()
        office.propose()
        office.send("calibrate", "direktur", change={})
        assert office.document().turn == "penilai"


def test_the_yearly_result_of_last_year_stands_in_from_25_january_and_is_asked_about_again(
    office: Office,
) -> None:
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
            office.units["L2"],
            office.document(slot="Y").period,
            "Y",
            by_id=office.people["dirjen"],
            predicate="baik",
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
        year=2025,
        rule_set="kmk300-2022",
        rules=office.document("skp", "Y").period.rules,
        state="closed",
        windows=[],
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
            office.units["L2"],
            office.document(slot="Y").period,
            "Y",
            by_id=office.people["dirjen"],
            predicate="kurang",
        )
        assert "reconfirm" not in office.allowed("kasubdit", slot="Y")
        assert office.review("Y").org_predicate == "istimewa"


def test_the_system_does_everything_only_once(prepared: Office) -> None:
    with at(JUNE):
        assert evaluation.fall_due(JUNE) == 1
        assert evaluation.fall_due(JUNE) == 0


def test_a_signed_evaluation_that_nobody_delivers_is_taken_over_level_by_level(prepared: Office) -> None:
    """14 working days to deliver, five more until the superior may; where he too would be awaited, the secretariat."""
    prepared.organisation()
    prepared.propose()
    prepared.send("calibrate", "direktur", change={})
    prepared.send("determine", "kasubdit")
    prepared.send("sign_form", "kasubdit", signed=True)
    due = prepared.document().due_at
    assert due is not None
    ladder = {n: due + timedelta(days=n) for n in (1, 6, 12)}
    with clock.frozen(ladder[1]):
        assert "deliver" not in prepared.allowed("direktur")
        with pytest.raises(NotAllowed) as refused:
            prepared.send("deliver", "direktur", note="Penilai cuti panjang.")
        assert "lima hari kerja" in str(refused.value.reasons[0].message)
    with clock.frozen(ladder[12]):
        assert prepared.document().turn == "penilai", "it stays his until somebody takes over"
        assert evaluation.KIND.substitute(prepared.document()) == "atasan_penilai"
        with pytest.raises(Incomplete):
            prepared.send("deliver", "direktur")
        prepared.send("deliver", "direktur", note="Penilai cuti panjang.")
        prepared.send("receive", "pegawai")
        prepared.send("accept", "pegawai", signed=True)
        prepared.due(clock.today())
        assert prepared.state() == "final"
    step = db.session.scalars(sa.select(models.Step).where(models.Step.event == "deliver")).one()
    assert (step.relation, step.late, step.note) == ("atasan_penilai", False, "Penilai cuti panjang.")
