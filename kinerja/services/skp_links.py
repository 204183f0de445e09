"""What the rules hold an SKP against beside itself: the roles of the matriks, tim kerja, the PK of the unit one heads.

Read in the statement that reads the SKP, as texts, like the spans: a page asks the database no oftener for it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja.db import db, memo
from kinerja.models import Document, Iku, MatrixCell, MatrixMember, Objective
from kinerja.rules.content import KNOWS_MATRIX, KNOWS_PK, KNOWS_SQUADS

# Between texts that people wrote: no key on a keyboard types it.
APART = "\x1f"
FIXED = ("agreed", "in_review", "ready_to_sign", "signed_first", "in_force", "closed")
_KEY = re.compile(r"[a-z2-7]{4,12}")


@dataclass(frozen=True)
class Links:
    """`cells`: the keys of one's roles; `for_teams`: those that serve a tim kerja. `slots` as in rules.content.Skp."""

    cells: frozenset[str] = frozenset()
    for_teams: frozenset[str] = frozenset()
    slots: tuple[str, ...] = ()


def columns() -> tuple[Any, Any, Any, Any]:
    """For the document of the bound id: "cell cell* - ...", the keys of the ketua tim whose member one is, all the tim
    kerja as "key=name", and the IKU of the PK one answers for."""
    this, plan, member, cell, above = (
        aliased(Document), aliased(Document), aliased(MatrixMember), aliased(MatrixCell), aliased(MatrixCell)
    )  # fmt: skip
    for_team = sa.case((sa.exists().where(above.key == cell.parent_key), "*"), else_="")
    own = (
        sa.select(sa.func.aggregate_strings(sa.func.coalesce(cell.key, "-") + for_team, " "))
        .select_from(this)
        .join(member, member.person_id == this.subject_id)
        .join(plan, sa.and_(plan.id == member.matrix_id, plan.period_id == this.period_id))
        .outerjoin(cell, sa.and_(cell.member_id == member.id, cell.text != ""))
        .where(this.id == sa.bindparam("document_id"), plan.state != "closed")
    )
    return own.scalar_subquery(), _teams_of(), _teams(), _pk()


def _mine(wanted: Any, member: Any) -> Any:
    """Over the matriks of the year in which the person of this document has a row."""
    this, plan, me = aliased(Document), aliased(Document), aliased(MatrixMember)
    return (
        sa.select(wanted)
        .select_from(this)
        .join(me, me.person_id == this.subject_id)
        .join(plan, sa.and_(plan.id == me.matrix_id, plan.period_id == this.period_id))
        .join(member, member.matrix_id == plan.id)
        .where(this.id == sa.bindparam("document_id"), plan.state != "closed")
    ), me


def _teams_of() -> Any:
    member = aliased(MatrixMember)
    query, me = _mine(sa.func.aggregate_strings(sa.cast(member.teams, sa.String), " "), member)
    return query.where(member.id == me.id).scalar_subquery()


def _teams() -> Any:
    member = aliased(MatrixMember)
    query, _me = _mine(sa.func.aggregate_strings(member.key + "=" + member.team, APART), member)
    return query.where(member.team != "").scalar_subquery()


def _pk() -> Any:
    this, pk = aliased(Document), aliased(Document)
    return (
        sa.select(sa.func.aggregate_strings(Iku.name, APART))
        .select_from(this)
        .join(pk, sa.and_(pk.subject_id == this.subject_id, pk.period_id == this.period_id))
        .join(Objective, Objective.pk_id == pk.id)
        .join(Iku, Iku.objective_id == Objective.id)
        .where(
            this.id == sa.bindparam("document_id"),
            pk.kind == "pk",
            pk.state.in_(FIXED),
            Iku.parent_key == "",
        )
        .scalar_subquery()
    )


@cache
def _query() -> Any:
    return sa.select(*columns())


def links_of(document: Document) -> Links:
    """Read together with the SKP; alone when something before it in the same transaction may have changed them."""
    known: dict[int, Links] = memo().setdefault("links", {})
    if document.id not in known:
        known[document.id] = read(*db.session.execute(_query(), {"document_id": document.id}).one())
    return known[document.id]


def read(own: str | None, mine: str | None, teams: str | None, iku: str | None) -> Links:
    cells = [one for one in (own or "").split() if not one.startswith("-")]
    keys = set(_KEY.findall(mine or ""))
    named = dict(one.split("=", 1) for one in (teams or "").split(APART) if "=" in one)
    slots: list[str] = []
    if own is not None:
        slots += [KNOWS_MATRIX, KNOWS_SQUADS]
        slots += [f"{KNOWS_SQUADS}:{name}" for key, name in named.items() if key in keys]
    if iku is not None:
        slots += [KNOWS_PK, *_named(KNOWS_PK, iku.split(APART))]
    return Links(
        frozenset(one.rstrip("*") for one in cells),
        frozenset(one.rstrip("*") for one in cells if one.endswith("*")),
        tuple(slots),
    )


def _named(slot: str, names: Iterable[str]) -> list[str]:
    return [f"{slot}:{name}" for name in names]
