"""The one door: `send` moves a document by one event, or raises and changes nothing.

One transaction checks the guard, applies the change, swaps state and version, and writes history, revision,
signatures, marks, audit and notices. Nothing else in kinerja assigns the state of a document.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from kinerja import clock
from kinerja.db import db, insert_or_ignore, memo, table_of, transaction
from kinerja.models import Document, Idempotency, ReadLog, Signature
from kinerja.rules.words import N_
from kinerja.services import audit, deadlines, effects, identity, notices, policy, sealing
from kinerja.services.errors import NeedsSignature, NotAllowed, NotThere, Stale
from kinerja.services.kinds import Context, flow_of, kind_of
from kinerja.workflows import versions
from kinerja.workflows.base import OWN_RULE, Facts, Incomplete, Move, Unmet
from kinerja.workflows.roles import SYSTEM, Actor, Relation

NOTE_MINIMUM = 10

# Writing goes on within one step. Of these kinds every other step keeps the content as it then was, that which leaves
# the state alone included; a decision on an objection is written unseen, so that kind keeps it when it is signed.
WRITING = frozenset({"edit", "save"})
KEEPS_EACH_STEP = frozenset({"skp", "realisation", "predicate_review", "iku_realisation"})


@dataclass(frozen=True)
class Sent:
    """What came of it: the document as it is now, and whether this was a repeated submission."""

    document: Document
    event: str
    repeated: bool = False


@cache
def _load_query(lock: bool, with_visit: bool) -> Any:
    """Built once: putting a statement together costs more than running it."""
    query = (
        sa.select(Document)
        .options(joinedload(Document.subject), joinedload(Document.unit), joinedload(Document.period))
        .where(Document.public_id == sa.bindparam("public_id"))
    )
    if lock:
        query = query.with_for_update(of=Document)
    if with_visit:
        last = sa.select(sa.func.max(ReadLog.at)).where(
            ReadLog.document_id == Document.id,
            ReadLog.person_id == sa.bindparam("reader_id"),
            ReadLog.what == "document",
        )
        query = query.add_columns(last.scalar_subquery())
    return query


def load(public_id: str, *, lock: bool = False, reader_id: int | None = None) -> Document:
    """A document with its subject, unit and period. Raises NotThere.

    With `reader_id` also when that person last opened it, left in `session.info["last_visit"]`: one statement.
    With `lock` it stays locked until the transaction ends, so that a second call there need not ask again.
    """
    held: dict[str, Document] = memo().setdefault("held", {})
    if lock and (kept := held.get(public_id)) is not None and db.session.info.get("in_transaction"):
        return kept
    given: dict[str, Any] = {"public_id": public_id}
    if reader_id is not None:
        given["reader_id"] = reader_id
    row = db.session.execute(_load_query(lock, reader_id is not None), given).first()
    if row is None:
        raise NotThere(public_id)
    if reader_id is not None:
        db.session.info["last_visit"] = row[1]
    document: Document = row[0]
    if lock:
        held[public_id] = document
    return document


def send(
    public_id: str,
    event: str,
    person_id: int | None,
    *,
    version: int | None,
    change: Mapping[str, Any] | None = None,
    note: str = "",
    key: str = "",
    signed: bool = False,
) -> Sent:
    """Move a document by one event.

    `person_id` None is the system. `version` is what the sender saw; None only from the system. `key` is the
    idempotency key of the rendered form. `signed` says that the password was confirmed for this very page.
    Raises NotThere, NotAllowed, Stale, NeedsSignature, BadInput or Incomplete; then nothing has changed.
    """
    with transaction():
        # An event before this one, in the same transaction, may have changed them.
        for looked_up in ("spans", "links", "figures"):
            memo().pop(looked_up, None)
        document = load(public_id, lock=True)
        if key and person_id is not None and not _claim(document, event, person_id, key):
            return Sent(document, event, repeated=True)
        actor = SYSTEM if person_id is None else identity.actor_for(document, person_id)
        if person_id is not None and not policy.may_view(document, actor):
            raise NotThere(public_id)
        kind = kind_of(document.kind)
        facts = kind.facts(document)
        move = _allowed_move(document, facts, event, actor)
        if person_id is not None and version != document.version:
            raise Stale(document, version)
        _check_asks(move, note, signed, actor)
        context = Context(document, event, actor, move, clock.now(), change or {}, note.strip())
        applies = "form" in move.row.asks or change or event in getattr(kind, "applies", ())
        if applies:
            kind.apply(context)
            db.session.flush()
            facts = kind.facts(document)
        flow_of(document).run(facts, event, actor)
        _finish(context, kind, facts)
        if applies:
            memo().pop("skp", None)  # the next event in this transaction reads it anew
        for following, next_event, next_change in context.then:
            send(following, next_event, None, version=None, change=next_change)
        return Sent(document, event)


def follow_newest(public_id: str) -> bool:
    """Move a document from an older table of its kind to the newest, into the state that `became` names for its own.

    False when it follows the newest already. Content, signatures and marks stay; turn and due moment are those of the
    new table, counted from when the state began. Raises NoSuchTable.
    """
    with transaction():
        document = load(public_id, lock=True)
        kind = kind_of(document.kind)
        before, source, now = document.flow_version, document.state, clock.now()
        if before == kind.flow.version:
            return False
        target = versions.destination(kind.flow, before, source)
        moved = {"state_since": now, "escalation": 0} if target != source else {}
        _swap(
            document, source, moved | {"flow_version": kind.flow.version, "state": target, "updated_at": now}
        )
        write_head(document, _turn_after(document, kind, kind.facts(document), {}))
        sealing.write_step(document, "follow_newest", source, target, SYSTEM, "", now, False, 0, ())
        notices.after_event(document, "follow_newest", SYSTEM, document.turn if moved else "")
        told = {"nomor": document.print_number, "dari": source, "ke": target, "versi": document.version}
        tables = {"alur_lama": before, "alur_baru": kind.flow.version}
        audit.record(
            f"{document.kind}.follow_newest", actor_id=None, payload=told | tables, document=document
        )
        return True


def flag(document: Document, **flags: Any) -> None:
    """Set flags of a document for an event that another document sends it in this transaction."""
    write_head(document, {"flags": dict(document.flags) | flags})


def _claim(document: Document, event: str, person_id: int, key: str) -> bool:
    """Take the key of a rendered form for this event; False when it was already taken by this very event."""
    values = {
        "person_id": person_id,
        "key": key,
        "document_id": document.id,
        "event": event,
        "at": clock.now(),
    }
    return insert_or_ignore(Idempotency, values) or not _is_repeated(document, event, person_id, key)


def _is_repeated(document: Document, event: str, person_id: int, key: str) -> bool:
    found = db.session.execute(
        sa.select(Idempotency.document_id, Idempotency.event).where(
            Idempotency.person_id == person_id, Idempotency.key == key
        )
    ).first()
    if found is None:
        return False
    if found.document_id != document.id or found.event != event:
        raise NotAllowed(event)
    return True


def was_sent(document: Document, person_id: int, event: str, key: str) -> bool:
    """Did this very form already send this event? Then showing the result is the right answer to its repetition."""
    try:
        return bool(key) and _is_repeated(document, event, person_id, key)
    except NotAllowed:
        return False


def _allowed_move(document: Document, facts: Facts, event: str, actor: Actor) -> Move:
    flow = flow_of(document)
    for move in flow.allowed(facts, actor):
        if move.event == event:
            return move
    raise NotAllowed(event, policy.reasons_against(document, flow, facts, actor, event))


def _check_asks(move: Move, note: str, signed: bool, actor: Actor) -> None:
    if actor.person_id is None:
        return
    wants_text = {"note", "reason"} & set(move.row.asks)
    if wants_text and len(note.strip()) < NOTE_MINIMUM:
        word = N_("catatan") if "note" in wants_text else N_("alasan")
        text = N_("Tulis %(word)s sedikitnya %(n)s huruf, supaya penerima tahu apa yang diharapkan.")
        raise Incomplete([Unmet(OWN_RULE, text, {"word": word, "n": NOTE_MINIMUM}, "note")])
    if "signature" in move.row.asks and not signed:
        raise NeedsSignature(move.event)


def _finish(context: Context, kind: Any, facts: Facts) -> None:
    document, move, actor, now = context.document, context.move, context.actor, context.now
    source, target = document.state, context.target
    words = move.row.effects.split()
    late = document.due_at is not None and move.row.main and now.replace(microsecond=0) > document.due_at
    _apply_words(context, words, facts)
    signs = move.row.asks == ("signature",)
    lasting = document.kind in KEEPS_EACH_STEP and context.event not in WRITING
    revision = sealing.revise(document, kind, now) if not move.internal or signs or lasting else None
    number, content_hash = revision or (document.revision_number, "")
    for word in words:
        if word.startswith("sign:"):
            sealing.sign(document, actor, word.removeprefix("sign:"), number, content_hash, now)
    changed = (
        not move.internal or bool({"mark", "clear_marks"} & set(words)) or "acting_level" in context.values
    )
    after = dict(context.values) | {"state": target, "revision_number": number, "updated_at": now}
    if content_hash:
        after["content_hash"] = content_hash
    if not move.internal:
        after |= {"state_since": now, "escalation": 0}
    by_history = getattr(kind, "turn_by_history", False)
    before, moved = document.turn, context.event in getattr(kind, "moves_turn", ())
    if (changed or moved) and not by_history:
        after |= _turn_after(document, kind, facts, after)
    _swap(document, source, after)
    open_to = move.row.actors(facts)
    sealing.write_step(
        document, context.event, source, target, actor, context.note, now, late, number, open_to
    )
    if changed and by_history:
        write_head(document, _turn_after(document, kind, kind.facts(document), after))
    effects.run(context)
    notices.after_event(
        document,
        context.event,
        actor,
        document.turn if changed or document.turn != before else "",
        context.extra_notices,
    )
    audit.record(
        f"{document.kind}.{context.event}",
        actor_id=actor.person_id,
        payload={
            "nomor": document.print_number,
            "dari": source,
            "ke": target,
            "versi": document.version,
            "hash": content_hash,
            "catatan": context.note,
            "atas_nama": _on_behalf(actor, move),
        },
        document=document,
    )


def _turn_after(document: Document, kind: Any, facts: Facts, after: dict[str, Any]) -> dict[str, Any]:
    """Whose turn it is once the event is written, and until when: the facts as they are one event later."""
    facts.marks = frozenset(Relation(mark) for mark in after.get("marks", document.marks))
    facts.acting_level = after.get("acting_level", document.acting_level)
    turn, due, code = deadlines.turn_and_due(document, facts, document.state_since, after)
    return {"turn": turn, "due_at": due, "due_code": code}


@cache
def _update_document(swaps: bool) -> Any:
    """Built once: the columns to be set come with the parameters."""
    table = table_of(Document)
    conditions = [table.c.id == sa.bindparam("b_id")]
    if swaps:
        conditions += [table.c.version == sa.bindparam("b_version"), table.c.state == sa.bindparam("b_state")]
    return sa.update(table).where(*conditions)


def write_head(document: Document, values: dict[str, Any]) -> None:
    """Write columns of the head that follow from others: turn, due, flags. Never a state."""
    db.session.execute(_update_document(False), values | {"b_id": document.id})
    for name, value in values.items():
        set_committed_value(document, name, value)


def _swap(document: Document, source: str, after: dict[str, Any]) -> None:
    """Compare-and-swap: the row changes only if it still has the version and state that were judged."""
    values = after | {"version": document.version + 1}
    judged = {"b_id": document.id, "b_version": document.version, "b_state": source}
    result = db.session.execute(_update_document(True), values | judged)
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale(document, document.version)
    for name, value in values.items():
        set_committed_value(document, name, value)


def _apply_words(context: Context, words: list[str], facts: Facts) -> None:
    """The effects every kind shares: marks, falling signatures, levels, hold and resume."""
    document, now = context.document, context.now
    if "mark" in words:
        context.values["marks"] = sorted({*document.marks, *(facts.required_marks & context.actor.relations)})
    if "clear_marks" in words or "fall" in words:
        context.values["marks"] = []
    if "fall" in words:
        db.session.execute(
            sa.update(Signature)
            .where(Signature.document_id == document.id, Signature.fallen_at.is_(None))
            .values(fallen_at=now)
        )
        sealing.signatures_changed(document.id)
    if "raise_level" in words:
        context.values["acting_level"] = document.acting_level + 1
    if "lower_level" in words:
        context.values["acting_level"] = max(0, document.acting_level - 1)
        context.flag(**{deadlines.HANDED_BACK: True})
    if "hold" in words:
        rest = (document.due_at - now).total_seconds() if document.due_at else None
        context.values["held_from"] = document.state
        context.flag(held_rest=rest)
    if "resume" in words:
        rest = document.flags.get("held_rest")
        context.values["held_from"] = None
        context.flag(**deadlines.time_held(document, now))
        if rest is not None:
            context.values["due_at"] = now + timedelta(seconds=rest)
    db.session.flush()


def _on_behalf(actor: Actor, move: Move) -> str:
    for relation in move.row.who:
        if relation in actor.on_behalf:
            return actor.on_behalf[relation]
    return ""
