"""The realisation of the IKU of a unit as a document kind: the machine of an employee's with other parties.

The pengelola kinerja organisasi of the unit records it, its head validates it. The periods of a PK open by the
calendar, each with the nilai organisasi that is computed from it.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja.db import db
from kinerja.models import Document, Iku, IkuEvidence, IkuRealisation, IkuRealisationItem, Objective
from kinerja.rules.words import N_
from kinerja.services import recorded_targets
from kinerja.services.iku_matter import IkuMatter
from kinerja.services.kinds import Context
from kinerja.services.monitoring import SHOWS, RealisationKind
from kinerja.services.new_heads import new_head_of
from kinerja.services.periods import SLOT_LABELS
from kinerja.workflows.realisation import IkuRealisationFacts, IkuRealisationFlow

RAW_DATA = "data"


@cache
def _query() -> Any:
    items = joinedload(IkuRealisation.items)
    return (
        sa.select(IkuRealisation)
        .options(
            items.joinedload(IkuRealisationItem.indicator),
            items.selectinload(IkuRealisationItem.evidence).joinedload(IkuEvidence.evidence),
        )
        .where(IkuRealisation.document_id == sa.bindparam("document_id"))
    )


class IkuRealisationKind(RealisationKind):
    flow = IkuRealisationFlow
    facts_type = IkuRealisationFacts
    matter = IkuMatter
    link = IkuEvidence
    shows = (*SHOWS, RAW_DATA)
    applies = frozenset({"new_head"})

    def apply(self, context: Context) -> None:
        if context.event == "new_head":
            context.values["subject_id"] = new_head_of(context.document)
        else:
            super().apply(context)

    def stored(self, document: Document) -> IkuRealisation:
        found: IkuRealisation = db.session.scalars(_query(), {"document_id": document.id}).unique().one()
        return found

    def is_qualitative(self, items: Any) -> bool:
        return False

    def content(self, document: Document) -> dict[str, Any]:
        return super().content(document) | {"jenis": "realisasi_iku"}

    def title(self, document: Document) -> tuple[str, dict[str, Any]]:
        slot = SLOT_LABELS.get(document.slot, document.slot)
        params = {"slot": slot, "year": document.period.year, "unit": document.unit.name}
        return N_("Realisasi IKU %(slot)s %(year)s, %(unit)s"), params


KIND = IkuRealisationKind()


def follow(pk_id: int, documents: Iterable[tuple[int, str]]) -> None:
    """Entries of these realisations (document, slot) for every IKU of the PK that has a target in the slot.

    After a reopening those come that are missing, and those leave that no longer count and hold nothing.
    """
    iku = db.session.scalars(
        sa.select(Iku)
        .join(Objective, Objective.id == Iku.objective_id)
        .where(Objective.pk_id == pk_id)
        .options(joinedload(Iku.targets))
        .order_by(Objective.position, Iku.position)
    ).unique()
    planned = {one.id: {target.slot for target in one.targets} for one in iku}
    for document_id, slot in documents:
        wanted = [number for number, slots in planned.items() if slot in slots]
        recorded_targets.follow("iku_realisation", document_id, wanted)
