"""Compiled templates, kept in the process and, as Python keeps its own, in a `__pycache__` beside their sources.

Writing components out makes compiling slow: a quarter of a second a page, paid by the first reader after a start
and by every process of a server. What is kept is used only while every template, this package and the versions are
the same.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from types import CodeType

import jinja2
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

HERE = Path(__file__).parent
TEMPLATES = HERE.parents[1] / "templates"


class Compiled(BytecodeCache):
    """What was compiled in this process, for every application of it; with a folder, for the next process too."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.known: dict[str, tuple[str, CodeType]] = {}
        self._marks: dict[frozenset[str], str] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self.known.get(bucket.key, ("", None))
        if code is not None and checksum == bucket.checksum:
            bucket.code = code
        elif self.folder is not None:
            # A file that is missing, cut off or of another Python leaves the bucket empty: it is compiled.
            with suppress(OSError, EOFError, ValueError, TypeError):
                bucket.load_bytecode(io.BytesIO(self._file(bucket).read_bytes()))
            if bucket.code is not None:
                self.known[bucket.key] = (bucket.checksum, bucket.code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self.known[bucket.key] = (bucket.checksum, bucket.code)
        if self.folder is None or sys.dont_write_bytecode:
            return
        file = self._file(bucket)
        unfinished = file.with_suffix(f".{os.getpid()}")
        with suppress(OSError):  # a folder one may not write to: each process compiles for itself
            self.folder.mkdir(exist_ok=True)
            with unfinished.open("wb") as target:
                bucket.write_bytecode(target)
            unfinished.replace(file)
            for old in self.folder.glob(f"{bucket.key}.*.pyc"):
                if old != file:
                    old.unlink(missing_ok=True)

    def _file(self, bucket: Bucket) -> Path:
        assert self.folder is not None
        env = bucket.environment
        names = frozenset(env.globals) | {f"|{name}" for name in env.filters}
        if names not in self._marks:
            self._marks[names] = _mark(names)
        return self.folder / f"{bucket.key}.{self._marks[names]}.pyc"


def _mark(names: frozenset[str]) -> str:
    """Changes with everything a compiled page is made of: a macro stands in the page, not in its own file."""
    digest = hashlib.sha256(repr((sys.version, jinja2.__version__, sorted(names))).encode())
    for path in sorted((*TEMPLATES.rglob("*.html"), *HERE.glob("*.py"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


COMPILED = Compiled(TEMPLATES / "__pycache__")
