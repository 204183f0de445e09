"""The stepper of a document: where it has been, where it is, and the stops that follow by the table of its flow.

What has been is read from the history, what follows from the rows of the table in this very situation; nothing is
drawn that neither of the two says.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kinerja.models import Document
from kinerja.rules.words import N_
from kinerja.workflows.base import DocumentFlow, Facts, Move
from kinerja.workflows.roles import LABELS, Actor, Relation


@dataclass(frozen=True)
class PathStep:
    """One stop: `done`, `now` or `next`; who brought it there and when, or who will and until when.

    `states` are the states of the stop, `labels` their names: several where a decision is still open that leads the
    same way on.
    """

    status: str
    labels: tuple[str, ...]
    who: tuple[str, ...]
    when: datetime | None
    due: datetime | None = None
    states: tuple[str, ...] = ()
    event: str = ""
    sequence: int = 0


def path_of(
    document: Document,
    flow: type[DocumentFlow],
    facts: Facts,
    steps: Sequence[Any],
    name_of: Callable[[Relation], str] = LABELS.__getitem__,
) -> list[PathStep]:
    """All stops of a document. `steps` is its history, `name_of` says who is what to it."""
    gone, here = way_walked(steps, document.state)
    found = [_been(flow, step, "done") for step in gone]
    if here is not None:
        found.append(_been(flow, here, "now"))
    else:
        label = flow.state_label(document.state)
        found.append(PathStep("now", (label,), (), document.state_since, states=(document.state,)))
    _relation, awaited = flow.turn(facts)
    for number, moves in enumerate(way_on(flow, facts)):
        first = moves[0]
        due = document.due_at if number == 0 and awaited and awaited.event == first.event else None
        labels = tuple(dict.fromkeys(flow.state_label(move.target) for move in moves))
        found.append(
            PathStep(
                "next", labels, tuple(name_of(r) for r in senders(first, facts)), None, due,
                tuple(move.target for move in moves), first.event,
            )
        )  # fmt: skip
    return found


def _been(flow: type[DocumentFlow], step: Any, status: str) -> PathStep:
    who = (step.who or N_("Sistem"),)
    return PathStep(
        status,
        (flow.state_label(step.target),),
        who,
        step.at,
        None,
        (step.target,),
        step.event,
        step.sequence,
    )


def untold(flow: type[DocumentFlow], steps: Sequence[Any]) -> list[PathStep]:
    """The stepper for who may not know how far it is: the arrivals he may read of, then the usual way of all such."""
    arrivals = [step for step in steps if step.source != step.target]
    if not arrivals:
        return []
    gone, here = way_walked(arrivals, arrivals[-1].target)
    later = []
    for state in flow.path[1:]:
        rows = [m.row for m in flow.moves() if m.target == state and m.source != state and m.row.main]
        who = (LABELS[rows[0].who[0]],) if rows else ()
        later.append(PathStep("next", (flow.state_label(state),), who, None, states=(state,)))
    return [*(_been(flow, step, "done") for step in gone), _been(flow, here, "now"), *later]


def way_walked(steps: Sequence[Any], state: str) -> tuple[list[Any], Any]:
    """The arrivals that led to the present state, without rounds walked earlier; and the last one of all.

    A document that came back shows what it came back from; once it is on its way again that round is the history's.
    """
    arrivals = [step for step in steps if step.source != step.target]
    if not arrivals or arrivals[-1].target != state:
        return arrivals, None
    walked: list[Any] = []
    for step in arrivals[:-1]:
        known = next((n for n, earlier in enumerate(walked) if earlier.target == step.target), None)
        if known is None:
            walked.append(step)
        else:
            del walked[known + 1 :]
    return walked, arrivals[-1]


def way_on(flow: type[DocumentFlow], facts: Facts) -> list[tuple[Move, ...]]:
    """The rows of the table that lead on from here, one stop after the other, until an end or a known place.

    Several rows make one stop where a decision is open and both outcomes lead on alike.
    """
    found: list[tuple[Move, ...]] = []
    seen, here = {facts.state}, facts.state
    while moves := _onward(flow, replace(facts, state=here)):
        here = moves[0].target
        if here in seen:
            break
        seen |= {move.target for move in moves}
        found.append(moves)
    return found


def _onward(flow: type[DocumentFlow], facts: Facts) -> tuple[Move, ...]:
    """The awaited row out of a state: what the system does at once, else what somebody may send, else the first."""
    leaving = [move for move in flow.moves(facts.state) if not move.internal]
    by_itself = [
        m for m in leaving if m.row.who == (Relation.SYSTEM,) and m.row.due == "at_once" and _open(m, facts)
    ]
    awaited = [move for move in leaving if move.row.main]
    ready = by_itself or [move for move in awaited if _open(move, facts)] or awaited
    if not ready:
        return ()
    first, *others = ready
    ways = {move.target: _targets(flow, facts, move.target) for move in ready}
    alike = [m for m in others if m.target != first.target and ways[m.target] == ways[first.target] != ()]
    return (first, *alike)


def _targets(flow: type[DocumentFlow], facts: Facts, state: str) -> tuple[str, ...]:
    leaving = [m for m in flow.moves(state) if not m.internal and m.row.main]
    return tuple(dict.fromkeys(move.target for move in leaving))


def _open(move: Move, facts: Facts) -> bool:
    """May anybody send it in this situation, once everybody else has set his mark?"""
    return any(
        move.row.permits(replace(facts, marks=facts.required_marks - {relation}), _anybody(relation))
        for relation in move.row.actors(facts)
    )


def _anybody(relation: Relation) -> Actor:
    return Actor(None, "", frozenset({relation}))


def senders(move: Move, facts: Facts) -> tuple[Relation, ...]:
    """Who takes this step: all who must agree where it needs several marks, else the first it is for."""
    actors = move.row.actors(facts)
    return actors if "mark" in move.row.effects.split() else actors[:1]
