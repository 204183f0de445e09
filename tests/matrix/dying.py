"""A process that writes until something ends it, and what is asked of the database afterwards."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from itertools import pairwise

import sqlalchemy as sa
from flask import Flask

from kinerja.db import db
from kinerja.models import AuditRow, Document, Step
from kinerja.services import audit
from tests.matrix.cases import CASES
from tests.matrix.server import write

RECORDED = next(case for case in CASES if case.name == "realisation/recorded")


def written_until(
    writer: Flask, public_id: str, person_id: int, wait: float, end: Callable[[int], None]
) -> tuple[int, int]:
    """Let a process write and end it by `end(pid)`: the last version it acknowledged, and its wait status."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        # What the end does to this process is no concern of the test: it says nothing and leaves.
        try:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 2)
            write(writer, public_id, person_id, lambda line: os.write(writing, line.encode()))
        finally:
            os._exit(3)
    os.close(writing)
    told = os.read(reading, 32)
    assert told, "the writer ended before it wrote anything"
    time.sleep(wait)
    end(child)
    _pid, status = os.waitpid(child, 0)
    while part := os.read(reading, 65536):
        told += part
    os.close(reading)
    return int(told.decode().split("\n")[-2]), status


def half_done(public_id: str) -> list[str]:
    """What does not fit together: document, history and audit chain tell of one and the same number of events."""
    document = db.session.scalars(sa.select(Document).where(Document.public_id == public_id)).one()
    steps = db.session.execute(
        sa.select(Step.sequence, Step.source, Step.target)
        .where(Step.document_id == document.id)
        .order_by(Step.sequence)
    ).all()
    sealed = db.session.scalar(
        sa.select(sa.func.count()).select_from(AuditRow).where(AuditRow.document_id == document.id)
    )
    found = []
    if [step.sequence for step in steps] != list(range(1, document.version + 1)):
        found.append(f"version {document.version}, history {[step.sequence for step in steps]}")
    if steps[-1].target != document.state:
        found.append(f"state {document.state}, history ends in {steps[-1].target}")
    if any(later.source != earlier.target for earlier, later in pairwise(steps)):
        found.append("the history has a gap")
    if sealed != document.version - len(RECORDED.past):
        found.append(f"{sealed} rows of the chain for {document.version} versions")
    return found + [str(fault) for _chain, _length, fault in audit.verify() if fault]
