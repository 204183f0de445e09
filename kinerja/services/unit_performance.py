"""How a UPK does in a year, on one page: its values, lights, trajectories, what is late and its DKO.

The same number of statements for any unit. Nothing is computed here: figures come from `iku_values` as it reads or
froze them. Each reader gets what he could open one by one: who sees the realisation of the unit reads it as it stands,
staff what was determined, whoever only watches the tree the determined value alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Dko, Document, OrgResult, OrgValue, Period, Unit
from kinerja.reports import charts
from kinerja.rules import dko as dialogue
from kinerja.rules import scoring
from kinerja.rules.windows import month_day
from kinerja.services import dko_compliance, identity, iku_values, periods, policy, rights, units
from kinerja.services.agreements import COUNTING
from kinerja.services.calendars import calendar_for
from kinerja.services.errors import NotThere
from kinerja.services.identity import Circle
from kinerja.services.kinds import kind_of
from kinerja.services.org_results import DETERMINED
from kinerja.services.periods import regulation_of, short_label
from kinerja.services.trajectory import HANDED_OVER, YEAR_SLOT, Cell
from kinerja.workflows.roles import label_of

KINDS = ("pk", "iku_realisation", "org_value", "dko", "manual")
# So many points are drawn on one page of trajectories: fourteen IKU of a year of quarters, four of a year of months.
POINTS = 56


@dataclass(frozen=True)
class Value:
    """The value of one slot; `nko` and `predicate` are empty while it is not determined, or not his to know before."""

    slot: str
    nko: Decimal | None = None
    light: str | None = None
    predicate: str = ""
    determined: bool = False
    public_id: str = ""
    state_label: str = ""


@dataclass(frozen=True)
class Late:
    """A document of the unit whose day is over, so many working days ago; without a document it was never begun."""

    kind_label: str
    slot: str
    due: date
    days: int
    public_id: str = ""
    number: str = ""
    state_label: str = ""
    turn: str = ""


@dataclass(frozen=True)
class Dialogue:
    """The DKO about one quarter: how it stands, its day, and until when it can be held."""

    slot: str
    state: str
    day: date | None
    until: date
    public_id: str = ""


@dataclass(frozen=True)
class Reached:
    """Map and IKU at the end of a slot, plain values as of `iku_values.frozen`; `slot` is empty before anything is
    known, and then only the targets are there."""

    slot: str
    figures: Mapping[str, Any]
    trajectories: Mapping[str, tuple[Cell, ...]]
    details: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Dashboard:
    """Everything on the page. `near`: may he see what is not determined yet?"""

    unit: Unit
    period: Period
    near: bool
    watched: bool
    pk_id: str
    pk_label: str
    slots: tuple[str, ...]
    values: tuple[Value, ...]
    reached: Reached | None
    late: tuple[Late, ...]
    dialogues: tuple[Dialogue, ...]


def look(person_id: int, code: str, year: int | None = None, slot: str = "") -> Dashboard:
    """What this person sees of this unit and year. Raises NotThere where that is nothing."""
    unit = units.unit_of(code)
    period = periods.period_of(year) if year else periods.current_period()
    if unit is None or period is None or not unit.owns_strategy_map:
        raise NotThere(code)
    circle = identity.circle_of(person_id)
    watched = watches(circle, unit)
    rows = _documents(unit, period, circle)
    if not watched and not any(row.seen for row in rows):
        raise NotThere(code)
    seen = [row for row in rows if row.seen]
    near = any(row.kind == "iku_realisation" for row in seen)
    known = _known_slots(period, seen)
    chosen = slot if slot in known else (known[-1] if known else "")
    pks = [row for row in reversed(seen) if row.kind == "pk" and row.state != "cancelled"]
    pk = next((row for row in pks if row.state in COUNTING), pks[0] if pks else None)
    return Dashboard(
        unit,
        period,
        near,
        watched,
        pk.public_id if pk else "",
        _state(pk) if pk else "",
        known,
        _values(unit, period, rows),
        _reached(pk, period, chosen, seen, near=near) if pk and pk.state in COUNTING else None,
        tuple(_late(unit, period, rows, watched=watched)),
        tuple(_dialogues(unit, period, rows, every=_follows_dialogues(circle, unit))),
    )


def watches(circle: Circle, unit: Unit) -> bool:
    """Does he watch over this unit, by an office or as head of it or of one above?"""
    reaches = units.reaches_of(circle.person_id, circle.scopes, needed=unit)
    return units.watch_over(reaches, unit.path) is not None


def _follows_dialogues(circle: Circle, unit: Unit) -> bool:
    return any(unit.path.startswith(path) for path in dko_compliance.watched(circle.person_id))


def _documents(unit: Unit, period: Period, circle: Circle) -> Sequence[Any]:
    """The documents about this unit and year, each with whether this reader may open it; one statement."""
    seen = sa.case((policy.visible(circle), 1), else_=0).label("seen")
    return db.session.execute(
        sa.select(
            Document.id, Document.unit_id, Document.kind, Document.slot, Document.state, Document.public_id,
            Document.print_number, Document.due_at, Document.turn, OrgValue.nko, OrgValue.basis, OrgValue.reading,
            OrgValue.predicate, Dko.held_on, seen,
        )
        .join(Unit, Unit.id == Document.unit_id)
        .outerjoin(OrgValue, OrgValue.document_id == Document.id)
        .outerjoin(Dko, Dko.document_id == Document.id)
        .where(
            Document.unit_id == unit.id,
            Document.period_id == period.id,
            Document.kind.in_(KINDS),
            sa.or_(Document.kind != "manual", Document.slot == rights.MANUAL_OF_UNIT),
        )
        .order_by(Document.id)
    ).all()  # fmt: skip


def _state(row: Any) -> str:
    return kind_of(row.kind).flow.state_label(row.state)


def _known_slots(period: Period, seen: Sequence[Any]) -> tuple[str, ...]:
    """The slots of which he may know what was reached: recorded ones near by, else determined ones."""
    found = {
        row.slot
        for row in seen
        if (row.kind == "iku_realisation" and row.state in HANDED_OVER)
        or (row.kind == "org_value" and row.state in DETERMINED)
    }
    return tuple(window.slot for window in period.windows if window.slot in found)


def _values(unit: Unit, period: Period, rows: Sequence[Any]) -> tuple[Value, ...]:
    """NKO and predicate per slot of the year; one statement for what was determined."""
    results = {
        row.slot: row
        for row in db.session.execute(
            sa.select(OrgResult.slot, OrgResult.nko, OrgResult.predicate).where(
                OrgResult.unit_id == unit.id, OrgResult.period_id == period.id
            )
        )
    }
    documents = {row.slot: row for row in rows if row.kind == "org_value"}
    law = regulation_of(period)
    found = []
    for slot in (window.slot for window in period.windows):
        result, document = results.get(slot), documents.get(slot)
        link = document.public_id if document is not None and document.seen else ""
        label = _state(document) if document is not None and document.seen else ""
        # What is opened again is determined no more, though the evaluations still hold what it was.
        counts = result is not None and (document is None or document.state in DETERMINED)
        if counts and result is not None:
            light = scoring.traffic_light(result.nko, law)
            found.append(Value(slot, result.nko, light, result.predicate, True, link, label))
        else:
            nko = document.nko if document is not None and link and document.basis else None
            found.append(Value(slot, nko, None, "", False, link, label))
    return tuple(found)


def _reached(pk: Any, period: Period, slot: str, seen: Sequence[Any], *, near: bool) -> Reached:
    """Lights and figures of a slot, frozen where its value was computed; trajectories up to what he may know."""
    reading = iku_values.read(pk.unit_id, period, slot or period.windows[0].slot, pk_row=pk)
    row = next((one for one in seen if one.kind == "org_value" and one.slot == slot), None)
    kept = row is not None and row.basis and row.reading
    figures = row.reading if row is not None and kept else iku_values.frozen(reading)
    order = [window.slot for window in period.windows]
    until = order.index(slot) if slot else -1
    return Reached(
        slot,
        figures,
        {
            one.key: tuple(
                cell
                if near or (cell.state == "validated" and order.index(cell.slot) <= until)
                else _aim(cell)
                for cell in one.cells
            )
            for one in reading.indicators
        },
        {one.key: (one.consolidation, one.polarity) for one in reading.indicators},
    )


def _aim(cell: Cell) -> Cell:
    """A slot of which only the target is known."""
    return Cell(cell.slot, cell.target, None, cell.total_target, None, None, None, "")


def per_page(period: Period) -> int:
    """How many trajectories one page draws."""
    return max(POINTS // max(len(period.windows) - 1, 1), 1)


def chart_of(cells: Sequence[Cell], light: str | None) -> dict[str, Any] | None:
    """The drawing of a trajectory; None without any target."""
    targets = [c.total_target if c.target is not None else None for c in cells]
    actuals = [c.total_realisation if c.target is not None else None for c in cells]
    if not any(target is not None for target in targets):
        return None
    told = [value for value in actuals if value is not None]
    remark = charts.indonesian(told[-1]) if len(told) > 1 else ""
    labels = [short_label(c.slot) for c in cells]
    return charts.trajectory(labels, targets, actuals, bad=light == "merah", remark=remark)


def _late(unit: Unit, period: Period, rows: Sequence[Any], *, watched: bool) -> list[Late]:
    """What of the unit waits beyond its day, the longest first; of what he may open, and a PK that nobody began."""
    today, calendar = clock.today(unit.zone), calendar_for(unit)

    def days(due: date) -> int:
        return max(calendar.between(due, today), 1)

    found = []
    for row in rows:
        due = clock.local(row.due_at, unit.zone).date() if row.due_at else None
        if row.kind == "dko" and row.state == "scheduled":
            due = row.held_on
        if not row.seen or due is None or due >= today or not row.turn:
            continue
        found.append(
            Late(
                kind_of(row.kind).flow.title, row.slot, due, days(due), row.public_id, row.print_number, _state(row),
                label_of(row.turn, row.kind),
            )
        )  # fmt: skip
    begun = any(row.kind == "pk" and row.state != "cancelled" for row in rows)
    if watched and not begun:
        last = month_day(period.year, regulation_of(period).text("pk_batas"))
        if last < today:
            found.append(Late(kind_of("pk").flow.title, YEAR_SLOT, last, days(last)))
    return sorted(found, key=lambda one: (one.due, one.number))


def _dialogues(unit: Unit, period: Period, rows: Sequence[Any], *, every: bool) -> list[Dialogue]:
    """The DKO of each quarter that is over, and those before their time; staff see what was signed."""
    today = clock.today(unit.zone)
    in_force = any(row.kind == "pk" and row.state in ("in_force", "amended", "closed") for row in rows)
    found = []
    for slot in dialogue.QUARTERS:
        until = dialogue.last_day_to_hold(dialogue.quarter(period.year, slot)[1])
        there = [
            Dialogue(slot, dko_compliance.state_of(row.state, row.held_on, today), row.held_on, until,
                     row.public_id if row.seen else "")
            for row in rows
            if row.kind == "dko" and row.slot == slot and (row.seen or every)
        ]  # fmt: skip
        if not there and every and in_force:
            there = [Dialogue(slot, dko_compliance.without(period.year, slot, today), None, until)]
        found += there
    return found
