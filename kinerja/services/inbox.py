"""Reading one's notices."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja.db import db, transaction
from kinerja.models import Document, Notice
from kinerja.services import notices

PAGE = 50


def page(person_id: int, before: int | None = None) -> tuple[list[Notice], int | None]:
    """A page of notices and the key of the next one."""
    query = (
        sa.select(Notice)
        .options(joinedload(Notice.document))
        .where(Notice.person_id == person_id)
        .order_by(Notice.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Notice.id < before)
    rows = list(db.session.scalars(query))
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def every(person_id: int) -> list[Notice]:
    """All notices of a person, the newest first."""
    query = sa.select(Notice).options(joinedload(Notice.document)).where(Notice.person_id == person_id)
    return list(db.session.scalars(query.order_by(Notice.id.desc())))


def read(person_id: int, public_ids: Sequence[str]) -> int:
    """Mark these as read, or all when none is named."""
    with transaction():
        return notices.mark_read(person_id, public_ids)


def target_of(person_id: int, public_id: str) -> str | None:
    """The public id of the document a notice leads to."""
    return db.session.scalar(
        sa.select(Document.public_id)
        .join(Notice, Notice.document_id == Document.id)
        .where(Notice.public_id == public_id, Notice.person_id == person_id)
    )
