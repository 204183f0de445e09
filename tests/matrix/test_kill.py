"""The process dies in the middle of writing: no half transition stays, and nothing it had acknowledged is lost."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask

from kinerja import clock, create_app
from kinerja.db import db
from kinerja.models import AuditRow, Document, Step
from kinerja.services import audit
from tests.matrix import people
from tests.matrix.papers import CASES, Printer
from tests.matrix.server import write
from tests.matrix.world import World, build
from tests.plugins.app import settings_for
from tests.plugins.strict import size

KILLS = size(20, 1_000)
RECORDED = next(case for case in CASES if case.name == "realisation/recorded")


@pytest.fixture
def office(url_factory: Callable[[], str]) -> Iterator[tuple[World, Flask]]:
    url = url_factory()
    with clock.frozen(people.NOW):
        world = build(url, cases=(RECORDED,))
        writer = create_app(settings_for(url))
        yield world, writer
        world.close()


def _written_until_killed(writer: Flask, public_id: str, person_id: int, wait: float) -> int:
    """Let a process write, kill it without warning; gives the last version it acknowledged, 0 when none."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            write(writer, public_id, person_id, lambda line: os.write(writing, line.encode()))
        finally:
            os._exit(3)
    os.close(writing)
    first = os.read(reading, 32)
    time.sleep(wait)
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the writer ended by itself"
    told = first
    while part := os.read(reading, 65536):
        told += part
    os.close(reading)
    return int(told.decode().split("\n")[-2])


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


def test_a_killed_writer_leaves_no_half_step_and_loses_nothing_it_acknowledged(
    office: tuple[World, Flask], proof_line: Callable[[str, str, str], None]
) -> None:
    world, writer = office
    drawn, acknowledged = random.Random(9), 0
    with world.app.app_context():
        public_id = Printer(world.ids).print(RECORDED)
        db.session.rollback()
    world.close()
    for _kill in range(KILLS):
        last = _written_until_killed(writer, public_id, world.ids["self"], drawn.uniform(0.0, 0.12))
        acknowledged = max(last, acknowledged)
        with world.app.app_context():
            kept = db.session.scalar(sa.select(Document.version).where(Document.public_id == public_id))
            faults = half_done(public_id)
        world.close()  # a child must not inherit a connection
        assert faults == []
        assert int(kept or 0) >= acknowledged
    assert acknowledged > len(RECORDED.past) + KILLS // 4, "hardly anything was written before the kills"
    proof_line(
        "kill -9 during writes", "1,000 kills", f"{KILLS} kills, {acknowledged} versions, chain verifies"
    )
