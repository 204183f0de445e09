"""Everything the guards of one evaluation look at, read from the database for today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from kinerja import clock
from kinerja.db import db, memo
from kinerja.models import (
    Account,
    Calibration,
    Document,
    ReadLog,
    Realisation,
    Review,
    ReviewRow,
    Signature,
    Step,
    Unit,
)
from kinerja.models.planning import Skp
from kinerja.rules import objection as objection_law
from kinerja.rules.regulation import Regulation
from kinerja.rules.windows import month_day
from kinerja.rules.workdays import end_of_day, local_date
from kinerja.services import deadlines, identity, unit_names
from kinerja.services.calendars import calendar_of
from kinerja.services.identity import Superior
from kinerja.services.kinds import flow_of
from kinerja.services.people import placements_of
from kinerja.services.periods import regulation_of
from kinerja.services.review_matter import OPEN_STATES, StoredMatter
from kinerja.services.suggestions import SETTLED
from kinerja.workflows.review_facts import ReviewFacts
from kinerja.workflows.roles import Relation

AFTER_SIGNING = (
    "signed", "delivered", "received", "accepted", "accepted_silent", "objected", "decided", "final", "reported",
)  # fmt: skip
PROPOSALS = ("propose", "propose_superior")
# The rank under which the minister who coordinates a JPT utama is on file (p.65, p.90).
COORDINATING = "menteri koordinator"
LEVELS = (Relation.PENILAI, Relation.ATASAN, Relation.ABOVE_ATASAN)


def review_of(document: Document) -> Review:
    """The review of a document with rows, values and calibrations: one statement each, none when it is at hand."""
    at_hand = db.session.identity_map.get(sa.orm.util.identity_key(Review, document.id))
    if at_hand is not None and {"rows", "values", "calibrations"} <= sa.inspect(at_hand).dict.keys():
        known: Review = at_hand
        return known
    review: Review
    review, name = db.session.execute(_review_query(), {"document_id": document.id}).one()
    memo().setdefault("organisations", {})[document.id, review.org_unit_id] = name
    memo().setdefault("reviews", {})[document.id] = (
        review  # held, so that it stays at hand in this transaction
    )
    return review


@cache
def _review_query() -> Any:
    return (
        sa.select(Review, unit_names.of_review())
        .options(
            selectinload(Review.rows).joinedload(ReviewRow.row),
            selectinload(Review.values),
            selectinload(Review.calibrations).joinedload(Calibration.by),
        )
        .where(Review.document_id == sa.bindparam("document_id"))
    )


def organisation_name(review: Review) -> str:
    """What the organisation of an evaluation was called on the last day of its SKP, or is today; read with the
    review."""
    known: dict[tuple[int, int | None], str | None] = memo().setdefault("organisations", {})
    key = (review.document_id, review.org_unit_id)
    if key not in known:
        asked = sa.select(unit_names.of_review()).where(Review.document_id == review.document_id)
        known[key] = db.session.scalar(asked)
    return known[key] or ""


@dataclass(frozen=True)
class Past:
    """The events of a document so far: who sent which last, and what came after the last proposal."""

    steps: Sequence[Any]

    @property
    def last_by(self) -> dict[str, int | None]:
        return {step.event: step.actor_id for step in self.steps}

    def since_proposal(self, *events: str) -> list[Any]:
        """These events, counted from the last proposal on."""
        start = max((i for i, step in enumerate(self.steps) if step.event in PROPOSALS), default=-1)
        return [step for step in self.steps[start + 1 :] if step.event in events]

    def last(self, *events: str) -> Any | None:
        return next((step for step in reversed(self.steps) if step.event in events), None)

    def happened(self, event: str) -> bool:
        return any(step.event == event for step in self.steps)


@cache
def _past_query() -> Any:
    return (
        sa.select(
            Step.event,
            Step.actor_id,
            Step.at,
            Step.source,
            Step.target,
            Step.trace[identity.MANDATE].as_integer().label("mandate"),
        )
        .where(Step.document_id == sa.bindparam("document_id"))
        .order_by(Step.sequence)
    )


def past_of(document_id: int) -> Past:
    """The history of a document; what this transaction adds to it, `sealing.write_step` puts behind it."""
    known: dict[int, list[Any]] = memo().setdefault("past", {})
    if document_id not in known:
        known[document_id] = list(db.session.execute(_past_query(), {"document_id": document_id}))
    return Past(tuple(known[document_id]))


def effective_levels(document: Document, chain: Sequence[Superior], on: date) -> int:
    """How many calibrations this evaluation gets: at most the setting, only people above the evaluator, the second
    and later ones not above L1 (the evaluator's own superior always counts)."""
    above = chain[document.acting_level + 1 :][: document.period.calibration_levels]
    if len(above) < 2:
        return len(above)
    placements = placements_of([person.person_id for person in above[1:]], on)
    count = 1
    for person in above[1:]:
        placement = placements.get(person.person_id)
        if placement is None or placement.post.unit.level == "L0":
            break
        count += 1
    return count


def calibrator_at(document: Document, level: int) -> Relation:
    """The relation of the calibrator of a level, counted from 1 above the evaluator."""
    index = document.acting_level + level
    return LEVELS[index] if index < len(LEVELS) else Relation.CALIBRATOR


def has_session(regulation: Regulation) -> bool:
    """Does this rule set decide corrections in a session of the TPK?"""
    return "pakai_penyesuaian" in regulation and regulation.text("pakai_penyesuaian") == "ya"


def facts_of(document: Document) -> ReviewFacts:
    """The facts of one evaluation today, in some five statements; what the rules judge is read when it is asked for."""
    review, past = review_of(document), past_of(document.id)
    now = clock.now()
    today = clock.today(document.unit.zone)
    regulation = regulation_of(document.period)
    chain = identity.superiors(document.subject_id, today)
    facts = ReviewFacts(
        state=document.state,
        acting_level=document.acting_level,
        period_open=document.period.state == "open",
        last_event_by=past.last_by,
        matter=StoredMatter(document, review),
        regulation=regulation,
        result_reason=review.result_reason,
        behaviour_reason=review.behaviour_reason,
        realisation_reason=str(review.frozen_inputs.get("alasan_realisasi", "")),
        has_superior=len(chain) > 1,
        window_over=_window_over(document, today),
        org_is_top=review.org_unit_id is not None and not document.flags.get("upk_above_id"),
        repair_approved=bool(document.flags.get("repair_approved")),
        # The arrival of the result sets the flag; reconfirming or revising takes it away with the very same step.
        question=document.state not in OPEN_STATES and bool(document.flags.get("result_arrived_on")),
    )
    until = month_day(document.period.year + 1, regulation.text("capaian_tahun_lalu_sampai"))
    facts.settled = not facts.question and (not review.org_from_last_year or today > until)
    _judgement(facts, document, review, past, chain, today, now)
    if document.state in AFTER_SIGNING:
        _after_signing(facts, document, review, past, now)
    if arrived := document.flags.get("result_arrived_on"):
        facts.anchors["result_arrived"] = date.fromisoformat(arrived)
    facts.substitute = _substitute(facts, document, chain, now)
    return facts


# What may be done in the place of a superior who stops halfway: nothing of it judges anybody.
TAKEN_OVER = frozenset({"reconfirm", "determine", "deliver", "report"})


def _substitute(
    facts: ReviewFacts, document: Document, chain: Sequence[Superior], now: datetime
) -> Relation | None:
    """Who may take over, five working days past the due moment; nobody before."""
    if document.due_at is None or now <= document.due_at:
        return None
    begins = deadlines.due_of(document, "take_over", document.due_at)
    return None if begins is None or now <= begins else _next_up(facts, document, chain)


def _next_up(facts: ReviewFacts, document: Document, chain: Sequence[Superior]) -> Relation | None:
    """For the penilai his superior; for others, and where the superior calibrates what he would confirm, Sekretariat
    Komite. None where nobody relieves."""
    relation, move = flow_of(document).turn(facts)
    if move is None or move.event not in TAKEN_OVER:
        return None
    today = clock.today(document.unit.zone)
    calibrates = move.event == "reconfirm" and effective_levels(document, chain, today) > 0
    alone = relation is not Relation.PENILAI or len(chain) < 2 or calibrates
    return Relation.SEKRETARIAT if alone else Relation.ATASAN


def substitute_of(document: Document) -> Relation | None:
    """Who will be able to take over once the ladder has come so far."""
    chain = identity.superiors(document.subject_id, clock.today(document.unit.zone))
    return _next_up(facts_of(document), document, chain)


def _window_over(document: Document, today: date) -> bool:
    closes = deadlines.windows_of(document).get("closes")
    return closes is not None and today > closes


def _judgement(
    facts: ReviewFacts, document: Document, review: Review, past: Past, chain: Sequence[Superior], today: date,
    now: datetime,
) -> None:  # fmt: skip
    """Who calibrates next, whether a session is due, and until when the penilai may sign alone."""
    levels = effective_levels(document, chain, today)
    done = len(past.since_proposal("calibrate"))
    facts.next_calibrator = calibrator_at(document, done + 1) if done < levels else None
    facts.last_calibrator = calibrator_at(document, max(1, min(done, levels))) if levels else None
    facts.last_level = done + 1 >= levels
    facts.has_session = has_session(facts.regulation)
    facts.session_present = len(review.frozen_inputs.get("sidang", {}).get("hadir", ()))
    skipped = bool(past.since_proposal("skip_session"))
    facts.session_pending = facts.has_session and not skipped
    if document.state == "in_session":
        held = deadlines.due_of(document, "review_session", document.state_since)
        begins = deadlines.due_of(document, "take_over", held) if held is not None else None
        facts.session_over = begins is not None and now > begins
    if document.state == "session_decided":
        decree = deadlines.due_of(document, "review_decree", document.state_since)
        facts.session_pending = decree is None or now <= decree
    if document.state == "proposed":
        begun = past.last(*PROPOSALS, "calibrate")
        since = begun.at if begun is not None else document.state_since
        due = deadlines.due_of(document, "review_calibrate", since)
        facts.calibration_lapsed = due is not None and now > due if levels else facts.has_session
    if document.state == "determined":
        facts.sign_late = facts.acting_level == 0 and now > sign_limit(
            document, facts.has_session or past.happened("apply_repair")
        )


def sign_limit(document: Document, awaited_session: bool) -> datetime:
    """Until when D.1.1 is the penilai's: the window's end, or 5 working days where it was determined shortly before,
    or after it because a session was awaited (asumsi)."""
    closes = deadlines.windows_of(document).get("closes")
    zone = document.unit.zone
    if closes is not None and local_date(document.state_since, zone) > closes and not awaited_session:
        return end_of_day(closes, zone)
    due = deadlines.due_of(document, "review_sign", document.state_since)
    return due or end_of_day(date.max, zone)


def _after_signing(facts: ReviewFacts, document: Document, review: Review, past: Past, now: datetime) -> None:
    """Receipt, silence, objection and report."""
    zone = document.unit.zone
    today = local_date(now, zone)
    calendar = calendar_of(document)
    facts.superior_signed = "atasan" in _signed_blocks(document.id)
    received = review.received_on or today
    facts.anchors = {"received": received}
    if review.received_on is not None or document.state == "delivered":
        reason = objection_law.final_reason(finality(document, past, facts.superior_signed))
        facts.final_because, facts.may_object = reason or "", reason is None
    if document.state in ("received", "objected"):
        objecting = facts.regulation.whole("hk_keberatan")
        facts.object_clock_over = now > end_of_day(calendar.add(received, objecting), zone)
        early = facts.superior_signed and not facts.may_object
        days = facts.regulation.whole("hk_tanda_tangan_d12") if early else objecting
        facts.silence_over = now > end_of_day(calendar.add(received, days), zone)
    if document.state == "delivered":
        facts.delivered_days = calendar.between(local_date(document.state_since, zone), today)
        facts.has_account, facts.opened_by_subject = _reached(document)
    changed_by = document.flags.get("decider_id")
    signer = Relation.ATASAN if facts.superior_signed else Relation.PENILAI
    facts.reporter = Relation.DECIDER if changed_by else signer


def _signed_blocks(document_id: int) -> frozenset[str]:
    """The blocks whose signature stands."""
    known: dict[int, frozenset[str]] = memo().setdefault("signed", {})
    if document_id not in known:
        known[document_id] = frozenset(db.session.scalars(_signed_query(), {"document_id": document_id}))
    return known[document_id]


@cache
def _signed_query() -> Any:
    return sa.select(Signature.block).where(
        Signature.document_id == sa.bindparam("document_id"), Signature.fallen_at.is_(None)
    )


def _reached(document: Document) -> tuple[bool, bool]:
    """Has the subject an account he can use, and did he open the document since it was delivered?"""
    given = {"document": document.id, "subject": document.subject_id, "since": document.state_since}
    account, opened = db.session.execute(_reached_query(), given).one()
    return bool(account), bool(opened)


@cache
def _reached_query() -> Any:
    subject: Any = sa.bindparam("subject")
    account = sa.exists().where(
        Account.person_id == subject, Account.password_hash.is_not(None), Account.disabled_at.is_(None)
    )
    opened = sa.exists().where(
        ReadLog.document_id == sa.bindparam("document"), ReadLog.person_id == subject,
        ReadLog.at >= sa.bindparam("since", type_=ReadLog.at.type),
    )  # fmt: skip
    return sa.select(account, opened)


def finality(document: Document, past: Past, superior_signed: bool) -> objection_law.EvaluationFacts:
    """What finality depends on (p.90 no. 11 and 12): rank, who evaluated, and why he did."""
    because = objection_law.BY_PENILAI
    if document.acting_level > 0:
        moved = past.last("escalate_to_superior", "reassign")
        late = moved is not None and moved.event == "escalate_to_superior"
        because = objection_law.PENILAI_LATE if late else objection_law.PENILAI_ABSENT
    elif superior_signed:
        because = objection_law.SIGNED_BY_ATASAN
    skp = db.session.get_one(Skp, review_of(document).skp_id)
    memo().setdefault("skp_of_reviews", {})[skp.document_id] = skp  # held, so that it stays at hand
    post = skp.post
    rank = f"jpt_{post.rank.lower()}" if post.post_group == "JPT" else ""
    evaluator = past.last(*PROPOSALS)
    office = ""
    if evaluator is not None and (judge := evaluator.mandate or evaluator.actor_id) is not None:
        # A delegate evaluates in the name of his superior: whose rank counts is that of the latter.
        placement = placements_of([judge], local_date(evaluator.at, document.unit.zone)).get(judge)
        if placement is not None and placement.post.rank == COORDINATING:
            office = objection_law.COORDINATING_MINISTER
        elif (
            placement is not None and placement.post.unit.level == "L0" and _heads(placement.post.unit, judge)
        ):
            office = objection_law.MINISTER
    return objection_law.EvaluationFacts(
        rank=rank,
        leads_unit_mandiri=skp.senior_form and post.post_group != "JPT",
        evaluator_office=office,
        evaluated_because=because,
    )


def _heads(unit: Unit, person_id: int) -> bool:
    from kinerja.services import structure

    return bool(structure.head_of(unit.id).person_id == person_id)


def realisations_of(skp_id: int) -> list[Document]:
    """The realisation documents of an SKP, for the case file and the frozen inputs."""
    return list(
        db.session.scalars(
            sa.select(Document)
            .join(Realisation, Realisation.document_id == Document.id)
            .where(Realisation.skp_id == skp_id, Document.state.in_((*SETTLED, "recorded", "returned")))
            .order_by(Document.slot)
        )
    )
