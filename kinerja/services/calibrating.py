"""The proposals below one superior, side by side: what he compares before he confirms or changes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Calibration, Document, Period, Person, Review, Step, Unit
from kinerja.rules.distribution import DistributionCheck, check_distribution
from kinerja.rules.predicate import RATINGS, quadrant
from kinerja.rules.regulation import Regulation
from kinerja.services import identity, policy, reading, turns
from kinerja.services.identity import Circle
from kinerja.services.periods import regulation_of
from kinerja.services.review_facts import PROPOSALS
from kinerja.services.review_matter import OPEN_STATES, tells_of_nobody
from kinerja.workflows.predicate_review import PredicateReviewFlow
from kinerja.workflows.roles import Relation

WAITING = "proposed"


@dataclass(frozen=True)
class Slot:
    """One period with proposals below this person, and how many of them wait for him."""

    year: int
    slot: str
    proposed: int
    waiting: int


@dataclass(frozen=True)
class Proposal:
    """One evaluation as a line of the comparison; ratings and predicate as codes."""

    public_id: str
    version: int
    name: str
    evaluator: str
    unit: str
    state: str
    state_label: str
    waits: bool
    due_at: datetime | None
    zone: str
    result: str
    behaviour: str
    predicate: str
    suggested: tuple[str, str]
    before: Mapping[str, str] | None
    changed_by: str

    @property
    def differs(self) -> bool:
        """Does a rating depart from what the figures suggested?"""
        pairs = zip(self.suggested, (self.result, self.behaviour), strict=True)
        return any(suggested and suggested != rating for suggested, rating in pairs)


@dataclass(frozen=True)
class Pattern:
    """The predicates of one UPK against the guideline of its organisation predicate; a hint, never a block."""

    unit: str
    predicate: str
    check: DistributionCheck


@dataclass(frozen=True)
class Desk:
    """What one superior calibrates in one period; `slots` are those he may turn to."""

    slots: list[Slot]
    year: int | None
    slot: str
    proposals: list[Proposal]
    not_proposed: int
    patterns: list[Pattern]
    regulation: Regulation | None

    @property
    def waiting(self) -> list[Proposal]:
        return [proposal for proposal in self.proposals if proposal.waits]

    def cells(self) -> dict[tuple[str, str], str]:
        """(rating of results, rating of behaviour) -> the code of its predicate."""
        assert self.regulation is not None
        return {(r, b): str(quadrant(r, b, self.regulation)) for r in RATINGS for b in RATINGS}


def desk(person_id: int, year: int | None = None, slot: str = "") -> Desk:
    """The proposals this person may compare: those of the people two levels below, and those that name him.

    A bounded number of statements. Without a period the one where most waits for him, else the newest.
    """
    circle = identity.circle_of(person_id)
    below = _below(circle)
    slots = _slots(circle, below)
    proposed = [s for s in slots if s.proposed]
    chosen = next((s for s in slots if (s.year, s.slot) == (year, slot)), None)
    chosen = chosen or max(proposed, key=lambda s: (s.waiting, s.year, s.slot), default=None)
    if chosen is None:
        return Desk([], year, slot, [], 0, [], None)
    period = db.session.scalars(sa.select(Period).where(Period.year == chosen.year)).first()
    assert period is not None
    regulation = regulation_of(period)
    rows = db.session.execute(_rows_query(circle, below, chosen)).all()
    proposals = _proposals(rows)
    for row in rows:
        relation = Relation.ATASAN if row.subject_id in circle.second else Relation.CALIBRATOR
        reading.note_read(row.id, person_id, relation, "reviu", confidential=True)
    return Desk(
        proposed,
        chosen.year,
        chosen.slot,
        proposals,
        _open_below(circle, chosen),
        _patterns(rows, circle, period.id, chosen.slot, regulation),
        regulation,
    )


def _below(circle: Circle) -> Any:
    """Whose proposals he may read: as atasan penilai, or named because he calibrates at a higher level."""
    named = policy.named_by_flag(circle.person_id, Relation.CALIBRATOR)
    return sa.or_(Document.subject_id.in_(circle.second), named) if circle.second else named


def _reviews() -> Any:
    return sa.and_(Document.kind == PredicateReviewFlow.kind, Period.state == "open")


def _slots(circle: Circle, below: Any) -> list[Slot]:
    proposed = Document.state.not_in(OPEN_STATES)
    waits = sa.and_(Document.state == WAITING, turns.my_turn(circle))
    rows = db.session.execute(
        sa.select(
            Period.year, Document.slot, sa.func.count(sa.case((proposed, 1))), sa.func.count(sa.case((waits, 1)))
        )
        .select_from(Document)
        .join(Period, Period.id == Document.period_id)
        .join(Unit, Unit.id == Document.unit_id)
        .where(_reviews(), below)
        .group_by(Period.year, Document.slot)
        .order_by(Period.year.desc(), Document.slot)
    )  # fmt: skip
    return [Slot(*row) for row in rows]


def _open_below(circle: Circle, slot: Slot) -> int:
    """How many evaluations of his people are not proposed yet."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Document)
            .join(Period, Period.id == Document.period_id)
            .where(
                _reviews(),
                Period.year == slot.year,
                Document.slot == slot.slot,
                Document.subject_id.in_(circle.second),
                Document.state.in_(OPEN_STATES),
            )
        )
        or 0
    )


def _rows_query(circle: Circle, below: Any, slot: Slot) -> Any:
    return (
        sa.select(
            Document.id, Document.subject_id, Document.public_id, Document.version, Document.state, Document.due_at,
            Person.name,
            Unit.name.label("unit"), Unit.zone, Review.result_rating, Review.behaviour_rating, Review.predicate,
            Review.suggestion, Review.org_unit_id, Review.org_predicate,
            sa.case((sa.and_(Document.state == WAITING, turns.my_turn(circle)), 1), else_=0).label("waits"),
        )
        .select_from(Document)
        .join(Review, Review.document_id == Document.id)
        .join(Person, Person.id == Document.subject_id)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Period, Period.id == Document.period_id)
        .where(
            _reviews(), below, Period.year == slot.year, Document.slot == slot.slot,
            Document.state.not_in(OPEN_STATES),
        )
        .order_by(Person.search_name)
    )  # fmt: skip


def _proposals(rows: Iterable[Any]) -> list[Proposal]:
    rows = list(rows)
    ids = [row.id for row in rows]
    evaluators = _last_proposers(ids)
    changes = _last_changes(ids)
    return [
        Proposal(
            row.public_id,
            row.version,
            row.name,
            evaluators.get(row.id, ""),
            row.unit,
            row.state,
            PredicateReviewFlow.state_label(row.state),
            bool(row.waits),
            row.due_at if row.waits else None,
            row.zone,
            row.result_rating,
            row.behaviour_rating,
            row.predicate,
            _suggested(row.suggestion),
            changes[row.id][0] if row.id in changes else None,
            changes[row.id][1] if row.id in changes else "",
        )
        for row in rows
    ]


def _suggested(kept: Mapping[str, Any]) -> tuple[str, str]:
    """What the figures suggested when it was proposed."""
    return tuple(str((kept.get(part) or {}).get("value") or "") for part in ("hasil", "perilaku"))  # type: ignore[return-value]


def _last_proposers(ids: list[int]) -> dict[int, str]:
    rows = db.session.execute(
        sa.select(Step.document_id, Person.name)
        .join(Person, Person.id == Step.actor_id)
        .where(Step.document_id.in_(ids), Step.event.in_(PROPOSALS))
        .order_by(Step.sequence)
    )
    return {row.document_id: row.name for row in rows}


def _last_changes(ids: list[int]) -> dict[int, tuple[Mapping[str, str], str]]:
    """What a calibration changed last: how it stood before, and who did it."""
    rows = db.session.execute(
        sa.select(Calibration.review_id, Calibration.before, Calibration.after, Person.name)
        .join(Person, Person.id == Calibration.by_id)
        .where(Calibration.review_id.in_(ids))
        .order_by(Calibration.id)
    )
    return {review: (before, name) for review, before, after, name in rows if before != after}


def _patterns(
    rows: Iterable[Any], circle: Circle, period_id: int, slot: str, regulation: Regulation
) -> list[Pattern]:
    """One per UPK of these people; left out where its table would tell of somebody he may not see singly."""
    rows = list(rows)
    predicates = {row.org_unit_id: row.org_predicate for row in rows if row.org_unit_id and row.org_predicate}
    seen = [row.id for row in rows]
    own = sa.or_(Document.id.in_(seen), Document.subject_id.in_(circle.direct | circle.second))
    counted = (
        Review.org_unit_id.in_(predicates),
        Document.period_id == period_id,
        Document.slot == slot,
        Document.state.not_in(OPEN_STATES),
        Review.predicate != "",
    )
    others = (
        sa.select(Review.org_unit_id, sa.func.count(sa.distinct(Document.subject_id)).label("n"))
        .join(Document, Document.id == Review.document_id)
        .where(*counted, sa.not_(own))
        .group_by(Review.org_unit_id)
        .subquery("others")
    )
    found = db.session.execute(
        sa.select(Review.org_unit_id, Unit.name, Review.predicate, sa.func.count(), sa.func.max(others.c.n))
        .join(Document, Document.id == Review.document_id)
        .join(Unit, Unit.id == Review.org_unit_id)
        .outerjoin(others, others.c.org_unit_id == Review.org_unit_id)
        .where(*counted)
        .group_by(Review.org_unit_id, Unit.name, Review.predicate)
        .order_by(Unit.name)
    )
    names: dict[Any, str] = {}
    counts: dict[Any, dict[str, int]] = {}
    unseen: dict[Any, int] = {}
    for unit_id, name, predicate, number, outside in found:
        names[unit_id], unseen[unit_id] = name, outside or 0
        counts.setdefault(unit_id, {})[predicate] = number
    return [
        Pattern(
            name, predicates[unit_id], check_distribution(predicates[unit_id], counts[unit_id], regulation)
        )
        for unit_id, name in names.items()
        if tells_of_nobody(sum(counts[unit_id].values()), unseen[unit_id])
    ]
