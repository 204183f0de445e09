"""A document is called the same on its own page, in lists and in notices."""

from __future__ import annotations

from types import SimpleNamespace

from kinerja.services.kinds import all_kinds
from kinerja.services.lists import LIST_TITLES


def test_lists_call_every_kind_of_document_as_its_page_does() -> None:
    document = SimpleNamespace(
        slot="TW1", period=SimpleNamespace(year=2026), subject=SimpleNamespace(name="Sekar Ayu Lestari")
    )
    assert {code: kind.title(document)[0] for code, kind in all_kinds().items()} == LIST_TITLES
