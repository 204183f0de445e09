"""Bringing the tallies up to date: count the units that changed, and carry what is different up to every unit above.

One at a time does this. A unit's mark goes before the unit is counted: whatever changes meanwhile marks it again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, insert_into, table_of, transaction
from kinerja.models import Person, Placement, Post, Tally, TallyMark, TallyUnit, Unit
from kinerja.services.tallies.live import counted
from kinerja.services.tallies.looking import KEYS, changed_units

# Units counted in one transaction: SQLite has one writer, and nobody should wait long for it.
CHUNK = 200
WRITTEN = 2000
LOCK = 7_202_611

Key = tuple[int, str, str, str, str]
Sums = dict[int, Counter[Key]]


def _nobody(_n: int) -> None:
    """Hears how far the work is and tells nobody."""


def keep(on_units: Callable[[int], object] = _nobody) -> int:
    """Count the units that changed; how many. Safe to run twice or twice at once. `on_units` hears how far it is."""
    done = 0
    while True:
        with transaction():
            _one_at_a_time()
            units = db.session.execute(
                sa.select(changed_units().c.unit_id).limit(CHUNK), {"today": clock.today()}
            )
            ids = sorted(units.scalars().all())
            if ids:
                _unmark(ids)
                _count_anew(ids)
        done += len(ids)
        on_units(len(ids))
        if len(ids) < CHUNK:
            return done


def rebuild(on_units: Callable[[int], object] = _nobody) -> int:
    """Count every unit anew, in one transaction; how many. What was kept before is thrown away."""
    with transaction():
        _one_at_a_time()
        for table in (TallyMark, TallyUnit, Tally):
            db.session.execute(sa.delete(table))
        places = _all_places()
        for chunk in _chunks(_with_everything_below(places)):
            _insert(chunk)
        for ids in _chunks((unit_id for _path, unit_id in places), CHUNK):
            _remember(ids)
            on_units(len(ids))
        return len(places)


def differences() -> list[str]:
    """Where what pages would show is not what a full recount gives; empty when all is well.

    Raises nothing and changes nothing: the tallies are laid aside and put back.
    """
    from kinerja.services.tallies.looking import areas_of, rows

    areas = areas_of(sa.true())
    read = db.session.execute(rows(areas, _anything), {"today": clock.today()})
    shown = {(row[0], *tuple(row[4:9])): (row.own, row.total) for row in read if row.own or row.total}
    places = _all_places()
    found = {
        (row["unit_id"], *(row[key] for key in KEYS)): (row["own"], row["total"])
        for row in _with_everything_below(places)
    }
    wrong = []
    for key in sorted(shown.keys() | found.keys(), key=str):
        if shown.get(key) != found.get(key):
            wrong.append(f"{key}: {shown.get(key)} != {found.get(key)}")
    return wrong


def _all_places() -> list[tuple[str, int]]:
    """Path and id of every unit, each unit right before everything below it."""
    return sorted((row.path, row.id) for row in db.session.execute(sa.select(Unit.path, Unit.id)))


def _anything(_kind: Any, _period_id: Any, _slot: Any) -> list[Any]:
    return []


def _one_at_a_time() -> None:
    """SQLite has one writer anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def _unmark(ids: Sequence[int]) -> None:
    db.session.execute(
        sa.delete(TallyMark).where(TallyMark.unit_id.in_(ids)).execution_options(synchronize_session=False)
    )


def _chunks(items: Iterable[Any], size: int = WRITTEN) -> Iterator[list[Any]]:
    stream = iter(items)
    while chunk := list(islice(stream, size)):
        yield chunk


def _own(ids: Sequence[int]) -> Sums:
    """The counts of these units themselves, from the rows they are counts of."""
    some = sa.select(Unit.id.label("unit_id")).where(Unit.id.in_(ids)).cte("some")
    live = counted(some, _anything)
    names = [live.c.unit_id, *(live.c[key] for key in KEYS)]
    rows = db.session.execute(
        sa.select(*names, sa.func.sum(live.c.n)).group_by(*names), {"today": clock.today()}
    )
    found: Sums = {}
    for unit_id, *key, n in rows:
        if n:
            found.setdefault(unit_id, Counter())[tuple(key)] += n
    return found


def _above(path: str) -> list[int]:
    """The units of a path, the lowest too."""
    return [int(part) for part in path.split("/") if part]


def _count_anew(ids: Sequence[int]) -> None:
    """Replace what was kept of these units, and change every unit above by the difference."""
    new, old = _own(ids), _kept(ids)
    moved: Sums = {}
    _carry(moved, old, _places(TallyUnit.unit_id, TallyUnit.path, ids), -1)
    _carry(moved, new, _places(Unit.id, Unit.path, ids), 1)
    changes = []
    for unit_id in sorted(moved):
        before, after = old.get(unit_id, Counter()), new.get(unit_id, Counter())
        for key in sorted(before.keys() | after.keys() | moved[unit_id].keys()):
            own, total = after[key] - before[key], moved[unit_id][key]
            if own or total:
                changes.append(_row(unit_id, key, own, total))
    for chunk in _chunks(changes):
        _add(chunk)
    if changes:
        touched = {row["unit_id"] for row in changes}
        db.session.execute(
            sa.delete(Tally)
            .where(Tally.unit_id.in_(touched), Tally.own == 0, Tally.total == 0)
            .execution_options(synchronize_session=False)
        )
    _remember(ids)


def _carry(moved: Sums, owns: Sums, places: dict[int, str], sign: int) -> None:
    """Put the counts of units on themselves and on every unit above them."""
    for unit_id, own in owns.items():
        for above in _above(places[unit_id]):
            total = moved.setdefault(above, Counter())
            for key, n in own.items():
                total[key] += sign * n


def _kept(ids: Sequence[int]) -> Sums:
    found: Sums = {}
    columns = [getattr(Tally, key) for key in KEYS]
    for unit_id, own, *key in db.session.execute(
        sa.select(Tally.unit_id, Tally.own, *columns).where(Tally.unit_id.in_(ids), Tally.own != 0)
    ):
        found.setdefault(unit_id, Counter())[tuple(key)] = own
    return found


def _places(unit_id: Any, path: Any, ids: Sequence[int]) -> dict[int, str]:
    return {row[0]: row[1] for row in db.session.execute(sa.select(unit_id, path).where(unit_id.in_(ids)))}


def _row(unit_id: int, key: Key, own: int, total: int) -> dict[str, Any]:
    return {"unit_id": unit_id, **dict(zip(KEYS, key, strict=True)), "own": own, "total": total}


def _add(changes: list[dict[str, Any]]) -> None:
    """Change each row by so much, or make it."""
    if db.session.get_bind().dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
    table = table_of(Tally)
    statement = insert(table)
    statement = statement.on_conflict_do_update(
        index_elements=["unit_id", *KEYS],
        set_={
            "own": table.c.own + statement.excluded.own,
            "total": table.c.total + statement.excluded.total,
        },
    )
    db.session.execute(statement, changes)


def _insert(rows: list[dict[str, Any]]) -> None:
    db.session.execute(insert_into(Tally), rows)


def _with_everything_below(places: Sequence[tuple[str, int]]) -> Iterator[dict[str, Any]]:
    """The rows of every unit, in the order of paths: a unit is complete when the next path no longer begins with it.

    Only the units above the present one are held, whatever the number of units.
    """
    opened: list[tuple[str, int, Counter[Key], Counter[Key]]] = []
    for chunk in _chunks(places, CHUNK):
        owns = _own([unit_id for _path, unit_id in chunk])
        for path, unit_id in chunk:
            while opened and not path.startswith(opened[-1][0]):
                yield from _close(opened)
            own = owns.get(unit_id, Counter())
            opened.append((path, unit_id, own, Counter(own)))
    while opened:
        yield from _close(opened)


def _close(opened: list[tuple[str, int, Counter[Key], Counter[Key]]]) -> Iterator[dict[str, Any]]:
    _path, unit_id, own, total = opened.pop()
    if opened:
        opened[-1][3].update(total)
    for key, n in total.items():
        yield _row(unit_id, key, own[key], n)


def _remember(ids: Sequence[int]) -> None:
    """Where these units were counted, and until when their counts of people hold."""
    today = clock.today()
    db.session.execute(
        sa.delete(TallyUnit).where(TallyUnit.unit_id.in_(ids)).execution_options(synchronize_session=False)
    )
    until = _next_days(ids, today)
    rows = [
        {"unit_id": unit_id, "path": path, "good_from": today, "good_until": until.get(unit_id)}
        for unit_id, path in _places(Unit.id, Unit.path, ids).items()
    ]
    if rows:
        db.session.execute(insert_into(TallyUnit), rows)


def _next_days(ids: Sequence[int], today: date) -> dict[int, date]:
    """The next day on which somebody comes or goes, or is exempt or no longer, per unit that knows of one."""

    def soonest(column: Any, *, last_day: bool) -> Any:
        coming = column >= today if last_day else column > today
        return sa.func.min(sa.case((coming, column), else_=sa.null()))

    rows = db.session.execute(
        sa.select(
            Post.unit_id,
            soonest(Placement.starts, last_day=False),
            soonest(Person.exempt_from, last_day=False),
            soonest(Placement.ends, last_day=True),
            soonest(Person.exempt_to, last_day=True),
        )
        .join(Placement, Placement.post_id == Post.id)
        .join(Person, Person.id == Placement.person_id)
        .where(Post.unit_id.in_(ids), Placement.kind == "definitif")
        .group_by(Post.unit_id)
    )
    found = {}
    for unit_id, starts, exempt_from, ends, exempt_to in rows:
        days = [day for day in (starts, exempt_from) if day]
        days += [day + timedelta(days=1) for day in (ends, exempt_to) if day]
        if days:
            found[unit_id] = min(days)
    return found
