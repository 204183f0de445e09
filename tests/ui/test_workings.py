"""Where a page shows a figure that was computed, it opens how the figure came about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kinerja

TEMPLATES = Path(kinerja.__file__).parent / "templates"
# What draws a computed figure, and what opens its working.
DRAWS = {
    r"parts\.(capaian|lines)\(": r"parts\.working\(",
    r"content\.(suggestion|predicate)\b": r"parts\.working\(|'href': '#angka'",
    r"ui\.distribution\(": r"Bagian = pegawai dengan predikat itu",
}
PAGES = sorted(
    path
    for path in TEMPLATES.rglob("*.html")
    if any(re.search(pattern, path.read_text(encoding="utf-8")) for pattern in DRAWS)
)


def test_there_are_such_pages() -> None:
    assert len(PAGES) >= 4


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_with_a_computed_figure_opens_its_working(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for figure, working in DRAWS.items():
        if re.search(figure, text):
            assert re.search(working, text), f"{page.name}: {figure} without {working}"


def test_a_working_says_how_it_is_rounded_and_by_which_article() -> None:
    for name in ("_realisation_parts", "_review_parts"):
        text = (TEMPLATES / "documents" / "kinds" / f"{name}.html").read_text(encoding="utf-8")
        assert "source" in text
        assert "assumed" in text
    realised = (TEMPLATES / "documents" / "kinds" / "_realisation_parts.html").read_text(encoding="utf-8")
    assert "setengah dibulatkan ke atas" in realised


def test_the_official_form_leads_to_the_working() -> None:
    assert "_anchor='angka'" in (TEMPLATES / "forms" / "show.html").read_text(encoding="utf-8")
