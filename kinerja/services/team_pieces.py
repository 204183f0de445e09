"""One document of a person on the team page, and what can be done at once for several of them."""

from dataclasses import dataclass
from typing import Any

from kinerja.services.kinds import kind_of
from kinerja.workflows.base import Move
from kinerja.workflows.roles import Relation
from kinerja.workflows.versions import at

# What a supervisor may do for several people at once: (kind, event), in the order of the year.
BULK = (
    ("skp", "open_dialogue"),
    ("skp", "establish"),
    ("realisation", "validate"),
    ("predicate_review", "sign_form"),
    ("predicate_review", "deliver"),
)


@dataclass(frozen=True)
class Piece:
    """One document of a person as the team page shows it."""

    public_id: str
    version: int
    kind: str
    state: str
    state_label: str
    turn: str
    flow_version: int
    # May the reader open it?
    opens: bool = True

    @property
    def moves(self) -> tuple[Move, ...]:
        """The rows of its state, in the table it follows."""
        return at(kind_of(self.kind).flow, self.flow_version).moves(self.state)

    def is_open_to(self, relation: Relation) -> bool:
        """Is a step that is awaited here open to somebody who is this to its subject?"""
        return relation is Relation.PENILAI or any(m.row.main and relation in m.row.who for m in self.moves)

    def has(self, event: str, relation: Relation = Relation.PENILAI) -> bool:
        """Is this a step of the piece's state, and one that whoever is this to its subject may take?"""
        return any(move.event == event and relation in move.row.who for move in self.moves)


@dataclass(frozen=True)
class Choice:
    """One act for several people: for how many, and for how many of them as their superior's stand-in."""

    kind: str
    event: str
    label: str
    count: int
    standing_in: int


def bulk_choices(members: Any) -> list[Choice]:
    """What can be done for several of these people now."""
    found = []
    for kind, event in BULK:
        ready = [
            m.by_kind[kind]
            for m in members
            for p in m.mine()
            if p.kind == kind and p.has(event, m.by_kind[kind])
        ]
        if ready:
            standing = sum(relation is not Relation.PENILAI for relation in ready)
            found.append(Choice(kind, event, kind_of(kind).flow.event_label(event), len(ready), standing))
    return found


def bulk_of(kind: str, state: str) -> str:
    """What can be done at once for several documents in a state, as the word on its button; "" when nothing can."""
    flow = kind_of(kind).flow
    return next(
        (
            move.row.label
            for move in flow.moves(state)
            if move.row.main and (kind, move.event) in BULK and Relation.PENILAI in move.row.who
        ),
        "",
    )
