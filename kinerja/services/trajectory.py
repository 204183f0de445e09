"""Target, realisation and capaian of every indicator of an SKP, slot by slot, with the working of each figure.

Two statements for a whole SKP, whatever its size; the rest is arithmetic of `kinerja.rules`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from kinerja.db import db, memo
from kinerja.models import (
    Document,
    IndicatorTarget,
    Manual,
    Period,
    Realisation,
    RealisationItem,
    Skp,
    SkpIndicator,
    SkpRow,
)
from kinerja.models.period import SLOTS_MONTHLY, SLOTS_QUARTERLY
from kinerja.rules import scoring
from kinerja.rules.content import row_numbers
from kinerja.rules.regulation import Regulation
from kinerja.rules.working import Score
from kinerja.services import scores
from kinerja.services.periods import regulation_of

YEAR_SLOT = "Y"
QUALITATIVE = "kualitatif"
# Figures that were handed over once count on while they are being corrected; a mere draft does not.
HANDED_OVER = ("recorded", "validated", "returned")


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator with what stands around it; `number` as on the forms: 1.2, 4.1; `special` of its manual."""

    id: int
    key: str
    number: str
    row_number: str
    row_kind: str
    rhk: str
    rhk_intervened: str
    assigned_by: str
    taken_over: bool
    text: str
    aspects: tuple[str, ...]
    measure: str
    polarity: str
    consolidation: str
    target: Decimal | None
    target_text: str
    locked_at: datetime | None
    approach: str
    special: scores.Special = scores.PLAIN


def handed_over(row: Any) -> bool:
    """Whether the figures of a realisation (state, first_recorded_at) count beyond its own page."""
    return row.state in HANDED_OVER or (row.state == "draft" and row.first_recorded_at is not None)


@dataclass(frozen=True)
class SlotDocument:
    """The realisation document of one slot."""

    id: int
    public_id: str
    slot: str
    state: str
    version: int
    state_since: datetime
    due_at: datetime | None
    first_recorded_at: datetime | None
    late_reason: str

    @property
    def handed_over(self) -> bool:
        """Whether its figures count for others: recorded once and not lapsed since."""
        return handed_over(self)

    @property
    def recount(self) -> bool:
        """Whether its figures count but are being corrected: "akan dihitung ulang"."""
        return self.handed_over and self.state in ("draft", "returned")


@dataclass(frozen=True)
class Entry:
    """What was typed for one indicator in one slot."""

    item_id: int
    value: Decimal | None
    narrative: str
    obstacle: str
    return_note: str


@dataclass(frozen=True)
class Cell:
    """One indicator in one slot: its own target and realisation, and both consolidated up to it."""

    slot: str
    target: Decimal | None
    realisation: Decimal | None
    total_target: Decimal | None
    total_realisation: Decimal | None
    score: Score | None
    light: str | None
    state: str
    recount: bool = False

    @property
    def locked(self) -> bool:
        """Whether the value can no longer be typed: the period is validated."""
        return self.state == "validated"


@dataclass(frozen=True)
class Line:
    """One indicator over all slots."""

    indicator: IndicatorRow
    cells: tuple[Cell, ...]

    def at(self, slot: str) -> Cell:
        """The cell of a slot; the year is the last slot. Raises KeyError."""
        if slot == YEAR_SLOT:
            return self.cells[-1]
        for cell in self.cells:
            if cell.slot == slot:
                return cell
        raise KeyError(slot)


@dataclass(frozen=True)
class Trajectory:
    """A whole SKP. `documents` holds the realisation of each slot that has one."""

    slots: tuple[str, ...]
    lines: tuple[Line, ...]
    documents: Mapping[str, SlotDocument]
    entries: Mapping[tuple[int, str], Entry]
    regulation: Regulation


def slots_of(period: Period) -> tuple[str, ...]:
    """The slots that are recorded: months or quarters, without the year."""
    slots = SLOTS_QUARTERLY if period.rhythm == "triwulanan" else SLOTS_MONTHLY
    return tuple(slot for slot in slots if slot != YEAR_SLOT)


def trajectory(skp: Skp, *, drafts: bool = False, draft_of: int | None = None) -> Trajectory:
    """Every figure of an SKP with its working.

    Only what was handed over counts; `drafts` counts all that is typed, `draft_of` that of one document.
    """
    return trajectory_of(skp.document_id, skp.document.period, drafts=drafts, draft_of=draft_of)


def trajectory_of(
    skp_id: int, period: Period, *, drafts: bool = False, draft_of: int | None = None
) -> Trajectory:
    """As `trajectory`, for those who hold the id of the SKP's document and its period."""
    documents, entries = recorded_of(skp_id)
    return assemble(skp_id, period, documents, entries, drafts=drafts, draft_of=draft_of)


def assemble(
    skp_id: int,
    period: Period,
    documents: Mapping[str, SlotDocument],
    entries: Mapping[tuple[int, str], Entry],
    *,
    drafts: bool = False,
    draft_of: int | None = None,
) -> Trajectory:
    """As `trajectory_of`, for those who have read what was recorded together with something else."""
    slots = slots_of(period)
    regulation = regulation_of(period)
    indicators, planned = plan_of(skp_id)
    targets = targets_of(indicators, planned, last_slot(slots, documents))
    lines = []
    for indicator in indicators:
        values: list[Decimal | None] = []
        for slot in slots:
            document, entry = documents.get(slot), entries.get((indicator.id, slot))
            counts = document is not None and (drafts or document.id == draft_of or document.handed_over)
            lapsed = document is not None and document.state == "missing" and document.id != draft_of
            values.append(entry.value if entry and counts and not lapsed else None)
        aims = [targets.get((indicator.id, slot)) for slot in slots]
        lines.append(Line(indicator, cells_of(indicator, slots, aims, values, regulation, documents)))
    return Trajectory(slots, tuple(lines), documents, entries, regulation)


def last_slot(slots: Sequence[str], documents: Mapping[str, SlotDocument]) -> str:
    """The last slot of the SKP's span; of the year while no period was prepared."""
    known = [slot for slot in slots if slot in documents]
    return known[-1] if known else slots[-1]


def cells_of(
    indicator: IndicatorRow,
    slots: Sequence[str],
    targets: Sequence[Decimal | None],
    values: Sequence[Decimal | None],
    regulation: Regulation,
    documents: Mapping[str, SlotDocument],
) -> tuple[Cell, ...]:
    """The cells of one indicator; pure arithmetic."""
    cells = []
    for until, slot in enumerate(slots, 1):
        document = documents.get(slot)
        state = document.state if document else ""
        recount = bool(document and document.recount)
        target, value = targets[until - 1], values[until - 1]
        if indicator.approach == QUALITATIVE:
            cells.append(Cell(slot, target, value, None, None, None, None, state, recount))
            continue
        score, aim, reached = scores.score(
            indicator.consolidation, indicator.polarity, targets, values, until, regulation, indicator.special
        )
        light = scoring.traffic_light(score.exact, regulation)
        cells.append(Cell(slot, target, value, aim, reached, score, light, state, recount))
    return tuple(cells)


@cache
def _plan_query() -> Any:
    return (
        sa.select(
            SkpRow,
            SkpIndicator,
            Skp.approach,
            IndicatorTarget.slot,
            IndicatorTarget.value,
            *scores.MANUAL_COLUMNS,
        )
        .join(SkpIndicator, SkpIndicator.row_id == SkpRow.id)
        .join(Skp, Skp.document_id == SkpRow.skp_id)
        .outerjoin(Manual, scores.in_force_for(SkpIndicator.id))
        .outerjoin(
            IndicatorTarget,
            sa.and_(IndicatorTarget.indicator_id == SkpIndicator.id, IndicatorTarget.slot != YEAR_SLOT),
        )
        .where(SkpRow.skp_id == sa.bindparam("skp_id"))
        .order_by(SkpRow.kind.desc(), SkpRow.position, SkpRow.id, SkpIndicator.position, SkpIndicator.id)
    )


def plan_of(skp_id: int) -> tuple[list[IndicatorRow], dict[tuple[int, str], Decimal]]:
    """The indicators of an SKP in the order of the form, numbered as it numbers them, and the targets of their slots.

    One statement.
    """
    known: dict[int, Any] = memo().setdefault("plans", {})
    if skp_id not in known:
        known[skp_id] = _read_plan(skp_id)
    indicators, planned = known[skp_id]
    return list(indicators), dict(planned)


def _read_plan(skp_id: int) -> tuple[list[IndicatorRow], dict[tuple[int, str], Decimal]]:
    rows = db.session.execute(_plan_query(), {"skp_id": skp_id}).all()
    found: dict[int, IndicatorRow] = {}
    planned: dict[tuple[int, str], Decimal] = {}
    kinds = {row.id: row.kind for row, *_rest in rows}
    numbers = dict(zip(kinds, row_numbers(list(kinds.values())), strict=True))
    inside: dict[int, int] = {}
    for row, indicator, approach, slot, value, *manual in rows:
        if slot is not None:
            planned[(indicator.id, slot)] = value
        if indicator.id in found:
            continue
        inside[row.id] = inside.get(row.id, 0) + 1
        number = str(numbers[row.id])
        place = (number, f"{number}.{inside[row.id]}")
        found[indicator.id] = _plain(row, indicator, approach, place, scores.special_of(*manual))
    return list(found.values()), planned


@event.listens_for(Session, "after_flush")
def _plans_were_written(session: Session, _context: object) -> None:
    changed = (*session.new, *session.dirty, *session.deleted)
    parts = (Skp, SkpRow, SkpIndicator, IndicatorTarget, Manual)
    if any(isinstance(one, parts) or (isinstance(one, Document) and one.kind == "manual") for one in changed):
        session.info.get("memo", {}).pop("plans", None)


def _plain(
    row: SkpRow, indicator: SkpIndicator, approach: str, place: tuple[str, str], special: scores.Special
) -> IndicatorRow:
    row_number, number = place
    return IndicatorRow(
        id=indicator.id,
        key=indicator.key,
        number=number,
        row_number=row_number,
        row_kind=row.kind,
        rhk=row.rhk,
        rhk_intervened=row.rhk_intervened,
        assigned_by=row.assigned_by,
        taken_over=row.taken_over_at is not None,
        text=indicator.text,
        aspects=tuple(aspect for aspect in indicator.aspects.split(",") if aspect),
        measure=indicator.measure,
        polarity=indicator.polarity,
        consolidation=indicator.consolidation,
        target=indicator.target,
        target_text=indicator.target_text,
        locked_at=indicator.locked_at,
        approach=approach,
        special=special,
    )


def targets_of(
    indicators: Iterable[IndicatorRow], planned: Mapping[tuple[int, str], Decimal], last: str
) -> dict[tuple[int, str], Decimal]:
    """(indicator, slot) -> target. Without a trajectory the target of the year is that of the last slot (desain)."""
    targets = dict(planned)
    with_trajectory = {indicator for indicator, _ in planned}
    for indicator in indicators:
        if indicator.id not in with_trajectory and indicator.target is not None:
            targets[(indicator.id, last)] = indicator.target
    return targets


# The columns of SlotDocument and of Entry, in their order.
DOCUMENT_COLUMNS = (
    Document.id,
    Document.public_id,
    Document.slot,
    Document.state,
    Document.version,
    Document.state_since,
    Document.due_at,
    Realisation.first_recorded_at,
    Realisation.late_reason,
)
ENTRY_COLUMNS = (
    RealisationItem.id.label("item_id"),
    RealisationItem.value,
    RealisationItem.narrative,
    RealisationItem.obstacle,
    RealisationItem.return_note,
)


def recorded_query(skp_id: Any) -> Any:
    """Every entry of every slot of an SKP, and each slot at least once."""
    return (
        sa.select(*DOCUMENT_COLUMNS, *ENTRY_COLUMNS, RealisationItem.indicator_id)
        .join(Realisation, Realisation.document_id == Document.id)
        .outerjoin(RealisationItem, RealisationItem.realisation_id == Document.id)
        .where(Realisation.skp_id == skp_id)
    )


def sorted_out(rows: Iterable[Any]) -> tuple[dict[str, SlotDocument], dict[tuple[int, str], Entry]]:
    """Rows of `recorded_query`, however many more columns they have, as documents and entries."""
    width = len(DOCUMENT_COLUMNS)
    documents: dict[str, SlotDocument] = {}
    entries: dict[tuple[int, str], Entry] = {}
    for row in rows:
        documents[row.slot] = SlotDocument(*row[:width])
        if row.item_id is not None:
            entries[(row.indicator_id, row.slot)] = Entry(*row[width : width + len(ENTRY_COLUMNS)])
    return documents, entries


@cache
def _recorded_query() -> Any:
    return recorded_query(sa.bindparam("skp_id"))


def recorded_of(skp_id: int) -> tuple[dict[str, SlotDocument], dict[tuple[int, str], Entry]]:
    """The realisation of each slot and what was typed in it; one statement."""
    return sorted_out(db.session.execute(_recorded_query(), {"skp_id": skp_id}).all())


def first_day(span_start: str) -> date | None:
    """The day on which the span of a document starts; None when it was not written down."""
    return date.fromisoformat(span_start) if span_start else None
