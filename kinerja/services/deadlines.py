"""Whose turn a document is and until when: the flow's main row read against calendar and windows."""

from collections.abc import Mapping
from datetime import date, datetime

from kinerja.models import Document
from kinerja.rules import deadlines as rules
from kinerja.services.calendars import calendar_of
from kinerja.services.periods import regulation_of
from kinerja.workflows.base import DocumentFlow, Facts

FALLBACK = "default"


def windows_of(document: Document) -> dict[str, date]:
    """The dates of the document's slot by the names of 3.0.3; empty when the slot has none."""
    for window in document.period.windows:
        if window.slot == document.slot:
            return {
                "starts": window.starts,
                "ends": window.ends,
                "recording_opens": window.recording_opens,
                "evaluation_opens": window.evaluation_opens,
                "record_by": window.record_by,
                "validate_by": window.validate_by,
                "closes": window.closes,
            }
    return {}


def due_of(
    document: Document, code: str, since: datetime, anchors: Mapping[str, date] | None = None
) -> datetime | None:
    """The last second of a step of this document, in the zone and by the working days of its unit.

    `anchors` are further dates from which a deadline may run: the document's own, such as its receipt.
    """
    return rules.due_at(
        code,
        since=since,
        zone=document.unit.zone,
        calendar=calendar_of(document),
        year=document.period.year,
        windows=windows_of(document) | dict(anchors or {}) if rules.table()[code].reads_windows else {},
        law=regulation_of(document.period),
        starts=date.fromisoformat(document.span_start) if document.span_start else None,
    )


def turn_and_due(
    document: Document,
    flow: type[DocumentFlow],
    facts: Facts,
    since: datetime,
    keep: datetime | None = None,
) -> tuple[str, datetime | None, str]:
    """The relation whose turn it is ("" when nobody waits), the due moment and its code.

    `keep` is a due moment that stands whatever the table says: what was left when a hold ended.
    """
    relation, move = flow.turn(facts)
    if relation is None or move is None:
        return "", None, ""
    code = move.row.due or FALLBACK
    return str(relation), keep or due_of(document, code, since, facts.anchors), code
