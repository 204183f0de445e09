"""How far everybody below a unit is: states per stage, recordings day by day, and what each sub-unit still owes.

Two statements for any number of people: sums are made by the database over the unit's path.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import FunctionElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Period, PeriodWindow, Person, Placement, Post, Realisation, Step, Unit
from kinerja.rules import deadlines
from kinerja.rules.workdays import end_of_day
from kinerja.services import policy
from kinerja.services.calendars import calendar_for
from kinerja.services.identity import Circle, valid_on
from kinerja.services.kinds import kind_of
from kinerja.services.units import RECORDED, Watch

# Indonesia's zones keep no summer time: a local day is a fixed number of hours away.
HOURS = {"WIB": 7, "WITA": 8, "WIT": 9}
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


class LocalDay(FunctionElement[str]):
    """The calendar day of a UTC moment, so many hours east: text "2026-07-20" on both databases."""

    type = sa.String()
    inherit_cache = True


@compiles(LocalDay, "sqlite")
def _sqlite_day(element: Any, compiler: Any, **kw: Any) -> str:
    moment, hours = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"date({moment}, '+' || {hours} || ' hours')"


@compiles(LocalDay)
def _other_day(element: Any, compiler: Any, **kw: Any) -> str:
    moment, hours = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"to_char(({moment} AT TIME ZONE 'UTC') + {hours} * INTERVAL '1 hour', 'YYYY-MM-DD')"


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
    rows = db.session.execute(_counts(unit, circle, watch, slot)).all()
    stages = {
        kind: _stage(unit, kind, slot)
        for kind in ("skp", "realisation", "predicate_review")
        if kind in watch.kinds
    }
    if slot.window.slot == "Y":
        stages.pop("realisation", None)
    parts = {row.part: Part(row.code, row.name, row.part == unit.id) for row in rows}
    tallies: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        if row.kind in stages:
            sums = tallies.setdefault((row.kind, row.state), [0, 0])
            sums[0] += row.n
            sums[1] += row.visible
        _into_part(parts[row.part], row)
    for kind, stage in stages.items():
        flow = kind_of(kind).flow
        for state in reversed(flow.state_ids()):
            if (kind, state) in tallies:
                count, visible = tallies[kind, state]
                tone = TONES[kind].get(state, UNDER_WAY)
                stage.tallies.append(Tally(state, flow.state_label(state), tone, count, visible))
        stage.tallies.sort(key=lambda tally: ORDER.index(tally.tone))
    if "skp" in stages:
        stages["skp"].without = sum(row.n for row in rows if row.kind == "person" and row.state == "without")
    ordered = sorted(parts.values(), key=lambda part: (part.itself, part.name))
    kept = [part for part in ordered if not part.itself or part.people or part.obliged]
    found = Progress(list(stages.values()), kept, None)
    if "realisation" in stages:
        found.pace = _pace(unit, slot, found.sum_of("obliged"))
    return found


def _into_part(part: Part, row: Any) -> None:
    if row.kind == "person":
        part.people += row.n
        part.exempt += row.n if row.state == "exempt" else 0
        part.unbound += row.n if row.state in ("without", "unbound") else 0
    elif row.kind == "before":
        part.before += row.n
        part.before_in_time += row.visible
    elif row.kind == "realisation" and row.state != "not_open":
        part.obliged += row.n
        part.recorded += row.n if row.state in RECORDED else 0


def _counts(unit: Unit, circle: Circle, watch: Watch, slot: Slot) -> Any:
    """Per part of the unit: documents by kind and state, people by what they owe, and the slot before."""
    part = aliased(Unit)
    inside = sa.or_(
        sa.and_(part.parent_id == unit.id, Unit.path.startswith(part.path)),
        sa.and_(part.id == unit.id, Unit.id == unit.id),
    )
    tree = (
        sa.select(part.id.label("part"), part.code, part.name, Unit.id.label("unit_id"))
        .select_from(Unit)
        .join(part, inside)
        .where(Unit.path.startswith(unit.path))
        .cte("tree")
    )
    head = (tree.c.part, tree.c.code, tree.c.name)
    wanted = [sa.and_(Document.kind == "skp", Document.slot == "Y")]
    wanted.append(sa.and_(Document.kind.in_(watch.kinds - {"skp"}), Document.slot == slot.window.slot))
    documents = (
        sa.select(
            *head,
            Document.kind.label("kind"),
            policy.shown_state(circle).label("state"),
            sa.case((policy.visible(circle), 1), else_=0).label("visible"),
        )
        .select_from(tree)
        .join(Unit, Unit.id == tree.c.unit_id)
        .join(Document, Document.unit_id == Unit.id)
        .where(Document.period_id == slot.period.id, sa.or_(*wanted))
    )
    branches = [documents, _people(tree, head, slot)]
    if slot.before is not None and "realisation" in watch.kinds:
        branches.append(_before(tree, head, *slot.before))
    every = sa.union_all(*branches).subquery()
    names = (every.c.part, every.c.code, every.c.name, every.c.kind, every.c.state)
    return sa.select(
        *names, sa.func.count().label("n"), sa.func.sum(every.c.visible).label("visible")
    ).group_by(*names)


def _people(tree: Any, head: Any, slot: Slot) -> Any:
    """One row per person of the unit, with what he owes."""
    today = clock.today()
    return (
        sa.select(*head, sa.literal("person"), person_state(slot, today), sa.literal(0))
        .select_from(tree)
        .join(Post, Post.unit_id == tree.c.unit_id)
        .join(Placement, Placement.post_id == Post.id)
        .join(Person, Person.id == Placement.person_id)
        .where(Placement.kind == "definitif", valid_on(Placement, today))
    )


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
        Document.kind == "realisation", Document.slot == slot.window.slot, Document.state != "not_open"
    )
    return sa.case(
        (sa.or_(exempt, has(Document.kind == "skp", Document.state == "exempt")), "exempt"),
        (~has(Document.kind == "skp"), "without"),
        (~owes, "unbound"),
        else_="bound",
    )


def _before(tree: Any, head: Any, period_id: int, window: PeriodWindow) -> Any:
    """The realisations of the slot before; whether each was recorded in time is what the engine wrote then."""
    in_time = sa.exists().where(Step.document_id == Document.id, Step.event == "record", sa.not_(Step.late))
    return (
        sa.select(*head, sa.literal("before"), sa.literal(""), sa.case((in_time, 1), else_=0))
        .select_from(tree)
        .join(Document, Document.unit_id == tree.c.unit_id)
        .where(
            Document.period_id == period_id,
            Document.kind == "realisation",
            Document.slot == window.slot,
            Document.state != "not_open",
        )
    )


def _stage(unit: Unit, kind: str, slot: Slot) -> Stage:
    """A stage with its deadline for those who are in time, and how far away that is."""
    calendar = calendar_for(unit)
    if kind == "skp":
        begun = end_of_day(date(slot.period.year - 1, 12, 31), unit.zone)
        moment = deadlines.due_at(
            "skp_establish", since=begun, zone=unit.zone, calendar=calendar, year=slot.period.year, windows={}
        )
        due = clock.local(moment, unit.zone).date() if moment else None
    else:
        due = slot.window.record_by if kind == "realisation" else slot.window.closes
    today = clock.today(unit.zone)
    left = calendar.remaining(today, due) if due else None
    if due is not None and today > due:
        left = -max(calendar.between(due, today), 1)
    return Stage(kind, "Y" if kind == "skp" else slot.window.slot, due, left)


def _pace(unit: Unit, slot: Slot, total: int) -> Pace:
    day = LocalDay(Realisation.first_recorded_at, sa.literal_column(str(HOURS[unit.zone])))
    keys = [(slot.period.id, slot.window)] + ([slot.before] if slot.before else [])
    rows = db.session.execute(
        sa.select(Document.period_id, Document.slot, day.label("day"), sa.func.count().label("n"))
        .join(Realisation, Realisation.document_id == Document.id)
        .join(Unit, Unit.id == Document.unit_id)
        .where(
            Unit.path.startswith(unit.path),
            Document.kind == "realisation",
            Realisation.first_recorded_at.is_not(None),
            sa.or_(*(sa.and_(Document.period_id == p, Document.slot == w.slot) for p, w in keys)),
        )
        .group_by(Document.period_id, Document.slot, sa.text("day"))
    ).all()
    today = clock.today(unit.zone)
    days = _days(slot.window, today)

    def count_until(key: tuple[int, PeriodWindow], last: date) -> int:
        return sum(
            row.n
            for row in rows
            if (row.period_id, row.slot) == (key[0], key[1].slot) and row.day <= last.isoformat()
        )

    now = tuple(count_until(keys[0], d) if d <= today else None for d in days)
    before = None
    if slot.before is not None:
        start = _days(slot.before[1], today)[0]
        before = tuple(count_until(slot.before, start + timedelta(days=i)) for i in range(len(days)))
    return Pace(days, now, before, max(total, 1))


def _days(window: PeriodWindow, today: date) -> tuple[date, ...]:
    """From the day after the slot's last to the day recording ends; longer while people still record late."""
    first = max(window.recording_opens, window.ends + timedelta(days=1))
    first = min(first, window.record_by)
    last = max(window.record_by, min(today, window.validate_by))
    return tuple(first + timedelta(days=i) for i in range((last - first).days + 1))
