"""The people the demo bar lets one become."""

from dataclasses import dataclass

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Person, Placement, Post
from kinerja.services.identity import valid_on


@dataclass(frozen=True)
class Choice:
    public_id: str
    label: str


def choices() -> list[Choice]:
    """Everybody with a post today, by unit and name: one statement."""
    rows = db.session.execute(
        sa.select(Person.public_id, Person.name, sa.func.min(Post.title))
        .join(Placement, Placement.person_id == Person.id)
        .join(Post, Post.id == Placement.post_id)
        .where(valid_on(Placement, clock.today()))
        .group_by(Person.id, Person.public_id, Person.name)
        .order_by(Person.id)
        .limit(200)
    ).all()
    return [Choice(public_id, f"{name}, {title}") for public_id, name, title in rows]
