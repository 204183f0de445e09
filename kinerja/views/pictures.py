"""The drawing of a flow with "Anda di sini": the same for every document of a kind and state, so it is drawn once."""

from functools import lru_cache

from flask import render_template
from flask_babel import get_locale, gettext
from markupsafe import Markup

from kinerja.services import flows
from kinerja.workflows.base import DocumentFlow


def of_flow(flow: type[DocumentFlow], state: str) -> Markup:
    """The section with the drawing, in the language of this request."""
    return _drawn(flow, state, str(get_locale()))


@lru_cache(maxsize=512)
def _drawn(flow: type[DocumentFlow], state: str, locale: str) -> Markup:
    drawing = flows.picture(flow, state, gettext)
    # our own template, which escapes what it is given
    return Markup(render_template("documents/_diagram.html", flow_picture=drawing))  # noqa: S704  # nosec B704
