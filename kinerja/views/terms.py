"""Terms of the regulations, explained where a page first names them: a link to the glossary whose meaning shows on
hover and focus. It needs no script, and no page has to say which of its words are terms."""

import re
from functools import lru_cache
from typing import Any

from flask import Flask, g
from markupsafe import Markup, escape

from kinerja.services import guidance
from kinerja.views.addresses import url_for
from kinerja.views.saying import gettext, language, word

# Of the names of a term those that are everyday words too: in a heading they explain nothing.
EVERYDAY = frozenset({"atasan", "is", "matriks", "pengelola", "penilai", "penugasan", "pimpinan", "ss"})
LINK = Markup('<a class="k-term" href="{href}" data-tip="{meaning}">{shown}</a>')
MARK = Markup(
    '{shown} <a class="k-term k-term--mark" href="{href}" data-tip="{meaning}" aria-label="{label}">?</a>'
)


def init_app(app: Flask) -> None:
    app.jinja_env.globals["istilah"] = explained


def explained(text: Any, mark: bool = False) -> Any:
    """A label of a page with each term that the page has not named before made a link with its meaning.

    With `mark` the link is a question mark after the label: in the head of a table, which a phone does not show.
    """
    if not isinstance(text, str) or "<" in text:
        return text
    locale = language()
    pieces = _pieces(locale, str(text))
    if len(pieces) == 1:
        return text
    safe = Markup if isinstance(text, Markup) else escape  # what `_()` said is escaped already
    seen = g.setdefault("kinerja_terms", set())
    said, known = [], _names(locale)[1]
    for n, piece in enumerate(pieces):
        entry = known[piece.casefold()] if n % 2 else None
        if entry is None or entry.term in seen:
            said.append(safe(piece))
            continue
        seen.add(entry.term)
        said.append(_linked(safe(piece), entry, mark))
    return Markup("").join(said)


def _linked(shown: Markup, entry: guidance.Entry, mark: bool) -> Markup:
    href = f"{url_for('help.glossary')}#{entry.anchors[0]}"
    label = gettext("Arti %(term)s", term=shown.unescape())
    return (MARK if mark else LINK).format(shown=shown, href=href, meaning=entry.meaning, label=label)


@lru_cache(maxsize=4000)
def _pieces(locale: str, text: str) -> list[str]:
    """The text cut at its terms: every second piece is one."""
    return _names(locale)[0].split(text)


@lru_cache(maxsize=8)
def _names(locale: str) -> tuple[re.Pattern[str], dict[str, guidance.Entry]]:
    """Every name of a term in a language, longest first, and what it stands for."""
    known = {}
    for entry in guidance.entries(locale):
        for name in (entry.term, *entry.names):
            if name.casefold() not in EVERYDAY and "," not in name and "(" not in name:
                known[word(name).casefold()] = entry
    longest = sorted(known, key=lambda name: (-len(name), name))
    pattern = "|".join(re.escape(name) for name in longest)
    return re.compile(rf"(?<![\w/.-])({pattern})(?![\w/-])", re.IGNORECASE), known
