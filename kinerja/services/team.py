"""The team of a supervisor: one row per person, with where each stands in the year and what can be done at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import (
    Document,
    Evidence,
    EvidenceLink,
    Period,
    Person,
    ReadLog,
    RealisationItem,
)
from kinerja.rules.words import N_
from kinerja.services import identity
from kinerja.services.kinds import kind_of
from kinerja.services.periods import current_period
from kinerja.services.team_progress import team_progress
from kinerja.workflows.roles import Relation

# What a supervisor may do for several people at once: (kind, event), in the order of the year.
BULK = (
    ("skp", "open_dialogue"),
    ("skp", "establish"),
    ("realisation", "validate"),
    ("predicate_review", "sign_form"),
    ("predicate_review", "deliver"),
)


@dataclass(frozen=True)
class Piece:
    """One document of a person as the team page shows it."""

    public_id: str
    version: int
    kind: str
    state: str
    state_label: str
    turn: str


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
    flags: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)

    def mine(self) -> list[Piece]:
        """The pieces that wait for the supervisor."""
        return [p for p in (self.skp, self.realisation, self.review) if p and p.turn == self.relation]


@dataclass(frozen=True)
class Team:
    period: Period | None
    slot: str
    members: list[Member]
    bulk: list[tuple[str, str, str, int]]
    # Does anybody below propose predicates that this person calibrates?
    reviews: bool = False


def running_slot(period: Period, on: date | None = None) -> str:
    """The slot people are working on: the oldest whose window has opened and has not yet closed."""
    day = on or clock.today()
    quarters = [w for w in period.windows if w.slot != "Y"]
    for window in quarters:
        if window.recording_opens <= day <= window.closes:
            return window.slot
    past = [w for w in quarters if w.recording_opens <= day]
    return (past[-1] if past else quarters[0]).slot if quarters else "Y"


def team(person_id: int, slot: str = "", period: Period | None = None) -> Team:
    """The people whose penilai one is today (or stands in for), with a bounded number of statements."""
    circle = identity.circle_of(person_id)
    chosen = period or current_period()
    people = sorted(circle.direct | circle.standing_in)
    if not people or chosen is None:
        return Team(chosen, slot, [], [], bool(circle.second))
    slot = slot or running_slot(chosen)
    members = {}
    for holder in sorted(
        filter(None, (identity.holder_of(p, circle.on) for p in people)), key=lambda h: h.name.lower()
    ):
        members[holder.person_id] = Member(
            holder.person_id,
            holder.public_id,
            holder.name,
            holder.nip,
            holder.post_title,
            holder.unit_name,
            Relation.PENILAI if holder.person_id in circle.direct else Relation.PLH,
        )
    _add_documents(members, chosen, slot)
    _add_progress(members, person_id, chosen, slot)
    for member in members.values():
        _add_flags(member)
    return Team(chosen, slot, list(members.values()), _bulk_choices(members.values()), bool(circle.second))


def _add_documents(members: dict[int, Member], period: Period, slot: str) -> None:
    rows = db.session.execute(
        sa.select(
            Document.public_id, Document.version, Document.kind, Document.state, Document.turn, Document.subject_id,
            Document.slot,
        )
        .where(Document.subject_id.in_(members), Document.period_id == period.id)
        .order_by(Document.id)
    ).all()  # fmt: skip
    for row in rows:
        piece = Piece(
            row.public_id,
            row.version,
            row.kind,
            row.state,
            kind_of(row.kind).flow.state_label(row.state),
            row.turn,
        )
        member = members[row.subject_id]
        if row.kind == "skp":
            member.skp = piece
        elif row.kind == "realisation" and row.slot == slot:
            member.realisation = piece
        elif row.kind == "predicate_review" and row.slot == slot:
            member.review = piece


def _add_progress(members: dict[int, Member], reader_id: int, period: Period, slot: str) -> None:
    """How much of the slot is filled, its lamps and marks, and how much evidence the reader has not opened."""
    pieces = {m.realisation.public_id: m for m in members.values() if m.realisation}
    if not pieces:
        return
    for person, progress in team_progress(members, period, slot).items():
        member = members[person]
        member.wanted, member.filled = progress.total, progress.filled
        member.lights = (progress.green, progress.yellow, progress.red)
        member.flags += [(flag.text, flag.params, flag.tone) for flag in progress.flags]
    was_read = sa.exists().where(ReadLog.evidence_id == Evidence.id, ReadLog.person_id == reader_id)
    evidence = db.session.execute(
        sa.select(
            Document.public_id,
            sa.func.count(sa.distinct(Evidence.id)),
            sa.func.count(sa.distinct(sa.case((~was_read, Evidence.id)))),
        )
        .join(RealisationItem, RealisationItem.realisation_id == Document.id)
        .join(EvidenceLink, EvidenceLink.item_id == RealisationItem.id)
        .join(Evidence, Evidence.id == EvidenceLink.evidence_id)
        .where(Document.public_id.in_(pieces))
        .group_by(Document.public_id)
    ).all()
    for public_id, total, unread in evidence:
        pieces[public_id].evidence, pieces[public_id].unread_evidence = total, unread


def _add_flags(member: Member) -> None:
    """What a supervisor should look at first, each with its tone."""
    if member.skp is None:
        member.flags.append((N_("SKP belum disusun"), {}, "r"))
    if member.realisation and member.realisation.state == "recorded" and member.unread_evidence:
        member.flags.append((N_("%(n)s bukti belum Anda buka"), {"n": member.unread_evidence}, "y"))


def _bulk_choices(members: Any) -> list[tuple[str, str, str, int]]:
    """(kind, event, label, how many) of what can be done for several people now."""
    found = []
    for kind, event in BULK:
        ready = [p for m in members for p in m.mine() if p.kind == kind and _has(p, event)]
        if ready:
            found.append((kind, event, kind_of(kind).flow.event_label(event), len(ready)))
    return found


def _has(piece: Piece, event: str) -> bool:
    return any(move.event == event for move in kind_of(piece.kind).flow.moves(piece.state))


def neighbours(person_id: int, subject_id: int) -> tuple[str | None, str | None]:
    """The public ids of the previous and next person of the team, for the bar on top of a person's documents."""
    circle = identity.circle_of(person_id)
    rows = db.session.execute(
        sa.select(Person.id, Person.public_id)
        .where(Person.id.in_(circle.direct))
        .order_by(Person.search_name)
    ).all()
    ids = [row.id for row in rows]
    if subject_id not in ids:
        return None, None
    here = ids.index(subject_id)
    before = rows[here - 1].public_id if here else None
    after = rows[here + 1].public_id if here + 1 < len(rows) else None
    return before, after


def pieces_of(team_: Team, picked: Sequence[str], kind: str, event: str) -> list[tuple[Member, Piece]]:
    """The documents a bulk action reaches: of the picked people, those of the kind that can take the event."""
    wanted = set(picked)
    return [
        (member, piece)
        for member in team_.members
        if member.public_id in wanted
        for piece in (member.skp, member.realisation, member.review)
        if piece and piece.kind == kind and _has(piece, event)
    ]
