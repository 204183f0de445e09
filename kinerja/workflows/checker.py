"""Is every flow sound? Asked when kinerja starts and in the tests; an unsound table serves nobody."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import combinations

from kinerja.rules import deadlines
from kinerja.workflows.base import DocumentFlow, Entry, Facts, Move, Row
from kinerja.workflows.faults import Fault, UnsoundFlow
from kinerja.workflows.roles import Relation, may_be_one_person
from kinerja.workflows.versions import unsound
from kinerja.workflows.worlds import SentByMe, actor, actors_of, situations

LADDER, BY_DATE = "L", "system"
WORDS = {"mark", "clear_marks", "fall", "raise_level", "lower_level", "hold", "resume"}
ASKS = {"note", "reason", "signature", "form", "confirm"}
# python-statemachine takes whatever is called like this, on machine or model, for a callback.
HOOK = re.compile(r"^(by|on|before|after)_")
# Events that undo something say why.
EXPLAINED = {"send_back": "note", "reopen": "reason"}


Flow = type[DocumentFlow]
Check = Callable[[Flow], Iterator[Fault]]


def check(flows: Iterable[Flow]) -> list[Fault]:
    """Every fault of these flows; empty when they are sound."""
    found: list[Fault] = []
    for flow in flows:
        unguarded = list(_guarded(flow))
        # Without its row a transition says nothing, so the other questions would only fall over it.
        found += unguarded or [fault for one in CHECKS for fault in one(flow)]
    return found


def require_sound(flows: Mapping[str, Flow]) -> None:
    """Raise UnsoundFlow unless every flow is sound."""
    faults = check(table for flow in flows.values() for table in flow.tables())
    for kind, flow in flows.items():
        faults += unsound(flow)
        if flow.kind != kind:
            faults.append(
                Fault(kind, "FLOWS", f"registers a flow that calls itself {flow.kind}", "use one name")
            )
    if faults:
        raise UnsoundFlow(faults)


def _guarded(flow: Flow) -> Iterator[Fault]:
    """Every transition has a row, an event, and a `by_` guard that asks who."""
    for state in flow.states:
        for transition in state.transitions:
            where = f"{state.value} -> {', '.join(str(t.value) for t in transition.targets)}"
            row = getattr(transition, "row", None)
            guards = [spec for spec in transition.cond if str(spec.attr_name).startswith("by_")]
            if not isinstance(row, Row) or not guards or not row.who:
                yield Fault(
                    flow.kind, where, "nobody is asked for: there is no by_ guard", "declare it with step()"
                )
            elif not list(transition.events):
                yield Fault(flow.kind, where, "no event leads along it", "bind it to an Event of the flow")


def _reachable(flow: Flow) -> Iterator[Fault]:
    known = set(flow.state_ids())
    for entry in flow.entries:
        if entry.target not in known:
            yield Fault(
                flow.kind, f"entry {entry.event}", f"begins in {entry.target}, which is no state", "name one"
            )
    ways: dict[str, set[str]] = {state: {m.target for m in flow.declared(state)} for state in known}
    seen = _closure({entry.target for entry in flow.entries} & known, ways)
    for state in flow.state_ids():
        if state not in seen:
            yield Fault(
                flow.kind, state, "no way leads here from an entry", "add the event that does, or drop it"
            )
    ends = {s for s in known if flow.is_final(s)} | set(flow.resting)
    back: dict[str, set[str]] = {state: {s for s in known if state in ways[s]} for state in known}
    endings = _closure(ends & known, back)
    for state in flow.state_ids():
        if state not in endings:
            yield Fault(flow.kind, state, "no way leads from here to an end", "add the event that does")


def _closure(start: set[str], ways: Mapping[str, set[str]]) -> set[str]:
    seen, todo = set(start), list(start)
    while todo:
        for target in ways[todo.pop()] - seen:
            seen.add(target)
            todo.append(target)
    return seen


def _final(flow: Flow) -> Iterator[Fault]:
    for state in flow.state_ids():
        if flow.is_final(state):
            for move in flow.declared(state):
                yield Fault(
                    flow.kind, f"{state} {move.event}", "leads out of a final state", "finals are final"
                )
            if state in flow.resting:
                yield Fault(flow.kind, state, "is called resting and is final", "take it out of `resting`")
    for state in set(flow.resting) - set(flow.state_ids()):
        yield Fault(flow.kind, state, "is called resting and is no state", "take it out of `resting`")


def _awaited(flow: Flow) -> Iterator[Fault]:
    """Every state that waits has an actor, a deadline and an exit."""
    for state in flow.state_ids():
        if flow.is_final(state):
            continue
        moves = flow.declared(state)
        awaited = [move for move in moves if move.row.main]
        if state in flow.resting:
            if awaited:
                yield Fault(
                    flow.kind, state, "is called resting, yet awaits somebody", "take one of the two away"
                )
            continue
        if not awaited:
            yield Fault(
                flow.kind, state, "waits for nobody: no row is main",
                "mark the awaited row main=True, or name the state in `resting`",
            )  # fmt: skip
        events = {move.event for move in moves}
        for move in awaited:
            where = f"{state} {move.event}"
            if not move.row.due:
                yield Fault(
                    flow.kind, where, "is awaited without a deadline", 'name a code ("default" is 5 hk)'
                )
            if not move.row.exit:
                yield Fault(flow.kind, where, "is awaited without an exit", 'name an event, or exit="L"')
            elif move.row.exit == BY_DATE:
                if Relation.SYSTEM not in move.row.who:
                    yield Fault(
                        flow.kind, where, "exits by the system, which may not send it", "add SYSTEM to who"
                    )
            elif move.row.exit != LADDER and move.row.exit not in events - {move.event}:
                yield Fault(
                    flow.kind,
                    where,
                    f"its exit {move.row.exit} is no other event of this state",
                    "name one, or L",
                )


def _deadlines(flow: Flow) -> Iterator[Fault]:
    named = [(f"{m.source} {m.event}", m.row.due) for m in flow.declared()]
    named += [(f"entry {e.event}", e.due) for e in flow.entries]
    for where, code in named:
        if code and code not in deadlines.table():
            yield Fault(
                flow.kind, where, f"its deadline {code} is not in the table", "add it to deadlines.toml"
            )


def _labelled(flow: Flow) -> Iterator[Fault]:
    names = [("kind", flow.kind), ("title", flow.title)]
    names += [(f"state {state}", flow.state_label(state)) for state in flow.state_ids()]
    names += [(f"entry {entry.event}", entry.label) for entry in flow.entries]
    names += [(f"{m.source} {m.event}", m.row.label) for m in flow.declared()]
    for where, text in names:
        if not text.strip():
            yield Fault(flow.kind, where, "has no name", "write the label people read")
    if not flow.entries:
        yield Fault(flow.kind, "entries", "nobody can begin one", "add an Entry")
    for entry in flow.entries:
        if not entry.who:
            yield Fault(flow.kind, f"entry {entry.event}", "nobody may begin it", "say who")


def _worded(flow: Flow) -> Iterator[Fault]:
    """What a row asks for and does is understood by the engine, and who undoes something says why."""
    for move in flow.declared():
        row, where = move.row, f"{move.source} {move.event}"
        wanted = EXPLAINED.get(move.event)
        people = any(relation is not Relation.SYSTEM for relation in row.who)
        if wanted and people and not {"note", "reason"} & set(row.asks):
            yield Fault(flow.kind, where, "does not ask why", f'asks="{wanted}"')
        for word in set(row.asks) - ASKS:
            yield Fault(
                flow.kind, where, f"asks for {word}, which nothing understands", f"one of {sorted(ASKS)}"
            )
        words = row.effects.split()
        for word in words:
            if word not in WORDS and not word.startswith(("sign:", "do:")):
                yield Fault(
                    flow.kind,
                    where,
                    f"its effect {word} does nothing",
                    f"one of {sorted(WORDS)}, sign: or do:",
                )
        if any(word.startswith("sign:") for word in words) != ("signature" in row.asks):
            yield Fault(
                flow.kind, where, "signs without confirming, or confirms without signing",
                'give it both asks="signature" and effects="sign:<block>"',
            )  # fmt: skip
        if row.decides and not re.fullmatch(r"(propose|judge):\w+", row.decides):
            yield Fault(
                flow.kind, where, f"decides {row.decides!r}", "write propose:<thing> or judge:<thing>"
            )


def _hooks(flow: Flow) -> Iterator[Fault]:
    """No attribute of the model is taken for a callback, and none of the flow's functions hides behind a name."""
    own = {field.name for field in fields(flow.facts_type)}
    for name in sorted(own | {n for n in dir(flow.facts_type) if not n.startswith("_")}):
        if HOOK.match(name):
            yield Fault(
                flow.kind, f"facts.{name}", "would run as a callback of the machine", "choose another name"
            )
    states = {state.id for state in flow.states}
    for name in vars(flow):
        if HOOK.match(name) and name not in states and not hasattr(DocumentFlow, name):
            yield Fault(
                flow.kind, name, "would run as a callback of the machine", "put effects in services.effects"
            )


def _total(flow: Flow) -> Iterator[Fault]:
    """No guard raises: a guard that does counts as open in `enabled_events`."""
    for move in flow.declared():
        for one in actors_of([move.row]):
            try:
                move.row.permits(flow.facts_type(state=move.source), one)
            except Exception as error:
                where = f"{move.source} {move.event}"
                yield Fault(
                    flow.kind, where, f"its guard raises {error!r}", "let guards answer for bare facts"
                )
                break


def _one_at_a_time(flow: Flow) -> Iterator[Fault]:
    """No two rows of one state and event are open to the same person in the same situation."""
    for state in flow.state_ids():
        for event, moves in _by_event(flow.declared(state)).items():
            rows = [move.row for move in moves]
            if len(rows) < 2:
                continue
            for facts in situations(flow, state, rows):
                twice = next((a for a in actors_of(rows) if sum(r.permits(facts, a) for r in rows) > 1), None)
                if twice is not None:
                    yield Fault(
                        flow.kind, f"{state} {event}",
                        f"two rows are open at once to {', '.join(sorted(twice.relations))} in {_told(facts)}",
                        "let their `when` exclude each other",
                    )  # fmt: skip
                    break


def _resumable(flow: Flow) -> Iterator[Fault]:
    """From every state that can be put on hold somebody can resume to that very state."""
    for move in flow.declared():
        if "hold" not in move.row.effects.split():
            continue
        back = [m for m in flow.declared(move.target) if "resume" in m.row.effects.split()]
        facts = flow.facts_type(state=move.target, held_from=move.source)
        open_to = {m.target for m in back for a in actors_of([m.row]) if m.row.permits(facts, a)}
        if open_to != {move.source}:
            yield Fault(
                flow.kind, f"{move.source} {move.event}", "what is put on hold here cannot be resumed here",
                "add the row of resume with was_held_from()",
            )  # fmt: skip


def _two_people(flow: Flow) -> Iterator[Fault]:
    """Nobody both proposes and calibrates or decides the same thing."""
    proposals: dict[str, list[Move | Entry]] = {}
    judgements: dict[str, list[Move]] = {}
    for move in flow.declared():
        role, _, thing = move.row.decides.partition(":")
        if role == "propose":
            proposals.setdefault(thing, []).append(move)
        elif role == "judge":
            judgements.setdefault(thing, []).append(move)
    for thing in proposals.keys() ^ judgements.keys():
        what = "proposed and never judged" if thing in proposals else "judged and never proposed"
        yield Fault(flow.kind, f"decides {thing}", f"is {what}", "give both rows their `decides`")
    for thing in proposals.keys() & judgements.keys():
        for proposal in proposals[thing]:
            for judgement in judgements[thing]:
                if found := _same_person(flow, proposal, judgement):
                    yield Fault(
                        flow.kind, f"{judgement.source} {judgement.event}",
                        f"who sent {proposal.event} may judge his own {thing} as {found}",
                        f'add when=did_not("{proposal.event}")',
                    )  # fmt: skip


def _same_person(flow: Flow, proposal: Move | Entry, judgement: Move) -> str:
    """The relations by which one person could do both, in words; empty when none can."""
    before = _everyone(proposal)
    after = _everyone(judgement)
    for first in sorted(before):
        for second in sorted(after):
            if not may_be_one_person(first, second) or Relation.SYSTEM in (first, second):
                continue
            person = actor(first, second)
            for facts in situations(flow, judgement.source, [judgement.row], last_event_by=SentByMe()):
                if _could_have_proposed(flow, proposal, facts, first) and judgement.row.permits(
                    facts, person
                ):
                    return " and ".join(sorted({first, second}))
    return ""


def _could_have_proposed(flow: Flow, proposal: Move | Entry, facts: Facts, relation: Relation) -> bool:
    """At this level of escalation or below it, was the proposal open to that relation?"""
    if isinstance(proposal, Entry):
        return relation in proposal.who
    levels = range(facts.acting_level + 1)
    return any(
        relation in proposal.row.actors(flow.facts_type(state=proposal.source, acting_level=level))
        for level in levels
    )


def _everyone(move: Move | Entry) -> set[Relation]:
    if isinstance(move, Entry):
        return set(move.who)
    return set(move.row.who) | ({Relation.PENILAI, Relation.ATASAN} if _follows_level(move.row) else set())


def _follows_level(row: Row) -> bool:
    return row.acting and Relation.PENILAI in row.who


def _by_event(moves: Iterable[Move]) -> dict[str, list[Move]]:
    found: dict[str, list[Move]] = {}
    for move in moves:
        found.setdefault(move.event, []).append(move)
    return found


def _told(facts: Facts) -> str:
    """What is not as usual in these facts."""
    plain = type(facts)(state=facts.state)
    odd = [f.name for f in fields(facts) if getattr(facts, f.name) != getattr(plain, f.name)]
    return ", ".join(f"{name}={getattr(facts, name)!r}" for name in odd) or "any situation"


def _turns(flow: Flow) -> Iterator[Fault]:
    """Where several rows are awaited they agree on whom and until when, because a page shows one turn."""
    for state in flow.state_ids():
        awaited = [move.row for move in flow.declared(state) if move.row.main and not move.row.when]
        for one, other in combinations(awaited, 2):
            if (one.who, one.due) != (other.who, other.due):
                yield Fault(flow.kind, state, "awaits two different things at once", "let one row be main")


# Superiors of one document: each is one person, so that a state which waits for him alone may wait for ever.
SUPERIORS = frozenset({Relation.PENILAI, Relation.ATASAN, Relation.ABOVE_ATASAN, Relation.DECIDER})


def _relieved(flow: Flow) -> Iterator[Fault]:
    """What waits for a superior and ends by the ladder can be taken over by somebody else."""
    alone = set()
    for move in flow.declared():
        if not move.row.main or move.row.exit != LADDER or not SUPERIORS & set(move.row.who):
            continue
        rows = (other.row for other in flow.declared(move.source))
        if not any(move.event in row.relieves.split() and set(row.who) - set(move.row.who) for row in rows):
            alone.add((move.source, move.event))
    for state, event in sorted(alone - set(flow.unrelieved)):
        yield Fault(
            flow.kind, f"{state} {event}", "waits for one superior, and nobody takes over",
            f'add a row of somebody else with relieves="{event}"',
        )  # fmt: skip
    for state, event in sorted(set(flow.unrelieved) - alone):
        what = "is called unrelieved and is not"
        yield Fault(flow.kind, f"{state} {event}", what, "take it out of `unrelieved`")


CHECKS: tuple[Check, ...] = (
    _reachable, _final, _awaited, _turns, _relieved, _deadlines, _labelled, _worded, _hooks, _total, _one_at_a_time,
    _resumable, _two_people,
)  # fmt: skip
