"""With an SKP its realisations and evaluations are suspended: nobody is awaited, reminded or late."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document
from kinerja.services import deadlines, transitions
from kinerja.services.effects import effect
from kinerja.services.kinds import Context, kind_of


def stand_still(document: Document) -> None:
    """Nobody is awaited and no clock runs, while the document it belongs to is suspended. Inside a transaction."""
    rest = (document.due_at - clock.now()).total_seconds() if document.due_at else None
    stopped = {"code": document.due_code, "rest": rest}
    transitions.write_head(
        document, {"turn": "", "due_at": None, "flags": dict(document.flags) | {deadlines.STOPPED: stopped}}
    )


def run_again(document: Document, hold: Sequence[str]) -> None:
    """The end of that: the same turn, with the time that was left of it, of the window of an evaluation too."""
    flags = dict(document.flags)
    stopped = flags.pop(deadlines.STOPPED, None)
    if stopped is None:
        return
    if document.kind == "predicate_review" and (until := deadlines.held_open(document, hold)) is not None:
        flags[deadlines.WINDOW_UNTIL] = until.isoformat()
    if stopped["rest"] is not None:
        until = clock.now() + timedelta(seconds=stopped["rest"])
        flags[deadlines.KEPT] = {"code": stopped["code"], "due": until.isoformat()}
    transitions.write_head(document, {"flags": flags})
    kind = kind_of(document.kind)
    turn, due, code = deadlines.turn_and_due(document, kind.facts(document), document.state_since)
    transitions.write_head(document, {"turn": turn, "due_at": due, "due_code": code})


@effect("skp", "hold")
def stop_clocks(context: Context) -> None:
    """With the SKP its realisations and evaluations are suspended: nobody is awaited, reminded or late."""
    for document in _waiting_below(context.document.id):
        stand_still(document)


@effect("skp", "resume")
def run_clocks(context: Context) -> None:
    for document in _waiting_below(context.document.id):
        run_again(document, context.document.flags[deadlines.LAST_HOLD])


def _waiting_below(skp_id: int) -> Sequence[Document]:
    """What hangs on an SKP and was begun; a realisation that has not opened waits for its day anyway."""
    return db.session.scalars(
        sa.select(Document)
        .options(joinedload(Document.unit), joinedload(Document.period), joinedload(Document.subject))
        .where(Document.parent_id == skp_id, Document.state != "not_open")
        .order_by(Document.id)
        .with_for_update(of=Document)
    ).all()
