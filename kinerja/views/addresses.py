"""`url_for`, quickly: a list of fifty rows makes a hundred addresses, nearly all of one pattern with a plain id."""

import re
from typing import Any

import flask
from flask import Flask, current_app, has_request_context, request
from werkzeug.routing import BuildError

# Values that stand in an address as they are.
PLAIN = re.compile(r"[A-Za-z0-9_-]+").fullmatch
MARKED = re.compile(r"kinerja-(\d+)-kinerja")
MARK = "kinerja-{}-kinerja"
MOST = 5_000


def init_app(app: Flask) -> None:
    app.extensions["kinerja_addresses"] = {}
    app.jinja_env.globals["url_for"] = url_for


def url_for(endpoint: str, **values: Any) -> str:
    """The address of a page: flask.url_for's, from a pattern kept for each endpoint and names of plain values."""
    if not has_request_context() or current_app.debug or endpoint.startswith("."):
        return flask.url_for(endpoint, **values)
    if endpoint == "static":
        return _kept(endpoint, tuple(values.items()), values) or flask.url_for(endpoint, **values)
    plain = [str(value) if type(value) is int else value for value in values.values()]
    if not all(type(value) is str and PLAIN(value) for value in plain):
        return flask.url_for(endpoint, **values)
    marks = {name: MARK.format(number) for number, name in enumerate(values)}
    pattern = _kept(endpoint, tuple(values), marks)
    if not pattern:
        return flask.url_for(endpoint, **values)
    return MARKED.sub(lambda mark: plain[int(mark[1])], pattern)


def _kept(endpoint: str, about: Any, values: dict[str, Any]) -> str:
    """What flask.url_for said the first time; empty where the endpoint takes no marks for values."""
    kept: dict[Any, str] = current_app.extensions["kinerja_addresses"]
    key = (request.script_root, endpoint, about)
    if key not in kept:
        if len(kept) > MOST:
            kept.clear()
        try:
            kept[key] = flask.url_for(endpoint, **values)
        except (BuildError, ValueError):
            kept[key] = ""
    return kept[key]
