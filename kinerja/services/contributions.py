"""What somebody was to deliver by the matriks of his leader and ketua tim, to lie beside what is judged of his SKP."""

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import DISCARDED, Document, MatrixCell, MatrixMember, Person, SkpRow
from kinerja.services.review_facts import review_of


@dataclass(frozen=True)
class Contribution:
    """One role of a matriks: what it serves, how it was shared out, and whose matriks says so.

    `row_id` is the result of the SKP it became, None while it became none. `portion` as in the matriks, in the unit of
    measure of what it serves. `being_written`: the matriks is open again, the role may still change.
    """

    role: str
    serves: str
    method: str
    portion: Decimal | None
    leader: str
    matrix: str
    being_written: bool
    row_id: int | None


def of_evaluated(document: Document) -> list[Contribution]:
    """The roles in the year of an evaluation of the person evaluated, in the order of their matriks; one statement."""
    rows = db.session.execute(
        sa.select(
            MatrixCell.text, MatrixCell.parent_text, MatrixCell.method, MatrixCell.portion, Person.name,
            Document.print_number, Document.state, sa.func.min(SkpRow.id).label("row_id"),
        )
        .join(MatrixMember, MatrixMember.id == MatrixCell.member_id)
        .join(Document, Document.id == MatrixMember.matrix_id)
        .join(Person, Person.id == Document.subject_id)
        .outerjoin(
            SkpRow,
            sa.and_(SkpRow.cell_key == MatrixCell.key, SkpRow.skp_id == review_of(document).skp_id),
        )
        .where(
            MatrixMember.person_id == document.subject_id,
            Document.period_id == document.period_id,
            Document.state != DISCARDED,
            MatrixCell.text != "",
        )
        .group_by(MatrixCell.id, Person.name, Document.id)
        .order_by(Document.id, MatrixCell.position)
    )  # fmt: skip
    return [
        Contribution(
            row.text, row.parent_text, row.method, row.portion, row.name, row.print_number, row.state == "draft",
            row.row_id,
        )
        for row in rows
    ]  # fmt: skip
