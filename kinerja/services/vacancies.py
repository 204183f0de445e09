"""No penilai: since when, who was told, and who has the task meanwhile.

A vacant post is passed over (PermenPANRB 6/2022, p.89): whoever stands above it acts at once, as the penilai. Where the
line leads to nobody, what waits for the penilai goes after five working days to the pengelola of the unit, who sees to
it that one is named; without a pengelola, or where only the level above the penilai is missing, to the Sekretariat
Komite. Neither rates or signs anything. Decision 0015.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import Document, Notice, Period, Person, Placement, ReportingLine, is_held
from kinerja.rules.words import N_
from kinerja.services import deadlines, identity, notices, transitions, turns
from kinerja.services.chains import believed, valid_on
from kinerja.services.kinds import flow_of, kind_of
from kinerja.services.roster import HOLDER_ORDER, Superior
from kinerja.workflows.roles import LABELS, Relation

KINDS = ("skp", "realisation", "predicate_review")
DEADLINE = "without_superior"
LEVELS = {Relation.PENILAI: 0, Relation.ATASAN: 1}
TASK = N_("%(document)s menunggu pejabat yang belum ditetapkan. Mohon urus penetapannya.")
# So many changes of a line are looked back over; a vacancy older than that is told from the oldest of them.
LOOKED_BACK = 12


@dataclass(frozen=True)
class Absence:
    """What a page says of it. `names` have the task of the penilai, `label` what they are called.

    `nobody`: the line leads to nobody at all; else somebody above the vacant post acts. `passes_on`: the last day on
    which the task still waits for a penilai; None once it has passed, or while nothing waits for one.
    """

    since: date
    nobody: bool
    names: tuple[str, ...]
    label: str
    post: str
    passes_on: date | None
    told: tuple[tuple[str, datetime], ...]
    # Only the level above the penilai is missing, and the document waits for that one.
    above: bool = False
    # The person himself left: no line is to be repaired, and nobody's turn is passed on.
    left: bool = False


def absence_of(document: Document) -> Absence | None:
    """Nobody is the penilai of this running document, or only somebody above the vacant post; None where one is."""
    flow = flow_of(document)
    if document.kind not in KINDS or flow.is_final(document.state) or document.period.state != "open":
        return None
    chain = identity.superiors(document.subject_id, clock.today(document.unit.zone))
    if len(chain) > 1 and not _vacant(chain):
        return None
    waits = _level(document)
    short = waits is not None and len(chain) <= waits
    if not _vacant(chain) and not short:
        return None
    since = _since(document, chain)
    if chain and not short:
        first = chain[0]
        label, post = LABELS[Relation.ATASAN], first.on_behalf or first.post_title
        told = _told(document, since, {first.person_id})
        return Absence(since, False, (first.name,), label, post, None, told)
    role, people = turns.keepers(document, chain)
    from kinerja.services.reading import names_of

    names = tuple(names_of(people).values())
    left = turns.has_left(document)
    moved = waits is None or document.turn == role or left
    passes_on = None if moved else clock.local(_passes_on(document, since), document.unit.zone).date()
    label = LABELS[role] if role else ""
    told = _told(document, since, set(people))
    return Absence(since, True, names, label, "", passes_on, told, bool(chain), left)


def waits_for_nobody(document: Document) -> bool:
    """Is the one awaited not there, whoever sees to it meanwhile?"""
    if document.turn in LEVELS:
        return not turns.person_in_turn(document, document.turn)
    return document.turn in turns.KEEPERS and document.state in _of_chain(document.kind)


def fall_due(_day: date) -> int:
    """Pass on what waited five working days for nobody, give back what somebody is named for, and tell both; how
    many were passed on or given back. Safe to run twice."""
    return sum(_settle(public_id) for public_id in _candidates())


def _level(document: Document) -> int | None:
    """Does the flow say that this document waits for the penilai, 0, or for his superior, 1? None for another."""
    facts = kind_of(document.kind).facts
    relation, _move = flow_of(document).turn(facts(document)) if document.turn else (None, None)
    return LEVELS.get(relation) if relation is not None else None


def _settle(public_id: str) -> int:
    with transaction():
        document = transitions.load(public_id, lock=True)
        level = _level(document)
        if level is None or turns.has_left(document):
            return 0
        chain = identity.superiors(document.subject_id, clock.today(document.unit.zone))
        awaited = turns.CHAIN[level]
        if len(chain) > level:
            if document.turn == awaited:
                _tell_who_acts(document, chain)
                return 0
            transitions.write_head(document, {"turn": str(awaited)})
            notices.tell_turn(document)
            return 1
        role, people = turns.keepers(document, chain)
        since = _since(document, chain)
        key = f"{public_id}:tanpa-penilai:{document.state_since:%Y%m%d%H%M%S}:{since}"
        if role is None or document.turn == role:
            return 0
        if clock.now() <= _passes_on(document, since):
            if not _told(document, since, set(people)):
                notices.tell_nobody(document, people, dedupe=key)
            return 0
        transitions.write_head(document, {"turn": str(role)})
        template, params = kind_of(document.kind).title(document)
        about = {"document_template": template, "document_params": params}
        notices.write(document, dict.fromkeys(people, (TASK, about)), dedupe=f"{key}:tugas")
        return 1


def _tell_who_acts(document: Document, chain: Sequence[Superior]) -> None:
    """Whoever came to act because a post fell vacant while the document waited hears of it, once."""
    if document.turn != Relation.PENILAI or not _vacant(chain):
        return
    since = _since(document, chain)
    if clock.local(document.state_since, document.unit.zone).date() < since:
        key = f"{document.public_id}:lowong:{document.state_since:%Y%m%d%H%M%S}:{since}"
        notices.tell_turn(document, dedupe=key)


def _vacant(chain: Sequence[Superior]) -> bool:
    return not chain or chain[0].passed_over > 0


def _passes_on(document: Document, since: date) -> datetime:
    """The last moment at which what waits stays where it is: five working days after both began."""
    began = datetime.combine(since, time(), clock.ZONES[document.unit.zone])
    moment = deadlines.due_of(document, DEADLINE, max(document.state_since, began))
    assert moment is not None
    return moment


def _since(document: Document, chain: Sequence[Superior]) -> date:
    """The first day of the gap: of an empty chain, of a vacant post, or of the missing level above the penilai."""
    today = clock.today(document.unit.zone)
    known = [day for day in _changes(document.subject_id, today) if day <= today]
    found = None
    for day in known[:LOOKED_BACK]:
        then = identity.superiors(document.subject_id, day)
        if (_vacant(then), len(then) > 1) != (_vacant(chain), len(chain) > 1):
            break
        found = day
    return found or clock.local(document.created_at, document.unit.zone).date()


def _changes(person_id: int, today: date) -> list[date]:
    """The days on which the chain above a person may have changed, the latest first. One statement."""
    rows = db.session.execute(_changes_query(), {"me": person_id, "on": today})
    days = {row.ends + timedelta(days=1) if row.ends else row.starts for row in rows}
    return sorted((day for day in days if day), reverse=True)


@cache
def _changes_query() -> Any:
    """The ends of the lines upwards and of those who held the posts they name; and the person's own first day."""
    me, on = sa.bindparam("me", type_=sa.Integer), sa.bindparam("on", type_=sa.Date)
    columns = (ReportingLine.person_id, ReportingLine.superior_id, ReportingLine.superior_post_id)
    up = (
        sa.select(*columns)
        .where(ReportingLine.person_id == me, believed(ReportingLine, None))
        .cte("up", recursive=True)
    )
    up = up.union(
        sa.select(*columns)
        .join(up, ReportingLine.person_id == up.c.superior_id)
        .where(believed(ReportingLine, None))
    )
    nothing = sa.cast(sa.null(), sa.Date)
    lines = sa.select(ReportingLine.ends, nothing.label("starts")).where(
        ReportingLine.person_id.in_(sa.select(up.c.person_id)), ReportingLine.ends < on
    )
    held = sa.select(Placement.ends, nothing).where(
        sa.or_(
            Placement.post_id.in_(sa.select(up.c.superior_post_id)),
            Placement.person_id.in_(sa.select(up.c.superior_id)),
        ),
        Placement.ends < on,
    )
    first = sa.select(nothing, sa.func.min(Placement.starts)).where(Placement.person_id == me)
    return sa.union(lines, held, first)


def _told(document: Document, since: date, people: set[int]) -> tuple[tuple[str, datetime], ...]:
    """Who of these heard of this document since then, and when first. One statement."""
    began = datetime.combine(since, time(), clock.ZONES[document.unit.zone])
    rows = db.session.execute(
        sa.select(Person.name, sa.func.min(Notice.created_at))
        .join(Person, Person.id == Notice.person_id)
        .where(
            Notice.document_id == document.id,
            Notice.text.in_((notices.NOBODY, TASK, notices.YOUR_TURN, notices.YOUR_TURN_BY)),
            Notice.created_at >= max(began, document.state_since),
            Notice.person_id.in_(people),
        )
        .group_by(Person.id, Person.name)
        .order_by(sa.func.min(Notice.created_at))
    )
    return tuple((row[0], row[1]) for row in rows)


def _candidates() -> Iterator[str]:
    """What waits for a penilai whose post or line is vacant, for a superior of his, or is already with a keeper."""
    today = clock.today()
    seated = aliased(Placement)
    placed = sa.exists().where(
        ReportingLine.person_id == Document.subject_id,
        valid_on(ReportingLine, today),
        believed(ReportingLine, None),
        sa.or_(
            seated.post_id == ReportingLine.superior_post_id, seated.person_id == ReportingLine.superior_id
        ),
        seated.kind.in_(HOLDER_ORDER),
        valid_on(seated, today),
    )
    waiting = sa.or_(
        sa.and_(Document.turn == Relation.PENILAI, sa.not_(placed)),
        sa.and_(Document.turn == Relation.ATASAN, Document.acting_level > 0),
        *(
            sa.and_(Document.kind == kind, Document.state.in_(states), Document.turn.in_(turns.KEEPERS))
            for kind in KINDS
            if (states := _of_chain(kind))
        ),
    )
    return iter(
        db.session.scalars(
            sa.select(Document.public_id)
            .join(Period, Period.id == Document.period_id)
            .where(Document.kind.in_(KINDS), Period.state == "open", waiting, ~is_held(Document))
            .order_by(Document.id)
        ).all()
    )


@cache
def _of_chain(kind: str) -> tuple[str, ...]:
    """The states of a kind that wait for somebody of the chain and never, by the table, for a keeper."""
    tables = kind_of(kind).flow.tables()
    rows = [move for table in tables for move in table.moves() if move.row.main]
    chain = {move.source for move in rows if LEVELS.keys() & set(move.row.who)}
    return tuple(sorted(chain - {move.source for move in rows if set(turns.KEEPERS) & set(move.row.who)}))
