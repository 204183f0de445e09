"""The documents of a unit go on under its new head: which they are, whose they become, and that he is told.

What is settled stays in the name of whoever headed the unit then.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Period, Placement, Post
from kinerja.rules.words import N_
from kinerja.services import structure
from kinerja.services.chains import valid_on
from kinerja.services.effects import effect
from kinerja.services.errors import BadInput
from kinerja.services.kinds import Context
from kinerja.workflows.base import OWN_RULE, Unmet

EVENT = "new_head"


def new_head_of(document: Document) -> int:
    """Who heads the unit today in the place of the subject. Raises BadInput when nobody else does."""
    head = structure.head_of(document.unit_id, clock.today(document.unit.zone)).person_id
    if head is None or head == document.subject_id:
        raise BadInput([Unmet(OWN_RULE, N_("Pimpinan unit ini tidak berganti."))])
    return head


@effect("pk", EVENT)
@effect("dko", EVENT)
@effect("matrix", EVENT)
@effect("iku_realisation", EVENT)
@effect("org_value", EVENT)
def tell_the_new_head(context: Context) -> None:
    """He learns that the document of the unit is his now, also where it is not his turn."""
    context.notify(
        context.document.subject_id, N_("Anda memimpin unit ini; %(document)s kini atas nama Anda.")
    )


def steps(kind: str, states: tuple[str, ...], day: date) -> Iterator[tuple[str, str]]:
    """The documents of a unit whose subject holds no post there any more while somebody else heads it, with the event.

    One statement, and three for each of the few units whose head has gone.
    """
    here = (
        sa.select(Placement.id)
        .join(Post, Post.id == Placement.post_id)
        .where(
            Placement.person_id == Document.subject_id,
            Post.unit_id == Document.unit_id,
            valid_on(Placement, day),
        )
    )
    for document in db.session.scalars(running(kind, states).where(sa.not_(here.exists()))).all():
        head = structure.head_of(document.unit_id, day).person_id
        if head is not None and head != document.subject_id:
            yield document.public_id, EVENT


def running(kind: str, states: tuple[str, ...]) -> Any:
    """The documents of a kind in these states, of periods that are open."""
    return (
        sa.select(Document)
        .join(Period, Period.id == Document.period_id)
        .options(joinedload(Document.unit))
        .where(Document.kind == kind, Document.state.in_(states), Period.state == "open")
        .order_by(Document.id)
    )
