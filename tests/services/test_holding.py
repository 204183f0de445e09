"""An SKP on hold: what hangs on it waits with it, and has afterwards the time that was left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.ids import new_public_id
from kinerja.models import Document, RoleAppointment
from kinerja.services import deadlines, due, evaluation, monitoring_due, transitions
from tests.services import evaluation_office
from tests.services.monitoring_office import APRIL, YEAR, Office, running

JULY = datetime(YEAR, 7, 3, 3, tzinfo=UTC)
OCTOBER = datetime(YEAR, 10, 1, 3, tzinfo=UTC)


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    with running(sqlite_template, tmp_path) as found:
        with transaction():
            db.session.add(
                RoleAppointment(
                    public_id=new_public_id(), person_id=found.people["asing"], role="pengelola_pegawai",
                    starts=date(2020, 1, 1), confirmed_at=APRIL, unit_id=None,
                )
            )  # fmt: skip
        found.establish()
        yield found


def to_skp(office: Office, event: str, **change: object) -> None:
    skp = db.session.get_one(Document, office.skp_id, populate_existing=True)
    transitions.send(
        skp.public_id,
        event,
        office.people["asing"],
        version=skp.version,
        change=change,
        note="Cuti di luar tanggungan.",
    )


def test_nobody_is_awaited_or_late_while_the_skp_is_on_hold_and_the_rest_of_the_time_comes_back(
    office: Office,
) -> None:
    with clock.frozen(datetime(YEAR, 4, 20, 3, tzinfo=UTC)):
        due.run()
        before = office.document()
        assert (before.state, before.turn) == ("open", "subjek")
        assert before.due_at is not None
        rest, code, rung = before.due_at - clock.now(), before.due_code, before.escalation
        to_skp(office, "hold", ground="cltn", until=date(YEAR, 9, 30))
        held = office.document()
        assert (held.state, held.turn, held.due_at) == ("open", "", None)
    with clock.frozen(JULY):
        due.run()
        assert monitoring_due.fall_due(JULY.date()) == 0
        assert (office.document().state, office.document().escalation) == ("open", rung)
        assert office.document("TW3").state == "not_open", "nor does another period open"
    with clock.frozen(OCTOBER):
        to_skp(office, "resume")
        again = office.document()
        assert (again.state, again.turn, again.due_code) == ("open", "subjek", code)
        assert again.due_at == OCTOBER + rest
        due.run()
        office.fill({"jumlah": "38"})
        assert (office.state(), office.document().due_at) == ("draft", OCTOBER + rest)
    for later, state in ((OCTOBER + rest, "draft"), (datetime(YEAR, 11, 30, 3, tzinfo=UTC), "missing")):
        with clock.frozen(later):
            monitoring_due.fall_due(later.date())
            assert office.state() == state


@pytest.fixture
def evaluated(sqlite_template: Path, tmp_path: Path) -> Iterator[evaluation_office.Office]:
    with evaluation_office.running(sqlite_template, tmp_path) as found:
        yield found


@pytest.mark.parametrize(
    ("held", "resumed", "ends", "prepared"),
    [
        # Nineteen working days were left of the window of TW I: it closes on 31 May.
        (date(YEAR, 5, 4), date(YEAR, 7, 1), date(YEAR, 7, 28), True),
        # It opened on 24 March, while the SKP was on hold: the evaluation has its 49 working days afterwards.
        (date(YEAR, 3, 2), date(YEAR, 7, 1), date(YEAR, 9, 8), False),
        # Over before the hold began: nothing of it was taken away.
        (date(YEAR, 6, 10), date(YEAR, 7, 1), date(YEAR, 5, 31), True),
    ],
    ids=["held in its window", "opened meanwhile", "was over before"],
)
def test_the_window_of_an_evaluation_gives_back_the_working_days_that_a_hold_took(
    evaluated: evaluation_office.Office, held: date, resumed: date, ends: date, prepared: bool
) -> None:
    at = evaluation_office.at
    with at(min(held, date(YEAR, 4, 1))):
        evaluation.prepare_reviews(min(held, date(YEAR, 4, 1)))
    with at(held):
        change = {"ground": "cltn", "until": date(YEAR, 9, 30)}
        evaluated.send("hold", "pengelola", "skp", "Y", change=change, note="Cuti di luar tanggungan.")
        known = db.session.scalar(sa.select(sa.func.count()).where(Document.kind == "predicate_review"))
        assert bool(known) is prepared
    with at(resumed):
        evaluated.send("resume", "pengelola", "skp", "Y", note="Sudah kembali bertugas.")
        evaluation.prepare_reviews(resumed)
        assert deadlines.windows_of(evaluated.document())["closes"] == ends
        late = ends < resumed
        if not late:
            assert evaluated.document().due_at >= clock.now()
        evaluation.fall_due(resumed)
        assert evaluated.state() == ("at_superior" if late else "prepared")
    if not late:
        for later, state in ((ends, "prepared"), (ends + timedelta(days=1), "at_superior")):
            with at(later):
                evaluation.fall_due(later)
                assert evaluated.state() == state
