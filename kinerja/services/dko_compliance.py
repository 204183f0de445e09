"""Which UPK held its DKO in which quarter and has its LAKIN data sheet: for whoever watches over a part of the tree.

Five statements, any size."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Dko, Document, Period, Unit
from kinerja.rules import dko as law
from kinerja.services import heads, identity, lakin, policy, structure
from kinerja.services.dko_matter import DONE
from kinerja.services.errors import NotThere
from kinerja.services.identity import Circle
from kinerja.workflows.roles import Relation

HELD, LATE, AHEAD, MISSED, NONE, NOT_YET = (
    "dilaksanakan",
    "terlambat",
    "dijadwalkan",
    "terlewat",
    "belum",
    "nanti",
)
WATCHERS = frozenset(
    {
        Relation.PENGELOLA_ORGANISASI, Relation.KOMITE_PELAKSANA, Relation.SEKRETARIAT, Relation.AUDITOR,
    }
)  # fmt: skip
# Which of several of one quarter counts.
_RANK = {HELD: 0, AHEAD: 1, LATE: 2, MISSED: 3, NONE: 4, NOT_YET: 5}


@dataclass(frozen=True)
class Cell:
    """One quarter of one UPK: how it stands, its day, and its document where the reader may open it."""

    state: str
    held_on: date | None = None
    public_id: str = ""


@dataclass(frozen=True)
class Line:
    """One UPK; `depth` below those that are shown first, `parts` UPK below it that are not shown."""

    code: str
    name: str
    level: str
    has_pk: bool
    depth: int
    parts: int
    cells: tuple[Cell, ...]
    sheet: lakin.Standing


@dataclass(frozen=True)
class Compliance:
    """The lines shown, every line below them for a file, and per quarter how many of the UPK with a PK held it.

    `dialogue` is the abbreviation that the law of the year has for it.
    """

    lines: tuple[Line, ...]
    every: tuple[Line, ...]
    held: tuple[int, ...]
    due: tuple[int, ...]
    dialogue: str = "DKO"


def watched(person_id: int) -> list[str]:
    """The paths of the parts of the tree whose compliance this person sees: of his office, and below what he heads."""
    day = clock.today()
    offices = [scope.path for scope in identity.scopes_of(person_id, day) if scope.role in WATCHERS]
    paths = sorted({*offices, *heads.headed_by(person_id, day)})
    return [path for path in paths if not any(path != above and path.startswith(above) for above in paths)]


def look(circle: Circle, period: Period | None, code: str = "") -> Compliance:
    """What one sees of a year, from a unit down or of everything one watches. Raises NotThere for a unit outside it."""
    paths = watched(circle.person_id)
    if code:
        path = db.session.scalar(sa.select(Unit.path).where(Unit.code == code))
        if path is None or not any(path.startswith(one) for one in paths):
            raise NotThere(code)
        paths = [path]
    if not paths or period is None:
        return Compliance((), (), (0,) * len(law.QUARTERS), (0,) * len(law.QUARTERS))
    every = _lines(circle, period, paths)
    shown = tuple(line for line in every if line.depth <= 1)
    held, due = [], []
    for place in range(len(law.QUARTERS)):
        cells = [line.cells[place].state for line in every if line.has_pk]
        held.append(sum(state == HELD for state in cells))
        due.append(sum(state != NOT_YET for state in cells))
    return Compliance(shown, tuple(every), tuple(held), tuple(due), law.short_of(period.rule_set))


def _lines(circle: Circle, period: Period, paths: Sequence[str]) -> list[Line]:
    inside = sa.or_(*(Unit.path.startswith(path) for path in paths))
    has_pk = sa.exists().where(
        Document.kind == "pk",
        Document.unit_id == Unit.id,
        Document.period_id == period.id,
        Document.state.in_(("in_force", "amended", "closed")),
    )
    units = db.session.execute(
        sa.select(Unit.id, Unit.code, Unit.name, Unit.level, Unit.path, has_pk.label("has_pk"))
        .where(Unit.owns_strategy_map, inside)
        .order_by(Unit.path)
    ).all()
    found: dict[tuple[int, str], Cell] = {}
    seen = sa.case((policy.visible(circle), 1), else_=0).label("seen")
    rows = db.session.execute(
        sa.select(Document.unit_id, Document.slot, Document.state, Document.public_id, Dko.held_on, seen)
        .join(Dko, Dko.document_id == Document.id)
        .join(Unit, Unit.id == Document.unit_id)
        .where(Document.kind == "dko", Document.period_id == period.id, inside)
        .order_by(Document.id)
    )
    today = clock.today()
    for row in rows:
        cell = Cell(state_of(row.state, row.held_on, today), row.held_on, row.public_id if row.seen else "")
        known = found.get((row.unit_id, row.slot))
        if known is None or _RANK[cell.state] < _RANK[known.state]:
            found[row.unit_id, row.slot] = cell
    values = lakin.values_of(period, Unit.owns_strategy_map, inside)
    above = {unit.id: [n for n in structure.path_ids(unit.path) if n != unit.id] for unit in units}
    below = Counter(number for numbers in above.values() for number in numbers)
    here = {unit.id for unit in units}
    return [
        Line(
            unit.code, unit.name, unit.level, bool(unit.has_pk), len(here.intersection(above[unit.id])), below[unit.id],
            tuple(found.get((unit.id, slot)) or Cell(without(period.year, slot, today)) for slot in law.QUARTERS),
            lakin.standing_of(values.get(unit.id), today),
        )
        for unit in units
    ]  # fmt: skip


def without(year: int, slot: str, today: date) -> str:
    return NONE if law.quarter(year, slot)[1] < today else NOT_YET


def state_of(state: str, held_on: date, today: date) -> str:
    if state == "missed":
        return MISSED
    if state in DONE:
        return HELD
    return LATE if held_on < today else AHEAD
