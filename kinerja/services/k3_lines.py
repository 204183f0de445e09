"""The indicators under a K3 review as the rules see them, and the K3 that reviews have settled.

What nobody has written in a review is as the manual in force says, else as PK or SKP say themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Document, Iku, K3Item, K3Review, Manual, Objective, Skp, SkpIndicator, SkpRow
from kinerja.rules import content as skp_law
from kinerja.rules import k3_review as law
from kinerja.rules.scoring import Score
from kinerja.services.manuals import IN_FORCE, ManualView, view_of

SETTLED = ("reviewed", "locked")
# What of an indicator K3 rests on, by the columns in which review and manual keep it.
SAID = ("validity", "control", "target_status", "target_y1", "realisation_y1")


@dataclass(frozen=True)
class Line:
    """One indicator under review: what is stored of it, what holds, and the manual in force ("" without one)."""

    item: K3Item
    one: law.Reviewed
    name: str
    measure: str
    manual: str


@dataclass(frozen=True)
class Named:
    """An indicator of a plan with its number and what it serves."""

    number: str
    indicator: Any


def _in_force() -> Any:
    """The manuals in force, as a select of ids."""
    of = sa.orm.aliased(Manual)
    return (
        sa.select(of.document_id)
        .join(Document, Document.id == of.document_id)
        .where(Document.state == IN_FORCE)
        .correlate(None)
    )


def query(of_units: bool) -> Any:
    """(item, review, indicator, manual in force, its document) for every item of PK, or of SKP; to be narrowed."""
    kind: Any = Iku if of_units else SkpIndicator
    own = K3Item.iku_id if of_units else K3Item.iki_id
    measured = Manual.iku_id == K3Item.iku_id if of_units else Manual.iki_id == K3Item.iki_id
    paper = sa.orm.aliased(Document)
    return (
        sa.select(K3Item, K3Review.manual_due, kind, Manual, paper.public_id)
        .join(K3Review, K3Review.document_id == K3Item.review_id)
        .outerjoin(kind, kind.id == own)
        .outerjoin(Manual, sa.and_(measured, Manual.document_id.in_(_in_force())))
        .outerjoin(paper, paper.id == Manual.document_id)
        .where(K3Item.iki_id.is_(None) if of_units else K3Item.iki_id.is_not(None))
    )


def line_of(row: Any) -> Line:
    """A row of `query` as what holds."""
    item, manual_due, indicator, manual, public_id = row[:5]
    clause = item.clause if item.score is not None or indicator is None else clause_of(indicator)
    target = clause.get("target")
    said = {name: _said(name, item, manual, indicator) for name in SAID}
    one = law.Reviewed(
        item.key, str(item.clause.get("nomor", "")), said["validity"], said["control"], said["target_status"],
        clause.get("polarisasi", ""), Decimal(target) if target is not None else None, said["target_y1"],
        said["realisation_y1"], manual is not None, manual_due,
    )  # fmt: skip
    return Line(item, one, clause.get("nama", ""), clause.get("satuan", ""), public_id or "")


def _said(name: str, item: K3Item, manual: Manual | None, indicator: Any) -> Any:
    number = name in ("target_y1", "realisation_y1")
    for source in (item, manual, indicator):
        value = getattr(source, name, None)
        if value is not None and value != "":
            return value
    return None if number else ""


def clause_of(indicator: Any) -> dict[str, Any]:
    """What PK or SKP say of an indicator now."""
    name = indicator.name if isinstance(indicator, Iku) else indicator.text or indicator.target_text
    return {
        "nama": name,
        "target": None if indicator.target is None else format(indicator.target, "f"),
        "satuan": indicator.measure,
        "polarisasi": indicator.polarity,
    }


def lines_of(document: Document) -> list[Line]:
    """The indicators of one review in the order of its plan; one statement."""
    of_units = bool(document.flags.get("of_unit"))
    rows = db.session.execute(
        query(of_units).where(K3Item.review_id == document.id).order_by(K3Item.position, K3Item.id)
    )
    return [line_of(row) for row in rows]


def indicators_of(plan: Document) -> list[Named]:
    """The indicators of a PK or of a quantitative SKP with their numbers; one statement."""
    if plan.kind == "pk":
        found = db.session.execute(
            sa.select(Objective, Iku)
            .join(Iku, Iku.objective_id == Objective.id)
            .where(Objective.pk_id == plan.id)
            .order_by(Objective.position, Iku.position)
        ).all()
        return _numbered_iku(found)
    rows = db.session.execute(
        sa.select(SkpRow, SkpIndicator)
        .join(Skp, Skp.document_id == SkpRow.skp_id)
        .outerjoin(SkpIndicator, SkpIndicator.row_id == SkpRow.id)
        .where(SkpRow.skp_id == plan.id, Skp.approach == "kuantitatif")
        .order_by(SkpRow.kind.desc(), SkpRow.position, SkpIndicator.position)
    ).all()
    return _numbered_iki(rows)


def _numbered_iku(found: Sequence[Any]) -> list[Named]:
    goals = list(dict.fromkeys(row[0].id for row in found))
    counted: dict[int, int] = {}
    named = []
    for goal, iku in found:
        counted[goal.id] = counted.get(goal.id, 0) + 1
        code = goal.code or str(goals.index(goal.id) + 1)
        named.append(Named(iku.code or f"{code}.{counted[goal.id]}", iku))
    return named


def _numbered_iki(found: Sequence[Any]) -> list[Named]:
    rows = list({row[0].id: row[0] for row in found}.values())
    numbers = dict(
        zip((row.id for row in rows), skp_law.row_numbers([row.kind for row in rows]), strict=True)
    )
    counted: dict[int, int] = {}
    named = []
    for row, indicator in found:
        if indicator is not None:
            counted[row.id] = counted.get(row.id, 0) + 1
            named.append(Named(f"{numbers[row.id]}.{counted[row.id]}", indicator))
    return named


def with_manuals(
    iku_ids: Iterable[int], slots: Iterable[str]
) -> tuple[dict[int, ManualView], dict[int, Score]]:
    """IKU -> its manual in force, and IKU -> the K3 that the last review of these slots settled. One statement."""
    wanted = sorted(set(iku_ids))
    if not wanted:
        return {}, {}
    review = sa.orm.aliased(Document)
    last = (
        sa.select(K3Item.score)
        .join(review, review.id == K3Item.review_id)
        .where(
            K3Item.iku_id == Iku.id, K3Item.score.is_not(None), review.state.in_(SETTLED), review.slot.in_(list(slots))
        )
        .order_by(review.id.desc())
        .limit(1)
        .correlate(Iku)
        .scalar_subquery()
    )  # fmt: skip
    paper = sa.orm.aliased(Document)
    rows = db.session.execute(
        sa.select(Iku.id, Manual, paper.public_id, last)
        .select_from(Iku)
        .outerjoin(Manual, sa.and_(Manual.iku_id == Iku.id, Manual.document_id.in_(_in_force())))
        .outerjoin(paper, paper.id == Manual.document_id)
        .where(Iku.id.in_(wanted))
    ).all()
    views = {
        number: view_of(manual, public_id) for number, manual, public_id, _k3 in rows if manual is not None
    }
    return views, {row[0]: Score.from_dict(row[3]) for row in rows if row[3] is not None}


def last_reviewed(plan_id: int) -> dict[int, Line]:
    """Indicator -> how the last settled review left it."""
    found: dict[int, Line] = {}
    for of_units in (True, False):
        rows = db.session.execute(
            query(of_units)
            .join(Document, Document.id == K3Item.review_id)
            .where(Document.parent_id == plan_id, Document.state.in_(SETTLED))
            .order_by(Document.id)
        )
        for row in rows:
            if (indicator := row[0].iku_id or row[0].iki_id) is not None:
                found[indicator] = line_of(row)
    return found


def due_day(document: Document) -> date | None:
    """Until when the manuals of the indicators of a review must be in force."""
    found: date | None = db.session.scalar(
        sa.select(K3Review.manual_due).where(K3Review.document_id == document.id)
    )
    return found
