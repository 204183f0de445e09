"""`_()` of templates, quickly: a page says hundreds of words; asking for the language each time is a third of it."""

from functools import lru_cache
from typing import Any

from flask import Flask, g, has_app_context
from flask_babel import get_domain, get_locale
from markupsafe import Markup


def init_app(app: Flask) -> None:
    app.jinja_env.globals["_"] = say


def say(text: Any, **params: Any) -> Markup:
    """A text of a template in the language of this request, its parameters escaped and put in."""
    said = Markup(word(str(text)))  # noqa: S704  (a text of the catalogue; parameters are escaped below)
    return said % params if params or "%" in said else said


def word(text: str) -> str:
    """A text of the catalogue as it is, in the language of this request; outside of one in that of the source."""
    if not text or not has_app_context():
        return text  # the empty text names the head of a catalogue
    words = g.get("kinerja_words")
    if words is None:
        words = g.kinerja_words = _words(str(get_locale()))
    found: str = words.ugettext(text)
    return found


@lru_cache(maxsize=8)
def _words(locale: str) -> Any:
    """The catalogue of a language; read once, not once a request."""
    return get_domain().get_translations()
