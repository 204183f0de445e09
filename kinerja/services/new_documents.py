"""How a document comes into being: its head and printed number, its first history row."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, table_of
from kinerja.ids import new_public_id
from kinerja.models import Document, PrintNumber
from kinerja.services import audit, deadlines, notices, sealing
from kinerja.services.kinds import kind_of
from kinerja.services.transitions import write_head
from kinerja.workflows.roles import Actor

PRINT_PREFIX = {
    "skp": "SKP", "realisation": "REA", "predicate_review": "EVK", "objection": "KBR", "repair": "PRB", "pk": "PK",
    "dko": "DKO",
    "matrix": "MPH",
    "manual": "MAN",
    "iku_realisation": "RIK", "org_value": "NKO", "k3_review": "RK3",
}  # fmt: skip


def create(kind: str, *, slot: str = "Y", **given: Any) -> Document:
    """A new document in its first state, with its printed number. Inside a transaction; `given` as below.

    The caller adds the content rows right after and then calls `begin`, which writes the first history row.
    """
    (document,) = create_for_slots(kind, (slot,), **given)
    return document


def create_for_slots(
    kind: str,
    slots: Sequence[str],
    *,
    period: Any,
    by: Actor,
    span_start: date | None = None,
    **columns: Any,
) -> list[Document]:
    """As `create`, one for each slot of a year: their numbers are drawn at once, their rows written at once."""
    now, flow = clock.now(), kind_of(kind).flow
    documents = [
        Document(
            public_id=new_public_id(),
            kind=kind,
            flow_version=flow.version,
            print_number=number,
            period=period,
            slot=slot,
            span_start=span_start.isoformat() if span_start else "",
            state_since=now,
            created_by_id=by.person_id,
            created_at=now,
            updated_at=now,
            **columns,
        )
        for slot, number in zip(slots, next_print_numbers(kind, period.year, len(slots)), strict=True)
    ]
    db.session.add_all(documents)
    db.session.flush()
    return documents


def begin(document: Document, by: Actor, event: str = "create", note: str = "") -> None:
    """Write the first step, the turn and the audit row of a document whose content is complete."""
    db.session.flush()
    kind = kind_of(document.kind)
    facts = kind.facts(document)
    turn, due, code = deadlines.turn_and_due(document, facts, document.state_since)
    write_head(document, {"turn": turn, "due_at": due, "due_code": code})
    open_to = next((entry.who for entry in kind.flow.entries if entry.event == event), ())
    sealing.write_step(
        document, event, "-", document.state, by, note, document.state_since, False, 0, open_to
    )
    notices.after_event(document, event, by, turn)
    audit.record(
        f"{document.kind}.{event}",
        actor_id=by.person_id,
        payload={"nomor": document.print_number, "ke": document.state, "subjek": document.subject_id},
        document=document,
    )


@cache
def _draw_number() -> Any:
    table = table_of(PrintNumber)
    return (
        sa.update(table)
        .where(table.c.kind == sa.bindparam("b_kind"), table.c.year == sa.bindparam("b_year"))
        .values(last=table.c.last + sa.bindparam("b_count"))
        .returning(table.c.last)
    )


def next_print_numbers(kind: str, year: int, count: int) -> list[str]:
    """Draw the next printed numbers of a kind and year; gaps and repeats are impossible inside a transaction."""
    last = db.session.execute(_draw_number(), {"b_kind": kind, "b_year": year, "b_count": count}).scalar()
    if last is None:
        db.session.execute(sa.insert(PrintNumber).values(kind=kind, year=year, last=count))
        last = count
    return [f"{PRINT_PREFIX[kind]}-{year}-{number:06d}" for number in range(last - count + 1, last + 1)]
