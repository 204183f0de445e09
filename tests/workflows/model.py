"""What the flows once more, written as plain data, are made of: rows, worlds, and how a row changes one.

A row says: from these states this event leads to that state for these people, if these conditions hold. `who` speaks
the language of the tables: "penilai" is the acting one, "evaluator" who evaluates, "calibrator" whoever is asked at
this level. Conditions are names of a world, "!" negates, "name=value" compares. `then` is what else changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

STAY = "stay"
YES_NO = (True, False)


@dataclass(frozen=True)
class Row:
    states: tuple[str, ...]
    event: str
    to: str
    who: tuple[str, ...]
    when: tuple[str, ...] = ()
    then: tuple[str, ...] = ()


def row(states: str, event: str, to: str, who: str, when: str = "", then: str = "") -> Row:
    return Row(tuple(states.split()), event, to, tuple(who.split()), tuple(when.split()), tuple(then.split()))


@dataclass(frozen=True)
class World:
    """Where a document stands, and everything around it that the tables ask about."""

    state: str
    escalated: bool = False
    marks: frozenset[str] = frozenset()
    held_from: str = ""
    around: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    kind: str
    states: tuple[str, ...]
    final: tuple[str, ...]
    rows: tuple[Row, ...]
    # What the tables ask about beside the document itself, with the values worth trying.
    around: Mapping[str, tuple[Any, ...]]
    # States in which the document is always, or never, with the superior; in others it may be either.
    always_escalated: tuple[str, ...] = ()
    never_escalated: tuple[str, ...] = ()

    @cached_property
    def by_pair(self) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = {}
        for one in self.rows:
            for state in one.states:
                found.setdefault((state, one.event), []).append(one)
        return found

    def pairs(self) -> set[tuple[str, str]]:
        return set(self.by_pair)

    @cached_property
    def _events(self) -> list[str]:
        return sorted({one.event for one in self.rows})

    @cached_property
    def _in_state(self) -> dict[str, list[str]]:
        return {state: sorted({e for s, e in self.by_pair if s == state}) for state in self.states}

    def events(self, state: str = "") -> list[str]:
        """All events, or those that have a row in this state."""
        return self._in_state[state] if state else self._events

    def rows_for(self, world: World, event: str, person: frozenset[str]) -> list[Row]:
        """The rows by which this person may send this event here: one, or none."""
        return [
            one
            for one in self.by_pair.get((world.state, event), ())
            if person & set(people(one.who, world)) and all(holds(word, world, person) for word in one.when)
        ]

    def answer(self, world: World, event: str, person: frozenset[str]) -> World | None:
        """The world after this person has sent this event, or None where the table refuses him."""
        found = self.rows_for(world, event, person)
        assert len(found) <= 1, f"{self.kind}: two rows for {event} in {world}"
        return after(found[0], world, person) if found else None

    def open(
        self, world: World, persons: list[frozenset[str]]
    ) -> Iterator[tuple[str, frozenset[str], World]]:
        for event in self.events(world.state):
            for person in persons:
                if (then := self.answer(world, event, person)) is not None:
                    yield event, person, then


def people(words: tuple[str, ...], world: World) -> Iterator[str]:
    """The relations that the words of a row mean in this world."""
    for word in words:
        if word == "penilai":
            yield "atasan_penilai" if world.escalated else "penilai"
        elif word == "approver":
            yield "subjek" if world.around["top"] else "atasan_penilai" if world.escalated else "penilai"
        elif word == "above":
            yield (
                "sekretariat_komite"
                if world.around["top"]
                else "atasan_penilai"
                if world.escalated
                else "penilai"
            )
        elif word == "head":
            yield "penilai" if world.escalated else "subjek"
        elif word == "determiner":
            by = {"top": "sekretariat_komite", "level_one": "komite_pelaksana"}
            yield by.get(world.around["decided_by"], "atasan_penilai" if world.escalated else "penilai")
        elif word == "filler":
            yield "pengelola_organisasi" if world.around["of_unit"] else "subjek"
        elif word == "reviewer":
            yield "pengelola_organisasi_atas" if world.around["above"] else "pengelola_organisasi"
        elif word == "penilai_himself":
            yield "penilai"
        elif word in ("plh_penilai", "penerima_pendelegasian"):
            if not world.escalated:
                yield word
        elif word in ("calibrator", "last_calibrator", "reporter", "decider"):
            if world.around[word]:
                yield world.around[word]
        else:
            yield word


def holds(word: str, world: World, person: frozenset[str]) -> bool:
    if word.startswith("!"):
        return not holds(word[1:], world, person)
    if word == "escalated":
        return world.escalated
    if word == "unmarked":
        return not person & world.marks
    if word == "assents":
        return bool(person & parties(world))
    if word == "last_mark":
        return parties(world) <= world.marks | person
    if "=" in word:
        name, value = word.split("=")
        return str(world.around[name]) == value
    return bool(world.around[word])


def parties(world: World) -> frozenset[str]:
    """Who must agree (3.0 no. 9): the subject and the acting penilai; at the top of the ministry the subject alone."""
    if world.around.get("top"):
        return frozenset({"subjek"})
    return frozenset({"subjek", "atasan_penilai" if world.escalated else "penilai"})


def after(one: Row, world: World, person: frozenset[str]) -> World:
    new = replace(world, state=world.state if one.to == STAY else one.to)
    for word in one.then:
        if word == "mark":
            new = replace(new, marks=new.marks | (person & parties(world)))
        elif word == "unmark":
            new = replace(new, marks=frozenset())
        elif word == "escalate":
            new = replace(new, escalated=True)
        elif word == "give_back":
            new = replace(new, escalated=False)
        elif word == "hold":
            new = replace(new, held_from=world.state)
        elif word == "resume":
            new = replace(new, state=world.held_from, held_from="")
        else:
            raise ValueError(word)
    return new
