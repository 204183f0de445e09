"""Exceptions become HTTP once: 403 not yours, 404 not there for you, 409 reload, 422 what is missing, 503 later."""

from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request, url_for
from flask_login import AnonymousUserMixin
from jinja2_fragments.flask import render_block
from werkzeug.exceptions import HTTPException

from kinerja.services import outages, reading
from kinerja.services.errors import BadInput, NotAllowed, NotThere, Stale
from kinerja.views import formats, visitor
from kinerja.views.htmx import wants_fragment
from kinerja.workflows.base import Incomplete

SWAPPED = {409, 422}
PAGES = {400, 401, 403, 404, 409, 413, 422, 429, 500}


def _page(status: int, **context: object) -> Response:
    """The whole page; for a swap of htmx, which shows 409 and 422 in place, only what stands in the panel."""
    template = f"errors/{status}.html"
    if wants_fragment() and status in SWAPPED:
        return make_response(render_block(template, "main", **context), status)
    return make_response(render_template(template, **context), status)


def not_there(_error: NotThere) -> Response:
    reading.let_go()
    return _page(404)


def _document_url() -> str | None:
    """The way back to the document this request was about."""
    public_id = (request.view_args or {}).get("public_id")
    return (
        url_for("documents.show", public_id=public_id)
        if public_id and request.blueprint == "documents"
        else None
    )


def not_allowed(error: NotAllowed) -> Response:
    """A refused act on a document one may read: which condition, who can."""
    reading.let_go()
    reason = " ".join(formats.kalimat(*_words(r)) for r in error.reasons)
    return _page(403, reason=reason or None, document_url=_document_url(), typed=visitor.typed())


def stale(error: Stale) -> Response:
    """The document moved on: say so, show what was typed, and where to look at the newer one."""
    public_id = error.document.public_id
    reading.let_go()
    url = url_for("documents.show", public_id=public_id)
    return _page(409, document_url=url, typed=visitor.typed())


def _words(reason: Any) -> tuple[str, Any]:
    """A reason is a condition with its parameters, or a plain sentence."""
    return (reason, None) if isinstance(reason, str) else (reason.message, reason.params)


def missing(error: Incomplete | BadInput) -> Response:
    reading.let_go()
    found = error.unmet if isinstance(error, Incomplete) else error.problems
    problems = [
        {"text": formats.kalimat(u.message, u.params), "source": formats.bertanggal(u.source)} for u in found
    ]
    return _page(422, problems=problems, typed=visitor.typed(), back=_document_url())


def unavailable(error: outages.OperationalError) -> Response:
    """Nothing could be written, or the database is away: the page says which, and keeps what was typed."""
    outages.give_up()
    trouble = outages.trouble_of(error)
    # Its text names the statement, never a value; nobody else hears of it.
    current_app.logger.error("database %s: %s", trouble, type(error.orig).__name__)
    context = {"trouble": trouble, "typed": visitor.typed() if request.method == "POST" else None}
    try:
        answer = _page(503, **context)
    except outages.SQLAlchemyError:
        outages.give_up()
        g.shell, g._login_user = None, AnonymousUserMixin()
        answer = _page(503, **context)
    answer.headers["Retry-After"] = "30"
    return answer


def http(error: HTTPException) -> Response:
    reading.let_go()
    status = error.code or 500
    if status not in PAGES:
        return error.get_response()  # type: ignore[return-value]
    # What was too large to be read cannot be shown again.
    readable = request.method == "POST" and status != 413
    context: dict[str, object] = {"typed": visitor.typed()} if readable else {}
    if status == 413:
        context["limit"] = "10 MB"
    return _page(status, **context)


def init_app(app: Flask) -> None:
    app.register_error_handler(NotThere, not_there)
    app.register_error_handler(NotAllowed, not_allowed)
    app.register_error_handler(Stale, stale)
    app.register_error_handler(Incomplete, missing)
    app.register_error_handler(BadInput, missing)
    app.register_error_handler(outages.OperationalError, unavailable)
    app.register_error_handler(HTTPException, http)
