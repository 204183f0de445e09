"""How K3 is reviewed in the demo office: of the PK after the first quarter, of some SKP with a manual after the second."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.demo import manual_acts
from kinerja.demo.stage import Stage
from kinerja.demo.value_acts import document_of
from kinerja.models import Document, Period, Person, Step
from kinerja.rules.k3 import LAMA, MANDATORY, NEW_WITH, pair_allowed
from kinerja.services import identity, k3_lines, transitions, turns
from kinerja.services.periods import regulation_of
from kinerja.workflows.roles import Relation

NOTE = "Satu indikator belum beriwayat; lengkapi target dan realisasi 2025."
REPAIR = "Isi target dan realisasi tahun lalu, atau ubah status targetnya."
FINDING = "Riwayat sesuai laporan tahun lalu."
# Targets whose weight needs last year's figures.
WITH_HISTORY = (LAMA, MANDATORY, NEW_WITH)
# Which steps a review takes, in order; the day of each is one after the other.
WHOLE = ("self_check", "start_review", "save", "clear")
SAYS: dict[str, Any] = manual_acts.PERSEN | {
    "tujuan": "Mengetahui apakah hasil ini dipakai oleh yang memintanya.",
    "definisi": "Bagian hasil yang diterima tanpa perbaikan dari semua hasil yang diserahkan pada triwulan itu.",
    "formula": "hasil yang diterima / hasil yang diserahkan",
    "sumber_data": "Catatan penyerahan hasil",
    "metode_cascading": "indirect",
    "penanggung_jawab": "Pegawai pemilik indikator",
    "penyedia_data": "Penerima hasil",
    "validitas": "proxy",
    "kendali": "moderate",
    "status_target": "lama",
}


@dataclass(frozen=True)
class Plan:
    """The review of one SKP in a quarter: whose, when it begins and how far it comes; `forbidden`: its manual pairs what
    may not be paired."""

    owner: str
    begins: date
    steps: tuple[str, ...]
    forbidden: bool = False


def plan_units(stage: Stage, units: Iterable[str], slot: str, begins: date) -> None:
    """The PK of these units are reviewed one after the other; the first is filled in by its own pengelola before."""
    for place, unit in enumerate(units):
        steps = WHOLE if place == 0 else WHOLE[1:]
        for after, step in enumerate(steps):
            stage.add(
                stage.at("-", begins + timedelta(days=after), 14, place),
                f"{unit} {step} k3",
                lambda unit=unit, step=step: _send(document_of(unit, "k3_review", slot, begins.year), step),
            )


def plan_person(stage: Stage, plan: Plan) -> None:
    """The manual of his first indicator in June, and the review of his SKP in July as far as it has come."""
    says = SAYS | ({"validitas": "exact", "kendali": "high"} if plan.forbidden else {})
    manual_acts.plan_manual(stage, manual_acts.Plan(plan.owner, "skp", 0, date(2026, 6, 8), says))
    for after, step in enumerate(plan.steps):
        stage.add(
            stage.at(plan.owner, plan.begins + timedelta(days=after), 15),
            f"{plan.owner} {step} k3",
            lambda step=step: _send(_of(plan.owner, plan.begins.year), step),
        )


def _of(owner: str, year: int) -> Document:
    found: Document = db.session.scalars(
        sa.select(Document)
        .join(Person, Person.id == Document.subject_id)
        .join(Period, Period.id == Document.period_id)
        .where(
            Document.kind == "k3_review", Person.name == owner, Period.year == year,
            Document.flags["of_unit"].as_boolean().is_(False),
        )
    ).one()  # fmt: skip
    return found


def _send(document: Document, event: str) -> None:
    """One step as whoever is awaited for it, with what its form asks."""
    change: Mapping[str, Any] = {}
    note = NOTE if event == "send_back" else ""
    if event in ("self_check", "save"):
        change = {
            "items": {line.item.key: _said(document, line, event) for line in k3_lines.lines_of(document)}
        }
    elif event == "send_back":
        (first, *_others) = k3_lines.lines_of(document)
        change = {"items": {first.item.key: {"note": REPAIR}}}
    transitions.send(
        document.public_id, event, _who(document, event), version=document.version, change=change, note=note
    )


def _said(document: Document, line: k3_lines.Line, event: str) -> dict[str, Any]:
    """What holds already, and what is still missing."""
    one, regulation = line.one, regulation_of(document.period)
    validity, control = one.validity or "proxy", one.control or "moderate"
    if event == "save" and not pair_allowed(validity, control, regulation):
        control = "moderate"
    said: dict[str, Any] = {"validity": validity, "control": control, "target_status": one.status}
    if not one.status:
        said["target_status"] = "baru_tanpa_riwayat"
    elif event == "save" and one.target is not None and one.status in WITH_HISTORY:
        said |= {
            "target_y1": one.target_y1 or one.target - Decimal(1),
            "realisation_y1": one.realisation_y1 or one.target - Decimal(1), "finding": FINDING,
        }  # fmt: skip
    return said


def _who(document: Document, event: str) -> int:
    of_unit = document.flags.get("of_unit")
    if event == "self_check":
        relation = Relation.PENGELOLA_ORGANISASI if of_unit else Relation.SUBJECT
        return turns.person_in_turn(document, relation)[0]
    if not document.flags.get("above"):
        return turns.person_in_turn(document, Relation.PENGELOLA_ORGANISASI)[0]
    first = turns.person_in_turn(document, Relation.PENGELOLA_ABOVE)
    top = f"/{document.unit.path.split('/')[1]}/"
    filled = set(
        db.session.scalars(
            sa.select(Step.actor_id).where(Step.document_id == document.id, Step.event == "self_check")
        )
    )
    everybody = (*first, *identity.holders_of_role(Relation.PENGELOLA_ORGANISASI, top))
    return next(person for person in everybody if person not in filled)
