"""What an event leaves behind for ever: the content as it was, who signed it, and the line of the history."""

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

from kinerja import clock
from kinerja.db import db, insert_into, memo
from kinerja.models import Document, Revision, Signature, Step
from kinerja.services import audit
from kinerja.services.people import post_title_of
from kinerja.workflows.roles import Actor, Relation

# Making this of the enumeration each time took longer than looking through it.
_RELATIONS = tuple(Relation)


def revise(document: Document, kind: Any, now: Any) -> tuple[int, str]:
    """Keep the content as it is at this step; an unchanged content keeps its number."""
    content = audit.canonical(kind.content(document))
    content_hash = hashlib.sha256(content.encode()).hexdigest()
    if document.revision_number and document.content_hash == content_hash:
        return document.revision_number, content_hash
    number = document.revision_number + 1
    db.session.execute(
        insert_into(Revision),
        {
            "document_id": document.id,
            "number": number,
            "content": content,
            "content_hash": content_hash,
            "created_at": now,
        },
    )
    return number, content_hash


def sign(document: Document, actor: Actor, block: str, number: int, content_hash: str, now: Any) -> None:
    db.session.execute(
        insert_into(Signature),
        {
            "document_id": document.id,
            "revision_number": number,
            "block": block,
            "person_id": actor.person_id,
            "post_title": post_title_of(actor.person_id or 0, clock.local(now, document.unit.zone).date()),
            "on_behalf": next(iter(actor.on_behalf.values()), ""),
            "content_hash": content_hash,
            "at": now,
        },
    )
    signatures_changed(document.id)


def signatures_changed(document_id: int) -> None:
    """Signatures of a document were written or fell: ask again which stand."""
    memo().get("signed", {}).pop(document_id, None)


class Written(NamedTuple):
    """A step as the history of a document lists it."""

    event: str
    actor_id: int | None
    at: Any
    source: str
    target: str
    mandate: int | None = None


def write_step(
    document: Document,
    event: str,
    source: str,
    target: str,
    actor: Actor,
    note: str,
    at: Any,
    late: bool,
    revision_number: int,
    open_to: Sequence[Relation],
) -> None:
    """One row of the history. `open_to` are the relations whose step it was: who has several acted as one of these."""
    relation = next((r for r in (*open_to, *_RELATIONS) if r in actor.relations), None)
    db.session.execute(
        insert_into(Step),
        {
            "document_id": document.id,
            "sequence": document.version,
            "event": event,
            "source": source,
            "target": target,
            "actor_id": actor.person_id,
            "relation": relation or "",
            "on_behalf": actor.on_behalf.get(relation, "") if relation else "",
            "note": note,
            "trace": actor.trace,
            "revision_number": revision_number or document.revision_number,
            "late": late,
            "at": at,
        },
    )
    if (past := memo().get("past", {}).get(document.id)) is not None:
        mandate = actor.trace.get("mewakili")
        past.append(Written(event, actor.person_id, at, source, target, mandate))
