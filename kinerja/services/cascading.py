"""Who serves what: from the indicators of a unit down to the last IKI, branch by branch, and what does not fit there.

A tree is one unit: its indicators, the UPK that took one over, the roles of its matriks, what of them stands in SKP in
force, and their indicators. Where one of those people heads a unit himself, his own tree goes on below; it is read only
when somebody asks for it. The number of statements is the same for any unit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db
from kinerja.models import (
    Document,
    Iku,
    MatrixMember,
    Objective,
    Period,
    Person,
    Skp,
    SkpIndicator,
    SkpRow,
    Unit,
)
from kinerja.rules import cascade as rules
from kinerja.rules.finding import Finding
from kinerja.rules.matrix import Column
from kinerja.services import heads, identity, structure
from kinerja.services.frame import UNIT_ROLES
from kinerja.services.matrices import matrix_of
from kinerja.services.matrix_columns import AGREED, columns_of, link_of, source_of, team_columns
from kinerja.services.matrix_start import current_matrix

IN_FORCE = ("in_force", "superseded", "closed")


@dataclass
class Node:
    """A place in the tree. `kind`: iku, iki, unit, role, rhk. `unit` names the unit whose tree goes on below it."""

    kind: str
    text: str
    sub: str = ""
    document: str = ""
    anchor: str = ""
    unit: str = ""
    unit_name: str = ""
    provisional: bool = False
    inside: list["Node"] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many places there are below it."""
        return len(self.inside) + sum(one.count for one in self.inside)


@dataclass(frozen=True)
class Tree:
    """The tree of a unit; `shown` is False while its indicators are the leader's own draft."""

    unit: Unit
    roots: tuple[Node, ...]
    matrix: str
    source: str
    shown: bool
    lint: rules.Cascade

    def narrowed(self, key: str) -> "Tree":
        """The branch of one indicator; the whole tree where the unit has none of that key."""
        chosen = tuple(root for root in self.roots if root.anchor == key)
        return replace(self, roots=chosen) if chosen else self


@dataclass(frozen=True)
class Linked:
    """A finding with where it is mended."""

    finding: Finding
    document: str
    anchor: str


def may_see(person_id: int, unit: Unit) -> bool:
    """Whoever works in the unit or below it, heads a unit above it, or holds an office over it."""
    day = clock.today(unit.zone)
    holder = identity.holder_of(person_id, day)
    if holder is not None and holder.unit_path.startswith(unit.path):
        return True
    offices = [s.path for s in identity.scopes_of(person_id, day) if s.role in UNIT_ROLES]
    return any(
        unit.path.startswith(path) for path in [*offices, *(p for p in heads.headed_by(person_id) if p)]
    )


def may_see_unit(person_id: int, unit_id: int) -> bool:
    return may_see(person_id, db.session.get_one(Unit, unit_id))


def tree(unit_id: int, period_id: int) -> Tree:
    """The tree of a unit for the year of a period."""
    return _read(unit_id, period_id)


def findings(unit_id: int, period_id: int) -> list[Linked]:
    """What does not fit in the cascade of a unit, each with the document in which it is mended."""
    return findings_in(_read(unit_id, period_id))


def findings_in(found: Tree) -> list[Linked]:
    """The same of a tree that is at hand."""
    there = found.matrix or found.source
    return [Linked(one, there, "tabel-1" if found.matrix else one.field) for one in rules.lint(found.lint)]


def _read(unit_id: int, period_id: int) -> Tree:
    unit = db.session.get_one(Unit, unit_id)
    document = current_matrix(unit_id, period_id)
    plan = document or _unsaved(unit, period_id)
    if plan is None:
        return Tree(unit, (), "", "", False, rules.Cascade(()))
    source = source_of(plan)
    shown = document is not None or (source is not None and source.state in AGREED)
    columns = columns_of(plan) if shown else ()
    members = matrix_of(document).members if document is not None else []
    rows = _rows(members, period_id)
    below = _taken_over(source, period_id)
    units = _units_of(members, period_id)
    branches = _Branches(document, columns, members, rows, below, units)
    roots = tuple(branches.root(column, source) for column in columns)
    return Tree(
        unit,
        roots,
        document.public_id if document is not None else "",
        source.public_id if source is not None and shown else "",
        shown,
        rules.Cascade(tuple(branches.lint), tuple(branches.loose), _budget(plan)),
    )


def _unsaved(unit: Unit, period_id: int) -> Document | None:
    """As if its head had begun a matriks: enough to ask for the indicators of a unit that has none."""
    head = structure.head_of(unit.id, clock.today(unit.zone)).person_id
    if head is None:
        return None
    with db.session.no_autoflush:
        found = Document(kind="matrix", unit_id=unit.id, subject_id=head, period_id=period_id)
        sa.orm.attributes.set_committed_value(found, "unit", unit)
        sa.orm.attributes.set_committed_value(found, "id", -unit.id)
    return found


def _rows(members: Iterable[MatrixMember], period_id: int) -> list[tuple[SkpRow, str, int]]:
    """The rows of the SKP in force of these people, each with its document and person."""
    found = db.session.execute(
        sa.select(SkpRow, Document.public_id, Document.subject_id)
        .options(joinedload(SkpRow.indicators))
        .join(Skp, Skp.document_id == SkpRow.skp_id)
        .join(Document, Document.id == Skp.document_id)
        .where(
            Document.kind == "skp",
            Document.period_id == period_id,
            Document.state == "in_force",
            Document.subject_id.in_([m.person_id for m in members]),
        )
        .order_by(Document.subject_id, SkpRow.position)
    ).unique()
    return [(row, public_id, person) for row, public_id, person in found]


def _taken_over(source: Document | None, period_id: int) -> list[Any]:
    """The IKU of UPK below that take one of this PK over, as far as their own PK is signed."""
    if source is None or source.kind != "pk":
        return []
    upper, objective = sa.orm.aliased(Iku), sa.orm.aliased(Objective)
    return list(
        db.session.execute(
            sa.select(
                upper.key.label("above"), Iku.name, Iku.code, Iku.cascading, Iku.target, Iku.measure, Iku.key,
                Document.public_id, Unit.code.label("unit"), Unit.name.label("unit_name"),
            )
            .join(upper, upper.id == Iku.handed_down_id)
            .join(objective, objective.id == upper.objective_id)
            .join(Objective, Objective.id == Iku.objective_id)
            .join(Document, Document.id == Objective.pk_id)
            .join(Unit, Unit.id == Document.unit_id)
            .where(
                objective.pk_id == source.id, Document.period_id == period_id, Document.state.in_(AGREED)
            )
            .order_by(Unit.path, Iku.position)
        )
    )  # fmt: skip


def _units_of(members: Iterable[MatrixMember], period_id: int) -> dict[int, tuple[str, str]]:
    """Of these people, who has a matriks of his own: his unit."""
    rows = db.session.execute(
        sa.select(Document.subject_id, Unit.code, Unit.name)
        .join(Unit, Unit.id == Document.unit_id)
        .where(
            Document.kind == "matrix",
            Document.period_id == period_id,
            Document.state != "closed",
            Document.subject_id.in_([m.person_id for m in members]),
        )
    )
    return {row.subject_id: (row.code, row.name) for row in rows}


def _budget(plan: Document) -> bool | None:
    """Does the SKP of a head who is JPT name Anggaran? None where he is none or has none."""
    rows = db.session.execute(
        sa.select(Document.id, Skp.senior_form, SkpRow.perspective)
        .join(Skp, Skp.document_id == Document.id)
        .outerjoin(SkpRow, SkpRow.skp_id == Document.id)
        .where(
            Document.kind == "skp",
            Document.subject_id == plan.subject_id,
            Document.period_id == plan.period_id,
            Document.state.in_(IN_FORCE),
        )
        .order_by(Document.span_start.desc(), Document.id.desc())
    ).all()
    if not rows or not rows[0].senior_form:
        return None
    return any("anggaran" in (row.perspective or "").lower() for row in rows if row.id == rows[0].id)


class _Branches:
    """Puts the tree together from what was read, and beside it what the rules look at."""

    def __init__(
        self,
        document: Document | None,
        columns: tuple[Column, ...],
        members: Iterable[MatrixMember],
        rows: list[tuple[SkpRow, str, int]],
        below: list[Any],
        units: dict[int, tuple[str, str]],
    ):
        self.document, self.below, self.units = document, below, units
        self.members = list(members)
        teams = [one for lead in self.members if lead.team for one in team_columns(lead, columns)]
        every = (*columns, *teams)
        self.of_column: dict[str, list[tuple[MatrixMember, Any]]] = {}
        for member in self.members:
            for cell in (c for c in member.cells if c.text.strip()):
                parent = link_of(cell, every).parent
                self.of_column.setdefault(parent.key if parent else "", []).append((member, cell))
        cells = {cell.key for member in self.members for cell in member.cells}
        self.of_cell: dict[tuple[str, int], list[tuple[SkpRow, str]]] = {}
        names: dict[int, Person] = {m.person_id: m.person for m in self.members}
        self.loose: list[tuple[str, str]] = []
        for row, public_id, person in rows:
            if row.cell_key in cells:
                self.of_cell.setdefault((row.cell_key, person), []).append((row, public_id))
            elif not row.cell_key:
                self.loose.append((names[person].name, row.rhk))
        self.lint: list[rules.Branch] = [self._lint(column) for column in every]

    def root(self, column: Column, source: Document | None) -> Node:
        node = Node(
            "iku" if source is not None and source.kind == "pk" else "iki", f"{column.code} {column.text}".strip(),
            document=source.public_id if source is not None and source.state in AGREED else "",
            anchor=column.key, provisional=column.provisional,
        )  # fmt: skip
        node.inside = [
            Node(
                "unit", f"{one.code} {one.name}".strip(), one.unit_name, one.public_id, one.key, one.unit,
                one.unit_name,
            )
            for one in self.below
            if one.above == column.key
        ]  # fmt: skip
        node.inside += [self._role(member, cell) for member, cell in self.of_column.get(column.key, [])]
        return node

    def _role(self, member: MatrixMember, cell: Any) -> Node:
        unit, unit_name = self.units.get(member.person_id, ("", ""))
        document = self.document.public_id if self.document is not None else ""
        node = Node("role", cell.text, member.person.name, document, member.key)
        for row, public_id in self.of_cell.get((cell.key, member.person_id), []):
            node.document, node.anchor = public_id, row.key
            node.inside += [self._indicator(one, public_id, unit, unit_name) for one in row.indicators]
        node.provisional = not node.inside
        node.inside += [self._role(m, c) for m, c in self.of_column.get(cell.key, [])]
        return node

    def _indicator(self, one: SkpIndicator, public_id: str, unit: str, unit_name: str) -> Node:
        return Node("iki", one.text, "", public_id, one.key, unit, unit_name)

    def _lint(self, column: Column) -> rules.Branch:
        roles = tuple(
            rules.Served(
                cell.key, member.person.name, cell.text, cell.method, cell.portion,
                tuple(
                    rules.Measured(one.text, one.measure)
                    for row, _id in self.of_cell.get((cell.key, member.person_id), [])
                    for one in row.indicators
                ),
            )
            for member, cell in self.of_column.get(column.key, [])
        )  # fmt: skip
        below = tuple(
            rules.HandedDown(one.unit_name, one.cascading, one.target, one.measure)
            for one in self.below
            if one.above == column.key
        )
        return rules.Branch(column, roles, below, column.weighted)


def units_to_open(person_id: int, period: Period) -> list[Unit]:
    """Where somebody begins to look: the units above his own, from the top down, and his own."""
    holder = identity.holder_of(person_id, clock.today())
    offices = [s.path for s in identity.scopes_of(person_id) if s.role in UNIT_ROLES]
    paths = [holder.unit_path] if holder is not None else []
    found = {number for path in [*paths, *offices] for number in structure.path_ids(path)}
    units = db.session.scalars(sa.select(Unit).where(Unit.id.in_(found)).order_by(Unit.path))
    return [unit for unit in units if may_see(person_id, unit)]
