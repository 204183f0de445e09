"""What the calendar does for K3: a review opens as a quarter ends, and a repair that took too long goes on without."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import (
    Document,
    Iku,
    K3Review,
    Manual,
    Objective,
    Period,
    Skp,
    SkpIndicator,
    SkpRow,
)
from kinerja.rules import k3_review as law
from kinerja.services import k3_lines, k3_reviews, manuals, new_documents, structure, transitions
from kinerja.services.errors import NotAllowed, Stale
from kinerja.services.periods import regulation_of
from kinerja.workflows.base import Incomplete
from kinerja.workflows.roles import SYSTEM

KIND = "k3_review"
# The slots with which a quarter ends, of a year of quarters and of one of months.
QUARTER_ENDS = ("TW1", "TW2", "TW3", "TW4", "B03", "B06", "B09", "B12")


def fall_due(day: date) -> int:
    """Open what has come and go on where nobody repaired in time; how many steps. Safe to run twice."""
    made = sum(open_review(plan_id) for plan_id in list(_plans()))
    for public_id in list(_lapsed()):
        try:
            transitions.send(public_id, "lapse", None, version=None)
        except (NotAllowed, Stale, Incomplete):
            continue
        made += 1
    return made


def _lapsed() -> Iterator[str]:
    late = sa.select(Document.public_id).where(
        Document.kind == KIND, Document.state == "needs_fix", Document.due_at < clock.now()
    )
    return iter(db.session.scalars(late.order_by(Document.id)).all())


def _plans() -> Iterator[int]:
    """SKP and PK in force for which a review may have to be opened: never reviewed, or changed since."""
    latest = max(clock.today(zone) for zone in clock.ZONES)
    for period in db.session.scalars(sa.select(Period).where(Period.state == "open")).all():
        scope = law.scope_of(regulation_of(period))
        if scope == law.NONE or not _ended(period, latest):
            continue
        yield from db.session.scalars(_candidates(period, scope)).all()


def _ended(period: Period, today: date) -> list[Any]:
    """The quarters that are over while their window is still open."""
    return [w for w in period.windows if w.slot in QUARTER_ENDS and w.ends < today <= w.closes]


def _candidates(period: Period, scope: str) -> Any:
    review = aliased(Document)
    mine = sa.and_(review.kind == KIND, review.parent_id == Document.id)
    running = sa.exists().where(mine, review.state.not_in(k3_lines.SETTLED))
    since = sa.exists().where(mine, review.created_at >= Document.state_since)
    settled = sa.select(sa.func.max(review.state_since)).where(mine).scalar_subquery()
    in_force = aliased(Document)
    of_iku = (
        sa.select(Manual.document_id)
        .join(Iku, Iku.id == Manual.iku_id)
        .join(Objective, Objective.id == Iku.objective_id)
        .where(Objective.pk_id == Document.id)
    )
    of_iki = (
        sa.select(Manual.document_id)
        .join(SkpIndicator, SkpIndicator.id == Manual.iki_id)
        .join(SkpRow, SkpRow.id == SkpIndicator.row_id)
        .where(SkpRow.skp_id == Document.id)
    )
    newer = sa.or_(*(one.where(Manual.sealed_at > settled).exists() for one in (of_iku, of_iki)))
    plans = [sa.and_(Document.kind == "pk")]
    if scope != law.UNITS:
        skp = sa.and_(
            Document.kind == "skp",
            sa.exists().where(Skp.document_id == Document.id, Skp.approach == "kuantitatif"),
        )
        if scope == law.WITH_MANUAL:
            standing = of_iki.join(in_force, in_force.id == Manual.document_id)
            skp = sa.and_(skp, standing.where(in_force.state == manuals.IN_FORCE).exists())
        plans.append(skp)
    return (
        sa.select(Document.id)
        .where(
            Document.period_id == period.id,
            Document.state == "in_force",
            sa.or_(*plans),
            sa.not_(running),
            sa.or_(sa.not_(since), newer),
        )
        .order_by(Document.id)
    )


def open_review(plan_id: int) -> int:
    """Open the review of a plan for the quarter that has ended: of all its indicators the first time, later of those
    that are new or have changed. 1 when one was opened."""
    with transaction():
        plan = db.session.scalars(
            sa.select(Document)
            .options(joinedload(Document.unit), joinedload(Document.period))
            .where(Document.id == plan_id)
            .with_for_update(of=Document)
        ).one()
        known = db.session.execute(
            sa.select(Document.slot, Document.state).where(
                Document.parent_id == plan.id, Document.kind == KIND
            )
        ).all()
        slot = _slot_of(plan, {row.slot for row in known})
        if slot is None or any(row.state not in k3_lines.SETTLED for row in known):
            return 0
        wanted = k3_lines.indicators_of(plan)
        if known:
            wanted = _changed(plan, wanted)
        if wanted:
            _create(plan, slot, wanted)
        return bool(wanted)


def _slot_of(plan: Document, known: set[str]) -> str | None:
    """The first quarter that has ended since the plan came into force and has no review yet."""
    since = clock.local(plan.state_since, plan.unit.zone).date()
    ended = _ended(plan.period, clock.today(plan.unit.zone))
    return next((w.slot for w in ended if w.ends >= since and w.slot not in known), None)


def _changed(plan: Document, wanted: list[k3_lines.Named]) -> list[k3_lines.Named]:
    """Those that no review has settled, and those that plan or manual now describe otherwise than it did."""
    before = k3_lines.last_reviewed(plan.id)
    views = _as_they_are(plan)
    found = []
    for named in wanted:
        line, now = before.get(named.indicator.id), views.get(named.indicator.id)
        if line is None or (now is not None and law.differs(_now(now, named, line.one), line.one)):
            found.append(named)
    return found


def _as_they_are(plan: Document) -> dict[int, Manual]:
    """Indicator -> its manual in force."""
    column: Any = Manual.iku_id if plan.kind == "pk" else Manual.iki_id
    indicators = [named.indicator.id for named in k3_lines.indicators_of(plan)]
    rows = db.session.scalars(
        sa.select(Manual)
        .join(Document, Document.id == Manual.document_id)
        .where(column.in_(indicators), Document.state == manuals.IN_FORCE)
    )
    return {manual.iku_id or manual.iki_id or 0: manual for manual in rows}


def _now(manual: Manual, named: k3_lines.Named, before: law.Reviewed) -> law.Reviewed:
    """The indicator as manual and plan describe it today; what the manual leaves open is as it was reviewed."""
    return law.Reviewed(
        before.key, before.number, manual.validity or before.validity, manual.control or before.control,
        manual.target_status or before.status, named.indicator.polarity, named.indicator.target,
        before.target_y1 if manual.target_y1 is None else manual.target_y1,
        before.realisation_y1 if manual.realisation_y1 is None else manual.realisation_y1,
    )  # fmt: skip


def _create(plan: Document, slot: str, wanted: list[k3_lines.Named]) -> None:
    of_unit = plan.kind == "pk"
    head = structure.head_of(plan.unit_id, clock.today(plan.unit.zone)).person_id
    document = new_documents.create(
        KIND, slot=slot, subject_id=plan.subject_id, unit_id=plan.unit_id, period=plan.period, by=SYSTEM,
        state="not_reviewed", parent_id=plan.id,
        flags={"of_unit": of_unit, "above": of_unit or head == plan.subject_id},
    )  # fmt: skip
    review = K3Review(document_id=document.id, plan_id=plan.id, manual_due=_manual_due(plan, wanted))
    db.session.add(review)
    k3_reviews.put_in(review, wanted)
    new_documents.begin(document, SYSTEM, "open")


def _manual_due(plan: Document, wanted: list[k3_lines.Named]) -> date | None:
    """Manuals are owed of units and leaders, and of whoever began one (MI-1)."""
    if plan.kind == "pk" or db.session.get_one(Skp, plan.id).senior_form:
        return manuals.due_of(plan)
    begun = manuals.versions(Manual.iki_id, [named.indicator.id for named in wanted])
    return manuals.due_of(plan) if begun else None
