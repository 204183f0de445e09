"""A term of the regulations is explained where a page first names it, in the reader's language."""

from __future__ import annotations

import pytest
from flask import Flask, g, render_template_string
from flask_babel import force_locale
from markupsafe import Markup

from kinerja.services import guidance
from kinerja.views import terms
from tests.ui.markup import complaints


@pytest.fixture(scope="module")
def app() -> Flask:
    from kinerja import create_app
    from tests.plugins.app import NOWHERE, settings_for

    return create_app(settings_for(NOWHERE))


def drawn(app: Flask, snippet: str, locale: str = "id", **context: object) -> str:
    with app.test_request_context(), force_locale(locale):
        return render_template_string('{% import "_ui.html" as ui %}' + snippet, **context)


def meaning_of(term: str, locale: str = "id") -> str:
    return next(e.meaning for e in guidance.entries(locale) if e.term == term)


@pytest.mark.parametrize(
    "snippet",
    [
        "{% call ui.section('s', 'Kalibrasi') %}isi{% endcall %}",
        "{{ ui.figures([{'label': 'Kalibrasi', 'value': 1}]) }}",
        "{{ ui.facts([('Tingkat kalibrasi', 1)]) }}",
        "{{ ui.head('Judul', sub='Sesudah kalibrasi predikat ditetapkan') }}",
        "{% call ui.table([{'label': 'Kalibrasi'}]) %}{% endcall %}",
    ],
)
def test_a_term_in_a_heading_a_figure_a_fact_or_a_column_brings_its_meaning(app: Flask, snippet: str) -> None:
    html = drawn(app, snippet)
    assert 'href="/bantuan/glosarium#kalibrasi"' in html
    assert str(Markup.escape(meaning_of("Kalibrasi"))) in html


def test_a_page_explains_a_term_once_and_another_page_again(app: Flask) -> None:
    twice = "{{ ui.facts([('Kalibrasi', 1), ('Kalibrasi', 2)]) }}"
    assert drawn(app, twice).count("k-term") == 1
    assert drawn(app, twice).count("k-term") == 1


def test_the_longest_name_wins_and_a_part_of_a_word_is_none(app: Flask) -> None:
    html = drawn(app, "{{ ui.facts([('Predikat kinerja organisasi', 1), ('Berpredikat', 2)]) }}")
    assert html.count("k-term") == 1
    assert "#predikat-kinerja-organisasi" in html


def test_a_column_keeps_its_name_beside_the_mark(app: Flask) -> None:
    html = drawn(app, "{% call ui.table([{'label': 'Capaian', 'num': True}]) %}{% endcall %}")
    assert "Capaian <a" in html
    assert 'aria-label="Arti Capaian"' in html


def test_an_english_reader_is_told_in_english(app: Flask) -> None:
    html = drawn(app, "{{ ui.facts([(_('Kalibrasi'), 1)]) }}", "en")
    assert str(Markup.escape(meaning_of("Kalibrasi", "en"))) in html


@pytest.mark.parametrize(
    ("text", "said"), [("<b>SKP</b>", "<b>SKP</b>"), ("Mutu & waktu", "Mutu & waktu"), (None, None), (7, 7)]
)
def test_what_is_no_plain_label_stays_as_it_is(app: Flask, text: object, said: object) -> None:
    with app.test_request_context():
        assert terms.explained(text) == said


def test_text_around_a_term_is_escaped_once(app: Flask) -> None:
    with app.test_request_context():
        assert terms.explained("Kalibrasi & sidang").endswith("</a> &amp; sidang")
        g.pop("kinerja_terms")
        assert terms.explained(Markup("Kalibrasi &amp; sidang")).endswith("</a> &amp; sidang")


def test_every_link_of_a_term_leads_to_an_anchor_of_the_glossary(app: Flask) -> None:
    entries = guidance.entries()
    with app.test_request_context():
        page = render_template_string('{% extends "help/glossary.html" %}', entries=entries, shell=None)
        linked = {entry.anchors[0] for entry in terms._names("id")[1].values()}
    assert linked
    assert {anchor for anchor in linked if f'id="{anchor}"' not in page} == set()


def test_what_is_drawn_is_well_made(app: Flask) -> None:
    html = drawn(app, "{{ ui.facts([('Kalibrasi', 1), ('Capaian dan predikat', 2)]) }}")
    assert complaints(html) == []
