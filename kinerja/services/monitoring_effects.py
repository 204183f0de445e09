"""What the events of an SKP set in motion: its periods are prepared."""

from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, insert_into
from kinerja.models import (
    Document,
    PeriodWindow,
    Realisation,
    RealisationItem,
    Skp,
)
from kinerja.services import new_documents, recorded_targets
from kinerja.services.effects import effect
from kinerja.services.kinds import Context
from kinerja.services.trajectory import QUALITATIVE, YEAR_SLOT, IndicatorRow, plan_of, targets_of
from kinerja.workflows.roles import SYSTEM


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
            recorded_targets.follow("realisation", existing[slot].id, indicator_ids)
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
