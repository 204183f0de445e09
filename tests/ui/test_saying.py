"""The quick `_()` says what flask_babel's says: in each language, with parameters escaped, percent signs kept."""

from __future__ import annotations

import pytest
from flask import Flask, g, render_template_string
from flask_babel import force_locale, gettext
from jinja2.ext import _gettext_alias

from kinerja.views import formats, saying

TEXTS = ["Beranda", "Semua waktu dalam %(zone)s", "100%% selesai", "Tidak ada di katalog sama sekali"]


@pytest.fixture
def app() -> Flask:
    from kinerja import create_app
    from tests.plugins.app import NOWHERE, settings_for

    return create_app(settings_for(NOWHERE))


@pytest.mark.parametrize("locale", ["id", "en"])
@pytest.mark.parametrize("text", TEXTS)
def test_the_quick_way_says_the_same_as_the_slow_one(app: Flask, locale: str, text: str) -> None:
    with app.test_request_context(), force_locale(locale):
        given = {"zone": "<b>WIB</b>"} if "%(" in text else {}
        quick = render_template_string("{{ _(text, **given) }}", text=text, given=given)
        app.jinja_env.globals["_"] = _gettext_alias
        del app.jinja_env.filters["_"]
        assert quick == render_template_string("{{ _(text, **given) }}", text=text, given=given)
        assert "<b>" not in quick


def test_two_languages_in_one_process_do_not_mix(app: Flask) -> None:
    told = []
    for locale in ("id", "en", "id"):
        with app.test_request_context(), force_locale(locale):
            g.pop("kinerja_words", None)
            told.append((saying.word("Beranda"), gettext("Beranda")))
    assert all(quick == slow for quick, slow in told)
    assert told[0] == told[2]


def test_a_sentence_outside_of_a_request_is_in_the_language_of_the_source() -> None:
    assert formats.kalimat("Giliran %(who)s", {"who": "Anda"}) == "Giliran Anda"
