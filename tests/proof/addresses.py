"""What there is to ask: every address people reach by links, every form with its fields, as one OpenAPI per person.

The application serves no OpenAPI. This one is written for the fuzzer alone: from the routes, from the pages that the
person can open, and from values that have broken programs before.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from tests.matrix.crawl import crawl
from tests.matrix.pages import Page
from tests.matrix.people import PASSWORD
from tests.matrix.routes import ROUTES
from tests.matrix.world import BASE, Actor, World
from tests.proof.scanned import CURRENT

NASTY = (
    "", " ", "0", "-1", "1e309", "NaN", "9" * 40, "1,5", "1.234,5", "٣", "²", "true", "null", "2026-02-30", "0000-00-00",
    "31/12/9999", "9999-12-31", "2026-13", "\x00", "a\x00b", "\ud7ff", "\u202e", "😀" * 40, "x" * 5000, "%00", "%s%n", "{{7*7}}",
    "${7*7}", "<script>alert(1)</script>", "' OR '1'='1", "\\", "../../etc/passwd", "a\r\nSet-Cookie: a=b", "=1+1", "[]", "{}",
)  # fmt: skip
# What nobody would guess, and without which nothing is ever signed.
RIGHT = dict.fromkeys(("password", "sandi", "lama"), (PASSWORD,))
PLAIN = "application/x-www-form-urlencoded"
TEXT: dict[str, Any] = {"type": "string", "maxLength": 80}


@dataclass
class Form:
    """A form of a page: where it goes, and each name with the values it was offered with."""

    action: str
    method: str
    multipart: bool
    fields: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    files: set[str] = field(default_factory=set)


class Forms(HTMLParser):
    """Reads the forms of a page, with controls that name their form from elsewhere on it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._named: dict[str, Form] = {}
        self._open: Form | None = None
        self._select: tuple[Form, str] | None = None
        self._later: list[tuple[str, str, dict[str, str]]] = []
        self.feed(html)
        self.close()
        for tag, owner, given in self._later:
            if owner in self._named:
                self._take(self._named[owner], tag, given)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            multipart = given.get("enctype", "").startswith("multipart")
            self._open = Form(given.get("action", ""), given.get("method", "get").lower(), multipart)
            self.forms.append(self._open)
            if given.get("id"):
                self._named[given["id"]] = self._open
        elif tag == "option" and self._select:
            self._select[0].fields[self._select[1]].append(given.get("value", ""))
        elif tag in ("input", "select", "textarea", "button") and given.get("name"):
            if given.get("form"):
                self._later.append((tag, given["form"], given))
            elif self._open:
                self._take(self._open, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = None

    def _take(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given["name"]
        if given.get("type") == "file":
            form.files.add(name)
        elif tag == "select":
            form.fields[name] += []
            self._select = (form, name)
        else:
            form.fields[name] += [given["value"]] if given.get("value") else []


@dataclass
class Known:
    """What one person can ask for."""

    # (method, route) -> values seen in the place of each of its variables
    arguments: dict[tuple[str, str], dict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    # route -> values seen for each name of its query
    queries: dict[str, dict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    # a few addresses of each route, with their query
    visited: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    # a few forms of each shape: (address without query, form)
    forms: dict[tuple[str, ...], list[tuple[str, Form]]] = field(default_factory=lambda: defaultdict(list))

    def questions(self) -> Iterator[str]:
        """One address of each route that takes a query, with every name seen there."""
        for route, names in sorted(self.queries.items()):
            if self.visited[route]:
                path = urlsplit(self.visited[route][0]).path
                yield (
                    path
                    + "?"
                    + "&".join(f"{name}={max(values, default='')}" for name, values in sorted(names.items()))
                )


def known_to(world: World, key: str, each: int) -> Known:
    """Follow the links from every plain page; `each` addresses and forms of one kind are kept."""
    found, actor = Known(), world.actor(key)
    starts = [
        row.path
        for (method, name), row in ROUTES.items()
        if method == "GET" and row.path and "{" not in row.path and name != "static"
    ]
    pages = ((visited.path, visited.status, visited.text) for visited in crawl(actor, tuple(starts), 2, 75))
    for path, status, text in (*pages, *_documents(world, actor)):
        route = _route(world, path, "GET")
        if route is None or status >= 400:
            continue
        _note_address(found, route, path, each)
        for form in Forms(text).forms:
            target = urlsplit(urljoin(BASE + path, form.action))
            _note_form(world, found, target.path, form, each)
    return found


def _documents(world: World, actor: Actor) -> Iterator[tuple[str, int, str]]:
    """The page of each document, and of everything it offers to do."""
    for number in world.papers.values():
        answer = actor.get(f"/dokumen/{number}")
        text = answer.get_data(as_text=True)
        yield f"/dokumen/{number}", answer.status_code, text
        steps = [urlsplit(link).path for link in Page(text).links if f"/dokumen/{number}/" in link]
        for path in dict.fromkeys(steps):
            answer = actor.get(path)
            html = answer.headers.get("Content-Type", "").startswith("text/html")
            yield path, answer.status_code, answer.get_data(as_text=True) if html else ""


def _route(world: World, address: str, method: str) -> tuple[Rule, dict[str, Any]] | None:
    adapter = world.app.url_map.bind("localhost", url_scheme="https")
    try:
        rule, arguments = adapter.match(urlsplit(address).path, method, return_rule=True)
    except HTTPException:
        return None
    return (rule, arguments) if isinstance(rule, Rule) else None


def _note_address(found: Known, route: tuple[Rule, dict[str, Any]], address: str, each: int) -> None:
    rule, arguments = route
    for name, value in arguments.items():
        found.arguments["GET", rule.rule][name].add(str(value))
    for name, value in parse_qsl(urlsplit(address).query, keep_blank_values=True):
        found.queries[rule.rule][name].add(value)
    if len(found.visited[rule.rule]) < each:
        found.visited[rule.rule].append(address)


def _note_form(world: World, found: Known, path: str, form: Form, each: int) -> None:
    method = "POST" if form.method == "post" else "GET"
    route = _route(world, path, method)
    if route is None:
        return
    rule, arguments = route
    if method == "GET":
        for name, values in form.fields.items():
            found.queries[rule.rule][name] |= set(values[:20])
        return
    for name, value in arguments.items():
        found.arguments["POST", rule.rule][name].add(str(value))
    names = {re.sub(r"\d+", "N", name) for name in (*form.fields, *form.files)}
    shape = (rule.rule, str(arguments.get("event", "")), *sorted(names))
    if len(found.forms[shape]) < each:
        found.forms[shape].append((path, form))


def openapi(world: World, known: Known, proof: str | None) -> dict[str, Any]:
    """An OpenAPI of every route and every form of one person; `proof` of origin goes with each form, or with none."""
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for rule in world.app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            path = re.sub(r"<(?:[^:<>]*(?:\([^)]*\))?:)?(\w+)>", r"{\1}", rule.rule)
            paths[path][method.lower()] = _of_route(known, rule, method, proof)
    for forms in known.forms.values():
        for path, form in forms:
            _add_form(paths[path], form, proof)
    return {"openapi": "3.0.3", "info": {"title": "kinerja", "version": "0"}, "paths": paths}


def operation(parameters: Iterable[dict[str, Any]], body: dict[str, Any] | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "parameters": list(parameters),
        "responses": {"default": {"description": "anything but a breakdown"}},
    }
    return made | ({"requestBody": {"required": True, "content": body}} if body else {})


def parameter(place: str, name: str, seen: Iterable[str]) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": _value(seen, place == "query")}


def _value(seen: Iterable[str], nasty: bool = True) -> dict[str, Any]:
    some = sorted({value for value in seen if value})[:25]
    return {"anyOf": [*([{"enum": some}] if some else []), *([{"enum": list(NASTY)}] if nasty else []), TEXT]}


def _of_route(known: Known, rule: Rule, method: str, proof: str | None) -> dict[str, Any]:
    arguments = known.arguments.get((method, rule.rule), {})
    parameters = [parameter("path", name, arguments.get(name, ())) for name in sorted(rule.arguments)]
    if method == "GET":
        queries = known.queries.get(rule.rule, {})
        return operation(
            [*parameters, *(parameter("query", name, seen) for name, seen in sorted(queries.items()))]
        )
    row, fields = ROUTES.get((method, rule.endpoint)), defaultdict[str, list[str]](list)
    for name, value in (row.data if row else {}).items():
        fields[name].append(value)
    for (route, *_names), forms in known.forms.items():
        for _path, form in forms if route == rule.rule else ():
            for name, values in form.fields.items():
                fields[name] += values
    return operation(parameters, {PLAIN: {"schema": {"anyOf": [_schema(fields, (), proof)]}}})


def _schema(fields: dict[str, list[str]], files: Iterable[str], proof: str | None) -> dict[str, Any]:
    made = {name: _value([*values, *RIGHT.get(name, ())]) for name, values in fields.items()}
    made |= {name: {"type": "string", "format": "binary"} for name in files}
    made.pop("csrf_token", None)
    required = []
    if "version" in made:
        made["version"] = {"anyOf": [{"enum": [CURRENT]}, {"enum": [CURRENT]}, _value(fields["version"])]}
        required.append("version")
    if proof is not None:
        made["csrf_token"] = {"enum": [proof]}
        required.append("csrf_token")
    schema = {"type": "object", "properties": made, "additionalProperties": False}
    return schema | ({"required": required} if required else {})


def _add_form(methods: dict[str, Any], form: Form, proof: str | None) -> None:
    """Beside other forms of the same address, if there are any."""
    schema = _schema(form.fields, form.files, proof)
    kind = "multipart/form-data" if form.multipart else PLAIN
    content = methods.setdefault(
        "post", operation([], {}) | {"requestBody": {"required": True, "content": {}}}
    )
    known = content["requestBody"]["content"].setdefault(kind, {"schema": {"anyOf": []}})
    known["schema"]["anyOf"].append(schema)
