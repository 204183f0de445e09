"""Empty and closed pages: each says what happens next, by whom or when; an empty search says how to widen it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "kinerja" / "templates"
CALL = re.compile(r"ui\.empty\((?P<args>.*?)\) (?:}}|%})", re.S)
MUTED = re.compile(r'<p class="k-muted[^>]*>{{ (?P<args>_\(\'(?:Belum ada|Tidak ada)[^}]*)}}', re.S)
# Somebody who acts, or a moment at which it changes.
NEXT = re.compile(
    r"\bAnda\b|admin sistem|pengelola|penilai|pegawai|pimpinan|pemutus|begitu |sampai |sesudah |cari dengan|induknya|%\(when\)s|next_text",
    re.I,
)


def _said() -> list[tuple[str, str]]:
    found = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for call in (*CALL.finditer(text), *MUTED.finditer(text)):
            words = " ".join(call["args"].split())
            # The heading of ui.empty ("Tidak ada yang menunggu Anda") is no answer.
            said = words.partition("_('")[2].partition("_('")[2] if call.re is CALL else words
            if path.parent.name != "_ui" and "icon='search'" not in words:
                found.append((str(path.relative_to(TEMPLATES)), said or words))
    return found


def test_there_are_empty_pages_to_read() -> None:
    assert len(_said()) > 30


@pytest.mark.parametrize(("page", "words"), _said(), ids=[f"{p}: {w[:50]}" for p, w in _said()])
def test_an_empty_page_names_who_acts_next_or_when(page: str, words: str) -> None:
    assert NEXT.search(words), f"{page}: say what happens next, and who does it or when"


def test_the_head_of_a_list_stays_in_sight() -> None:
    css = (TEMPLATES.parent / "static" / "app.css").read_text(encoding="utf-8")
    rule = re.search(r"\.k-table--cards > thead th \{([^}]*)\}", css)
    assert rule, "lists are tables that become cards on a phone"
    assert "position: sticky; top: 0" in rule[1]
    assert "background: var(--k-page)" in rule[1], "rows would show through"
