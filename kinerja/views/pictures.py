"""The drawing of a flow with "Anda di sini": the same for every document of a kind and state, so it is drawn once."""

from functools import lru_cache

from flask import render_template
from flask_babel import get_locale, gettext
from markupsafe import Markup

from kinerja.services import flows


def flow_of(kind: str, state: str) -> Markup:
    """The section with the drawing, in the language of this request."""
    return _drawn(kind, state, str(get_locale()))


@lru_cache(maxsize=512)
def _drawn(kind: str, state: str, locale: str) -> Markup:
    drawing = flows.picture(kind, state, gettext)
    # our own template, which escapes what it is given
    return Markup(render_template("documents/_diagram.html", flow_picture=drawing))  # noqa: S704  # nosec B704
