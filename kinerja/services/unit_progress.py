"""How far everybody below a unit is: states per stage, recordings day by day, and what each sub-unit still owes.

Two statements for any number of people: read from tallies, with what changed since and what is the reader's own.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import DISCARDED, Document, Period, PeriodWindow, Person, Unit, is_held, is_plan
from kinerja.services import skp_due
from kinerja.services.calendars import calendar_for
from kinerja.services.identity import Circle
from kinerja.services.kinds import kind_of, states_of
from kinerja.services.tallies import looking, seeing
from kinerja.services.tallies.live import (
    BOUND,
    EXEMPT,
    HELD,
    IN_TIME,
    NEXT_DAY,
    PACE,
    PEOPLE,
    by_post,
    people_in,
)
from kinerja.services.tallies.live import WITHOUT as WITHOUT_PLAN
from kinerja.services.units import RECORDED, Watch

# What a state means for the bar of its stage; the rest is under way.
TONES = {
    "skp": {"in_force": "ok", "superseded": "ok", "closed": "ok", "agreed": "b2", "in_review": "b2", "reviewed": "b2",
            "signed_employee": "b1", "in_dialogue": "b2", "submitted": "b2", "exempt": "b4", "on_hold": "warn"},
    "realisation": {"validated": "ok", "recorded": "b1", "returned": "warn", "missing": "bad", "open": "b4",
                    "not_open": "b4"},
    "predicate_review": {"final": "ok", "reported": "ok", "accepted": "ok", "accepted_silent": "ok", "determined": "b1",
                         "signed": "b1", "delivered": "b1", "received": "b1", "decided": "b1", "objected": "warn",
                         "prepared": "b4"},
}  # fmt: skip
UNDER_WAY = "b3"
ORDER = ("ok", "b1", "b2", "b3", "warn", "bad", "b4")
WITHOUT = "tanpa-skp"


@dataclass(frozen=True)
class Tally:
    """How many documents of a stage are in one state, and how many of them this reader may open."""

    state: str
    label: str
    tone: str
    count: int
    open_to_me: int


@dataclass
class Stage:
    """One step of the year for everybody below the unit."""

    kind: str
    slot: str
    due: date | None
    days_left: int | None
    # The day of most people, when `due` is that of those who may start later.
    general: date | None = None
    tallies: list[Tally] = field(default_factory=list)
    without: int = 0

    @property
    def total(self) -> int:
        return sum(tally.count for tally in self.tallies) + self.without

    @property
    def settled(self) -> bool:
        """Is nobody behind with this stage?"""
        return self.total == sum(t.count for t in self.tallies if t.tone == "ok" or t.state == "exempt")


@dataclass
class Part:
    """The unit itself or one right below it, with the realisation of the slot."""

    code: str
    name: str
    itself: bool
    people: int = 0
    exempt: int = 0
    unbound: int = 0
    obliged: int = 0
    recorded: int = 0
    before: int = 0
    before_in_time: int = 0

    @property
    def missing(self) -> int:
        return self.obliged - self.recorded

    @property
    def punctual(self) -> int | None:
        """Per cent recorded in time in the slot before; None when nobody had to."""
        return round(100 * self.before_in_time / self.before) if self.before else None


@dataclass(frozen=True)
class Pace:
    """Recordings so far, day by day, beside the slot before on the same day of its own window."""

    days: tuple[date, ...]
    now: tuple[int | None, ...]
    before: tuple[int, ...] | None
    total: int


@dataclass
class Progress:
    stages: list[Stage]
    parts: list[Part]
    pace: Pace | None

    def sum_of(self, name: str) -> int:
        return sum(getattr(part, name) for part in self.parts)


@dataclass(frozen=True)
class Slot:
    """A window of a period, and the one before it: perhaps the last of the year before."""

    period: Period
    window: PeriodWindow
    before: tuple[int, PeriodWindow] | None


def slot_of(period: Period, periods: list[Period], name: str) -> Slot | None:
    """The named slot of a period with the one before it."""
    windows = [window for window in period.windows if window.slot != "Y"]
    window = next((w for w in period.windows if w.slot == name), None)
    if window is None:
        return None
    before = None
    if window in windows:
        place = windows.index(window)
        if place:
            before = (period.id, windows[place - 1])
        else:
            earlier = next((p for p in periods if p.year == period.year - 1), None)
            quarters = [w for w in earlier.windows if w.slot != "Y"] if earlier else []
            before = (earlier.id, quarters[-1]) if earlier and quarters else None
    return Slot(period, window, before)


def progress_of(unit: Unit, circle: Circle, watch: Watch, slot: Slot) -> Progress:
    """Everything the head of the unit page shows. Two statements, and the calendar of working days."""
    stages: dict[str, Stage] = {
        kind: _stage(unit, kind, slot)
        for kind in ("skp", "realisation", "predicate_review")
        if kind in watch.kinds
    }
    if slot.window.slot == "Y":
        stages.pop("realisation", None)
    now = (slot.period.id, slot.window.slot)
    before = (slot.before[0], slot.before[1].slot) if slot.before else None
    others = {
        seeing.unit_id_of(path)
        for path, _role in seeing.offices(circle)
        if path != unit.path and path.startswith(unit.path)
    }
    rows = looking.of_unit(unit.id, others, watch.kinds, now, before)
    if slot.period.state != "open":
        rows += _people_of_closed(unit, slot)
    _fill(unit, circle, slot, stages, [row for row in rows if row.id == unit.id or row.id in others])
    parts: dict[int, Part] = {}
    for row in rows:
        itself = row.id == unit.id
        n = row.own if itself else row.total
        if n and (itself or row.path == f"{unit.path}{row.id}/"):
            _into_part(parts.setdefault(row.id, Part(row.code, row.name, itself)), row, n, now, before)
    if "skp" in stages:
        stages["skp"].without = sum(
            row.total for row in rows if row.id == unit.id and (row.kind, row.state) == (PEOPLE, WITHOUT_PLAN)
        )
        _nearest(stages["skp"], unit, slot)
    ordered = sorted(parts.values(), key=lambda part: (part.itself, part.name))
    kept = [part for part in ordered if not part.itself or part.people or part.obliged]
    found = Progress(list(stages.values()), kept, None)
    if "realisation" in stages:
        recordings = [row for row in rows if row.id == unit.id and row.kind == PACE]
        found.pace = _pace(unit, slot, found.sum_of("obliged"), recordings)
    return found


def _fill(unit: Unit, circle: Circle, slot: Slot, stages: dict[str, Stage], rows: list[Any]) -> None:
    """The states of each stage, with how many of them this reader may open."""
    areas = [
        row
        for row in rows
        if row.kind in stages and (row.period_id, row.slot) == (slot.period.id, stages[row.kind].slot)
    ]

    near = [
        row
        for row in seeing.near_rows(circle, slot.period.year, unit.path)
        if row.kind in stages and row.slot == stages[row.kind].slot
    ]
    seen = seeing.seen(circle, areas, near)
    for kind, stage in stages.items():
        flow = kind_of(kind).flow
        for state in reversed(states_of(kind)):
            if seen.there[kind, state] and state != DISCARDED:
                tone = TONES[kind].get(state, UNDER_WAY)
                stage.tallies.append(
                    Tally(
                        state,
                        flow.state_label(state),
                        tone,
                        seen.there[kind, state],
                        seen.visible[kind, state],
                    )
                )
        stage.tallies.sort(key=lambda tally: ORDER.index(tally.tone))


def _into_part(part: Part, row: Any, n: int, now: tuple[int, str], before: tuple[int, str] | None) -> None:
    place = (row.period_id, row.slot)
    if row.kind == PEOPLE and place[0] == now[0]:
        if row.state == BOUND:
            # Whoever was bound in the slot before is counted there: rows of both come in one statement.
            part.unbound -= n if place == now else 0
        else:
            part.people += n
            part.exempt += n if row.state == EXEMPT else 0
            part.unbound += n if row.state != EXEMPT else 0
    elif row.kind == "realisation" and row.state != "not_open" and HELD not in row.mark:
        if place == now:
            part.obliged += n
            part.recorded += n if row.state in RECORDED else 0
        elif place == before:
            part.before += n
            part.before_in_time += n if IN_TIME in row.mark else 0


def person_state(slot: Slot, today: date) -> Any:
    """What a person owes: exempt, without an SKP, with nothing to record yet (unbound), or bound to record."""
    exempt = sa.and_(
        Person.exempt_from <= today, sa.or_(Person.exempt_to.is_(None), Person.exempt_to >= today)
    )

    def has(*conditions: Any) -> Any:
        return sa.exists().where(
            Document.subject_id == Person.id, Document.period_id == slot.period.id, *conditions
        )

    owes = has(
        Document.kind == "realisation",
        Document.slot == slot.window.slot,
        Document.state != "not_open",
        ~is_held(Document),
    )
    return sa.case(
        (sa.or_(exempt, by_post(), has(Document.kind == "skp", Document.state == "exempt")), "exempt"),
        (~has(is_plan(Document)), "without"),
        (~owes, "unbound"),
        else_="bound",
    )


def _people_of_closed(unit: Unit, slot: Slot) -> list[Any]:
    """Who has an SKP, and who had to record, in a period that is over: tallies of people are of open periods only."""
    areas = looking.areas_of(sa.or_(Unit.id == unit.id, Unit.parent_id == unit.id))
    some = sa.select(Unit.id.label("unit_id"), Unit.path).where(Unit.path.startswith(unit.path)).cte("some")
    live = people_in(some, slot.period.id, slot.window.slot)
    keys = (areas.c.id, areas.c.path, areas.c.code, areas.c.name, *(live.c[key] for key in looking.KEYS))
    own = sa.case((areas.c.id == live.c.unit_id, live.c.n), else_=0)
    query = (
        sa.select(*keys, sa.func.sum(own).label("own"), sa.func.sum(live.c.n).label("total"))
        .select_from(live)
        .join(some, some.c.unit_id == live.c.unit_id)
        .join(areas, some.c.path.startswith(areas.c.path))
        .group_by(*keys)
        .having(sa.func.sum(live.c.n) != 0)
    )
    return list(db.session.execute(query, {"today": clock.today()}))


def _stage(unit: Unit, kind: str, slot: Slot) -> Stage:
    """A stage with its deadline for those who are in time, and how far away that is."""
    if kind == "skp":
        due = skp_due.of_start(slot.period, unit, date(slot.period.year, 1, 1))
    else:
        due = slot.window.record_by if kind == "realisation" else slot.window.closes
    return Stage(kind, "Y" if kind == "skp" else slot.window.slot, due, _days_left(unit, due))


def _nearest(stage: Stage, unit: Unit, slot: Slot) -> None:
    """Once the day of all is over, the day of those who are behind: some of them may have started later than it."""
    if stage.settled or stage.days_left is None or stage.days_left >= 0:
        return
    stage.general = stage.due
    drafted = any(tally.state in skp_due.WAITING and tally.count for tally in stage.tallies)
    days = skp_due.of_those_behind(slot.period, unit, drafted=drafted, undrafted=bool(stage.without))
    stage.due = min(days, default=stage.due)
    stage.days_left = _days_left(unit, stage.due) if days else None


def _days_left(unit: Unit, due: date | None) -> int | None:
    calendar = calendar_for(unit)
    today = clock.today(unit.zone)
    if due is not None and today > due:
        return -max(calendar.between(due, today), 1)
    return calendar.remaining(today, due) if due else None


def _pace(unit: Unit, slot: Slot, total: int, recordings: list[Any]) -> Pace:
    counted: Counter[tuple[int, str, date]] = Counter()
    for row in recordings:
        moved = timedelta(days=int(row.mark >= NEXT_DAY[unit.zone]))
        counted[row.period_id, row.slot, date.fromisoformat(row.state) + moved] += row.total
    today = clock.today(unit.zone)
    days = _days(slot.window, today)

    def count_until(period_id: int, window: PeriodWindow, last: date) -> int:
        return sum(
            n for (p, s, day), n in counted.items() if (p, s) == (period_id, window.slot) and day <= last
        )

    now = tuple(count_until(slot.period.id, slot.window, d) if d <= today else None for d in days)
    before = None
    if slot.before is not None:
        start = _days(slot.before[1], today)[0]
        before = tuple(count_until(*slot.before, start + timedelta(days=i)) for i in range(len(days)))
    return Pace(days, now, before, max(total, 1))


def _days(window: PeriodWindow, today: date) -> tuple[date, ...]:
    """From the day after the slot's last to the day recording ends; longer while people still record late."""
    first = max(window.recording_opens, window.ends + timedelta(days=1))
    first = min(first, window.record_by)
    last = max(window.record_by, min(today, window.validate_by))
    return tuple(first + timedelta(days=i) for i in range((last - first).days + 1))
