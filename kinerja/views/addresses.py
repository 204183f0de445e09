"""`url_for`, quickly: a list of fifty rows makes a hundred addresses, nearly all of one pattern with a plain id."""

import re
from typing import Any

import flask
from flask import Flask, current_app, g, has_request_context, request
from jinja2 import pass_context
from werkzeug.routing import BuildError

# Values that stand in an address as they are.
PLAIN = re.compile(r"[A-Za-z0-9_.-]+").fullmatch
# Where a value goes; some places take numbers only.
MARKED = re.compile(r"kinerja-(\d+)-kinerja|88008800(\d\d)")
MARK, NUMBER = "kinerja-{}-kinerja", 8800880000
MOST = 5_000


def init_app(app: Flask) -> None:
    app.extensions["kinerja_addresses"] = {}
    app.jinja_env.globals["url_for"] = url_for
    app.jinja_env.filters["url_for"] = pass_context(
        lambda _context, *args, **values: url_for(*args, **values)
    )


def url_for(endpoint: str, **values: Any) -> str:
    """The address of a page: flask.url_for's, from a pattern kept for each endpoint and names of plain values."""
    kept = _kept()
    if kept is None or endpoint.startswith("."):
        return flask.url_for(endpoint, **values)
    if endpoint == "static":
        return _said(kept, (endpoint, *values.items()), endpoint, values) or flask.url_for(endpoint, **values)
    plain: list[str] = []
    names: list[Any] = []
    for name, value in values.items():
        if type(value) is int:
            plain.append(str(value))
            names.append((name,))
        elif type(value) is str and PLAIN(value):
            plain.append(value)
            names.append(name)
        elif value is not None:  # what is None does not stand in an address
            return flask.url_for(endpoint, **values)
    key = (endpoint, *names)
    pattern = kept[key] if key in kept else _said(kept, key, endpoint, _marks(names))
    if not pattern:
        return flask.url_for(endpoint, **values)
    return MARKED.sub(lambda mark: plain[int(mark[1] or mark[2])], pattern) if plain else pattern


def _kept() -> dict[Any, str] | None:
    """The patterns of this application under this root, found once a request; none outside of one."""
    try:
        here = vars(g._get_current_object())  # the proxy would ask anew for each name
    except RuntimeError:
        return None
    kept: dict[Any, str] | None = here.get("kinerja_addresses")
    if kept is None and has_request_context() and not current_app.debug:
        roots: dict[str, dict[Any, str]] = current_app.extensions["kinerja_addresses"]
        kept = here["kinerja_addresses"] = roots.setdefault(request.script_root, {})
    return kept


def _marks(names: list[Any]) -> dict[str, Any]:
    """A mark for each value; a name in a tuple is one of a number."""
    return {
        name[0] if type(name) is tuple else name: NUMBER + place
        if type(name) is tuple
        else MARK.format(place)
        for place, name in enumerate(names)
    }


def _said(kept: dict[Any, str], key: Any, endpoint: str, values: dict[str, Any]) -> str:
    """What flask.url_for said the first time; empty where the endpoint takes no marks for values."""
    if key not in kept:
        if len(kept) > MOST:
            kept.clear()
        try:
            kept[key] = flask.url_for(endpoint, **values)
        except (BuildError, ValueError):
            kept[key] = ""
    return kept[key]
