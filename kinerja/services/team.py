"""The team of a supervisor: one row per person, with where each stands in the year and what can be done at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import (
    DISCARDED,
    Document,
    Evidence,
    EvidenceLink,
    Period,
    Person,
    ReadLog,
    RealisationItem,
    Step,
)
from kinerja.rules.words import N_
from kinerja.services import identity, lists, policy
from kinerja.services.identity import Circle
from kinerja.services.kinds import kind_of
from kinerja.services.lists import main_label
from kinerja.services.periods import SLOT_LABELS, current_period, regulation_of, running_slot
from kinerja.services.team_pieces import Choice, Piece, bulk_choices
from kinerja.services.team_progress import team_progress
from kinerja.workflows.roles import Relation

# Where somebody stands in the year, in its order.
PHASES = {
    "perencanaan": N_("Perencanaan"),
    "pelaksanaan": N_("Pelaksanaan"),
    "evaluasi": N_("Evaluasi"),
    "selesai": N_("Selesai"),
    "tunda": N_("Ditangguhkan"),
    "bebas": N_("Dikecualikan"),
}
_PLANNED = ("in_force", "superseded", "closed", "exempt")
_SETTLED = ("final", "reported", "accepted", "accepted_silent")
SUPERVISOR = Relation.PENILAI
ALL, MINE, MARKED, STOOD_IN, ENTRUSTED = "semua", "giliran", "tanda", "plh", "pendelegasian"
# The steps of an SKP at which superior and employee talk: the dialogue begins, and each agrees in it.
DIALOGUE = ("open_dialogue", "agree")
KINDS = ("skp", "realisation", "predicate_review")


@dataclass
class Member:
    """A person of the team."""

    person_id: int
    public_id: str
    name: str
    nip: str
    post: str
    unit: str
    relation: Relation
    skp: Piece | None = None
    realisation: Piece | None = None
    review: Piece | None = None
    filled: int = 0
    wanted: int = 0
    evidence: int = 0
    unread_evidence: int = 0
    lights: tuple[int, int, int] = (0, 0, 0)
    # Text, its parameters, tone, and what it speaks of on the page of the realisation.
    flags: list[tuple[str, dict[str, Any], str, str]] = field(default_factory=list)
    # What the reader is to him by kind of document; by delegation not every kind is the reader's to see.
    by_kind: dict[str, Relation] = field(default_factory=dict)
    zone: str = "WIB"
    # When the two last talked over the SKP of the year.
    dialogue: date | None = None

    def __post_init__(self) -> None:
        self.by_kind = self.by_kind or dict.fromkeys(KINDS, self.relation)

    @property
    def pieces(self) -> list[Piece]:
        return [p for p in (self.skp, self.realisation, self.review) if p]

    def mine(self) -> list[Piece]:
        """The pieces that wait for the supervisor; whoever stands in for him has those he may take on."""
        waiting = [p for p in self.pieces if p.turn == Relation.PENILAI and p.opens]
        return [p for p in waiting if p.is_open_to(self.by_kind[p.kind])]

    @property
    def phase(self) -> str:
        """Planning until the SKP is in force, then carrying out until the slot is validated, then evaluation."""
        if self.skp is not None and self.skp.state == "on_hold":
            return "tunda"
        planned = "skp" in self.by_kind
        if planned and (self.skp is None or self.skp.state) not in _PLANNED:
            return "perencanaan"
        if self.skp is not None and self.skp.state == "exempt":
            return "bebas"
        if self.review and self.review.state in _SETTLED:
            return "selesai"
        return "evaluasi" if self.realisation and self.realisation.state == "validated" else "pelaksanaan"

    def fits(self, narrowed: str) -> bool:
        """Is this a row of the list when it is narrowed to a filter: everybody, my turn, marked, a phase, a state?"""
        if narrowed in PHASES:
            return self.phase == narrowed
        if narrowed == MINE:
            return bool(self.mine())
        if narrowed == MARKED:
            return bool(self.flags)
        if narrowed == STOOD_IN:
            return self.relation is Relation.PLH
        if narrowed == ENTRUSTED:
            return self.relation is Relation.DELEGATE
        kind, _dot, state = narrowed.partition(".")
        return narrowed == ALL or any((p.kind, p.state) == (kind, state) for p in self.mine())


@dataclass(frozen=True)
class Team:
    period: Period | None
    slot: str
    members: list[Member]
    bulk: list[Choice]
    # Does anybody below propose predicates that this person calibrates?
    reviews: bool = False

    def filters(self) -> list[tuple[str, str, int]]:
        """(key, label, number of rows) of every way to narrow the list that leaves somebody."""
        keys = {ALL: N_("Semua"), MINE: N_("Menunggu saya"), MARKED: N_("Ada tanda")}
        for member in self.members:
            for piece in member.mine():
                awaited = main_label(piece.kind, piece.flow_version, piece.state, Relation.PENILAI)
                keys[f"{piece.kind}.{piece.state}"] = awaited
        keys |= {**PHASES, STOOD_IN: N_("Sebagai Plh."), ENTRUSTED: N_("Dengan pendelegasian")}
        counted = [(key, label, sum(m.fits(key) for m in self.members)) for key, label in keys.items()]
        return [row for row in counted if row[2] or row[0] in (ALL, MINE, MARKED)]


def team(person_id: int, slot: str = "", period: Period | None = None) -> Team:
    """The people whose penilai one is today (or stands in for), with a bounded number of statements."""
    circle = identity.circle_of(person_id)
    chosen = period or current_period()
    people = _people(circle)
    if slot not in SLOT_LABELS:
        slot = running_slot(chosen) if chosen is not None else ""
    if not people or chosen is None:
        return Team(chosen, slot, [], [], bool(circle.second))
    members = {}
    for holder in people:
        relation, by_kind = _relations(circle, holder.person_id)
        members[holder.person_id] = Member(
            holder.person_id,
            holder.public_id,
            holder.name,
            holder.nip,
            holder.post_title,
            holder.unit_name,
            relation,
            by_kind=by_kind,
            zone=holder.zone,
        )
    _add_documents(members, chosen, slot)
    _add_progress(members, person_id, chosen, slot)
    for member in members.values():
        _add_flags(member)
    return Team(chosen, slot, list(members.values()), bulk_choices(members.values()), bool(circle.second))


def _relations(circle: Circle, person_id: int) -> tuple[Relation, dict[str, Relation]]:
    """What one is to somebody of the team, in general and by kind of document."""
    for relation, people in ((Relation.PENILAI, circle.direct), (Relation.PLH, circle.standing_in)):
        if person_id in people:
            signed = {kind for kind in KINDS if person_id in circle.signing.get(kind, ())}
            return relation, {kind: Relation.PENILAI if kind in signed else relation for kind in KINDS}
    return Relation.DELEGATE, {
        kind: Relation.PENILAI if person_id in circle.signing.get(kind, ()) else Relation.DELEGATE
        for kind in KINDS
        if person_id in circle.delegated.get(kind, ())
    }


_PLACES = {"skp": "skp", "realisation": "realisation", "predicate_review": "review"}


@cache
def _documents_query() -> Any:
    people: Any = sa.bindparam("people", expanding=True)
    talked = sa.select(sa.func.max(Step.at)).where(Step.document_id == Document.id, Step.event.in_(DIALOGUE))
    return (
        sa.select(
            Document.public_id, Document.version, Document.kind, Document.state, Document.turn, Document.subject_id,
            Document.slot, Document.flow_version, policy.private().label("private"),
            talked.scalar_subquery().label("talked"),
        )
        .where(Document.subject_id.in_(people), Document.period_id == sa.bindparam("period"))
        .where(Document.state != DISCARDED)
        .order_by(Document.id)
    )  # fmt: skip


@cache
def _evidence_query() -> Any:
    """How many pieces of evidence realisations have, and how many of them the reader has not opened."""
    was_read = sa.exists().where(
        ReadLog.evidence_id == Evidence.id, ReadLog.person_id == sa.bindparam("reader")
    )
    return (
        sa.select(
            Document.public_id,
            sa.func.count(sa.distinct(Evidence.id)),
            sa.func.count(sa.distinct(sa.case((~was_read, Evidence.id)))),
        )
        .join(RealisationItem, RealisationItem.realisation_id == Document.id)
        .join(EvidenceLink, EvidenceLink.item_id == RealisationItem.id)
        .join(Evidence, Evidence.id == EvidenceLink.evidence_id)
        .where(Document.public_id.in_(sa.bindparam("documents", expanding=True)))
        .group_by(Document.public_id)
    )


def _add_documents(members: dict[int, Member], period: Period, slot: str) -> None:
    rows = db.session.execute(_documents_query(), {"people": list(members), "period": period.id}).all()
    for row in rows:
        member = members[row.subject_id]
        if row.kind == "skp" and row.talked is not None and "skp" in member.by_kind:
            talked = clock.local(row.talked, member.zone).date()
            member.dialogue = max(talked, member.dialogue or talked)
        name = _PLACES.get(row.kind)
        if name is None or row.kind not in member.by_kind or (row.kind != "skp" and row.slot != slot):
            continue
        piece = Piece(
            row.public_id,
            row.version,
            row.kind,
            row.state,
            kind_of(row.kind).flow.state_label(row.state),
            row.turn,
            row.flow_version,
            not row.private and policy.sees(row.kind, row.turn, member.by_kind[row.kind]),
        )
        # Of two in one slot, after a transfer, the one that waits for the supervisor is shown, else the later.
        known = getattr(member, name)
        if known is None or known.turn != Relation.PENILAI:
            setattr(member, name, piece)


def _add_progress(members: dict[int, Member], reader_id: int, period: Period, slot: str) -> None:
    """How much of the slot is filled, its lamps and marks, and how much evidence the reader has not opened."""
    pieces = {m.realisation.public_id: m for m in members.values() if m.realisation}
    if not pieces:
        return
    for person, progress in team_progress(members, period, slot).items():
        member = members[person]
        member.wanted, member.filled = progress.total, progress.filled
        member.lights = (progress.green, progress.yellow, progress.red)
        member.flags += [(flag.text, flag.params, flag.tone, flag.look) for flag in progress.flags]
    evidence = db.session.execute(_evidence_query(), {"documents": list(pieces), "reader": reader_id}).all()
    for public_id, total, unread in evidence:
        pieces[public_id].evidence, pieces[public_id].unread_evidence = total, unread


def _add_flags(member: Member) -> None:
    """What a supervisor should look at first, each with its tone."""
    if member.skp is None and "skp" in member.by_kind:
        member.flags.append((N_("SKP belum disusun"), {}, "r", ""))
    if member.realisation and member.realisation.state == "recorded" and member.unread_evidence:
        text = N_("%(n)s bukti belum Anda buka")
        member.flags.append((text, {"n": member.unread_evidence}, "y", "bukti"))


def neighbours(circle: Circle, subject_id: int) -> tuple[str | None, str | None]:
    """The public ids of the previous and next person of the team, in the order of its page."""
    ids = [holder.person_id for holder in _people(circle)]
    if subject_id not in ids:
        return None, None
    here = ids.index(subject_id)
    public_ids = [holder.public_id for holder in _people(circle)]
    before = public_ids[here - 1] if here else None
    return before, public_ids[here + 1] if here + 1 < len(ids) else None


def beside(
    person_id: int, public_id: str, forward: bool, kind: str, slot: str, year: int | None
) -> tuple[str, str]:
    """Whoever comes before or after somebody in the team: his public id, and that of his document of the kind.

    Both are empty past the end; the document is empty when he has none that one may open.
    """
    circle = identity.circle_of(person_id)
    subject = db.session.scalar(sa.select(Person.id).where(Person.public_id == public_id))
    other = neighbours(circle, subject or 0)[1 if forward else 0]
    if other is None:
        return "", ""
    filters = lists.Filters(person=other, kind=kind, slot=slot, year=year)
    rows = lists.page(circle, filters, size=1) if kind else []
    return other, rows[0].public_id if rows else ""


def _people(circle: Circle) -> list[Any]:
    """The holders one evaluates or stands in for, also by delegation, by name."""
    people = sorted(circle.direct | circle.standing_in | circle.entrusted)
    found = filter(None, (identity.holder_of(p, circle.on) for p in people))
    return sorted(found, key=lambda holder: holder.name.lower())


def pieces_of(team_: Team, picked: Sequence[str], kind: str, event: str) -> list[tuple[Member, Piece]]:
    """The documents a bulk action reaches: of the picked people, those of the kind that can take the event."""
    wanted = set(picked)
    return [
        (member, piece)
        for member in team_.members
        if member.public_id in wanted
        for piece in (member.skp, member.realisation, member.review)
        if piece and piece.kind == kind and piece.has(event, member.by_kind[kind])
    ]


def light_bounds(period: Period | None) -> tuple[Any, Any]:
    """From where a light is green and from where yellow, by the law of the period; for the words under the table."""
    if period is None:
        return None, None
    law = regulation_of(period)
    if "lampu_hijau" not in law:
        return None, None
    return law.value("lampu_hijau"), law.value("lampu_kuning")
