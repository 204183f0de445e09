"""An import in the browser: kept, tried, shown, and then written from the very same files.

Small files are done at once, large ones by the worker; the page of an import can be left and come back to.
"""

import csv
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa
from flask import current_app

from kinerja import clock
from kinerja.db import db
from kinerja.models import Import, Person
from kinerja.reports.spreadsheets import csv_lines
from kinerja.rules.words import N_
from kinerja.services import import_store as store
from kinerja.services import permits
from kinerja.services.errors import BadInput, NotThere
from kinerja.services.importing import Change, ImportResult, run_import
from kinerja.services.importing.reading import PEOPLE_FILE, ROLES_FILE, UNIT_FILE
from kinerja.workflows.base import OWN_RULE, Unmet

INLINE_LINES = 2000
SHOWN = 200
TICK = timedelta(milliseconds=400)
FILES = (UNIT_FILE, PEOPLE_FILE, ROLES_FILE)

SUBJECTS = {
    "unit": N_("Unit"), "post": N_("Jabatan"), "person": N_("Pegawai"), "account": N_("Akun"),
    "placement": N_("Penempatan"), "line": N_("Garis pelaporan"), "role": N_("Peran"),
}  # fmt: skip
ACTIONS = {
    "added": N_("ditambah"), "changed": N_("diubah"), "ended": N_("diakhiri"), "missing": N_("tidak tercantum"),
    "unchanged": N_("tetap"),
}  # fmt: skip
STAGES = {
    "waiting": N_("Menunggu pekerja"), "checking": N_("Sedang diperiksa"), "checked": N_("Siap diterapkan"),
    "refused": N_("Ada galat"), "apply_waiting": N_("Menunggu pekerja"), "applying": N_("Sedang diterapkan"),
    "applied": N_("Diterapkan"), "nothing": N_("Tidak ada yang berubah"), "failed": N_("Terhenti"),
}  # fmt: skip
RUNNING = frozenset({"waiting", "checking", "apply_waiting", "applying"})

ERROR, DOUBT = N_("galat"), N_("peringatan")
NO_FILE = N_("Pilih paling sedikit satu berkas.")
NOT_READY = N_("Impor ini belum siap diterapkan, atau sudah diterapkan.")
NOT_THE_SAME = N_("Berkas di server tidak lagi sama dengan yang dicoba. Unggah lagi.")

log = logging.getLogger("kinerja.import")


@dataclass(frozen=True)
class ImportView:
    """An upload as its page shows it."""

    token: str
    stage: str
    stage_label: str
    running: bool
    at: datetime
    hashes: Mapping[str, str]
    lines: int
    end_missing: bool
    progress: Mapping[str, Any]
    result: Mapping[str, Any]


@dataclass(frozen=True)
class PastImport:
    """An import that was written."""

    public_id: str
    at: datetime
    by: str
    counts: Mapping[str, Mapping[str, int]]
    hashes: Mapping[str, str]


def upload(by_id: int, sent: Mapping[str, BinaryIO]) -> str:
    """Keep the files and try them, at once or in the background; gives the token of the page."""
    permits.demand(by_id, "import.run")
    if not sent:
        raise BadInput([Unmet(OWN_RULE, NO_FILE, {}, "units")])
    store.sweep()
    token = store.create(by_id, sent)
    _begin(token)
    return token


def _begin(token: str) -> None:
    if store.read_state(token)["lines"] < INLINE_LINES:
        work(token)
    else:
        current_app.config["ENQUEUE"]("import_files", token)


def view(by_id: int, token: str) -> ImportView:
    """An upload of one's own. Raises NotThere."""
    permits.demand(by_id, "import.run")
    return _view(token, _own(by_id, token))


def _view(token: str, state: Mapping[str, Any]) -> ImportView:
    return ImportView(
        token,
        state["stage"],
        STAGES[state["stage"]],
        state["stage"] in RUNNING,
        datetime.fromisoformat(state["at"]),
        state["hashes"],
        state["lines"],
        state.get("end_missing", False),
        store.read_progress(token),
        store.read_result(token),
    )


def _own(by_id: int, token: str) -> dict[str, Any]:
    state = store.read_state(token)
    if state["by"] != by_id:
        raise NotThere
    return state


def unfinished(by_id: int) -> list[ImportView]:
    """What one has uploaded and not yet seen to the end, the newest first."""
    found = [_view(token, state) for token, state in store.tokens_of(by_id)]
    return sorted((v for v in found if v.stage in RUNNING | {"checked"}), key=lambda v: v.at, reverse=True)


def past(person_id: int, limit: int = 50) -> list[PastImport]:
    """The imports that were written, the newest first. Raises NotThere."""
    permits.demand(person_id, "import.read")
    rows = db.session.execute(
        sa.select(Import, Person.name)
        .outerjoin(Person, Person.id == Import.by_id)
        .order_by(Import.id.desc())
        .limit(limit)
    )
    return [PastImport(row.public_id, row.at, name or "", row.counts, row.file_hashes) for row, name in rows]


def apply(by_id: int, token: str, *, end_missing: bool) -> None:
    """Write what was tried. Raises NotThere, NotAllowed, BadInput when it is not ready or not the same."""
    permits.demand(by_id, "import.run")
    state = _own(by_id, token)
    if state["stage"] != "checked" or not store.claim(token, "terapkan"):
        raise BadInput([Unmet(OWN_RULE, NOT_READY)])
    if not store.unchanged(token):
        store.update_state(token, stage="failed")
        raise BadInput([Unmet(OWN_RULE, NOT_THE_SAME)])
    store.update_state(token, stage="apply_waiting", end_missing=end_missing)
    _begin(token)


def cancel(by_id: int, token: str) -> None:
    """Forget an upload that is not being worked on. Raises NotThere, BadInput."""
    permits.demand(by_id, "import.run")
    if _own(by_id, token)["stage"] in RUNNING:
        raise BadInput([Unmet(OWN_RULE, NOT_READY)])
    store.discard(token)


def work(token: str) -> None:
    """Do what the upload waits for: its trial, or its writing."""
    state = store.read_state(token)
    if state["stage"] not in ("waiting", "apply_waiting") or not store.claim(token, state["stage"]):
        return
    writing = state["stage"] == "apply_waiting"
    state = store.update_state(token, stage="applying" if writing else "checking")
    try:
        if writing:
            permits.demand(state["by"], "import.run")
        result = _run(token, state, writing=writing)
    except Exception:
        store.update_state(token, stage="failed")
        log.exception("import %s stopped", token)
        raise
    store.update_state(token, stage=_after(result, writing=writing))


def _after(result: ImportResult, *, writing: bool) -> str:
    if not result.ok:
        return "refused"
    if writing:
        return "applied" if result.applied else "nothing"
    changes = sum(n for per in result.counts.values() for action, n in per.items() if action != "unchanged")
    return "checked" if changes else "nothing"


def _run(token: str, state: Mapping[str, Any], *, writing: bool) -> ImportResult:
    place = store.folder(token)
    given: dict[str, Path | None] = {
        name: place / name if name in state["hashes"] else None for name in FILES
    }
    last = clock.monotonic_now() - TICK

    def progress(stage: str, done: int, total: int | None) -> None:
        nonlocal last
        now = clock.monotonic_now()
        if now - last >= TICK:
            last = now
            store.write_progress(token, stage, done, total)

    with ExitStack() as stack:
        listed = None
        if not writing:
            listed = _ChangeFile(
                stack.enter_context((place / store.CHANGES).open("w", encoding="utf-8", newline=""))
            )
        result = run_import(
            given[UNIT_FILE],
            given[PEOPLE_FILE],
            given[ROLES_FILE],
            actor_id=state["by"],
            dry_run=not writing,
            end_missing=state.get("end_missing", False),
            progress=progress,
            preview=SHOWN,
            on_change=listed,
        )
    told = result.to_dict()
    _write_problems(place, result)
    for kind in ("problems", "warnings"):
        told[f"{kind}_total"] = len(told[kind])
        # The sentence and its parameters apart, so that the page says it in the language of whoever reads it.
        shown = zip(told[kind][:SHOWN], getattr(result, kind), strict=False)
        told[kind] = [
            entry | {"teks": problem.template, "isi": dict(problem.params)} for entry, problem in shown
        ]
    store.write_result(token, told)
    return result


class _ChangeFile:
    """Writes every change as a line of the file that can be downloaded."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        head = ("Tentang", "Tindakan", "Kunci", "Nama", "Sebelum", "Sesudah")
        self._stream.writelines(csv_lines(head, ()))

    def __call__(self, change: Change) -> None:
        row = (
            SUBJECTS[change.subject], ACTIONS[change.action], f"'{change.key}", change.label, told(change.before),
            told(change.after),
        )  # fmt: skip
        lines = csv_lines((), [row])
        next(lines), next(lines)
        self._stream.writelines(lines)


def told(values: Mapping[str, Any]) -> str:
    """The fields of a change in one line."""
    words = {True: "ya", False: "tidak"}
    return "; ".join(
        f"{name}: {words[value] if isinstance(value, bool) else value}"
        for name, value in values.items()
        if value is not None and value != ""
    )


def _write_problems(place: Path, result: ImportResult) -> None:
    head = ("Berkas", "Baris", "Kolom", "Nilai", "Tingkat", "Alasan", "Isi")
    rows = (
        (
            item.file,
            item.row,
            item.column,
            f"'{item.value}",
            grade,
            item.template,
            json.dumps(dict(item.params), ensure_ascii=False, default=str),
        )
        for grade, items in ((ERROR, result.problems), (DOUBT, result.warnings))
        for item in items
    )
    with (place / store.PROBLEMS).open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(csv_lines(head, rows))


def download(by_id: int, token: str, name: str) -> Iterator[list[Any]]:
    """The rows of the file of every change or every error, without its head. Raises NotThere.

    Of an error the last two are the template of the reason and its parameters.
    """
    permits.demand(by_id, "import.run")
    _own(by_id, token)
    path = store.folder(token) / name
    if name not in (store.CHANGES, store.PROBLEMS) or not path.is_file():
        raise NotThere
    return _rows(path, is_error=name == store.PROBLEMS)


def _rows(path: Path, *, is_error: bool) -> Iterator[list[Any]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=";")
        next(reader, None)
        for row in reader:
            yield [*row[:-1], json.loads(row[-1])] if is_error else row
