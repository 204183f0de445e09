"""Notices: the subject hears of every change of his document, whoever is next hears that it is his turn."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import at_the_end, db, insert_into, table_of, waiting_for
from kinerja.ids import new_public_id
from kinerja.models import Document, Notice, Outbox
from kinerja.rules.words import N_
from kinerja.services import identity, told
from kinerja.services.turns import CHAIN, has_left, keepers, person_in_turn
from kinerja.workflows.roles import Actor

YOUR_TURN = N_("Giliran Anda: %(document)s (%(state)s).")
YOUR_TURN_BY = N_("Giliran Anda: %(document)s (%(state)s), paling lambat %(due)s.")
NOBODY = N_("%(document)s menunggu pejabat yang belum ditetapkan. Periksa garis pelaporannya.")
BATCH = 500
# Writing in a draft is no news; everything else is.
SILENT_EVENTS = frozenset({"edit", "save", "write_decision", "prepare_period"})
# Somebody else evaluates now, or nobody sits on it: that says nothing of the rating.
OVERRIDES = frozenset({"escalate_to_superior", "reassign", "skip_session"})


def after_event(
    document: Document,
    event: str,
    actor: Actor,
    turn: str,
    extra: Sequence[tuple[int, str, dict[str, Any]]] = (),
) -> None:
    """Queue the notices of one event: one per person, in the application and, for later, by mail."""
    from kinerja.services.kinds import flow_of, kind_of

    if event in SILENT_EVENTS:
        return
    flow = flow_of(document)
    template, params = kind_of(document.kind).title(document)
    about = {"document_template": template, "document_params": params}
    wanted: dict[int, tuple[str, dict[str, Any]]] = {}
    if actor.person_id != document.subject_id and not hidden_from_subject(document, event):
        news = {"who": actor.name, "event": flow.event_label(event), **about}
        wanted[document.subject_id] = (told.sentence(document.kind, event), news)
    wanted |= _of_turn(document, turn, about, but=actor.person_id)
    for person, text, more in extra:
        wanted[person] = (text, {**about, **more})
    write(document, wanted)


def tell_turn(document: Document, dedupe: str = "") -> None:
    """Whoever is next hears that it is his turn, where the day and no event has passed it on to him."""
    write(document, _of_turn(document, document.turn, _about(document)), dedupe)


def tell_nobody(document: Document, people: Sequence[int], dedupe: str = "") -> None:
    """Those who keep the data of the unit hear that this waits for somebody who is not there."""
    write(document, dict.fromkeys(people, (NOBODY, _about(document))), dedupe)


def _about(document: Document) -> dict[str, Any]:
    from kinerja.services.kinds import kind_of

    template, params = kind_of(document.kind).title(document)
    return {"document_template": template, "document_params": params}


def _of_turn(
    document: Document, turn: str, about: dict[str, Any], but: int | None = None
) -> dict[int, tuple[str, dict[str, Any]]]:
    from kinerja.services.kinds import flow_of

    state = flow_of(document).state_label(document.state)
    said = YOUR_TURN_BY if document.due_at else YOUR_TURN
    news = {"state": state, "due": last_day(document), **about}
    people = person_in_turn(document, turn)
    if not people and turn in CHAIN and not has_left(document):
        chain = identity.superiors(document.subject_id, clock.today(document.unit.zone))
        return dict.fromkeys(keepers(document, chain)[1], (NOBODY, about))
    return {person: (said, news) for person in people if person != but}


def last_day(document: Document) -> str:
    """The last day for the next step on the calendar of the unit, as a notice carries it; empty without one."""
    return clock.local(document.due_at, document.unit.zone).date().isoformat() if document.due_at else ""


def hidden_from_subject(document: Document, event: str) -> bool:
    """Steps of a judgement that the subject must not see before it is determined."""
    if event in OVERRIDES:
        return False
    return document.kind == "predicate_review" and document.state in (
        "prepared",
        "at_superior",
        "proposed",
        "calibrated",
        "in_session",
        "session_decided",
    )


def write(document: Document | None, wanted: dict[int, tuple[str, dict[str, Any]]], dedupe: str = "") -> None:
    """Notices and their outbox rows, in this transaction. With `dedupe` each is written once, however often asked."""
    if not wanted:
        return
    now = clock.now()
    keys = {person: f"{dedupe}:{person}" for person in wanted} if dedupe else {}
    if keys:
        known = set(db.session.scalars(_known_query(), {"keys": list(keys.values())}))
        known |= {row["dedupe"] for row in waiting_for(_insert)}
        wanted = {person: what for person, what in wanted.items() if keys[person] not in known}
    for person, (text, params) in wanted.items():
        row = {
            "public_id": new_public_id(),
            "person_id": person,
            "document_id": document.id if document else None,
            "text": text,
            "params": params,
            "dedupe": keys.get(person),
            "created_at": now,
        }
        at_the_end(_insert, row)


def _insert(rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), BATCH):
        some = rows[first : first + BATCH]
        db.session.execute(insert_into(Notice), some)
        db.session.execute(_outbox_query(), {"notices": [row["public_id"] for row in some]})


@cache
def _outbox_query() -> Any:
    """A mail to be sent for each of these notices."""
    notice, outbox = table_of(Notice), table_of(Outbox)
    waiting = sa.select(notice.c.id, sa.literal("waiting"), sa.literal(0), notice.c.created_at)
    return outbox.insert().from_select(
        ["notice_id", "state", "attempts", "created_at"],
        waiting.where(notice.c.public_id.in_(sa.bindparam("notices", expanding=True))).order_by(notice.c.id),
    )


@cache
def _known_query() -> Any:
    return sa.select(Notice.dedupe).where(Notice.dedupe.in_(sa.bindparam("keys", expanding=True)))


def mark_read(person_id: int, public_ids: Sequence[str] = ()) -> int:
    """Mark these notices of a person as read, or all; how many."""
    query = sa.update(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    if public_ids:
        query = query.where(Notice.public_id.in_(public_ids))
    result = db.session.execute(query.values(read_at=clock.now()))
    return int(result.rowcount)  # type: ignore[attr-defined]
