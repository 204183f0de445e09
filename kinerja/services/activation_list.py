"""Whom a person may print activation codes for: a list by name, page by page, and whole as a file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.db import db
from kinerja.models import Account, ActivationCode, Person, Placement, Post, Unit
from kinerja.services import activation
from kinerja.services.names import search_key

PAGE = 200


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed by; who has a password, or an unused code still good, is left out unless asked for."""

    text: str = ""
    unit: str = ""
    with_password: bool = False
    with_code: bool = False


@dataclass(frozen=True)
class Candidate:
    """A person in somebody's reach as the page of activation codes lists him."""

    id: int
    public_id: str
    name: str
    nip: str
    post: str
    unit: str
    has_password: bool
    code_until: datetime | None


@dataclass(frozen=True)
class Page:
    """Some of `total`, the first of them the `first`-th; `next_key` where more follow."""

    rows: list[Candidate]
    first: int
    total: int
    next_key: int | None

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def may_issue(by_id: int) -> bool:
    """Is there anybody for whom this person may print codes?"""
    return _query(by_id, Filters()) is not None


def page(by_id: int, filters: Filters, after: int | None = None) -> Page | None:
    """The people a person may print codes for, by name, following `after`; None when he may for nobody."""
    query = _query(by_id, filters)
    if query is None:
        return None
    total, rest = _count(query), query
    key = _key_of(after) if after is not None else None
    if key is not None:
        name, number = key
        rest = query.where(
            sa.or_(Person.search_name > name, sa.and_(Person.search_name == name, Person.id > number))
        )
    left = _count(rest) if key is not None else total
    rows = _read(rest.limit(PAGE))
    more = rows[-1].id if left > len(rows) and rows else None
    return Page(rows, total - left + 1, total, more)


def export(by_id: int, filters: Filters) -> list[Candidate] | None:
    """The same list without an end."""
    query = _query(by_id, filters)
    return None if query is None else _read(query)


def _key_of(person_id: int) -> tuple[str, int] | None:
    row = db.session.execute(sa.select(Person.search_name, Person.id).where(Person.id == person_id)).first()
    return (row.search_name, row.id) if row else None


def _count(query: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0


def _query(by_id: int, filters: Filters) -> Any:
    paths = activation.reach_of(by_id)
    if paths is None:
        return None
    query = (
        sa.select(Person.id, Person.public_id, Person.name, Person.nip, Account.password_hash)
        .join(Account, Account.person_id == Person.id)
        .where(activation.in_reach(paths), Account.disabled_at.is_(None), Person.id != by_id)
        .order_by(Person.search_name, Person.id)
    )
    if not filters.with_password:
        query = query.where(Account.password_hash.is_(None))
    if not filters.with_code:
        query = query.where(~sa.exists().where(ActivationCode.person_id == Person.id, _open()))
    text = search_key(filters.text) or filters.text.strip()
    if text:
        query = query.where(
            sa.or_(
                Person.search_name.contains(text, autoescape=True),
                Person.nip.startswith(text.replace(" ", ""), autoescape=True),
            )
        )
    return query.where(_below(filters.unit)) if filters.unit.strip() else query


def _below(text: str) -> sa.ColumnElement[bool]:
    """Placed in a unit of this code, or whose name holds these words, or below one."""
    bare, named, seat = text.strip(), aliased(Unit), aliased(Unit)
    placed = (
        sa.select(Placement.person_id)
        .join(Post, Post.id == Placement.post_id)
        .join(seat, seat.id == Post.unit_id)
        .join(named, seat.path.startswith(named.path))
        .where(
            sa.or_(Placement.ends.is_(None), Placement.ends >= clock.today()),
            sa.or_(named.code == bare, sa.func.lower(named.name).contains(bare.lower(), autoescape=True)),
        )
    )
    return Person.id.in_(placed)


def _open() -> sa.ColumnElement[bool]:
    return sa.and_(ActivationCode.used_at.is_(None), ActivationCode.expires_at > clock.monotonic_now())


def _read(query: Any) -> list[Candidate]:
    """Three statements, however many people."""
    rows = db.session.execute(query).all()
    people = query.with_only_columns(Person.id)
    seats, codes = activation.posts_of(people), _codes(people)
    return [
        Candidate(
            row.id, row.public_id, row.name, row.nip, *seats.get(row.id, ("", "")), row.password_hash is not None,
            codes.get(row.id),
        )
        for row in rows
    ]  # fmt: skip


def _codes(people: Any) -> dict[int, datetime]:
    rows = db.session.execute(
        sa.select(ActivationCode.person_id, sa.func.max(ActivationCode.expires_at).label("until"))
        .where(ActivationCode.person_id.in_(people), _open())
        .group_by(ActivationCode.person_id)
    )
    return {row.person_id: row.until for row in rows}
