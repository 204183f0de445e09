"""What the units of the demo office with a PK reach: realisation of their IKU, and the value determined from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.demo import content
from kinerja.demo.stage import Stage
from kinerja.models import (
    Document,
    Evidence,
    Iku,
    IkuEvidence,
    IkuRealisationItem,
    IkuTarget,
    Period,
    Step,
    Unit,
)
from kinerja.services import evidence, identity, transitions, turns
from kinerja.services.org_values import org_value_of
from kinerja.workflows.roles import Relation

DATA = "https://data.kementerian.example/kinerja-organisasi"
INITIATIVES = "Tahapan berjalan sesuai rencana; keluaran kunci periode ini diterima pemiliknya."
AGAIN = "Angka layanan bulan Juni belum masuk; lengkapi lalu rekam kembali."
LOW = "Permintaan pada akhir periode melebihi yang direncanakan; tambahan petugas sudah disetujui."


@dataclass(frozen=True)
class Plan:
    """The realisation of one unit in one quarter: when it is written, recorded and validated or sent back, when its data are
    sent and reviewed, and how near the targets it is. `low`: the place of an IKU that stays behind."""

    unit: str
    slot: str
    saved: date
    recorded: date | None = None
    validated: date | None = None
    sent: date | None = None
    cleared: date | None = None
    returned: date | None = None
    percent: int = 101
    low: int | None = None


def plan_value(stage: Stage, plan: Plan, year: int) -> None:
    """Put the acts of one unit and quarter on the stage, as far as days are given."""
    for hour, (day, what, act) in enumerate(
        (
            (plan.saved, "save", _save), (plan.recorded, "record", _record), (plan.returned, "return", _return),
            (plan.validated, "validate", _validate), (plan.sent, "send", _send), (plan.cleared, "clear", _clear),
        ),
        start=8,
    ):  # fmt: skip
        if day is not None:
            stage.add(
                stage.at("-", day, hour),
                f"{plan.unit} {plan.slot} {what} iku",
                lambda act=act: act(plan, year),
            )


def document_of(code: str, kind: str, slot: str, year: int) -> Document:
    """The document of a unit, kind and slot."""
    found: Document = db.session.scalars(
        sa.select(Document)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Period, Period.id == Document.period_id)
        .where(Unit.code == code, Document.kind == kind, Document.slot == slot, Period.year == year)
    ).one()
    return found


def _as(document: Document, event: str, relation: Relation, **more: Any) -> Document:
    """Send an event as the person who is this to the document today."""
    person = turns.person_in_turn(document, relation)[0]
    return transitions.send(document.public_id, event, person, version=document.version, **more).document


def _save(plan: Plan, year: int) -> None:
    document = document_of(plan.unit, "iku_realisation", plan.slot, year)
    author = turns.person_in_turn(document, Relation.PENGELOLA_ORGANISASI)[0]
    rows = db.session.execute(
        sa.select(Iku.key, Iku.polarity, IkuTarget.value)
        .join(IkuRealisationItem, IkuRealisationItem.iku_id == Iku.id)
        .join(IkuTarget, sa.and_(IkuTarget.iku_id == Iku.id, IkuTarget.slot == plan.slot))
        .where(IkuRealisationItem.realisation_id == document.id)
        .order_by(Iku.id)
    ).all()
    proof = evidence.store_link(
        author, f"{DATA}/{year}/{plan.slot.lower()}/{plan.unit.lower()}", f"Data capaian {plan.slot} {year}"
    ).public_id
    items: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(rows):
        low = number == plan.low
        percent = 88 if low else plan.percent + number % 3 - 1
        items[row.key] = {
            "value": content.achieved(row.value, row.polarity, percent), "obstacle": LOW if low else "",
        }  # fmt: skip
    change = {
        "items": items,
        "attach": [{"item": key, "evidence": proof, "shows": "data"} for key in items],
    }
    _as(document, "save", Relation.PENGELOLA_ORGANISASI, change=change)


def _record(plan: Plan, year: int) -> None:
    document = document_of(plan.unit, "iku_realisation", plan.slot, year)
    _as(document, "record", Relation.PENGELOLA_ORGANISASI)


def _return(plan: Plan, year: int) -> None:
    _as(document_of(plan.unit, "iku_realisation", plan.slot, year), "send_back", Relation.SUBJECT, note=AGAIN)


def _clear(plan: Plan, year: int) -> None:
    document = document_of(plan.unit, "org_value", plan.slot, year)
    transitions.send(document.public_id, "clear", _reviewer(document), version=document.version)


def _validate(plan: Plan, year: int) -> None:
    document = document_of(plan.unit, "iku_realisation", plan.slot, year)
    actor = identity.actor_for(document, document.subject_id)
    attached = db.session.scalars(
        sa.select(Evidence.public_id)
        .join(IkuEvidence, IkuEvidence.evidence_id == Evidence.id)
        .join(IkuRealisationItem, IkuRealisationItem.id == IkuEvidence.item_id)
        .where(IkuRealisationItem.realisation_id == document.id)
        .distinct()
    ).all()
    for public_id in attached:
        evidence.open_evidence(document, actor, public_id)
    _as(document, "validate", Relation.SUBJECT)


def _send(plan: Plan, year: int) -> None:
    document = document_of(plan.unit, "org_value", plan.slot, year)
    change = {"report": f"LCK-{plan.unit}/{plan.slot}/{year}", "initiatives": INITIATIVES}
    document = _as(document, "save", Relation.PENGELOLA_ORGANISASI, change=change)
    _as(document, "submit_data", Relation.PENGELOLA_ORGANISASI)


def determine(code: str, slot: str, year: int, predicate: str, nko: str) -> None:
    """The result of a unit with a PK: by its value, from the data that were sent or else by SKEP."""
    document = document_of(code, "org_value", slot, year)
    if document.state == "collecting":
        today = clock.today(document.unit.zone)
        skep: Mapping[str, Any] = {
            "nko": Decimal(nko), "decree_number": f"KEP-{slot}/{code}/{year}", "decree_date": today,
        }  # fmt: skip
        document = _as(document, "enter_value", Relation.PENGELOLA_ORGANISASI, change=skep)
    if document.state == "computed":
        transitions.send(document.public_id, "clear", _reviewer(document), version=document.version)
        document = document_of(code, "org_value", slot, year)
    proposal = org_value_of(document).proposal
    reason = (
        "" if predicate == proposal else "Mempertimbangkan capaian di luar peta strategi pada periode ini."
    )
    _as(document, "determine", Relation(document.turn), change={"predicate": predicate, "reason": reason})


def _reviewer(document: Document) -> int:
    """Whoever holds the office one level up and did not send the data himself."""
    first = turns.person_in_turn(document, Relation.PENGELOLA_ABOVE)
    top = f"/{document.unit.path.split('/')[1]}/"
    ministry = identity.holders_of_role(Relation.PENGELOLA_ORGANISASI, top)
    sent = set(db.session.scalars(sa.select(Step.actor_id).where(Step.document_id == document.id)))
    return next(person for person in (*first, *ministry) if person not in sent)
