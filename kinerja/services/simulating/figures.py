"""Who is who in a simulated year: a person, the people above him, and what forms say of them, for many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Person, Placement, Post, Unit
from kinerja.services import org_results
from kinerja.services.chains import chains, trace_of
from kinerja.services.identity import valid_on
from kinerja.services.people import header_block
from kinerja.services.roster import Superior

MOST = 4


@dataclass(frozen=True)
class UnitFacts:
    """What is asked of a unit again and again."""

    id: int
    name: str
    path: str
    zone: str
    workweek: int
    kind: str
    owns_map: bool


@dataclass(frozen=True)
class Figure:
    """One person with everybody a document of his names: himself first, then the chain above him."""

    people: tuple[int, ...]
    names: tuple[str, ...]
    blocks: tuple[Mapping[str, str], ...]
    links: list[dict[str, Any]]
    post_id: int
    unit: UnitFacts
    leads: bool
    castable: bool
    org_unit: UnitFacts | None = None
    org_leader: int | None = None

    @property
    def unit_id(self) -> int:
        return self.unit.id

    @property
    def org_unit_id(self) -> int | None:
        return self.org_unit.id if self.org_unit else None

    @property
    def may_be_evaluated(self) -> bool:
        """Whether a story with evaluations can be told of him: somebody above sets the result he is judged by."""
        return self.is_ordinary and self.org_leader in self.people[1:]

    @property
    def is_ordinary(self) -> bool:
        """Neither a leader nor one near the top: the many."""
        return not self.leads and not self.unit.owns_map and len(self.people) > MOST

    def kind(self, *, evaluated: bool) -> tuple[Any, ...]:
        """Two people of one kind leave the same rows behind."""
        leader = self.people.index(self.org_leader) if evaluated and self.org_leader in self.people else None
        return (self.leads, self.unit.owns_map, self.unit.workweek, len(self.people), leader)


class Gallery:
    """Makes figures, a chunk of people at a time; keeps the units and who leads their organisations."""

    def __init__(self, days: Sequence[date]) -> None:
        self.days = days
        columns = (Unit.id, Unit.name, Unit.path, Unit.zone, Unit.workweek, Unit.kind, Unit.owns_strategy_map)
        self.units = {row.id: UnitFacts(*row) for row in db.session.execute(sa.select(*columns))}
        self.leaders: dict[int, int | None] = {}

    def of(self, people: Sequence[int]) -> dict[int, Figure | None]:
        """A figure per person; None for one without a superior or a post."""
        day = self.days[-1]
        posts = self._posts(people, day)
        above = chains(people, day)
        before = [chains(people, earlier) for earlier in self.days[:-1]]
        bosses = {links[0].person_id for links in above.values() if links}
        led = self._posts(list(bosses), day)
        found: dict[int, Figure | None] = {}
        for person in people:
            links = above[person][:MOST]
            if not links or person not in posts:
                found[person] = None
                continue
            steady = all(_same(links, earlier[person][:MOST]) for earlier in before)
            found[person] = self._figure(
                person, links, posts[person], led.get(links[0].person_id), day, steady
            )
        return found

    def _posts(self, people: Sequence[int], day: date) -> dict[int, Any]:
        """The definitive post of each."""
        rows = db.session.execute(
            sa.select(Placement.person_id, Post.id, Post.unit_id, Post.post_group, Post.rank, Person.name)
            .join(Post, Post.id == Placement.post_id)
            .join(Person, Person.id == Placement.person_id)
            .where(Placement.person_id.in_(people), Placement.kind == "definitif", valid_on(Placement, day))
        )
        return {row.person_id: row for row in rows}

    def _figure(
        self, person: int, links: Sequence[Superior], post: Any, boss_post: Any, day: date, steady: bool
    ) -> Figure:
        unit = self.units[post.unit_id]
        # The organisation of a person is that of the unit his penilai leads, or the nearest above it with a map.
        org_unit = self._owner(self.units[boss_post.unit_id] if boss_post else unit)
        everyone = (person, *(link.person_id for link in links))
        blocks = tuple(header_block(one, day).as_json() for one in everyone)
        plain = all(not link.on_behalf and not link.stand_ins for link in links) and boss_post is not None
        return Figure(
            people=everyone,
            names=(post.name, *(link.name for link in links)),
            blocks=blocks,
            links=list(trace_of(links, day)["rantai"]),
            post_id=post.id,
            unit=unit,
            leads=post.post_group == "JPT" or unit.kind == "unit_kerja_mandiri",
            castable=plain and steady,
            org_unit=org_unit,
            org_leader=self._leader(org_unit.id, day) if org_unit else None,
        )

    def _owner(self, unit: UnitFacts) -> UnitFacts | None:
        above = [self.units[int(part)] for part in reversed(unit.path.split("/")) if part]
        return next((one for one in above if one.owns_map), None)

    def _leader(self, unit_id: int, day: date) -> int | None:
        if unit_id not in self.leaders:
            self.leaders[unit_id] = org_results.leader_above(unit_id, day)
        return self.leaders[unit_id]


def _same(now: Sequence[Superior], then: Sequence[Superior]) -> bool:
    return [(s.person_id, s.post_title) for s in now] == [(s.person_id, s.post_title) for s in then]
