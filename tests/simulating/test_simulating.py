"""What `kinerja simulate` leaves is what people would have left: states, turns, hashes, history, chain."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, memo, transaction
from kinerja.models import (
    AuditRow,
    Document,
    IndicatorTarget,
    Notice,
    Outbox,
    Person,
    PrintNumber,
    Revision,
    Signature,
    SkpIndicator,
    Step,
    Unit,
)
from kinerja.services import audit, deadlines, identity, simulating, transitions
from kinerja.services.errors import BadInput
from kinerja.services.kinds import kind_of
from kinerja.services.new_documents import PRINT_PREFIX
from kinerja.services.people import post_title_of
from kinerja.services.simulating import stories
from tests.plugins.strict import size
from tests.simulating.conftest import NOON, PEOPLE, office

ROOT = Path(__file__).resolve().parents[2]
FEW = ("draft", "steady")


def test_everybody_with_a_superior_has_a_year(simulated: None) -> None:
    again = simulating.simulate(PEOPLE)
    assert (again.played, again.cast) == (0, 0)
    kinds = Counter(db.session.scalars(sa.select(Document.kind)))
    assert kinds["skp"] == PEOPLE - 1
    assert kinds["realisation"] == 4 * again.states["skp.in_force"]
    assert kinds["predicate_review"] > 10
    assert len(again.states) >= 12


def test_what_was_cast_says_the_same_as_the_services_would(simulated: None) -> None:
    """Turn, due moment and content hash of every document, computed anew by the rules the server runs."""
    wrong = []
    for document in db.session.scalars(sa.select(Document)):
        kind = kind_of(document.kind)
        facts = kind.facts(document)
        told = deadlines.turn_and_due(document, facts, document.state_since)
        if told != (document.turn, document.due_at, document.due_code):
            wrong.append((document.print_number, document.state, told, document.turn, document.due_at))
        last = db.session.scalar(
            sa.select(Revision.content)
            .where(Revision.document_id == document.id)
            .order_by(Revision.number.desc())
            .limit(1)
        )
        if last is not None and hashlib.sha256(last.encode()).hexdigest() != document.content_hash:
            wrong.append((document.print_number, "hash"))
        if last is not None and json.loads(last) != json.loads(audit.canonical(kind.content(document))):
            wrong.append((document.print_number, "content", last, audit.canonical(kind.content(document))))
    assert not wrong, wrong[:3]


def test_every_step_is_a_move_of_the_flow_by_somebody_who_may(simulated: None) -> None:
    moves = {}
    for document in db.session.scalars(sa.select(Document)):
        flow = kind_of(document.kind).flow
        known = moves.setdefault(document.kind, {(m.event, m.source, m.target) for m in flow.moves()})
        steps = list(
            db.session.scalars(sa.select(Step).where(Step.document_id == document.id).order_by(Step.sequence))
        )
        assert [step.sequence for step in steps] == list(range(1, document.version + 1))
        assert steps[-1].target == document.state
        assert all(a.target == b.source and a.at <= b.at for a, b in pairwise(steps))
        assert all((s.event, s.source, s.target) in known for s in steps[1:]), document.print_number
        for step in steps:
            if step.actor_id is not None and step.event != "create":
                actor = identity.actor_for(
                    document, step.actor_id, clock.local(step.at, document.unit.zone).date()
                )
                assert step.relation in actor.relations
                assert step.trace["rantai"] == actor.trace["rantai"]
        memo().clear()


def test_signatures_notices_and_numbers_belong_to_the_person(simulated: None) -> None:
    for signature, document in db.session.execute(
        sa.select(Signature, Document).join(Document, Document.id == Signature.document_id)
    ):
        assert signature.post_title == post_title_of(signature.person_id, NOON.date())
        allowed = {document.subject_id, *(s.person_id for s in identity.superiors(document.subject_id)[:2])}
        assert signature.person_id in allowed
    for notice, document in db.session.execute(
        sa.select(Notice, Document).join(Document, Document.id == Notice.document_id)
    ):
        assert notice.params["document_params"].get("name", document.subject.name) == document.subject.name
    assert db.session.scalar(sa.select(sa.func.count(Outbox.id))) == db.session.scalar(
        sa.select(sa.func.count(Notice.id))
    )
    numbers = Counter(number.split("-")[0] for number in db.session.scalars(sa.select(Document.print_number)))
    last = {row.kind: row.last for row in db.session.execute(sa.select(PrintNumber.kind, PrintNumber.last))}
    assert last == {kind: numbers[prefix] for kind, prefix in PRINT_PREFIX.items() if numbers[prefix]}
    assert {"skp", "realisation", "predicate_review", "pk", "matrix", "iku_realisation", "org_value"} <= set(
        last
    )


def test_the_chain_verifies_and_names_a_changed_row(simulated: None) -> None:
    assert not [fault for _chain, _rows, fault in audit.verify() if fault]
    assert audit.count() > 1000
    victim = db.session.scalar(
        sa.select(AuditRow.id).where(AuditRow.action == "skp.submit").offset(20).limit(1)
    )
    with transaction():
        db.session.execute(sa.text("DROP TRIGGER audit_row_no_update" + _on("audit_row")))
        db.session.execute(sa.update(AuditRow).where(AuditRow.id == victim).values(actor_id=None))
    assert [fault.why for _chain, _rows, fault in audit.verify() if fault] == ["isi atau urutan berubah"]


def _on(table: str) -> str:
    return f" ON {table}" if db.engine.dialect.name == "postgresql" else ""


def test_life_goes_on_from_there_through_the_one_door(simulated: None) -> None:
    """Ids and numbers count on, locks hold, drafts can be sent."""
    draft = db.session.scalars(
        sa.select(Document)
        .where(Document.kind == "skp", Document.state == "draft")
        .order_by(Document.id.desc())
    ).first()
    assert draft is not None
    transitions.send(draft.public_id, "submit", draft.subject_id, version=draft.version)
    newcomer = db.session.scalars(
        sa.select(Person).where(~Person.id.in_(sa.select(Document.subject_id)), Person.status == "PNS")
    ).first()
    assert newcomer is None
    locked = db.session.scalars(sa.select(SkpIndicator.id).where(SkpIndicator.locked_at.is_not(None))).all()
    with pytest.raises(sa.exc.DBAPIError), transaction():
        db.session.execute(
            sa.delete(IndicatorTarget)
            .where(IndicatorTarget.indicator_id == locked[-1])
            .execution_options(synchronize_session=False)
        )
    assert not [fault for _chain, _rows, fault in audit.verify() if fault]


@pytest.mark.parametrize("people, seed", [(PEOPLE, 2), (PEOPLE + 1, 1)])
def test_another_simulation_is_refused(simulated: None, people: int, seed: int) -> None:
    with pytest.raises(BadInput):
        simulating.simulate(people, seed)


def test_an_interrupted_run_is_finished_by_the_next_one(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office(sqlite_url):
        monkeypatch.setattr(simulating, "CHUNK", 8)

        class Pulled(Exception):
            pass

        def plug(stage: str, done: int, total: int | None) -> None:
            if stage == "menyusun tahun" and done >= 8:
                raise Pulled

        with pytest.raises(Pulled):
            simulating.simulate(24, 1, plug, told=FEW)
        found = simulating.simulate(24, told=FEW)
        assert db.session.scalar(sa.select(sa.func.count()).where(Document.kind == "skp")) == 23
        assert found.played + found.cast == 24 - 8
        assert not [fault for _chain, _rows, fault in audit.verify() if fault]


def test_a_database_with_real_people_is_refused_and_stays_as_it_is(sqlite_url: str) -> None:
    with office(sqlite_url):
        with transaction():
            db.session.add(
                Unit(code="NYATA", name="Unit nyata", level="L0", kind="kantor_pusat", zone="WIB", path="/1/")
            )
        with pytest.raises(BadInput):
            simulating.simulate(20)
        assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 0
        assert audit.count() == 0


@pytest.mark.parametrize("count", [20, 60, 1000])
def test_stories_are_dealt_in_their_proportions(count: int) -> None:
    dealt = Counter(story.name for story in stories.deal(count))
    whole = sum(story.weight for story in stories.STORIES)
    for story in stories.STORIES:
        assert abs(dealt[story.name] - count * story.weight / whole) <= 1.5


MEASURE = """
import json, sys, time
from kinerja.services import audit, simulating
from tests.simulating.conftest import office
with office(sys.argv[1]):
    began = time.monotonic()
    people = int(sys.argv[2])
    few = None if people > 1000 else ("draft", "steady", "waiting")
    found = simulating.simulate(people, told=few)
    seconds = time.monotonic() - began
    sound = not [fault for _c, _r, fault in audit.verify() if fault]
# not ru_maxrss: that one remembers how big the process was that started this one
told = dict(line.split(":", 1) for line in open("/proc/self/status"))
memory = int(told["VmHWM"].split()[0]) // 1024
print(json.dumps({"seconds": seconds, "memory": memory, "sound": sound, "rows": found.rows}))
"""


def test_memory_stays_bounded_and_the_time_too(sqlite_url: str, proof_line) -> None:
    """Under `make test` the machine has other things to do: only a collapse counts there."""
    people, limit = size(300, 10_000), size(240, 300)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, sqlite_url, str(people)], cwd=ROOT, capture_output=True, text=True,
        check=False, env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["sound"]
    assert told["memory"] < 400
    assert told["seconds"] < limit
    measured = f"{people} people in {told['seconds']:.0f} s, {told['rows']} rows, {told['memory']} MB"
    proof_line("simulated ministry, chain verified", "10,000 people, 5 min, 400 MB", measured)
