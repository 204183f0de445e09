"""An evaluation from the day it is prepared to its report: who rates, who calibrates, who sees what, what is late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from kinerja import models
from kinerja.db import db
from kinerja.forms import evaluation as forms
from kinerja.forms.base import UnknownField
from kinerja.models.evaluation import ORG_PREDICATES, RATINGS
from kinerja.rules import scoring
from kinerja.rules.registry import regulation
from kinerja.services import evaluation, feedback_so_far, reading, transitions
from kinerja.services.errors import BadInput, NeedsSignature, NotAllowed
from kinerja.services.objection_apply import TARGETS
from kinerja.services.review_working import capaian_step
from kinerja.workflows.base import Incomplete
from tests.services.evaluation_office import GOOD, WHY, Office, at, running

OPENS = date(2026, 3, 24)  # seven days before the end of TW I
APRIL = date(2026, 4, 20)
CLOSES = date(2026, 5, 31)
JUNE = date(2026, 6, 1)
LAW = regulation("kmk300-2022")


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
    prepared.send(
        "edit", "kasubdit", change={"rows": {row.row.key: {"status": "sesuai", "feedback": "Tepat"}}}
    )
    review = prepared.review()
    assert (review.result_rating, review.rows[0].status, review.rows[0].feedback) == (
        "diatas",
        "sesuai",
        "Tepat",
    )
    with pytest.raises(BadInput):
        prepared.send("edit", "kasubdit", change={"rows": {"asing": {"status": "sesuai"}}})
    with pytest.raises(BadInput):
        prepared.send("edit", "kasubdit", change={"result_rating": "hebat"})


@pytest.mark.parametrize(
    ("result", "rating"), [("istimewa", "diatas"), ("baik", "sesuai"), ("kurang", "dibawah"), (None, "")]
)
def test_the_desk_of_the_head_of_a_upk_begins_with_the_result_of_his_unit_and_another_needs_a_reason(
    prepared: Office, monkeypatch: pytest.MonkeyPatch, result: str | None, rating: str
) -> None:
    """SE MenPANRB 3/2023, EV-7."""
    own = db.session.get_one(models.Unit, prepared.units["L2"])
    monkeypatch.setattr(evaluation.org_results, "headed_upk", lambda *_: own)
    if result is not None:
        prepared.organisation(result)
    assert evaluation.typed(prepared.document())["result_rating"] == rating
    if rating == "dibawah":
        bare = WHY | {"result_reason": "", "realisation_reason": "Pegawai cuti, realisasi menyusul."}
        with pytest.raises(Incomplete) as refused:
            prepared.send("propose", "kasubdit", change=GOOD | bare)
        assert "EV-7" in {unmet.rule for unmet in refused.value.unmet}
        prepared.propose()
        assert evaluation.typed(prepared.document())["result_rating"] == "sesuai", "what was rated stands"


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


EVERYBODY = (
    "kasubdit", "direktur", "dirjen", "menteri", "pegawai", "rekan", "pengelola", "komite", "auditor", "asing",
)  # fmt: skip
SECRET = {
    "result_rating",
    "behaviour_rating",
    "predicate",
    "recommendation",
    "calibrations",
    "suggestion",
}


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
        assert (len(page["working"]) > 1) == (who in sees), (
            "the capaian is known to all, what follows from it is not"
        )
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
    assert [step.event for step in before.steps] == ["prepare", "set_org_result"]
    assert after.steps == before.steps
    assert after.state_label == "Dalam Evaluasi"
    assert after.shown_state == "prepared"
    assert [stop.status for stop in after.path] == [stop.status for stop in before.path]
    assert after.path == before.path
    assert after.due.at is None
    assert after.refusals == []
    shown = reading.page(public_id, prepared.people["direktur"])
    assert "calibrate" in [step.event for step in shown.steps]
    prepared.send("send_back", "direktur", note="Predikatnya terlalu tinggi.")
    assert reading.page(public_id, me).pinned is None, "a note among those who rate may tell the rating"
    assert reading.page(public_id, prepared.people["kasubdit"]).pinned is not None


def test_a_returned_proposal_carries_the_note_and_loses_the_calibrations_of_its_round(
    prepared: Office,
) -> None:
    prepared.organisation()
    prepared.propose()
    with pytest.raises(Incomplete):
        prepared.send("send_back", "direktur", note="kurang")
    prepared.send("send_back", "direktur", note="Lengkapi umpan balik per nilai.")
    assert prepared.state() == "prepared"
    prepared.propose()
    assert "calibrate" in prepared.allowed("direktur")


def test_the_working_leads_from_each_realisation_to_the_predicate(prepared: Office) -> None:
    prepared.organisation()
    prepared.propose()
    page = evaluation.present(prepared.document(), prepared.actor("kasubdit"))
    titles = [step["title"] for step in page["working"]]
    assert titles[0] == "Capaian setiap indikator"
    assert titles[-1] == "Rating dan predikat"
    assert page["working"][-1]["value"] == "Baik"
    assert all(step["source"] for step in page["working"] if step["value"])


def test_periods_that_are_joined_are_written_out_in_the_working() -> None:
    joined = scoring.consolidate(
        "average", [Decimal(12), Decimal(12)], [Decimal("12.5"), Decimal(11)], 2, LAW
    )
    score = scoring.capaian(joined.realisation, joined.target, "minimize", LAW, working=joined.parts)
    line = {"number": "1.1", "text": "Hari", "target": "12", "realisation": "11,75", "capaian": "102,08",
            "reason": None, "working": [part.to_dict() for part in score.parts]}  # fmt: skip
    shown = capaian_step([{"indicators": [line]}])["rows"][0][3]
    assert shown.startswith("T: (12 + 12) ÷ 2 = 12; R: (12,5 + 11) ÷ 2 = 11,75 → ")
    assert shown.endswith("(R = 11,75, T = 12) = 102,083333")


def test_ratings_are_given_in_words_of_the_law(prepared: Office) -> None:
    prepared.organisation()
    prepared.send("edit", "kasubdit", change=GOOD | WHY)
    page = evaluation.present(prepared.document(), prepared.actor("kasubdit"))
    assert page["predicate"]["label"] == "Baik"
    assert page["quadrant"]["place"] == (2, 2)
    assert page["writes"]


def test_the_choices_of_the_forms_are_those_the_services_know() -> None:
    assert [code for code, _ in forms.CALIBRATION_REASONS] == list(evaluation.CALIBRATION_REASONS)
    assert [code for code, _ in forms.RATINGS] == list(RATINGS)
    assert [code for code, _ in forms.ORG_PREDICATES] == list(ORG_PREDICATES)
    assert {code for code, _ in forms.TARGETS} <= set(TARGETS)


def test_the_desk_sends_only_what_was_typed() -> None:
    stored = {
        "result_rating": "sesuai",
        "rows": {7: {"status": "", "feedback": "Lama"}},
        "values": {"akuntabel": {}},
    }
    sent = MultiDict({"rows-7-status": "diatas", "csrf_token": "x"})
    form = forms.ProposeForm(stored, sent)
    assert form.validate()
    assert form.change() == {"rows": {"7": {"status": "diatas"}}}
    with pytest.raises(UnknownField):
        forms.ProposeForm(stored, MultiDict({"rows-8-status": "diatas"})).validate()
    wrong = forms.ProposeForm(stored, MultiDict({"result_rating": "hebat"}))
    assert not wrong.validate()
    assert [field for field, _ in wrong.errors] == ["result_rating"]


def test_what_was_said_in_the_year_lies_by_date_beside_the_ratings(office: Office) -> None:
    with at(APRIL):
        office.due(APRIL)
        row = office.review().rows[0].row_id
        office.to_received(
            rows={str(row): {"feedback": "Data terbit tepat waktu."}},
            values={"akuntabel": {"feedback": "Terbuka soal kendala."}},
        )
        assert feedback_so_far.so_far(office.document()) == [], (
            "what one writes oneself is on the desk already"
        )
    with at(date(2026, 7, 20)):
        office.due(date(2026, 7, 20))
        said = feedback_so_far.so_far(office.document(slot="TW2"))
    assert [(one["who"], one["slot"], one["about"], one["text"]) for one in said] == [
        ("Kasubdit", "TW1", "Set data satu siap pakai", "Data terbit tepat waktu."),
        ("Kasubdit", "TW1", "Akuntabel", "Terbuka soal kendala."),
    ]
    assert {one["at"].date() for one in said} == {APRIL}
