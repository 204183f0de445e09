"""Names of a macro's body changed into what they stand for at one call of it."""

from __future__ import annotations

from collections.abc import Iterable

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from kinerja.views.inlining.trees import clone, listed


class Unfit(Exception):
    """This call must stay a call."""


class Namer(NodeTransformer):
    """Gives names their new name, or puts an expression in their place."""

    def __init__(self, names: dict[str, str], values: dict[str, nodes.Expr]):
        self.names = names
        self.values = values

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:
        if node.name in self.values:
            return clone(self.values[node.name])
        node.name = self.names.get(node.name, node.name)
        return node

    def all(self, body: Iterable[nodes.Node]) -> list[nodes.Node]:
        return [found for node in body for found in listed(self.visit(node))]


class Apart(NodeTransformer):
    """Reads the parts of a mapping that was written in the call; that it is there is known."""

    def __init__(self, apart: dict[str, dict[str, str]]):
        self.apart = apart

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Expr:
        if isinstance(node.node, nodes.Name) and node.node.name in self.apart:
            return nodes.Name(self.apart[node.node.name][node.attr], "load", lineno=node.lineno)
        found: nodes.Expr = self.generic_visit(node)
        return found

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:
        return nodes.Const(True) if node.name in self.apart else node

    def all(self, body: Iterable[nodes.Node]) -> list[nodes.Node]:
        return [found for node in body for found in listed(self.visit(node))]


class Caller(NodeTransformer):
    """Answers `caller is defined`."""

    def __init__(self, given: bool):
        self.given = given

    def visit_Test(self, node: nodes.Test) -> nodes.Node:
        if node.name == "defined" and isinstance(node.node, nodes.Name) and node.node.name == "caller":
            return nodes.Const(self.given)
        return self.generic_visit(node)

    def all(self, body: Iterable[nodes.Node]) -> list[nodes.Node]:
        return [found for node in body for found in listed(self.visit(node))]


class Called(NodeTransformer):
    """Puts the body of a call block where the macro says `caller()`."""

    def __init__(self, body: list[nodes.Node] | None):
        self.body = body

    def visit_Output(self, node: nodes.Output) -> list[nodes.Node]:
        found: list[nodes.Node] = []
        for child in node.nodes:
            if is_caller(child):
                found += self._copy()
            else:
                found.append(nodes.Output([self.visit(child)], lineno=node.lineno))
        return found

    def visit_Assign(self, node: nodes.Assign) -> nodes.Node:
        if is_caller(node.node):
            return nodes.AssignBlock(node.target, None, self._copy(), lineno=node.lineno)
        return self.generic_visit(node)

    def visit_Name(self, node: nodes.Name) -> nodes.Node:
        if node.name == "caller":
            raise Unfit("caller")
        return node

    def all(self, body: Iterable[nodes.Node]) -> list[nodes.Node]:
        return [found for node in body for found in listed(self.visit(node))]

    def _copy(self) -> list[nodes.Node]:
        if self.body is None:
            raise Unfit("caller")
        return [clone(node) for node in self.body]


def is_caller(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "caller"
