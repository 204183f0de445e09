"""Determined values side by side: of a unit and those right below it in one slot, or of one unit over the years.

Only what was determined, and of that only what this reader may know: NKO and predicate for whoever watches over the
unit, perspectives and lights where he may open the nilai organisasi itself. As many statements for any number of lines.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Document, OrgResult, OrgValue, Period, PeriodWindow, Unit
from kinerja.rules import scoring
from kinerja.rules.regulation import Regulation
from kinerja.services import identity, periods, policy, units
from kinerja.services.errors import NotThere
from kinerja.services.identity import Circle
from kinerja.services.org_results import DETERMINED
from kinerja.services.org_values import DECREE
from kinerja.services.periods import regulation_of, running_slot
from kinerja.services.unit_performance import watches

MOST = 200
ENTERED = "isian"
LIGHTS = ("hijau", "kuning", "merah")


@dataclass(frozen=True)
class Line:
    """One unit in one slot of one year. Without a determined value `nko` and `predicate` are empty.

    `perspectives`: code -> index; `lights`: colour -> how many IKU; both empty where they are not his to know or were
    never computed. `basis`: what the value rests on, `hitungan`, `skep`, or `isian` where the leader entered it alone.
    """

    unit: str
    code: str
    level: str
    itself: bool
    year: int
    slot: str
    rule_set: str
    nko: Decimal | None = None
    predicate: str = ""
    light: str | None = None
    perspectives: Mapping[str, Decimal] | None = None
    lights: Mapping[str, int] | None = None
    basis: str = ""
    public_id: str = ""

    @property
    def determined(self) -> bool:
        return bool(self.predicate)


@dataclass(frozen=True)
class Comparison:
    """The lines with the perspectives any of them has (code -> name); what does not compare says so: more than one
    rule set, values that were entered beside computed ones."""

    unit: Unit
    period: Period
    slot: str
    lines: tuple[Line, ...]
    perspectives: Mapping[str, str]

    @property
    def rule_sets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.rule_set for line in self.lines if line.determined))

    @property
    def mixed_basis(self) -> bool:
        return len({line.basis for line in self.lines if line.determined}) > 1


def of_units(person_id: int, code: str, year: int | None = None, slot: str = "") -> Comparison:
    """A unit and those right below it in one slot. Raises NotThere for a unit he may know nothing of."""
    unit, period, circle, watched = _begin(person_id, code, year)
    may = watched or unit.id in circle.units
    windows = [window.slot for window in period.windows]
    chosen = slot if slot in windows else _last_determined(unit, period) or running_slot(period)
    rows = _rows(
        circle, sa.or_(Unit.id == unit.id, Unit.parent_id == unit.id), Unit.owns_strategy_map,
        Period.id == period.id, PeriodWindow.slot == chosen,
    )  # fmt: skip
    laws = {period.id: regulation_of(period)}
    lines = [_line(row, unit, laws, watched=watched) for row in rows]
    lines.sort(key=lambda line: (not line.itself, line.unit))
    return _compared(unit, period, chosen, lines, laws, may=may or any(row.seen for row in rows))


def of_years(person_id: int, code: str, year: int | None = None) -> Comparison:
    """A unit over all years and slots in which its value was determined, the newest first."""
    unit, period, circle, watched = _begin(person_id, code, year)
    rows = _rows(circle, Unit.id == unit.id, OrgResult.id.is_not(None))
    laws = {one.id: regulation_of(one) for one in periods.all_periods()} if rows else {}
    lines = [_line(row, unit, laws, watched=watched) for row in rows]
    known = [line for line in lines if line.determined]
    may = watched or unit.id in circle.units
    return _compared(unit, period, "", known, laws, may=may or bool(known))


def _begin(person_id: int, code: str, year: int | None) -> tuple[Unit, Period, Circle, bool]:
    unit = units.unit_of(code)
    period = periods.period_of(year) if year else periods.current_period()
    if unit is None or period is None:
        raise NotThere(code)
    circle = identity.circle_of(person_id)
    return unit, period, circle, watches(circle, unit)


def _compared(
    unit: Unit, period: Period, slot: str, lines: Sequence[Line], laws: Mapping[int, Regulation], *, may: bool
) -> Comparison:
    if not may:
        raise NotThere(unit.code)
    names: dict[str, str] = {}
    wanted = {code for line in lines for code in line.perspectives or ()}
    for law in laws.values():
        known: dict[str, str] = law.value("perspektif_nko")
        names |= {code: name for code, name in known.items() if code in wanted and code not in names}
    return Comparison(unit, period, slot, tuple(lines), names)


def _last_determined(unit: Unit, period: Period) -> str:
    """The last slot in which anything of this unit or of one below it was determined; one statement."""
    found = set(
        db.session.scalars(
            sa.select(OrgResult.slot)
            .join(Unit, Unit.id == OrgResult.unit_id)
            .where(OrgResult.period_id == period.id, sa.or_(Unit.id == unit.id, Unit.parent_id == unit.id))
            .distinct()
        )
    )
    slots = [window.slot for window in period.windows if window.slot in found]
    return slots[-1] if slots else ""


def _rows(circle: Circle, *conditions: Any) -> Sequence[Any]:
    """Unit by slot with what was determined and its nilai organisasi, where there is one; one statement."""
    value = sa.and_(
        Document.kind == "org_value",
        Document.unit_id == Unit.id,
        Document.period_id == Period.id,
        Document.slot == PeriodWindow.slot,
    )
    seen = sa.case((sa.and_(Document.id.is_not(None), policy.visible(circle)), 1), else_=0).label("seen")
    return db.session.execute(
        sa.select(
            Unit.id, Unit.name, Unit.code, Unit.level, Period.id.label("period_id"), Period.year, Period.rule_set,
            PeriodWindow.slot, OrgResult.nko, OrgResult.predicate, OrgResult.decree_number,
            Document.state, Document.public_id, OrgValue.basis, OrgValue.reading, seen,
        )
        .select_from(Unit)
        .join(Period, sa.true())
        .join(PeriodWindow, PeriodWindow.period_id == Period.id)
        .outerjoin(
            OrgResult,
            sa.and_(
                OrgResult.unit_id == Unit.id,
                OrgResult.period_id == Period.id,
                OrgResult.slot == PeriodWindow.slot,
            ),
        )
        .outerjoin(Document, value)
        .outerjoin(OrgValue, OrgValue.document_id == Document.id)
        .where(*conditions)
        .order_by(Period.year.desc(), PeriodWindow.position.desc(), Unit.path)
        .limit(MOST)
    ).all()  # fmt: skip


def _line(row: Any, unit: Unit, laws: Mapping[int, Regulation], *, watched: bool) -> Line:
    head = (row.name, row.code, row.level, row.id == unit.id, row.year, row.slot, row.rule_set)
    counts = row.predicate is not None and (row.state is None or row.state in DETERMINED)
    if not counts or not (watched or row.seen):
        return Line(*head)
    figures = row.reading if row.seen and row.reading else {}
    lights = Counter(one["light"] for one in figures.get("indicators", ()) if one["light"])
    return Line(
        *head,
        nko=row.nko,
        predicate=row.predicate,
        light=scoring.traffic_light(row.nko, laws[row.period_id]),
        perspectives={
            one["code"]: Decimal(one["value"]) for one in figures.get("perspectives", ()) if one["value"]
        },
        lights={colour: lights[colour] for colour in LIGHTS} if lights else None,
        basis=row.basis or (DECREE if row.decree_number else ENTERED),
        public_id=row.public_id if row.seen else "",
    )
