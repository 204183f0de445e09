"""Where an import waits between its trial and its writing: one folder per upload, for an hour, hashes kept.

Everything is files, so that a server and a worker see the same; a folder's name cannot be guessed.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from flask import current_app

from kinerja import clock
from kinerja.ids import new_public_id
from kinerja.services.errors import NotThere
from kinerja.services.importing import COLUMNS

KEPT = timedelta(hours=1)
# A run that takes longer than this was killed; its files go too.
RUNNING_KEPT = timedelta(hours=6)
CHUNK = 1 << 20
_TOKEN = re.compile(r"[a-z0-9]{16}")
_STATE, _RESULT, _PROGRESS = "keadaan.json", "hasil.json", "kemajuan.json"
CHANGES, PROBLEMS = "perubahan.csv", "galat.csv"


def _root() -> Path:
    return Path(current_app.config["FILES"]) / "impor"


def folder(token: str) -> Path:
    """The folder of an upload. Raises NotThere for anything that is none, or no longer."""
    path = _root() / token
    if not _TOKEN.fullmatch(token) or not (path / _STATE).is_file():
        raise NotThere
    return path


def create(by_id: int, sent: Mapping[str, BinaryIO]) -> str:
    """Keep what was sent under the names of the import; gives the token of the folder."""
    token = new_public_id()
    place = _root() / token
    place.mkdir(parents=True, mode=0o700)
    hashes, lines = {}, 0
    for name, stream in sent.items():
        if name not in COLUMNS:
            raise ValueError(name)
        digest = hashlib.sha256()
        with (place / name).open("wb") as kept:
            while block := stream.read(CHUNK):
                digest.update(block)
                lines += block.count(b"\n")
                kept.write(block)
        hashes[name] = digest.hexdigest()
    now = clock.monotonic_now().isoformat()
    write_state(
        token, {"by": by_id, "at": now, "hashes": hashes, "lines": lines, "stage": "waiting"}, new=True
    )
    return token


def write_state(token: str, values: dict[str, Any], *, new: bool = False) -> None:
    place = _root() / token if new else folder(token)
    _write(place / _STATE, values)


def read_state(token: str) -> dict[str, Any]:
    """What is known of an upload. Raises NotThere."""
    found: dict[str, Any] = json.loads((folder(token) / _STATE).read_text(encoding="utf-8"))
    return found


def update_state(token: str, **values: Any) -> dict[str, Any]:
    state = read_state(token) | values
    write_state(token, state)
    return state


def claim(token: str, what: str) -> bool:
    """True for the first who asks to do this with the folder, false for everybody after him."""
    try:
        os.close(os.open(folder(token) / f"{what}.kunci", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return False
    return True


def unchanged(token: str) -> bool:
    """Are the files still byte for byte what was sent?"""
    for name, known in read_state(token)["hashes"].items():
        digest = hashlib.sha256()
        try:
            with (folder(token) / name).open("rb") as kept:
                while block := kept.read(CHUNK):
                    digest.update(block)
        except FileNotFoundError:
            return False
        if digest.hexdigest() != known:
            return False
    return True


def write_progress(token: str, stage: str, done: int, total: int | None) -> None:
    _write(folder(token) / _PROGRESS, {"stage": stage, "done": done, "total": total})


def read_progress(token: str) -> dict[str, Any]:
    return _read(folder(token) / _PROGRESS)


def write_result(token: str, result: dict[str, Any]) -> None:
    _write(folder(token) / _RESULT, result)


def read_result(token: str) -> dict[str, Any]:
    return _read(folder(token) / _RESULT)


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def _write(path: Path, values: dict[str, Any]) -> None:
    """In one step: whoever reads meanwhile sees the old text or the new, never half."""
    draft = path.with_suffix(f".{new_public_id()}")
    draft.write_text(json.dumps(values, ensure_ascii=False, default=str), encoding="utf-8")
    draft.replace(path)


def discard(token: str) -> None:
    shutil.rmtree(folder(token), ignore_errors=True)


def tokens_of(by_id: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """The uploads of one person that are still kept."""
    for token in _tokens():
        try:
            state = read_state(token)
        except NotThere:
            continue
        if state["by"] == by_id:
            yield token, state


def sweep() -> int:
    """Remove what has been kept long enough; how many."""
    now, gone = clock.monotonic_now(), 0
    for token in list(_tokens()):
        try:
            state = read_state(token)
        except NotThere:
            continue
        kept = RUNNING_KEPT if state["stage"] in ("checking", "applying") else KEPT
        if datetime.fromisoformat(state["at"]) + kept < now:
            discard(token)
            gone += 1
    return gone


def _tokens() -> Iterator[str]:
    root = _root()
    if root.is_dir():
        yield from (entry.name for entry in root.iterdir() if _TOKEN.fullmatch(entry.name))
