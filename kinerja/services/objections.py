"""The objection as a document kind: filed with a frozen case file, given to a decider who is no party, decided."""

from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import Document, Objection, Review, Signature
from kinerja.rules import objection as law
from kinerja.rules.words import N_
from kinerja.rules.workdays import end_of_day
from kinerja.services import deadlines, deciders, identity, new_documents, transitions
from kinerja.services.calendars import calendar_of
from kinerja.services.effects import effect
from kinerja.services.errors import NotAllowed
from kinerja.services.evaluation import at_day, review_content, send_if_open
from kinerja.services.kinds import Context
from kinerja.services.objection_apply import apply, differs, review_document, signed_blocks
from kinerja.services.objection_view import EXPLAIN_DAYS, present, typed, typed_decision, typed_explanation
from kinerja.services.periods import SLOT_LABELS, regulation_of
from kinerja.services.replaying import standing
from kinerja.services.review_facts import PROPOSALS, finality, past_of, review_of
from kinerja.workflows.base import Unmet
from kinerja.workflows.objection import CHANGE, ObjectionFacts, ObjectionFlow
from kinerja.workflows.roles import Actor, Relation

__all__ = [
    "KIND",
    "create_objection",
    "fall_due",
    "objection_of",
    "present",
    "typed",
    "typed_decision",
    "typed_explanation",
]

DECIDED = ("upheld", "changed", "published")
RUNNING = ("draft", "filed", "in_examination")
BY_CLOCK = ("draft", "in_examination", "published")
SYSTEM_EVENTS = frozenset({"lapse", "register", "escalate", "publish", "mark_unsigned"})


def objection_of(document: Document) -> Objection:
    return db.session.get_one(Objection, document.id)


class ObjectionKind:
    flow = ObjectionFlow
    applies = frozenset({"ask_explanation", "register", "escalate", "mark_unsigned"})
    turn_by_history = True

    def facts(self, document: Document) -> ObjectionFacts:
        return facts_of(document)

    def apply(self, context: Context) -> None:
        apply(context, objection_of(context.document))

    def content(self, document: Document) -> dict[str, Any]:
        return objection_content(document)

    def title(self, document: Document) -> tuple[str, dict[str, Any]]:
        slot = SLOT_LABELS.get(document.slot, document.slot)
        params = {"slot": slot, "year": document.period.year, "name": document.subject.name}
        return N_("Keberatan atas evaluasi %(slot)s %(year)s, %(name)s"), params


KIND = ObjectionKind()


def create_objection(review_public_id: str, person_id: int) -> Document:
    """Begin writing an objection against a received evaluation; an unfinished one is given back instead.

    Raises NotAllowed with the reasons when it is not the person's own or cannot be objected to (KB-1, KB-2, KB-4).
    """
    with transaction():
        review = transitions.load(review_public_id, lock=True)
        if review.subject_id != person_id or review.kind != "predicate_review":
            raise NotAllowed("create")
        running = _of_review(review.id, RUNNING)
        if running:
            return running[0]
        if review.state != "received":
            raise NotAllowed("create", [Unmet("KB-1", N_("Dokumen belum diterima atau sudah selesai."))])
        facts = _filing_facts(review, clock.now(), reason="-")
        problems = law.check_filing(facts, calendar_of(review), regulation_of(review.period))
        if problems:
            raise NotAllowed(
                "create", [Unmet(f.rule, f.message, dict(f.params), "", f.source) for f in problems]
            )
        return _new(review, person_id)


def _of_review(review_id: int, states: tuple[str, ...]) -> list[Document]:
    return list(
        db.session.scalars(
            sa.select(Document)
            .join(Objection, Objection.document_id == Document.id)
            .where(Objection.review_id == review_id, Document.state.in_(states))
            .order_by(Document.id)
        )
    )


def _new(review: Document, person_id: int) -> Document:
    day = clock.today(review.unit.zone)
    chain = identity.superiors(review.subject_id, day)
    actor = Actor(
        person_id, review.subject.name, frozenset({Relation.SUBJECT}), {}, identity.trace_of(chain, day)
    )
    earlier = db.session.scalar(
        sa.select(sa.func.count()).select_from(Objection).where(Objection.review_id == review.id)
    )
    document = new_documents.create(
        "objection",
        subject_id=review.subject_id,
        unit_id=review.unit_id,
        period=review.period,
        by=actor,
        state="draft",
        slot=review.slot,
        parent_id=review.id,
        # A withdrawn objection may be filed again: the count keeps the documents of one evaluation apart.
        span_start=date(review.period.year, 1, 1) + timedelta(days=int(earlier or 0)),
    )
    stored = db.session.get_one(Review, review.id)
    db.session.add(
        Objection(
            document_id=document.id, review_id=review.id, received_on=stored.received_on,
            before=standing(stored) | {"rekomendasi": stored.recommendation},
        )
    )  # fmt: skip
    new_documents.begin(document, actor)
    return document


def _filing_facts(review: Document, now: datetime, *, reason: str) -> law.ObjectionFacts:
    received = db.session.scalar(sa.select(Review.received_on).where(Review.document_id == review.id))
    zone = review.unit.zone
    signed = db.session.scalar(
        sa.select(Signature.id).where(
            Signature.document_id == review.id, Signature.block == "atasan", Signature.fallen_at.is_(None)
        )
    )
    moment = datetime.combine(received, time(12), clock.ZONES[zone]) if received else None
    return law.ObjectionFacts(
        received_at=moment,
        filed_at=now,
        zone=zone,
        reason=reason,
        evaluation=finality(review, past_of(review.id), signed is not None),
        decided_before=bool(_of_review(review.id, DECIDED)),
    )


def facts_of(document: Document) -> ObjectionFacts:
    """Everything the guards of one objection look at, today."""
    objection = objection_of(document)
    review, now, zone = review_document(objection), clock.now(), document.unit.zone
    calendar, regulation = calendar_of(document), regulation_of(document.period)
    asked = document.flags.get("asked_on")
    asked_on = date.fromisoformat(asked) if asked else None
    received = objection.received_on or clock.today(zone)
    blocks = signed_blocks(document.id)
    proposer = past_of(review.id).last(*PROPOSALS)
    facts = ObjectionFacts(
        state=document.state,
        last_event_by=past_of(document.id).last_by,
        targets=tuple(objection.targets),
        attacked=deciders.attacked(review),
        evaluator_id=proposer.actor_id if proposer is not None else None,
        with_committee=bool(document.flags.get("with_committee")),
        asked_on=asked_on,
        both_heard=bool(objection.explanation_penilai and objection.explanation_subject),
        answer_over=asked_on is not None and now > end_of_day(calendar.add(asked_on, EXPLAIN_DAYS), zone),
        decision=objection.decision,
        considerations=objection.considerations,
        recommendation=objection.recommendation,
        differs=bool(objection.after) and differs(objection),
        penilai_signed="penilai" in blocks,
        subject_signed="pegawai" in blocks,
        anchors={"received": received} | ({"asked": asked_on} if asked_on else {}),
    )
    if document.state == "draft":
        filing = _filing_facts(review, now, reason=objection.reasons)
        facts.filing = tuple(law.check_filing(filing, calendar, regulation))
        facts.clock_over = now > end_of_day(calendar.add(received, regulation.whole("hk_keberatan")), zone)
    if document.state == "in_examination":
        facts.decision_over = document.due_at is not None and now > document.due_at
    if document.state == "published":
        due = deadlines.due_of(document, "objection_sign", document.state_since)
        facts.signing_over = due is not None and now > due
        missing = objection.decision == CHANGE and not (facts.penilai_signed and facts.subject_signed)
        facts.unmarked = facts.signing_over and missing and "unsigned" not in document.flags
    return facts


def objection_content(document: Document) -> dict[str, Any]:
    """What is signed and compared; after a change it is the content of D.1.3."""
    objection = objection_of(document)
    review = review_document(objection)
    decided = document.state not in ("draft", "filed", "withdrawn", "lapsed")
    content = {
        "nomor": document.print_number,
        "evaluasi": review_content(review, review_of(review)) if document.state != "draft" else {},
        "objek": list(objection.targets),
        "alasan": objection.reasons,
        "permintaan": objection.request,
        "diterima": str(objection.received_on or ""),
        "berkas": objection.case_file,
        "penjelasan_penilai": objection.explanation_penilai,
        "keterangan_pegawai": objection.explanation_subject,
    }
    if decided:
        content |= {
            "pemutus": objection.decider_why,
            "keputusan": objection.decision,
            "pertimbangan": objection.considerations,
            "rekomendasi": objection.recommendation,
            "sebelum": objection.before,
            "sesudah": objection.after,
        }
    return content


@effect("predicate_review", "object")
def open_case(context: Context) -> None:
    """Objecting on the page of the evaluation files the draft, or a new objection, in the same act."""
    document = context.document
    if _of_review(document.id, ("filed", "in_examination")):
        return
    person_id = context.actor.person_id
    assert person_id is not None
    drafts = _of_review(document.id, ("draft",))
    objection = drafts[0] if drafts else _new(document, person_id)
    transitions.send(
        objection.public_id,
        "file",
        person_id,
        version=objection.version,
        change=context.change or {"targets": ()},
    )


@effect("objection", "file")
def move_evaluation(context: Context) -> None:
    """The evaluation waits for the decision; the case goes to its decider at once."""
    review = review_document(objection_of(context.document))
    if review.state == "received":
        transitions.send(review.public_id, "object", context.actor.person_id, version=review.version)
    context.then.append((context.document.public_id, "register", {}))


@effect("objection", "withdraw")
def give_back(context: Context) -> None:
    review = review_document(objection_of(context.document))
    context.then.append((review.public_id, "objection_withdrawn", {}))


@effect("objection", "uphold", "change")
def publish_at_once(context: Context) -> None:
    context.then.append((context.document.public_id, "publish", {}))


@effect("objection", "publish")
def carry_out_decision(context: Context) -> None:
    """An upheld evaluation stands as it is; a changed one takes over exactly what the decision names."""
    objection = objection_of(context.document)
    change: dict[str, Any] = {}
    if objection.decision == CHANGE:
        named = {key: value for key, value in objection.after.items() if value != objection.before.get(key)}
        signer = db.session.scalar(
            sa.select(Signature.person_id)
            .where(Signature.document_id == context.document.id, Signature.block == "pemutus")
            .order_by(Signature.id.desc())
        )
        change = {"after": named | {"rekomendasi": objection.recommendation}, "decider_id": signer}
    context.then.append((review_document(objection).public_id, "objection_published", change))


def fall_due(day: date) -> int:
    """Send what the system owes to objections on a day; safe to run twice or twice at once."""
    with at_day(day):
        waiting = db.session.scalars(
            sa.select(Document.public_id)
            .where(
                Document.kind == "objection",
                sa.or_(
                    Document.state.in_(("filed", "upheld", "changed")),
                    sa.and_(Document.state.in_(BY_CLOCK), Document.due_at <= clock.now()),
                ),
            )
            .order_by(Document.id)
        ).all()
        return sum(send_if_open(public_id, SYSTEM_EVENTS, facts_of) for public_id in waiting)
