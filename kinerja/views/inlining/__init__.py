"""Templates compiled as if every component were written out where it stands.

Pages are put together of the macros of `_ui.html`, and a call of one costs forty calls in Python: a list of fifty rows
made seven hundred of them. So this environment writes the body of a macro in place of its call before a template
is compiled, folds what is then known (`{% if sub %}` without a sub), looks up a name or a fixed text once a page
and not once a row, and leaves out imports nobody needs any more. The HTML is the same to the byte.

A macro is written out only where that can change nothing: its body speaks of its parameters, of names every template
knows, and of other macros of which the same is true. Every other call stays a call.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import Any

from flask.templating import Environment
from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from kinerja.views.inlining.folding import Folder, known_first, look_up_once
from kinerja.views.inlining.keeping import COMPILED
from kinerja.views.inlining.rewriting import Apart, Called, Caller, Namer, Unfit
from kinerja.views.inlining.showing import shown
from kinerja.views.inlining.trees import all_of, clone, is_fixed_text, listed, names_of, root_of

# What Jinja itself puts into a scope.
OWN_NAMES = frozenset(("caller", "kwargs", "loop", "self", "super", "varargs"))
OF_MAPPINGS = frozenset(dir(dict))
Write = Callable[[nodes.Expr, list[nodes.Node] | None], list[nodes.Node] | None]


class PageEnvironment(Environment):
    """Flask's environment; with `auto_reload` templates stay as they are written, because they may change."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        if not self.auto_reload and self.bytecode_cache is None:
            self.bytecode_cache = COMPILED
        self._libraries: dict[str, Library] = {}

    def _generate(self, source: nodes.Template, name: str | None, *args: Any, **more: Any) -> str:
        if not self.auto_reload:
            write_out(source, self)
        code = super()._generate(source, name, *args, **more)
        # On the line of Jinja's own imports: the numbers of the others lead back to the template.
        return code.replace("\n", f"; from {shown.__module__} import shown as escape\n", 1)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Jinja's, without the exception it meets for every key of a mapping."""
        if type(obj) is dict and attribute not in OF_MAPPINGS:
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)

    def library(self, name: str) -> Library:
        """The macros of a template, read once."""
        if name not in self._libraries:
            assert self.loader is not None
            source = self.loader.get_source(self, name)[0]
            self._libraries[name] = Library(self.parse(source, name), self)
        return self._libraries[name]


def write_out(template: nodes.Template, env: PageEnvironment) -> None:
    """Write every macro that is fit for it out where it is called, in place."""
    library = Library(template, env)
    _Writer(library).visit(template)
    Folder(env).visit(template)
    _drop_imports(template, env)
    for block in template.find_all(nodes.Block):
        look_up_once(block, library.bound | set(library.imports) | OWN_NAMES)
    _Straight(library).visit(template)
    template.set_environment(env)


class _Straight(NodeTransformer):
    """Calls what is a filter too (`_`, `url_for`) as one: Jinja asks nothing about a filter when it is called."""

    def __init__(self, library: Library):
        self.known = set(library.env.globals) & set(library.env.filters) - library.bound

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name not in self.known or not node.args:
            return node
        first, *args = node.args
        return nodes.Filter(
            first, node.node.name, args, node.kwargs, node.dyn_args, node.dyn_kwargs, lineno=node.lineno
        )


class Library:
    """What one template offers to be written out: macros, values, and other templates under a name."""

    def __init__(self, template: nodes.Template, env: PageEnvironment):
        self.template = template
        self.env = env
        self._written: dict[str, Written | None] = {}

    @cached_property
    def macros(self) -> dict[str, nodes.Macro]:
        """The macros at the top of the template, as they were written."""
        return {macro.name: macro for macro in self.template.body if isinstance(macro, nodes.Macro)}

    @cached_property
    def values(self) -> dict[str, nodes.Expr]:
        """{% set name = value %} at the top."""
        found = [node for node in self.template.body if isinstance(node, nodes.Assign)]
        return {node.target.name: node.node for node in found if isinstance(node.target, nodes.Name)}

    @cached_property
    def imports(self) -> dict[str, str]:
        """{% import "file" as name %}, anywhere; a name for two files is none."""
        found: dict[str, set[str]] = {}
        for node in self.template.find_all(nodes.Import):
            if isinstance(node.template, nodes.Const):
                found.setdefault(node.target, set()).add(node.template.value)
        return {name: files.pop() for name, files in found.items() if len(files) == 1}

    @cached_property
    def looks_around(self) -> bool:
        """Does it need names of the page that imports it?"""
        if self.template.find(nodes.Include) is not None:
            return True
        names = {name.name for name in names_of([self.template]) if name.ctx == "load"}
        known = self.bound | set(self.imports) | set(self.env.globals) | OWN_NAMES
        return bool(names - known) or any(
            self.env.library(file).looks_around for file in self.imports.values()
        )

    @cached_property
    def bound(self) -> frozenset[str]:
        """Every name the template gives a meaning of its own."""
        names = {node.name for node in self.template.find_all(nodes.Name) if node.ctx != "load"}
        return frozenset(names | {node.name for node in self.template.find_all(nodes.Macro)})

    @cached_property
    def _twice(self) -> frozenset[str]:
        """Names that mean one thing here and another there; a call of such a one stays a call."""
        outside = [node for node in self.template.body if not isinstance(node, nodes.Macro)]
        stores = [name.name for name in names_of(outside) if name.ctx != "load"]
        stores += [node.name for node in self.template.find_all(nodes.Macro)] + [*self.imports]
        return frozenset(name for name, times in Counter(stores).items() if times > 1)

    def find(self, callee: nodes.Expr) -> Written | None:
        """The macro a call means: `td`, `b.td`, or a value that is another name for one."""
        if root_of(callee) in self._twice:
            return None
        if isinstance(callee, nodes.Name):
            if callee.name in self.macros:
                return self._write(callee.name)
            return self.find(self.values[callee.name]) if callee.name in self.values else None
        if isinstance(callee, nodes.Getattr) and isinstance(callee.node, nodes.Name):
            file = self.imports.get(callee.node.name)
            return self.env.library(file).find(nodes.Name(callee.attr, "load")) if file else None
        return None

    def _write(self, name: str) -> Written | None:
        if name not in self._written:
            self._written[name] = None  # a macro that calls itself is not written out
            with suppress(Unfit):
                self._written[name] = Written(self.macros[name], self)
        return self._written[name]


class Written:
    """A macro with all that it calls written out. Its own names carry its name in front: no page has such."""

    def __init__(self, macro: nodes.Macro, library: Library):
        self.name = macro.name
        self.env = library.env
        self.params = [arg.name for arg in macro.args]
        body = [clone(node) for node in macro.body]
        writer = _Writer(library, hidden=_own(macro))
        self.body = [written for node in body for written in listed(writer.visit(node))]
        self.defaults = dict(
            zip(self.params[len(self.params) - len(macro.defaults) :], macro.defaults, strict=True)
        )
        self._check(library)
        loads = [name for name in names_of(self.body) if name.ctx == "load"]
        self.stored = {name.name for name in names_of(self.body) if name.ctx != "load"} - {"loop"}
        self.used = Counter(name.name for name in loads)
        self.in_loops = {
            name.name
            for node in self.body
            for loop in all_of(node, nodes.For)
            for name in loop.find_all(nodes.Name)
        }
        # Which parts of a name are read, and which names are needed whole.
        reads = [
            g for node in self.body for g in all_of(node, nodes.Getattr) if isinstance(g.node, nodes.Name)
        ]
        self.read: dict[str, set[str]] = {}
        for g in reads:
            self.read.setdefault(root_of(g), set()).add(g.attr)
        tests = [
            t.test for node in self.body for kind in (nodes.If, nodes.CondExpr) for t in all_of(node, kind)
        ]
        partly = Counter(root_of(g) for g in reads) + Counter(
            t.name for t in tests if isinstance(t, nodes.Name)
        )
        self.whole = {name for name, times in self.used.items() if times > partly[name]}
        self.calls_back = "caller" in self.used
        if "caller" in self.in_loops:
            raise Unfit(macro.name)

    def _check(self, library: Library) -> None:
        """Only names that mean the same everywhere; values of the library in their place."""
        own = set(self.params) | {name.name for name in names_of(self.body) if name.ctx != "load"}
        known = own | set(library.env.globals) | {"caller", "loop"}
        values = {}
        for name in names_of([*self.body, *self.defaults.values()]):
            if name.name in known or "__" in name.name:
                continue
            if name.name not in library.values:
                raise Unfit(f"{self.name}: {name.name}")
            values[name.name] = library.values[name.name]
            if any(n.name not in library.env.globals for n in names_of([values[name.name]])):
                raise Unfit(f"{self.name}: {name.name}")
        self.body = Namer({}, values).all(self.body)
        self.defaults = {name: Namer({}, values).visit(clone(node)) for name, node in self.defaults.items()}

    def at(self, call: nodes.Call, caller: list[nodes.Node] | None, write: Write) -> list[nodes.Node]:
        """The body with the arguments of one call. Raises Unfit when the call cannot be read beforehand.

        `write` writes out an argument that is itself the call of a macro.
        """
        if call.dyn_args is not None or call.dyn_kwargs is not None or len(call.args) > len(self.params):
            raise Unfit(self.name)
        given = dict(zip(self.params, call.args, strict=False))
        for pair in call.kwargs:
            if pair.key in given or pair.key not in self.params:
                raise Unfit(self.name)
            given[pair.key] = pair.value
        if caller is not None and not self.calls_back:
            raise Unfit(self.name)
        own = {name: f"{self.name}__{name}" for name in self.stored | set(self.params)}
        in_place: dict[str, nodes.Expr] = {}
        bound: list[tuple[str, nodes.Expr]] = []
        apart: dict[str, dict[str, str]] = {}
        for name in self.params:
            if name not in given and name not in self.defaults:
                raise Unfit(self.name)
            value = given[name] if name in given else self.defaults[name]
            parts = self._taken_apart(name, value)
            if parts:
                apart[name] = {key: f"{own[name]}__{key}" for key in parts}
                bound += [(apart[name][key], part) for key, part in parts.items()]
            elif name not in self.stored and self._may_repeat(name, value):
                in_place[name] = value
            elif name in self.used:
                bound.append((own[name], value))
        body = Apart(apart).all([clone(node) for node in self.body])
        body = Namer(own, in_place).all(body)
        body = known_first(Caller(caller is not None).all(body), Folder(self.env))
        body = Called(caller).all(body)
        if bound or any(name.ctx != "load" for name in names_of(body)):
            drawn = [(name, write(value, None)) for name, value in bound]
            for name, shown in drawn:
                if shown is not None:
                    body.insert(0, nodes.AssignBlock(nodes.Name(name, "store"), None, shown))
            kept = [(n, v) for (n, v), (_n, shown) in zip(bound, drawn, strict=True) if shown is None]
            targets: list[nodes.Expr] = [nodes.Name(name, "param") for name, _value in kept]
            body = [nodes.With(targets, [clone(v) for _name, v in kept], body, lineno=call.lineno)]
        return body

    def _taken_apart(self, name: str, value: nodes.Expr) -> dict[str, nodes.Expr]:
        """A mapping written in the call, of which the macro reads known keys or asks whether it is there at all."""
        if name in self.stored or not isinstance(value, nodes.Dict) or not value.items:
            return {}
        parts = {item.key.value: item.value for item in value.items if isinstance(item.key, nodes.Const)}
        plain = len(parts) == len(value.items) and not any(hasattr(dict, str(key)) for key in parts)
        return parts if plain and self.read.get(name, set()) <= set(parts) and name not in self.whole else {}

    def _may_repeat(self, name: str, value: nodes.Expr) -> bool:
        """May the argument itself stand where the parameter does?"""
        if isinstance(value, nodes.Const) or is_fixed_text(value):
            return True
        if isinstance(value, nodes.Name) and value.name != "loop":
            return True
        return self.used[name] == 1 and name not in self.in_loops


class _Writer(NodeTransformer):
    """Puts bodies in place of calls: where one is printed, and where a call block stands."""

    def __init__(self, library: Library, hidden: frozenset[str] = frozenset()):
        self.library = library
        self.hidden = hidden

    def visit_Macro(self, node: nodes.Macro) -> nodes.Node:
        outside, self.hidden = self.hidden, self.hidden | _own(node)
        self.generic_visit(node)
        self.hidden = outside
        return node

    def visit_Output(self, node: nodes.Output) -> list[nodes.Node]:
        found: list[nodes.Node] = []
        for child in node.nodes:
            found += self._printed(child)
        return found

    def _printed(self, child: nodes.Expr) -> list[nodes.Node]:
        """One thing that is printed; `a if b else c` as a block, when one of them is a macro."""
        written = self._call(child, None)
        if written is None and isinstance(child, nodes.CondExpr):
            either = self._call(child.expr1, None), child.expr2 and self._call(child.expr2, None)
            if either != (None, None):
                other = self._printed(child.expr2) if child.expr2 else []
                return [nodes.If(child.test, self._printed(child.expr1), [], other, lineno=child.lineno)]
        return written or [nodes.Output([child], lineno=child.lineno)]

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node | list[nodes.Node]:
        self.generic_visit(node)
        written = None if node.args else self._call(node.call, node.body)
        return written or node

    def _call(self, call: nodes.Expr, caller: list[nodes.Node] | None) -> list[nodes.Node] | None:
        if not isinstance(call, nodes.Call) or root_of(call.node) in self.hidden:
            return None
        macro = self.library.find(call.node)
        try:
            return macro.at(call, caller, self._call) if macro else None
        except Unfit:
            return None


def _drop_imports(template: nodes.Template, env: PageEnvironment) -> None:
    """An import nobody speaks of is not made; one that looks at nothing around it is made once, not for each page."""
    used = {name.name for name in template.find_all(nodes.Name) if name.ctx == "load"}
    shared = template.find(nodes.Include) is not None
    for node in [template, *template.find_all(nodes.Block)]:
        node.body = [
            n for n in node.body
            if shared or not isinstance(n, nodes.Import) or n.target in used or not isinstance(node, nodes.Block)
        ]  # fmt: skip
    for found in template.find_all(nodes.Import):
        if isinstance(found.template, nodes.Const) and not env.library(found.template.value).looks_around:
            found.with_context = False


def _own(macro: nodes.Macro) -> frozenset[str]:
    """The names a macro gives a meaning of its own."""
    return frozenset(name.name for name in macro.find_all(nodes.Name) if name.ctx != "load")
