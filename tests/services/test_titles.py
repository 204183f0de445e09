"""A document is called the same on its own page, in lists and in notices; each step of it is told in a sentence."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kinerja.services import notices, told
from kinerja.services.kinds import all_kinds
from kinerja.services.lists import LIST_TITLES, main_label
from kinerja.workflows import FLOWS
from kinerja.workflows.base import ENGINE_EVENTS
from kinerja.workflows.roles import Relation


def test_lists_call_every_kind_of_document_as_its_page_does() -> None:
    document = SimpleNamespace(
        slot="TW1",
        period=SimpleNamespace(year=2026, rule_set="kmk300-2022"),
        subject=SimpleNamespace(name="Sekar Ayu Lestari"),
        unit=SimpleNamespace(name="Direktorat Layanan Data"),
    )
    assert {code: kind.title(document)[0] for code, kind in all_kinds().items()} == LIST_TITLES


@pytest.mark.parametrize("kind", FLOWS)
def test_every_step_is_told_in_a_sentence_about_the_document(kind: str) -> None:
    flow = FLOWS[kind]
    events = {step.event for step in (*flow.moves(), *flow.entries)} - notices.SILENT_EVENTS
    for event in sorted(events):
        said = told.sentence(kind, event) % {"who": "Bagas Wicaksono", "document": "SKP 2026"}
        assert "SKP 2026" in said, event
        assert said.endswith("."), event


def test_no_sentence_is_kept_for_a_step_that_is_gone() -> None:
    known = {
        name
        for kind, flow in FLOWS.items()
        for step in (*flow.moves(), *flow.entries)
        for name in (step.event, f"{kind} {step.event}")
    }
    assert set(told.SENTENCES) - known == set(ENGINE_EVENTS)


@pytest.mark.parametrize(
    ("kind", "state", "turn", "word"),
    [
        ("skp", "submitted", Relation.PENILAI, "Mulai dialog"),
        ("realisation", "open", Relation.SUBJECT, "Isi realisasi"),
        ("realisation", "draft", Relation.SUBJECT, "Rekam"),
        ("predicate_review", "proposed", Relation.ATASAN, "Kalibrasi"),
        ("predicate_review", "calibrated", Relation.PENILAI, "Tetapkan"),
        ("predicate_review", "delivered", Relation.SUBJECT, "Tandai diterima"),
        ("predicate_review", "received", Relation.SUBJECT, "Tanda tangani dan kembalikan"),
        ("objection", "in_examination", Relation.DECIDER, ""),
    ],
)
def test_the_button_of_a_row_names_the_step_of_whose_turn_it_is_and_nothing_where_he_has_a_choice(
    kind: str, state: str, turn: Relation, word: str
) -> None:
    assert main_label(kind, 1, state, turn) == word
