"""From one result of an SKP up to the sasaran strategis of the ministry, and down to those who work for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja.db import db
from kinerja.models import Document, Iku, MatrixCell, MatrixMember, Objective, SkpRow
from kinerja.rules.matrix import same_words
from kinerja.services import identity, policy, transitions
from kinerja.services.agreements import pk_of
from kinerja.services.errors import NotThere
from kinerja.services.matrices import matrix_of
from kinerja.services.matrix_columns import columns_of, link_of, source_of, team_columns
from kinerja.services.planning import skp_of

# More levels than any ministry has: a circle of links ends here.
MOST = 15


@dataclass(frozen=True)
class Place:
    """One place on the way. `kind`: rhk, role, iki, iku, ss. `who` is the person or unit it belongs to."""

    kind: str
    text: str
    who: str
    provisional: bool = False


@dataclass(frozen=True)
class Way:
    """The way up from a result, from the ministry down to it; whether it reaches a PK; and who works for it."""

    title: str
    up: tuple[Place, ...]
    reaches: bool
    below: tuple[Place, ...]


def of_row(public_id: str, key: str, person_id: int) -> Way:
    """The way of one row of an SKP that this person may open. Raises NotThere."""
    document = transitions.load(public_id)
    if document.kind != "skp" or not policy.may_view(document, identity.actor_for(document, person_id)):
        raise NotThere(public_id)
    row = next((row for row in skp_of(document).rows if row.key == key), None)
    if row is None:
        raise NotThere(key)
    places = list(_up(document, row))
    return Way(
        row.rhk,
        tuple(reversed(places)),
        any(place.kind == "ss" for place in places),
        tuple(_below(document, row)),
    )


def _up(document: Document, row: SkpRow) -> Iterator[Place]:
    for _level in range(MOST):
        yield Place("rhk", row.rhk, document.subject.name, document.state != "in_force")
        iku = _own_iku(document, row)
        if iku is not None:
            yield from _agreement(iku)
            return
        found = _cell(row.cell_key, document.period_id)
        if found is None:
            return
        cell, matrix = found
        columns = columns_of(matrix)
        leads = {c.key: (m, c) for m in matrix_of(matrix).members if m.team for c in m.cells}
        teams = [one for m in matrix_of(matrix).members if m.team for one in team_columns(m, columns)]
        link = link_of(cell, (*columns, *teams))
        while link.parent is not None and link.parent.key in leads and link.parent not in columns:
            member, cell = leads[link.parent.key]
            yield Place("role", cell.text, f"{member.person.name}, {member.team}", link.provisional)
            link = link_of(cell, columns)
        source = source_of(matrix)
        if link.parent is None or source is None:
            return
        if source.kind == "pk":
            ikus = (one for goal in pk_of(source).objectives for one in goal.indicators)
            yield from _agreement(next(one for one in ikus if one.key == link.parent.key))
            return
        yield Place("iki", link.parent.text, matrix.subject.name, link.provisional)
        document = source
        row = next(r for r in skp_of(source).rows if any(i.key == link.parent.key for i in r.indicators))


def _own_iku(document: Document, row: SkpRow) -> Iku | None:
    """Of the head of a UPK: the IKU of its PK that an indicator of this row names (SKP-6)."""
    pk = db.session.scalars(
        sa.select(Document)
        .where(
            Document.kind == "pk",
            Document.subject_id == document.subject_id,
            Document.period_id == document.period_id,
            Document.state.not_in(("cancelled", "amended")),
        )
        .order_by(Document.id.desc())
    ).first()
    if pk is None:
        return None
    ikus = [one for goal in pk_of(pk).objectives for one in goal.indicators]
    return next((o for o in ikus for i in row.indicators if same_words(o.name, i.text)), None)


def _agreement(iku: Iku) -> Iterator[Place]:
    """An IKU with its sasaran strategis, then the IKU above that it takes over, up to the top."""
    current: Iku | None = iku
    for _level in range(MOST):
        if current is None:
            return
        goal = db.session.get_one(Objective, current.objective_id)
        document = db.session.scalars(
            sa.select(Document).options(joinedload(Document.unit)).where(Document.id == goal.pk_id)
        ).one()
        draft = document.state not in ("in_force", "closed")
        yield Place("iku", f"{current.code} {current.name}".strip(), document.unit.name, draft)
        yield Place("ss", f"{goal.code} {goal.statement}".strip(), document.unit.name, draft)
        current = db.session.get(Iku, current.handed_down_id) if current.handed_down_id else None


def _cell(key: str, period_id: int) -> tuple[MatrixCell, Document] | None:
    if not key:
        return None
    found: Any = db.session.execute(
        sa.select(MatrixCell, Document)
        .join(MatrixMember, MatrixMember.id == MatrixCell.member_id)
        .join(Document, Document.id == MatrixMember.matrix_id)
        .options(joinedload(Document.unit), joinedload(Document.subject))
        .where(MatrixCell.key == key, Document.period_id == period_id, Document.state != "closed")
    ).first()
    return (found[0], found[1]) if found is not None else None


def _below(document: Document, row: SkpRow) -> Iterator[Place]:
    """Who has a role under an indicator of this row, or as a member of the tim kerja that delivers it."""
    keys = {one.key for one in row.indicators} | ({row.cell_key} if row.cell_key else set())
    rows = db.session.execute(
        sa.select(MatrixCell, MatrixMember, Document.state)
        .join(MatrixMember, MatrixMember.id == MatrixCell.member_id)
        .join(Document, Document.id == MatrixMember.matrix_id)
        .options(joinedload(MatrixMember.person))
        .where(
            MatrixCell.parent_key.in_(keys),
            Document.period_id == document.period_id,
            Document.state != "closed",
        )
        .order_by(MatrixMember.position, MatrixCell.position)
    )
    for cell, member, state in rows:
        yield Place("role", cell.text, member.person.name, state == "draft")
