"""Putting right a window of an open year: dated, with a reason, audited; the documents' deadlines follow."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer
from sqlalchemy.orm.attributes import set_committed_value

from kinerja import clock
from kinerja.db import db, table_of, transaction
from kinerja.models import Document, Period, PeriodWindow, Person, WindowCorrection
from kinerja.rules import windows as rules
from kinerja.rules.words import N_
from kinerja.services import audit, deadlines, due, periods, permits
from kinerja.services.errors import BadInput, NotThere
from kinerja.services.realisation_matter import DETERMINED
from kinerja.workflows.base import OWN_RULE, Unmet

DATES = periods.WINDOW_DATES
LABELS = {
    "starts": N_("Mulai"),
    "ends": N_("Selesai"),
    "recording_opens": N_("Perekaman dibuka"),
    "evaluation_opens": N_("Evaluasi dibuka"),
    "record_by": N_("Batas rekam"),
    "validate_by": N_("Batas validasi"),
    "closes": N_("Jendela ditutup"),
}
LIMITS = ("record_by", "validate_by", "closes")
CHUNK = 500
LEAST_REASON = 10

NOT_OPEN = N_("Periode ini tidak sedang dibuka.")
DECIDED = N_("%(n)s evaluasi pada jendela ini sudah ditetapkan; jendelanya tidak dapat diubah lagi.")
SAME = N_("Tidak ada tanggal yang berubah.")
PAST = N_("Batas yang dipindah tidak boleh jatuh sebelum hari ini, %(today)s.")
REASON_NEEDED = N_("Tulis alasannya, sedikitnya %(n)s huruf.")


@dataclass(frozen=True)
class Slot:
    """A window as it stands, and how many evaluations keep it from being changed."""

    year: int
    slot: str
    label: str
    dates: Mapping[str, date]
    decided: int
    is_open: bool


@dataclass(frozen=True)
class Change:
    """One date, before and after."""

    label: str
    before: date
    after: date


@dataclass(frozen=True)
class Correction:
    """A correction that was made."""

    label: str
    changes: tuple[Change, ...]
    reason: str
    by: str
    at: datetime
    documents: int


def slot_of(person_id: int, year: int, slot: str) -> Slot:
    """A window for who may put it right. Raises NotAllowed, NotThere."""
    permits.demand(person_id, "period.correct")
    period, window = _window(year, slot)
    return Slot(
        year, slot, periods.SLOT_LABELS[slot], _dates(window), _decided(period, slot), period.state == "open"
    )


def preview(
    person_id: int, year: int, slot: str, given: Mapping[str, date], reason: str
) -> tuple[Change, ...]:
    """What would change. Raises NotAllowed, NotThere, BadInput at the field it is about."""
    permits.demand(person_id, "period.correct")
    period, window = _window(year, slot)
    _demand(period, window, given, reason)
    return _changes(_dates(window), given)


def correct(person_id: int, year: int, slot: str, given: Mapping[str, date], reason: str) -> int:
    """Put a window right and move the deadlines that hang on it; how many moved. Raises as `preview`."""
    with transaction():
        permits.demand(person_id, "period.correct")
        period, window = _window(year, slot, lock=True)
        _demand(period, window, given, reason)
        before = _dates(window)
        stood = list(_standing(period, slot))
        for name in DATES:
            setattr(window, name, given[name])
        db.session.flush()
        moved = _move(stood)
        told = {
            "before": {name: day.isoformat() for name, day in before.items()},
            "after": {name: given[name].isoformat() for name in DATES},
        }
        db.session.add(
            WindowCorrection(
                period_id=period.id,
                slot=slot,
                reason=reason.strip(),
                documents=moved,
                by_id=person_id,
                at=clock.now(),
                **told,
            )
        )
        audit.record(
            "period.window",
            actor_id=person_id,
            payload={
                "tahun": year, "jendela": slot, "sebelum": told["before"], "sesudah": told["after"],
                "alasan": reason.strip(), "dokumen": moved,
            },
        )  # fmt: skip
        return moved


def history(period_id: int) -> list[Correction]:
    """Every correction of a year, the newest first."""
    rows = db.session.execute(
        sa.select(WindowCorrection, Person.name)
        .join(Person, Person.id == WindowCorrection.by_id)
        .where(WindowCorrection.period_id == period_id)
        .order_by(WindowCorrection.id.desc())
    )
    return [
        Correction(
            periods.SLOT_LABELS[row.slot],
            _changes(_read(row.before), _read(row.after)),
            row.reason,
            name,
            row.at,
            row.documents,
        )
        for row, name in rows
    ]


def _window(year: int, slot: str, *, lock: bool = False) -> tuple[Period, PeriodWindow]:
    query = sa.select(Period).where(Period.year == year).options(undefer(Period.rules))
    period = db.session.scalars(query.with_for_update() if lock else query).first()
    window = next((one for one in period.windows if one.slot == slot), None) if period else None
    if period is None or window is None:
        raise NotThere
    return period, window


def _dates(window: PeriodWindow) -> dict[str, date]:
    return {name: getattr(window, name) for name in DATES}


def _read(kept: Mapping[str, str]) -> dict[str, date]:
    return {name: date.fromisoformat(kept[name]) for name in DATES}


def _changes(before: Mapping[str, date], after: Mapping[str, date]) -> tuple[Change, ...]:
    return tuple(
        Change(LABELS[name], before[name], after[name]) for name in DATES if before[name] != after[name]
    )


def _decided(period: Period, slot: str) -> int:
    """How many evaluations of this slot, or of the year that rests on it, stand determined."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Document)
            .where(
                Document.period_id == period.id,
                Document.kind == "predicate_review",
                Document.slot.in_({slot, "Y"}),
                Document.state.in_(DETERMINED),
            )
        )
        or 0
    )


def _demand(period: Period, window: PeriodWindow, given: Mapping[str, date], reason: str) -> None:
    """Raise BadInput for everything that stands in the way."""
    if period.state != "open":
        raise BadInput([Unmet(OWN_RULE, NOT_OPEN)])
    if decided := _decided(period, window.slot):
        raise BadInput([Unmet(OWN_RULE, DECIDED, {"n": decided})])
    label, today, before = periods.SLOT_LABELS[window.slot], clock.today(), _dates(window)
    problems = [
        Unmet(OWN_RULE, fault.message, fault.params, fault.field_name)
        for fault in rules.faults(period.year, window.slot, given, label)
    ]
    problems += [
        Unmet(OWN_RULE, PAST, {"today": today}, name)
        for name in LIMITS
        if given[name] != before[name] and given[name] < today
    ]
    if all(given[name] == before[name] for name in DATES):
        problems.append(Unmet(OWN_RULE, SAME))
    if len(reason.strip()) < LEAST_REASON:
        problems.append(Unmet(OWN_RULE, REASON_NEEDED, {"n": LEAST_REASON}, "reason"))
    if problems:
        raise BadInput(problems)


def _standing(period: Period, slot: str) -> Iterator[tuple[Document, datetime]]:
    """The waiting documents whose due moment comes from this window, with the moment it was counted from.

    A document whose moment something else has set (a hold that ended) keeps it.
    """
    last = 0
    while True:
        found = db.session.scalars(
            sa.select(Document)
            .options(joinedload(Document.unit))
            .where(
                Document.id > last,
                Document.period_id == period.id,
                Document.slot == slot,
                Document.turn != "",
                Document.due_at.is_not(None),
                Document.due_code.in_(deadlines.by_window()),
            )
            .order_by(Document.id)
            .limit(CHUNK)
        ).all()
        if not found:
            return
        last = found[-1].id
        for document in found:
            due_of = _due_from(document)
            begun = next((b for b in _beginnings(document) if due_of(b) == document.due_at), None)
            if begun is not None:
                yield document, begun


def _beginnings(document: Document) -> tuple[datetime, ...]:
    """A step runs from the day its state was entered, or from an act within it, as each calibration does."""
    return document.state_since, document.updated_at


def _due_from(document: Document) -> Callable[[datetime], datetime | None]:
    return lambda begun: deadlines.due_of(document, document.due_code, begun)


def _move(stood: list[tuple[Document, datetime]]) -> int:
    """Write the new moments; the ladder stands where the new one puts it."""
    rows: list[dict[str, Any]] = []
    for document, begun in stood:
        moment = _due_from(document)(begun)
        if moment is None or moment == document.due_at:
            continue
        later = document.due_at is not None and moment > document.due_at
        set_committed_value(document, "due_at", moment)
        if later:
            set_committed_value(document, "escalation", min(document.escalation, due.rung_of(document)))
        rows.append({"b_id": document.id, "b_due": moment, "b_rung": document.escalation})
    table = table_of(Document)
    if rows:
        statement = sa.update(table).where(table.c.id == sa.bindparam("b_id"))
        db.session.connection().execute(
            statement.values(due_at=sa.bindparam("b_due"), escalation=sa.bindparam("b_rung")), rows
        )
    return len(rows)
