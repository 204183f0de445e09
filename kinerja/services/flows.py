"""The flow of a document as a picture with "Anda di sini", from the table that runs."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from kinerja.reports.diagram import flow_diagram
from kinerja.workflows import FLOWS, export
from kinerja.workflows.base import DocumentFlow
from kinerja.workflows.roles import Relation, label_of


def picture(flow: type[DocumentFlow], state: str, say: Callable[[str], str]) -> dict[str, Any]:
    """Geometry and rows for the macro `flow_diagram`; `say` translates the labels."""
    names = {str(relation): say(label_of(relation, flow.kind)) for relation in Relation}
    return flow_diagram(export.as_data(flow), state, say, names)


def every_table() -> Iterator[type[DocumentFlow]]:
    """The tables that run: the newest of each kind, and those that older documents still follow."""
    return (table for flow in FLOWS.values() for table in flow.tables())


@cache
def asks_of(event: str) -> frozenset[str]:
    """What an event asks of its sender in any kind: note, reason, form, signature, confirm."""
    return frozenset(
        word
        for flow in every_table()
        for move in flow.moves()
        if move.event == event
        for word in move.row.asks
    )
