"""Domain exceptions become HTTP once: 403 not yours to do, 404 not there for you, 409 reload, 422 what is missing."""

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from kinerja.db import db
from kinerja.services.errors import BadInput, NotAllowed, NotThere, Stale
from kinerja.views.htmx import wants_fragment
from kinerja.workflows.base import Incomplete

PAGES = {400, 401, 403, 404, 409, 413, 422, 429, 500}


def _page(status: int, **context: object) -> Response:
    return make_response(
        render_template(f"errors/{status}.html", fragment=wants_fragment(), **context), status
    )


def not_there(_error: NotThere) -> Response:
    db.session.rollback()
    return _page(404)


def not_allowed(error: NotAllowed) -> Response:
    db.session.rollback()
    return _page(403, reasons=error.reasons, event=error.event)


def stale(error: Stale) -> Response:
    """The document moved on: say so, show what was typed, and where to look at the newer one."""
    document = error.document
    public_id = document.public_id
    db.session.rollback()
    typed = [(name, value) for name, value in request.form.items(multi=True) if _is_typed(name, value)]
    return _page(409, public_id=public_id, typed=typed)


def _is_typed(name: str, value: str) -> bool:
    return bool(value.strip()) and name not in ("csrf_token", "version", "key", "do", "password")


def missing(error: Incomplete | BadInput) -> Response:
    db.session.rollback()
    problems = error.unmet if isinstance(error, Incomplete) else error.problems
    return _page(422, problems=problems)


def http(error: HTTPException) -> Response:
    db.session.rollback()
    status = error.code or 500
    if status in PAGES:
        return _page(status)
    return error.get_response()  # type: ignore[return-value]


def init_app(app: Flask) -> None:
    app.register_error_handler(NotThere, not_there)
    app.register_error_handler(NotAllowed, not_allowed)
    app.register_error_handler(Stale, stale)
    app.register_error_handler(Incomplete, missing)
    app.register_error_handler(BadInput, missing)
    app.register_error_handler(HTTPException, http)
