"""A ministry of any size with a year of documents, for measuring and for trying out; never beside real people.

People come through the import. Each story is told once per kind of person, through the one door that pages use;
everybody else gets the same rows, cast for him and inserted in bulk, in chains that verify.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, gather_statistics, transaction
from kinerja.models import AuditRow, Document, Period, Person, Unit
from kinerja.rules.registry import DEFAULT_CODE
from kinerja.rules.words import N_
from kinerja.services import audit, calendars, importing, periods, tallies
from kinerja.services.errors import BadInput
from kinerja.services.simulating import playing, stories, texts, units
from kinerja.services.simulating.casting import Cast
from kinerja.services.simulating.figures import Figure, Gallery
from kinerja.services.simulating.moulds import Mould, Uncastable, mould_of
from kinerja.services.simulating.people import make_people
from kinerja.services.simulating.stories import Story
from kinerja.services.simulating.writing import Numbers, write
from kinerja.workflows.base import Unmet

__all__ = ["LEAST", "Simulated", "simulate"]

LEAST = 20
CHUNK = 100
ACTION = "simulate"
# Acts of one day do not all fall on the same second: a minute apart, for two hours at most.
MINUTES = 120

Progress = Callable[[str, int, int | None], None]


@dataclass
class Simulated:
    """What came of it; `rows` counts what was inserted in bulk, `played` the people whose year was told act by act,
    `units` the UPK whose year was."""

    people: int
    seed: int
    year: int
    documents: int = 0
    played: int = 0
    cast: int = 0
    rows: int = 0
    without: int = 0
    units: int = 0
    states: dict[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def simulate(
    people: int, seed: int = 1, progress: Progress | None = None, *, told: Sequence[str] | None = None
) -> Simulated:
    """Fill an empty database, or finish one that this very call began. Raises BadInput for any other.

    `told` names the stories that are told; all of them unless somebody is in a hurry.
    """
    tell = progress or _silent
    if people < LEAST:
        raise BadInput([Unmet("sim", N_("Sedikitnya %(n)s orang."), {"n": LEAST}, "people")])
    year = clock.today().year
    _refuse_others(people, seed, year)
    with clock.frozen(datetime.combine(date(year, 1, 2), time(1), clock.ZONES["WIB"])):
        _furnish(people, seed, year, tell)
    period = periods.period_of(year)
    assert period is not None
    found = Simulated(people, seed, year)
    simulation = _Simulation(period, found, tell)
    simulation.run(stories.chosen(told))
    found.units = units.tell(simulation.period(), simulation.until, tell)
    gather_statistics()
    tell("menghitung unit", tallies.rebuild(), None)
    rows = db.session.execute(
        sa.select(Document.kind, Document.state, sa.func.count()).group_by(Document.kind, Document.state)
    ).all()
    found.states = {f"{row[0]}.{row[1]}": row[2] for row in sorted(rows, key=lambda row: (row[0], row[1]))}
    found.documents = sum(found.states.values())
    return found


def _silent(stage: str, done: int, total: int | None) -> None:
    pass


def _mark(people: int, seed: int, year: int) -> str:
    return audit.canonical({"orang": people, "benih": seed, "tahun": year})


def _refuse_others(people: int, seed: int, year: int) -> None:
    """Only an empty database, or one whose every person came from the same simulation."""
    begun = db.session.scalar(sa.select(AuditRow.payload).where(AuditRow.action == ACTION))
    there = db.session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0
    if begun is None:
        if there or db.session.scalar(sa.select(Unit.id).limit(1)) is not None:
            text = N_("Basis data ini berisi %(n)s orang yang bukan hasil simulasi. Pakai basis data kosong.")
            raise BadInput([Unmet("sim", text, {"n": there})])
        return
    if begun != _mark(people, seed, year) or there not in (0, people):
        text = N_("Basis data ini sudah berisi simulasi lain. Pakai basis data kosong.")
        raise BadInput([Unmet("sim", text)])


def _furnish(people: int, seed: int, year: int, tell: Progress) -> None:
    """Mark the database, import the people, load the holidays and open the year; what is there is left alone."""
    if db.session.scalar(sa.select(AuditRow.id).where(AuditRow.action == ACTION)) is None:
        with transaction():
            payload = {"orang": people, "benih": seed, "tahun": year}
            audit.record(ACTION, actor_id=None, payload=payload)
    if db.session.scalar(sa.select(Person.id).limit(1)) is None:
        units, staff = ("".join(stream).encode() for stream in make_people(people, seed))
        result = importing.run_import(units, staff, progress=tell)
        if not result.ok:
            raise BadInput([Unmet("sim", problem.reason) for problem in result.problems[:5]])
    calendars.load_holidays(set(calendars.years()) & {year, year + 1})
    if periods.period_of(year) is None:
        windows = periods.default_windows(DEFAULT_CODE, year)
        periods.open_period(None, year=year, rule_set=DEFAULT_CODE, windows=windows)


class _Simulation:
    """One run: deals stories, plays the first of each kind, casts the others."""

    def __init__(self, period: Period, found: Simulated, tell: Progress) -> None:
        self.found, self.tell = found, tell
        self.year, self.period_id = period.year, period.id
        self.until = datetime.combine(clock.today(), time(0), clock.ZONES["WIT"])
        self.gallery = Gallery((date(period.year, 1, 5), clock.today()))
        self.moulds: dict[tuple[Any, ...], Mould | None] = {}
        self.slots = {w.slot: w.ends for w in period.windows if w.slot != stories.YEAR_SLOT}
        self.organised: set[tuple[int, str]] = set()

    def run(self, told: Sequence[Story]) -> None:
        people = list(db.session.scalars(sa.select(Person.id).order_by(Person.id)))
        dealt = dict(zip(people, stories.deal(len(people), told), strict=True))
        known = set(db.session.scalars(sa.select(Document.subject_id).where(Document.kind == stories.SKP)))
        waiting = [person for person in people if person not in known]
        done = counted = len(people) - len(waiting)
        for chunk in _chunks(waiting, CHUNK):
            self._chunk(chunk, dealt)
            done += len(chunk)
            if done >= counted * 2:
                gather_statistics()
                counted = done
            self.tell("menyusun tahun", done, len(people))

    def _chunk(self, people: Sequence[int], dealt: dict[int, Story]) -> None:
        """One transaction for everybody who is cast; whoever is played has his own before it."""
        figures = self.gallery.of(people)
        to_cast: list[tuple[Mould, Figure]] = []
        for person in people:
            figure = figures[person]
            if figure is None:
                self.found.without += 1
                continue
            story = self._story(dealt[person], figure)
            self._organise(story, figure)
            key = (story.name, *figure.kind(evaluated=bool(story.reviews)))
            mould = self.moulds.get(key) if figure.castable else None
            if mould is not None:
                to_cast.append((mould, figure))
                continue
            self._play(story, figure)
            if figure.castable and key not in self.moulds:
                self.moulds[key] = self._mould(figure)
        self._cast(to_cast)
        db.session.expunge_all()

    def _story(self, dealt: Story, figure: Figure) -> Story:
        """Leaders, and people whose organisation has nobody above it, have the plain year."""
        fits = figure.may_be_evaluated if dealt.reviews else figure.is_ordinary
        return dealt if fits else stories.PLAIN

    def _organise(self, story: Story, figure: Figure) -> None:
        """The result of the organisation for each evaluated quarter, some days before anybody is evaluated on it."""
        unit = figure.org_unit
        if unit is None or figure.org_leader is None:
            return
        for slot in story.reviews:
            moment = datetime.combine(self.slots[slot] + timedelta(days=18), time(3), clock.ZONES["WIB"])
            if (unit.id, slot) in self.organised or moment >= self.until:
                continue
            with clock.frozen(moment):
                playing.set_organisation(unit.id, self.period(), slot, figure.org_leader)
            self.organised.add((unit.id, slot))

    def period(self) -> Period:
        return db.session.get_one(Period, self.period_id)

    def _play(self, story: Story, figure: Figure) -> None:
        unit = db.session.get_one(Unit, figure.unit_id)
        plan = stories.STORIES.index(story) % texts.PLANS
        role = playing.Role(
            figure.people[0], figure.people[1:], unit, figure.leads or figure.unit.owns_map, plan
        )
        playing.play(story, role, self.period(), self.until)
        self.found.played += 1

    def _mould(self, figure: Figure) -> Mould | None:
        try:
            return mould_of(figure, self.period_id)
        except Uncastable:
            return None

    def _cast(self, waiting: Sequence[tuple[Mould, Figure]]) -> None:
        if not waiting:
            return
        with transaction():
            numbers = Numbers(self.year)
            cast = Cast(numbers.first_id, numbers.first_number)
            for mould, figure in waiting:
                cast.add(mould, figure, self.year, timedelta(minutes=figure.people[0] % MINUTES))
            self.found.rows += write(cast, numbers)
        self.found.cast += len(waiting)


def _chunks(items: Sequence[int], size: int) -> Iterator[list[int]]:
    stream = iter(items)
    while chunk := list(islice(stream, size)):
        yield chunk
