"""A mould: every row that one person's played year left behind, with the places in it that differ for somebody else.

What a mould cannot hold, because a row names somebody who is neither the person nor above him, is refused, and that
person stays the only one of his kind.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kinerja.db import UtcDateTime, db
from kinerja.models import (
    AuditRow,
    Calibration,
    Document,
    Evidence,
    EvidenceLink,
    IndicatorTarget,
    Notice,
    Outbox,
    ReadLog,
    Realisation,
    RealisationItem,
    Review,
    ReviewRow,
    ReviewValue,
    Revision,
    Signature,
    Skp,
    SkpIndicator,
    SkpRow,
    Step,
)
from kinerja.services.simulating.figures import Figure

# What a place in a row becomes when it is cast.
NEW, REF, PERSON, UNIT, ORG_UNIT, POST, TIME, DUE, PUBLIC, NUMBER, HASH, POST_TITLE, JSON = range(13)
_DUE = ("due_at",)
# Tables whose key is that of their document.
_NAMED_BY_DOCUMENT = ("skp", "realisation", "review")


class Uncastable(Exception):
    """These rows hold something that is nobody else's."""


@dataclass(frozen=True)
class Row:
    """A row as it was, and its places: column, what it becomes, and of what."""

    values: dict[str, Any]
    places: tuple[tuple[str, int, Any], ...]


@dataclass(frozen=True)
class Mould:
    """Rows per table, in an order in which they can be inserted."""

    figure: Figure
    tables: tuple[tuple[sa.Table, tuple[Row, ...]], ...]
    contents: tuple[tuple[str, dict[str, Any], int], ...]  # hash, content, which document
    audit: tuple[tuple[str, Any, int, dict[str, Any], Any], ...]  # action, who, which document, payload, when
    kinds: tuple[str, ...]  # of the documents, in their order


def _plain(model: Any) -> sa.Table:
    table: sa.Table = model.__table__
    return table


def _in(column: Any, ids: Iterable[int]) -> Any:
    return column.in_(list(ids))


def _read(person_id: int, period_id: int) -> dict[str, list[dict[str, Any]]]:
    """All rows of the person's documents, by table."""
    found: dict[str, list[dict[str, Any]]] = {}

    def take(model: Any, condition: Any, order: Any = None) -> list[dict[str, Any]]:
        table = _plain(model)
        # What is left out the database computes itself.
        columns = [column for column in table.columns if column.server_default is None]
        query = sa.select(*columns).where(condition).order_by(*(order or table.primary_key.columns))
        rows = [dict(row._mapping) for row in db.session.execute(query)]
        found[table.name] = rows
        return rows

    documents = [row["id"] for row in take(Document, sa.and_(
        Document.subject_id == person_id, Document.period_id == period_id))]  # fmt: skip
    take(Skp, _in(Skp.document_id, documents))
    rows = [row["id"] for row in take(SkpRow, _in(SkpRow.skp_id, documents))]
    indicators = [row["id"] for row in take(SkpIndicator, _in(SkpIndicator.row_id, rows))]
    take(IndicatorTarget, _in(IndicatorTarget.indicator_id, indicators))
    take(Realisation, _in(Realisation.document_id, documents))
    items = [row["id"] for row in take(RealisationItem, _in(RealisationItem.realisation_id, documents))]
    take(Evidence, Evidence.owner_id == person_id)
    take(EvidenceLink, _in(EvidenceLink.item_id, items))
    take(Review, _in(Review.document_id, documents))
    of_review: tuple[Any, ...] = (ReviewRow, ReviewValue, Calibration)
    for part in of_review:
        take(part, _in(part.review_id, documents))
    of_document: tuple[Any, ...] = (Revision, Step, Signature, ReadLog)
    for part in of_document:
        take(part, _in(part.document_id, documents))
    notices = [row["id"] for row in take(Notice, _in(Notice.document_id, documents))]
    take(Outbox, _in(Outbox.notice_id, notices))
    take(AuditRow, _in(AuditRow.document_id, documents), (AuditRow.sequence,))
    return found


def mould_of(figure: Figure, period_id: int) -> Mould:
    """Everything the played year of this person left, ready to be cast. Raises Uncastable."""
    if len(set(figure.names)) != len(figure.names):
        raise Uncastable("two of them share a name")
    found = _read(figure.people[0], period_id)
    index = {
        (name, row["id"]): position
        for name, rows in found.items()
        for position, row in enumerate(rows)
        if "id" in row and name != "audit_row"
    }
    tables = []
    for name, rows in found.items():
        if name == "audit_row" or not rows:
            continue
        table = Document.metadata.tables[name]
        tables.append((table, tuple(_row(table, row, index, figure) for row in rows)))
    contents = tuple(
        (row["content_hash"], json.loads(row["content"]), index["document", row["document_id"]])
        for row in found["revision"]
    )
    audit = tuple(
        (
            row["action"], _person(row["actor_id"], figure), index["document", row["document_id"]],
            json.loads(row["payload"]), row["legal_at"],
        )
        for row in found["audit_row"]
    )  # fmt: skip
    return Mould(figure, tuple(tables), contents, audit, tuple(row["kind"] for row in found["document"]))


def _person(person_id: int | None, figure: Figure) -> int | None:
    """Which of them this is: 0 the person, 1 his penilai and so on."""
    if person_id is None:
        return None
    if person_id not in figure.people:
        raise Uncastable(f"person {person_id} stands in a row")
    return figure.people.index(person_id)


def _row(table: sa.Table, row: dict[str, Any], index: dict[tuple[str, int], int], figure: Figure) -> Row:
    places = tuple(_places(table, row, index, figure))
    touched = {name for name, _what, _of in places}
    rest = json.dumps({k: v for k, v in row.items() if k not in touched}, default=str, ensure_ascii=False)
    if any(name in rest for name in figure.names):
        raise Uncastable(f"a name stands in {table.name}")
    return Row({k: v for k, v in row.items() if k not in touched}, places)


def _places(
    table: sa.Table, row: dict[str, Any], index: dict[tuple[str, int], int], figure: Figure
) -> Iterator[tuple[str, int, Any]]:
    for column in table.columns:
        if column.name not in row:
            continue
        name, value = column.name, row[column.name]
        if name == "id":
            yield name, NEW, index[table.name, value]
        elif value is None:
            continue
        elif column.foreign_keys:
            target = next(iter(column.foreign_keys)).column.table.name
            yield from _reference(target, name, value, index, figure)
        elif isinstance(column.type, UtcDateTime):
            yield name, DUE if name in _DUE else TIME, value
        elif name == "public_id":
            yield name, PUBLIC, None
        elif name == "print_number":
            yield name, NUMBER, index[table.name, row["id"]]
        elif name == "content_hash" and value:
            yield name, HASH, value
        elif table.name == "revision" and name == "content":
            yield name, HASH, (row["content_hash"],)
        elif name == "post_title":
            yield name, POST_TITLE, _person(row["person_id"], figure)
        elif name == "dedupe":
            raise Uncastable("a notice that is written once")
        elif table.name in ("document", "step", "notice") and name in ("flags", "trace", "params") and value:
            yield name, JSON, _pattern(value, figure)


def _reference(
    target: str, name: str, value: int, index: dict[tuple[str, int], int], figure: Figure
) -> Iterator[tuple[str, int, Any]]:
    if target in _NAMED_BY_DOCUMENT:
        target = "document"
    if (target, value) in index:
        yield name, REF, (target, index[target, value])
    elif target == "person":
        yield name, PERSON, _person(value, figure)
    elif target == "unit" and name == "org_unit_id":
        if value != figure.org_unit_id:
            raise Uncastable("another organisation")
        yield name, ORG_UNIT, None
    elif target == "unit":
        if value != figure.unit_id:
            raise Uncastable("another unit")
        yield name, UNIT, None
    elif target == "post":
        if value != figure.post_id:
            raise Uncastable("another post")
        yield name, POST, None
    elif target != "period":
        raise Uncastable(f"{name} leads out of the person's own rows")


@dataclass(frozen=True)
class Chain:
    """Stands in a pattern for so many links of the chain above the person, as a trace writes them."""

    length: int


@dataclass(frozen=True)
class Name:
    """Stands in a pattern for the name of one of them."""

    of: int


@dataclass(frozen=True)
class Id:
    """Stands in a pattern for the id of one of them."""

    of: int


def _pattern(value: Any, figure: Figure, key: str = "") -> Any:
    """A JSON value with names, ids and chains taken out."""
    if key == "rantai":
        if value != figure.links[: len(value)]:
            raise Uncastable("the chain was another one then")
        return Chain(len(value))
    if isinstance(value, dict):
        return {k: _pattern(v, figure, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_pattern(v, figure) for v in value]
    if isinstance(value, str) and value in figure.names:
        return Name(figure.names.index(value))
    if isinstance(value, int) and not isinstance(value, bool) and key.endswith("_id"):
        return Id(_person(value, figure) or 0)
    return value
