"""What the frame of every page needs to know of the signed-in person, in three statements."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Notice, Placement, Post, ReportingLine, Unit
from kinerja.services.identity import _valid

UNIT_ROLES = frozenset(
    {"pengelola_pegawai", "pengelola_organisasi", "komite_pelaksana", "sekretariat_komite", "auditor", "pyb"}
)
ADMIN_ROLES = frozenset({"admin_sistem", "pengelola_pegawai", "komite_pelaksana", "sekretariat_komite"})


@dataclass(frozen=True)
class Acting:
    post: str
    until: date | None


@dataclass(frozen=True)
class Around:
    """Unread notices, acting posts, the zone of one's unit, and which parts of the menu one has."""

    unread: int
    acting: tuple[Acting, ...]
    zone: str
    leads: bool
    watches_units: bool
    administers: bool


def around(person_id: int, roles: frozenset[str]) -> Around:
    """The frame for one person today."""
    day = clock.today()
    posts = db.session.execute(
        sa.select(Placement.kind, Placement.ends, Placement.post_id, Post.title, Unit.zone)
        .join(Post, Post.id == Placement.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Placement.person_id == person_id, _valid(Placement, day))
    ).all()
    unread = sa.select(sa.func.count()).select_from(Notice).where(
        Notice.person_id == person_id, Notice.read_at.is_(None)
    )
    leads = sa.exists().where(
        sa.or_(
            ReportingLine.superior_id == person_id,
            ReportingLine.superior_post_id.in_([p.post_id for p in posts]),
        ),
        _valid(ReportingLine, day),
        ReportingLine.believed_to.is_(None),
    )
    counts = db.session.execute(sa.select(unread.scalar_subquery(), leads)).one()
    acting = tuple(Acting(f"{p.kind.capitalize()}. {p.title}", p.ends) for p in posts if p.kind in ("plt", "plh", "pjs"))
    zone = next((p.zone for p in posts if p.kind == "definitif"), posts[0].zone if posts else "WIB")
    return Around(
        counts[0], acting, zone, bool(counts[1]), bool(roles & UNIT_ROLES), bool(roles & ADMIN_ROLES)
    )
