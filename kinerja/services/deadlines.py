"""Whose turn a document is and until when: the flow's main row read against calendar and windows."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from kinerja import clock
from kinerja.models import Document
from kinerja.rules import deadlines as rules
from kinerja.services.calendars import calendar_of
from kinerja.services.kinds import flow_of
from kinerja.services.periods import regulation_of
from kinerja.workflows.base import Facts
from kinerja.workflows.roles import Relation

FALLBACK = "default"
# Flags of a document: how long it was on hold altogether, and that the superior gave it back to the penilai.
HELD_SECONDS, HANDED_BACK = "held_seconds", "handed_back"
# Flags of a document whose SKP is suspended: what was left as its clock stopped, and until when that lasts afterwards.
STOPPED, KEPT = "stopped", "kept_due"
# Of an SKP: first and last day of its last hold. Of an evaluation: the day to which that moved the end of its window.
LAST_HOLD, WINDOW_UNTIL = "last_hold", "window_until"


WINDOW_DATES = frozenset(
    {"starts", "ends", "recording_opens", "evaluation_opens", "record_by", "validate_by", "closes"}
)


def by_window() -> frozenset[str]:
    """The codes whose moment moves when a date of the document's window does."""
    return frozenset(
        row.code
        for row in rules.table().values()
        if row.reads_windows and WINDOW_DATES & {row.date, row.cap, row.no_later_than}
    )


def windows_of(document: Document) -> dict[str, date]:
    """The dates of the document's slot by the names that deadlines.toml uses; empty when the slot has none.

    The window of an evaluation that was suspended closes later, as `held_open` says.
    """
    until = document.flags.get(WINDOW_UNTIL)
    for window in document.period.windows:
        if window.slot == document.slot:
            return {
                "starts": window.starts,
                "ends": window.ends,
                "recording_opens": window.recording_opens,
                "evaluation_opens": window.evaluation_opens,
                "record_by": window.record_by,
                "validate_by": window.validate_by,
                "closes": max(window.closes, date.fromisoformat(until)) if until else window.closes,
            }
    return {}


def due_of(
    document: Document,
    code: str,
    since: datetime,
    anchors: Mapping[str, date] | None = None,
    starts: date | None = None,
) -> datetime | None:
    """The last second of a step of this document, in the zone and by the working days of its unit.

    `anchors` are further dates from which a deadline may run: the document's own, such as its receipt. `starts` is
    the first day it is about, where that is not the one it has so far.
    """
    return rules.due_at(
        code,
        since=since,
        zone=document.unit.zone,
        calendar=calendar_of(document),
        year=document.period.year,
        windows=windows_of(document) | dict(anchors or {}) if rules.table()[code].reads_windows else {},
        law=regulation_of(document.period),
        starts=starts or (date.fromisoformat(document.span_start) if document.span_start else None),
    )


def turn_and_due(
    document: Document,
    facts: Facts,
    since: datetime,
    after: Mapping[str, Any] = MappingProxyType({}),
) -> tuple[str, datetime | None, str]:
    """The relation whose turn it is ("" when nobody waits), the due moment and its code.

    `after` holds the columns that the event is about to change: `state_since`, `flags`, and `due_at` for a moment that
    stands whatever the table says, as what was left when a hold ended.
    """
    relation, move = flow_of(document).turn(facts)
    if relation is None or move is None:
        return "", None, ""
    if STOPPED in document.flags:
        return "", None, ""
    code = move.row.due or FALLBACK
    if (kept := after.get("due_at")) is not None:
        return str(relation), kept, code
    due = due_of(document, code, after.get("state_since", since), facts.anchors)
    if due is not None and relation == Relation.PENILAI and facts.acting_level == 0:
        due = min(due, passes_up(document, after.get("flags")) or due)
    left = document.flags.get(KEPT)
    if due is not None and left and left["code"] == code:
        due = max(due, datetime.fromisoformat(left["due"]))
    return str(relation), due, code


def passes_up(document: Document, flags: Mapping[str, Any] | None = None) -> datetime | None:
    """Until when an SKP may wait for its penilai: after it the superior's superior acts (PermenPANRB 6/2022 p. 65).

    None for other kinds, and once it was given back to the penilai: that was the superior's decision. Time on hold
    does not count, so the limit moves with it.
    """
    flags = document.flags if flags is None else flags
    if document.kind != "skp" or flags.get(HANDED_BACK):
        return None
    limit = due_of(document, "skp_establish", document.created_at)
    held = timedelta(seconds=flags.get(HELD_SECONDS, 0))
    return limit + held if limit is not None else None


def time_held(document: Document, now: datetime) -> dict[str, Any]:
    """The flags that say how long a document has been on hold altogether, and from when to when just now."""
    total = document.flags.get(HELD_SECONDS, 0) + (now - document.state_since).total_seconds()
    days = [clock.local(at, document.unit.zone).date().isoformat() for at in (document.state_since, now)]
    return {HELD_SECONDS: total, LAST_HOLD: days}


def held_open(document: Document, hold: Sequence[str]) -> date | None:
    """Until when the window of an evaluation stays open after its SKP was on hold from one day to another.

    As many working days after it as the window still had when it began, or altogether where it opened meanwhile;
    None when the hold took nothing of it. The law is silent on suspended plans (asumsi, decision 0002 no. 18).
    """
    first, last = (date.fromisoformat(day) for day in hold)
    windows = windows_of(document)
    if not windows or not windows["evaluation_opens"] <= last or windows["closes"] < first:
        return None
    calendar = calendar_of(document)
    begun = max(first, windows["evaluation_opens"] - timedelta(days=1))
    until = calendar.add(last, calendar.between(begun, windows["closes"]))
    return until if until > windows["closes"] else None
