"""What the events of SKP and realisation set in motion: periods prepared, targets locked and unlocked."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, insert_into, memo
from kinerja.models import (
    Document,
    PeriodWindow,
    Realisation,
    RealisationItem,
    Skp,
    SkpIndicator,
    Step,
)
from kinerja.services import new_documents
from kinerja.services.effects import effect
from kinerja.services.kinds import Context
from kinerja.services.trajectory import QUALITATIVE, YEAR_SLOT, IndicatorRow, plan_of, targets_of
from kinerja.workflows.roles import SYSTEM

RECORDINGS = ("record", "record_late")


@effect("skp", "establish")
def prepare_periods(context: Context) -> None:
    """An SKP in force has one realisation per slot of its span; those whose period has begun open at once.

    After a reopening the documents are there already: only what their entries ask for follows the new text.
    """
    document = context.document
    skp = db.session.get_one(Skp, document.id)
    windows = [w for w in document.period.windows if _in_span(w, skp)]
    if not windows:
        return
    existing = {d.slot: d for d in _realisations(document.id)}
    indicators, planned = plan_of(document.id)
    targets = targets_of(indicators, planned, windows[-1].slot)
    today = clock.today(document.unit.zone)
    wanted = {w.slot: [i.id for i in indicators if _counts(i, w.slot, targets)] for w in windows}
    absent = {}
    for slot, indicator_ids in wanted.items():
        if slot in existing:
            _follow(existing[slot], indicator_ids)
        else:
            absent[slot] = indicator_ids
    if absent:
        existing |= _prepare(document, absent)
    for window in windows:
        realisation = existing[window.slot]
        if realisation.state == "not_open" and window.recording_opens <= today:
            context.then.append((realisation.public_id, "open_period", {}))


def _in_span(window: PeriodWindow, skp: Skp) -> bool:
    return window.slot != YEAR_SLOT and window.starts <= skp.ends and window.ends >= skp.starts


def _counts(indicator: IndicatorRow, slot: str, targets: Mapping[tuple[int, str], object]) -> bool:
    """A narrative is asked for in every period, a number where there is a target (RL-1)."""
    return indicator.approach == QUALITATIVE or (indicator.id, slot) in targets


def _realisations(skp_id: int) -> Iterable[Document]:
    return db.session.scalars(
        sa.select(Document).where(Document.kind == "realisation", Document.parent_id == skp_id)
    )


def _prepare(skp: Document, wanted: Mapping[str, list[int]]) -> dict[str, Document]:
    """A realisation for each of these slots, with an entry for each indicator that counts in it."""
    documents = new_documents.create_for_slots(
        "realisation",
        list(wanted),
        subject_id=skp.subject_id,
        unit_id=skp.unit_id,
        period=skp.period,
        by=SYSTEM,
        state="not_open",
        parent_id=skp.id,
        span_start=date.fromisoformat(skp.span_start) if skp.span_start else None,
    )
    rows = [{"document_id": document.id, "skp_id": skp.id} for document in documents]
    db.session.execute(insert_into(Realisation), rows)
    entries = [
        {"realisation_id": document.id, "indicator_id": indicator}
        for document in documents
        for indicator in wanted[document.slot]
    ]
    if entries:
        db.session.execute(insert_into(RealisationItem), entries)
    for document in documents:
        new_documents.begin(document, SYSTEM, "prepare_period")
    return {document.slot: document for document in documents}


def _follow(document: Document, wanted: list[int]) -> None:
    """Entries for indicators that came, none for those that no longer count and hold nothing yet."""
    realisation = db.session.get_one(Realisation, document.id)
    present = {item.indicator_id: item for item in realisation.items}
    for indicator_id, item in present.items():
        is_empty = item.value is None and not item.narrative and not item.evidence
        if indicator_id not in wanted and is_empty:
            realisation.items.remove(item)
    for indicator_id in wanted:
        if indicator_id not in present:
            realisation.items.append(RealisationItem(indicator_id=indicator_id))
    db.session.flush()


@effect("realisation", *RECORDINGS)
def lock_targets(context: Context) -> None:
    """From the first recording on target and capaian of its indicators are locked against an Adendum (AD-1)."""
    realisation = db.session.get_one(Realisation, context.document.id)
    if realisation.first_recorded_at is None:
        realisation.first_recorded_at = context.now
    if context.event == "record_late":
        realisation.late_reason = context.note
    db.session.flush()
    _lock(_indicators_of(context.document.id), context.now)


@effect("realisation", "withdraw")
def lift_first_lock(context: Context) -> None:
    """Taking back the very first recording lifts the lock, unless another period holds it."""
    document = context.document
    recordings = db.session.scalar(
        sa.select(sa.func.count()).where(Step.document_id == document.id, Step.event.in_(RECORDINGS))
    )
    if recordings != 1:
        return
    realisation = db.session.get_one(Realisation, document.id)
    realisation.first_recorded_at = None
    realisation.late_reason = ""
    db.session.flush()
    own = _indicators_of(document.id)
    held = db.session.scalars(
        sa.select(RealisationItem.indicator_id)
        .join(Realisation, Realisation.document_id == RealisationItem.realisation_id)
        .where(
            Realisation.skp_id == realisation.skp_id,
            Realisation.document_id != document.id,
            Realisation.first_recorded_at.is_not(None),
        )
    )
    _lock(set(own) - set(held), None)


def _indicators_of(realisation_id: int) -> list[int]:
    return list(
        db.session.scalars(
            sa.select(RealisationItem.indicator_id).where(RealisationItem.realisation_id == realisation_id)
        )
    )


def _lock(indicators: Iterable[int], at: datetime | None) -> None:
    """Set or lift the lock; an older lock keeps its moment."""
    update = sa.update(SkpIndicator).where(SkpIndicator.id.in_(list(indicators)))
    if at is not None:
        update = update.where(SkpIndicator.locked_at.is_(None))
    db.session.execute(update.values(locked_at=at).execution_options(synchronize_session="fetch"))
    for name in ("skp", "plans"):
        memo().pop(name, None)
