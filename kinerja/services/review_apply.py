"""What each event writes into an evaluation: ratings, calibration, frozen inputs, receipt."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kinerja import clock
from kinerja.db import db
from kinerja.models import Calibration, Document, Review
from kinerja.models.evaluation import PREDICATES, RATINGS
from kinerja.rules import evaluation as law
from kinerja.rules.finding import WARNS
from kinerja.rules.predicate import allowed_predicates
from kinerja.rules.words import N_
from kinerja.rules.workdays import local_date
from kinerja.services import deadlines, event_dates, identity, org_results, replaying
from kinerja.services.errors import BadInput
from kinerja.services.kinds import Context
from kinerja.services.periods import regulation_of
from kinerja.services.replaying import freeze, standing
from kinerja.services.review_facts import (
    calibrator_at,
    effective_levels,
    facts_of,
    past_of,
    review_of,
)
from kinerja.services.review_matter import StoredMatter
from kinerja.workflows.base import OWN_RULE, Unmet
from kinerja.workflows.review_facts import proposal_findings
from kinerja.workflows.roles import Relation

SENTENCE_MINIMUM = 10
# Why a calibrator changes what was proposed; "lain" leaves it all to his sentence.
CALIBRATION_REASONS: dict[str, str] = {
    "bukti": N_("Tidak didukung bukti"),
    "sebanding": N_("Tidak sebanding dengan pegawai lain pada unit ini"),
    "umpan_balik": N_("Umpan balik belum diperhitungkan"),
    "kontribusi": N_("Tidak sesuai kontribusi pada capaian organisasi"),
    "data": N_("Data realisasi keliru"),
    "lain": N_("Alasan lain"),
}
SESSION, D12 = "sidang", "tanda_tangan_d12"
CALIBRATED = N_("Kalibrasi mengubah usulan Anda pada %(document)s.")
DETERMINED = N_("%(document)s ditetapkan; kalibrasi mengubah usulan penilai, dan alasannya tertulis di sana.")
LONGEST = 4000


def apply(context: Context) -> None:
    """Write the change of one event. Raises BadInput; never touches the state."""
    review = review_of(context.document)
    _APPLY[context.event](context, review)
    db.session.flush()


def _save(context: Context, review: Review) -> None:
    """The desk: only what the form names is changed; the predicate always follows from the two ratings."""
    change = context.change
    for name in ("result_rating", "behaviour_rating"):
        if name in change:
            setattr(review, name, _code(change[name], RATINGS, name))
    for name in ("result_reason", "behaviour_reason", "recommendation"):
        if name in change:
            setattr(review, name, _text(change[name], name))
    inputs = dict(review.frozen_inputs)
    if "realisation_reason" in change:
        inputs["alasan_realisasi"] = _text(change["realisation_reason"], "realisation_reason")
    if "study_leave_failed" in change:
        inputs["tugas_belajar_gagal"] = bool(change["study_leave_failed"])
    review.frozen_inputs = inputs
    _save_lines(review, change)
    _derive(review, context.document, _code(change.get("predicate", ""), PREDICATES, "predicate"))


def _save_lines(review: Review, change: Mapping[str, Any]) -> None:
    rows = {str(row.row_id): row for row in review.rows} | {row.row.key: row for row in review.rows}
    for key, given in change.get("rows", {}).items():
        if str(key) not in rows:
            raise BadInput([Unmet(OWN_RULE, N_("Hasil kerja ini tidak ada pada SKP yang dinilai."))])
        _save_line(rows[str(key)], given, f"rows-{key}")
    values = {value.value_code: value for value in review.values}
    for code, given in change.get("values", {}).items():
        if code not in values:
            raise BadInput([Unmet(OWN_RULE, N_("Nilai dasar ini tidak dikenal."))])
        _save_line(values[code], given, f"values-{code}")


def _save_line(line: Any, given: Mapping[str, Any], place: str) -> None:
    if "status" in given:
        line.status = _code(given["status"], RATINGS, f"{place}-status")
    if "feedback" in given:
        line.feedback = _text(given["feedback"], f"{place}-feedback")


def _code(value: Any, known: tuple[str, ...], place: str) -> str:
    text = str(value or "")
    if text and text not in known:
        raise BadInput([Unmet("EV-3", N_("Pilih salah satu pilihan yang tersedia."), {}, place)])
    return text


def _text(value: Any, place: str) -> str:
    text = str(value or "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise BadInput([Unmet(OWN_RULE, N_("Paling panjang %(n)s huruf."), {"n": LONGEST}, place)])
    return text


def _derive(review: Review, document: Document, wished: str = "") -> None:
    """The predicate is that of the quadrant; after study leave not finished one of the two that remain (EV-3)."""
    if not (review.result_rating and review.behaviour_rating):
        review.predicate = ""
        return
    allowed = allowed_predicates(
        review.result_rating,
        review.behaviour_rating,
        regulation_of(document.period),
        study_leave_failed=bool(review.frozen_inputs.get("tugas_belajar_gagal")),
    )
    review.predicate = wished if wished in allowed else allowed[0]


def _propose(context: Context, review: Review) -> None:
    """What the ratings rest on is written beside them: organisation result, suggestion, warnings passed over."""
    _save(context, review)
    document = context.document
    refresh_organisation(review, document)
    db.session.flush()
    facts = facts_of(document)
    facts.matter = matter = StoredMatter(document, review)
    review.suggestion = matter.suggested.to_dict()
    used = law.organisation_result(matter.evaluation, facts.regulation)
    if used is not None:
        review.org_predicate, review.org_from_last_year = used[0].predicate, used[1] == law.LAST_YEAR
    warnings = [f.rule for f in proposal_findings(facts) if f.severity == WARNS]
    review.frozen_inputs = dict(review.frozen_inputs) | {"peringatan": warnings}
    context.flag(
        org_last_year=review.org_from_last_year,
        not_validated=matter.evaluation.unsettled > 0,
        upk_above_id=document.flags.get("upk_above_id"),
        result_arrived_on=None,
    )
    _name_calibrator(context, 1)


def refresh_organisation(review: Review, document: Document) -> None:
    """Which UPK counts may have changed with the penilai since the evaluation was prepared."""
    unit = org_results.organisation_of(document.subject_id, document.unit, clock.today(document.unit.zone))
    review.org_unit_id = unit.id if unit else None


def _name_calibrator(context: Context, level: int) -> None:
    """Where the next calibrator stands higher than the relations reach, the document names him."""
    document = context.document
    if calibrator_at(document, level) is Relation.ATASAN:
        context.flag(calibrator_id=None)
        return
    chain = identity.superiors(document.subject_id, clock.today(document.unit.zone))
    index = document.acting_level + level
    context.flag(calibrator_id=chain[index].person_id if len(chain) > index else None)


def _set_org_result(context: Context, review: Review) -> None:
    """The result is written for the UPK and slot, so that it holds for everyone there."""
    if review.org_unit_id is None:
        raise BadInput([Unmet("EV-1", N_("Unit pemilik kinerja tidak ditemukan di atas pegawai ini."))])
    change = context.change
    if change.get("decree_date") is not None:
        event_dates.demand_decree(context.document, change["decree_date"])
    org_results.record(
        review.org_unit_id,
        context.document.period,
        context.document.slot,
        by_id=_person(context),
        predicate=str(change.get("predicate", "")),
        nko=change.get("nko"),
        decree_number=str(change.get("decree_number") or ""),
        decree_date=change.get("decree_date"),
        document=context.document,
    )


def _person(context: Context) -> int:
    if context.actor.person_id is None:
        raise BadInput([Unmet(OWN_RULE, N_("Langkah ini hanya dapat dilakukan oleh seseorang."))])
    return context.actor.person_id


def _calibrate(context: Context, review: Review) -> None:
    """Confirm or change; a change carries a reason code and a sentence that penilai and subject read."""
    document, past = context.document, past_of(context.document.id)
    level = len(past.since_proposal("calibrate")) + 1
    _judge(context, review, level, str(context.change.get("reason_code") or ""))
    chain = identity.superiors(document.subject_id, clock.today(document.unit.zone))
    if level < effective_levels(document, chain, clock.today(document.unit.zone)):
        context.values["due_at"] = deadlines.due_of(document, "review_calibrate", context.now)
        _name_calibrator(context, level + 1)


def _judge(context: Context, review: Review, level: int, reason_code: str) -> None:
    before, change = standing(review), context.change
    review.result_rating = (
        _code(change.get("result_rating"), RATINGS, "result_rating") or review.result_rating
    )
    review.behaviour_rating = (
        _code(change.get("behaviour_rating"), RATINGS, "behaviour_rating") or review.behaviour_rating
    )
    _derive(review, context.document, review.predicate)
    after = standing(review)
    sentence = _text(change.get("sentence"), "sentence")
    if after != before:
        problems = []
        if reason_code not in CALIBRATION_REASONS and reason_code != SESSION:
            problems.append(Unmet(OWN_RULE, N_("Pilih alasan perubahan."), {}, "reason_code"))
        if len(sentence) < SENTENCE_MINIMUM:
            text = N_("Tulis penjelasan sedikitnya %(n)s huruf; penilai dan pegawai membacanya.")
            problems.append(Unmet(OWN_RULE, text, {"n": SENTENCE_MINIMUM}, "sentence"))
        if problems:
            raise BadInput(problems)
        context.notify(past_of(context.document.id).last_by.get("propose"), CALIBRATED)
    review.calibrations.append(
        Calibration(
            level=level, by_id=_person(context), at=context.now, before=before, after=after,
            reason_code=reason_code if after != before or reason_code == SESSION else "",
            sentence=sentence,
        )
    )  # fmt: skip


def _to_session(context: Context, review: Review) -> None:
    session = {"dibuka": context.now.isoformat(), "bahan": _text(context.change.get("minutes"), "minutes")}
    review.frozen_inputs = dict(review.frozen_inputs) | {SESSION: session}


def _decide_session(context: Context, review: Review) -> None:
    """The session's minutes: who was there, the factor, the evidence and the vote; a correction is a calibration."""
    change = context.change
    session = dict(review.frozen_inputs.get(SESSION, {}))
    session |= {
        "hadir": sorted({int(person) for person in change.get("present", ())}),
        "faktor": _text(change.get("factor"), "factor"),
        "bukti": _text(change.get("evidence"), "evidence"),
        "suara": _text(change.get("vote"), "vote"),
    }
    proposer = past_of(context.document.id).last("propose", "propose_superior")
    if context.document.subject_id in session["hadir"] or (
        proposer and proposer.actor_id in session["hadir"]
    ):
        raise BadInput(
            [Unmet(OWN_RULE, N_("Pegawai yang dinilai dan penilainya tidak ikut sidang."), {}, "present")]
        )
    review.frozen_inputs = dict(review.frozen_inputs) | {SESSION: session}
    before = standing(review)
    _judge(context, review, 0, SESSION)
    if standing(review) != before:
        _demand_grounds(session)


def _demand_grounds(session: Mapping[str, Any]) -> None:
    """What the session corrects has its factor, its evidence and the vote."""
    text = N_("Koreksi dalam sidang menyebut faktor, bukti, dan suaranya.")
    asked = (("factor", "faktor"), ("evidence", "bukti"), ("vote", "suara"))
    if problems := [Unmet(OWN_RULE, text, {}, name) for name, key in asked if not session[key]]:
        raise BadInput(problems)


def _determine(context: Context, review: Review) -> None:
    """Only executes what stands: every input is frozen with the version of the rule set."""
    if "decree_number" in context.change:
        review.decree_number = _text(context.change["decree_number"], "decree_number")
        review.decree_date = context.change.get("decree_date")
        if not review.decree_number or review.decree_date is None:
            raise BadInput([Unmet(OWN_RULE, N_("Isi nomor dan tanggal SKEP."), {}, "decree_number")])
        event_dates.demand_decree(context.document, review.decree_date)
    _tell_of_calibration(context, review)
    freeze(review, context.document)


def _tell_of_calibration(context: Context, review: Review) -> None:
    """Until now the subject saw nothing of it: here he learns that what his penilai proposed was changed."""
    proposed = past_of(context.document.id).last("propose", "propose_superior")
    if any(c.before != c.after for c in review.calibrations if proposed is None or c.at >= proposed.at):
        context.notify(context.document.subject_id, DETERMINED)


def _sign_superior(context: Context, review: Review) -> None:
    """Before it was determined his signature counts as calibration, and `determine` runs with it (p.115 no. 8)."""
    if context.document.state == "determined":
        return
    value = standing(review)
    review.calibrations.append(
        Calibration(
            level=0, by_id=_person(context), at=context.now, before=value, after=value, reason_code=D12,
            sentence="",
        )
    )  # fmt: skip
    _tell_of_calibration(context, review)
    freeze(review, context.document)
    context.flag(determined_by_signature=True)


def _receive(context: Context, review: Review) -> None:
    review.received_on = local_date(context.now, context.document.unit.zone)
    review.handover_proof = ""


def _hand_over(context: Context, review: Review) -> None:
    """Receipt is the day of the proof, which the pengelola cannot date before the delivery or ahead of today."""
    zone = context.document.unit.zone
    day, proof = context.change.get("received_on"), _text(context.change.get("proof"), "proof")
    problems = []
    first, last = local_date(context.document.state_since, zone), local_date(context.now, zone)
    if not isinstance(day, date) or not first <= day <= last:
        text = N_("Tanggal bukti antara %(first)s dan %(last)s.")
        params = {"first": first.isoformat(), "last": last.isoformat()}
        problems.append(Unmet(OWN_RULE, text, params, "received_on"))
    if len(proof) < 5:
        problems.append(
            Unmet(OWN_RULE, N_("Tulis bukti penyerahan: resi, surat, atau berkas pindai."), {}, "proof")
        )
    if problems:
        raise BadInput(problems)
    review.received_on, review.handover_proof = day, proof[:300]


def _reconfirm(context: Context, review: Review) -> None:
    """This year's organisation result takes the place of last year's; the ratings stand."""
    matter = StoredMatter(context.document, review)
    used = law.organisation_result(matter.settled_part, regulation_of(context.document.period))
    if used is not None:
        review.org_predicate, review.org_from_last_year = used[0].predicate, used[1] == law.LAST_YEAR
    context.flag(org_last_year=review.org_from_last_year, result_arrived_on=None)
    if context.document.state in org_results.USED_STATES:
        freeze(review, context.document)


def _revise(context: Context, review: Review) -> None:
    review.org_predicate, review.org_from_last_year = "", False
    review.received_on, review.handover_proof = None, ""
    context.flag(org_last_year=False, result_arrived_on=None)


def _result_arrived(context: Context, review: Review) -> None:
    """The evaluator has three working days to confirm or change; subject and evaluator are told."""
    context.flag(result_arrived_on=local_date(context.now, context.document.unit.zone).isoformat())


def _objection_published(context: Context, review: Review) -> None:
    """Only what the decision names is changed; everything else stays as it was determined."""
    after = context.change.get("after", {})
    if not after:
        return
    review.result_rating = after.get("rating_hasil", review.result_rating)
    review.behaviour_rating = after.get("rating_perilaku", review.behaviour_rating)
    _derive(review, context.document, after.get("predikat", ""))
    if after.get("rekomendasi"):
        review.recommendation = after["rekomendasi"]
    context.flag(decider_id=context.change["decider_id"])
    freeze(review, context.document)


def _escalate(context: Context, review: Review) -> None:
    context.flag(**org_results.late_leader(context.document, review))


def _reassign(context: Context, review: Review) -> None:
    letter = event_dates.demand_letter(_text(context.change.get("letter"), "letter"))
    review.frozen_inputs = dict(review.frozen_inputs) | {"surat_berhalangan": letter}


def _nothing(context: Context, review: Review) -> None:
    """The form of this event is carried on by an effect."""


_APPLY = {
    "edit": _save,
    "propose": _propose,
    "propose_superior": _propose,
    "set_org_result": _set_org_result,
    "calibrate": _calibrate,
    "to_session": _to_session,
    "decide_session": _decide_session,
    "determine": _determine,
    "sign_superior": _sign_superior,
    "receive": _receive,
    "hand_over": _hand_over,
    "reconfirm": _reconfirm,
    "revise": _revise,
    "result_arrived": _result_arrived,
    "objection_published": _objection_published,
    "object": _nothing,
    "apply_repair": replaying.take_over,
    "escalate_to_superior": _escalate,
    "reassign": _reassign,
}
EVENTS = frozenset(_APPLY)
