"""Which units a person heads: the rule of the reporting line as a condition, and the pengelola's word beside it."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.db import db, memo
from kinerja.models import HeadDecision, Placement, Post, ReportingLine, Unit
from kinerja.services.chains import valid_on
from kinerja.services.structure import REPORTS_AS

# Definitif before acting; whoever is only on loan heads nothing.
_KINDS = ("definitif", "plt", "pjs", "plh")


def may_head(person_id: Any, on: Any) -> Any:
    """Does the rule make this person a candidate anywhere, or was he once named? A condition, for the menu."""
    rule = candidacies(on).where(Placement.person_id == person_id).correlate(None).exists()
    named = sa.select(HeadDecision.id).where(HeadDecision.person_id == person_id, HeadDecision.starts <= on)
    return sa.or_(rule, named.correlate(None).exists())


def candidacies(on: Any) -> Any:
    """Placements that make their holder a candidate to head the unit of the post: his penilai sits outside it."""
    superior_seat, seat_post, above = aliased(Placement), aliased(Post), aliased(Post)
    inside = (
        sa.select(sa.literal(1))
        .select_from(superior_seat)
        .join(seat_post, seat_post.id == superior_seat.post_id)
        .where(
            superior_seat.person_id == ReportingLine.superior_id,
            valid_on(superior_seat, on),
            seat_post.unit_id == Post.unit_id,
        )
        .exists()
    )
    # Below a vacant post of the unit one is no head of it either.
    under = (
        sa.select(sa.literal(1))
        .where(above.id == ReportingLine.superior_post_id, above.unit_id == Post.unit_id)
        .exists()
    )
    acting, acted = aliased(Placement), aliased(Post)
    elsewhere = (
        sa.select(sa.literal(1))
        .select_from(acting)
        .join(acted, acted.id == acting.post_id)
        .where(
            acting.person_id == Placement.person_id, acting.kind.in_(REPORTS_AS), valid_on(acting, on),
            acted.unit_id != Post.unit_id,
        )
        .exists()
    )  # fmt: skip
    return (
        sa.select(
            Post.unit_id, Unit.path, Placement.person_id, Placement.kind,
            sa.case((elsewhere, 1), else_=0).label("elsewhere"),
        )
        .select_from(Placement)
        .join(Post, Post.id == Placement.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .join(ReportingLine, ReportingLine.person_id == Placement.person_id)
        .where(
            valid_on(Placement, on),
            Placement.kind.in_(_KINDS),
            valid_on(ReportingLine, on),
            ReportingLine.believed_to.is_(None),
            sa.or_(ReportingLine.superior_id.is_not(None), Unit.parent_id.is_(None)),
            ~inside,
            ~under,
        )
    )  # fmt: skip


def headed_by(person_id: int, on: date | None = None) -> tuple[str, ...]:
    """The paths of the units a person heads, by the rule of the reporting line or by the pengelola's word.

    Asked once in a request or transaction.
    """
    day = on or clock.today()
    known: dict[tuple[int, date], tuple[str, ...]] = memo().setdefault("headed", {})
    if (person_id, day) not in known:
        known[person_id, day] = _headed_by(person_id, day)
    return known[person_id, day]


def _headed_by(person_id: int, day: date) -> tuple[str, ...]:
    mine = sa.select(Post.unit_id).join(Placement, Placement.post_id == Post.id)
    mine = mine.where(Placement.person_id == person_id, valid_on(Placement, day))
    candidates = candidacies(day).where(Post.unit_id.in_(mine)).add_columns(sa.literal(0).label("decision"))
    decided = (
        sa.select(
            HeadDecision.unit_id,
            Unit.path,
            HeadDecision.person_id,
            sa.literal(""),
            sa.literal(0),
            HeadDecision.id,
        )
        .join(Unit, Unit.id == HeadDecision.unit_id)
        .where(
            HeadDecision.starts <= day,
            HeadDecision.unit_id.in_(
                sa.select(HeadDecision.unit_id).where(HeadDecision.person_id == person_id)
            ),
        )
    )
    by_unit: dict[tuple[int, str], list[Any]] = {}
    words: dict[tuple[int, str], Any] = {}
    for row in db.session.execute(sa.union_all(candidates, decided)):
        key = (row.unit_id, row.path)
        if row.decision:
            words[key] = max(words.get(key, row), row, key=lambda r: r.decision)
        else:
            by_unit.setdefault(key, []).append(row)
    found = []
    for key in by_unit.keys() | words.keys():
        best = next(
            (rows for kind in _KINDS if (rows := [r for r in by_unit.get(key, ()) if r.kind == kind])), []
        )
        here = {row.person_id for row in best if not row.elsewhere}
        heads = here if len(here) == 1 else {row.person_id for row in best}
        told = words[key].person_id if key in words else None
        if heads == {person_id} or (len(heads) != 1 and told == person_id):
            found.append(key[1])
    return tuple(sorted(found))
