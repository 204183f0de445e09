""" "Siapa belum mengisi apa": the people below a unit with something still to do, those who wait longest first.

One statement a page, by key; the same conditions give the export and the reminders.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from kinerja import clock, models
from kinerja.db import db
from kinerja.models import (
    WAITS_SINCE,
    Document,
    EvidenceLink,
    Notice,
    Person,
    Placement,
    Post,
    RealisationItem,
    Unit,
    is_held,
    is_open,
)
from kinerja.rules.words import N_
from kinerja.services import judging, policy, skp_due
from kinerja.services.chains import valid_on
from kinerja.services.identity import Circle
from kinerja.services.kinds import kind_of, states_of
from kinerja.services.unit_progress import WITHOUT, Slot, person_state
from kinerja.services.units import RECORDED, Watch
from kinerja.workflows.roles import Relation, label_of

PAGE_SIZE = 25
REMINDED = "pengingat"
OPEN_STATES = models.OPEN_STATES
# Of everybody below the unit: nobody's stage, but the people the other numbers are parts of.
PEOPLE = "pegawai"
PEOPLE_STATES = {
    "exempt": N_("Dikecualikan"),
    "unbound": N_("SKP belum berlaku"),
    "without": N_("SKP belum disusun"),
    "bound": N_("Wajib mengisi"),
}
# Sums of several states that a table counts.
OBLIGED, DONE, MISSING, FREE = "wajib", "direkam", "belum-direkam", "belum-wajib"
SUMS = {
    OBLIGED: N_("Wajib merekam"),
    DONE: N_("Sudah direkam"),
    MISSING: N_("Belum direkam"),
    FREE: N_("Belum wajib mengisi"),
}
WITHOUT_LABEL = N_("Belum disusun")


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed by. Without a state it holds those who have something to do in the stage."""

    stage: str
    text: str = ""
    part: str = ""
    state: str = ""

    @property
    def label(self) -> str:
        """What the state is called to people; "" for those who have something to do, or for one nobody knows."""
        if self.state in SUMS:
            return SUMS[self.state]
        if self.stage == PEOPLE:
            return PEOPLE_STATES.get(self.state, "")
        known = self.stage in OPEN_STATES and self.state in states_of(self.stage)
        return kind_of(self.stage).flow.state_label(self.state) if known else ""


@dataclass(frozen=True)
class Waiting:
    """One person with one thing to do."""

    key: str
    person_id: int
    person: str
    person_name: str
    nip: str
    unit: str
    document: str
    state: str
    state_label: str
    waits_for: str
    waits_own: bool
    # Among those who rate: neither whose turn it is nor how far it is may show.
    veiled: bool
    since: datetime | None
    due_at: datetime | None
    reminded_at: datetime | None
    obstacles: tuple[tuple[str, dict[str, Any]], ...]
    pick: str
    zone: str


def stages_of(watch: Watch, slot: Slot) -> tuple[str, ...]:
    """The stages one can list, in the order of the year."""
    kinds = [kind for kind in ("realisation", "skp", "predicate_review") if kind in watch.kinds]
    if slot.window.slot == "Y" and "realisation" in kinds:
        kinds.remove("realisation")
    found = [code for kind in kinds for code in ((kind, WITHOUT) if kind == "skp" else (kind,))]
    return (*found, PEOPLE) if found else ()


def page(
    unit: Unit, circle: Circle, slot: Slot, asked: Asked, after: str = "", size: int = PAGE_SIZE
) -> list[Waiting]:
    """Up to `size` rows and one more, after the row with this key."""
    query = _query(unit, circle, slot, asked)
    return [
        _row(row, circle, asked) for row in db.session.execute(_after(query, asked, after).limit(size + 1))
    ]


def every(unit: Unit, circle: Circle, slot: Slot, asked: Asked) -> Iterator[Waiting]:
    """All of them, streamed for an export."""
    for row in db.session.execute(_query(unit, circle, slot, asked).execution_options(yield_per=500)):
        yield _row(row, circle, asked)


def picked(unit: Unit, circle: Circle, slot: Slot, asked: Asked, picks: list[str]) -> list[Waiting]:
    """Those of the list that were ticked; what no longer waits is not among them."""
    wanted = Person.public_id if asked.stage == WITHOUT else Document.public_id
    query = _query(unit, circle, slot, Asked(asked.stage, state=asked.state)).where(wanted.in_(picks))
    return [_row(row, circle, asked) for row in db.session.execute(query)]


def _query(unit: Unit, circle: Circle, slot: Slot, asked: Asked) -> Any:
    by_person = asked.stage in (WITHOUT, PEOPLE)
    return _people(unit, slot, asked) if by_person else _documents(unit, circle, slot, asked)


def _columns(*documents: Any) -> tuple[Any, ...]:
    """What every row has; reminded is the person himself, or whoever holds his document."""
    about = sa.or_(Notice.person_id == Person.id, *documents)
    reminded = (
        sa.select(sa.func.max(Notice.created_at))
        .where(about, Notice.dedupe.startswith(f"{REMINDED}:"))
        .scalar_subquery()
    )
    return (
        Person.id.label("person_id"),
        Person.public_id.label("person"),
        Person.name,
        Person.search_name,
        Person.nip,
        Person.exempt_to,
        _exempt(clock.today()).label("is_exempt"),
        Unit.name.label("unit"),
        Unit.zone,
        reminded.label("reminded_at"),
    )


def _exempt(today: date) -> Any:
    return sa.and_(
        Person.exempt_from.is_not(None),
        Person.exempt_from <= today,
        sa.or_(Person.exempt_to.is_(None), Person.exempt_to >= today),
    )


def _documents(unit: Unit, circle: Circle, slot: Slot, asked: Asked) -> Any:
    unreadable = (
        sa.select(sa.func.count(sa.distinct(EvidenceLink.evidence_id)))
        .join(RealisationItem, RealisationItem.id == EvidenceLink.item_id)
        .where(RealisationItem.realisation_id == Document.id, EvidenceLink.unreadable)
        .scalar_subquery()
    )
    query = (
        sa.select(
            *_columns(Notice.document_id == Document.id),
            Document.id,
            Document.public_id,
            Document.kind,
            Document.state,
            Document.turn,
            Document.subject_id,
            Document.acting_level,
            Document.flags,
            Unit.path,
            _since(asked).label("since"),
            Document.due_at,
            sa.case((policy.visible(circle), 1), else_=0).label("visible"),
            is_held(Document).label("is_held"),
            (unreadable if asked.stage == "realisation" else sa.literal(0)).label("unreadable"),
        )
        .select_from(Document)
        .join(Person, Person.id == Document.subject_id)
        .join(Unit, Unit.id == Document.unit_id)
        .where(
            Document.period_id == slot.period.id,
            Document.slot == ("Y" if asked.stage == "skp" else slot.window.slot),
            _in_state(circle, asked),
        )
        .order_by(_since(asked), Document.id)
    )
    return _narrowed(query, unit, asked)


def _in_state(circle: Circle, asked: Asked) -> Any:
    """Those with something to do, those of one state as this reader may know it, or those of a sum."""
    if not asked.state:
        return is_open(asked.stage)
    if asked.state == OBLIGED:
        chosen = sa.and_(Document.state != "not_open", ~is_held(Document))
    elif asked.state == DONE:
        chosen = sa.and_(Document.state.in_(RECORDED), ~is_held(Document))
    elif asked.state == MISSING:
        chosen = sa.and_(Document.state.not_in(("not_open", *RECORDED)), ~is_held(Document))
    else:
        chosen = judging.shown_state(circle) == asked.state
    return sa.and_(Document.kind == asked.stage, chosen)


def _since(asked: Asked) -> Any:
    """Since when somebody waits. An evaluation waits from its start: when it was last moved only raters know."""
    return getattr(Document, WAITS_SINCE[asked.stage])


def _people(unit: Unit, slot: Slot, asked: Asked) -> Any:
    today = clock.today()
    state = person_state(slot, today)
    if asked.stage == WITHOUT:
        chosen = state == "without"
    elif asked.state == FREE:
        chosen = state.in_(("exempt", "unbound", "without"))
    elif asked.state == "unbound":
        chosen = state.in_(("unbound", "without"))
    else:
        chosen = state == asked.state if asked.state else sa.true()
    query = (
        sa.select(*_columns(), state.label("person_state"))
        .select_from(Placement)
        .join(Person, Person.id == Placement.person_id)
        .join(Post, Post.id == Placement.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Placement.kind == "definitif", valid_on(Placement, today), chosen)
        .where(*(skp_due.where_plans_are_missing(slot.period) if asked.stage == WITHOUT else ()))
        .order_by(Person.search_name, Person.id)
    )
    return _narrowed(query, unit, asked)


def _narrowed(query: Any, unit: Unit, asked: Asked) -> Any:
    query = query.where(Unit.path.startswith(unit.path))
    if asked.part == unit.code:
        query = query.where(Unit.id == unit.id)
    elif asked.part:
        above = sa.select(Unit.path).where(Unit.code == asked.part).correlate(None).scalar_subquery()
        query = query.where(Unit.path.startswith(above))
    if asked.text:
        words = asked.text.strip().lower()
        query = query.where(
            sa.or_(
                Person.search_name.contains(words, autoescape=True),
                Person.nip.startswith(words, autoescape=True),
            )
        )
    return query


def _after(query: Any, asked: Asked, after: str) -> Any:
    first, _sep, last = after.rpartition("|")
    if not last.isdecimal() or len(last) > 9:
        return query
    if asked.stage in (WITHOUT, PEOPLE):
        return query.where(
            sa.or_(Person.search_name > first, sa.and_(Person.search_name == first, Person.id > int(last)))
        )
    try:
        since = datetime.fromisoformat(first)
    except ValueError:
        return query
    if since.tzinfo is None:
        return query
    moment = _since(asked)
    return query.where(sa.or_(moment > since, sa.and_(moment == since, Document.id > int(last))))


def _row(found: Any, circle: Circle, asked: Asked) -> Waiting:
    common = {
        "person_id": found.person_id,
        "person": found.person,
        "person_name": found.name,
        "nip": found.nip,
        "unit": found.unit,
        "reminded_at": found.reminded_at,
        "zone": found.zone,
    }
    if asked.stage in (WITHOUT, PEOPLE):
        label = WITHOUT_LABEL if asked.stage == WITHOUT else PEOPLE_STATES[found.person_state]
        return Waiting(
            key=f"{found.search_name}|{found.person_id}",
            document="",
            state="",
            state_label=label,
            waits_for="",
            since=None,
            due_at=None,
            obstacles=(),
            waits_own=asked.stage == WITHOUT,
            veiled=False,
            pick=found.person if asked.stage == WITHOUT else "",
            **common,
        )
    state = judging.public_state(found, circle)
    veiled = found.kind == "predicate_review" and state == "prepared"
    turn = "" if veiled else found.turn
    return Waiting(
        key=f"{found.since.isoformat()}|{found.id}",
        document=found.public_id if found.visible else "",
        state=state,
        state_label=kind_of(found.kind).flow.state_label(state),
        waits_for=label_of(Relation(turn), found.kind) if turn not in ("", Relation.SUBJECT) else "",
        waits_own=turn == Relation.SUBJECT,
        since=found.since,
        due_at=found.due_at if turn else None,
        obstacles=tuple(_obstacles(found)),
        veiled=veiled,
        pick=found.public_id if found.turn not in ("", Relation.SYSTEM) else "",
        **common,
    )


def _obstacles(found: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """What keeps somebody, as far as kinerja knows."""
    if found.is_exempt:
        if found.exempt_to:
            yield N_("Dikecualikan sampai %(date)s"), {"date": found.exempt_to}
        else:
            yield N_("Dikecualikan"), {}
    if found.unreadable:
        yield N_("%(n)s bukti tidak dapat dibuka"), {"n": found.unreadable}
    if found.is_held:
        yield N_("SKP ditangguhkan"), {}
    if found.state == "on_hold":
        yield N_("Ditangguhkan"), {}
    if found.state == "missing":
        yield N_("Tenggat lewat, masih dapat direkam terlambat"), {}
