"""What of a template is known before its page is asked for: decided, joined, looked up once and not in a loop."""

from __future__ import annotations

from collections import Counter
from typing import Any

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

from kinerja.views.inlining.rewriting import Namer
from kinerja.views.inlining.trees import is_fixed_text, listed, names_of, root_of, without_blocks


class Folder(NodeTransformer):
    """Decides what is known before the page is asked for, and joins what is printed in one go."""

    def __init__(self, env: Environment):
        self.env = env
        self.context = nodes.EvalContext(env)

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        super().generic_visit(node, *args, **kwargs)
        for field in ("body", "else_"):
            if isinstance(getattr(node, field, None), list):
                setattr(node, field, _joined(getattr(node, field)))
        return node

    def visit_If(self, node: nodes.If) -> nodes.Node | list[nodes.Node]:
        if node.elif_:  # asked only when this one says no
            first, *others = node.elif_
            node.elif_, node.else_ = (
                [],
                [nodes.If(first.test, first.body, others, node.else_, lineno=node.lineno)],
            )
        self.generic_visit(node)
        known = self._known(node.test)
        if known is None:
            return node
        return node.body if known[0] else node.else_

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Expr:
        self.generic_visit(node)
        known = self._known(node.test)
        if known is None:
            return node
        return node.expr1 if known[0] else node.expr2 or nodes.Const("")

    def visit_And(self, node: nodes.And) -> nodes.Expr:
        self.generic_visit(node)
        known = self._known(node.left)
        return node if known is None else node.right if known[0] else node.left

    def visit_Or(self, node: nodes.Or) -> nodes.Expr:
        self.generic_visit(node)
        known = self._known(node.left)
        return node if known is None else node.left if known[0] else node.right

    def constant(self, value: nodes.Expr) -> nodes.Const | None:
        """The value, where it is a plain one that is known."""
        try:
            known = value.as_const(self.context)
        except nodes.Impossible:
            return None
        return nodes.Const(known) if known is None or isinstance(known, str | int | float) else None

    def visit_Output(self, node: nodes.Output) -> nodes.Node:
        """`{{ a if b }}` prints nothing where b is not, without making an undefined value for it."""
        self.generic_visit(node)
        for child in node.nodes:
            if isinstance(child, nodes.CondExpr) and child.expr2 is None:
                child.expr2 = nodes.Const("")
        return node

    def _known(self, test: nodes.Expr) -> tuple[bool] | None:
        if is_fixed_text(test):
            return (True,)
        try:
            return (bool(test.as_const(self.context)),)
        except nodes.Impossible:
            return None


def known_first(body: list[nodes.Node], folder: Folder) -> list[nodes.Node]:
    """Decide what is known; a name that is given one known value, once, is that value."""
    while True:
        body = [found for node in body for found in listed(folder.visit(node))]
        stores = Counter(name.name for name in names_of(body) if name.ctx != "load")
        values: dict[str, nodes.Expr] = {}
        for node in body:
            if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
                constant = folder.constant(node.node)
                if constant is not None and stores[node.target.name] == 1:
                    values[node.target.name] = constant
        if not values:
            return body
        kept = [n for n in body if not (isinstance(n, nodes.Assign) and root_of(n.target) in values)]
        body = Namer({}, values).all(kept)


def _joined(body: list[nodes.Node]) -> list[nodes.Node]:
    found: list[nodes.Node] = []
    for node in body:
        if isinstance(node, nodes.Output) and found and isinstance(found[-1], nodes.Output):
            found[-1].nodes.extend(node.nodes)
        else:
            found.append(node)
    return found


def look_up_once(block: nodes.Block, bound: frozenset[str]) -> None:
    """Names of the page that are not bound in it, and fixed texts inside loops, are looked up at its head."""
    texts: dict[str, nodes.Expr] = {}
    _Texts(texts).generic_visit(block)
    names = {name.name for name in names_of(without_blocks(block.body)) if name.ctx == "load"}
    names = {name for name in names - bound if "__" not in name}
    targets = [*sorted(names), *texts]
    values = [*(nodes.Name(name, "load") for name in sorted(names)), *texts.values()]
    if targets:
        params: list[nodes.Expr] = [nodes.Name(name, "param") for name in targets]
        inside = nodes.With(params, values, block.body, lineno=block.lineno)
        block.body = [inside]


class _Texts(NodeTransformer):
    """Takes `_('text')` out of a loop."""

    def __init__(self, found: dict[str, nodes.Expr]):
        self.found = found
        self.in_loop = False

    def visit_Block(self, node: nodes.Block) -> nodes.Node:
        return node

    def visit_For(self, node: nodes.For) -> nodes.Node:
        before, self.in_loop = self.in_loop, True
        self.generic_visit(node)
        self.in_loop = before
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        self.generic_visit(node)
        if not (self.in_loop and is_fixed_text(node)):
            return node
        for name, said in self.found.items():
            if said.args[0].value == node.args[0].value:
                return nodes.Name(name, "load", lineno=node.lineno)
        name = f"said__{len(self.found)}"
        self.found[name] = node
        return nodes.Name(name, "load", lineno=node.lineno)
