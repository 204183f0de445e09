"""Small questions about people that several rooms ask: their post, their unit, the block of a form's header."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db, memo
from kinerja.models import Person, Placement, Post
from kinerja.services import identity
from kinerja.services.identity import valid_on

_ORDER = {"definitif": 0, "diperbantukan": 1, "plt": 2, "pjs": 3, "plh": 4}


@dataclass(frozen=True)
class HeaderBlock:
    """The block PEGAWAI or PEJABAT PENILAI of an official form."""

    name: str
    nip: str
    grade: str
    post: str
    unit: str

    def as_json(self) -> dict[str, str]:
        return {
            "nama": self.name,
            "nip": self.nip,
            "pangkat": self.grade,
            "jabatan": self.post,
            "unit": self.unit,
        }


def placement_of(person_id: int, on: date | None = None) -> Placement | None:
    """The placement that counts on a date: definitive first."""
    return placements_of([person_id], on).get(person_id)


def placements_of(people: list[int], on: date | None = None) -> dict[int, Placement]:
    """The placement that counts, per person, in one statement; none for those asked for before in this transaction."""
    day = on or clock.today()
    known: dict[tuple[int, date], Placement | None] = memo().setdefault("placements", {})
    missing = [person for person in people if (person, day) not in known]
    if missing:
        known |= dict.fromkeys([(person, day) for person in missing])
        rows = db.session.scalars(_placements_query(), {"people": missing, "on": day}).all()
        for row in sorted(rows, key=lambda p: _ORDER[p.kind], reverse=True):
            known[row.person_id, day] = row
    return {person: found for person in people if (found := known[person, day]) is not None}


@cache
def _placements_query() -> Any:
    return (
        sa.select(Placement)
        .options(joinedload(Placement.post).joinedload(Post.unit))
        .where(
            Placement.person_id.in_(sa.bindparam("people", expanding=True)), valid_on(Placement, identity.ON)
        )
        .order_by(Placement.id.desc())
    )


def post_title_of(person_id: int, on: date | None = None) -> str:
    holder = identity.holder_of(person_id, on or clock.today())
    return holder.post_title if holder else ""


def header_block(person_id: int, on: date | None = None, on_behalf: str = "") -> HeaderBlock:
    """Name, NIP, grade, post and unit as a form prints them; acting officers carry their acting title."""
    holder = identity.holder_of(person_id, on or clock.today())
    if holder is None:
        person = db.session.get_one(Person, person_id)
        return HeaderBlock(person.name, person.nip, person.grade, on_behalf, "")
    return HeaderBlock(
        holder.name, holder.nip, holder.grade, on_behalf or holder.post_title, holder.unit_name
    )


def by_nip(nip: str) -> Person | None:
    return db.session.scalars(sa.select(Person).where(Person.nip == nip)).first()


def by_public_id(public_id: str) -> Person | None:
    return db.session.scalars(sa.select(Person).where(Person.public_id == public_id)).first()
