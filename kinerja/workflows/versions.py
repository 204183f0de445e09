"""When the table of a kind changes, running documents stay on the one they began with until somebody moves them.

A changed table is a new class with the next `version`, whose `earlier` is the class as it was; the old class stays in
the code as long as documents follow it. States that are gone or renamed say in `became` where their documents go.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kinerja.workflows.base import DocumentFlow, Move
from kinerja.workflows.faults import Fault

Flow = type[DocumentFlow]


class NoSuchTable(LookupError):
    """A document follows a version of its table that this kinerja does not have."""


def at(flow: Flow, version: int) -> Flow:
    """The table of this kind in a version. Raises NoSuchTable."""
    for table in flow.tables():
        if table.version == version:
            return table
    raise NoSuchTable(f"{flow.kind}: version {version} of its table is not part of this release")


def destination(flow: Flow, version: int, state: str) -> str:
    """Where a document that follows an older version arrives in the newest table: mostly the state of the same name.

    Raises NoSuchTable for a version that is not known.
    """
    at(flow, version)
    for table in reversed(flow.tables()):
        if table.version > version:
            state = table.became.get(state, state)
    return state


def known_states(flow: Flow) -> list[str]:
    """Every state a document of this kind may be in, those that only older tables have last."""
    return list(dict.fromkeys(state for table in flow.tables() for state in table.state_ids()))


def ended(flow: Flow) -> list[str]:
    """The states that are an end in every table which has them: what came there is not moved any more."""
    return [
        state
        for state in known_states(flow)
        if all(bool(table.states_map[state].final) for table in flow.tables() if state in table.states_map)
    ]


@dataclass(frozen=True)
class Difference:
    """What a move changes for one state: where its documents arrive, and the events that go, come or change there."""

    source: str
    target: str
    gone: tuple[str, ...]
    new: tuple[str, ...]
    changed: tuple[str, ...]


def difference(flow: Flow, version: int, state: str) -> Difference:
    """The steps of a state in an older table held beside those where its documents arrive; labels, as people say."""
    before, after = at(flow, version), flow
    target = destination(flow, version, state)
    old, new = _steps(before, state), _steps(after, target)
    return Difference(
        state,
        target,
        tuple(before.event_label(event) for event in old if event not in new),
        tuple(after.event_label(event) for event in new if event not in old),
        tuple(after.event_label(event) for event in new if event in old and new[event] != old[event]),
    )


def _steps(flow: Flow, state: str) -> dict[str, Any]:
    """Event -> what its rows say. Guards are compared by name: two classes may share them or write them anew."""
    found: dict[str, list[Any]] = {}
    for move in flow.moves(state):
        found.setdefault(move.event, []).append(_said(move))
    return found


def _said(move: Move) -> tuple[Any, ...]:
    row = move.row
    names = tuple(getattr(one, "__name__", repr(one)) for one in (*row.when, *row.needs))
    more = (row.label, row.who, row.asks, row.due, row.main, row.effects, row.acting)
    return (move.target, move.internal, names, *more)


def unsound(flow: Flow) -> Iterator[Fault]:
    """What is wrong with the order of the tables of a kind: numbers, and states whose documents would be lost."""
    for newer, older in zip(flow.tables(), flow.tables()[1:], strict=False):
        where = f"version {newer.version} after {older.version}"
        if newer.version <= older.version:
            yield Fault(flow.kind, where, "is not a later number", "count on")
        states = set(newer.state_ids())
        for state in older.state_ids():
            if newer.became.get(state, state) not in states:
                yield Fault(flow.kind, where, f"documents in {state} would go nowhere", "say it in `became`")
