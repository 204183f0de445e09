"""Who has a role in the matriks of a unit without a penugasan to it: what check 12 of the structure looks at."""

from dataclasses import dataclass

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Assignment, Document, MatrixCell, MatrixMember, Period, Unit
from kinerja.services import lending


@dataclass(frozen=True)
class Role:
    """A person in a matriks of an open period, its unit and leader, and its printed number."""

    person_id: int
    unit_id: int
    leader_id: int
    number: str
    unit: str


def without_assignment() -> list[Role]:
    """Everybody with a role in a running matriks who is not lent to its unit; whose staff he is is not asked here."""
    lent = sa.exists().where(
        Assignment.person_id == MatrixMember.person_id, Assignment.unit_id == Unit.id, lending.lends_today()
    )
    rows = db.session.execute(
        sa.select(
            MatrixMember.person_id, Document.unit_id, Document.subject_id, Document.print_number, Unit.name
        )
        .join(Document, Document.id == MatrixMember.matrix_id)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Period, Period.id == Document.period_id)
        .where(
            Document.state != "closed",
            Period.state == "open",
            sa.exists().where(MatrixCell.member_id == MatrixMember.id),
            sa.not_(lent),
        )
        .order_by(Document.id, MatrixMember.position)
    )
    return [Role(*row) for row in rows]
