"""The process dies in the middle of writing: no half transition stays, and nothing it had acknowledged is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import AuditRow, Document, Step
from kinerja.services import audit
from tests.matrix import people
from tests.matrix.papers import CASES, Printer
from tests.matrix.world import World, build
from tests.plugins.strict import size

KILLS = size(20, 1_000)
SUBMITTED = next(case for case in CASES if case.name == "skp/submitted")


@pytest.fixture
def office(url_factory: Callable[[], str]) -> Iterator[tuple[World, str]]:
    url = url_factory()
    with clock.frozen(people.NOW):
        world = build(url, cases=(SUBMITTED,))
        yield world, url
        world.close()


def _written_until_killed(url: str, public_id: str, person_id: int, wait: float) -> int:
    """Let a process write, kill it without warning; gives the last version it acknowledged, 0 when none."""
    command = [sys.executable, "-m", "tests.matrix.server", url, public_id, str(person_id)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(wait)
        os.kill(process.pid, signal.SIGKILL)
        lines = [line.split() for line in process.stdout.read().split("\n") if line.count(" ") == 1]
    return int(lines[-1][0]) if lines else 0


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
    if any(later.source != earlier.target for earlier, later in zip(steps, steps[1:], strict=False)):
        found.append("the history has a gap")
    if sealed != document.version - len(SUBMITTED.past):
        found.append(f"{sealed} rows of the chain for {document.version} versions")
    return found + [str(fault) for _chain, _length, fault in audit.verify() if fault]


def test_a_killed_writer_leaves_no_half_step_and_loses_nothing_it_acknowledged(
    office: tuple[World, str], proof_line: Callable[[str, str, str], None]
) -> None:
    world, url = office
    drawn, acknowledged = random.Random(9), 0
    with world.app.app_context():
        public_id = Printer(world.ids).print(SUBMITTED)
        db.session.rollback()
    for _kill in range(KILLS):
        last = _written_until_killed(url, public_id, world.ids["self"], drawn.uniform(0.0, 0.15))
        acknowledged = max(last, acknowledged)
        with world.app.app_context():
            kept = db.session.scalar(sa.select(Document.version).where(Document.public_id == public_id))
            faults = half_done(public_id)
            db.session.rollback()
        assert faults == []
        assert int(kept or 0) >= acknowledged
    assert acknowledged > len(SUBMITTED.past) + KILLS // 4, "hardly anything was written before the kills"
    proof_line("kill -9 during writes", "1,000 kills", f"{KILLS} kills, {acknowledged} versions, chain verifies")
