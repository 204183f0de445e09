"""Who may see what, and what a page offers: events with a label, or the reason why not yet.

`may_view` speaks of one document, `visible` is the same rule as a condition for lists, counts and exports.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja.db import db, memo
from kinerja.models import Document, Step, Unit
from kinerja.rules.words import N_
from kinerja.services import dko_actions, lending
from kinerja.services.identity import Circle
from kinerja.services.rights import (
    ESTABLISHED,
    IN_SESSION,
    MANUAL_OF_UNIT,
    PRIVATE_STATES,
    PUBLISHED,
    SEATED,
    SENT,
    VIEWERS,
)
from kinerja.workflows.base import OWN_RULE, DocumentFlow, Facts, Move, Unmet
from kinerja.workflows.roles import SYSTEM, Actor, Relation, label_of


@dataclass(frozen=True)
class Standing:
    """What of a document's past decides who may open it: is it still private, does the committee see it now?"""

    private: bool
    before_committee: bool


def standing_of(document: Document) -> Standing:
    """Read once where many people are asked about one document."""
    return Standing(_is_private(document), _is_before_committee(document))


def may_view(document: Document, actor: Actor) -> bool:
    """May this actor open this document at all?"""
    return actor is SYSTEM or why_may_view(document, actor) is not None


def why_may_view(document: Document, actor: Actor, standing: Standing | None = None) -> Relation | None:
    """The relation by which this actor may open this document now; None when he may not."""
    private = standing.private if standing else _is_private(document)
    if private:
        writing = (Relation.SUBJECT, Relation.AUDITOR)
        administering = (Relation.PENGELOLA_PEGAWAI,) if document.kind == "skp" else ()
        return _first(actor.relations & {*writing, *administering})
    seeing = VIEWERS[document.kind] & actor.relations
    if not is_published(document):
        seeing -= {Relation.STAFF}
    if found := _first(seeing - SEATED):
        return found
    if document.turn and Relation(document.turn) in actor.relations:
        return Relation(document.turn)
    if seeing and (standing.before_committee if standing else _is_before_committee(document)):
        return _first(seeing)
    return None


def sees(kind: str, turn: str, relation: Relation) -> bool:
    """Does whoever is only this to the subject see a document of a kind that is nobody's private draft any more?"""
    return relation in VIEWERS[kind] - SEATED or turn == relation


def _first(relations: frozenset[Relation]) -> Relation | None:
    return next((r for r in Relation if r in relations), None)


_READS_EVIDENCE = (VIEWERS["realisation"] - SEATED) | {Relation.CALIBRATOR, Relation.DECIDER}


def may_open_evidence(document: Document, actor: Actor) -> bool:
    """May who sees this evaluation also open the evidence it rests on? Who sets the result of the whole unit, or only
    receives the report, need not; the committee while it sits."""
    if _READS_EVIDENCE & actor.relations:
        return True
    return bool(SEATED & actor.relations) and document.state in IN_SESSION


def _is_private(document: Document) -> bool:
    """Is it still its writer's own? Sent once, a draft stays readable to those who saw it; a hold sends nothing."""
    if document.kind != "skp":
        return document.state in PRIVATE_STATES.get(document.kind, ())
    state = document.held_from if document.state == "on_hold" else document.state
    if state not in PRIVATE_STATES["skp"]:
        return False
    return not was_sent(document)


def was_sent(document: Document) -> bool:
    """Has this SKP ever left its writer? No statement before its first version, one a version of it after that."""
    if document.revision_number == 0:
        return False
    known: dict[tuple[int, int], bool] = memo().setdefault("sent", {})
    key = (document.id, document.version)
    if key not in known:
        sent = sa.select(Step.id).where(Step.document_id == document.id, Step.target.in_(SENT)).limit(1)
        known[key] = db.session.scalar(sent) is not None
    return known[key]


def _is_before_committee(document: Document) -> bool:
    """Does it concern Komite, its secretariat and TPK now? `before_committee` is the same as a condition."""
    if document.kind == "skp":
        return (document.held_from if document.state == "on_hold" else document.state) in ESTABLISHED
    if document.kind == "objection":
        return bool(document.flags.get("with_committee"))
    if document.kind == "realisation":
        review = sa.select(Document.id).where(
            Document.kind == "predicate_review",
            Document.parent_id == document.parent_id,
            Document.slot == document.slot,
            Document.state.in_(IN_SESSION),
        )
        return db.session.scalar(review.limit(1)) is not None
    return True


@cache
def private() -> Any:
    """`_is_private` as a condition."""
    state = sa.case((Document.state == "on_hold", Document.held_from), else_=Document.state)
    sent = sa.exists().where(Step.document_id == Document.id, Step.target.in_(SENT))
    return sa.or_(
        sa.and_(
            Document.kind == "skp",
            state.in_(PRIVATE_STATES["skp"]),
            sa.or_(Document.revision_number == 0, sa.not_(sent)),
        ),
        sa.and_(Document.kind == "objection", Document.state.in_(PRIVATE_STATES["objection"])),
    )


@cache
def before_committee() -> Any:
    """`_is_before_committee` as a condition."""
    state = sa.case((Document.state == "on_hold", Document.held_from), else_=Document.state)
    review = aliased(Document)
    in_session = sa.exists().where(
        review.kind == "predicate_review",
        review.parent_id == Document.parent_id,
        review.slot == Document.slot,
        review.state.in_(IN_SESSION),
    )
    return sa.or_(
        Document.kind.in_(
            ("predicate_review", "repair", "pk", "dko", "matrix", "iku_realisation", "org_value", "k3_review")
        ),
        sa.and_(Document.kind == "skp", state.in_(ESTABLISHED)),
        sa.and_(Document.kind == "realisation", in_session),
        sa.and_(Document.kind == "objection", Document.flags["with_committee"].as_boolean()),
    )


def visible(circle: Circle) -> Any:
    """The condition that `may_view` is, for a whole query over Document joined with Unit; made once a request."""
    kept = memo().get("visible")
    if kept is None or kept[0] is not circle:
        kept = memo()["visible"] = (circle, _visible(circle))
    return kept[1]


def _visible(circle: Circle) -> Any:
    people = circle.direct | circle.second | circle.standing_in
    hidden_from_others = private()
    conditions = [near(circle.person_id, people, circle.direct | circle.second, circle.units)]
    acting_for = entrusted(circle.delegated)
    conditions.append(sa.and_(acting_for, sa.not_(hidden_from_others)))
    watched = [kind for kind, viewers in VIEWERS.items()]
    for scope in circle.scopes:
        relation = next((r for r in Relation if r.value == scope.role), None)
        kinds = [kind for kind in watched if relation in VIEWERS[kind]]
        if not kinds or relation is None:
            continue
        shown = sa.and_(
            # Which kinds it is not: no index helps with that, and none is to be tempted by it.
            Document.kind.not_in([kind for kind in watched if kind not in kinds]),
            Unit.path.startswith(scope.path),
            Document.subject_id != circle.person_id,
        )
        if relation is not Relation.AUDITOR:
            hidden = (
                sa.and_(hidden_from_others, Document.kind != "skp")
                if relation is Relation.PENGELOLA_PEGAWAI
                else hidden_from_others
            )
            shown = sa.and_(shown, sa.not_(hidden))
        if relation in SEATED:
            shown = sa.and_(shown, sa.or_(before_committee(), Document.turn == relation))
        if relation in NOT_OVER_OWN:
            parties = people | circle.third
            shown = sa.and_(shown, sa.not_(Document.subject_id.in_(parties))) if parties else shown
            shown = sa.and_(shown, sa.not_(acting_for))
        conditions.append(shown)
    return sa.or_(*conditions)


def near(me: Any, people: Any, rated: Any, units: Any) -> Any:
    """All that is visible to whoever holds no office and no delegation: his own, his people's, what names him, and the
    signed PK of where he works.

    `rated` are those of his people whose penilai or atasan penilai he is, `units` the one he works in and those above.
    Numbers, or parameters for them.
    """
    theirs = sa.and_(
        Document.subject_id.in_(people),
        sa.not_(private()),
        sa.or_(Document.kind.in_(("skp", "realisation")), Document.subject_id.in_(rated)),
    )
    named = (named_by_flag(me, relation) for relation in NAMED)
    owned = sa.or_(Document.id.in_(dko_actions.dialogues_of(me)), Document.id.in_(lending.matrices_of(me)))
    return sa.or_(Document.subject_id == me, theirs, known_to_staff(units), owned, *named)


def is_published(document: Document) -> bool:
    """Is it known to everybody who works in its unit, or below it? The same of one document as `known_to_staff`."""
    if document.kind == "manual" and document.slot != MANUAL_OF_UNIT:
        return False
    return document.state in PUBLISHED.get(document.kind, ())


def known_to_staff(units: Any) -> Any:
    """What these units publish, as a condition: whoever works in one, or below it, knows it."""
    shown = (sa.and_(Document.kind == kind, Document.state.in_(states)) for kind, states in PUBLISHED.items())
    of_a_unit = sa.or_(Document.kind != "manual", Document.slot == MANUAL_OF_UNIT)
    return sa.and_(Document.unit_id.in_(units), sa.or_(*shown), of_a_unit)


def entrusted(delegated: Mapping[str, frozenset[int]]) -> Any:
    """The documents whose penilai delegated them: kind -> the people they are about; as a condition."""
    found = [
        sa.and_(Document.kind == kind, Document.subject_id.in_(people)) for kind, people in delegated.items()
    ]
    return sa.or_(sa.false(), *found)


# Whoever is over somebody in the line does not see him by one of these offices too.
NOT_OVER_OWN = frozenset(
    {Relation.PENGELOLA_PEGAWAI, Relation.PENGELOLA_ORGANISASI, Relation.ANGGOTA_TPK, Relation.AUDITOR}
)


# The kinds whose documents name a person by a flag, and as what.
NAMED = {
    Relation.DECIDER: (Document.named_decider_id, ("objection", "predicate_review")),
    Relation.EVALUATOR: (Document.named_evaluator_id, ("objection",)),
    Relation.UPK_ABOVE: (Document.named_upk_above_id, ("predicate_review",)),
    Relation.CALIBRATOR: (Document.named_calibrator_id, ("predicate_review",)),
}


@lru_cache(maxsize=512)
def named_by_flag(person_id: Any, relation: Relation) -> Any:
    """The documents that name this person as decider, leader above the UPK or calibrator, as a condition."""
    named, kinds = NAMED[relation]
    # A document that names nobody is "no" and not "unknown": whoever says "not named" would else lose it.
    return sa.and_(Document.kind.in_(kinds), named.is_not(None), named == person_id)


# The rule of a refusal that says who else may.
NOT_HIS = N_("wewenang langkah")
ONLY = N_("Hanya dapat dilakukan oleh %(roles)s.")


@dataclass(frozen=True)
class Offer:
    """An event the actor may send now, as a button."""

    event: str
    label: str
    tone: str
    asks: tuple[str, ...]
    main: bool
    unmet: tuple[Unmet, ...]


@dataclass(frozen=True)
class Refusal:
    """An event of this state that the actor may not send, or not yet: which condition, who can, until when."""

    event: str
    label: str
    reasons: tuple[Unmet, ...]
    who: tuple[str, ...]
    due_at: datetime | None

    @property
    def is_his(self) -> bool:
        """Is it his to do once the conditions hold? Else the reason itself names who can."""
        return all(reason.rule != NOT_HIS for reason in self.reasons)


def offers(document: Document, flow: type[DocumentFlow], facts: Facts, actor: Actor) -> list[Offer]:
    """What this page offers this person, the main step first."""
    found = []
    for move in flow.allowed(facts, actor):
        row = move.row
        found.append(
            Offer(
                move.event,
                row.label,
                row.tone,
                row.asks,
                row.main or row.tone == "primary",
                tuple(row.unmet(facts)),
            )
        )
    return sorted(found, key=lambda offer: not offer.main)


def refusals(document: Document, flow: type[DocumentFlow], facts: Facts, actor: Actor) -> list[Refusal]:
    """ "Mengapa belum bisa?": every event of this state that is not open to this person, from the same guards."""
    open_events = {move.event for move in flow.allowed(facts, actor)}
    rows: dict[str, list[Move]] = {}
    for move in flow.moves(document.state):
        if move.event not in open_events and move.row.who != (Relation.SYSTEM,):
            rows.setdefault(move.event, []).append(move)
    return [
        Refusal(
            event,
            moves[0].row.label,
            tuple(reasons_against(document, flow, facts, actor, event)),
            tuple(label_of(r, document.kind) for r in who),
            document.due_at if any(move.row.main for move in moves) else None,
        )
        for event, moves in rows.items()
        if (who := who_can(moves, facts))  # nobody ever could: the situation of these rows does not exist
    ]


def _as(relation: Relation) -> Actor:
    """Anybody who is just this to the document."""
    return Actor(0, "", frozenset({relation}))


def who_can(moves: list[Move], facts: Facts) -> list[Relation]:
    """Who may take one of these rows now; where nobody may yet, who will once what hinders him is gone."""
    now: list[Relation] = []
    then: list[Relation] = []
    for row in (move.row for move in moves):
        for relation in row.actors(facts):
            hindrances = row.hindrances(facts, _as(relation))
            if relation is not Relation.SYSTEM and hindrances is not None:
                (then if hindrances else now).append(relation)
    return list(dict.fromkeys(now or then))


def reasons_against(
    document: Document, flow: type[DocumentFlow], facts: Facts, actor: Actor, event: str
) -> list[Unmet]:
    """Which condition keeps this actor from this event: not his to do, not this state, or something missing."""
    rows: list[Move] = [move for move in flow.moves(document.state) if move.event == event]
    if not rows:
        text = N_("Langkah ini tidak ada pada keadaan sekarang: %(state)s.")
        return [Unmet(OWN_RULE, text, {"state": flow.state_label(document.state)})]
    his = [move.row for move in rows if move.row.is_for(facts, actor)]
    told = [(found, row) for row in his if (found := row.hindrances(facts, actor)) is not None]
    if told:
        hindrances, row = min(told, key=lambda pair: len(pair[0]))
        if reasons := [Unmet(OWN_RULE, text) for text in hindrances] + row.unmet(facts):
            return reasons
    who = who_can(rows, facts)
    if his or not who:
        return [Unmet(OWN_RULE, N_("Syarat langkah ini belum terpenuhi pada keadaan sekarang."))]
    return [Unmet(NOT_HIS, ONLY, {"roles": ", ".join(label_of(r, document.kind) for r in who)})]


def private_viewers(kind: str) -> list[Relation]:
    """Who may open a document of this kind while it is still its writer's own."""
    allowed = [Relation.SUBJECT, Relation.PENGELOLA_PEGAWAI, Relation.AUDITOR]
    return [r for r in allowed if r in VIEWERS[kind] or r is Relation.SUBJECT]
