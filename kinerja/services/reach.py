"""Where a list looks: of all documents those that `policy.visible` could let through, found by an index.

What may be seen is many conditions joined by OR, which no index serves: whoever sees little would have the database
walk through the documents of everybody. His own, his people's and those that name him are few in an office of any size,
and so are those of a small unit. An office over a large part of everybody is the other way round: the newest documents
in their order soon fill a page, while finding all of them first would take long.
"""

from typing import Any

import sqlalchemy as sa

from kinerja.db import db, memo
from kinerja.models import Document, Tally, Unit
from kinerja.services import sight
from kinerja.services.identity import Circle
from kinerja.services.rights import VIEWERS
from kinerja.services.tallies import seeing

# An office over more than one in so many documents reads them in their order. One of its documents found by its unit
# costs half of what one costs that is passed by in the order, and those of one unit were often made in a row.
WIDE = 4


def reach(circle: Circle) -> Any:
    """A condition on Document that holds for everything this person may see; true where looking at all is quicker."""
    kept = memo().get("reach")
    if kept is None or kept[0] is not circle:
        kept = memo()["reach"] = (circle, _reach(circle))
    return kept[1]


def among_near(me: Any, people: Any, units: Any) -> Any:
    """The same for whoever holds no office; see `policy.near`. Numbers, or parameters."""
    return Document.id.in_(sa.union(*sight.near_branches(me, people, units)))


def _reach(circle: Circle) -> Any:
    paths = {path for path, _role in seeing.offices(circle)}
    if paths and _is_wide(paths):
        return sa.true()
    people = circle.direct | circle.second | circle.standing_in | circle.entrusted
    branches = list(sight.near_branches(circle.person_id, sorted(people), circle.units))
    if paths:
        below = sa.or_(*(Unit.path.startswith(path) for path in sorted(paths)))
        branches.append(sa.select(Document.id).where(Document.unit_id.in_(sa.select(Unit.id).where(below))))
    return Document.id.in_(sa.union(*branches))


def _is_wide(paths: set[str]) -> bool:
    """Is so much of everybody below these units that a page of it is found soonest by its order?

    By the tallies as they were last counted: whatever they say, the list is the same.
    """
    if any(path.count("/") <= 2 for path in paths):
        return True  # the whole ministry
    tops = {int(path.split("/")[1]) for path in paths}
    parts = {seeing.unit_id_of(path) for path in paths}
    counted = dict(
        db.session.execute(
            sa.select(Tally.unit_id, sa.func.sum(Tally.total))
            .where(Tally.unit_id.in_(sorted(tops | parts)), Tally.kind.in_(VIEWERS))
            .group_by(Tally.unit_id)
        ).all()
    )
    part, everybody = (sum(counted.get(unit, 0) for unit in units) for units in (parts, tops))
    return bool(part * WIDE > everybody)
