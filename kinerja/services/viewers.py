""" "Siapa dapat melihat": the policy asked for every person around a document, and who has read it."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Person, ReadLog, RoleAppointment, Unit
from kinerja.rules.words import N_
from kinerja.services import dko_actions, identity, lending, policy
from kinerja.services.identity import NAMED_BY_FLAG, valid_on
from kinerja.workflows.roles import Actor, Relation, label_of

OWN = N_("dokumen tentang dirinya")
NAMED = N_("disebut pada dokumen ini")
STANDS_IN = N_("menggantikan pejabat yang berhalangan")
ENTRUSTED = N_("menerima pendelegasian penilai, surat %(letter)s")
APPOINTED = N_("ditunjuk untuk %(unit)s")
EVERYWHERE = N_("ditunjuk untuk seluruh kementerian")
WORKS_THERE = N_("bekerja di unit ini atau di bawahnya")
# What was opened, in words.
WHAT = {
    "document": N_("Halaman dokumen"),
    "formulir": N_("Tampilan formulir"),
    "bandingkan": N_("Perbandingan versi"),
    "langkah": N_("Isi pada suatu langkah"),
    "evidence": N_("Bukti dukung"),
    "reviu": N_("Reviu predikat"),
    "jejak": N_("Daftar buka kembali, perbaikan, dan penggantian"),
}
MOST_READINGS = 100
# Relations that an office gives under another name.
OFFICES = {Relation.PENGELOLA_ABOVE: (Relation.PENGELOLA_ORGANISASI, Relation.AKOP)}


@dataclass(frozen=True)
class Viewer:
    """A person who may open the document, as what, and the fact that makes him so, a sentence with parameters."""

    person_id: int
    name: str
    relation: str
    on_behalf: str
    why: str
    params: dict[str, str]


@dataclass(frozen=True)
class Reader:
    """Who opened what of a document, as what, how often and when last."""

    name: str
    relation: str
    what: str
    times: int
    last: datetime


@dataclass(frozen=True)
class Reading:
    """One reading of confidential values of one's own documents by somebody else."""

    at: datetime
    name: str
    relation: str
    what: str
    public_id: str
    number: str
    zone: str


def everybody(document: Document) -> list[Viewer]:
    """Each person who may open the document now, with the relation that lets him and why; five statements.

    The same function decides when a document is opened; asked for everybody in kinerja it gives this very list. Of the
    staff of a unit who know its signed PK only those who have another tie to it; see `whole_unit`.
    """
    day = clock.today(document.unit.zone)
    appointed = _appointed(document, day)
    people = sorted(_around(document, day) | set(appointed))
    # Everything `actor_for` asks is read here at once: persons, chains and roles.
    names = {p.id: p.name for p in db.session.scalars(sa.select(Person).where(Person.id.in_(people)))}
    identity.chains(people, day)
    identity.gather_scopes(people, day)
    standing = policy.standing_of(document)
    found = []
    for person in people:
        actor = identity.actor_for(document, person)
        relation = policy.why_may_view(document, actor, standing)
        if relation is not None:
            chain = identity.superiors(document.subject_id, day)
            why, params = _why(actor, relation, chain, appointed.get(person, {}))
            behalf = actor.on_behalf.get(relation, "")
            found.append(
                Viewer(person, names[person], label_of(relation, document.kind), behalf, why, params)
            )
    order = [label_of(relation, document.kind) for relation in Relation]
    return sorted(found, key=lambda v: (order.index(v.relation), v.name))


def whole_unit(document: Document) -> bool:
    """May everybody who works in the unit of the document, or below it, open it? They are not listed one by one."""
    return policy.is_published(document)


def _around(document: Document, day: date) -> set[int]:
    """Subject, the chain above him with its stand-ins, and whom the document names."""
    people = {document.subject_id}
    for superior in identity.superiors(document.subject_id, day):
        people |= {superior.person_id, *(stand_in.person_id for stand_in in superior.stand_ins)}
        people |= {delegate.person_id for delegate in superior.delegates}
    people |= dko_actions.owners_of(document)
    if document.kind == "matrix":
        people |= lending.lent_to(document.unit).keys()
    return people | {document.flags[flag] for flag in NAMED_BY_FLAG if document.flags.get(flag)}


def _appointed(document: Document, day: date) -> dict[int, dict[str, str]]:
    """Everybody with an appointed role that reaches the unit of the document: person -> role -> unit ("" is all)."""
    rows = db.session.execute(
        sa.select(RoleAppointment.person_id, RoleAppointment.role, Unit.path, Unit.name)
        .outerjoin(Unit, Unit.id == RoleAppointment.unit_id)
        .where(
            RoleAppointment.confirmed_at.is_not(None),
            RoleAppointment.revoked_at.is_(None),
            valid_on(RoleAppointment, day),
        )
    ).all()
    found: dict[int, dict[str, str]] = {}
    for person, role, path, unit in rows:
        if document.unit.path.startswith(path or ""):
            found.setdefault(person, {})[role] = unit or ""
    return found


def _why(
    actor: Actor, relation: Relation, chain: tuple[identity.Superior, ...], roles: dict[str, str]
) -> tuple[str, dict[str, str]]:
    if relation is Relation.SUBJECT:
        return OWN, {}
    if relation is Relation.ACTION_OWNER or relation in NAMED_BY_FLAG.values():
        return NAMED, {}
    if relation is Relation.PLH or actor.on_behalf.get(relation, "").startswith("Plh. "):
        return STANDS_IN, {}
    if letter := actor.trace.get("surat"):
        return ENTRUSTED, {"letter": letter}
    if relation is Relation.STAFF:
        return WORKS_THERE, {}
    role = next((role for role in OFFICES.get(relation, (relation,)) if role in roles), None)
    if role is not None:
        unit = roles[role]
        return (APPOINTED, {"unit": unit}) if unit else (EVERYWHERE, {})
    return next((s.why for s in chain if s.person_id == actor.person_id), ""), {}


def readers_of(document: Document) -> list[Reader]:
    """Who opened what of the document, and as what, the latest first."""
    rows = db.session.execute(
        sa.select(
            Person.name,
            ReadLog.relation,
            ReadLog.what,
            sa.func.count().label("times"),
            sa.func.max(ReadLog.at).label("last"),
        )
        .join(Person, Person.id == ReadLog.person_id)
        .where(ReadLog.document_id == document.id)
        .group_by(Person.id, Person.name, ReadLog.relation, ReadLog.what)
        .order_by(sa.desc("last"), Person.name)
    ).all()
    return [Reader(r.name, r.relation, WHAT.get(r.what, r.what), r.times, r.last) for r in rows]


def readings_of_my_values(person_id: int) -> list[Reading]:
    """Every reading of the evaluations and objections about a person by somebody else, the latest first."""
    rows = db.session.execute(
        sa.select(
            ReadLog.at, Person.name, ReadLog.relation, ReadLog.what, Document.public_id, Document.print_number,
            Unit.zone,
        )
        .join(Document, Document.id == ReadLog.document_id)
        .join(Person, Person.id == ReadLog.person_id)
        .join(Unit, Unit.id == Document.unit_id)
        .where(Document.subject_id == person_id, ReadLog.confidential, ReadLog.person_id != person_id)
        .order_by(ReadLog.at.desc(), ReadLog.id.desc())
        .limit(MOST_READINGS)
    )  # fmt: skip
    return [
        Reading(r.at, r.name, r.relation, WHAT.get(r.what, r.what), r.public_id, r.print_number, r.zone)
        for r in rows
    ]
