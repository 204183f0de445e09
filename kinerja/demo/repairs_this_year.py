"""A calculation error as it can really happen, and its repair: figures corrected between proposal and calibration.

The superior opens a validated quarter again, it is recorded anew and validated; the suggestion that was written down
with the proposal still counts the old figures, and is determined with them.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from kinerja.demo import realisation_acts
from kinerja.demo.stage import ATASAN, PENILAI, Stage
from kinerja.models import Document
from kinerja.services import repairs

YEAR, SLOT = 2026, "TW1"
REPAIRED, RUNNING, DRAFTED = "Agus Hermawan", "Laila Nur Azizah", "Joko Purnomo"
MISCOUNTED = (REPAIRED, RUNNING, DRAFTED)
DRAFTER, APPROVER = "Retno Palupi", "Suryadi Atmanegara"
OPENED = "Angka Maret belum memuat hasil tiga unit yang berkasnya tiba sesudah rekaman; mohon direkam ulang."
CALIBRATION = {
    "result_rating": "sesuai", "reason_code": "data",
    "sentence": "Usulan memakai angka sebelum realisasi direkam ulang; dengan angka yang benar hasil memenuhi target.",
}  # fmt: skip
REASON = (
    "Saran rating hasil kerja masih dihitung dari realisasi sebelum dibuka kembali; dari realisasi yang dibekukan "
    "hasilnya lain."
)


def correct(stage: Stage, plan: realisation_acts.Plan, day: date) -> None:
    """On the day of the proposal, after it: opened again by the superior, recorded with other figures, validated."""
    name, document = plan.subject, (plan.subject, "realisation", YEAR)
    day = stage.workday(name, day)
    again = replace(plan, percent=105)

    def figures(found: Document, person: int) -> Mapping[str, Any]:
        items = realisation_acts.entries(found, person, replace(again, proof=""))["items"]
        return {"items": {key: entry | {"obstacle": ""} for key, entry in items.items()}}

    stage.plan(stage.at(name, day, 11), *document, "reopen", ATASAN, slot=SLOT, note=OPENED)
    stage.plan(stage.at(name, day, 13), *document, "save", name, slot=SLOT, change=figures)
    stage.plan(stage.at(name, day, 14), *document, "record", name, slot=SLOT)
    stage.add(
        stage.at(name, day, 15), f"{name} validated again", lambda: realisation_acts.validate(stage, again)
    )


def plan(stage: Stage) -> None:
    """One repair applied and signed anew; one withdrawn by its drafter, the next refused, the last before the committee;
    one still being drafted."""
    _repair(stage, DRAFTED, date(2026, 7, 17), sent=False)
    _repair(stage, REPAIRED, date(2026, 6, 22))
    approved, review = date(2026, 6, 24), (REPAIRED, "predicate_review", YEAR)
    stage.plan(stage.at("-", approved, 10), REPAIRED, "repair", YEAR, "approve", APPROVER, slot=SLOT)
    for day, event, who, signed in (
        (date(2026, 6, 25), "sign_form", PENILAI, True), (date(2026, 6, 26), "deliver", PENILAI, False),
        (date(2026, 6, 29), "receive", REPAIRED, False), (date(2026, 7, 2), "accept", REPAIRED, True),
    ):  # fmt: skip
        stage.plan(stage.at(REPAIRED, day, 10), *review, event, who, slot=SLOT, signed=signed)
    _repair(stage, RUNNING, date(2026, 7, 13), sent=False)
    note = "Alasan keliru menyebut triwulan; disusun ulang."
    stage.plan(
        stage.at("-", date(2026, 7, 13), 14),
        RUNNING,
        "repair",
        YEAR,
        "withdraw",
        DRAFTER,
        slot=SLOT,
        note=note,
    )
    for day, refused in ((date(2026, 7, 14), True), (date(2026, 7, 15), False)):
        stage.add(stage.at("-", day, 8), "drafted again", lambda: stage.forget(RUNNING))
        _repair(stage, RUNNING, day)
        if refused:
            note = "Sebutkan angka mana yang berubah pada realisasi sebelum diajukan lagi."
            at = stage.at("-", day, 15)
            stage.plan(at, RUNNING, "repair", YEAR, "refuse", APPROVER, slot=SLOT, note=note)


def _repair(stage: Stage, name: str, day: date, *, sent: bool = True) -> None:
    stage.add(stage.at("-", day, 9), f"repair of {name}", lambda: _draft(stage, name))
    if sent:
        stage.plan(
            stage.at("-", day, 11), name, "repair", YEAR, "submit", DRAFTER, slot=SLOT
        )  # fmt: skip


def _draft(stage: Stage, name: str) -> None:
    review = stage.document(name, "predicate_review", YEAR, SLOT)
    repairs.draft_repair(review.print_number, stage.ids[DRAFTER], REASON)
