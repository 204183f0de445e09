"""What a document page shows: plain values for one person, read once, with the read logged.

Nothing here decides who may act; it asks the flow and hands the answers to the page.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import UtcDateTime, db, insert_into, transaction
from kinerja.models import Comment, Document, Person, ReadLog, Signature, Step
from kinerja.rules.words import N_
from kinerja.rules.workdays import local_date
from kinerja.services import audit, identity, notices, policy, transitions, turns, vacancies
from kinerja.services.calendars import calendar_of
from kinerja.services.errors import BadInput, NotThere
from kinerja.services.kinds import flow_of, kind_of, states_of
from kinerja.services.stepper import PathStep, path_of
from kinerja.workflows.base import DocumentFlow, Facts, Unmet
from kinerja.workflows.roles import Actor, Relation, label_of

# Kinds that hold ratings or grounds against them: who read them is shown to the subject.
CONFIDENTIAL = ("predicate_review", "objection", "repair")
# Events that send a document back with a note, and those that are only writing.
RETURNS = ("send_back", "evidence_unreadable")
WRITING = ("edit", "save", "write_decision")


@dataclass(frozen=True)
class Due:
    """A deadline as people read it: the moment, working days left (negative: late by), or nothing."""

    at: datetime | None
    days_left: int = 0

    @property
    def tone(self) -> str:
        if self.at is None:
            return ""
        if self.days_left < 0 or clock.now() > self.at:
            return "late"
        return "soon" if self.days_left <= 3 else ""


class Moment(NamedTuple):
    """One line of a document's life: a step of its flow, a comment, or a signature."""

    what: str
    at: datetime
    person_id: int | None
    who: str
    on_behalf: str
    text: str
    event: str = ""
    source: str = ""
    target: str = ""
    sequence: int = 0
    revision_number: int = 0
    late: bool = False
    post: str = ""
    content_hash: str = ""
    fallen_at: datetime | None = None
    field: str = ""

    @property
    def actor_id(self) -> int | None:
        return self.person_id


@dataclass(frozen=True)
class Page:
    """Everything the generic document page shows, whatever the kind."""

    document: Document
    actor: Actor
    flow: type[DocumentFlow]
    facts: Facts
    title: tuple[str, dict[str, Any]]
    state_label: str
    due: Due
    turn_label: str
    turn_names: tuple[str, ...]
    offers: list[policy.Offer]
    refusals: list[policy.Refusal]
    path: list[PathStep]
    steps: list[Moment]
    comments: list[Moment]
    signatures: list[Moment]
    pinned: Moment | None
    last_visit: datetime | None
    since_last_visit: list[Moment]
    acting_as: str
    # The state as this reader may know it; the diagram and the stepper show this one.
    shown_state: str
    # Is he the one awaited, perhaps in the place of somebody else?
    in_turn: bool = False
    # Where there is no penilai, or only somebody above a vacant post.
    absence: vacancies.Absence | None = None

    @property
    def known_states(self) -> list[str]:
        """The states this document may ever have been in, also by an older table."""
        return states_of(self.document.kind)

    @property
    def news(self) -> list[tuple[Moment, int]]:
        """What has changed since the last visit, the same act of the same person several times over as one line."""
        found: list[tuple[Moment, int]] = []
        for moment in self.since_last_visit:
            last = found[-1][0] if found else None
            if last and (last.what, last.event, last.person_id) == (
                moment.what,
                moment.event,
                moment.person_id,
            ):
                found[-1] = (moment, found[-1][1] + 1)
            else:
                found.append((moment, 1))
        return found

    @property
    def versions_since(self) -> tuple[int, int] | None:
        """The stored version of the last visit and the newest one, where the content of both may be compared."""
        new = [m.revision_number for m in self.since_last_visit if m.what == "step"]
        known = [m.revision_number for m in self.steps if self.last_visit and m.at <= self.last_visit]
        before, now = max(known, default=0), max(new, default=0)
        return (before, now) if 0 < before < now else None

    @property
    def mine(self) -> bool:
        """Is it this person's turn?"""
        turn = self.document.turn
        return self.in_turn or (bool(turn) and Relation(turn) in self.actor.relations)


def open_document(public_id: str, person_id: int) -> tuple[Document, Actor]:
    """The document and what the person is to it. Raises NotThere when he may not see it."""
    document = transitions.load(public_id, reader_id=person_id)
    actor = identity.actor_for(document, person_id)
    if not policy.may_view(document, actor):
        raise NotThere(public_id)
    return document, actor


def page(public_id: str, person_id: int) -> Page:
    """The page of a document for a person; logs that he opened it. Raises NotThere."""
    document, actor = open_document(public_id, person_id)
    kind = kind_of(document.kind)
    last_visit = db.session.info.get("last_visit")
    log_read(document, actor)
    flow, facts = flow_of(document), kind.facts(document)
    timeline = timeline_of(document)
    steps = [moment for moment in timeline if moment.what == "step"]
    due = due_of(document)
    turn = Relation(document.turn) if document.turn else None
    names = turn_names(document) if turn else []
    pinned = _last_return(steps)
    found = Page(
        document=document,
        actor=actor,
        flow=flow,
        facts=facts,
        title=kind.title(document),
        state_label=flow.state_label(document.state),
        due=due,
        turn_label=label_of(turn, document.kind)
        if turn in actor.relations
        else turns.label_in_turn(document),
        in_turn=actor.person_id in turns.person_in_turn(document, document.turn),
        turn_names=tuple(names),
        offers=policy.offers(document, flow, facts, actor),
        refusals=policy.refusals(document, flow, facts, actor),
        path=path_of(document, flow, facts, steps, namer(document)),
        steps=steps,
        comments=[moment for moment in timeline if moment.what == "comment"],
        signatures=[moment for moment in timeline if moment.what == "signature"],
        pinned=pinned,
        last_visit=last_visit,
        since_last_visit=since(last_visit, timeline, person_id),
        acting_as=next(iter(actor.on_behalf.values()), ""),
        shown_state=document.state,
        absence=vacancies.absence_of(document),
    )
    # A kind may cover what this reader may not know yet: an evaluation before it is determined does.
    veil = getattr(kind, "veil", None)
    return veil(found) if veil is not None else found


def turn_names(document: Document) -> list[str]:
    """The names of whoever is awaited; of the chain they are already known."""
    people = turns.person_in_turn(document, document.turn)
    known = {
        s.person_id: s.name for s in identity.superiors(document.subject_id, clock.today(document.unit.zone))
    }
    for superior in identity.superiors(document.subject_id, clock.today(document.unit.zone)):
        known |= dict(superior.substitutes)
    known[document.subject_id] = document.subject.name
    missing = names_of([person for person in people if person not in known])
    return [known.get(person) or missing.get(person, "") for person in people]


def namer(document: Document) -> Callable[[Relation], str]:
    """What to call whoever is this to the document: by name where the reporting line gives one, else by his role."""
    chain = identity.superiors(document.subject_id, clock.today(document.unit.zone))
    known = {Relation.SUBJECT: document.subject.name}
    known |= {
        relation: superior.name
        for relation, superior in zip(
            (Relation.PENILAI, Relation.ATASAN, Relation.ABOVE_ATASAN), chain, strict=False
        )
    }
    return lambda relation: known.get(relation) or label_of(relation, document.kind)


def since(last_visit: datetime | None, timeline: Sequence[Moment], person_id: int) -> list[Moment]:
    """What others and the system did after this person last saw the document: every step and every comment."""
    if last_visit is None:
        return []
    return [
        moment
        for moment in timeline
        if moment.what in ("step", "comment") and moment.at > last_visit and moment.person_id != person_id
    ]


def due_of(document: Document) -> Due:
    """The deadline of the present state in working days of the unit."""
    if document.due_at is None:
        return Due(None)
    zone = document.unit.zone
    left = calendar_of(document).remaining(clock.today(zone), local_date(document.due_at, zone))
    return Due(document.due_at, left)


def log_read(document: Document, actor: Actor, what: str = "document") -> None:
    """Note for the read log; `keep_reads` writes it when the page is made.

    A kind with ratings or grounds against them is confidential on whatever page it is read.
    """
    relation = next((r for r in Relation if r in actor.relations), "")
    note_read(document.id, actor.person_id, relation, what, confidential=document.kind in CONFIDENTIAL)


def note_read(
    document_id: int, person_id: int | None, relation: str, what: str, *, confidential: bool
) -> None:
    """The same for a page that shows the values of many documents."""
    noted = {
        "document_id": document_id,
        "person_id": person_id,
        "what": what,
        "confidential": confidential,
        "relation": relation,
        "at": clock.now(),
    }
    kept = db.session.info.setdefault("reads_to_keep", {})
    kept.setdefault((document_id, what), noted)  # a refused form shows the same page once more


def let_go() -> None:
    """Leave whatever this request has read or begun: a refusal keeps nothing."""
    db.session.info.pop("reads_to_keep", None)
    db.session.rollback()


def keep_reads() -> None:
    """Write the read log of this request: the only thing a GET may leave behind. Asked after every page.

    In a transaction of its own: SQLite lets no two that began by reading go on to write, and none waits for a page.
    """
    if noted := db.session.info.pop("reads_to_keep", {}):
        with transaction():
            db.session.execute(insert_into(ReadLog), list(noted.values()))


@cache
def _timeline_query() -> Any:
    """Built once: putting this statement together costs more than running it."""
    text = sa.cast(sa.literal(""), sa.String)
    zero = sa.literal(0)
    never = sa.cast(sa.null(), UtcDateTime())
    parts = [
        sa.select(
            sa.literal("step").label("what"), Step.at, Step.actor_id.label("person_id"), Step.on_behalf,
            Step.note.label("text"), Step.event, Step.source, Step.target, Step.sequence, Step.revision_number,
            sa.case((Step.late, 1), else_=0).label("late"), text.label("post"), text.label("content_hash"),
            never.label("fallen_at"), text.label("field"), Step.id.label("order"),
        ).where(Step.document_id == sa.bindparam("document_id")),
        sa.select(
            sa.literal("comment"), Comment.at, Comment.person_id, text, Comment.text, text, text, text, zero, zero,
            zero, text, text, never, Comment.field, Comment.id,
        ).where(Comment.document_id == sa.bindparam("document_id")),
        sa.select(
            sa.literal("signature"), Signature.at, Signature.person_id, Signature.on_behalf, text, Signature.block,
            text, text, zero, Signature.revision_number, zero, Signature.post_title, Signature.content_hash,
            Signature.fallen_at, text, Signature.id,
        ).where(Signature.document_id == sa.bindparam("document_id")),
    ]  # fmt: skip
    every = sa.union_all(*parts).subquery()
    return (
        sa.select(*every.c, Person.name)
        .outerjoin(Person, Person.id == every.c.person_id)
        .order_by(every.c.at, every.c.what.desc(), every.c.order)
    )


def timeline_of(document: Document) -> list[Moment]:
    """Steps, comments and signatures, oldest first, in one statement."""
    rows = db.session.execute(_timeline_query(), {"document_id": document.id})
    return [
        Moment(
            r.what, r.at, r.person_id, r.name or "", r.on_behalf, r.text, r.event, r.source, r.target, r.sequence,
            r.revision_number, bool(r.late), r.post, r.content_hash, r.fallen_at, r.field,
        )
        for r in rows
    ]  # fmt: skip


def steps_of(document: Document) -> list[Moment]:
    """The history, oldest first."""
    return [moment for moment in timeline_of(document) if moment.what == "step"]


def signatures_of(document: Document) -> list[Signature]:
    """The signatures that stand, and those that fell, oldest first."""
    return list(
        db.session.scalars(
            sa.select(Signature)
            .options(joinedload(Signature.person))
            .where(Signature.document_id == document.id)
            .order_by(Signature.id)
        )
    )


def _last_return(steps: Sequence[Moment]) -> Moment | None:
    """The return that is still waiting to be answered: nothing but writing has happened since."""
    for step in reversed(steps):
        if step.event in RETURNS:
            return step
        if step.event not in WRITING:
            return None
    return None


def names_of(people: Iterable[int]) -> dict[int, str]:
    ids = list(people)
    if not ids:
        return {}
    return {row.id: row.name for row in db.session.execute(_names_query(), {"people": ids})}


@cache
def _names_query() -> Any:
    return sa.select(Person.id, Person.name).where(Person.id.in_(sa.bindparam("people", expanding=True)))


def comment(public_id: str, person_id: int, text: str, field: str = "") -> None:
    """Add a remark to the thread of a document one may see. Raises NotThere, BadInput."""
    with transaction():
        document, actor = open_document(public_id, person_id)
        if not text.strip():
            raise BadInput([Unmet("komentar", N_("Tulis komentar lebih dahulu."), {}, "text")])
        db.session.add(
            Comment(
                document_id=document.id, person_id=person_id, field=field, text=text.strip(), at=clock.now()
            )
        )
        db.session.flush()
        others = {document.subject_id, *turns.person_in_turn(document, document.turn)} - {person_id}
        template, params = kind_of(document.kind).title(document)
        about = {"who": actor.name, "document_template": template, "document_params": params}
        text = N_("%(who)s menulis komentar pada %(document)s.")
        notices.write(document, dict.fromkeys(others, (text, about)))
        audit.record("comment", actor_id=person_id, payload={"ruas": field}, document=document)
