"""The roles a person has in matriks of the year, as his SKP takes them: the text, what it serves, and who gave it."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja.db import db
from kinerja.models import Document, MatrixCell, MatrixMember, Period, Skp
from kinerja.rules import cascade
from kinerja.rules.content import row_numbers
from kinerja.rules.finding import WARNS, Finding
from kinerja.rules.matrix import LOAD
from kinerja.services import skp_links
from kinerja.services.matrices import matrix_of
from kinerja.services.matrix_columns import columns_of, link_of, team_columns
from kinerja.services.people import post_title_of

ORIGIN_MOST = 60


@dataclass(frozen=True)
class Offered:
    """One role with where it hangs now; `giver` is the post of the leader, or the tim kerja."""

    cell: MatrixCell
    role: cascade.Role
    giver: str
    matrix: Document


def roles_of(person_id: int, period: Period) -> list[Offered]:
    """The written roles of a person in the matriks of a year, in their order; a lent one may stand in several."""
    documents = db.session.scalars(
        sa.select(Document)
        .options(joinedload(Document.unit), joinedload(Document.period), joinedload(Document.subject))
        .join(MatrixMember, MatrixMember.matrix_id == Document.id)
        .where(
            MatrixMember.person_id == person_id,
            Document.period_id == period.id,
            Document.state != "closed",
        )
        .order_by(Document.id)
    ).all()
    return [one for document in documents for one in _in(document, person_id)]


def _in(document: Document, person_id: int) -> list[Offered]:
    matrix, columns = matrix_of(document), columns_of(document)
    givers, every = {column.key: post_title_of(document.subject_id) for column in columns}, list(columns)
    for lead in (m for m in matrix.members if m.team):
        theirs = team_columns(lead, columns)
        givers |= dict.fromkeys((column.key for column in theirs), lead.team)
        every += theirs
    found = []
    for cell in (c for m in matrix.members if m.person_id == person_id for c in m.cells if c.text.strip()):
        link = link_of(cell, tuple(every))
        role = cascade.Role(cell.key, cell.text, link, document.state == "draft")
        found.append(Offered(cell, role, givers.get(link.parent.key, "") if link.parent else "", document))
    return found


def rows_of_roles(person_id: int, period: Period) -> list[dict[str, Any]]:
    """The same as rows of an SKP: the text of the cell is the rencana hasil kerja (p.47)."""
    return [
        {
            "key": "", "sel": one.cell.key, "jenis": "utama", "rhk": one.cell.text,
            "rhk_diintervensi": one.role.link.parent.served if one.role.link.parent else one.cell.parent_text,
            "penugasan_dari": one.giver, "asal": _origin(one.matrix), "indikator": [_indicator(one)],
        }
        for one in roles_of(person_id, period)
    ]  # fmt: skip


def _origin(document: Document) -> str:
    return document.print_number[:ORIGIN_MOST]


def _indicator(one: Offered) -> dict[str, Any]:
    """A first indicator; where the load of a target is shared out, it is the leader's with the portion as target."""
    made: dict[str, Any] = {
        "key": "",
        "aspek": ["kuantitas"],
        "polarisasi": "maximize",
        "konsolidasi": "sum",
    }
    parent = one.role.link.parent
    if one.cell.method == LOAD and parent is not None:
        made |= {
            "teks": parent.text, "satuan": parent.unit, "polarisasi": parent.polarity,
            "konsolidasi": parent.consolidation,
            "target": None if one.cell.portion is None else format(one.cell.portion, "f"),
        }  # fmt: skip
    return made


def findings(document: Document, skp: Skp) -> list[Finding]:
    """What does not, or not yet, fit between this SKP and the matriks its rows come from; asks nothing without such."""
    if not any(row.cell_key for row in skp.rows):
        return []
    ordered = sorted(skp.rows, key=lambda row: row.kind != "utama")
    numbers = row_numbers([row.kind for row in ordered])
    results = [
        cascade.Result(row.key, str(number), row.rhk, row.cell_key)
        for row, number in zip(ordered, numbers, strict=True)
    ]
    return cascade.findings_of(results, [one.role for one in roles_of(document.subject_id, document.period)])


def proposals(document: Document, skp: Skp) -> list[Finding]:
    """Of an SKP in force: what the matriks now says otherwise. It is never changed from there (MPH-5)."""
    return [f for f in findings(document, skp) if f.severity == WARNS]


def offered(document: Document, skp: Skp) -> str:
    """From where roles could still be taken; "" when all are in the SKP."""
    taken = {row.cell_key for row in skp.rows}
    if skp_links.links_of(document).cells <= taken:
        return ""
    left = [one for one in roles_of(document.subject_id, document.period) if one.cell.key not in taken]
    return ", ".join(dict.fromkeys(one.matrix.print_number for one in left))
