"""Evaluations of the demo office: organisation results, proposals, calibration, signatures, receipt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.demo import people, value_acts
from kinerja.demo.stage import ABOVE, ACTING, ATASAN, PENILAI, Stage
from kinerja.models import Document, Unit
from kinerja.services import identity, org_results
from kinerja.services.periods import period_of
from kinerja.services.review_facts import review_of
from kinerja.services.review_matter import StoredMatter

STEPS = ("propose", "calibrate", "determine", "sign_form", "deliver", "receive", "accept", "report")
SIGNED = ("sign_form", "sign_superior", "accept")
RECOMMENDATIONS = {
    "diatas": "Pertahankan cara kerja ini; berikan kesempatan memimpin tim kerja pada periode berikutnya.",
    "sesuai": "Hasil sesuai harapan; perkuat dokumentasi bukti dan bagikan cara kerja kepada rekan.",
    "dibawah": "Susun rencana perbaikan bersama atasan dan laporkan kemajuannya pada dialog bulanan.",
}
FEEDBACK = {
    "diatas": "Hasil melampaui target dan dipakai unit lain.",
    "sesuai": "Hasil tercapai; bukti lengkap dan mudah ditelusuri.",
    "dibawah": "Hasil belum tercapai; kendala belum dicatat pada dialog.",
}
DIFFERENT = "Mempertimbangkan beban tugas tambahan dan bukti yang dibahas pada dialog kinerja."
OLD_APPLICATION = "Realisasi periode ini dicatat pada aplikasi lama dan sudah diperiksa dari berkasnya."


@dataclass(frozen=True)
class Plan:
    """One evaluation: proposed on which day, with which ratings, and up to which step it has come.

    `result` empty follows the suggestion of the figures. `days` are the working days between the steps.
    """

    subject: str
    year: int
    slot: str
    begins: date
    until: str = "report"
    result: str = ""
    behaviour: str = "sesuai"
    days: tuple[int, ...] = (0, 2, 1, 1, 0, 1, 2, 5)
    calibration: Mapping[str, str] | None = None
    by_superior: bool = False
    dates: Mapping[str, date] | None = None


def has_calibrator(name: str) -> bool:
    """Has his penilai a superior himself? Only then is there somebody to calibrate."""
    above = {
        row["nip"]: row["nip_penilai"] for row in people.rows() if row["jenis_penempatan"] == "definitif"
    }
    return bool(above.get(above[people.nip_of(name)], ""))


def plan_review(stage: Stage, plan: Plan) -> None:
    """Put the acts of one evaluation on the stage."""
    name, minute = plan.subject, (len(plan.subject) * 13) % 50
    day = stage.workday(name, plan.begins)
    for position, step in enumerate(STEPS):
        if step == "calibrate" and not has_calibrator(name):
            continue
        for _ in range(plan.days[position]):
            day = stage.workday(name, day + timedelta(days=1))
        if plan.dates and step in plan.dates:
            day = stage.workday(name, plan.dates[step])
        event, who = _event(plan, step)
        stage.plan(
            stage.at(name, day, 9 + position, minute), name, "predicate_review", plan.year, event, who, slot=plan.slot,
            change=_change(plan, step), signed=event in SIGNED,
        )  # fmt: skip
        if step == plan.until:
            return


def _event(plan: Plan, step: str) -> tuple[str, str]:
    if step in ("receive", "accept"):
        return step, plan.subject
    if step == "calibrate":
        return step, ABOVE if plan.by_superior else ATASAN
    if not plan.by_superior:
        return step, PENILAI
    return {"propose": "propose_superior", "sign_form": "sign_superior"}.get(step, step), ACTING


def _change(plan: Plan, step: str) -> Any:
    if step == "propose":
        return lambda document, person: proposal(document, plan)
    if step == "calibrate":
        return dict(plan.calibration or {})
    return None


def proposal(document: Document, plan: Plan) -> dict[str, Any]:
    """The filled evaluation form: ratings, a word on each result and value, a recommendation."""
    review = review_of(document)
    suggested = StoredMatter(document, review).suggested
    result = plan.result or suggested.result.value or "sesuai"
    change: dict[str, Any] = {
        "result_rating": result,
        "behaviour_rating": plan.behaviour,
        "recommendation": RECOMMENDATIONS[
            min(result, plan.behaviour, key=("dibawah", "sesuai", "diatas").index)
        ],
        "rows": {str(row.row_id): {"feedback": FEEDBACK[result]} for row in review.rows},
        "values": {value.value_code: {"status": plan.behaviour} for value in review.values},
    }
    if suggested.result.value != result:
        change["result_reason"] = DIFFERENT if suggested.result.value else OLD_APPLICATION
    if suggested.unsettled:
        change["realisation_reason"] = OLD_APPLICATION
    return change


def set_results(
    stage: Stage, day: date, year: int, slot: str, results: Mapping[str, tuple[str, str]]
) -> None:
    """Let the leader one level up enter the result of each UPK: unit code -> predicate and NKO."""
    for number, (code, (predicate, nko)) in enumerate(results.items()):
        stage.add(
            stage.at("-", day, 10, number * 3), f"result of {code} {slot} {year}",
            lambda code=code, predicate=predicate, nko=nko: _set_result(code, year, slot, predicate, nko),
        )  # fmt: skip


def _set_result(code: str, year: int, slot: str, predicate: str, nko: str) -> None:
    unit_id, path = db.session.execute(sa.select(Unit.id, Unit.path).where(Unit.code == code)).one()
    period = period_of(year)
    assert period is not None
    if org_results.by_document(unit_id, period.id, slot):
        value_acts.determine(code, slot, year, predicate, nko)
        return
    leader = org_results.leader_above(unit_id, clock.today())
    by = leader or identity.holders_of_role("komite_eksekutif", path)[0]
    org_results.set_by_leader(unit_id, period, slot, by_id=by, predicate=predicate, nko=Decimal(nko))
