"""Reading tallies: for some units, themselves or with everything below, exact at the moment of the statement.

What was counted is read; of units that changed since, what was counted is taken off and what there is now put on.
"""

from collections.abc import Collection
from functools import cache
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Period, Tally, TallyMark, TallyUnit, Unit
from kinerja.services.tallies.live import PACE, PEOPLE, TODAY, Wanted, counted

KEYS = ("period_id", "kind", "slot", "state", "mark")


def areas_of(condition: Any) -> Any:
    """The units one asks for, as a common table."""
    return sa.select(Unit.id, Unit.path, Unit.code, Unit.name).where(condition).cte("areas")


def changed_ids(today: Any = TODAY) -> tuple[Any, ...]:
    """Selects of the ids of units that are to be counted anew on a day."""
    return (
        sa.select(TallyMark.unit_id),
        sa.select(TallyUnit.unit_id).where(TallyUnit.good_until <= today),
        sa.select(TallyUnit.unit_id).where(TallyUnit.good_from > today),
    )


def changed_units() -> Any:
    """Those units, with where they were counted and where they are now."""
    ids = sa.union(*changed_ids()).subquery("ids")
    return (
        sa.select(ids.c.unit_id, Unit.path, sa.func.coalesce(TallyUnit.path, "").label("counted_at"))
        .select_from(ids)
        .outerjoin(Unit, Unit.id == ids.c.unit_id)
        .outerjoin(TallyUnit, TallyUnit.unit_id == ids.c.unit_id)
        .cte("changed")
    )


def _holds(path: Any, area: Any) -> Any:
    """Is the unit of this path the area, or below it?"""
    return path.contains(sa.literal_column("'/'") + sa.cast(area.c.id, sa.String) + sa.literal_column("'/'"))


def rows(areas: Any, wanted: Wanted, *, people: bool = True, pace: bool = True) -> Any:
    """A select of (area id, path, code, name, period_id, kind, slot, state, mark, own, total) per area."""
    changed = changed_units()
    kept = [getattr(Tally, key) for key in KEYS]
    narrowed = wanted(Tally.kind, Tally.period_id, Tally.slot)
    stored = (
        sa.select(areas.c.id, *kept, Tally.own.label("own"), Tally.total.label("total"))
        .select_from(areas)
        .join(Tally, Tally.unit_id == areas.c.id)
        .where(*narrowed)
    )
    past = Tally.own * sa.literal_column("-1")
    off = (
        sa.select(areas.c.id, *kept, sa.case((areas.c.id == changed.c.unit_id, past), else_=0), past)
        .select_from(changed)
        .join(areas, _holds(changed.c.counted_at, areas))
        .join(Tally, Tally.unit_id == changed.c.unit_id)
        .where(*narrowed)
    )
    live = counted(changed, wanted, people=people, pace=pace)
    place = changed.alias("place")
    on = (
        sa.select(
            areas.c.id,
            *(live.c[key] for key in KEYS),
            sa.case((areas.c.id == live.c.unit_id, live.c.n), else_=0),
            live.c.n,
        )
        .select_from(live)
        .join(place, place.c.unit_id == live.c.unit_id)
        .join(areas, _holds(place.c.path, areas))
    )
    every = sa.union_all(stored, off, on).subquery("every_row")
    head = (areas.c.id, areas.c.path, areas.c.code, areas.c.name)
    named = [every.c[key] for key in KEYS]
    return (
        sa.select(
            *head,
            *named,
            sa.func.sum(every.c.own).label("own"),
            sa.func.sum(every.c.total).label("total"),
        )
        .select_from(every)
        .join(areas, areas.c.id == every.c.id)
        .group_by(*head, *named)
        .having(sa.func.sum(every.c.total) != 0)
    )


def _listed(name: str, kind: Any) -> Any:
    return sa.bindparam(name, expanding=True, type_=kind)


def _one(name: str, kind: Any) -> Any:
    return sa.bindparam(name, type_=kind)


@cache
def _of_documents(with_year: bool, with_slot: bool) -> Any:
    """Documents of some units and everything below, by kind, state and mark; built once."""

    def wanted(kind: Any, period_id: Any, slot: Any) -> list[Any]:
        conditions = [kind.in_(_listed("kinds", sa.String()))]
        if with_year:
            period = sa.select(Period.id).where(Period.year == _one("year", sa.Integer()))
            conditions.append(period_id.in_(period))
        if with_slot:
            conditions.append(slot == _one("slot", sa.String()))
        return conditions

    asked = sa.or_(
        Unit.id.in_(_listed("ids", sa.Integer())),
        sa.and_(Unit.parent_id.is_(None), _one("roots", sa.Integer()) == 1),
    )
    found = rows(areas_of(asked), wanted, people=False, pace=False).subquery("found")
    keys = (found.c.path, found.c.kind, found.c.state, found.c.mark)
    return sa.select(*keys, sa.func.sum(found.c.total).label("total")).group_by(*keys)


def of_documents(
    ids: Collection[int], roots: bool, kinds: Collection[str], year: int | None = None, slot: str = ""
) -> list[Any]:
    """Rows (path, kind, state, mark, total) per unit named, and per top of the ministry when asked for."""
    given = {"ids": list(ids), "roots": int(roots), "kinds": list(kinds), "today": clock.today()}
    given |= {"year": year} if year else {}
    given |= {"slot": slot} if slot else {}
    return list(db.session.execute(_of_documents(bool(year), bool(slot)), given))


def _in_slots(kind: Any, period_id: Any, slot: Any) -> list[Any]:
    now = sa.and_(period_id == _one("period", sa.Integer()), slot.in_(_listed("slots", sa.String())))
    before = sa.and_(period_id == _one("before", sa.Integer()), slot == _one("slot_before", sa.String()))
    return [kind.in_(_listed("kinds", sa.String())), sa.or_(now, before)]


@cache
def _of_unit() -> Any:
    ids = Unit.id.in_(_listed("ids", sa.Integer()))
    right_below = Unit.parent_id == _one("above", sa.Integer())
    return rows(areas_of(sa.or_(ids, right_below)), _in_slots)


def of_unit(
    unit_id: int,
    others: Collection[int],
    kinds: Collection[str],
    now: tuple[int, str],
    before: tuple[int, str] | None,
) -> list[Any]:
    """Everything counted of a unit, of those right below it and of some others, in a slot and the one before it."""
    given = {
        "ids": [unit_id, *others], "above": unit_id, "kinds": [*kinds, PEOPLE, PACE], "period": now[0],
        "slots": ["", "Y", now[1]], "before": before[0] if before else -1, "slot_before": before[1] if before else "",
        "today": clock.today(),
    }  # fmt: skip
    return list(db.session.execute(_of_unit(), given))


def _in_one(kind: Any, period_id: Any, slot: Any) -> list[Any]:
    return [
        kind.in_(_listed("kinds", sa.String())),
        period_id.in_(_listed("periods", sa.Integer())),
        slot.in_(_listed("slots", sa.String())),
    ]


@cache
def _of_units() -> Any:
    found = rows(areas_of(Unit.id.in_(_listed("ids", sa.Integer()))), _in_one, pace=False).subquery("found")
    keys = (found.c.id, found.c.period_id, found.c.kind, found.c.state, found.c.mark)
    return sa.select(*keys, sa.func.sum(found.c.total).label("total")).group_by(*keys)


def of_units(ids: Collection[int], kinds: Collection[str], period_id: int, slot: str) -> list[Any]:
    """Rows (id, period_id, kind, state, mark, total) of many units: people, and documents of a period."""
    given = {
        "ids": list(ids), "kinds": [*kinds, PEOPLE], "periods": [0, period_id], "slots": ["", "Y", slot],
        "today": clock.today(),
    }  # fmt: skip
    return list(db.session.execute(_of_units(), given))
