""" "Siapa dapat melihat": the policy asked for every person around a document."""

from dataclasses import dataclass

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Person, RoleAppointment, Unit
from kinerja.services import identity, policy
from kinerja.services.identity import valid_on
from kinerja.workflows.roles import LABELS, Relation


@dataclass(frozen=True)
class Viewer:
    """A person who may open the document, and as what."""

    name: str
    relation: str
    on_behalf: str


def candidates(document: Document) -> list[int]:
    """Everybody who could be anything to the document: subject, chain, stand-ins, colleagues and role holders."""
    day = clock.today(document.unit.zone)
    chain = identity.superiors(document.subject_id, day)
    people = {document.subject_id}
    for superior in chain:
        people.add(superior.person_id)
        people |= {stand_in.person_id for stand_in in superior.stand_ins}
    rows = db.session.execute(
        sa.select(RoleAppointment.person_id, Unit.path)
        .outerjoin(Unit, Unit.id == RoleAppointment.unit_id)
        .where(
            RoleAppointment.confirmed_at.is_not(None),
            RoleAppointment.revoked_at.is_(None),
            valid_on(RoleAppointment, day),
        )
    ).all()
    people |= {person for person, path in rows if document.unit.path.startswith(path or "")}
    decider = document.flags.get("decider_id")
    return sorted(people | ({decider} if decider else set()))


def everybody(document: Document) -> list[Viewer]:
    """Each person who may open the document now, with the relation that lets him: the nearest to the document first."""
    found: list[tuple[int, Viewer]] = []
    people = candidates(document)
    names = {p.id: p.name for p in db.session.scalars(sa.select(Person).where(Person.id.in_(people)))}
    for person in people:
        actor = identity.actor_for(document, person)
        if not policy.may_view(document, actor):
            continue
        allowed = [r for r in Relation if r in actor.relations and r in policy.VIEWERS[document.kind]]
        relation = allowed[0] if allowed else next(r for r in Relation if r in actor.relations)
        nearness = list(Relation).index(relation)
        found.append((nearness, Viewer(names[person], LABELS[relation], actor.on_behalf.get(relation, ""))))
    return [viewer for _nearness, viewer in sorted(found, key=lambda pair: (pair[0], pair[1].name))]
