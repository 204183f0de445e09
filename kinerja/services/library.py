"""The library of indicators: what signed PK, established SKP and manuals in force say, to be taken over as a beginning.

Nothing is kept in it: it reads the documents that this person may open anyway, in three statements however many there
are, and gives their words without the name of anybody. What the office has agreed once is its own master list.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Iku, Manual, Objective, Period, Post, Skp, SkpIndicator, SkpRow, Unit
from kinerja.services import manual_kind, policy
from kinerja.services.errors import NotThere
from kinerja.services.identity import Circle
from kinerja.services.people import placement_of
from kinerja.services.rights import PUBLISHED

IKU, IKI = "IKU", "IKI"
SHOWN = 60
# A plan that was never in force is nobody's example.
OF_SKP = ("in_force", "superseded", "closed")
# What a manual says of the measuring itself; who is responsible and what was reached before is each unit's own.
MEASURING = (
    "tujuan", "definisi", "formula", "satuan", "kualitas", "sumber_data", "periode_pelaporan", "polarisasi",
    "konsolidasi", "aspek", "validitas", "kendali", "metode_cascading", "jenis_cascading", "konsolidasi_lokasi",
    "skala",
)  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One indicator that may be taken over. `values` by the names of contents; `id` names it in addresses.

    `where` is the unit of an IKU, the post and unit of an IKI: it is never a person.
    """

    id: str
    about: str
    name: str
    where: str
    year: int
    indicator_id: int
    values: Mapping[str, str] = field(default_factory=dict)
    has_manual: bool = False


def find(circle: Circle, text: str = "", *, post: str = "", with_manual: bool = False) -> list[Item]:
    """The indicators whose name holds a text, the newest year first; each name once per unit or post.

    With a `post` only those of SKP of people on a post of this title; `with_manual` only those that have one in force.
    """
    wanted = text.strip().lower()
    found: list[Item] = []
    if not post:
        found += _of_units(circle, sa.func.lower(Iku.name).contains(wanted, autoescape=True))
    of_post = [Post.title == post] if post else []
    found += _of_people(circle, sa.func.lower(SkpIndicator.text).contains(wanted, autoescape=True), *of_post)
    once = {
        (one.about, one.where, one.name.casefold()): one for one in reversed(_with_manuals(circle, found))
    }
    return [one for one in reversed(once.values()) if one.has_manual or not with_manual]


def item(circle: Circle, item_id: str) -> Item:
    """One indicator by its name in addresses. Raises NotThere where it is not this person's to read."""
    about, _dot, rest = item_id.partition(".")
    public_id, _dot, key = rest.partition(".")
    if about == IKU:
        found = _of_units(circle, Document.public_id == public_id, Iku.key == key)
    else:
        found = _of_people(circle, Document.public_id == public_id, SkpIndicator.key == key)
    if not found:
        raise NotThere(item_id)
    return _with_manuals(circle, found)[0]


def measures(items: Iterable[Item]) -> list[tuple[str, int]]:
    """The units of measure of these indicators and how many use each, the most used first."""
    counted = Counter(one.values["satuan"] for one in items if one.values.get("satuan"))
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].casefold()))


def post_of(person_id: int) -> str:
    """The title of the post of a person today; empty without one."""
    placement = placement_of(person_id, clock.today())
    return placement.post.title if placement else ""


def _of_units(circle: Circle, *conditions: Any) -> list[Item]:
    rows = db.session.execute(
        sa.select(Iku, Document.public_id, Unit.name, Period.year)
        .join(Objective, Objective.id == Iku.objective_id)
        .join(Document, Document.id == Objective.pk_id)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Period, Period.id == Document.period_id)
        .where(
            Document.kind == "pk",
            Document.state.in_(PUBLISHED["pk"]),
            policy.visible(circle),
            Iku.name != "",
            *conditions,
        )
        .order_by(Period.year.desc(), Unit.path, Objective.position, Iku.position)
        .limit(SHOWN)
    )
    return [
        Item(f"{IKU}.{public_id}.{iku.key}", IKU, iku.name, unit, year, iku.id, _plain(iku))
        for iku, public_id, unit, year in rows
    ]


def _of_people(circle: Circle, *conditions: Any) -> list[Item]:
    rows = db.session.execute(
        sa.select(SkpIndicator, Document.public_id, Post.title, Unit.name, Period.year)
        .join(SkpRow, SkpRow.id == SkpIndicator.row_id)
        .join(Skp, Skp.document_id == SkpRow.skp_id)
        .join(Post, Post.id == Skp.post_id)
        .join(Document, Document.id == Skp.document_id)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Period, Period.id == Document.period_id)
        .where(
            Document.kind == "skp",
            Document.state.in_(OF_SKP),
            policy.visible(circle),
            SkpIndicator.text != "",
            *conditions,
        )
        .order_by(Period.year.desc(), Unit.path, Document.id, SkpRow.position, SkpIndicator.position)
        .limit(SHOWN)
    )
    return [
        Item(
            f"{IKI}.{public_id}.{iki.key}", IKI, iki.text, f"{title}, {unit}", year, iki.id,
            _plain(iki) | {"kualitas": iki.quality},
        )
        for iki, public_id, title, unit, year in rows
    ]  # fmt: skip


def _plain(indicator: Iku | SkpIndicator) -> dict[str, str]:
    return {
        "satuan": indicator.measure, "polarisasi": indicator.polarity, "konsolidasi": indicator.consolidation,
        "validitas": indicator.validity, "kendali": indicator.control,
    }  # fmt: skip


def _with_manuals(circle: Circle, items: Sequence[Item]) -> list[Item]:
    """The same with what their manuals in force say, where this person may read those; one statement."""
    ids = {about: [one.indicator_id for one in items if one.about == about] for about in (IKU, IKI)}
    if not items:
        return []
    rows = db.session.scalars(
        sa.select(Manual)
        .join(Document, Document.id == Manual.document_id)
        .join(Unit, Unit.id == Document.unit_id)
        .where(
            Document.kind == "manual",
            Document.state == "in_force",
            policy.visible(circle),
            sa.or_(Manual.iku_id.in_(ids[IKU]), Manual.iki_id.in_(ids[IKI])),
        )
    )
    known = {(IKU, row.iku_id) if row.iku_id is not None else (IKI, row.iki_id): row for row in rows}
    return [_said(one, known.get((one.about, one.indicator_id))) for one in items]


def _said(one: Item, manual: Manual | None) -> Item:
    if manual is None:
        return one
    columns = {name: column for column, name in manual_kind.TEXTS.items()}
    told = {name: getattr(manual, columns[name]) for name in MEASURING}
    return replace(one, values={**one.values, **{k: v for k, v in told.items() if v}}, has_manual=True)
