"""Every reopening, repair and override with reason, authority and people: the list that auditor and komite read.

An override is an act in the place of another, a step left out by decision, or a change of what another proposed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja.db import db
from kinerja.models import Calibration, Document, Person, Repair, Review, Step, Unit
from kinerja.rules.words import N_
from kinerja.services import finding, identity, judging, permits, policy, reading, unit_names
from kinerja.services.kinds import kind_of
from kinerja.services.review_apply import CALIBRATION_REASONS
from kinerja.workflows.roles import Relation, label_of

PAGE_SIZE = 50
REOPENED, REPAIRED, OVERRIDDEN = "buka-kembali", "perbaikan", "penggantian"
SORTS = {REOPENED: N_("Buka kembali"), REPAIRED: N_("Perbaikan"), OVERRIDDEN: N_("Penggantian")}
IN_THE_PLACE_OF_ANOTHER = (
    "take_over", "hand_back", "take_over_rhk", "reassign", "hand_over", "escalate_to_superior", "escalate",
    "propose_superior", "sign_superior",
)  # fmt: skip
LEFT_OUT = ("exempt", "hold", "skip_session")
# These say in their own form what they change; that they changed anything stands with the calibration.
CHANGING = ("calibrate", "decide_session")
EVENTS = ("reopen", *IN_THE_PLACE_OF_ANOTHER, *LEFT_OUT)
READ = "jejak"


@dataclass(frozen=True)
class Entry:
    """One act: when, which sort, on whose document, by whom with which authority, and why.

    `ground` is the chosen reason of a calibration; `why` what was written, or the rule where nobody acted at will.
    """

    key: int
    at: datetime
    zone: str
    sort: str
    event_label: str
    public_id: str
    number: str
    subject: str
    nip: str
    unit: str
    actor: str
    authority: str
    on_behalf: str
    ground: str
    why: str


# Another name than the steps that sight itself asks about.
ACT = aliased(Step)


@cache
def _marked() -> Any:
    """The ids of the steps that are listed; each branch has an index of its own."""
    moved = sa.cast(Calibration.before, sa.Text) != sa.cast(Calibration.after, sa.Text)
    judged = sa.and_(Calibration.review_id == Step.document_id, Calibration.at == Step.at)
    return sa.union(
        sa.select(Step.id).where(Step.event.in_(EVENTS)),
        sa.select(Step.id).join(Repair, Repair.document_id == Step.document_id),
        sa.select(Step.id).join(Calibration, judged).where(Step.event.in_(CHANGING), moved),
    )


def _sort() -> sa.Case[str]:
    return sa.case(
        (Document.kind == "repair", REPAIRED),
        (ACT.event == "reopen", REOPENED),
        else_=OVERRIDDEN,
    )


def _query(person_id: int, sort: str, text: str) -> Any:
    actor = aliased(Person)
    query = (
        sa.select(
            ACT.id, ACT.at, Unit.zone, _sort().label("sort"), ACT.event, ACT.source, Document.id.label("document_id"),
            Document.kind, Document.public_id, Document.print_number, Document.subject_id, Person.name, Person.nip,
            unit_names.of_document().label("unit"), actor.name.label("actor"), ACT.relation, ACT.on_behalf, ACT.note,
            Calibration.reason_code, Calibration.sentence, Review.handover_proof, Repair.reason,
        )
        .join(Document, Document.id == ACT.document_id)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Person, Person.id == Document.subject_id)
        .outerjoin(actor, actor.id == ACT.actor_id)
        .outerjoin(
            Calibration,
            sa.and_(Calibration.review_id == ACT.document_id, Calibration.at == ACT.at, ACT.event.in_(CHANGING)),
        )
        .outerjoin(Repair, Repair.document_id == ACT.document_id)
        .outerjoin(Review, sa.and_(Review.document_id == ACT.document_id, ACT.event == "hand_over"))
        .where(
            ACT.id.in_(_marked()),
            policy.visible(identity.circle_of(person_id)),
            # How far an evaluation is, nobody learns before it is determined but those who rate.
            sa.not_(sa.and_(Document.kind == "predicate_review", Document.state.in_(judging.JUDGING))),
        )
        .order_by(ACT.id.desc())
    )  # fmt: skip
    if sort in SORTS:
        query = query.where(_sort() == sort)
    if text:
        query = query.where(Document.id.in_(finding.documents_alike(text)))
    return query


def page(person_id: int, sort: str = "", text: str = "", before: int | None = None) -> list[Entry]:
    """The newest acts on documents this person may open, and one more than a page shows where there are more.

    `before` is the key of the last entry of the page before. Raises NotThere for who has no such office.
    """
    permits.demand(person_id, "trail.read")
    query = _query(person_id, sort, text).limit(PAGE_SIZE + 1)
    if before is not None:
        query = query.where(ACT.id < before)
    return list(_entries(person_id, query))


def every(person_id: int, sort: str = "", text: str = "") -> list[Entry]:
    """The same for a file: all of them."""
    permits.demand(person_id, "trail.read")
    return list(_entries(person_id, _query(person_id, sort, text)))


def _entries(person_id: int, query: Any) -> Iterator[Entry]:
    """The rows as plain values; that somebody read about another's evaluation here is kept for that other one."""
    roles = permits.roles_of(person_id) & permits.ACTS["trail.read"]
    relation = next((r for r in Relation if r.value in roles), "")
    for row in db.session.execute(query):
        if row.kind in reading.CONFIDENTIAL and row.subject_id != person_id:
            reading.note_read(row.document_id, person_id, relation, READ, confidential=True)
        yield Entry(
            row.id, row.at, row.zone, row.sort, kind_of(row.kind).flow.event_label(row.event), row.public_id,
            row.print_number, row.name, row.nip, row.unit, row.actor or "",
            label_of(Relation(row.relation), row.kind) if row.actor and row.relation else "", row.on_behalf,
            CALIBRATION_REASONS.get(row.reason_code or "", ""),
            row.note or row.sentence or row.handover_proof or row.reason or _rule(row.kind, row.source, row.event),
        )  # fmt: skip


@cache
def _rule(kind: str, source: str, event: str) -> str:
    """The article that lets this happen; the decision in which the flow was written down where no law says it."""
    flow = kind_of(kind).flow
    rows = (move for table in flow.tables() for move in table.moves())
    row = next((move.row for move in rows if (move.source, move.event) == (source, event)), None)
    return flow.source_of(row) if row else flow.design


def may_draft(person_id: int) -> bool:
    """Is a repair this person's to draft somewhere?"""
    return str(Relation.SEKRETARIAT) in permits.roles_of(person_id)
