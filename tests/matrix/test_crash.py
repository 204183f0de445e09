"""PostgreSQL stops dead, or the disk is full: what was acknowledged stays, nothing is half written, work goes on."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from kinerja import clock, create_app
from kinerja.db import db
from kinerja.models import Document
from kinerja.services import transitions
from tests.matrix import people
from tests.matrix.dying import RECORDED, half_done, written_until
from tests.matrix.papers import Printer
from tests.matrix.world import build
from tests.plugins.app import settings_for
from tests.plugins.postgres import Cluster
from tests.plugins.strict import size

STOPS = size(2, 50)


@pytest.fixture
def durable(migrate_database: Callable[[str], None]) -> Iterator[tuple[Cluster, str]]:
    """A cluster of its own that keeps its promises to the disk, and a migrated database in it."""
    cluster = Cluster(durable=True)
    try:
        cluster.start()
        url = cluster.create("crash")
        migrate_database(url)
        yield cluster, url
    finally:
        cluster.remove()


def _version(public_id: str) -> int:
    found = db.session.scalar(sa.select(Document.version).where(Document.public_id == public_id))
    return int(found or 0)


@pytest.mark.postgres
def test_a_server_that_stops_dead_loses_nothing_it_acknowledged(
    durable: tuple[Cluster, str], proof_line: Callable[[str, str, str], None]
) -> None:
    cluster, url = durable
    drawn, acknowledged = random.Random(11), 0
    with clock.frozen(people.NOW):
        world = build(url, cases=(RECORDED,))
        writer = create_app(settings_for(url))
        with world.app.app_context():
            public_id = Printer(world.ids).print(RECORDED)
            db.session.rollback()
        world.actor("self")
        world.close()
        for _stop in range(STOPS):
            last, _status = written_until(
                writer,
                public_id,
                world.ids["self"],
                drawn.uniform(0.05, 0.3),
                lambda _pid: cluster.stop("immediate"),
            )
            acknowledged = max(last, acknowledged)
            cluster.start()
            with world.app.app_context():
                kept, faults = _version(public_id), half_done(public_id)
            world.close()
            assert faults == []
            assert kept >= acknowledged
        cluster.stop("immediate")
        away = world.actor("self").get("/")
        cluster.start()
        back = world.actor("self").get("/")
        world.close()
    assert (away.status_code, away.headers["Retry-After"], back.status_code) == (503, "30", 200)
    assert "Basis data tidak menjawab" in away.get_data(as_text=True)
    assert acknowledged >= len(RECORDED.past) + STOPS, "hardly anything was written before the stops"
    proof_line(
        "Immediate stop of PostgreSQL during writes",
        "50 stops",
        f"{STOPS} stops, {acknowledged} versions, chain verifies",
    )


def _fills(app: Flask, pages: int) -> Callable[[], None]:
    """Every connection from now on finds the disk full at this many pages; gives what makes room again."""

    def limit(connection: object, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "connect", limit)
    engine.dispose()

    def room() -> None:
        sa.event.remove(engine, "connect", limit)
        engine.dispose()

    return room


def test_on_a_full_disk_a_step_is_refused_whole_and_goes_on_when_there_is_room(
    sqlite_url: str, proof_line: Callable[[str, str, str], None]
) -> None:
    with clock.frozen(people.NOW):
        world = build(sqlite_url, cases=(RECORDED,))
        actor = world.actor("self")
        with world.app.app_context():
            public_id = Printer(world.ids).print(RECORDED)
            pages = int(db.session.scalar(sa.text("PRAGMA page_count")) or 0)
            db.session.rollback()
        room = _fills(world.app, pages)
        written, answer = 0, None
        for _step in range(400):
            with world.app.app_context():
                document = transitions.load(public_id)
                before, state = document.version, document.state
                db.session.rollback()
            event = "withdraw" if state == "recorded" else "record"
            answer = actor.post(f"/dokumen/{public_id}/{event}", {"version": str(before)})
            if answer.status_code >= 400:
                break
            written += 1
        assert answer is not None
        assert answer.status_code == 503
        assert "penyimpanan peladen penuh" in answer.get_data(as_text=True), (
            "the page says what is the matter"
        )
        with world.app.app_context():
            assert _version(public_id) == before
            assert half_done(public_id) == []
            db.session.rollback()
        assert actor.get(f"/dokumen/{public_id}").status_code == 200, "reading goes on"
        room()
        again = actor.post(f"/dokumen/{public_id}/{event}", {"version": str(before)})
        assert again.status_code in (200, 303)
        with world.app.app_context():
            assert _version(public_id) == before + 1
            assert half_done(public_id) == []
        world.close()
    proof_line("Full disk", "1", f"refused whole after {written} steps; went on when there was room")
