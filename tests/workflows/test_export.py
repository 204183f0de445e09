"""What kinerja prints about its flows is what it runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from statemachine import State

from kinerja.cli import main
from kinerja.rules import deadlines
from kinerja.services import effects
from kinerja.services.kinds import all_kinds
from kinerja.workflows import FLOWS, export
from kinerja.workflows.base import DocumentFlow, Entry, step
from kinerja.workflows.roles import Relation


@pytest.fixture(params=list(FLOWS))
def flow(request: pytest.FixtureRequest) -> type[DocumentFlow]:
    return FLOWS[request.param]


@pytest.fixture
def printed(flow: type[DocumentFlow]) -> dict[str, Any]:
    result = CliRunner().invoke(main, ["flows", "--format", "json", flow.kind])
    assert result.exit_code == 0
    (only,) = json.loads(result.output)["flows"]
    return dict(only)


def test_the_page_of_flows_is_what_the_tables_say_today() -> None:
    assert export.PAGE.read_text(encoding="utf-8") == export.as_markdown(FLOWS.values()), (
        "run scripts/flows-md"
    )


def test_json_names_each_transition_of_the_machine_once(
    flow: type[DocumentFlow], printed: dict[str, Any]
) -> None:
    run = [
        (str(state.value), event.id, str(transition.target.value))
        for state in flow.states
        for transition in state.transitions
        for event in transition.events
    ]
    assert [(t["from"], t["event"], t["to"]) for t in printed["transitions"]] == run


def test_json_names_states_with_label_beginning_and_end(
    flow: type[DocumentFlow], printed: dict[str, Any]
) -> None:
    assert [(s["id"], s["label"], s["final"]) for s in printed["states"]] == [
        (str(state.value), state.name, state.final) for state in flow.states
    ]
    assert {s["id"] for s in printed["states"] if s["initial"]} == {
        entry["to"] for entry in printed["entries"]
    }
    assert [entry["event"] for entry in printed["entries"]] == [entry.event for entry in flow.entries]


def test_json_tells_of_each_transition_who_guards_deadline_source_and_effects(
    printed: dict[str, Any],
) -> None:
    relations = {str(relation) for relation in Relation}
    for row in printed["transitions"]:
        assert row["who"]
        assert set(row["who"]) <= relations
        assert row["guards"][0].startswith("by_")
        assert row["label"]
        assert isinstance(row["effects"], list)
        assert {"source", "status", "deadline", "exit"} <= row.keys()


def test_json_resolves_each_deadline_from_the_table(
    flow: type[DocumentFlow], printed: dict[str, Any]
) -> None:
    codes = [move.row.due for move in flow.moves()]
    for code, row in zip(codes, printed["transitions"], strict=True):
        if not code:
            assert row["deadline"] is None
            continue
        told, known = row["deadline"], deadlines.table()[code]
        assert (told["code"], told["kind"], told["status"], told["source"]) == (
            code, known.kind, known.status, known.source,
        )  # fmt: skip
        assert told["text"]
        assert told.get("days", 0) == known.days


@pytest.mark.parametrize(
    "row, words",
    [
        ({"kind": "working_days", "days": 5}, "5 hk"),
        ({"kind": "at_once"}, "seketika"),
        ({"kind": "calendar_date", "month": 1, "day": 31}, "31 Januari"),
        ({"kind": "calendar_date", "month": 1, "day": 31, "at_least": 5}, "31 Januari, sedikitnya 5 hk"),
        ({"kind": "calendar_date", "month": 1, "day": 10, "year_offset": 1}, "10 Januari tahun berikutnya"),
        ({"kind": "window", "date": "closes"}, "akhir jendela evaluasi"),
        ({"kind": "window", "date": "closes", "days": 14}, "akhir jendela evaluasi + 14 hk"),
        ({"kind": "window", "date": "closes", "days": -2}, "akhir jendela evaluasi - 2 hk"),
        ({"kind": "window", "date": "received", "days": 14}, "dokumen diterima + 14 hk"),
        ({"kind": "window", "date": "closes", "at_start": True}, "menjelang akhir jendela evaluasi"),
        (
            {"kind": "window", "date": "ends", "months": 2, "day": 24},
            "tanggal 24 bulan ke-2 sesudah akhir periode",
        ),
        (
            {"kind": "window", "date": "record_by", "days": 5, "no_later_than": "validate_by"},
            "batas perekaman + 5 hk, paling lambat batas validasi",
        ),
        (
            {"kind": "working_days", "days": 5, "cap": "closes", "cap_days": -2},
            "5 hk, paling lambat akhir jendela evaluasi - 2 hk",
        ),
        ({"kind": "none"}, "Label"),
    ],
)
def test_a_deadline_is_told_in_words(row: dict[str, Any], words: str) -> None:
    deadline = deadlines.Deadline(code="x", label="Label", status="hukum", source="Pasal 1", **row)
    assert export.deadline_words(deadline) == words


def test_every_deadline_of_the_table_has_words_without_a_code_in_them() -> None:
    for row in deadlines.table().values():
        assert "_" not in export.deadline_words(row), row.code


def test_mermaid_draws_every_change_of_state_and_no_state_that_stays(flow: type[DocumentFlow]) -> None:
    drawn = export.as_mermaid([flow])
    for move in flow.moves():
        line = f"    {move.source} --> {move.target}: {move.row.label}\n"
        twin = any(
            (m.source, m.target, m.row.label) == (move.source, move.target, move.row.label)
            for m in flow.moves()
            if not m.internal
        )
        assert (line in drawn) is twin
    for state in flow.state_ids():
        assert (f"    {state} --> [*]\n" in drawn) is flow.is_final(state)
    assert drawn.count("[*] -->") == len(flow.entries)


def test_markdown_has_a_row_for_each_transition_and_each_entry(flow: type[DocumentFlow]) -> None:
    rows = [line for line in export.as_markdown([flow]).splitlines() if line.startswith("| ")]
    assert len(rows) == 1 + len(flow.entries) + len(flow.moves())
    assert all(line.count(" | ") == 8 for line in rows)


def test_a_bar_in_a_label_does_not_break_the_table() -> None:
    class Small(DocumentFlow):
        kind, title = "small", "Kecil"
        a = State("A", initial=True)
        b = State("B", final=True)
        entries = (Entry("create", "Buat", "a", (Relation.SUBJECT,)),)
        finish = step(a.to(b), "Ya | tidak", who=Relation.SUBJECT)

    assert "Ya \\| tidak / `finish`" in export.as_markdown([Small])


@pytest.mark.parametrize(
    "form, beginning", [("md", "# Flows"), ("mermaid", "stateDiagram-v2"), ("json", "{")]
)
def test_the_command_prints_all_flows_in_each_format(form: str, beginning: str) -> None:
    result = CliRunner().invoke(main, ["flows", "--format", form])
    assert result.exit_code == 0
    assert result.output.startswith(beginning)
    assert all(str(flow.title) in result.output for flow in FLOWS.values())


def test_the_command_writes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "PAGE", tmp_path / "FLOWS.md")
    assert CliRunner().invoke(main, ["flows", "--write"]).exit_code == 0
    assert (tmp_path / "FLOWS.md").read_text(encoding="utf-8") == export.as_markdown(FLOWS.values())


@pytest.mark.parametrize("arguments", [["pks"], ["--format", "xml"], ["--write", "skp"]])
def test_the_command_refuses_what_it_does_not_know_as_wrong_usage(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, ["flows", *arguments]).exit_code == 2


def test_the_command_checks_all_flows() -> None:
    result = CliRunner().invoke(main, ["flows", "--check"])
    assert (result.exit_code, result.output) == (0, f"{len(FLOWS)} flows checked, 0 faults.\n")


def test_the_command_names_a_fault_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FLOWS["skp"], "entries", ())
    result = CliRunner().invoke(main, ["flows", "--check", "skp"])
    assert result.exit_code == 1
    assert "nobody can begin one" in result.output


def test_what_an_event_does_to_other_documents_stands_in_its_rows_and_nothing_else_does(
    flow: type[DocumentFlow], printed: dict[str, Any]
) -> None:
    """Both ways: an effect that no row names is not printed, and one that a row names and nobody registered does nothing."""
    all_kinds()
    registered = {
        (event, function.__name__)
        for (kind, event), functions in effects._EFFECTS.items()
        if kind == flow.kind
        for function in functions
    }
    named = {
        (row["event"], word.removeprefix("do:"))
        for row in printed["transitions"]
        for word in row["effects"]
        if word.startswith("do:")
    }
    assert named == registered
    page = export.as_markdown([flow])
    assert all(f"`do:{name}`" in page for _event, name in registered)


def test_an_effect_stands_in_every_row_of_its_event_that_goes_the_same_way(printed: dict[str, Any]) -> None:
    rows: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for row in printed["transitions"]:
        done = tuple(word for word in row["effects"] if word.startswith("do:"))
        rows.setdefault((row["event"], row["to"]), set()).add(done)
    assert {key: found for key, found in rows.items() if len(found) > 1} == {}
