"""The realisation of the IKU of a unit as a document kind: the machine of an employee's with other parties.

The pengelola kinerja organisasi of the unit records it, its head validates it. The periods of a PK open by the
calendar, each with the nilai organisasi that is computed from it.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja.db import db, memo
from kinerja.models import Document, Iku, IkuEvidence, IkuRealisation, IkuRealisationItem, Objective, Step
from kinerja.rules.words import N_
from kinerja.services.effects import effect
from kinerja.services.iku_matter import IkuMatter
from kinerja.services.kinds import Context
from kinerja.services.monitoring import SHOWS, RealisationKind
from kinerja.services.monitoring_effects import RECORDINGS
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


@effect("iku_realisation", *RECORDINGS)
def lock_targets(context: Context) -> None:
    """From the first recording on target and capaian of its IKU are locked against an Adendum (AD-1)."""
    realisation = db.session.get_one(IkuRealisation, context.document.id)
    if realisation.first_recorded_at is None:
        realisation.first_recorded_at = context.now
    if context.event == "record_late":
        realisation.late_reason = context.note
    db.session.flush()
    _lock(_iku_of(context.document.id), context.now)


@effect("iku_realisation", "withdraw")
def lift_first_lock(context: Context) -> None:
    """Taking back the very first recording lifts the lock, unless another period holds it."""
    document = context.document
    recordings = db.session.scalar(
        sa.select(sa.func.count()).where(Step.document_id == document.id, Step.event.in_(RECORDINGS))
    )
    if recordings != 1:
        return
    realisation = db.session.get_one(IkuRealisation, document.id)
    realisation.first_recorded_at, realisation.late_reason = None, ""
    db.session.flush()
    held = db.session.scalars(
        sa.select(IkuRealisationItem.iku_id)
        .join(IkuRealisation, IkuRealisation.document_id == IkuRealisationItem.realisation_id)
        .where(
            IkuRealisation.pk_id == realisation.pk_id,
            IkuRealisation.document_id != document.id,
            IkuRealisation.first_recorded_at.is_not(None),
        )
    )
    _lock(set(_iku_of(document.id)) - set(held), None)


def _iku_of(realisation_id: int) -> list[int]:
    return list(
        db.session.scalars(
            sa.select(IkuRealisationItem.iku_id).where(IkuRealisationItem.realisation_id == realisation_id)
        )
    )


def _lock(iku_ids: Iterable[int], at: datetime | None) -> None:
    """Set or lift the lock; an older lock keeps its moment."""
    update = sa.update(Iku).where(Iku.id.in_(list(iku_ids)))
    if at is not None:
        update = update.where(Iku.locked_at.is_(None))
    db.session.execute(update.values(locked_at=at).execution_options(synchronize_session="fetch"))
    memo().pop("pk", None)


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
        realisation = db.session.get_one(IkuRealisation, document_id)
        wanted = [number for number, slots in planned.items() if slot in slots]
        present = {item.iku_id: item for item in realisation.items}
        for iku_id, item in present.items():
            is_empty = item.value is None and not item.narrative and not item.evidence
            if iku_id not in wanted and is_empty:
                realisation.items.remove(item)
        for iku_id in wanted:
            if iku_id not in present:
                realisation.items.append(IkuRealisationItem(iku_id=iku_id))
        db.session.flush()
