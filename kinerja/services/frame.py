"""What the frame of every page needs to know of the signed-in person, in one statement."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.db import db
from kinerja.models import Delegation, Notice, Person, Placement, Post, ReportingLine, Unit
from kinerja.services import permits
from kinerja.services.chains import ON
from kinerja.services.heads import may_head
from kinerja.services.identity import valid_on

UNIT_ROLES = frozenset(
    {"pengelola_pegawai", "pengelola_organisasi", "komite_pelaksana", "sekretariat_komite", "auditor", "pyb"}
)


@dataclass(frozen=True)
class Acting:
    """A post acted on, or a holder in whose name one acts by delegation; until when, and by which letter."""

    post: str
    until: date | None
    holder: str = ""
    letter: str = ""


@dataclass(frozen=True)
class Around:
    """Unread notices, acting posts, the zone of one's unit, and which parts of the menu one has."""

    unread: int
    acting: tuple[Acting, ...]
    zone: str
    leads: bool
    watches_units: bool
    administers: bool


ME = sa.bindparam("me", type_=sa.Integer())


@cache
def _query() -> Any:
    """All the frame asks, person and day left open: putting the statement together costs more than running it."""
    unread = (
        sa.select(sa.func.count())
        .select_from(Notice)
        .where(Notice.person_id == ME, Notice.read_at.is_(None))
        .scalar_subquery()
    )
    mine = sa.select(Placement.post_id).where(Placement.person_id == ME, valid_on(Placement, ON))
    leads = sa.exists().where(
        sa.or_(ReportingLine.superior_id == ME, ReportingLine.superior_post_id.in_(mine)),
        valid_on(ReportingLine, ON),
        ReportingLine.believed_to.is_(None),
    )
    # Each placement begins and ends by the clock of its own unit: asked for by the earliest and the latest of the days.
    earliest, latest = sa.bindparam("earliest", type_=sa.Date()), sa.bindparam("latest", type_=sa.Date())
    near = sa.and_(Placement.starts <= latest, sa.or_(Placement.ends.is_(None), Placement.ends >= earliest))
    given = sa.and_(
        Delegation.delegate_id == ME, sa.not_(Delegation.as_penilai), Delegation.accepted_at.is_not(None),
        Delegation.ended_at.is_(None), Delegation.starts <= latest, Delegation.ends >= earliest,
    )  # fmt: skip
    holder, their_post, their_unit = aliased(Person), aliased(Post), aliased(Unit)
    absent = aliased(Placement)
    stood_in = sa.exists().where(
        absent.post_id == Delegation.post_id, absent.kind == "plh", valid_on(absent, ON)
    )
    return (
        sa.select(
            Placement.kind,
            Placement.starts,
            Placement.ends,
            Post.title,
            Unit.zone,
            unread.label("unread"),
            leads.label("leads"),
            may_head(ME, ON).label("heads"),
            Delegation.id.label("delegation"),
            Delegation.starts.label("given_from"),
            Delegation.ends.label("given_to"),
            Delegation.letter,
            holder.name.label("holder"),
            their_post.title.label("their_post"),
            their_unit.zone.label("their_zone"),
            stood_in.label("stood_in"),
        )
        .select_from(Person)
        .outerjoin(Placement, sa.and_(Placement.person_id == Person.id, near))
        .outerjoin(Post, Post.id == Placement.post_id)
        .outerjoin(Unit, Unit.id == Post.unit_id)
        .outerjoin(Delegation, given)
        .outerjoin(holder, holder.id == Delegation.holder_id)
        .outerjoin(their_post, their_post.id == Delegation.post_id)
        .outerjoin(their_unit, their_unit.id == their_post.unit_id)
        .where(Person.id == ME)
    )


def around(person_id: int, roles: frozenset[str]) -> Around:
    """The frame for one person today."""
    days = [clock.today(zone) for zone in clock.ZONES]
    given = {"me": person_id, "on": clock.today(), "earliest": min(days), "latest": max(days)}
    rows = db.session.execute(_query(), given).all()
    posts = [
        Acting(f"{p.kind.capitalize()}. {p.title}", p.ends)
        for p in rows
        if p.kind in ("plt", "plh", "pjs") and _holds(p.starts, p.ends, p.zone)
    ]
    names = [
        Acting(p.their_post, p.given_to, p.holder, p.letter)
        for p in rows
        if p.delegation is not None and not p.stood_in and _holds(p.given_from, p.given_to, p.their_zone)
    ]
    # Placements and delegations come as pairs: each is told once.
    acting = tuple(dict.fromkeys((*posts, *names)))
    zone = (
        next((p.zone for p in rows if p.kind == "definitif"), None)
        or (rows[0].zone if rows else None)
        or "WIB"
    )
    return Around(
        rows[0].unread if rows else 0,
        acting,
        zone,
        bool(names) or bool(rows and rows[0].leads),
        bool(roles & UNIT_ROLES) or bool(rows and rows[0].leads and rows[0].heads),
        bool(permits.granted(roles)),
    )


def _holds(starts: date, ends: date | None, zone: str) -> bool:
    """Does it hold now, by the clock of the unit it belongs to?"""
    today = clock.today(zone)
    return starts <= today and (ends is None or ends >= today)


def ping() -> None:
    """Ask the database for an answer. Raises what the driver raises when there is none."""
    db.session.execute(sa.select(1))
