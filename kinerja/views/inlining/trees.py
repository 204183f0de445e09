"""Small questions about trees of a template's nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from typing import TypeVar

from jinja2 import nodes

N = TypeVar("N", bound=nodes.Node)


def clone(node: N) -> N:
    """A copy of a tree of nodes; the environment stays the same one."""
    made = copy(node)
    for field, value in node.iter_fields():
        if isinstance(value, list):
            setattr(made, field, [clone(v) if isinstance(v, nodes.Node) else v for v in value])
        elif isinstance(value, nodes.Node):
            setattr(made, field, clone(value))
    return made


def is_fixed_text(node: nodes.Node) -> bool:
    """_('text'), in whatever language it will be said."""
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name == "_"
        and [type(arg) for arg in node.args] == [nodes.Const]
        and bool(node.args[0].value)  # type: ignore[attr-defined]
        and not node.kwargs
    )


def without_blocks(body: Iterable[nodes.Node]) -> Iterator[nodes.Node]:
    """Every node below these but blocks and what is in them, each alone."""
    for node in body:
        if not isinstance(node, nodes.Block):
            if isinstance(node, nodes.Name):
                yield node
            yield from without_blocks(node.iter_child_nodes())


def all_of(node: nodes.Node, kind: type[N]) -> Iterator[N]:
    if isinstance(node, kind):
        yield node
    yield from node.find_all(kind)


def names_of(body: Iterable[nodes.Node]) -> Iterator[nodes.Name]:
    for node in body:
        yield from all_of(node, nodes.Name)


def listed(found: nodes.Node | list[nodes.Node] | None) -> list[nodes.Node]:
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def root_of(callee: nodes.Expr) -> str:
    while isinstance(callee, nodes.Getattr):
        callee = callee.node
    return callee.name if isinstance(callee, nodes.Name) else ""
