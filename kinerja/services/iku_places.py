"""IKU whose value comes from the units below: the figures of those that took the IKU over, joined as its manual says.

A place is a unit below with a PK that counts, whose IKU was taken over from this one and is measured in the same unit.
Level by level, so that what a place itself has from its own places is what counts of it. Two statements a level, and
none where no manual names a consolidation of places; how many places there are never matters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja.db import db
from kinerja.models import Document, Iku, IkuRealisation, IkuRealisationItem, IkuTarget, Objective, Unit
from kinerja.rules import scoring
from kinerja.rules.consolidation import METHODS
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import token
from kinerja.rules.working import Score
from kinerja.services import manuals
from kinerja.services.agreements import COUNTING
from kinerja.services.manuals import ManualView
from kinerja.services.trajectory import handed_over

# L0 to L4: four levels below the ministry.
DEEPEST = 4
# (IKU, slot) -> its value joined from its places.
Joined = Mapping[tuple[int, str], Score]


@dataclass
class Place:
    """The IKU of a unit below: which IKU it took over, and of each slot with a target what was handed over."""

    id: int
    whole: int
    measure: str
    recorded: dict[str, Decimal | None] = field(default_factory=dict)


def joined(
    iku_ids: Iterable[tuple[int, str]],
    views: Mapping[int, ManualView],
    regulation: Regulation,
    depth: int = DEEPEST,
) -> Joined:
    """The values of these IKU (id, unit of measure) in every slot in which a place has a target.

    A place without a figure leaves the slot without one: REALISASI_KOSONG. IKU that nobody below took over are not
    among them: there the unit's own figure counts, as it does where the manual says raw data, whose formula only the
    unit can work out anew.
    """
    methods = {
        iku_id: (views[iku_id].location_consolidation, token(measure))
        for iku_id, measure in iku_ids
        if iku_id in views and views[iku_id].location_consolidation in METHODS
    }
    if not methods or not depth:
        return {}
    places = [one for one in _places(methods) if token(one.measure) == methods[one.whole][1]]
    below: Joined = {}
    if places and depth > 1:
        own = manuals.in_force(one.id for one in places)
        below = joined([(one.id, one.measure) for one in places], own, regulation, depth - 1)
    values: dict[tuple[int, str], list[Any]] = {}
    for place in places:
        for slot, typed in place.recorded.items():
            of_places = below.get((place.id, slot))
            value = typed if of_places is None else of_places.exact
            values.setdefault((place.whole, slot), []).append(value)
    return {
        (iku_id, slot): scoring.join_locations(methods[iku_id][0], found, regulation)
        for (iku_id, slot), found in values.items()
    }


def _places(wanted: Iterable[int]) -> list[Place]:
    """Every place of these IKU in the order of their units; one statement."""
    pk, recorded = aliased(Document), aliased(Document)
    rows = db.session.execute(
        sa.select(
            Iku.id, Iku.handed_down_id, Iku.measure, IkuTarget.slot, IkuRealisationItem.value, recorded.state,
            IkuRealisation.first_recorded_at,
        )
        .join(IkuTarget, IkuTarget.iku_id == Iku.id)
        .join(Objective, Objective.id == Iku.objective_id)
        .join(pk, sa.and_(pk.id == Objective.pk_id, pk.state.in_(COUNTING)))
        .join(Unit, Unit.id == pk.unit_id)
        .outerjoin(
            recorded,
            sa.and_(
                recorded.kind == "iku_realisation", recorded.parent_id == pk.id, recorded.slot == IkuTarget.slot
            ),
        )
        .outerjoin(IkuRealisation, IkuRealisation.document_id == recorded.id)
        .outerjoin(
            IkuRealisationItem,
            sa.and_(IkuRealisationItem.realisation_id == recorded.id, IkuRealisationItem.iku_id == Iku.id),
        )
        .where(Iku.handed_down_id.in_(sorted(wanted)))
        .order_by(Unit.code, Iku.id)
    )  # fmt: skip
    found: dict[int, Place] = {}
    for row in rows:
        place = found.setdefault(row.id, Place(row.id, row.handed_down_id, row.measure))
        place.recorded[row.slot] = row.value if row.state is not None and handed_over(row) else None
    return list(found.values())
