"""Who watches over which part of the unit tree, and the units themselves as a list with their counts.

A watcher is appointed (pengelola, Komite, sekretariat, auditor, PyB) for a unit and everything below it, or heads a
unit. Everything is asked of the database by path prefix; nothing walks the tree.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import DISCARDED, Period, Unit
from kinerja.rules.words import N_
from kinerja.services import finding, identity
from kinerja.services.frame import UNIT_ROLES
from kinerja.services.heads import headed_by
from kinerja.services.identity import Scope
from kinerja.services.rights import VIEWERS
from kinerja.services.tallies import looking
from kinerja.services.tallies.live import HELD, PEOPLE
from kinerja.workflows.roles import LABELS, Relation

# What a unit page speaks of, in the order of the year; objections are nobody's progress.
STAGES = ("skp", "realisation", "predicate_review")
REMINDERS = frozenset(
    {
        Relation.PENGELOLA_PEGAWAI,
        Relation.PENGELOLA_ORGANISASI,
        Relation.KOMITE_PELAKSANA,
        Relation.SEKRETARIAT,
    }
)
HEAD = N_("Pimpinan unit")
LISTED = 200
FOUND = 50
RECORDED = ("recorded", "validated")
ESTABLISHED = ("in_force", "superseded", "closed")


@dataclass(frozen=True)
class Reach:
    """One part of the tree a person watches, why, and what he may do there."""

    path: str
    why: str
    kinds: frozenset[str]
    reminds: bool


@dataclass(frozen=True)
class Watch:
    """All reaches of a person that meet in one unit."""

    kinds: frozenset[str]
    reminds: bool
    why: tuple[str, ...]


@dataclass(frozen=True)
class UnitRow:
    """A unit in the list of units, with the counts of everything below it."""

    id: int
    code: str
    name: str
    level: str
    depth: int
    people: int
    plans: int
    in_force: int
    obliged: int
    recorded: int


def reaches_of(
    person_id: int, scopes: Sequence[Scope], on: date | None = None, needed: Unit | None = None
) -> tuple[Reach, ...]:
    """What a person watches today: by appointment, and as head of a unit. One statement.

    With `needed` it is left out where his appointments already give him everything in that unit.
    """
    found = []
    for scope in scopes:
        if scope.role in UNIT_ROLES:
            relation = Relation(scope.role)
            kinds = frozenset(kind for kind in STAGES if relation in VIEWERS[kind])
            found.append(Reach(scope.path, LABELS[relation], kinds, relation in REMINDERS))
    enough = watch_over(found, needed.path) if needed is not None else None
    if enough is not None and enough.reminds and enough.kinds == frozenset(STAGES):
        return tuple(found)
    found += [Reach(path, HEAD, frozenset(STAGES), True) for path in headed_by(person_id, on)]
    return tuple(found)


def watch_over(reaches: Sequence[Reach], path: str) -> Watch | None:
    """What these reaches give in the unit with this path; None when it is not watched at all."""
    here = [reach for reach in reaches if path.startswith(reach.path)]
    if not here:
        return None
    return Watch(
        frozenset().union(*(reach.kinds for reach in here)),
        any(reach.reminds for reach in here),
        tuple(dict.fromkeys(reach.why for reach in here)),
    )


def may_watch(person_id: int, unit: Unit) -> bool:
    """May this person see how far this unit is?"""
    return watch_over(reaches_of(person_id, identity.scopes_of(person_id)), unit.path) is not None


_UNIT_OF = sa.select(Unit).where(Unit.code == sa.bindparam("code"))


def unit_of(code: str) -> Unit | None:
    """A unit by its code."""
    found: Unit | None = db.session.scalars(_UNIT_OF, {"code": code}).first()
    return found


def _roots(reaches: Sequence[Reach]) -> list[str]:
    """The tops of what is watched; a part below another is left out."""
    paths = sorted({reach.path for reach in reaches})
    return [path for path in paths if not any(path != above and path.startswith(above) for above in paths)]


def listed(reaches: Sequence[Reach], period: Period | None, slot: str, text: str = "") -> list[UnitRow]:
    """The tops of what one watches and the units right below them, or all of it that matches a text."""
    roots = _roots(reaches)
    if not roots:
        return []
    today = clock.today()
    open_now = sa.and_(
        sa.or_(Unit.valid_from.is_(None), Unit.valid_from <= today),
        sa.or_(Unit.valid_to.is_(None), Unit.valid_to > today),
    )
    is_root = Unit.parent_id.is_(None) if roots == [""] else Unit.path.in_(roots)
    if text:
        words = text.strip().lower()
        inside = sa.or_(*(Unit.path.startswith(path) for path in roots))
        alike = sa.or_(
            Unit.id.in_(finding.units_alike(words)),
            sa.func.lower(Unit.code).startswith(words, autoescape=True),
        )
        chosen = sa.select(Unit.id).where(inside, alike, open_now).order_by(Unit.path).limit(FOUND)
    else:
        tops = sa.select(Unit.id).where(is_root)
        chosen = (
            sa.select(Unit.id).where(sa.or_(is_root, Unit.parent_id.in_(tops)), open_now).order_by(Unit.path)
        )
        chosen = chosen.limit(LISTED)
    rows = db.session.execute(
        sa.select(Unit.id, Unit.code, Unit.name, Unit.level, Unit.path)
        .where(Unit.id.in_(chosen))
        .order_by(Unit.path)
    ).all()
    counts = _counts([row.id for row in rows], period, slot)
    shallowest = min((row.path.count("/") for row in rows), default=0)
    return [
        UnitRow(
            row.id, row.code, row.name, row.level, row.path.count("/") - shallowest,
            **{name: counts[row.id, name] for name in ("people", "plans", "in_force", "obliged", "recorded")},
        )
        for row in rows
    ]  # fmt: skip


def _counts(ids: Sequence[int], period: Period | None, slot: str) -> Counter[tuple[int, str]]:
    """What the list of units says of each, with everything below it; one statement."""
    found: Counter[tuple[int, str]] = Counter()
    for row in looking.of_units(ids, ("skp", "realisation"), period.id if period else 0, slot):
        if row.kind == "skp":
            found[row.id, "plans"] += row.total if row.state not in ("exempt", DISCARDED) else 0
            found[row.id, "in_force"] += row.total if row.state in ESTABLISHED else 0
        elif row.kind == "realisation" and HELD not in row.mark:
            found[row.id, "obliged"] += row.total if row.state != "not_open" else 0
            found[row.id, "recorded"] += row.total if row.state in RECORDED else 0
        elif row.kind == PEOPLE and row.period_id == 0:
            found[row.id, "people"] += row.total
    return found
