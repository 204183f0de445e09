"""LPKR, the monitoring report of a UPK and quarter: IKU, initiatives, risks, and the actions of its DKO."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db
from kinerja.models import Dko, DkoAction, Document, Period, Unit
from kinerja.services import dko_matter, iku_values, pk_progress, policy
from kinerja.services.agreements import SIGNED, pk_of
from kinerja.services.dko_view import standing_of
from kinerja.services.errors import NotThere
from kinerja.services.identity import Circle
from kinerja.services.pk_progress import Line, Progress

# Beyond these the page of a unit's performance leads to its report.
OFFERED = 100


@dataclass(frozen=True)
class Report:
    """Everything on the page, plain values. `meetings` are the DKO of the quarter, `actions` what they decided or
    carried on, each with how it stands today."""

    unit: str
    code: str
    head: str
    year: int
    slot: str
    pk_public_id: str
    pk_number: str
    indicators: tuple[dict[str, Any], ...]
    steps: tuple[tuple[Line, Progress | None], ...]
    risks: tuple[tuple[Line, Progress | None], ...]
    meetings: tuple[tuple[str, date, str], ...]
    actions: tuple[dict[str, Any], ...]


def _agreements(circle: Circle, period: Period) -> Any:
    return (
        sa.select(Document)
        .join(Unit, Unit.id == Document.unit_id)
        .options(joinedload(Document.unit), joinedload(Document.subject), joinedload(Document.period))
        .where(
            Document.kind == "pk",
            Document.state.in_(SIGNED),
            Document.period_id == period.id,
            policy.visible(circle),
        )
        .order_by(Unit.path, Document.id)
    )


def offered(circle: Circle, period: Period) -> list[Unit]:
    """The units whose report this person may read: those whose signed PK he sees."""
    found = db.session.scalars(_agreements(circle, period).limit(OFFERED)).all()
    return list({document.unit_id: document.unit for document in found}.values())


def agreement_of(circle: Circle, period: Period, code: str) -> Document | None:
    """The PK of a unit and year that this person may read; None where there is none for him."""
    found = db.session.scalars(_agreements(circle, period).where(Unit.code == code)).all()
    return found[-1] if found else None


def read(circle: Circle, period: Period, code: str, slot: str) -> Report:
    """The report of a unit and quarter, as far as it is known now. Raises NotThere where its PK is not his to see."""
    document = agreement_of(circle, period, code)
    if document is None:
        raise NotThere(code)
    pk = pk_of(document)
    known = pk_progress.latest(pk_progress.read(document), slot)
    meetings, actions = dialogue(circle, document, slot)
    return Report(
        unit=document.unit.name,
        code=code,
        head=document.subject.name,
        year=period.year,
        slot=slot,
        pk_public_id=document.public_id,
        pk_number=document.print_number,
        indicators=_indicators(circle, document, slot),
        steps=tuple((line, known.get(line.key)) for line in pk_progress.steps_of(pk)),
        risks=tuple((line, known.get(line.key)) for line in pk_progress.risks_of(pk)),
        meetings=meetings,
        actions=actions,
    )


def _indicators(circle: Circle, document: Document, slot: str) -> tuple[dict[str, Any], ...]:
    """The IKU with target and light; with realisation, capaian and obstacle for whoever sees the realisation itself."""
    reading = iku_values.read(document.unit_id, document.period, slot, pk_row=document)
    plain = dko_matter.indicators(document, slot, reading)
    sees = (
        sa.select(Document.id)
        .join(Unit, Unit.id == Document.unit_id)
        .where(
            Document.kind == "iku_realisation", Document.parent_id == document.id, policy.visible(circle)
        )
    )  # fmt: skip
    if db.session.scalar(sees.limit(1)) is None:
        return tuple(plain)
    found = {one.key: one for one in reading.indicators}
    return tuple(
        line
        | {
            "target": found[line["key"]].target,
            "realisasi": found[line["key"]].realisation,
            "capaian": found[line["key"]].score.value,
            "kendala": found[line["key"]].obstacle,
            "sementara": not found[line["key"]].validated,
        }
        for line in plain
    )


def dialogue(
    circle: Circle, document: Document, slot: str = ""
) -> tuple[tuple[Any, ...], tuple[dict[str, Any], ...]]:
    """The DKO of the quarter, or of the year, that were held, and their actions with how each stands; two statements.

    Only those whose minutes are signed, what is still being written being nobody's report, and that he may open.
    """
    held: Sequence[Any] = db.session.execute(
        sa.select(Document.id, Document.public_id, Document.state, Dko.held_on)
        .join(Dko, Dko.document_id == Document.id)
        .join(Unit, Unit.id == Document.unit_id)
        .where(
            policy.visible(circle),
            Document.kind == "dko",
            Document.unit_id == document.unit_id,
            Document.period_id == document.period_id,
            *([Document.slot == slot] if slot else []),
            Document.state.in_(("minutes_signed", "actions_open", "closed")),
        )
        .order_by(Dko.held_on, Document.id)
    ).all()
    today = clock.today(document.unit.zone)
    rows = db.session.scalars(
        sa.select(DkoAction)
        .options(joinedload(DkoAction.owner))
        .where(DkoAction.dko_id.in_([row.id for row in held]))
        .order_by(DkoAction.dko_id, DkoAction.position)
    )
    actions = tuple(
        {
            "uraian": action.text,
            "pj": action.owner.name if action.owner else "",
            "tanggal": action.due,
            "keadaan": standing_of(action, today),
            "hasil": action.result,
            "kali": action.times,
        }
        for action in rows
    )
    return tuple((row.public_id, row.held_on, row.state) for row in held), actions
