"""Situations to try guards in: every combination of the facts that the guards of some rows really look at."""

from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields
from enum import Enum
from itertools import combinations, product
from typing import Any, Literal, get_args, get_origin, get_type_hints

from kinerja.workflows.base import DocumentFlow, Facts, Row
from kinerja.workflows.roles import Actor, Relation, may_be_one_person

ME = 1
MOST = 20_000
_ASSENTS = (Relation.SUBJECT, Relation.PENILAI, Relation.ATASAN)


class SentByMe(dict[str, int | None]):
    """As if this person had sent every event last."""

    def get(self, key: str, default: Any = None) -> Any:
        return ME

    def __getitem__(self, key: str) -> int:
        return ME


def actor(*relations: Relation) -> Actor:
    """A person who is all of this to the document; the system is nobody."""
    return Actor(None if Relation.SYSTEM in relations else ME, "", frozenset(relations))


def actors_of(rows: Iterable[Row]) -> list[Actor]:
    """Everyone these rows could be for: each relation alone, and each two that can be one person."""
    named = {relation for row in rows for relation in row.who}
    if any(row.acting for row in rows):
        named |= {Relation.PENILAI, Relation.ATASAN}
    ordered = sorted(named)
    pairs = [pair for pair in combinations(ordered, 2) if may_be_one_person(*pair)]
    return [actor(relation) for relation in ordered] + [actor(*pair) for pair in pairs]


def situations(flow: type[DocumentFlow], state: str, rows: list[Row], **fixed: Any) -> Iterator[Facts]:
    """All facts in which the guards of these rows could answer differently. `fixed` holds single facts still.

    Which facts matter is seen by watching what the guards read: a fact nobody reads needs one value only.
    Raises ValueError when there are too many to try.
    """
    known: set[str] = set()
    while True:
        worlds = list(_product(flow, state, known, fixed))
        read = set().union(*(_reads(flow, facts, rows) for facts in worlds)) - set(fixed)
        if read <= known:
            yield from worlds
            return
        known |= read


def _product(flow: type[DocumentFlow], state: str, names: set[str], fixed: dict[str, Any]) -> Iterator[Facts]:
    chosen = sorted(names - {"state"} - set(fixed))
    choices = [_values(flow, name) for name in chosen]
    size = 1
    for values in choices:
        size *= len(values)
    if size > MOST:
        raise ValueError(
            f"{size} situations from {', '.join(chosen)}: let the guards of one event read fewer facts"
        )
    for values in product(*choices):
        yield flow.facts_type(state=state, **fixed, **dict(zip(chosen, values, strict=True)))


def _reads(flow: type[DocumentFlow], facts: Facts, rows: list[Row]) -> set[str]:
    """The fields of the facts that these rows look at in this situation."""
    seen: set[str] = set()
    own = {field.name for field in fields(flow.facts_type)}

    class Watched(flow.facts_type):  # type: ignore[name-defined, misc]
        def __getattribute__(self, name: str) -> Any:
            if name in own:
                seen.add(name)
            return super().__getattribute__(name)

    watched = Watched(**{name: getattr(facts, name) for name in own})
    for one in actors_of(rows):
        for row in rows:
            row.permits(watched, one)
    return seen - {"state"}


def _values(flow: type[DocumentFlow], name: str) -> tuple[Any, ...]:
    """The values worth trying for one fact: those its field names, or those its type and the engine allow."""
    field = next(field for field in fields(flow.facts_type) if field.name == name)
    if "values" in field.metadata:
        return tuple(field.metadata["values"])
    if name == "marks":
        return tuple(frozenset(c) for n in range(3) for c in combinations(_ASSENTS, n))
    if name == "required_marks":
        return tuple(frozenset({Relation.SUBJECT, second}) for second in _ASSENTS[1:])
    if name == "held_from":
        return ("", *flow.state_ids())
    if name == "last_event_by":
        return ({}, SentByMe())
    hint = get_type_hints(flow.facts_type)[name]
    kinds = get_args(hint) if get_origin(hint) is not Literal and type(None) in get_args(hint) else (hint,)
    found: list[Any] = []
    for kind in kinds:
        if kind is type(None):
            found.append(None)
        elif kind is bool:
            found += [False, True]
        elif kind is int:
            found += [0, 1, 2]
        elif get_origin(kind) is Literal:
            found += get_args(kind)
        elif isinstance(kind, type) and issubclass(kind, Enum):
            found += list(kind)
    return tuple(found) or (_default(field),)


def _default(field: Any) -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else None
