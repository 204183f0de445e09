"""What each document kind adds to the engine: its flow, its facts, how a change is applied, what is signed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib import import_module
from typing import Any, Protocol

from kinerja.models import Document
from kinerja.workflows import versions
from kinerja.workflows.base import DocumentFlow, Facts, Move
from kinerja.workflows.roles import Actor


@dataclass
class Context:
    """One event on its way: what `apply` and effects work with.

    `values` are columns of the document that the swap writes together with the state; nobody assigns them directly.
    """

    document: Document
    event: str
    actor: Actor
    move: Move
    now: datetime
    change: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    extra_notices: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    # What the system sends as soon as this event is written: (public id, event, change).
    then: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    @property
    def target(self) -> str:
        return self.document.state if self.move.internal else self.move.target

    def flag(self, **flags: Any) -> None:
        """Set flags of the document (a JSON object) in the same swap."""
        merged = dict(self.values.get("flags", self.document.flags)) | flags
        self.values["flags"] = merged

    def notify(self, person_id: int | None, text: str, **params: Any) -> None:
        """Tell one more person; the text holds no value, rating or note."""
        if person_id is not None:
            self.extra_notices.append((person_id, text, params))


class Kind(Protocol):
    """The four functions a kind provides. A new kind is a flow, a module with these, and one row in KINDS.

    A kind may also have `applies`: events for which `apply` is called although they ask for no form; and
    `turn_by_history`: whose turn it is depends on the step just written, so its facts are read again after it; and
    `moves_turn`: events that leave the state, but may change whose turn it is or until when.
    """

    flow: type[DocumentFlow]

    def facts(self, document: Document) -> Facts:
        """Everything guards and needs look at, read from the database."""

    def apply(self, context: Context) -> None:
        """Write the change of an event that carries a form. Raises BadInput; never touches the state."""

    def content(self, document: Document) -> dict[str, Any]:
        """What is signed and compared: plain JSON values, header included."""

    def title(self, document: Document) -> tuple[str, dict[str, Any]]:
        """A translatable template and its parameters: "SKP %(year)s"."""


Effect = Callable[[Context], None]

_MODULES = {
    "skp": "kinerja.services.planning",
    "realisation": "kinerja.services.monitoring",
    "predicate_review": "kinerja.services.evaluation",
    "objection": "kinerja.services.objections",
    "repair": "kinerja.services.repairs",
    "pk": "kinerja.services.agreements",
    "dko": "kinerja.services.dko",
    "matrix": "kinerja.services.matrices",
    "manual": "kinerja.services.manual_kind",
    "iku_realisation": "kinerja.services.iku_realisations",
    "org_value": "kinerja.services.org_values",
    "k3_review": "kinerja.services.k3_reviews",
}


@cache
def kind_of(code: str) -> Kind:
    """The service of a document kind: the object `KIND` of its module."""
    kind: Kind = import_module(_MODULES[code]).KIND
    return kind


def flow_of(document: Document) -> type[DocumentFlow]:
    """The table this document follows: that of its kind when it was begun, until it is moved to a newer one."""
    return versions.at(kind_of(document.kind).flow, document.flow_version)


def states_of(code: str) -> list[str]:
    """Every state a document of this kind may be in, those that only older tables have last."""
    return versions.known_states(kind_of(code).flow)


def all_kinds() -> dict[str, Kind]:
    return {code: kind_of(code) for code in _MODULES}


@dataclass(frozen=True)
class Span:
    """A stretch of days, both ends included."""

    start: date
    end: date
