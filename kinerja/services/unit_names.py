"""What a unit was called on a day: an expression for the query that shows it, never a statement of its own.

A unit holds its present name; `unit_version` holds those it had before, each with the last day on which it held.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.models import Document, Placement, Review, Skp, Unit, UnitVersion

TODAY = sa.bindparam("kinerja_today", type_=sa.Date(), callable_=clock.today)


def name_on(day: Any, unit: Any = Unit) -> Any:
    """The name a unit bore on a day; `day` is a date or an expression over the tables of the query around it."""
    was = aliased(UnitVersion)
    former = sa.select(was.name).where(was.unit_id == unit.id, was.ends >= day).order_by(was.ends).limit(1)
    return sa.func.coalesce(former.correlate_except(was).scalar_subquery(), unit.name)


def of_document() -> Any:
    """The name of a document's unit on the last day of its SKP or today, whichever is earlier, over Document and Unit.

    An SKP holds its span itself; a realisation and an evaluation hang on it, an objection and a repair on those.
    """
    above = aliased(Document)
    grand = sa.select(above.parent_id).where(above.id == Document.parent_id).correlate_except(above)
    last = sa.func.coalesce(
        *(_last_day(skp) for skp in (Document.id, Document.parent_id, grand.scalar_subquery())), TODAY
    )
    return name_on(_earlier(last))


def _last_day(skp: Any) -> Any:
    plan = aliased(Skp)
    return sa.select(plan.ends).where(plan.document_id == skp).correlate_except(plan).scalar_subquery()


def of_review() -> Any:
    """The name of an evaluation's organisation on the last day of its SKP or today, over Review."""
    unit, plan = aliased(Unit), aliased(Skp)
    named = sa.select(name_on(_earlier(plan.ends), unit))
    return (
        named.where(unit.id == Review.org_unit_id, plan.document_id == Review.skp_id)
        .correlate_except(unit, plan)
        .scalar_subquery()
    )


def of_placement() -> Any:
    """The name of a post's unit on the last day of a placement or today, over Placement and Unit."""
    return name_on(_earlier(sa.func.coalesce(Placement.ends, TODAY)))


def _earlier(day: Any) -> Any:
    return sa.case((day < TODAY, day), else_=TODAY)
