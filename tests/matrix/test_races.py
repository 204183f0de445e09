"""Twenty superiors press at once, over HTTP against a server of its own: one wins, the others are told, nothing breaks."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import AuditRow, Document, Step
from kinerja.services import audit
from tests.matrix import people
from tests.matrix.cases import CASES
from tests.matrix.papers import Printer
from tests.matrix.server import free_port
from tests.matrix.world import Actor, World, build
from tests.plugins.strict import size

AT_ONCE = 20
ROUNDS = size(12, 500)
SUBMITTED = next(case for case in CASES if case.name == "skp/submitted")


@dataclass
class Served:
    """An office and the process that serves it."""

    world: World
    port: int

    def paper(self) -> tuple[str, int]:
        """One more SKP that waits for its superior, and its version."""
        with self.world.app.app_context():
            public_id = Printer(self.world.ids).print(SUBMITTED)
            version = db.session.scalar(sa.select(Document.version).where(Document.public_id == public_id))
            db.session.rollback()
            return public_id, int(version or 0)

    def post(self, actor: Actor, path: str, data: dict[str, str]) -> int:
        cookie = actor.client.get_cookie("__Host-sesi", domain="localhost") or next(
            iter(actor.client._cookies.values())  # type: ignore[union-attr]
        )
        headers = {
            "Host": "localhost", "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1",
            "Referer": "https://localhost/", "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"{cookie.key}={cookie.value}",
        }  # fmt: skip
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("POST", path, urlencode(data | {"csrf_token": actor.proof}), headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status

    def history(self, public_id: str) -> tuple[str, int, int, int]:
        """State, version, rows of the history after `submit`, and audit rows of the document."""
        with self.world.app.app_context():
            document = db.session.scalars(sa.select(Document).where(Document.public_id == public_id)).one()
            steps = db.session.scalar(
                sa.select(sa.func.count()).select_from(Step).where(
                    Step.document_id == document.id, Step.event == "open_dialogue"
                )
            )  # fmt: skip
            sealed = db.session.scalar(
                sa.select(sa.func.count()).select_from(AuditRow).where(AuditRow.document_id == document.id)
            )
            found = document.state, document.version, int(steps or 0), int(sealed or 0)
            db.session.rollback()
            return found

    def faults(self) -> list[object]:
        with self.world.app.app_context():
            found = [fault for _chain, _length, fault in audit.verify() if fault]
            db.session.rollback()
            return found


@pytest.fixture
def served(url_factory: Callable[[], str]) -> Iterator[Served]:
    url = url_factory()
    with clock.frozen(people.NOW):
        world = build(url, cases=(SUBMITTED,))
        port = free_port()
        process = subprocess.Popen([sys.executable, "-m", "tests.matrix.server", url, str(port)])
        try:
            _wait_for(port, process)
            yield Served(world, port)
        finally:
            process.kill()
            process.wait()
            world.close()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request(
                    "GET", "/masuk", headers={"Host": "localhost", "X-Forwarded-Proto": "https"}
                )
                connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer")


def test_of_twenty_at_once_one_wins_and_the_others_are_told(
    served: Served, proof_line: Callable[[str, str, str], None]
) -> None:
    supervisor = served.world.actor("supervisor")
    told: Counter[int] = Counter()
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        for _round in range(ROUNDS):
            public_id, version = served.paper()
            sent = [{"version": str(version), "key": f"{public_id}-{n}"} for n in range(AT_ONCE)]
            answers = Counter(
                crowd.map(
                    lambda data, p=public_id: served.post(supervisor, f"/dokumen/{p}/open_dialogue", data),
                    sent,
                )
            )
            assert answers[303] == 1, answers
            # Who comes later meets another version (409), or a state that has no such step any more (403).
            assert set(answers) <= {303, 403, 409}, answers
            assert served.history(public_id)[:3] == ("in_dialogue", version + 1, 1)
            told += answers
    assert served.faults() == []
    proof_line("20 approvers on one document", "500 rounds", f"{ROUNDS} rounds: {dict(told)}")


def test_the_same_form_twenty_times_at_once_is_one_event(served: Served) -> None:
    supervisor = served.world.actor("supervisor")
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        for _round in range(ROUNDS):
            public_id, version = served.paper()
            before = served.history(public_id)[3]
            data = {"version": str(version), "key": f"once-{public_id}"}
            answers = list(
                crowd.map(
                    lambda _n, p=public_id, d=data: served.post(supervisor, f"/dokumen/{p}/open_dialogue", d),
                    range(AT_ONCE),
                )
            )
            # Every copy of one form is answered with the result of the one event.
            assert set(answers) == {303}, Counter(answers)
            assert served.history(public_id) == ("in_dialogue", version + 1, 1, before + 1)
    assert served.faults() == []
