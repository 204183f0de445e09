"""How many documents a person may see, and as what: tallies where an office gives him whole units, and for his own,
his people's and those that name him the documents themselves. Together exactly what `policy.visible` lets through.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Document, Period, Unit
from kinerja.services import policy, sight
from kinerja.services.identity import Circle
from kinerja.services.rights import VIEWERS
from kinerja.services.sight import DELEGATED, DIRECT, OWN, SECOND, SIGNING, STANDING_IN, THIRD
from kinerja.services.tallies.live import COMMITTEE, PRIVATE
from kinerja.workflows.roles import Relation

_RELATIONS = {relation.value: relation for relation in Relation}
_OPENING = frozenset().union(*VIEWERS.values())


@dataclass
class Seen:
    """Per kind and shown state: how many there are, and how many of them open."""

    there: Counter[tuple[str, str]] = field(default_factory=Counter)
    visible: Counter[tuple[str, str]] = field(default_factory=Counter)


def offices(circle: Circle) -> list[tuple[str, Relation]]:
    """The parts of the tree where an office shows this person documents, and which office."""
    found = [(scope.path, _RELATIONS.get(scope.role)) for scope in circle.scopes]
    return [(path, role) for path, role in found if role is not None and role in _OPENING]


def unit_id_of(path: str) -> int:
    """The lowest unit of a path that is not empty."""
    return int(path.rstrip("/").rsplit("/", 1)[-1])


@cache
def _near(with_year: bool) -> Any:
    """Built once; who is asking and who his people are comes with the parameters."""
    me = sa.bindparam("me", type_=sa.Integer())

    def people(name: str) -> Any:
        return sa.bindparam(name, expanding=True, type_=sa.Integer())

    ids = sight.near_ids(me, people("people"), people("units"))
    whose = sa.case(
        (Document.subject_id == me, OWN),
        *((Document.subject_id.in_(people(name)), name) for name in (SECOND, DIRECT)),
        (_entrusted(SIGNING, people), SIGNING),
        (Document.subject_id.in_(people(STANDING_IN)), STANDING_IN),
        (_entrusted(DELEGATED, people), DELEGATED),
        (Document.subject_id.in_(people("third")), THIRD),
        else_="",
    )
    asked = [Period.year == sa.bindparam("year", type_=sa.Integer())] if with_year else []
    calibrates = sa.and_(Document.kind == "predicate_review", Document.named_calibrator_id == me)
    facts = (
        sa.select(
            Unit.path,
            Document.kind,
            Document.slot,
            Document.state,
            Document.acting_level,
            whose.label("whose"),
            _yes(sight.names(me, people("units"))).label("named"),
            _yes(calibrates).label("calibrates"),
            _yes(policy.private()).label("private"),
            _yes(policy.before_committee()).label("committee"),
            _yes(Document.id.is_not(None), *asked).label("n"),
        )
        .select_from(ids)
        .outerjoin(Document, Document.id == ids.c.id)
        .outerjoin(Unit, Unit.id == Document.unit_id)
        .outerjoin(Period, Period.id == Document.period_id)
        .subquery("near")
    )
    keys = [column for column in facts.c if column.name != "n"]
    return (
        sa.select(*keys, sa.func.sum(facts.c.n).label("n")).group_by(*keys).having(sa.func.sum(facts.c.n) > 0)
    )


def _entrusted(word: str, people: Any) -> Any:
    """Is it of a kind that was delegated, and about somebody for whom it was?"""
    return sa.or_(
        *(
            sa.and_(Document.kind == kind, Document.subject_id.in_(people(f"{word}_{kind}")))
            for kind in VIEWERS
        )
    )


def _yes(*conditions: Any) -> Any:
    return sa.case((sa.and_(*conditions), 1), else_=0)


def near_rows(circle: Circle, year: int | None = None, below: str = "") -> list[Any]:
    """The documents that are near, of one year or all, in a part of the tree: counted by what visibility asks for."""
    given: dict[str, Any] = {
        "me": circle.person_id,
        "direct": sorted(circle.direct),
        "second": sorted(circle.second),
        "standing_in": sorted(circle.standing_in),
        "third": sorted(circle.third),
        "units": list(circle.units),
        "people": sorted(
            circle.direct | circle.second | circle.third | circle.standing_in | circle.entrusted
        ),
    }
    for word, kinds in ((SIGNING, circle.signing), (DELEGATED, circle.delegated)):
        given |= {f"{word}_{kind}": sorted(kinds.get(kind, ())) for kind in VIEWERS}
    given |= {"year": year} if year else {}
    return [row for row in db.session.execute(_near(bool(year)), given) if row.path.startswith(below)]


def seen(circle: Circle, areas: Iterable[Any], near: Iterable[Any]) -> Seen:
    """Sums over areas (rows with path, kind, state, mark, total) corrected by what is near.

    An area inside another one is counted with the offices one has there, and taken off where it was counted before.
    """
    held = offices(circle)
    rows = list(areas)
    paths = sorted({row.path for row in rows}, key=len)
    roles = {path: _roles_at(held, path) for path in paths}
    around = {
        path: next((p for p in reversed(paths) if p != path and path.startswith(p)), None) for path in paths
    }
    found = Seen()
    for row in rows:
        facts = (row.kind, row.state, PRIVATE in row.mark, COMMITTEE in row.mark)
        _put(found, roles[row.path], facts, row.total)
        outer = around[row.path]
        if outer is not None:
            _put(found, roles[outer], facts, -row.total)
    for row in near:
        at = _roles_at(held, row.path)
        is_private, in_committee = bool(row.private), bool(row.committee)
        _put(found, at, (row.kind, row.state, is_private, in_committee), -row.n)
        nearness = sight.Nearness(row.whose, bool(row.named), bool(row.calibrates), row.acting_level)
        shown = sight.state_seen(nearness, at, row.kind, row.state)
        found.there[row.kind, shown] += row.n
        if sight.sees(nearness, at, row.kind, is_private=is_private, in_committee=in_committee):
            found.visible[row.kind, shown] += row.n
    return found


def _roles_at(held: Iterable[tuple[str, Relation]], path: str) -> frozenset[Relation]:
    return frozenset(role for above, role in held if path.startswith(above))


def _put(found: Seen, roles: frozenset[Relation], facts: tuple[str, str, bool, bool], n: int) -> None:
    kind, state, is_private, in_committee = facts
    shown = sight.state_by_role(roles, kind, state)
    found.there[kind, shown] += n
    if sight.sees_by_role(roles, kind, is_private=is_private, in_committee=in_committee):
        found.visible[kind, shown] += n
