"""The flows as Markdown, Mermaid and JSON, read from the very tables the server runs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kinerja.rules import deadlines
from kinerja.rules.origins import origin_of
from kinerja.rules.registry import DEFAULT_CODE, regulation
from kinerja.workflows.base import DocumentFlow, Entry, Move
from kinerja.workflows.roles import LABELS, Relation

Flow = type[DocumentFlow]
# Numbers that a row takes from the rule set are printed as those of the one a year gets by default.
LAW = regulation(DEFAULT_CODE)
PAGE = Path(__file__).with_name("FLOWS.md")

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip
WINDOWS = {
    "recording_opens": "perekaman dibuka",
    "evaluation_opens": "evaluasi dibuka",
    "record_by": "batas perekaman",
    "validate_by": "batas validasi",
    "closes": "akhir jendela evaluasi",
    "ends": "akhir periode",
    "result_arrived": "capaian organisasi terbit",
    "received": "dokumen diterima",
    "manual_by": "satu bulan sesudah PK atau SKP berlaku, dan sebelum reviu K3 berakhir",
    "asked": "penjelasan diminta",
    "dko_date": "tanggal DKO",
    "action_due": "batas rencana aksi terdekat",
}
EXITS = {"L": "L", "system": "system"}
INTRODUCTION = """\
# Flows

Written by `kinerja flows --write` from the tables the server runs; a test keeps it true. Do not edit by hand.

`from` and `to` are state ids. *Who* is asked by the `by_...` guard of the row; "acting" means: after escalation the
atasan stands in the place of the penilai. *When* names further guards, *needs* what must be complete. `hk` are working
days. *Exit* tells how the waiting ends when nobody acts: **L** is the ladder of reminders and substitutes, **system**
the date itself, anything else an event of the same state. **▸** marks the row a state waits for. *Effects*: words of
the engine, `sign:` the block that is signed, `do:` what happens to other documents in the same transaction (the
function of `services` that is registered for the event).
"""


def as_data(flow: Flow) -> dict[str, Any]:
    """One flow as plain values: states, entries, transitions."""
    return {
        "kind": flow.kind,
        "version": flow.version,
        "title": flow.title,
        "states": [
            {
                "id": state,
                "label": flow.state_label(state),
                "initial": state in {entry.target for entry in flow.entries},
                "final": flow.is_final(state),
                "resting": state in flow.resting,
            }
            for state in flow.state_ids()
        ],
        "entries": [_entry(flow, entry) for entry in flow.entries],
        "transitions": [_transition(flow, move) for move in flow.moves()],
    }


def as_json(flows: Iterable[Flow]) -> str:
    data = {"flows": [as_data(flow) for flow in flows]}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def as_mermaid(flows: Iterable[Flow]) -> str:
    """State diagrams, one per flow; rows that keep the state are left to the table."""
    return "\n".join(_mermaid(flow) for flow in flows)


def as_markdown(flows: Iterable[Flow]) -> str:
    """The page FLOWS.md: per flow its states, its diagram and its table."""
    return "\n".join([INTRODUCTION, *(_markdown(flow) for flow in flows)])


def deadline_words(row: deadlines.Deadline) -> str:
    """When this is due, in words: "5 hk", "31 Januari", "akhir jendela evaluasi + 14 hk"."""
    if row.kind == "none":
        words = row.label
    elif row.kind == "at_once":
        words = "seketika"
    elif row.kind == "working_days":
        words = f"{row.days} hk"
    elif row.kind == "window" and row.months:
        words = f"tanggal {row.day} bulan ke-{row.months} sesudah {_window(row.date)}"
    elif row.kind == "window":
        words = ("menjelang " if row.at_start else "") + _shifted(row.date, row.days)
    else:
        words = f"{row.day} {MONTHS[row.month - 1]}"
        if row.year_offset:
            words += " tahun berikutnya" if row.year_offset == 1 else f" tahun {row.year_offset:+d}"
    if row.at_least:
        words += f", sedikitnya {row.at_least} hk"
    if row.cap:
        words += f", paling lambat {_shifted(row.cap, row.cap_days)}"
    if row.late_days:
        words += f"; mulai sesudah {_month_day(row.late_after)}: "
        words += f"{LAW.whole(row.late_days)} hk sejak hari kerja pertama"
        words += f" ({row.late_status})" if row.late_status != row.status else ""
    if row.no_later_than:
        words += f", paling lambat {_window(row.no_later_than)}"
    return words


def _month_day(code: str) -> str:
    month, day = LAW.text(code).split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]}"


def _window(name: str) -> str:
    return WINDOWS.get(name, name)


def _shifted(name: str, days: int) -> str:
    return _window(name) + (f" {'+' if days > 0 else '-'} {abs(days)} hk" if days else "")


def _deadline(code: str) -> dict[str, Any] | None:
    """What the table of deadlines says about a code; None when a row has none."""
    if not code:
        return None
    row = asdict(deadlines.table()[code])
    told = {"code": code, "kind": row["kind"], "text": deadline_words(deadlines.table()[code])}
    fixed = ("code", "kind", "label", "status", "source")
    told |= {name: value for name, value in row.items() if value and name not in fixed}
    dated = origin_of(row["source"], row["status"]).dated
    return told | {"status": row["status"], "source": row["source"], "dated": dated}


def _entry(flow: Flow, entry: Entry) -> dict[str, Any]:
    return {
        "from": None,
        "event": entry.event,
        "label": entry.label,
        "to": entry.target,
        "who": [str(relation) for relation in entry.who],
        "deadline": _deadline(entry.due),
        "source": flow.source_of(entry),
        "dated": origin_of(flow.source_of(entry), entry.status).dated,
        "status": entry.status,
        "effects": entry.effects.split(),
    }


def _transition(flow: Flow, move: Move) -> dict[str, Any]:
    row = move.row
    return {
        "from": move.source,
        "event": move.event,
        "label": row.label,
        "to": move.target,
        "internal": move.internal,
        "who": [str(relation) for relation in row.who],
        "acting": row.acting,
        "guards": ["by_" + "_or_".join(row.who), *(condition.__name__ for condition in row.when)],
        "needs": [need.__name__ for need in row.needs],
        "asks": list(row.asks),
        "deadline": _deadline(row.due),
        "awaited": row.main,
        "primary": row.tone == "primary",
        "exit": row.exit or None,
        "source": flow.source_of(row),
        "dated": origin_of(flow.source_of(row), row.status).dated,
        "status": row.status,
        "decides": row.decides or None,
        "effects": row.effects.split(),
    }


def _who(transition: Mapping[str, Any]) -> str:
    names = [LABELS[Relation(relation)] for relation in transition["who"]]
    return ", ".join(names)


def _mermaid(flow: Flow) -> str:
    data = as_data(flow)
    lines = ["stateDiagram-v2", f"    %% {data['title']}"]
    lines += [
        f"    state {json.dumps(state['label'], ensure_ascii=False)} as {state['id']}"
        for state in data["states"]
    ]
    lines += [f"    [*] --> {entry['to']}: {entry['label']}" for entry in data["entries"]]
    seen: set[tuple[str, str, str]] = set()
    for move in data["transitions"]:
        edge = (move["from"], move["to"], move["label"])
        if not move["internal"] and edge not in seen:
            seen.add(edge)
            lines.append(f"    {move['from']} --> {move['to']}: {move['label']}")
    lines += [f"    {state['id']} --> [*]" for state in data["states"] if state["final"]]
    return "\n".join(lines) + "\n"


def _markdown(flow: Flow) -> str:
    data = as_data(flow)
    lines = [f"## {data['title']} (`{data['kind']}`)", ""]
    states = []
    for state in data["states"]:
        marks = [word for word in ("initial", "final", "resting") if state[word]]
        states.append(f"`{state['id']}` {state['label']}" + (f" ({', '.join(marks)})" if marks else ""))
    lines += ["States: " + ", ".join(states) + ".", "", "```mermaid", _mermaid(flow).rstrip(), "```", ""]
    lines += [
        "| From | Event | To | Who | When, needs, asks | Due | Exit | Source | Effects |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for entry in data["entries"]:
        lines.append(_line("-", entry, entry["to"], [], ""))
    for move in data["transitions"]:
        guards = [f"`{name}`" for name in (*move["guards"][1:], *move["needs"])]
        guards += [f"asks {word}" for word in move["asks"]]
        target = f"{move['to']} (stays)" if move["internal"] else move["to"]
        lines.append(
            _line(("▸ " if move["awaited"] else "") + move["from"], move, target, guards, move["exit"] or "")
        )
    return "\n".join(lines) + "\n"


def _line(source: str, move: Mapping[str, Any], target: str, guards: list[str], exit_: str) -> str:
    who = _who(move) + (" (acting)" if move.get("acting") else "")
    due = move["deadline"]
    origin = f"{move['source']} ({move['dated']}), {move['status']}"
    cells = [
        source,
        f"{move['label']} / `{move['event']}`",
        target,
        who,
        ", ".join(guards),
        f"{due['text']} ({due['status']})" if due else "",
        EXITS.get(exit_, f"`{exit_}`" if exit_ else ""),
        origin,
        " ".join(f"`{word}`" for word in move["effects"]),
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
