"""What every document has, whatever its kind: state, version, history, revisions, signatures, thread."""

from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kinerja.db import Base, UtcDateTime
from kinerja.models.people import Person, Unit
from kinerja.models.period import Period

# The states of each kind, as the flows in kinerja.workflows declare them; a test keeps the two equal.
STATES: dict[str, tuple[str, ...]] = {
    "skp": (
        "draft", "submitted", "in_dialogue", "agreed", "in_review", "reviewed", "signed_employee",
        "in_force", "superseded", "closed", "exempt", "discarded", "on_hold",
    ),
    "realisation": ("not_open", "open", "draft", "recorded", "returned", "validated", "missing"),
    "predicate_review": (
        "prepared", "at_superior", "proposed", "calibrated", "in_session", "session_decided", "determined",
        "signed", "delivered", "received", "accepted", "accepted_silent", "objected", "decided", "final", "reported",
    ),
    "objection": ("draft", "filed", "in_examination", "upheld", "changed", "published", "withdrawn", "lapsed"),
    "repair": ("draft", "submitted", "approved", "applied", "refused", "withdrawn"),
    "pk": (
        "draft", "proposed", "in_dialogue", "agreed", "in_review", "ready_to_sign", "signed_first", "in_force",
        "amended", "closed", "cancelled",
    ),
    "dko": (
        "scheduled", "materials_ready", "held", "minutes_draft", "minutes_signed", "actions_open", "closed", "missed",
    ),
    "matrix": ("draft", "shared", "closed"),
    "manual": ("draft", "submitted", "approved", "in_force", "superseded", "dropped"),
    "iku_realisation": ("not_open", "open", "draft", "recorded", "returned", "validated", "missing"),
    "org_value": ("collecting", "computed", "reviewed", "determined", "final"),
    "k3_review": ("not_reviewed", "self_checked", "in_review", "needs_fix", "reviewed", "locked"),
}  # fmt: skip


def _state_check() -> str:
    listed = {kind: ", ".join(repr(state) for state in states) for kind, states in STATES.items()}
    return " OR ".join(f"(kind = '{kind}' AND state IN ({states}))" for kind, states in listed.items())


# Orders a list may have. SQLite, which keeps no count of what an index finds, would use them where others serve better;
# it is meant for one office and sorts those few rows.
_ORDERS = tuple(
    sa.Index(name, *columns).ddl_if(dialect="postgresql")
    for name, columns in {
        "ix_document_kind": ("kind", "id"),
        "ix_document_state": ("state", "id"),
    }.items()
)
# In which states of a kind somebody still has something to do, and since when he waits: an index each, of these rows
# alone, in the order in which a unit page lists them.
OPEN_STATES = {
    "skp": ("draft", "submitted", "in_dialogue", "agreed", "in_review", "reviewed", "signed_employee", "on_hold"),
    "realisation": ("open", "draft", "returned", "missing"),
    "predicate_review": (
        "prepared", "at_superior", "proposed", "calibrated", "in_session", "session_decided", "determined", "signed",
        "delivered", "received", "objected", "decided",
    ),
}  # fmt: skip
WAITS_SINCE = {"skp": "state_since", "realisation": "state_since", "predicate_review": "created_at"}


def is_open(kind: str) -> sa.TextClause:
    """The condition "a document of this kind that still waits": word for word that of the index."""
    states = ", ".join(repr(state) for state in OPEN_STATES[kind])
    return sa.text(f"document.kind = '{kind}' AND document.state IN ({states})")


def _waiting(kind: str) -> sa.Index:
    only = sa.text(is_open(kind).text.replace("document.", ""))
    columns = ("period_id", "slot", WAITS_SINCE[kind], "id")
    return sa.Index(f"ix_document_open_{kind}", *columns, sqlite_where=only, postgresql_where=only)


# When they start, of the SKP that wait: a unit page asks it of everybody below.
_STARTS = sa.Index(
    "ix_document_open_skp_start", "period_id", "span_start", "unit_id", "state",
    sqlite_where=sa.text(is_open("skp").text.replace("document.", "")),
    postgresql_where=sa.text(is_open("skp").text.replace("document.", "")),
)  # fmt: skip


class Document(Base):
    """The common head of every document. Only `services.transitions` assigns `state`."""

    __tablename__ = "document"
    __table_args__ = (
        sa.CheckConstraint(_state_check(), name="state"),
        sa.UniqueConstraint("kind", "subject_id", "parent_id", "slot", "span_start"),
        sa.Index("ix_document_turn", "turn", "subject_id"),
        sa.Index("ix_document_unit_kind_state", "unit_id", "period_id", "kind", "state"),
        sa.Index("ix_document_due", "due_at"),
        *_ORDERS,
        *(_waiting(kind) for kind in OPEN_STATES),
        _STARTS,
        sa.Index("ix_document_subject", "subject_id", "kind", "period_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(24), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(24))
    print_number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    official_number: Mapped[str] = mapped_column(sa.String(120), default="")
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("period.id"))
    slot: Mapped[str] = mapped_column(sa.String(4), default="Y")
    subject_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"), index=True)
    span_start: Mapped[str] = mapped_column(sa.String(10), default="")
    state: Mapped[str] = mapped_column(sa.String(24))
    version: Mapped[int] = mapped_column(default=1)
    # Which table of its kind it follows: a changed one is for documents begun after it.
    flow_version: Mapped[int] = mapped_column(default=1, server_default="1")
    revision_number: Mapped[int] = mapped_column(default=0)
    content_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    # The relations that have set their mark "sepakat"; any edit clears them. Who and when stands in the history.
    marks: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    acting_level: Mapped[int] = mapped_column(default=0)
    held_from: Mapped[str | None] = mapped_column(sa.String(24))
    turn: Mapped[str] = mapped_column(sa.String(32), default="")
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_code: Mapped[str] = mapped_column(sa.String(60), default="")
    escalation: Mapped[int] = mapped_column(default=0)
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    flags: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    # Computed by the database from `flags` and indexed: whom the document names.
    named_decider_id: Mapped[int | None] = mapped_column(server_default=sa.FetchedValue(), deferred=True)
    named_evaluator_id: Mapped[int | None] = mapped_column(server_default=sa.FetchedValue(), deferred=True)
    named_upk_above_id: Mapped[int | None] = mapped_column(server_default=sa.FetchedValue(), deferred=True)
    named_calibrator_id: Mapped[int | None] = mapped_column(server_default=sa.FetchedValue(), deferred=True)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    subject: Mapped[Person] = relationship(foreign_keys=[subject_id])
    unit: Mapped[Unit] = relationship()
    period: Mapped[Period] = relationship()
    parent: Mapped["Document | None"] = relationship(remote_side=[id])


@cache
def _above() -> Any:
    """What another document hangs on; made once: an alias costs more than the statement it stands in."""
    return sa.orm.aliased(Document)


def is_held(document: Any) -> Any:
    """The condition "its SKP is suspended, and this document with it", over Document or an alias of it."""
    above = _above()
    return sa.exists().where(above.id == document.parent_id, above.kind == "skp", above.state == "on_hold")


# A draft of an SKP that its owner threw away before anybody else saw it.
DISCARDED = "discarded"


def is_plan(document: Any) -> Any:
    """The condition "an SKP that is, or was, somebody's plan", over Document or an alias of it."""
    return sa.and_(document.kind == "skp", document.state != DISCARDED)


class Step(Base):
    """One event in the life of a document: who, on behalf of whom, when, from where to where, and why."""

    __tablename__ = "step"
    __table_args__ = (
        sa.UniqueConstraint("document_id", "sequence"),
        sa.Index("ix_step_event", "event", "document_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"))
    sequence: Mapped[int]
    event: Mapped[str] = mapped_column(sa.String(40))
    source: Mapped[str] = mapped_column(sa.String(24))
    target: Mapped[str] = mapped_column(sa.String(24))
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    relation: Mapped[str] = mapped_column(sa.String(32), default="")
    on_behalf: Mapped[str] = mapped_column(sa.String(200), default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    trace: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    revision_number: Mapped[int] = mapped_column(default=0)
    late: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    actor: Mapped[Person | None] = relationship()


class Revision(Base):
    """The content of a document at one step, as canonical JSON text and its SHA-256; never changed afterwards."""

    __tablename__ = "revision"
    __table_args__ = (sa.UniqueConstraint("document_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"))
    number: Mapped[int]
    content: Mapped[str] = mapped_column(sa.Text)
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Signature(Base):
    """A re-confirmed assent to one revision. Falls when the document is opened again; stays readable."""

    __tablename__ = "signature"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), index=True)
    revision_number: Mapped[int]
    block: Mapped[str] = mapped_column(sa.String(24))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    post_title: Mapped[str] = mapped_column(sa.String(200))
    on_behalf: Mapped[str] = mapped_column(sa.String(200), default="")
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    fallen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()


class Comment(Base):
    """A remark in the thread of a document, or at one of its fields."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    field: Mapped[str] = mapped_column(sa.String(60), default="")
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()


class PrintNumber(Base):
    """The running number per kind and year, drawn inside the transaction that creates the document."""

    __tablename__ = "print_number"

    kind: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Idempotency(Base):
    """A rendered form's key: the same submission twice is one event."""

    __tablename__ = "idempotency"
    __table_args__ = (sa.UniqueConstraint("person_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(sa.String(64))
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"))
    event: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
