"""Beginning the matriks of a unit: by its head, with what his predecessor wrote this year where there is something."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import Document, Matrix, MatrixCell, MatrixMember, Period, Person, Unit
from kinerja.rules.words import N_
from kinerja.services import heads, lending, new_documents, structure, transitions
from kinerja.services.errors import BadInput, NotAllowed
from kinerja.services.matrices import matrix_of, people_of
from kinerja.services.matrix_edit import member_key
from kinerja.workflows.base import OWN_RULE, Unmet
from kinerja.workflows.matrix import MatrixFlow
from kinerja.workflows.roles import Actor, Relation


def create_matrix(unit_id: int, period: Period, *, by_id: int) -> Document:
    """Draft the matriks of a unit for a year. A predecessor's is closed, its roles go on under the same keys.

    Raises BadInput when there is one of the same head already, or the period is closed; NotAllowed when `by_id` does
    not head the unit.
    """
    with transaction():
        unit = db.session.scalars(sa.select(Unit).where(Unit.id == unit_id).with_for_update()).one()
        if structure.head_of(unit.id, clock.today(unit.zone)).person_id != by_id:
            raise NotAllowed("create")
        before = current_matrix(unit.id, period.id)
        if period.state != "open":
            raise BadInput([Unmet(OWN_RULE, N_("Periode ini sudah ditutup."))])
        if before is not None and before.subject_id == by_id:
            text = N_("Matriks unit ini untuk tahun %(year)s sudah ada: %(number)s.")
            raise BadInput([Unmet(OWN_RULE, text, {"year": period.year, "number": before.print_number})])
        person = db.session.get_one(Person, by_id)
        actor = Actor(by_id, person.name, frozenset({Relation.SUBJECT}))
        document = new_documents.create(
            "matrix", subject_id=by_id, unit_id=unit.id, period=period, by=actor, state="draft"
        )
        matrix = Matrix(document_id=document.id, document=document)
        db.session.add(matrix)
        lent = [one.person for who, one in lending.lent_to(unit).items() if who != by_id]
        own = people_of(by_id, unit)
        _fill(matrix, before, [*own, *(person for person in lent if person not in own)])
        new_documents.begin(document, actor)
        if before is not None:
            transitions.send(before.public_id, "close", None, version=None)
        return document


def _fill(matrix: Matrix, before: Document | None, people: list[Person]) -> None:
    earlier = {m.person_id: m for m in matrix_of(before).members} if before is not None else {}
    own = {person.id for person in people}
    stay = [m.person for m in earlier.values() if m.cells and m.person_id not in own]
    for position, person in enumerate([*people, *stay], 1):
        old = earlier.get(person.id)
        cells = [
            MatrixCell(
                key=c.key, position=c.position, parent_key=c.parent_key, parent_text=c.parent_text, text=c.text,
                method=c.method, portion=c.portion,
            )
            for c in (old.cells if old else ())
        ]  # fmt: skip
        matrix.members.append(
            MatrixMember(
                key=member_key(person.public_id), person_id=person.id, position=position, cells=cells,
                team=old.team if old else "", teams=list(old.teams) if old else [],
            )
        )  # fmt: skip


def current_matrix(unit_id: int, period_id: int) -> Document | None:
    """The matriks of a unit and year that is not closed; None without one."""
    found: Document | None = db.session.scalars(
        sa.select(Document)
        .where(
            Document.kind == "matrix",
            Document.unit_id == unit_id,
            Document.period_id == period_id,
            Document.state != "closed",
        )
        .order_by(Document.id.desc())
    ).first()
    return found


MOST = 50


def of_person(person_id: int) -> list[dict[str, Any]]:
    """The matriks this person leads or stands in, the newest first: where to, as what, how far."""
    mine = aliased(MatrixMember)
    rows = db.session.execute(
        sa.select(
            Document.public_id, Document.print_number, Document.state, Document.subject_id, Unit.name, Period.year,
            mine.team,
        )
        .join(Unit, Unit.id == Document.unit_id)
        .join(Period, Period.id == Document.period_id)
        .outerjoin(mine, sa.and_(mine.matrix_id == Document.id, mine.person_id == person_id))
        .where(
            Document.kind == "matrix",
            sa.or_(Document.subject_id == person_id, mine.id.is_not(None)),
        )
        .order_by(Period.year.desc(), Document.id.desc())
        .limit(MOST)
    )  # fmt: skip
    return [
        {
            "public_id": row.public_id, "number": row.print_number, "unit": row.name, "year": row.year,
            "state": MatrixFlow.state_label(row.state), "leads": row.subject_id == person_id, "team": row.team or "",
        }
        for row in rows
    ]  # fmt: skip


def units_to_begin(person_id: int) -> list[Unit]:
    """The units this person heads."""
    headed = [path for path in heads.headed_by(person_id, clock.today()) if path]
    return list(db.session.scalars(sa.select(Unit).where(Unit.path.in_(headed)).order_by(Unit.path)))
