"""Capaian kinerja organisasi: which UPK counts for a person, who may set its result, and what was set (p.92-94)."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, memo, transaction
from kinerja.models import Document, OrgResult, Period, Placement, Post, Review, Unit
from kinerja.models.evaluation import ORG_PREDICATES
from kinerja.rules import evaluation as law
from kinerja.rules.windows import month_day
from kinerja.rules.words import N_
from kinerja.rules.workdays import local_date
from kinerja.services import audit, identity, structure
from kinerja.services.errors import BadInput, NotAllowed
from kinerja.services.identity import Superior, valid_on
from kinerja.services.people import placement_of
from kinerja.services.periods import regulation_of
from kinerja.workflows.base import Unmet
from kinerja.workflows.roles import Relation

# From here on a result has been used; it is changed by an objection or a repair, no longer by its leader.
USED_STATES = (
    "determined", "signed", "delivered", "received", "accepted", "accepted_silent", "objected", "decided", "final",
    "reported",
)  # fmt: skip
# A nilai organisasi whose result counts.
DETERMINED = ("determined", "final")
# An evaluation that was made, on whichever result.
MADE_STATES = ("proposed", "calibrated", "in_session", "session_decided", *USED_STATES[:8])
YEAR = "Y"
BY_DOCUMENT = N_("Capaian organisasi UPK ini ditetapkan melalui dokumen Nilai organisasi.")


def organisation_of(subject_id: int, unit: Unit, on: date) -> Unit | None:
    """The organisation of a person: the unit led by his penilai, or the nearest UPK above it (p.94 g; asumsi)."""
    chain = identity.superiors(subject_id, on)
    led = _unit_of(chain[0], on) if chain else None
    return structure.nearest_upk(led or unit)


def _unit_of(superior: Superior, on: date) -> Unit | None:
    """The unit of the post by which this person is the superior; an acting one leads that unit, not his own."""
    given = {"person": superior.person_id, "title": superior.post_title, "on": on}
    found: Unit | None = db.session.scalars(_unit_query(), given).first()
    if found is not None:
        return found
    placement = placement_of(superior.person_id, on)
    return placement.post.unit if placement else None


@cache
def _unit_query() -> Any:
    return (
        sa.select(Unit)
        .join(Post, Post.unit_id == Unit.id)
        .join(Placement, Placement.post_id == Post.id)
        .where(
            Placement.person_id == sa.bindparam("person"),
            Post.title == sa.bindparam("title"),
            valid_on(Placement, identity.ON),
        )
        .limit(1)
    )


def leader_above(unit_id: int, on: date) -> int | None:
    """Who sets the result of a UPK: the penilai of its head; None at the top, where the Komite Eksekutif does.

    While nobody heads it, the head of the nearest unit above that has one.
    """
    head = structure.head_of(unit_id, on).person_id
    if head is not None:
        chain = identity.superiors(head, on)
        return chain[0].person_id if chain else None
    above = structure.path_ids(db.session.get_one(Unit, unit_id).path)[-2::-1]
    heads = (structure.head_of(one, on).person_id for one in above)
    return next((person for person in heads if person is not None), None)


def late_leader(document: Document, review: Review) -> dict[str, int | None]:
    """When a window ends without the result of the organisation: the level above its leader is named to set it.

    Where that chain ends, nobody: the Komite Eksekutif does. Empty when there is nothing to change.
    """
    leader, unit_id = document.flags.get("upk_above_id"), review.org_unit_id
    if leader is None or unit_id is None or stored(unit_id, document.period.id, document.slot) is not None:
        return {}
    chain = [s.person_id for s in identity.superiors(leader, clock.today(document.unit.zone))]
    return {"upk_above_id": next((person for person in chain if person != document.subject_id), None)}


def upk_above(document: Document) -> int | None:
    """The leader one level above the organisation of this evaluation, never its own subject."""
    on = clock.today(document.unit.zone)
    unit_id = db.session.scalar(sa.select(Review.org_unit_id).where(Review.document_id == document.id))
    if unit_id is None:
        unit = organisation_of(document.subject_id, document.unit, on)
        unit_id = unit.id if unit else None
    leader = leader_above(unit_id, on) if unit_id is not None else None
    return None if leader == document.subject_id else leader


def headed_upk(subject_id: int, unit: Unit, on: date) -> Unit | None:
    """The UPK this person heads himself, whose predicate is his rating of results (SE MenPANRB 3/2023)."""
    if not unit.owns_strategy_map:
        return None
    return unit if structure.head_of(unit.id, on).person_id == subject_id else None


def stored(unit_id: int, period_id: int, slot: str) -> OrgResult | None:
    """What was set for a UPK and slot; asked once in a transaction."""
    return _stored(unit_id, period_id, slot)[0]


def by_document(unit_id: int, period_id: int, slot: str) -> bool:
    """Is the result of this UPK and slot determined by its nilai organisasi, and so set by hand no more?"""
    return _stored(unit_id, period_id, slot)[1]


def _stored(unit_id: int, period_id: int, slot: str) -> tuple[OrgResult | None, bool]:
    seen: dict[Any, tuple[OrgResult | None, bool]] = memo().setdefault("org_results", {})
    key = (unit_id, period_id, slot)
    if key not in seen:
        given = {"unit": unit_id, "period": period_id, "slot": slot}
        found = db.session.execute(_stored_query(), given).first()
        seen[key] = (found[0], bool(found[1])) if found else (None, False)
    return seen[key]


@cache
def _stored_query() -> Any:
    """One row, whether or not anything was set: the result, and whether a document determines it."""
    unit: Any
    period: Any
    slot: Any
    unit, period, slot = (sa.bindparam(name) for name in ("unit", "period", "slot"))
    value = sa.exists().where(
        Document.kind == "org_value",
        Document.unit_id == Unit.id,
        Document.period_id == period,
        Document.slot == slot,
    )
    this = sa.and_(OrgResult.unit_id == Unit.id, OrgResult.period_id == period, OrgResult.slot == slot)
    return sa.select(OrgResult, value).select_from(Unit).outerjoin(OrgResult, this).where(Unit.id == unit)


@cache
def _last_year_query() -> Any:
    return (
        sa.select(OrgResult)
        .join(Period, Period.id == OrgResult.period_id)
        .where(
            OrgResult.unit_id == sa.bindparam("unit"),
            OrgResult.slot == YEAR,
            Period.year == sa.bindparam("year"),
        )
    )


def as_law_sees(result: OrgResult | None, year: int, zone: str) -> law.OrganisationResult | None:
    """The stored result as the rules judge it. The day it was entered counts as the day it came out (asumsi)."""
    if result is None:
        return None
    return law.OrganisationResult(result.predicate, year, local_date(result.set_at, zone))


def known(unit_id: int | None, period: Period, slot: str, zone: str) -> dict[str, Any]:
    """This period's result and, for the year, last year's: the two fields of the rules' facts."""
    if unit_id is None:
        return {"organisation": None, "last_year": None}
    current = as_law_sees(stored(unit_id, period.id, slot), period.year, zone)
    before = None
    if slot == YEAR:
        row = db.session.scalars(_last_year_query(), {"unit": unit_id, "year": period.year - 1}).first()
        before = as_law_sees(row, period.year - 1, zone)
    return {"organisation": current, "last_year": before}


def record(
    unit_id: int, period: Period, slot: str, *, by_id: int, predicate: str, nko: Decimal | None = None,
    decree_number: str = "", decree_date: date | None = None, document: Document | None = None,
) -> OrgResult:  # fmt: skip
    """Write the result of a UPK for one slot; it holds for everyone of that UPK.

    Raises BadInput for an unknown predicate, when evaluations were already determined on another one, or when the UPK
    has a nilai organisasi for this slot and `document` is another one: there is one door.
    """
    with transaction():
        problems = problems_of(unit_id, period, slot, predicate, nko)
        if by_document(unit_id, period.id, slot) and (document is None or document.kind != "org_value"):
            problems.append(Unmet("EV-1", BY_DOCUMENT, {}, "predicate"))
        if problems:
            raise BadInput(problems)
        result = stored(unit_id, period.id, slot)
        if result is None:
            result = OrgResult(unit_id=unit_id, period_id=period.id, slot=slot)
            db.session.add(result)
            memo().pop("org_results", None)
        elif result.predicate == predicate and result.nko == nko:
            return result
        result.predicate, result.nko = predicate, nko
        result.decree_number, result.decree_date = decree_number.strip(), decree_date
        result.set_by_id, result.set_at = by_id, clock.now()
        db.session.flush()
        payload = {"unit": unit_id, "tahun": period.year, "slot": slot, "predikat": predicate}
        audit.record("org_result.set", actor_id=by_id, payload=payload, document=document)
    return result


def set_by_leader(unit_id: int, period: Period, slot: str, *, by_id: int, **values: Any) -> OrgResult:
    """As `record`, for the page of the unit: only the leader one level up, or at the top the Komite Eksekutif."""
    on = clock.today()
    leader = leader_above(unit_id, on)
    unit = db.session.get_one(Unit, unit_id)
    if leader is None:
        allowed = by_id in identity.holders_of_role(Relation.KOMITE_EKSEKUTIF, unit.path, on)
    else:
        allowed = by_id == leader
    if not allowed:
        raise NotAllowed("set_org_result")
    with transaction():
        result = record(unit_id, period, slot, by_id=by_id, **values)
        announce(unit_id, period, slot)
    return result


def announce(unit_id: int, period: Period, slot: str) -> int:
    """Put the question back to everyone who evaluated on last year's result (p.94 f); how many."""
    from kinerja.services import transitions

    regulation = regulation_of(period)
    if slot != YEAR or clock.today() > month_day(
        period.year + 1, regulation.text("capaian_tahun_lalu_sampai")
    ):
        return 0
    waiting = db.session.scalars(
        sa.select(Document)
        .join(Review, Review.document_id == Document.id)
        .where(
            Review.org_unit_id == unit_id, Review.org_from_last_year, Document.period_id == period.id,
            Document.slot == slot, Document.state.in_(MADE_STATES),
        )
    ).all()  # fmt: skip
    for document in waiting:
        transitions.send(document.public_id, "result_arrived", None, version=None)
    return len(waiting)


def problems_of(unit_id: int, period: Period, slot: str, predicate: str, nko: Decimal | None) -> list[Unmet]:
    """Why this predicate cannot be the result of a UPK and slot; empty when it can."""
    found = []
    if predicate not in ORG_PREDICATES:
        found.append(Unmet("EV-1", N_("Pilih salah satu dari lima predikat organisasi."), {}, "predicate"))
    if nko is not None and not (nko.is_finite() and 0 <= nko <= 120):
        found.append(Unmet("EV-1", N_("NKO antara 0 dan 120."), {}, "nko"))
    used = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(Review)
        .join(Document, Document.id == Review.document_id)
        .where(
            Review.org_unit_id == unit_id, Document.period_id == period.id, Document.slot == slot,
            Document.state.in_(USED_STATES), sa.not_(Review.org_from_last_year), Review.org_predicate != predicate,
        )
    )  # fmt: skip
    if used:
        text = N_(
            "%(count)s evaluasi sudah ditetapkan dengan capaian sebelumnya; perubahan hanya melalui Perbaikan."
        )
        found.append(Unmet("EV-1", text, {"count": used}, "predicate"))
    return found
