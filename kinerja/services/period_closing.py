"""Closing a year: which documents are still open, and the record that names every one of them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Document, Period, Unit
from kinerja.services import audit
from kinerja.services.kinds import kind_of

# So many groups on a page, and so many printed numbers in one row of the audit: both stay readable and bounded.
PAGE_SIZE, NUMBERS = 50, 500


class Group(NamedTuple):
    """Open documents of one kind and state in one unit: how many, and the first and last of their numbers."""

    kind_label: str
    state_label: str
    unit: str
    unit_code: str
    total: int
    first: str
    last: str


class Open(NamedTuple):
    """One page of the groups; `page` counts from 1, `pages` is 0 when nothing is open."""

    groups: list[Group]
    page: int
    pages: int


def still_open(year: int, page: int = 1) -> Open:
    """The open documents of a year by kind, state and unit. Two statements, however many there are."""
    grouped = (
        sa.select(
            Document.kind, Document.state, Unit.name, Unit.code, sa.func.count().label("n"),
            sa.func.min(Document.print_number).label("first"), sa.func.max(Document.print_number).label("last"),
        )
        .join(Period, Period.id == Document.period_id)
        .join(Unit, Unit.id == Document.unit_id)
        .where(Period.year == year, Document.turn != "")
        .group_by(Document.kind, Document.state, Unit.id, Unit.name, Unit.code)
    )  # fmt: skip
    total = db.session.scalar(sa.select(sa.func.count()).select_from(grouped.subquery())) or 0
    pages = -(-total // PAGE_SIZE)
    page = min(max(page, 1), max(pages, 1))
    rows = db.session.execute(
        grouped.order_by(Document.kind, Document.state, Unit.name, Unit.code)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return Open([_group(row) for row in rows], page, pages)


def _group(row: Any) -> Group:
    flow = kind_of(row.kind).flow
    return Group(flow.title, flow.state_label(row.state), row.name, row.code, row.n, row.first, row.last)


def record(period: Period, by_id: int, reason: str) -> None:
    """Write into the audit who closed the year and why, and the number of every document that was open.

    The numbers stand in rows of their own after the one of the closing, so that no row grows without bound.
    """
    found = list(_numbers(period))
    audit.record(
        "period.close",
        actor_id=by_id,
        payload={
            "tahun": period.year,
            "alasan": reason,
            "dokumen_terbuka": sum(len(numbers) for _, _, numbers in found),
            "bagian": len(found),
        },
    )
    for part, (kind, state, numbers) in enumerate(found, 1):
        audit.record(
            "period.close.open",
            actor_id=by_id,
            payload={
                "tahun": period.year, "bagian": part, "jenis": kind, "keadaan": state, "nomor": numbers,
            },
        )  # fmt: skip


def _numbers(period: Period) -> Iterator[tuple[str, str, list[str]]]:
    """(kind, state, printed numbers), at most `NUMBERS` of them at once."""
    rows = db.session.execute(
        sa.select(Document.kind, Document.state, Document.print_number)
        .where(Document.period_id == period.id, Document.turn != "")
        .order_by(Document.kind, Document.state, Document.print_number)
    )
    groups: dict[tuple[str, str], list[str]] = {}
    for kind, state, number in rows:
        groups.setdefault((kind, state), []).append(number)
    for (kind, state), numbers in groups.items():
        for at in range(0, len(numbers), NUMBERS):
            yield kind, state, numbers[at : at + NUMBERS]
