"""The process dies in the middle of writing: no half transition stays, and nothing it had acknowledged is lost."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from kinerja import clock, create_app
from kinerja.db import db
from kinerja.models import Document
from tests.matrix import people
from tests.matrix.dying import RECORDED, half_done, written_until
from tests.matrix.papers import Printer
from tests.matrix.world import World, build
from tests.plugins.app import settings_for
from tests.plugins.strict import size

KILLS = size(20, 1_000)


@pytest.fixture
def office(url_factory: Callable[[], str]) -> Iterator[tuple[World, Flask]]:
    url = url_factory()
    with clock.frozen(people.NOW):
        world = build(url, cases=(RECORDED,))
        writer = create_app(settings_for(url))
        yield world, writer
        world.close()


def kill(process_id: int) -> None:
    os.kill(process_id, signal.SIGKILL)


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
        last, status = written_until(writer, public_id, world.ids["self"], drawn.uniform(0.0, 0.12), kill)
        assert os.WIFSIGNALED(status), "the writer ended by itself"
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
