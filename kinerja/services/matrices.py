"""The matriks pembagian peran dan hasil as a document kind: what guards look at, how it is edited, what is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from kinerja import clock
from kinerja.db import db, memo
from kinerja.models import Document, Matrix, MatrixCell, MatrixMember, Person, Skp, SkpRow, Unit
from kinerja.rules import matrix as law
from kinerja.rules.words import N_
from kinerja.services import identity, lending
from kinerja.services.effects import effect
from kinerja.services.kinds import Context
from kinerja.services.matrix_columns import columns_of, link_of, team_columns
from kinerja.services.matrix_edit import apply_edit, member_key
from kinerja.services.new_heads import new_head_of
from kinerja.services.people import header_block, placements_of
from kinerja.workflows.matrix import MatrixFacts, MatrixFlow
from kinerja.workflows.roles import Relation


@cache
def _matrix_query() -> Any:
    return (
        sa.select(Matrix)
        .options(
            joinedload(Matrix.members).options(
                joinedload(MatrixMember.person), selectinload(MatrixMember.cells)
            )
        )
        .where(Matrix.document_id == sa.bindparam("document_id"))
    )


def matrix_of(document: Document) -> Matrix:
    """The matrix of a document with its people and their roles: two statements, or none when it is at hand."""
    known: dict[int, Matrix] = memo().setdefault("matrix", {})
    if document.id not in known:
        given = {"document_id": document.id}
        known[document.id] = db.session.scalars(_matrix_query(), given).unique().one()
    return known[document.id]


class MatrixKind:
    flow = MatrixFlow
    applies = frozenset({"new_head"})

    def facts(self, document: Document) -> MatrixFacts:
        matrix = matrix_of(document)
        return MatrixFacts(
            state=document.state,
            period_open=document.period.state == "open",
            read_matrix=lambda: as_law_sees_it(document, matrix),
            team_leads=frozenset(m.person_id for m in matrix.members if m.team),
        )

    def apply(self, context: Context) -> None:
        if context.event == "new_head":
            context.values["subject_id"] = new_head_of(context.document)
        if context.event != "edit":
            return
        document = context.document
        matrix = matrix_of(document)
        scope = "" if context.actor.has(Relation.SUBJECT) else own_key(matrix, context.actor.person_id)
        apply_edit(matrix, context.change, people_by_key(document, matrix), columns_of(document), scope)

    def content(self, document: Document) -> dict[str, Any]:
        return matrix_content(document, matrix_of(document))

    def title(self, document: Document) -> tuple[str, dict[str, Any]]:
        return N_("Matriks peran hasil %(year)s, %(unit)s"), {
            "year": document.period.year,
            "unit": document.unit.name,
        }


KIND = MatrixKind()


def own_key(matrix: Matrix, person_id: int | None) -> str:
    """The key under which this person stands in a matrix; "" when he does not."""
    return next((m.key for m in matrix.members if m.person_id == person_id), "")


def people_of(leader_id: int, unit: Unit) -> list[Person]:
    """Those whom the head of a unit gives roles: who report to him directly and work in the unit or below it."""
    day = clock.today(unit.zone)
    direct = sorted(identity.circle_of(leader_id, day).direct)
    placed = placements_of(direct, day)
    here = [person for person, p in placed.items() if p.post.unit.path.startswith(unit.path)]
    found = db.session.scalars(sa.select(Person).where(Person.id.in_(here))).all()
    # Who works in the unit itself first, then the heads of what is below it.
    return sorted(found, key=lambda p: (len(placed[p.id].post.unit.path), p.name))


def own_people(document: Document) -> list[Person]:
    """Who may have a row in a matrix: those of the leader, behind them who is lent to the unit; asked once."""
    own, lent = _rows_of(document)
    return own + lent


def _rows_of(document: Document) -> tuple[list[Person], list[Person]]:
    known: dict[int, tuple[list[Person], list[Person]]] = memo().setdefault("matrix_people", {})
    if document.id not in known:
        own = people_of(document.subject_id, document.unit)
        there = {person.id for person in own} | {document.subject_id}
        lent = [one.person for who, one in lending.lent_to(document.unit).items() if who not in there]
        known[document.id] = own, sorted(lent, key=lambda person: person.name)
    return known[document.id]


def people_by_key(document: Document, matrix: Matrix) -> dict[str, int]:
    """Key -> person, of everybody who may have a row: those in it, and those of the leader who are new."""
    found = {member_key(person.public_id): person.id for person in own_people(document)}
    return found | {m.key: m.person_id for m in matrix.members}


def as_law_sees_it(document: Document, matrix: Matrix) -> law.Matrix:
    """The stored matrix as the plain value that the rules judge."""
    columns = columns_of(document)
    teams = tuple(one for lead in matrix.members if lead.team for one in team_columns(lead, columns))
    # A leader who was a member before he led keeps the roles he had until he gives them to somebody else.
    own = {person.id for person in _rows_of(document)[0]} | {
        m.person_id for m in matrix.members if m.cells and m.person_id == document.subject_id
    }
    lent = lending.lent_to(document.unit)
    strangers = [
        m.person_id for m in matrix.members if m.cells and m.person_id not in own and m.person_id not in lent
    ]
    known = _Standing(frozenset(own), frozenset(lent), *_asked(document.unit, strangers))
    members = [_law_member(m, known, (*columns, *teams)) for m in matrix.members]
    there = {m.person_id for m in matrix.members}
    new = [p for p in own_people(document) if p.id not in there] if document.state != "closed" else []
    return law.Matrix(
        columns=columns,
        members=(
            *members,
            *(law.Member(member_key(p.public_id), p.name, (), p.id in own, p.id in lent) for p in new),
        ),
        of_teams=teams,
        agreed=tuple(_agreed(document, matrix)),
    )


@dataclass(frozen=True)
class _Standing:
    """Who is of the unit, who is lent to it; of the others the name of their penilai, and what waits for him."""

    own: frozenset[int]
    lent: frozenset[int]
    superiors: Mapping[int, str]
    asked: Mapping[int, str]


def _asked(unit: Unit, people: list[int]) -> tuple[dict[int, str], dict[int, str]]:
    if not people:
        return {}, {}
    chains = identity.chains(people, clock.today(unit.zone))
    return {who: chain[0].name for who, chain in chains.items() if chain}, lending.asked_for(unit, people)


def _law_member(member: MatrixMember, known: _Standing, columns: tuple[law.Column, ...]) -> law.Member:
    cells = tuple(
        law.Cell(c.key, parent.key if parent else "", c.text, c.method, c.portion)
        for c in member.cells
        for parent in (link_of(c, columns).parent,)
    )
    who = member.person_id
    return law.Member(
        member.key, member.person.name, cells, who in known.own, who in known.lent, known.superiors.get(who, ""),
        known.asked.get(who, ""),
    )  # fmt: skip


def _agreed(document: Document, matrix: Matrix) -> list[law.Agreed]:
    """The rows of SKP in force that were taken from this matrix, each with what its cell says now."""
    people = [m.person_id for m in matrix.members]
    now = {c.key: c.text for m in matrix.members for c in m.cells}
    rows = db.session.execute(
        sa.select(SkpRow.cell_key, SkpRow.rhk, Person.name, Document.subject_id)
        .join(Skp, Skp.document_id == SkpRow.skp_id)
        .join(Document, Document.id == Skp.document_id)
        .join(Person, Person.id == Document.subject_id)
        .where(
            Document.state == "in_force",
            Document.period_id == document.period_id,
            Document.subject_id.in_(people),
            SkpRow.cell_key != "",
        )
        .order_by(Person.name, SkpRow.position)
    ).all()
    # A cell that is not here may stand in the matrix of another leader.
    missing = [row.cell_key for row in rows if row.cell_key not in now]
    elsewhere = set(
        db.session.scalars(sa.select(MatrixCell.key).where(MatrixCell.key.in_(missing))) if missing else ()
    )
    return [
        law.Agreed(row.cell_key, row.name, row.rhk, now.get(row.cell_key), row.subject_id)
        for row in rows
        if row.cell_key not in elsewhere
    ]


def matrix_content(document: Document, matrix: Matrix) -> dict[str, Any]:
    """The canonical content of a matrix: what pages and the form A.1.5 show, revisions keep and comparisons read."""
    day = clock.today(document.unit.zone)
    posts = placements_of([m.person_id for m in matrix.members], day)
    return {
        "jenis": "matrix",
        "tahun": document.period.year,
        "unit": {"kode": document.unit.code, "nama": document.unit.name},
        "pimpinan": header_block(document.subject_id, day).as_json(),
        "indikator": [{"key": c.key, "kode": c.code, "teks": c.text} for c in columns_of(document)],
        "anggota": [
            {
                "key": m.key,
                "nama": m.person.name,
                "jabatan": posts[m.person_id].post.title if m.person_id in posts else "",
                "tim": m.team,
                "anggota_tim": list(m.teams),
                "peran": [_cell_content(c) for c in m.cells],
            }
            for m in matrix.members
        ],
    }


def _cell_content(cell: MatrixCell) -> dict[str, Any]:
    return {
        "key": cell.key,
        "kolom": cell.parent_key,
        "teks_kolom": cell.parent_text,
        "teks": cell.text,
        "metode": cell.method,
        "porsi": None if cell.portion is None else format(cell.portion, "f"),
    }


@effect("matrix", "share")
def tell_the_people(context: Context) -> None:
    """Whoever has a role is told; and where his SKP is in force and says something else, he and the leader (MPH-5)."""
    document = context.document
    matrix = matrix_of(document)
    text = N_("Peran Anda tercantum pada %(document)s.")
    differs = N_("Peran Anda pada %(document)s berbeda dari SKP yang berlaku: SKP tetap, bahas Adendum.")
    changed = _changed(document, matrix)
    for member in matrix.members:
        if member.person_id == context.actor.person_id:
            continue
        if member.person_id in changed:
            context.notify(member.person_id, differs)
        elif any(c.text.strip() for c in member.cells):
            context.notify(member.person_id, text)
    if changed:
        said = N_("%(document)s berbeda dari SKP %(n)s pegawai yang berlaku: SKP tetap, bahas Adendum.")
        context.notify(document.subject_id, said, n=len(changed))


def _changed(document: Document, matrix: Matrix) -> set[int]:
    """Whose SKP in force says something else than his roles now do."""
    return {
        one.person
        for one in _agreed(document, matrix)
        if one.now is None or not law.same_words(one.agreed, one.now)
    }
