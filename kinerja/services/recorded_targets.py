"""The entries of a realisation and the targets they are held against, of an SKP and of a PK alike.

Entries follow the plan. From the first recording on the targets are locked against an Adendum (AD-1), until that very
first recording is taken back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kinerja.db import db, memo
from kinerja.models import (
    Iku,
    IkuRealisation,
    IkuRealisationItem,
    Realisation,
    RealisationItem,
    SkpIndicator,
    Step,
)
from kinerja.services.effects import effect
from kinerja.services.kinds import Context

RECORDINGS = ("record", "record_late")


@dataclass(frozen=True)
class Tables:
    """Where one kind keeps them: `plan` names the plan on the realisation, `measured` the indicator on an entry.

    `kept` is under which names a transaction remembers plans with their locks.
    """

    realisation: Any
    item: Any
    indicator: Any
    plan: Any
    measured: Any
    kept: tuple[str, ...]


TABLES = {
    "realisation": Tables(
        Realisation, RealisationItem, SkpIndicator, Realisation.skp_id, RealisationItem.indicator_id,
        ("skp", "plans"),
    ),
    "iku_realisation": Tables(
        IkuRealisation, IkuRealisationItem, Iku, IkuRealisation.pk_id, IkuRealisationItem.iku_id, ("pk",)
    ),
}  # fmt: skip


@effect("realisation", *RECORDINGS)
@effect("iku_realisation", *RECORDINGS)
def lock_targets(context: Context) -> None:
    """From the first recording on target and capaian of its indicators are locked."""
    tables = TABLES[context.document.kind]
    realisation = db.session.get_one(tables.realisation, context.document.id)
    if realisation.first_recorded_at is None:
        realisation.first_recorded_at = context.now
    if context.event == "record_late":
        realisation.late_reason = context.note
    db.session.flush()
    _lock(tables, _indicators_of(tables, context.document.id), context.now)


@effect("realisation", "withdraw")
@effect("iku_realisation", "withdraw")
def lift_first_lock(context: Context) -> None:
    """Taking back the very first recording lifts the lock, unless another period holds it."""
    document, tables = context.document, TABLES[context.document.kind]
    recordings = db.session.scalar(
        sa.select(sa.func.count()).where(Step.document_id == document.id, Step.event.in_(RECORDINGS))
    )
    if recordings != 1:
        return
    realisation = db.session.get_one(tables.realisation, document.id)
    realisation.first_recorded_at, realisation.late_reason = None, ""
    db.session.flush()
    held = db.session.scalars(
        sa.select(tables.measured)
        .join(tables.realisation, tables.realisation.document_id == tables.item.realisation_id)
        .where(
            tables.plan == getattr(realisation, tables.plan.key),
            tables.realisation.document_id != document.id,
            tables.realisation.first_recorded_at.is_not(None),
        )
    )
    _lock(tables, set(_indicators_of(tables, document.id)) - set(held), None)


def _indicators_of(tables: Tables, realisation_id: int) -> list[int]:
    return list(
        db.session.scalars(sa.select(tables.measured).where(tables.item.realisation_id == realisation_id))
    )


def _lock(tables: Tables, indicators: Iterable[int], at: datetime | None) -> None:
    """Set or lift the lock; an older lock keeps its moment."""
    update = sa.update(tables.indicator).where(tables.indicator.id.in_(list(indicators)))
    if at is not None:
        update = update.where(tables.indicator.locked_at.is_(None))
    db.session.execute(update.values(locked_at=at).execution_options(synchronize_session="fetch"))
    for name in tables.kept:
        memo().pop(name, None)


def follow(kind: str, document_id: int, wanted: Sequence[int]) -> None:
    """Entries for indicators that came, none for those that no longer count and hold nothing yet."""
    tables = TABLES[kind]
    realisation = db.session.get_one(tables.realisation, document_id)
    present = {getattr(item, tables.measured.key): item for item in realisation.items}
    for indicator_id, item in present.items():
        is_empty = item.value is None and not item.narrative and not item.evidence
        if indicator_id not in wanted and is_empty:
            realisation.items.remove(item)
    for indicator_id in wanted:
        if indicator_id not in present:
            realisation.items.append(tables.item(**{tables.measured.key: indicator_id}))
    db.session.flush()
