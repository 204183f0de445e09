"""What a document said at each of its revisions."""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Document, Revision
from kinerja.services.errors import NotThere


def content_at(document: Document, number: int) -> dict[str, Any]:
    """The content as it was at a revision. Raises NotThere."""
    text = db.session.scalar(
        sa.select(Revision.content).where(Revision.document_id == document.id, Revision.number == number)
    )
    if text is None:
        raise NotThere(str(number))
    content: dict[str, Any] = json.loads(text)
    return content


def numbered(document: Document) -> list[tuple[int, datetime, str]]:
    rows = db.session.execute(
        sa.select(Revision.number, Revision.created_at, Revision.content_hash)
        .where(Revision.document_id == document.id)
        .order_by(Revision.number)
    ).all()
    return [(r.number, r.created_at, r.content_hash) for r in rows]
