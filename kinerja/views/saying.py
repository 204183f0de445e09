"""`_()` of templates, quickly: a page says hundreds of words; asking for the language each time is a third of it."""

from functools import lru_cache
from typing import Any

from flask import Flask, g
from flask_babel import get_domain, get_locale
from jinja2 import pass_context
from markupsafe import Markup


class Words(dict[str, str]):
    """The catalogue of one language, by the text of the source; looked into once for each text of a process."""

    def __init__(self, locale: str):
        self.locale = locale
        self.catalogue: Any = get_domain().get_translations()  # kept by flask_babel for this language
        self.said = Said(self)

    def __missing__(self, text: str) -> str:
        found: str = (
            self.catalogue.ugettext(text) if text else text
        )  # the empty text names the head of a catalogue
        if len(self) < MOST:
            self[text] = found
        return found


class Said(dict[str, Markup]):
    """The same for templates: texts without parameters, safe to print."""

    def __init__(self, words: Words | None):
        self.words = words

    def __missing__(self, text: str) -> Markup:
        said = Markup(text if self.words is None else self.words[text])  # noqa: S704  # nosec B704 # a text of the catalogue
        found = said % {} if "%" in said else said
        if len(self) < MOST:
            self[text] = found
        return found


# Far more texts than there are; what people wrote is not a text of the catalogue, but might be looked for in it.
MOST = 20_000


def init_app(app: Flask) -> None:
    app.jinja_env.globals["_"] = say
    app.jinja_env.filters["_"] = pass_context(lambda _context, *args, **params: say(*args, **params))


def say(text: Any, **params: Any) -> Markup:
    """A text of a template in the language of this request, its parameters escaped and put in."""
    if params:
        return Markup(word(str(text))) % params  # noqa: S704  # nosec B704 # as above; `%` escapes
    words = _here()
    return Said(None)[str(text)] if words is None else words.said[str(text)]


def word(text: str) -> str:
    """A text of the catalogue as it is, in the language of this request; outside of one in that of the source."""
    words = _here()
    return text if words is None else words[text]


def gettext(text: str, **params: Any) -> str:
    """flask_babel's, quickly."""
    said = word(text)
    return said % params if params else said


def language() -> str:
    """The language of this request; outside of one that of the source."""
    words = _here()
    return "id" if words is None else words.locale


def _here() -> Words | None:
    """The words of this request, found once."""
    try:
        kept = vars(g._get_current_object())  # the proxy would ask anew for each name
    except RuntimeError:
        return None
    words: Words | None = kept.get("kinerja_words")
    if words is None:
        words = kept["kinerja_words"] = _words(str(get_locale() or "id"))
    return words


@lru_cache(maxsize=8)
def _words(locale: str) -> Words:
    """The catalogue of a language; read once, not once a request."""
    return Words(locale)
