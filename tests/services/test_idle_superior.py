"""A year with a superior who never acts: whatever he is to a document, it comes to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kinerja import clock, models
from kinerja.db import db, transaction
from kinerja.services import due, evidence, identity, transitions
from kinerja.services.calendars import calendar_for
from kinerja.services.kinds import kind_of
from kinerja.workflows.base import Incomplete
from tests.plugins.strict import size
from tests.services.evaluation_office import GOOD, WHY, Office, running

LAST = date(2027, 4, 30)
NOTE = "Tindak lanjut sesuai jenjang pengingat."
ACTING = ("pegawai", "kasubdit", "direktur", "dirjen", "menteri", "pengelola", "komite")
# Where a document is finished: nothing is owed any more.
FINISHED = {
    "skp": {"closed"}, "realisation": {"validated"}, "predicate_review": {"reported"},
    "objection": {"published"},
}  # fmt: skip


def items(document: models.Document) -> dict[str, Any]:
    """What the employee types in a period: every indicator reached, a reason instead of evidence."""
    skp = db.session.get_one(models.Skp, document.parent_id)
    keys = [indicator.key for row in skp.rows for indicator in row.indicators]
    proof = evidence.store_link(
        document.subject_id, "https://data.example/daftar", "Daftar set data"
    ).public_id
    return {
        "items": {key: {"value": Decimal(40)} for key in keys},
        "attach": [{"item": key, "evidence": proof, "shows": "hasil"} for key in keys],
    }


def open_everything(document: models.Document, person: int) -> None:
    """RL-3: whoever validates has opened all of it."""
    actor = identity.actor_for(document, person)
    for proof in db.session.scalars(sa.select(models.Evidence.public_id)).all():
        evidence.open_evidence(document, actor, proof)


def change_for(document: models.Document, event: str) -> dict[str, Any]:
    if event == "save":
        return items(document)
    given = {
        "set_org_result": {"predicate": "baik"},
        "propose": GOOD | WHY,
        "propose_superior": GOOD | WHY,
        "object": {
            "targets": ["rating_hasil"],
            "reasons": "Data terlambat dari unit lain.",
            "request": "Sesuai",
        },
        "explain": {"explanation": "Data dibahas pada dialog Mei."},
        "write_decision": {
            "decision": "menguatkan",
            "considerations": "Surat dan catatan dialog cukup jelas.",
        },
    }
    return given.get(event, {})


# What each person does when it is open to him, the first of these; the rest of the table is left alone.
WILLING = (
    "establish", "save", "record", "record_late", "take_over", "validate", "set_org_result", "propose",
    "propose_superior", "calibrate", "determine", "sign_superior", "sign_form", "deliver", "receive", "object", "accept",
    "ask_explanation", "explain", "write_decision", "uphold", "report", "sign_d13",
)  # fmt: skip
ONCE = {"save", "set_org_result", "ask_explanation", "explain", "write_decision"}


class Year:
    """Everybody but one does what the pages offer, every second week."""

    def __init__(self, office: Office, idle: str):
        self.office = office
        self.people = [office.people[who] for who in ACTING if who != idle]
        self.done: set[tuple[int, str, int]] = set()

    def runs(self) -> None:
        day = date(2026, 1, 26)
        unit = db.session.get_one(models.Unit, self.office.units["L3"])
        calendar = calendar_for(unit)
        while day < LAST:
            with clock.frozen(datetime.combine(day, time(2), UTC)):
                due.run()
                while self._somebody_acts():
                    due.run()
            day = calendar.add(day, 9)

    def open(self) -> list[tuple[str, str]]:
        return [(row.kind, row.state) for row in self._documents()]

    def _documents(self) -> list[Any]:
        rows = db.session.execute(
            sa.select(models.Document.public_id, models.Document.kind, models.Document.state)
            .where(models.Document.turn != "sistem")
            .order_by(models.Document.id)
        ).all()
        return [row for row in rows if row.state not in FINISHED[row.kind]]

    def _somebody_acts(self) -> bool:
        return any(self._acts_on(row.public_id) for row in self._documents())

    def _acts_on(self, public_id: str) -> bool:
        document = transitions.load(public_id)
        kind = kind_of(document.kind)
        facts = kind.facts(document)
        for person in self.people:
            actor = identity.actor_for(document, person)
            offered = {move.event for move in kind.flow.allowed(facts, actor)}
            for event in WILLING:
                mark = (document.id, event, person)
                # The first quarter is objected to, the others are signed.
                fits = (
                    document.slot == "TW1"
                    if event == "object"
                    else event != "accept" or document.slot != "TW1"
                )
                if event not in offered or not fits or (event in ONCE and mark in self.done):
                    continue
                if self._sends(document, event, person):
                    self.done.add(mark)
                    return True
        return False

    def _sends(self, document: models.Document, event: str, person: int) -> bool:
        if event == "validate":
            open_everything(document, person)
        try:
            transitions.send(
                document.public_id, event, person, version=document.version, change=change_for(document, event),
                note=NOTE, signed=True,
            )  # fmt: skip
        except Incomplete:
            db.session.rollback()
            return False
        return True


# An evaluation that passed to the atasan because the penilai was late is final: nothing is left to object to (1.11).
# Without the result of the organisation no penilai can be in time.
# Each walks a whole year: on every change only the one whose idleness reaches every kind of document.
@pytest.mark.parametrize(
    ("idle", "objections"), [("direktur", 1), ("kasubdit", 0), ("dirjen", 0)][: size(1, 3)]
)
def test_a_year_with_a_superior_who_never_acts_ends_with_every_document_finished(
    sqlite_template: Path, tmp_path: Path, idle: str, objections: int
) -> None:
    with running(sqlite_template, tmp_path, establish=False) as office:
        year = Year(office, idle)
        year.runs()
        assert year.open() == []
        kinds = db.session.execute(
            sa.select(models.Document.kind, sa.func.count()).group_by(models.Document.kind)
        )
        made = {"skp": 1, "realisation": 4, "predicate_review": 5, "objection": objections}
        assert {row[0]: row[1] for row in kinds} == {kind: n for kind, n in made.items() if n}
        steps = db.session.execute(
            sa.select(models.Step.event, models.Step.actor_id, models.Step.trace).where(
                models.Step.actor_id.is_not(None)
            )
        ).all()
        assert office.people[idle] not in {step.actor_id for step in steps}
        # Whoever took over judged nothing he had proposed himself.
        for review in db.session.scalars(sa.select(models.Review)):
            proposers = set(
                db.session.scalars(
                    sa.select(models.Step.actor_id).where(
                        models.Step.document_id == review.document_id,
                        models.Step.event.in_(("propose", "propose_superior")),
                    )
                )
            )
            assert not proposers & {c.by_id for c in review.calibrations}
            assert office.people["pegawai"] not in proposers


Heard = set[tuple[str, str]]


@pytest.fixture
def heard(sqlite_template: Path, tmp_path: Path) -> Iterator[Callable[[date], Heard]]:
    """A realisation waits to be validated; who is told what by the worker on a morning."""
    with running(sqlite_template, tmp_path) as office:
        names = {person: who for who, person in office.people.items()}
        with transaction():
            db.session.add(
                models.RoleAppointment(
                    public_id="sekretariatkomit", person_id=office.people["komite2"], role="sekretariat_komite",
                    starts=date(2020, 1, 1), granted_by_id=office.people["menteri"],
                    confirmed_by_id=office.people["dirjen"], confirmed_at=clock.now(),
                )
            )  # fmt: skip
        skp = office.document("skp", "Y")
        with clock.frozen(datetime(2026, 2, 5, 2, tzinfo=UTC)):
            due.run()
            office.send("save", "pegawai", "realisation", change=items(office.document("realisation")))
            office.send("record", "pegawai", "realisation")
        assert skp.state == "in_force"

        def told(day: date) -> Heard:
            """Twice at once changes nothing."""
            with clock.frozen(datetime.combine(day, time(2), UTC)):
                due.run()
                due.run()
                rows = db.session.execute(
                    sa.select(models.Notice.person_id, models.Notice.text, sa.func.count())
                    .join(models.Document, models.Document.id == models.Notice.document_id)
                    .where(
                        models.Document.kind == "realisation", models.Document.slot == "TW1",
                        models.Notice.created_at == clock.now(),
                    )
                    .group_by(models.Notice.person_id, models.Notice.text)
                ).all()  # fmt: skip
            assert all(row[2] == 1 for row in rows)
            return {(names[row.person_id], row.text) for row in rows}

        yield told


BOTH = {("kasubdit", due.OVERDUE), ("pegawai", due.OVERDUE)}
LISTING = {("pengelola", due.LISTED), ("komite2", due.LISTED)}


def test_the_ladder_reminds_tells_both_sides_copies_up_offers_to_take_over_and_lists(
    heard: Callable[[date], Heard],
) -> None:
    # Sunday 10 May 2026 is the last day to validate.
    assert heard(date(2026, 3, 26)) == {("kasubdit", due.REMINDER)}
    assert heard(date(2026, 5, 8)) == {("kasubdit", due.REMINDER)}
    assert heard(date(2026, 5, 11)) == BOTH
    assert heard(date(2026, 5, 12)) == {("direktur", due.COPY_UP)}
    assert heard(date(2026, 5, 18)) == {("direktur", due.TAKE_OVER)}
    assert heard(date(2026, 5, 25)) == LISTING
    assert heard(date(2026, 6, 8)) == set()


def test_after_a_gap_of_the_worker_every_rung_passed_over_is_climbed_once(
    heard: Callable[[date], Heard],
) -> None:
    assert heard(date(2026, 5, 8)) == {("kasubdit", due.REMINDER)}
    later = BOTH | {("direktur", due.COPY_UP), ("direktur", due.TAKE_OVER)} | LISTING
    assert heard(date(2026, 5, 26)) == later
    assert heard(date(2026, 5, 27)) == set()


def test_a_day_that_is_over_before_anybody_was_reminded_is_not_reminded_of(
    heard: Callable[[date], Heard],
) -> None:
    assert heard(date(2026, 5, 11)) == BOTH
