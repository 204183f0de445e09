"""The page of a person: what is no secret inside the ministry, and the documents this reader may open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Person, Placement, Post, Unit
from kinerja.services import assignments, identity, lists, people, team, unit_names
from kinerja.services.errors import NotThere
from kinerja.services.identity import Circle, Superior
from kinerja.services.roster import SIGNS
from kinerja.workflows.roles import LABELS, Relation

SHOWN = 50
_KEEPERS = frozenset(
    {
        Relation.SUBJECT, Relation.PENILAI, Relation.ATASAN, Relation.PLH, Relation.PENGELOLA_PEGAWAI,
        Relation.UNIT_KEPEGAWAIAN, Relation.ADMIN,
    }
)  # fmt: skip
_LEVELS = (Relation.PENILAI, Relation.ATASAN, Relation.ABOVE_ATASAN)


@dataclass(frozen=True)
class Seat:
    """One placement, past, present or to come."""

    post: str
    unit: str
    # What the unit was called when it began.
    unit_before: str
    unit_code: str
    kind: str
    starts: date
    ends: date | None
    letter: str
    signs: bool
    current: bool


@dataclass(frozen=True)
class Above:
    """Somebody in the chain above, and what he is to the person."""

    relation: str
    superior: Superior
    public_id: str


@dataclass(frozen=True)
class PersonPage:
    """Everything the page shows."""

    person: Person
    seats: list[Seat]
    chain: list[Above]
    relation: str
    documents: list[lists.Row]
    more: bool
    before: str | None
    after: str | None
    # Why the person is exempted is told to those who judge him and to those who keep the data of his unit.
    reason_open: bool = False
    # To which units he was lent, with the consent of his penilai.
    lent: Sequence[assignments.Row] = ()

    @property
    def seat(self) -> Seat | None:
        """The placement that counts today."""
        return next((seat for seat in self.seats if seat.current), None)


def page_of(public_id: str, reader_id: int) -> PersonPage:
    """The page of one person for one reader. Raises NotThere."""
    person = people.by_public_id(public_id)
    if person is None:
        raise NotThere
    circle = identity.circle_of(reader_id)
    chain = identity.superiors(person.id, circle.on)
    found = lists.page(circle, lists.Filters(person=public_id), size=SHOWN)
    before, after = team.neighbours(circle, person.id)
    return PersonPage(
        person,
        _seats(person.id, clock.today()),
        _above(chain),
        _relation(circle, person.id),
        found[:SHOWN],
        len(found) > SHOWN,
        before,
        after,
        _learns_why(circle, person),
        assignments.of_person(person.id),
    )


def _learns_why(circle: Circle, person: Person) -> bool:
    """May this reader see the reason of an exemption? No statement where there is none."""
    if person.exempt_from is None:
        return False
    placed = identity.holder_of(person.id, circle.on)
    path = db.session.scalar(
        sa.select(Unit.path)
        .join(Post, Post.unit_id == Unit.id)
        .where(Post.id == (placed.post_id if placed else 0))
    )
    found = circle.relations_to(person.id, path or "")
    return bool(found & _KEEPERS) or person.id in circle.entrusted


def _seats(person_id: int, today: date) -> list[Seat]:
    """All placements, the running ones first, definitive before the others."""
    rows = db.session.execute(
        sa.select(
            Post.title,
            unit_names.of_placement(),
            unit_names.name_on(Placement.starts),
            Unit.code,
            Placement.kind,
            Placement.starts,
            Placement.ends,
            Placement.letter,
            sa.and_(Placement.kind == "plh", Placement.authority == SIGNS),
        )
        .join(Post, Post.id == Placement.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Placement.person_id == person_id)
        .order_by(Placement.starts.desc(), Placement.id.desc())
    )
    seats = [Seat(*(*row, row.starts <= today and (row.ends is None or row.ends >= today))) for row in rows]
    return sorted(seats, key=lambda seat: (not seat.current, seat.current and seat.kind != "definitif"))


def _above(chain: Sequence[Superior]) -> list[Above]:
    ids = [superior.person_id for superior in chain]
    known: dict[int, str] = {}
    if ids:
        rows = db.session.execute(sa.select(Person.id, Person.public_id).where(Person.id.in_(ids)))
        known = {row.id: row.public_id for row in rows}
    return [
        Above(LABELS[_LEVELS[level]] if level < len(_LEVELS) else "", superior, known[superior.person_id])
        for level, superior in enumerate(chain)
    ]


def _relation(circle: Circle, person_id: int) -> str:
    """What the reader is to this person, in the words of the page."""
    if person_id == circle.person_id:
        return LABELS[Relation.SUBJECT]
    for relation, people_ in (
        (Relation.PENILAI, circle.direct),
        (Relation.ATASAN, circle.second),
        (Relation.PLH, circle.standing_in),
        (Relation.DELEGATE, circle.entrusted),
    ):
        if person_id in people_:
            return LABELS[relation]
    return ""
