"""The stage on which the demo story is played: acts in order of time, each sent as the person who does it.

Nothing is written here but through the services; an act that the office's own rules refuse stops the furnishing.
"""

import gc
import heapq
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import count
from typing import Any

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, memo, transaction
from kinerja.demo import people
from kinerja.models import Document, Period
from kinerja.services import calendars, identity, transitions
from kinerja.workflows.base import Incomplete

EVERYBODY = "everybody"
# After so many acts what was loaded is let go.
BATCH = 1000
PENILAI, ATASAN, ABOVE, ACTING = "penilai", "atasan", "above", "acting"
LEVELS = {PENILAI: 0, ATASAN: 1, ABOVE: 2}

Change = Mapping[str, Any] | Callable[[Document, int], Mapping[str, Any]]


class Refused(RuntimeError):
    """The story asked for something that the rules do not allow: which act, and what they said."""


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Every row lives until the end of its batch and almost none in a cycle: searching for those costs an eighth."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@cache
def _newest_query() -> Any:
    return (
        sa.select(Document.id)
        .join(Period, Period.id == Document.period_id)
        .where(
            Document.subject_id == sa.bindparam("subject"), Document.kind == sa.bindparam("kind"),
            Document.slot == sa.bindparam("slot"), Period.year == sa.bindparam("year"),
        )
        .order_by(Document.id.desc())
        .limit(1)
    )  # fmt: skip


@dataclass
class Stage:
    """Acts waiting for their moment. `play` runs them, also those that acts add on their way."""

    ids: dict[str, int] = field(default_factory=dict)
    homes: dict[str, people.Home] = field(default_factory=people.homes)
    _acts: list[tuple[datetime, int, str, Callable[[], object]]] = field(default_factory=list)
    # About whom something happens on a day: who stands above them is asked for at once.
    _about: dict[date, set[str]] = field(default_factory=dict)
    _order: Any = field(default_factory=count)
    _free: dict[int, frozenset[date]] = field(default_factory=dict)
    _known: dict[tuple[str, str, int, str], int] = field(default_factory=dict)
    # Held, so that the session need not read them again for the next act.
    _at_hand: dict[int, Document] = field(default_factory=dict)

    def meet(self) -> None:
        """Learn who is on file now; again after every import."""
        self.ids = people.ids()

    def at(self, who: str, day: date, hour: int = 9, minute: int = 0) -> datetime:
        """A moment on somebody's wall clock."""
        return datetime.combine(
            day, time(hour, minute), clock.ZONES[self.homes[who].zone if who in self.homes else "WIB"]
        )

    def workday(self, who: str, day: date) -> date:
        """That day, or the next one on which this person's office works."""
        while day.weekday() >= self.homes[who].workweek or day in self._holidays(day.year):
            day += timedelta(days=1)
        return day

    def _holidays(self, year: int) -> frozenset[date]:
        if year not in self._free:
            self._free[year] = frozenset(row.day for row in calendars.holidays_of(year))
        return self._free[year]

    def add(self, moment: datetime, what: str, act: Callable[[], object], about: str = "") -> None:
        """Let something happen at a moment, about a person; acts of one moment happen in the order they were added."""
        if about:
            self._about.setdefault(moment.date(), set()).add(about)
        heapq.heappush(self._acts, (moment, next(self._order), what, act))

    def play(self, on_acts: Callable[[int], None]) -> int:
        """Run everything in order of time, in one transaction; how many acts there were. `on_acts` hears of each."""
        done = 0
        with transaction(), _nothing_collected():
            while self._acts:
                moment, _number, what, act = heapq.heappop(self._acts)
                with clock.frozen(moment):
                    self._ask_for_superiors(moment.date())
                    self._run(moment, what, act)
                done += 1
                on_acts(1)
                if done % BATCH == 0:
                    db.session.flush()
                    db.session.expunge_all()
                    memo().clear()
                    self._at_hand.clear()
        return done

    def _ask_for_superiors(self, day: date) -> None:
        """One statement for everybody of the day, where each act would ask for its own."""
        if names := self._about.pop(day, None):
            wanted = self.ids if EVERYBODY in names else names & self.ids.keys()
            identity.chains(sorted(self.ids[name] for name in wanted), day)

    @staticmethod
    def _run(moment: datetime, what: str, act: Callable[[], object]) -> None:
        try:
            act()
        except Incomplete as error:
            raise Refused(f"{moment:%Y-%m-%d %H:%M} {what}: {error}") from error
        except Exception as error:
            reasons = getattr(error, "reasons", None) or getattr(error, "problems", "")
            said = "; ".join(r.message % r.params for r in reasons)
            raise Refused(f"{moment:%Y-%m-%d %H:%M} {what}: {type(error).__name__} {error} {said}") from error

    def document(self, subject: str, kind: str, year: int, slot: str = "Y") -> Document:
        """The newest document of a kind, year and slot about a person. Raises LookupError."""
        key = (subject, kind, year, slot)
        if key not in self._known:
            found = db.session.scalar(
                _newest_query(), {"subject": self.ids[subject], "kind": kind, "slot": slot, "year": year}
            )
            if found is None:
                raise LookupError(f"{subject} has no {kind} {slot} {year}")
            self._known[key] = found
        document = db.session.get_one(Document, self._known[key])
        self._at_hand[self._known[key]] = document
        return document

    def forget(self, subject: str) -> None:
        """Look his documents up again: a newer one of the same kind and slot is about to come."""
        self._known = {key: found for key, found in self._known.items() if key[0] != subject}

    def actor(self, document: Document, who: str) -> int:
        """The person id of a name, or of the one who is penilai, atasan or acting penilai at this moment."""
        if who != ACTING and who not in LEVELS:
            return self.ids[who]
        chain = identity.superiors(document.subject_id, clock.today(document.unit.zone))
        return chain[LEVELS.get(who, document.acting_level)].person_id

    def send(
        self,
        document: Document,
        event: str,
        who: str | None,
        *,
        change: Change | None = None,
        note: str = "",
        signed: bool = False,
    ) -> None:
        """Send one event as somebody, or as the system (None), with what the page would have sent along."""
        person = None if who is None else self.actor(document, who)
        given = change(document, person or 0) if callable(change) else change
        transitions.send(
            document.public_id,
            event,
            person,
            version=None if person is None else document.version,
            change=given,
            note=note,
            signed=signed,
        )

    def plan(
        self,
        moment: datetime,
        subject: str,
        kind: str,
        year: int,
        event: str,
        who: str | None,
        *,
        slot: str = "Y",
        **more: Any,
    ) -> None:
        """Plan one event of a document that will be there by then."""

        def act() -> None:
            self.send(self.document(subject, kind, year, slot), event, who, **more)

        self.add(moment, f"{subject} {kind} {slot} {year} {event} by {who}", act, about=subject)
