"""How far a team is with one period: two statements for all its people."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import (
    Document,
    EvidenceLink,
    IndicatorTarget,
    Manual,
    Period,
    Realisation,
    RealisationItem,
    Skp,
    SkpIndicator,
    SkpRow,
)
from kinerja.rules import scoring
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_
from kinerja.services import scores
from kinerja.services.periods import regulation_of
from kinerja.services.trajectory import (
    QUALITATIVE,
    YEAR_SLOT,
    first_day,
    handed_over,
    slots_of,
)
from kinerja.workflows.realisation import RealisationFlow

LIGHTS = ("hijau", "kuning", "merah")


@dataclass(frozen=True)
class Flag:
    """A mark in the row of a person: tone y or r, and a sentence with its parameters."""

    tone: str
    text: str
    params: dict[str, Any] = field(default_factory=dict)
    # Which indicators of the realisation it speaks of; as in monitoring_view.LOOKS.
    look: str = ""


@dataclass(frozen=True)
class Progress:
    """Where one person stands in one period."""

    subject_id: int
    public_id: str
    version: int
    state: str
    state_label: str
    due_at: datetime | None
    span_start: date | None
    filled: int
    total: int
    green: int
    yellow: int
    red: int
    flags: tuple[Flag, ...]

    @property
    def without_light(self) -> int:
        """Entries that have no capaian yet, or never have one."""
        return max(0, self.total - self.green - self.yellow - self.red)


def team_progress(subject_ids: Iterable[int], period: Period, slot: str) -> dict[int, Progress]:
    """Person -> his realisation of a slot ("Y": the last slot of the year). People without one are left out.

    Who has two SKPs in the slot, because he moved, is shown with the later one.
    """
    people = list(subject_ids)
    if not people:
        return {}
    slots = slots_of(period)
    wanted = slots[-1] if slot == YEAR_SLOT else slot
    by_document: dict[int, list[Any]] = {}
    by_skp: dict[int, list[Any]] = {}
    for row in _rows(people, period, slots[: slots.index(wanted) + 1]):
        by_skp.setdefault(row.skp_id, []).append(row)
        if row.slot == wanted:
            by_document.setdefault(row.document_id, []).append(row)
    unreadable = _unreadable(by_document)
    regulation = regulation_of(period)
    found: dict[int, Progress] = {}
    for document_id, rows in sorted(by_document.items(), key=lambda pair: pair[1][0].span_start):
        head = rows[0]
        lights = _lights(by_skp[head.skp_id], slots[: slots.index(wanted) + 1], regulation)
        found[head.subject_id] = _progress(head, rows, lights, unreadable.get(document_id, 0), period)
    return found


def _rows(people: list[int], period: Period, slots: tuple[str, ...]) -> Any:
    """One row per entry, or one without an entry where nothing is asked for."""
    return db.session.execute(_rows_query(), {"people": people, "period": period.id, "slots": slots}).all()


@cache
def _rows_query() -> Any:
    """Built once: putting this statement together costs more than running it."""
    return (
        sa.select(
            Document.id.label("document_id"),
            Document.subject_id,
            Document.public_id,
            Document.version,
            Document.state,
            Document.slot,
            Document.due_at,
            Document.span_start,
            Realisation.skp_id,
            Realisation.first_recorded_at,
            Skp.approach,
            SkpRow.taken_over_at,
            RealisationItem.id.label("item_id"),
            RealisationItem.indicator_id,
            RealisationItem.value,
            RealisationItem.narrative,
            SkpIndicator.polarity,
            SkpIndicator.consolidation,
            SkpIndicator.target.label("year_target"),
            IndicatorTarget.value.label("target"),
            *scores.MANUAL_COLUMNS,
        )
        .join(Realisation, Realisation.document_id == Document.id)
        .join(Skp, Skp.document_id == Realisation.skp_id)
        .outerjoin(RealisationItem, RealisationItem.realisation_id == Document.id)
        .outerjoin(SkpIndicator, SkpIndicator.id == RealisationItem.indicator_id)
        .outerjoin(SkpRow, SkpRow.id == SkpIndicator.row_id)
        .outerjoin(Manual, scores.in_force_for(SkpIndicator.id))
        .outerjoin(
            IndicatorTarget,
            sa.and_(
                IndicatorTarget.indicator_id == RealisationItem.indicator_id,
                IndicatorTarget.slot == Document.slot,
            ),
        )
        .where(
            Document.kind == "realisation",
            Document.subject_id.in_(sa.bindparam("people", expanding=True)),
            Document.period_id == sa.bindparam("period"),
            Document.slot.in_(sa.bindparam("slots", expanding=True)),
        )
    )


@cache
def _unreadable_query() -> Any:
    documents: Any = sa.bindparam("documents", expanding=True)
    return (
        sa.select(RealisationItem.realisation_id, sa.func.count(sa.distinct(EvidenceLink.evidence_id)))
        .join(EvidenceLink, EvidenceLink.item_id == RealisationItem.id)
        .where(RealisationItem.realisation_id.in_(documents), EvidenceLink.unreadable)
        .group_by(RealisationItem.realisation_id)
    )


def _unreadable(documents: Iterable[int]) -> dict[int, int]:
    """Realisation -> pieces of evidence the penilai could not open."""
    rows = db.session.execute(_unreadable_query(), {"documents": list(documents)}).all()
    return {row[0]: row[1] for row in rows}


def _lights(rows: list[Any], slots: tuple[str, ...], regulation: Regulation) -> dict[str, int]:
    """How many indicators of an SKP stand green, yellow and red at the last of the slots."""
    counts = dict.fromkeys(LIGHTS, 0)
    series: dict[int, tuple[Any, dict[str, Any]]] = {}
    for row in rows:
        if row.item_id is not None and row.approach != QUALITATIVE and row.taken_over_at is None:
            series.setdefault(row.indicator_id, (row, {}))[1][row.slot] = row
    for head, by_slot in series.values():
        if slots[-1] not in by_slot:
            continue
        targets: list[Decimal | None] = []
        values: list[Decimal | None] = []
        for slot in slots:
            row = by_slot.get(slot)
            # An entry without a target of its own stands for the target of the year (see trajectory.targets_of).
            targets.append((row.target if row.target is not None else row.year_target) if row else None)
            values.append(row.value if row and (slot == slots[-1] or handed_over(row)) else None)
        special = scores.special_of(head.scale, head.worst, head.cannot_exceed)
        score, _aim, _reached = scores.score(
            head.consolidation, head.polarity, targets, values, len(slots), regulation, special
        )
        light = scoring.traffic_light(score.exact, regulation)
        if light is not None:
            counts[light] += 1
    return counts


def _progress(
    head: Any, rows: list[Any], lights: dict[str, int], unreadable: int, period: Period
) -> Progress:
    asked = [row for row in rows if row.item_id is not None and row.taken_over_at is None]
    filled = [
        row
        for row in asked
        if (row.narrative.strip() if row.approach == QUALITATIVE else row.value is not None)
    ]
    start = first_day(head.span_start)
    flags = []
    if unreadable:
        flags.append(Flag("r", N_("%(n)s bukti tidak dapat dibuka"), {"n": unreadable}, "rusak"))
    if lights["merah"]:
        flags.append(Flag("r", N_("%(n)s indikator merah"), {"n": lights["merah"]}, "merah"))
    if head.state == "missing":
        flags.append(Flag("r", N_("Realisasi tidak diisi")))
    if start is not None and start > date(period.year, 1, 1):
        flags.append(Flag("y", N_("Komplemen sejak %(date)s"), {"date": start.isoformat()}))
    return Progress(
        subject_id=head.subject_id,
        public_id=head.public_id,
        version=head.version,
        state=head.state,
        state_label=RealisationFlow.state_label(head.state),
        due_at=head.due_at,
        span_start=start,
        filled=len(filled),
        total=len(asked),
        green=lights["hijau"],
        yellow=lights["kuning"],
        red=lights["merah"],
        flags=tuple(flags),
    )
