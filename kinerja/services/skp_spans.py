"""What the span of an SKP is held against: the person's other SKP of the period, and his time in its post (SKP-18)."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja.db import db, memo
from kinerja.models import DISCARDED, Document, Placement, Skp, is_plan

Span = tuple[date, date]
# An SKP whose span is free for another one.
OUT_OF_FORCE = ("exempt", "superseded", "closed", DISCARDED)


@dataclass(frozen=True)
class Spans:
    """What the span of an SKP is held against: the person's other SKP of the period (``live`` those in force or on
    their way to it, ``every`` with those that ended), and his placements in the post of this one."""

    live: tuple[Span, ...]
    every: tuple[Span, ...]
    placed: tuple[Span, ...]


def columns() -> tuple[Any, Any]:
    """The spans of the person's other SKP of the period as one text: "2026-01-01/2026-05-31/closed 2026-06-01/...", and
    those of his placements in the post of this one: "2020-01-01/ ...". Both for the document of the bound id."""
    this, other = aliased(Document), aliased(Document)
    held, own = aliased(Skp), aliased(Skp)
    span = sa.cast(held.starts, sa.String) + "/" + sa.cast(held.ends, sa.String) + "/" + other.state
    others = (
        sa.select(sa.func.aggregate_strings(span, " "))
        .select_from(held)
        .join(other, other.id == held.document_id)
        .join(this, sa.and_(this.subject_id == other.subject_id, this.period_id == other.period_id))
        .where(this.id == sa.bindparam("document_id"), other.id != this.id, is_plan(other))
    )
    days = (
        sa.cast(Placement.starts, sa.String) + "/" + sa.func.coalesce(sa.cast(Placement.ends, sa.String), "")
    )
    at_post = sa.and_(Placement.person_id == this.subject_id, Placement.post_id == own.post_id)
    placed = (
        sa.select(sa.func.aggregate_strings(days, " "))
        .select_from(own)
        .join(this, this.id == own.document_id)
        .join(Placement, at_post)
        .where(this.id == sa.bindparam("document_id"))
    )
    return others.scalar_subquery(), placed.scalar_subquery()


@cache
def _spans_query() -> Any:
    return sa.select(*columns())


def spans_of(document: Document) -> Spans:
    """Read together with the SKP; alone when an event in the same transaction may have changed them."""
    known: dict[int, Spans] = memo().setdefault("spans", {})
    if document.id not in known:
        known[document.id] = read(*db.session.execute(_spans_query(), {"document_id": document.id}).one())
    return known[document.id]


def read(others: str | None, placed: str | None) -> Spans:
    every = [span.split("/") for span in (others or "").split()]
    return Spans(
        tuple(_span(*days) for *days, state in every if state not in OUT_OF_FORCE),
        tuple(_span(*days) for *days, _state in every),
        tuple(_span(*span.split("/")) for span in (placed or "").split()),
    )


def _span(starts: str, ends: str) -> Span:
    return date.fromisoformat(starts), date.fromisoformat(ends) if ends else date.max


def answers_for(document: Document, skp: Skp, spans: Spans | None) -> Span:
    """The days of the year that this SKP and the others must cover: those in which the person holds its post and is not
    exempt, back to an earlier SKP and on to a later one.

    Before the first SKP of a year and after the last nothing is demanded: whether kinerja was in use then is not known.
    """
    year_start, year_end = date(document.period.year, 1, 1), date(document.period.year, 12, 31)
    first, last = max(skp.starts, year_start), min(skp.ends, year_end)
    if spans is not None:
        earlier = any(starts < skp.starts for starts, _ends in spans.every)
        later = any(starts > skp.ends for starts, _ends in spans.every)
        for starts, ends in spans.placed:
            if starts <= last and first <= ends:
                first = min(first, max(starts, year_start)) if earlier else first
                last = max(last, min(ends, year_end)) if later else last
    person = document.subject
    if person.exempt_from is not None:
        back = person.exempt_to or date.max
        if person.exempt_from <= first <= back < last:
            first = back + timedelta(days=1)
        elif first < person.exempt_from <= last <= back:
            last = person.exempt_from - timedelta(days=1)
    return first, last
