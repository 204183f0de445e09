"""Realisations of the demo office: figures near the target, evidence or the reason why there is none, validation."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.demo import content
from kinerja.demo.stage import ACTING, Stage
from kinerja.models import Document, IndicatorTarget, RealisationItem, SkpIndicator
from kinerja.services import evidence, identity

NO_FILE = "Bukti ada pada berkas fisik unit dan dipindai bersama laporan triwulan."
CATALOGUE = "https://katalog.kementerian.example/capaian"
PROGRESS = "Berjalan sesuai rencana; hasil antara sudah diterima pimpinan dan ditanggapi."


@dataclass(frozen=True)
class Plan:
    """One realisation: recorded and validated when, how near the target, and how far it has come."""

    subject: str
    year: int
    slot: str
    saved: date
    recorded: date | None = None
    validated: date | None = None
    percent: int = 100
    proof: str = ""
    filled: int = 99
    validator: str = ACTING


def plan_realisation(stage: Stage, plan: Plan) -> None:
    """Put the acts of one realisation on the stage: save, record, validate, as far as days are given."""
    name, minute = plan.subject, (len(plan.subject) * 11) % 55
    document = (name, "realisation", plan.year)
    stage.plan(
        stage.at(name, stage.workday(name, plan.saved), 9, minute), *document, "save", name, slot=plan.slot,
        change=lambda found, person: entries(found, person, plan),
    )  # fmt: skip
    if plan.recorded is not None:
        stage.plan(
            stage.at(name, stage.workday(name, plan.recorded), 15, minute),
            *document,
            "record",
            name,
            slot=plan.slot,
        )
    if plan.validated is not None:
        moment = stage.at(name, stage.workday(name, plan.validated), 16, minute)
        stage.add(
            moment, f"{name} {plan.slot} {plan.year} validate", lambda: validate(stage, plan), about=name
        )


def entries(document: Document, person: int, plan: Plan) -> Mapping[str, Any]:
    """What the form of the realisation would send: a figure or a narrative per indicator, and evidence."""
    planned = sa.and_(IndicatorTarget.indicator_id == SkpIndicator.id, IndicatorTarget.slot == document.slot)
    rows = db.session.execute(
        sa.select(SkpIndicator.key, SkpIndicator.polarity, SkpIndicator.text, IndicatorTarget.value)
        .join(RealisationItem, RealisationItem.indicator_id == SkpIndicator.id)
        .outerjoin(IndicatorTarget, planned)
        .where(RealisationItem.realisation_id == document.id)
        .order_by(SkpIndicator.id)
    ).all()
    proof = _proof(document, person, plan)
    items: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(rows[: plan.filled]):
        entry: dict[str, Any] = {"obstacle": "" if proof else NO_FILE}
        if row.value is None:
            entry["narrative"] = PROGRESS
        else:
            # Indicators of one person differ a little, as they do.
            entry["value"] = content.achieved(row.value, row.polarity, plan.percent + (number * 3) % 5 - 2)
        items[row.key] = entry
    return {
        "items": items,
        "attach": [{"item": key, "evidence": proof, "shows": "hasil"} for key in items] if proof else [],
    }


def _proof(document: Document, person: int, plan: Plan) -> str:
    """The public id of what he attaches: a file, a link, or nothing."""
    if plan.proof in ("pdf", "txt"):
        name, data = content.evidence_file(plan.subject, plan.slot, plan.year, plan.proof)
        return evidence.store_file(person, name, io.BytesIO(data)).public_id
    if plan.proof == "link":
        url = f"{CATALOGUE}/{plan.year}/{plan.slot.lower()}/{document.subject_id}"
        return evidence.store_link(person, url, f"Katalog capaian {plan.slot} {plan.year}").public_id
    return ""


def read_evidence(stage: Stage, document: Document, who: str) -> None:
    """Open everything that is attached, as a validator has to before he validates (RL-3)."""
    person = stage.actor(document, who)
    actor = identity.actor_for(document, person)
    for public_id in _attached(document):
        evidence.open_evidence(document, actor, public_id)


def _attached(document: Document) -> list[str]:
    from kinerja.models import Evidence, EvidenceLink

    return list(
        db.session.scalars(
            sa.select(Evidence.public_id)
            .join(EvidenceLink, EvidenceLink.evidence_id == Evidence.id)
            .join(RealisationItem, RealisationItem.id == EvidenceLink.item_id)
            .where(RealisationItem.realisation_id == document.id)
            .distinct()
        )
    )


def validate(stage: Stage, plan: Plan) -> None:
    """Open what is attached and validate, as the validator of the plan."""
    document = stage.document(plan.subject, "realisation", plan.year, plan.slot)
    if plan.proof:
        read_evidence(stage, document, plan.validator)
    stage.send(document, "validate", plan.validator)
