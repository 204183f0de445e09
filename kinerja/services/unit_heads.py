"""The head of a unit where the rule gives none or several: the pengelola's dated word, audited."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import HeadDecision, Person, Placement, Post, Unit
from kinerja.rules.words import N_
from kinerja.services import audit, identity, permits
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.services.structure import Head, head_of
from kinerja.workflows.base import OWN_RULE, Unmet

HEAD_STANDS = N_(
    "Unit ini mempunyai tepat satu pimpinan menurut garis pelaporan; tidak ada yang perlu ditetapkan."
)
NOT_YOUR_UNIT = N_("Unit ini di luar unit yang Anda kelola.")
NOT_HERE = N_("Orang ini tidak memegang jabatan di unit ini pada tanggal itu.")
NOT_ONESELF = N_("Anda sendiri ditetapkan sebagai pimpinan oleh pengelola lain.")
TOO_LATE = N_("Tanggal mulai paling lambat hari ini.")


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be named head: a holder of a post in the unit."""

    public_id: str
    name: str
    post: str
    by_rule: bool


@dataclass(frozen=True)
class Decision:
    """A head once decided."""

    name: str
    starts: date
    by: str
    at: datetime


@dataclass(frozen=True)
class HeadPage:
    """A unit, what the rule says of its head, who may be named, and what was decided before."""

    code: str
    name: str
    head_name: str
    why: str
    stands: bool
    candidates: tuple[Candidate, ...]
    decisions: tuple[Decision, ...]


def page(by_id: int, code: str) -> HeadPage:
    """What a pengelola sees before he decides. Raises NotThere, NotAllowed."""
    unit = _unit(by_id, code)
    head = head_of(unit.id)
    name = (
        db.session.scalar(sa.select(Person.name).where(Person.id == head.person_id)) if head.person_id else ""
    )
    decider = aliased(Person)
    decided = db.session.execute(
        sa.select(Person.name, HeadDecision.starts, decider.name.label("by"), HeadDecision.decided_at)
        .join(Person, Person.id == HeadDecision.person_id)
        .join(decider, decider.id == HeadDecision.decided_by_id)
        .where(HeadDecision.unit_id == unit.id)
        .order_by(HeadDecision.id.desc())
    )
    return HeadPage(
        unit.code,
        unit.name,
        name or "",
        head.why,
        _stands(head),
        tuple(_candidates(unit.id, head)),
        tuple(Decision(row.name, row.starts, row.by, row.decided_at) for row in decided),
    )


def _stands(head: Head) -> bool:
    return head.person_id is not None and not head.decided


def _unit(by_id: int, code: str) -> Unit:
    permits.demand(by_id, "head.decide")
    unit = db.session.scalar(sa.select(Unit).where(Unit.code == code))
    if unit is None:
        raise NotThere
    if not any(unit.path.startswith(path) for path in permits.paths_for(by_id, "head.decide")):
        raise NotAllowed("head.decide", [Unmet(OWN_RULE, NOT_YOUR_UNIT)])
    return unit


def _candidates(unit_id: int, head: Head) -> list[Candidate]:
    """Who holds a post in the unit today, those of the rule first; the person of a loan is not of the unit."""
    today = clock.today()
    rows = db.session.execute(
        sa.select(Person.id, Person.public_id, Person.name, Post.title)
        .join(Placement, Placement.person_id == Person.id)
        .join(Post, Post.id == Placement.post_id)
        .where(
            Post.unit_id == unit_id,
            Placement.kind != "diperbantukan",
            Placement.starts <= today,
            sa.or_(Placement.ends.is_(None), Placement.ends >= today),
        )
        .order_by(Person.search_name)
        .limit(300)
    ).all()
    found = {row.id: Candidate(row.public_id, row.name, row.title, row.id in head.candidates) for row in rows}
    return sorted(found.values(), key=lambda one: not one.by_rule)


def decide(by_id: int, code: str, person: str, starts: date) -> None:
    """Name the head of a unit from a date on. Raises NotThere, NotAllowed, BadInput."""
    with transaction():
        unit = _unit(by_id, code)
        head = head_of(unit.id)
        chosen = db.session.scalar(sa.select(Person).where(Person.public_id == person))
        problems = []
        if _stands(head):
            problems.append(Unmet(OWN_RULE, HEAD_STANDS))
        if starts > clock.today():
            problems.append(Unmet(OWN_RULE, TOO_LATE, {}, "starts"))
        if chosen is None or all(one.public_id != person for one in _candidates(unit.id, head)):
            problems.append(Unmet(OWN_RULE, NOT_HERE, {}, "person"))
        elif chosen.id == by_id:
            problems.append(Unmet(OWN_RULE, NOT_ONESELF, {}, "person"))
        if problems or chosen is None:
            raise BadInput(problems)
        db.session.add(
            HeadDecision(
                unit_id=unit.id,
                person_id=chosen.id,
                starts=starts,
                decided_by_id=by_id,
                decided_at=clock.now(),
            )
        )
        db.session.flush()
        identity.relations_changed()
        payload = {"unit": unit.id, "person": chosen.id, "starts": starts, "before": head.person_id}
        audit.record("unit.head", actor_id=by_id, payload=payload)
