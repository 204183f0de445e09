"""What an evaluator and those before him have said in the year of one SKP, by date, to lie beside the ratings."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Document, Person, Review, ReviewRow, ReviewValue, SkpRow, Step
from kinerja.rules.registry import core_values
from kinerja.services.org_results import USED_STATES
from kinerja.services.reading import RETURNS
from kinerja.services.review_facts import PROPOSALS


def so_far(document: Document) -> list[dict[str, Any]]:
    """The feedback of earlier evaluations of the same SKP and the notes with which realisations went back.

    Newest first, each as {at, who, slot, about, text, public_id}; `about` is the hasil kerja or value, "" for a note.
    Feedback of peers and subordinates, and dialogues, are not part of it: nothing in the year records them yet.
    """
    said = [*_earlier(document), *_returned(document)]
    return sorted(said, key=_moment, reverse=True)


def _moment(one: dict[str, Any]) -> datetime:
    at: datetime = one["at"]
    return at


def _earlier(document: Document) -> Iterator[dict[str, Any]]:
    """What was written to each hasil kerja and value when an earlier period was evaluated."""
    titles = {value.code: value.title for value in core_values()}
    proposed = (
        sa.select(Step.document_id, sa.func.max(Step.id).label("id"))
        .where(Step.event.in_(PROPOSALS))
        .group_by(Step.document_id)
        .subquery()
    )
    text = sa.literal("")
    parts = [
        sa.select(Review.document_id, SkpRow.rhk.label("about"), text.label("code"), ReviewRow.feedback)
        .join(ReviewRow, ReviewRow.review_id == Review.document_id)
        .join(SkpRow, SkpRow.id == ReviewRow.row_id),
        sa.select(Review.document_id, text, ReviewValue.value_code, ReviewValue.feedback).join(
            ReviewValue, ReviewValue.review_id == Review.document_id
        ),
    ]
    every = sa.union_all(*parts).subquery()
    rows = db.session.execute(
        sa.select(
            every.c.about,
            every.c.code,
            every.c.feedback,
            Document.slot,
            Document.public_id,
            Step.at,
            Person.name,
        )
        .join(Document, Document.id == every.c.document_id)
        .join(proposed, proposed.c.document_id == Document.id)
        .join(Step, Step.id == proposed.c.id)
        .join(Person, Person.id == Step.actor_id)
        .where(
            every.c.feedback != "",
            Document.parent_id == document.parent_id,
            Document.id != document.id,
            Document.state.in_(USED_STATES),
        )
        .order_by(every.c.code, every.c.about)
    )
    for row in rows:
        yield {
            "at": row.at, "who": row.name, "slot": row.slot, "about": row.about or titles.get(row.code, row.code),
            "text": row.feedback, "public_id": row.public_id,
        }  # fmt: skip


def _returned(document: Document) -> Iterator[dict[str, Any]]:
    """The note of each return of a realisation."""
    rows = db.session.execute(
        sa.select(Step.note, Step.at, Person.name, Document.slot, Document.public_id)
        .join(Document, Document.id == Step.document_id)
        .join(Person, Person.id == Step.actor_id)
        .where(
            Document.kind == "realisation",
            Document.parent_id == document.parent_id,
            Step.event.in_(RETURNS),
            Step.note != "",
        )
    )
    for row in rows:
        yield {
            "at": row.at, "who": row.name, "slot": row.slot, "about": "", "text": row.note,
            "public_id": row.public_id,
        }  # fmt: skip
