"""One render for page and fragment: the same block of the same template, chosen by the view alone."""

from typing import Any

from flask import Response, make_response, render_template
from htmx_flask import request
from jinja2_fragments.flask import render_block


def wants_fragment() -> bool:
    """Is this a swap by htmx? Boosted and history-restore requests need the whole page."""
    hx = request.htmx
    return bool(hx) and not hx.boosted and not hx.history_restore_request


def render(template: str, /, *, fragment: str, status: int = 200, **context: Any) -> Response:
    """The whole page, or for htmx only its named block."""
    html = (
        render_block(template, fragment, **context)
        if wants_fragment()
        else render_template(template, **context)
    )
    return make_response(html, status)
