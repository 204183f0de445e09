"""The flow engine: every document kind is a table of steps; guards, needs, deadlines and labels stand in the row.

A row says who may send an event (`who`, a guard over relations), what must be true first (`needs`, which also
feed the completeness list and "Mengapa belum bisa?"), what the sender is asked for (`asks`), until when it is
due, and which source it has. python-statemachine runs the very same rows: `who` and `when` are its conditions,
`needs` its validators.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from threading import local
from types import MappingProxyType, SimpleNamespace
from typing import Any

from statemachine import State, StateMachine
from statemachine.transition import Transition
from statemachine.transition_list import TransitionList

from kinerja.rules.words import N_
from kinerja.workflows.roles import STAND_INS, Actor, Relation

# What a condition rests on that no regulation gives: how kinerja itself works, written down in docs/keputusan.
OWN_RULE = N_("aturan aplikasi")
# What happens to a document by no row of its table.
ENGINE_EVENTS = {"follow_newest": N_("Pindah ke alur baru")}


@dataclass(frozen=True)
class Unmet:
    """One condition that does not hold: which rule, in words, at which field, and until when it may be met."""

    rule: str
    message: str
    params: dict[str, Any] = field(default_factory=dict)
    field_name: str = ""
    source: str = ""


class Incomplete(Exception):
    """The event is allowed to this person, but something is missing: `unmet` says what."""

    def __init__(self, unmet: Sequence[Unmet]):
        super().__init__("; ".join(u.message % u.params if u.params else u.message for u in unmet))
        self.unmet = tuple(unmet)


@dataclass
class Facts:
    """What guards and needs may look at. Each flow adds its own fields; the machine writes `state`."""

    state: str
    marks: frozenset[Relation] = frozenset()
    required_marks: frozenset[Relation] = frozenset()
    opened_by_receiver: bool = False
    acting_level: int = 0
    held_from: str = ""
    period_open: bool = True
    last_event_by: dict[str, int | None] = field(default_factory=dict)
    # Dates of this document from which deadlines run, beside the windows of its slot: receipt, an arrived result.
    anchors: dict[str, date] = field(default_factory=dict)

    @property
    def judge(self) -> Relation:
        """The relation in whose place somebody else may come to act where a row says `acting`."""
        return Relation.PENILAI

    @property
    def acting(self) -> Relation:
        """The relation that acts as penilai: the penilai, or after escalation his superior."""
        return Relation.PENILAI if self.acting_level == 0 else Relation.ATASAN


Need = Callable[[Any], list[Unmet]]
Condition = Callable[[Any, Actor], bool]


def because(text: str) -> Callable[[Condition], Condition]:
    """What a condition tells whom it keeps away; one that says nothing is a situation, not a hindrance."""

    def told(condition: Condition) -> Condition:
        condition.__dict__["why"] = text
        return condition

    return told


@dataclass(frozen=True)
class Row:
    """What a row of the table of 3.x says beside from, event and to."""

    label: str
    who: tuple[Relation, ...]
    when: tuple[Condition, ...] = ()
    needs: tuple[Need, ...] = ()
    asks: tuple[str, ...] = ()
    due: str = ""
    main: bool = False
    exit: str = ""
    source: str = ""
    status: str = "desain"
    # Words of the engine, `sign:<block>`, and `do:<function>`: what services.effects has registered for the event.
    effects: str = ""
    acting: bool = False
    decides: str = ""
    tone: str = "secondary"
    # The awaited events, parted by spaces, for which somebody else takes over by this row.
    relieves: str = ""

    def permits(self, facts: Facts, actor: Actor) -> bool:
        """May this actor send it in this situation? Who and when; not what is missing."""
        return self.is_for(facts, actor) and all(condition(facts, actor) for condition in self.when)

    def is_for(self, facts: Facts, actor: Actor) -> bool:
        return actor.has(*self.actors(facts))

    def actors(self, facts: Facts) -> tuple[Relation, ...]:
        """The relations that may act now; "penilai" means the acting one where the row says so.

        Who stands in for the penilai for some days loses the right together with him.
        """
        if not self.acting:
            return self.who
        return tuple(
            facts.acting if relation is facts.judge else relation
            for relation in self.who
            if relation not in STAND_INS or facts.acting is facts.judge
        )

    def hindrances(self, facts: Facts, actor: Actor) -> list[str] | None:
        """What keeps this actor from it now, in words; None where the situation of this row does not exist."""
        failing = [condition for condition in self.when if not condition(facts, actor)]
        told = [getattr(condition, "why", "") for condition in failing]
        return told if all(told) else None

    def unmet(self, facts: Facts) -> list[Unmet]:
        return [missing for need in self.needs for missing in need(facts)]


def step(
    moves: TransitionList,
    label: str,
    *,
    who: Relation | tuple[Relation, ...],
    when: Condition | tuple[Condition, ...] = (),
    needs: Need | tuple[Need, ...] = (),
    asks: str | tuple[str, ...] = (),
    **more: Any,
) -> TransitionList:
    """Turn plain transitions into rows of the table: guard, validators and description in one place.

    `asks` names what the sender gives: "note" (mandatory, at least 10 characters), "reason" (the same, called
    alasan), "signature" (password again on the signing page), "form" (the kind's own form for this event), "confirm"
    (a yes on a page that shows what is lost).
    """
    row = Row(
        label,
        who if isinstance(who, tuple) else (who,),
        when if isinstance(when, tuple) else (when,),
        needs if isinstance(needs, tuple) else (needs,),
        asks if isinstance(asks, tuple) else (asks,),
        **more,
    )

    def guard(model: Facts, actor: Actor, facts: Facts | None = None) -> bool:
        return row.permits(facts or model, actor)

    guard.__name__ = "by_" + "_or_".join(row.who)

    def complete(model: Facts, actor: Actor, facts: Facts | None = None) -> None:
        # The machine asks this before the guard: a row that is not for this person has nothing to tell him.
        if row.permits(facts or model, actor) and (unmet := row.unmet(facts or model)):
            raise Incomplete(unmet)

    for transition in moves.transitions:
        transition.row = row  # type: ignore[attr-defined]
        transition.cond.add(guard)
        transition.validators.add(complete)
    return moves


def stay(*states: State) -> TransitionList:
    """Internal transitions: the event is recorded, the state stays."""
    moves = TransitionList()
    for state in states:
        moves |= state.to.itself(internal=True)  # type: ignore[no-untyped-call]
    return moves


def each(states: Iterable[State], target: State) -> TransitionList:
    """The same move from several states."""
    moves = TransitionList()
    for state in states:
        moves |= state.to(target)
    return moves


@dataclass(frozen=True)
class Entry:
    """How a document of a kind comes into being: the rows "-" of the tables."""

    event: str
    label: str
    target: str
    who: tuple[Relation, ...]
    source: str = ""
    status: str = "desain"
    due: str = ""
    effects: str = ""


@dataclass(frozen=True)
class Move:
    """One row as others see it: from, event, to and what stands in the row."""

    source: str
    event: str
    target: str
    internal: bool
    row: Row


_threads = local()


def _kept() -> dict[Any, Any]:
    """Flow -> its idle machine and the seat on which the state lies, in this thread."""
    if not hasattr(_threads, "machines"):
        _threads.machines = {}
    machines: dict[Any, Any] = _threads.machines
    return machines


class DocumentFlow(StateMachine):
    """The strict base of all flows: refused events raise, exceptions of guards and effects are never swallowed."""

    allow_event_without_transition = False
    catch_errors_as_events = False

    kind: str = ""
    title: str = ""
    # Which table of this kind it is, the one before it, and where the documents of states it no longer has go.
    version: int = 1
    earlier: "type[DocumentFlow] | None" = None
    became: Mapping[str, str] = MappingProxyType({})
    # What a row rests on that no law gives: the decision in which it was written down.
    design: str = ""
    path: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    # What the guards of this flow look at; the checker makes such facts to try them.
    facts_type: type[Facts] = Facts
    # States that are not final and yet wait for nobody: nothing is owed there, though an event may still come.
    resting: tuple[str, ...] = ()
    # (state, event) that waits for one superior whom nobody relieves: each stands in the decision of this flow.
    unrelieved: tuple[tuple[str, str], ...] = ()

    @classmethod
    def tables(cls) -> "tuple[type[DocumentFlow], ...]":
        """This table and those before it, the newest first."""
        return (cls, *(cls.earlier.tables() if cls.earlier is not None else ()))

    @classmethod
    def knowing(cls, state: str) -> "type[DocumentFlow]":
        """The newest table that has this state: documents of an older one may still be in it."""
        return next((table for table in cls.tables() if state in table.states_map), cls)

    @classmethod
    def source_of(cls, row: "Row | Entry") -> str:
        """Where a row comes from: the article it names, or the design of this flow."""
        return row.source or cls.design

    @classmethod
    def run(cls, facts: Facts, event: str, actor: Actor) -> None:
        """Send one event on these facts, whose state it moves. Raises what guard and needs raise.

        The machine of a flow is kept for the next event of this thread: making one costs more than sending. One
        that refused, or came to its end, is not used again.
        """
        seat, machine = _kept().pop(cls, None) or (None, None)
        if seat is None or machine is None:
            seat = SimpleNamespace(state=facts.state)
            machine = cls(seat)
        seat.state = facts.state
        machine.send(event, actor=actor, facts=facts)
        facts.state = str(seat.state)
        if not cls.is_final(facts.state):
            _kept()[cls] = (seat, machine)

    @classmethod
    def moves(cls, state: str | None = None) -> tuple[Move, ...]:
        """The rows of one state, or the whole table, in the order in which they are declared; read once."""
        return _moves(cls, state)

    @classmethod
    def declared(cls, state: str | None = None) -> tuple[Move, ...]:
        """The same, read now: what the checker looks at."""
        chosen = cls.states if state is None else [cls.knowing(state).states_map[state]]
        return tuple(
            Move(str(t.source.value), event.id, str(t.target.value), bool(t.internal), row_of(t))
            for s in chosen
            for t in s.transitions
            for event in t.events
        )

    @classmethod
    def state_ids(cls) -> list[str]:
        return [str(state.value) for state in cls.states]

    @classmethod
    def state_label(cls, state: str) -> str:
        return str(cls.knowing(state).states_map[state].name)

    @classmethod
    def event_label(cls, event: str) -> str:
        """What an event is called to people; an unknown one keeps its id."""
        for table in cls.tables():
            rows: list[Row | Entry] = [move.row for move in table.moves() if move.event == event]
            rows += [entry for entry in table.entries if entry.event == event]
            if rows:
                return rows[0].label
        return ENGINE_EVENTS.get(event, event)

    @classmethod
    def is_final(cls, state: str) -> bool:
        return bool(cls.knowing(state).states_map[state].final)

    @classmethod
    def allowed(cls, facts: Facts, actor: Actor) -> list[Move]:
        """The rows this actor may send now, one per event. The same guards as `enabled_events`, without a machine."""
        seen: dict[str, Move] = {}
        for move in cls.moves(facts.state):
            if move.event not in seen and move.row.permits(facts, actor):
                seen[move.event] = move
        return list(seen.values())

    @classmethod
    def awaited(cls, facts: Facts) -> tuple[Move | None, list[Unmet]]:
        """The awaited step and what is still missing for it: nothing exactly when it is not refused as incomplete."""
        _relation, move = cls.turn(facts)
        return move, move.row.unmet(facts) if move is not None else []

    @classmethod
    def turn(cls, facts: Facts) -> tuple[Relation | None, Move | None]:
        """Whose turn it is in this state and for which row: the row marked `main`.

        Where several must agree, it is the turn of the first who has not set his mark.
        """
        for move in cls.moves(facts.state):
            if not move.row.main:
                continue
            actors = move.row.actors(facts)
            waiting = [relation for relation in actors if relation not in facts.marks]
            return (waiting or list(actors))[0], move
        return None, None


@cache
def _moves(flow: type[DocumentFlow], state: str | None) -> tuple[Move, ...]:
    """A page asks for every button and label."""
    return flow.declared(state)


def row_of(transition: Transition) -> Row:
    """The row a transition was declared with; a transition without one is a fault in the flow."""
    row = getattr(transition, "row", None)
    if row is None:
        raise TypeError(f"{transition} was declared without step(): it has no guard")
    return row  # type: ignore[no-any-return]


def is_last_mark(facts: Facts, actor: Actor) -> bool:
    """Would the mark of this actor complete the assent of all?"""
    own = {relation for relation in facts.required_marks if actor.has(relation)}
    return bool(own) and facts.required_marks <= facts.marks | own


def is_not_last_mark(facts: Facts, actor: Actor) -> bool:
    return not is_last_mark(facts, actor)


@because(N_("Tanda sepakat Anda sudah ada; sekarang menunggu pihak lain."))
def has_not_marked(facts: Facts, actor: Actor) -> bool:
    """He has not yet set his own mark."""
    return not any(actor.has(relation) for relation in facts.marks)


def did_not(*events: str) -> Condition:
    """He is not the person who sent one of these events last: nobody judges what he himself proposed."""

    def condition(facts: Facts, actor: Actor) -> bool:
        return actor.person_id is None or all(facts.last_event_by.get(e) != actor.person_id for e in events)

    condition.__name__ = "did_not_" + "_or_".join(events)
    return because(N_("Anda sendiri yang mengusulkan nilai ini, sehingga orang lain yang menindaklanjuti."))(
        condition
    )
