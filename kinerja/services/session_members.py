"""Who may sit in the session of the TPK about one evaluation: members for the unit who had no part in it."""

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Person
from kinerja.services import identity
from kinerja.services.deciders import acts_on
from kinerja.workflows.roles import Relation


def members(document: Document) -> list[tuple[int, str]]:
    """(id, name) of the members who are neither the subject nor one of those who rated or signed."""
    day = clock.today(document.unit.zone)
    people = set(identity.holders_of_role(Relation.ANGGOTA_TPK, document.unit.path, day)) - set(
        acts_on(document)
    )
    rows = db.session.execute(
        sa.select(Person.id, Person.name).where(Person.id.in_(people)).order_by(Person.name)
    )
    return [(row.id, row.name) for row in rows]
