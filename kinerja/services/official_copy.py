"""Which text of a document its official form prints, and who signed it: signed copies are frozen, drafts say so.

Header data are copied at signature: from the first standing signature on, the form prints the revision that was
signed, not what the tables hold today. Ekspektasi khusus added since are printed beside it, each with its date.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Objection, Revision, Signature
from kinerja.rules.regulation import Regulation
from kinerja.services import objection_view, reading, revisions
from kinerja.services.errors import NotThere
from kinerja.services.kinds import kind_of
from kinerja.services.manual_kind import as_law_sees_it, manual_of
from kinerja.services.periods import regulation_of
from kinerja.services.review_view import sees_ratings, visible_steps
from kinerja.workflows.objection import CHANGE
from kinerja.workflows.roles import Actor

FORMS = ("skp", "predicate_review", "pk", "matrix", "manual")
HEADERS = ("pegawai", "penilai", "atasan_penilai")


@dataclass(frozen=True)
class SignedBy:
    """A signature that stands: in which block, by whom, when on the wall clock of the unit, on whose behalf."""

    block: str
    name: str
    nip: str
    at: datetime
    on_behalf: str


@dataclass(frozen=True)
class OfficialText:
    """One text of a document: a revision with the signatures under it, or what is stored now (number 0)."""

    print_number: str
    zone: str
    regulation: Regulation
    content: dict[str, Any]
    number: int = 0
    content_hash: str = ""
    at: datetime | None = None
    signatures: tuple[SignedBy, ...] = ()


@dataclass(frozen=True)
class OfficialCopy:
    """All that the official forms of a document print; for an evaluation also its SKP and what was realised."""

    kind: str
    text: OfficialText
    live: dict[str, Any] | None = None
    skp: dict[str, Any] = field(default_factory=dict)
    realisations: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_superior: bool = False
    objection: OfficialText | None = None
    # Nobody signs it, but what is still being written is said to be a draft.
    being_written: bool = False
    # Of a manual, which nobody signs: does it count, what kind of post is it for, does the ministry add its fields?
    stands: bool = True
    leader: bool = True
    ministry: bool = False


def official(document: Document, actor: Actor, number: int | None = None) -> OfficialCopy:
    """What the official forms of a document print, newest or as of a revision. Raises NotThere.

    Where `closed` names a reason, and for a revision that does not exist, the answer is the same.
    """
    if closed(document, actor):
        raise NotThere(document.public_id)
    text = at_revision(document, number) if number is not None else newest(document)
    if document.kind == "matrix":
        return OfficialCopy("matrix", text, being_written=document.state == "draft" and number is None)
    if document.kind == "predicate_review":
        return _review_copy(document, text, newest_wanted=number is None)
    if document.kind == "manual":
        manual = as_law_sees_it(document, manual_of(document))
        stands = document.state in ("in_force", "superseded")
        return OfficialCopy("manual", text, stands=stands, leader=manual.leader, ministry=manual.ministry)
    if document.kind != "skp":
        return OfficialCopy(document.kind, text)
    if number is not None and 0 < (signed := _signed_number(document, number)) < number:
        # What was added to an SKP in force stands beside the text that was signed, not within it.
        return OfficialCopy("skp", at_revision(document, signed), live=text.content)
    grows = number is None and text.number and document.state in ("in_force", "on_hold")
    return OfficialCopy("skp", text, live=kind_of("skp").content(document) if grows else None)


def closed(document: Document, actor: Actor) -> str:
    """Why there is no form to show this person: the kind has "none", or its ratings are "not_yet" his to see."""
    if document.kind not in FORMS:
        return "none"
    return "" if may_see(document, actor) else "not_yet"


def may_see(document: Document, actor: Actor) -> bool:
    """Does this person see all that the form prints? Ratings wait for their determination."""
    return document.kind != "predicate_review" or sees_ratings(document, actor)


def newest(document: Document) -> OfficialText:
    """The signed text while a signature stands, otherwise what is stored now."""
    standing = [s for s in reading.signatures_of(document) if s.fallen_at is None]
    if not standing:
        return _text(document, kind_of(document.kind).content(document))
    revision = _revision(document, standing[-1].revision_number)
    content = revisions.content_at(document, revision.number)
    if document.kind == "predicate_review" and standing[0].revision_number != revision.number:
        # The subject signs later for receipt: the header stays that of the day on which the evaluator signed.
        first = revisions.content_at(document, standing[0].revision_number)
        content = content | {key: first.get(key, {}) for key in HEADERS}
    return _text(document, content, revision, standing[-1].at, standing)


def at_revision(document: Document, number: int) -> OfficialText:
    """The text of a revision with the signatures that stood while it was the newest. Raises NotThere."""
    revision = _revision(document, number)
    until = db.session.scalar(
        sa.select(Revision.created_at).where(
            Revision.document_id == document.id, Revision.number == number + 1
        )
    )
    stood = [
        s
        for s in reading.signatures_of(document)
        if s.revision_number <= number
        and (until is None or s.at < until)
        and (s.fallen_at is None or s.fallen_at > revision.created_at)
    ]
    return _text(document, revisions.content_at(document, number), revision, revision.created_at, stood)


def _signed_number(document: Document, number: int) -> int:
    """The revision the standing signatures are under, as of another one; 0 when nobody has signed."""
    standing = [s.revision_number for s in reading.signatures_of(document) if s.fallen_at is None]
    return max((signed for signed in standing if signed <= number), default=0)


def _text(
    document: Document,
    content: dict[str, Any],
    revision: Revision | None = None,
    at: datetime | None = None,
    signatures: Sequence[Signature] = (),
) -> OfficialText:
    zone = document.unit.zone
    return OfficialText(
        print_number=document.print_number,
        zone=zone,
        regulation=regulation_of(document.period),
        content=content,
        number=revision.number if revision else 0,
        content_hash=revision.content_hash if revision else "",
        at=at,
        signatures=tuple(
            SignedBy(s.block, s.person.name, s.person.nip, clock.local(s.at, zone), s.on_behalf)
            for s in signatures
        ),
    )


def _revision(document: Document, number: int) -> Revision:
    found = db.session.scalars(
        sa.select(Revision).where(Revision.document_id == document.id, Revision.number == number)
    ).first()
    if found is None:
        raise NotThere(str(number))
    return found


# One step of the history


def step_at(document: Document, actor: Actor, sequence: int) -> reading.Moment:
    """A step that this person may read of. Raises NotThere."""
    steps = reading.steps_of(document)
    readable = visible_steps(document, actor, steps) if document.kind == "predicate_review" else steps
    for step in readable:
        if step.sequence == sequence:
            found: reading.Moment = step
            return found
    raise NotThere(str(sequence))


def readable_revision(document: Document, actor: Actor, number: int) -> dict[str, Any]:
    """The content of a revision for comparison; number 0 is what is stored now. Raises NotThere."""
    if not may_see(document, actor):
        raise NotThere(document.public_id)
    content = (
        kind_of(document.kind).content(document) if number == 0 else revisions.content_at(document, number)
    )
    return objection_view.redact(content, document, actor) if document.kind == "objection" else content


def revision_on(document: Document, day: date) -> int | None:
    """The version in force on a day: the last written by its end in the unit's zone; None before the first."""
    zone = document.unit.zone
    written = [n for n, at, _hash in revisions.numbered(document) if clock.local(at, zone).date() <= day]
    return written[-1] if written else None


# Evaluations


def _review_copy(document: Document, text: OfficialText, *, newest_wanted: bool) -> OfficialCopy:
    skp = document.parent
    if skp is None:
        raise NotThere(document.public_id)
    objection = changed_by(document) if newest_wanted and text.signatures else None
    when = text.at
    if objection is not None:
        # What the decision changed is printed new; the header stays as it was signed.
        kept = {key: text.content.get(key, {}) for key in HEADERS}
        text = OfficialText(**{**text.__dict__, "content": kind_of(document.kind).content(document) | kept})
    realised = db.session.scalars(
        sa.select(Document)
        .options(joinedload(Document.unit), joinedload(Document.period), joinedload(Document.subject))
        .where(Document.parent_id == skp.id, Document.kind == "realisation")
    )
    blocks = {s.block for s in text.signatures}
    return OfficialCopy(
        "predicate_review",
        text,
        skp=_content_at(skp, when),
        realisations={d.slot: _content_at(d, when) for d in realised if d.state not in ("not_open", "open")},
        by_superior="atasan" in blocks or ("penilai" not in blocks and document.acting_level > 0),
        objection=_objection_text(objection) if objection else None,
    )


def _content_at(document: Document, when: datetime | None) -> dict[str, Any]:
    """The text of another document as it was at a moment; the newest when no moment is asked for."""
    if when is None:
        return newest(document).content
    number = db.session.scalar(
        sa.select(Revision.number)
        .where(Revision.document_id == document.id, Revision.created_at <= when)
        .order_by(Revision.number.desc())
        .limit(1)
    )
    return revisions.content_at(document, number) if number else kind_of(document.kind).content(document)


def changed_by(document: Document) -> Document | None:
    """The published objection whose decision changed this evaluation (D.1.3 exists only then, p.118 no. 7)."""
    return db.session.scalars(
        sa.select(Document)
        .join(Objection, Objection.document_id == Document.id)
        .options(joinedload(Document.period), joinedload(Document.unit), joinedload(Document.subject))
        .where(
            Objection.review_id == document.id,
            Objection.decision == CHANGE,
            Document.state == "published",
        )
        .order_by(Document.id.desc())
        .limit(1)
    ).first()


def _objection_text(objection: Document) -> OfficialText:
    """What D.1.3 adds, with the signatures of that form: they stand on the objection, not on the evaluation."""
    stored = db.session.get_one(Objection, objection.id)
    standing = [s for s in reading.signatures_of(objection) if s.fallen_at is None]
    revision = _revision(objection, standing[-1].revision_number) if standing else None
    content = {
        "keberatan": "\n".join(text for text in (stored.reasons, stored.request) if text),
        "penjelasan_penilai": stored.explanation_penilai,
        "keputusan": stored.decision,
        "pertimbangan": stored.considerations,
        "rekomendasi": stored.recommendation,
        "pemutus": {"nama": stored.decider.name, "nip": stored.decider.nip} if stored.decider else {},
    }
    return _text(objection, content, revision, standing[-1].at if standing else None, standing)
