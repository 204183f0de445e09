"""Which running documents follow an older table of their kind, what a move would change for them, and the move."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Document
from kinerja.services import transitions
from kinerja.services.kinds import all_kinds
from kinerja.workflows.versions import Difference, difference, ended

BATCH = 500


@dataclass(frozen=True)
class Standing:
    """The documents of a kind in one state that follow one older table, and what a move changes for them."""

    kind: str
    version: int
    newest: int
    label: str
    target_label: str
    count: int
    change: Difference


def behind() -> list[Standing]:
    """Every running document that does not follow the newest table. One statement. Raises NoSuchTable."""
    found = []
    rows = db.session.execute(
        sa.select(Document.kind, Document.flow_version, Document.state, sa.func.count())
        .where(_older())
        .group_by(Document.kind, Document.flow_version, Document.state)
        .order_by(Document.kind, Document.flow_version, Document.state)
    )
    for kind, version, state, count in rows:
        flow = all_kinds()[kind].flow
        change = difference(flow, version, state)
        label, target = flow.state_label(state), flow.state_label(change.target)
        found.append(Standing(kind, version, flow.version, label, target, count, change))
    return found


def move(kind: str) -> Iterator[bool]:
    """Move every running document of a kind to its newest table, each in its own transaction; whether it was moved."""
    last = 0
    while batch := _batch(kind, last):
        for document_id, public_id in batch:
            last = document_id
            yield transitions.follow_newest(public_id)


def _batch(kind: str, after: int) -> list[tuple[int, str]]:
    query = (
        sa.select(Document.id, Document.public_id)
        .where(_older(), Document.kind == kind, Document.id > after)
        .order_by(Document.id)
        .limit(BATCH)
    )
    return [(row.id, row.public_id) for row in db.session.execute(query)]


def _older() -> sa.ColumnElement[bool]:
    """The condition "is running, and does not follow the newest table of its kind"."""
    return sa.or_(
        *(
            sa.and_(
                Document.kind == code,
                Document.flow_version != kind.flow.version,
                Document.state.not_in(ended(kind.flow)),
            )
            for code, kind in all_kinds().items()
        )
    )
