"""The evaluation as a document kind: its facts, what an event writes, what is signed, and when it comes to be."""

from collections.abc import Callable, Container
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from kinerja import clock
from kinerja.db import db, insert_into, transaction
from kinerja.models import Document, Period, PeriodWindow, Review, ReviewRow, ReviewValue, is_held
from kinerja.models.planning import Skp
from kinerja.rules.registry import core_values
from kinerja.rules.words import N_
from kinerja.services import deadlines, identity, new_documents, org_results, transitions
from kinerja.services.effects import effect
from kinerja.services.kinds import Context, flow_of
from kinerja.services.org_results import upk_above
from kinerja.services.people import header_block
from kinerja.services.periods import SLOT_LABELS
from kinerja.services.review_apply import CALIBRATION_REASONS, EVENTS, apply
from kinerja.services.review_facts import facts_of, organisation_name, review_of, substitute_of
from kinerja.services.review_veil import veil
from kinerja.services.review_view import present, public_state, redact, typed
from kinerja.services.suggestions import suggest
from kinerja.workflows.predicate_review import PredicateReviewFlow
from kinerja.workflows.review_facts import ReviewFacts
from kinerja.workflows.roles import SYSTEM, Relation

__all__ = [
    "CALIBRATION_REASONS", "KIND", "fall_due", "prepare_reviews", "present", "public_state", "redact", "review_of",
    "suggest", "typed", "upk_above",
]  # fmt: skip

YEAR = org_results.YEAR
EVALUATED_SKP = ("in_force", "superseded", "closed")
# States the system itself leads out of, and whether it waits there for the document's due moment.
BY_SYSTEM = {
    "prepared": True, "proposed": True, "received": True, "accepted": False, "accepted_silent": False,
    "decided": False,
}  # fmt: skip
SYSTEM_EVENTS = frozenset({"escalate_to_superior", "lapse_calibration", "lapse", "finalize"})


class PredicateReviewKind:
    flow = PredicateReviewFlow
    turn_by_history = True
    applies = EVENTS

    def facts(self, document: Document) -> ReviewFacts:
        return facts_of(document)

    def apply(self, context: Context) -> None:
        apply(context)

    def content(self, document: Document) -> dict[str, Any]:
        return review_content(document, review_of(document))

    def substitute(self, document: Document) -> Relation | None:
        """Who takes over once the one awaited is five working days late."""
        return substitute_of(document)

    def veil(self, page: Any) -> Any:
        """The document page as its reader may see it."""
        return veil(page)

    def title(self, document: Document) -> tuple[str, dict[str, Any]]:
        slot = SLOT_LABELS.get(document.slot, document.slot)
        params = {"slot": slot, "year": document.period.year, "name": document.subject.name}
        return N_("Evaluasi %(slot)s %(year)s, %(name)s"), params


KIND = PredicateReviewKind()


def review_content(document: Document, review: Review) -> dict[str, Any]:
    """Everything that D.1.x and C.1.x say of an evaluation, as plain JSON values: what is signed and compared."""
    day = clock.today(document.unit.zone)
    chain = identity.superiors(document.subject_id, day)
    blocks = [header_block(superior.person_id, day, superior.on_behalf).as_json() for superior in chain[:2]]
    return {
        "nomor": document.print_number,
        "tahun": document.period.year,
        "slot": document.slot,
        "aturan": document.period.rule_set,
        "skp": review.skp_id,
        "pegawai": header_block(document.subject_id, day).as_json(),
        "penilai": blocks[0] if blocks else {},
        "atasan_penilai": blocks[1] if len(blocks) > 1 else {},
        "organisasi": {
            "unit": organisation_name(review),
            "predikat": review.org_predicate,
            "tahun_lalu": review.org_from_last_year,
        },
        "rating_hasil": review.result_rating,
        "rating_perilaku": review.behaviour_rating,
        "predikat": review.predicate,
        "alasan_hasil": review.result_reason,
        "alasan_perilaku": review.behaviour_reason,
        "rekomendasi": review.recommendation,
        "skep": {"nomor": review.decree_number, "tanggal": str(review.decree_date or "")},
        "baris": [
            {"rhk": row.row.rhk, "status": row.status, "umpan_balik": row.feedback} for row in review.rows
        ],
        "nilai": [
            {"kode": value.value_code, "status": value.status, "umpan_balik": value.feedback}
            for value in review.values
        ],
        "kalibrasi": [
            {
                "tingkat": c.level, "oleh": c.by.name, "sebelum": c.before, "sesudah": c.after,
                "alasan": c.reason_code, "penjelasan": c.sentence,
            }
            for c in review.calibrations
        ],
        "masukan": review.frozen_inputs,
    }  # fmt: skip


@effect("predicate_review", "accept", "lapse", "objection_published", "reconfirm")
def finalize(context: Context) -> None:
    """Nothing is awaited any more: the document becomes final in the same transaction."""
    document = context.document
    facts = facts_of(document)
    moves = flow_of(document).allowed(facts, SYSTEM)
    if any(move.event == "finalize" for move in moves):
        context.then.append((document.public_id, "finalize", {}))


@effect("predicate_review", "set_org_result")
def put_question_back(context: Context) -> None:
    """Whoever evaluated on last year's result is asked again (p.94 f)."""
    review = review_of(context.document)
    if review.org_unit_id is not None:
        org_results.announce(review.org_unit_id, context.document.period, context.document.slot)


def prepare_reviews(day: date, slots: Container[str] | None = None) -> int:
    """Create the evaluation of every SKP in force for each slot whose evaluation has opened; how many were new.

    `slots`: only these, where an office began with the yearly evaluation. Safe to run twice: what is there is left
    alone.
    """
    made = 0
    periods = db.session.scalars(
        sa.select(Period).options(selectinload(Period.windows)).where(Period.state == "open")
    ).all()
    for period_id, windows in [(p.id, list(p.windows)) for p in periods]:
        for window in windows:
            if window.evaluation_opens <= day and (slots is None or window.slot in slots):
                for skp_id in _waiting(period_id, window):
                    made += prepare_review(skp_id, window.slot, day)
    return made


def _waiting(period_id: int, window: PeriodWindow) -> list[int]:
    """The SKP that hold on the last day of a window's time and have no evaluation for it yet."""
    there = sa.orm.aliased(Document)
    return list(
        db.session.scalars(
            sa.select(Document.id)
            .join(Skp, Skp.document_id == Document.id)
            .outerjoin(
                there,
                sa.and_(
                    there.parent_id == Document.id, there.kind == "predicate_review", there.slot == window.slot
                ),
            )
            .where(
                Document.kind == "skp", Document.period_id == period_id, Document.state.in_(EVALUATED_SKP),
                Skp.starts <= window.ends, Skp.ends >= window.ends, there.id.is_(None),
            )
            .order_by(Document.id)
        )
    )  # fmt: skip


def prepare_review(skp_id: int, slot: str, day: date) -> int:
    """Create the evaluation of one SKP for one slot, unless it is there; how many were new."""
    with transaction():
        skp = db.session.scalars(_skp_query(), {"skp": skp_id}).one()
        known = db.session.scalar(_prepared_query(), {"skp": skp_id, "slot": slot})
        if known is not None or skp.state not in EVALUATED_SKP:
            return 0
        unit = org_results.organisation_of(skp.subject_id, skp.unit, day)
        leader = org_results.leader_above(unit.id, day) if unit else None
        document = new_documents.create(
            "predicate_review",
            subject_id=skp.subject_id,
            unit_id=skp.unit_id,
            period=skp.period,
            by=SYSTEM,
            state="prepared",
            slot=slot,
            parent_id=skp.id,
            span_start=date.fromisoformat(skp.span_start) if skp.span_start else None,
            flags={"upk_above_id": None if leader == skp.subject_id else leader},
        )
        content = db.session.get_one(Skp, skp.id)
        review = Review(document_id=document.id, skp_id=skp.id, org_unit_id=unit.id if unit else None)
        db.session.add(review)
        if hold := skp.flags.get(deadlines.LAST_HOLD):
            until = deadlines.held_open(document, hold)
            transitions.flag(document, **({deadlines.WINDOW_UNTIL: until.isoformat()} if until else {}))
        db.session.flush()
        rows = [{"review_id": document.id, "row_id": row.id} for row in content.rows]
        if rows:
            db.session.execute(insert_into(ReviewRow), rows)
        values = [{"review_id": document.id, "value_code": value.code} for value in core_values()]
        db.session.execute(insert_into(ReviewValue), values)
        new_documents.begin(document, SYSTEM, "prepare")
        return 1


@cache
def _skp_query() -> Any:
    return (
        sa.select(Document)
        .options(joinedload(Document.unit), joinedload(Document.period), joinedload(Document.subject))
        .where(Document.id == sa.bindparam("skp"))
        .with_for_update(of=Document)
    )


@cache
def _prepared_query() -> Any:
    return sa.select(Document.id).where(
        Document.parent_id == sa.bindparam("skp"),
        Document.kind == "predicate_review",
        Document.slot == sa.bindparam("slot"),
    )


def fall_due(day: date) -> int:
    """Send what the system owes on a day: late penilai, calibration and silence that lapsed, results now final.

    Safe to run twice or twice at once: the guards of the table decide, under the lock of each document.
    """
    with at_day(day):
        return sum(_send_due(public_id) for public_id in _candidates())


def at_day(day: date) -> AbstractContextManager[None]:
    """Legal time on that day: now, when it is today, else the end of that day in the west of the country."""
    if day == clock.today():
        return nullcontext()
    return clock.frozen(datetime.combine(day, time(16, 59, 59), UTC))


def _candidates() -> list[str]:
    now = clock.now()
    waits = [state for state, by_clock in BY_SYSTEM.items() if by_clock]
    at_once = [state for state, by_clock in BY_SYSTEM.items() if not by_clock]
    return list(
        db.session.scalars(
            sa.select(Document.public_id)
            .where(
                Document.kind == "predicate_review",
                ~is_held(Document),
                sa.or_(
                    Document.state.in_(at_once),
                    sa.and_(
                        Document.state.in_(waits), sa.or_(Document.due_at <= now, Document.due_at.is_(None))
                    ),
                ),
            )
            .order_by(Document.id)
        )
    )


def _send_due(public_id: str) -> int:
    return send_if_open(public_id, SYSTEM_EVENTS, facts_of)


def send_if_open(public_id: str, events: frozenset[str], facts_of_document: Callable[[Document], Any]) -> int:
    """Send the first of these events that the table opens to the system and whose needs are met; 1 when one was."""
    with transaction():
        document = transitions.load(public_id, lock=True)
        facts = facts_of_document(document)
        for move in flow_of(document).allowed(facts, SYSTEM):
            if move.event in events and not move.row.unmet(facts):
                transitions.send(public_id, move.event, None, version=None)
                return 1
    return 0
