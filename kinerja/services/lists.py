"""Lists of documents: one scoped query for page, counts, search and export; pages by key, never by offset."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Period, Person, Unit
from kinerja.rules import dko
from kinerja.rules.words import N_
from kinerja.rules.workdays import local_date
from kinerja.services import finding, judging, policy, rights, turns, unit_names
from kinerja.services.calendars import work_calendar
from kinerja.services.identity import Circle
from kinerja.services.kinds import kind_of, states_of
from kinerja.services.reach import among_near, reach
from kinerja.services.tallies import looking, seeing
from kinerja.workflows.roles import Relation, label_of
from kinerja.workflows.versions import at

PAGE_SIZE = 50
PEOPLE_SHOWN = 100
FILTER_KEYS = ("q", "jenis", "keadaan", "tahun", "periode", "unit", "orang", "siapa", "lewat")


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed by; empty means everything one may see."""

    text: str = ""
    kind: str = ""
    state: str = ""
    year: int | None = None
    slot: str = ""
    unit: str = ""
    person: str = ""
    whose: str = ""
    overdue: bool = False

    def without_state(self) -> "Filters":
        return replace(self, state="")


class Row(NamedTuple):
    """One document in a list, as plain values; a tuple, since a frozen class is slow to make fifty of."""

    id: int
    public_id: str
    number: str
    kind: str
    kind_label: str
    title: tuple[str, dict[str, Any]]
    slot: str
    year: int
    subject: str
    nip: str
    subject_public_id: str
    unit: str
    state: str
    state_label: str
    turn: str
    turn_label: str
    action: str
    due_at: datetime | None
    days_left: int | None
    tone: str
    updated_at: datetime
    version: int
    zone: str


LIST_TITLES = {
    "skp": "SKP %(year)s, %(name)s",
    "realisation": "Realisasi %(slot)s %(year)s, %(name)s",
    "predicate_review": "Evaluasi %(slot)s %(year)s, %(name)s",
    "objection": "Keberatan atas evaluasi %(slot)s %(year)s, %(name)s",
    "repair": "Perbaikan atas evaluasi %(slot)s %(year)s, %(name)s",
    "pk": "Perjanjian Kinerja %(year)s, %(unit)s",
    "dko": "%(word)s %(slot)s %(year)s, %(unit)s",
    "matrix": "Matriks peran hasil %(year)s, %(unit)s",
    "manual": "Manual %(slot)s %(year)s, %(name)s",
    "iku_realisation": "Realisasi IKU %(slot)s %(year)s, %(unit)s",
    "org_value": "Nilai organisasi %(slot)s %(year)s, %(unit)s",
    "k3_review": "Reviu K3 %(slot)s %(year)s, %(name)s",
}
_COLUMNS = (
    Document.id,
    Document.public_id,
    Document.print_number,
    Document.kind,
    Document.slot,
    Period.year,
    Person.name,
    Person.nip,
    Person.public_id.label("subject_public_id"),
    Document.subject_id,
    unit_names.of_document().label("unit"),
    Unit.zone,
    Unit.workweek,
    Unit.path,
    Document.acting_level,
    Document.state,
    Document.turn,
    Document.due_at,
    Document.updated_at,
    Document.version,
    Document.flags,
    Period.state.label("period_state"),
    Document.flow_version,
    Period.rule_set,
)


def _base(*columns: Any) -> Any:
    return (
        sa.select(*columns)
        .select_from(Document)
        .join(Person, Person.id == Document.subject_id)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Period, Period.id == Document.period_id)
    )


def _narrowed(query: Any, circle: Circle, filters: Filters) -> Any:
    query = query.where(reach(circle), policy.visible(circle))
    if filters.text:
        query = query.where(Document.id.in_(finding.documents_alike(filters.text)))
    if filters.kind:
        query = query.where(Document.kind == filters.kind)
    if filters.state:
        query = query.where(judging.shown_state(circle) == filters.state)
        # The same again in words an index understands; the line above says who is shown which.
        hidden = judging.JUDGING if filters.state == "prepared" else ()
        query = query.where(Document.state.in_((filters.state, *hidden)))
    if filters.year:
        query = query.where(Period.year == filters.year)
    if filters.slot:
        query = query.where(Document.slot == filters.slot)
    if filters.unit:
        top = aliased(Unit)
        path = sa.select(top.path).where(top.code == filters.unit).scalar_subquery()
        query = query.where(Unit.path.startswith(path))
    if filters.person:
        query = query.where(Person.public_id == filters.person)
    if filters.whose == "saya":
        query = query.where(Document.subject_id == circle.person_id)
    if filters.whose == "tim":
        query = query.where(Document.subject_id.in_(circle.direct))
    if filters.whose == "giliran":
        query = query.where(turns.my_turn(circle), Period.state == "open")
    if filters.whose == "jabatan":
        office = turns.office_turn(circle)
        query = query.where(sa.false() if office is None else office, Period.state == "open")
    if filters.overdue:
        query = query.where(Document.due_at < clock.now(), Document.turn != "")
    return query


def page(circle: Circle, filters: Filters, before: int | None = None, size: int = PAGE_SIZE) -> list[Row]:
    """The newest documents first; `before` is the key of the last row of the page before."""
    if filters == Filters() and _sees_only_near(circle):
        given = _nearness(circle) | {"before": before, "most": size + 1}
        return [row_of(r, circle) for r in db.session.execute(_near_page(before is not None), given)]
    query = _narrowed(_base(*_COLUMNS), circle, filters).order_by(Document.id.desc()).limit(size + 1)
    if before is not None:
        query = query.where(Document.id < before)
    return [row_of(r, circle) for r in db.session.execute(query)]


def _sees_only_near(circle: Circle) -> bool:
    """Nearly everybody: no office and no delegation shows him more than his own, his people's and what names him."""
    return not circle.delegated and not seeing.offices(circle)


def _nearness(circle: Circle) -> dict[str, Any]:
    """What `_near_page` and `_near_counts` leave open."""
    return {
        "me": circle.person_id,
        "direct": sorted(circle.direct),
        "second": sorted(circle.second),
        "rated": sorted(circle.direct | circle.second),
        "people": sorted(circle.direct | circle.second | circle.standing_in),
        "units": list(circle.units),
    }


ME = sa.bindparam("me", type_=sa.Integer())
DIRECT, SECOND, RATED, PEOPLE, UNITS = (
    sa.bindparam(name, expanding=True, type_=sa.Integer())
    for name in ("direct", "second", "rated", "people", "units")
)


def _near(query: Any) -> Any:
    return query.where(among_near(ME, PEOPLE, UNITS), policy.near(ME, PEOPLE, RATED, UNITS))


@cache
def _near_page(later: bool) -> Any:
    """The plain list as most people open it, built once: putting it together costs more than running it."""
    query = (
        _near(_base(*_COLUMNS)).order_by(Document.id.desc()).limit(sa.bindparam("most", type_=sa.Integer()))
    )
    return query.where(Document.id < sa.bindparam("before", type_=sa.Integer())) if later else query


@cache
def _near_counts() -> Any:
    """What it counts above the rows, built once too."""
    shown = judging.shown_to(ME, SECOND, DIRECT).label("shown")
    return _near(_base(Document.kind, shown, sa.func.count())).group_by(Document.kind, shown)


def counts(circle: Circle, filters: Filters) -> list[tuple[str, str, str, int]]:
    """(kind, state, label, number) of everything the filters leave: tallied where an office sees whole units."""
    rows = _tallied(circle, filters)
    if filters.without_state() == Filters() and _sees_only_near(circle):
        rows = [tuple(row) for row in db.session.execute(_near_counts(), _nearness(circle))]
    elif rows is None:
        shown = judging.shown_state(circle).label("shown")
        query = _narrowed(_base(Document.kind, shown, sa.func.count()), circle, filters.without_state())
        rows = [tuple(row) for row in db.session.execute(query.group_by(Document.kind, shown))]
    found = [(kind, state, kind_of(kind).flow.state_label(state), n) for kind, state, n in rows]
    order = {kind: {s: i for i, s in enumerate(states_of(kind))} for kind in {r[0] for r in found}}
    return sorted(found, key=lambda r: (r[0], order[r[0]][r[1]]))


def _tallied(circle: Circle, filters: Filters) -> list[tuple[str, str, int]] | None:
    """(kind, state, number) from the tallies; None where only the documents themselves can tell."""
    paths = {path for path, _role in seeing.offices(circle)}
    if not paths or filters.text or filters.person or filters.whose or filters.overdue:
        return None
    unit = None
    if filters.unit:
        unit = db.session.scalar(sa.select(Unit.path).where(Unit.code == filters.unit))
        if unit is None:
            return []
        paths = {unit if unit.startswith(path) else path for path in paths if _meet(unit, path)}
    kinds = [filters.kind] if filters.kind else list(rights.VIEWERS)
    ids = [seeing.unit_id_of(path) for path in paths if path]
    areas = looking.of_documents(ids, "" in paths, kinds, filters.year, filters.slot)

    near = [
        row
        for row in seeing.near_rows(circle, filters.year, unit or "")
        if row.kind in kinds and filters.slot in ("", row.slot)
    ]
    found = seeing.seen(circle, areas, near).visible
    return [(kind, state, n) for (kind, state), n in found.items() if n]


def _meet(one: str, other: str) -> bool:
    """Is one of these paths in the other?"""
    return one.startswith(other) or other.startswith(one)


def export(circle: Circle, filters: Filters) -> Iterator[Row]:
    """Every row the screen would show, streamed."""
    query = _narrowed(_base(*_COLUMNS), circle, filters).order_by(Document.id.desc())
    for found in db.session.execute(query.execution_options(yield_per=500)):
        yield row_of(found, circle)


def row_of(found: Any, circle: Circle) -> Row:
    """A result row as plain values. What the viewer must not infer of a judgement is not there."""
    flow = kind_of(found.kind).flow
    state = judging.public_state(found, circle)
    # Nothing waits in a year that was closed.
    waits = found.turn and state == found.state and found.period_state == "open"
    turn = Relation(found.turn) if waits else None
    turn = None if turn is Relation.SYSTEM else turn
    days = _days_left(found) if turn else None
    return Row(
        id=found.id,
        public_id=found.public_id,
        number=found.print_number,
        kind=found.kind,
        kind_label=flow.title,
        title=(
            LIST_TITLES[found.kind],
            {"year": found.year, "name": found.name, "slot": slot_label(found.slot), "unit": found.unit}
            | ({"word": dko.name_of(found.rule_set)} if found.kind == "dko" else {}),
        ),
        slot=found.slot,
        year=found.year,
        subject=found.name,
        nip=found.nip,
        subject_public_id=found.subject_public_id,
        unit=found.unit,
        state=state,
        state_label=flow.state_label(state),
        turn=found.turn if turn else "",
        turn_label=label_of(turn, found.kind) if turn else "",
        action=main_label(found.kind, found.flow_version, state, turn) if turn else "",
        due_at=found.due_at if turn else None,
        days_left=days,
        tone="" if days is None else "late" if days < 0 else "soon" if days <= 3 else "",
        updated_at=found.updated_at,
        version=found.version,
        zone=found.zone,
    )


# The button that saves a form is called so on the form; a list leads to it.
OPENS = {"Simpan": N_("Isi realisasi")}
# Awaited only while a new result raises a question, or once a window is over; the usual step names the row.
RARE = ("reconfirm", "sign_superior")


@cache
def main_label(kind: str, version: int, state: str, turn: Relation) -> str:
    """What the awaited step is called for whoever's turn it is: the word on the button of a list. Empty where it is a
    choice ("Kuatkan" or "Ubah"), which nobody makes from a list."""
    moves = [move for move in at(kind_of(kind).flow, version).moves(state) if move.row.main]
    his = [move for move in moves if turn in move.row.who] or moves
    if turn in turns.KEEPERS and his is moves:
        return ""  # none of these is his: he sees to it that somebody is named
    usual = [move for move in his if move.event not in RARE] or his
    words = {OPENS.get(move.row.label, move.row.label) for move in usual}
    return words.pop() if len(words) == 1 else ""


def slot_label(slot: str) -> str:
    from kinerja.services.periods import SLOT_LABELS

    return SLOT_LABELS.get(slot, slot)


def _days_left(found: Any) -> int | None:
    if found.due_at is None:
        return None
    days_off = work_calendar(found.workweek)
    left = days_off.remaining(clock.today(found.zone), local_date(found.due_at, found.zone))
    return -1 if left == 0 and clock.now() > found.due_at else left


def people_found(circle: Circle, text: str, limit: int = PEOPLE_SHOWN) -> list[Any]:
    """People by name, NIP or unit whom one may look up: name, post and unit are no secret inside the ministry."""
    from kinerja.models import Placement, Post
    from kinerja.services.identity import valid_on

    words = text.strip().lower()
    if len(words) < 2:
        return []
    alike = finding.people_alike(words)
    query = (
        sa.select(
            Person.public_id, Person.name, Person.nip, Post.title, Placement.kind, Unit.name.label("unit")
        )
        .join(Placement, Placement.person_id == Person.id)
        .join(Post, Post.id == Placement.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(
            valid_on(Placement, clock.today()),
            Placement.id.in_(
                sa.union(
                    sa.select(Placement.id).where(Placement.person_id.in_(alike)),
                    sa.select(Placement.id)
                    .join(Post, Post.id == Placement.post_id)
                    .where(Post.unit_id.in_(finding.units_alike(words))),
                )
            ),
        )
        .order_by(Person.search_name)
        .limit(limit)
    )
    return list(db.session.execute(query))
