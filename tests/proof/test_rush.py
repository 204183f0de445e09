"""The last days of a year: thirty requests a second for ten minutes from ten thousand people, on two cores."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from benchmarks import office
from benchmarks.__main__ import served
from benchmarks.load import Ask, Refused, once
from benchmarks.server import set_clock, settings
from kinerja import create_app
from kinerja.db import db
from kinerja.models import Document, Step
from kinerja.services import audit
from tests.plugins.postgres import Cluster

PEOPLE = int(os.environ.get("RUSH_PEOPLE", "10000"))
SECONDS = int(os.environ.get("RUSH_SECONDS", "600"))
A_SECOND = 30
WRITERS = 40
# One in so many requests moves a document; the others read.
READS_PER_WRITE = 6


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A server that keeps its promises to the disk, as in production."""
    made = Cluster(durable=True)
    try:
        made.start()
        yield made
    finally:
        made.remove()


class Rush:
    """An open loop: each request leaves at its time, however long the ones before it take."""

    def __init__(self, port: int, reads: list[Callable[[], Ask]], writes: list[Iterator[Ask]]):
        self.port, self.reads, self.writes = port, reads, writes
        self.took: dict[str, list[float]] = {"read": [], "write": []}
        self.told: Counter[str] = Counter()
        self._turn = [threading.Lock() for _ in writes]
        self._drawn = random.Random(30)

    def run(self, seconds: int) -> None:
        waiting: list[threading.Thread] = []
        began = time.monotonic()
        for number in range(seconds * A_SECOND):
            time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
            one = self._write if number % READS_PER_WRITE == 0 else self._read
            thread = threading.Thread(target=one, args=(number,), daemon=True)
            thread.start()
            waiting = [other for other in waiting if other.is_alive()] + [thread]
        for thread in waiting:
            thread.join(timeout=120)

    def _read(self, _number: int) -> None:
        self._ask("read", self._drawn.choice(self.reads)(), time.monotonic())

    def _write(self, number: int) -> None:
        left = time.monotonic()
        place = (number // READS_PER_WRITE) % len(self.writes)
        with self._turn[place]:  # a person sends the next form when he has seen the answer to the last
            self._ask("write", next(self.writes[place]), left)

    def _ask(self, kind: str, ask: Ask, left: float) -> None:
        try:
            once(self.port, ask)
            self.told[kind] += 1
        except (Refused, OSError) as error:
            self.told[f"{kind} failed: {str(error)[:80]}"] += 1
        self.took[kind].append(time.monotonic() - left)

    def p95(self, kind: str) -> float:
        return sorted(self.took[kind])[int(len(self.took[kind]) * 0.95)]


@pytest.mark.postgres
def test_the_rush_at_the_end_of_a_year_is_answered_and_loses_nothing(
    cluster: Cluster, tmp_path: Path, proof_line: Callable[[str, str, str], None]
) -> None:
    url = cluster.create("rush")
    made = office.furnish(url, tmp_path, PEOPLE, None)
    app = create_app(settings(url, tmp_path))
    set_clock()
    with app.app_context():
        drafts = db.session.execute(
            sa.select(Document.id, Document.public_id, Document.subject_id, Document.version)
            .where(Document.kind == "skp", Document.state == "draft")
            .order_by(Document.id)
            .limit(WRITERS)
        ).all()
        writers = [office.signed_in(app, draft.subject_id) for draft in drafts]
        ids = [draft.id for draft in drafts]
        steps = sa.select(sa.func.count()).select_from(Step).where(Step.document_id.in_(ids))
        before = db.session.scalar(steps) or 0
        db.session.remove()
        db.engine.dispose()
    names = ("home", "home", "list of 50", "document", "document", "team page")
    reads = [side for name in names for side in made.pages[name]]
    writes = [
        office.to_and_fro(draft.public_id, draft.version, person)
        for draft, person in zip(drafts, writers, strict=True)
    ]
    with served(url, tmp_path) as (port, _workers):
        rush = Rush(port, reads, writes)
        rush.run(SECONDS)
    with app.app_context():
        written = (db.session.scalar(steps) or 0) - before
        faults = [str(fault) for _chain, _length, fault in audit.verify() if fault]
        db.session.remove()
        db.engine.dispose()
    proof_line(
        "Year-end rush",
        "10,000 staff, 30 requests/s for 10 min: p95 read < 800 ms, write < 1.5 s, 0 5xx, 0 lost",
        f"{PEOPLE} staff, {SECONDS} s: p95 read {rush.p95('read') * 1000:.0f} ms, write {rush.p95('write') * 1000:.0f} ms; "
        f"{dict(rush.told)}; {written} steps in the history",
    )
    assert set(rush.told) == {"read", "write"}, rush.told
    assert written == rush.told["write"]
    assert faults == []
    assert rush.p95("read") < 0.8
    assert rush.p95("write") < 1.5
