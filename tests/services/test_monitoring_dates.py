"""The dates of a period: opened with its first second, lapsed, recorded late, taken over from a late penilai."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kinerja import clock, models
from kinerja.services import evidence, identity, monitoring_due
from kinerja.services.errors import NotAllowed
from kinerja.services.monitoring import realisation_content
from tests.services.monitoring_office import YEAR, Office, running

NOTE = "Mohon lengkapi angka dan buktinya."


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    with running(sqlite_template, tmp_path) as found:
        yield found


@pytest.fixture
def at_work(office: Office) -> Office:
    """The SKP is in force and its first period open."""
    office.establish()
    return office


def attach(
    office: Office, *keys: str, content: bytes = b"Daftar set data\n", name: str = "daftar.txt"
) -> models.Evidence:
    """A text file of the employee, attached to these indicators."""
    found = evidence.store_file(office.people["pegawai"], name, io.BytesIO(content))
    wishes = [{"item": key, "evidence": found.public_id, "shows": "hasil"} for key in keys]
    office.send("save", "pegawai", change={"attach": wishes})
    return found


def read_by(office: Office, who: str, found: models.Evidence, slot: str = "TW1") -> None:
    document = office.document(slot)
    evidence.open_evidence(document, identity.actor_for(document, office.people[who]), found.public_id)


@pytest.mark.parametrize(
    "slot, due",
    [("TW1", date(YEAR, 4, 30)), ("TW2", date(YEAR, 3, 31)), ("TW4", date(YEAR, 9, 30))],
    ids=["rekam sampai akhir April", "dibuka saat April mulai", "dibuka saat Oktober mulai"],
)
def test_the_dates_of_a_period_are_those_of_its_window(at_work: Office, slot: str, due: date) -> None:
    due_at = at_work.document(slot).due_at
    assert due_at is not None
    assert f"{clock.local(due_at, 'WIB'):%Y-%m-%d %H:%M:%S}" == f"{due} 23:59:59"


def test_a_period_opens_with_the_first_second_of_its_first_day_and_only_once(at_work: Office) -> None:
    last_second = datetime(YEAR, 3, 31, 16, 59, 59, tzinfo=UTC)
    with clock.frozen(last_second):
        assert monitoring_due.fall_due(date(YEAR, 3, 31)) == 0
    with clock.frozen(last_second + timedelta(seconds=1)):
        assert monitoring_due.fall_due(date(YEAR, 4, 1)) == 1
        assert monitoring_due.fall_due(date(YEAR, 4, 1)) == 0
    assert at_work.state("TW2") == "open"


@pytest.mark.parametrize(
    "moment, state",
    [
        (datetime(YEAR, 5, 1, 1, tzinfo=UTC), "draft"),
        (datetime(YEAR, 5, 10, 16, 59, 59, tzinfo=UTC), "missing"),
    ],
    ids=["sesudah batas rekam", "sesudah lima hari kerja"],
)
def test_an_unfilled_period_lapses_five_working_days_after_its_date(
    at_work: Office, moment: datetime, state: str
) -> None:
    at_work.fill({"jumlah": "38"})
    with clock.frozen(moment):
        monitoring_due.fall_due(moment.date())
    assert at_work.state() == state


def test_a_missing_period_is_recorded_late_with_a_reason_until_it_is_determined(at_work: Office) -> None:
    may = datetime(YEAR, 5, 12, 3, tzinfo=UTC)
    with clock.frozen(may):
        monitoring_due.fall_due(may.date())
        at_work.fill({"jumlah": "38", "hari": "11"})
        assert at_work.state() == "missing"
        at_work.send("record_late", "pegawai", note="Data dari unit pemilik baru tiba.")
        assert at_work.state() == "recorded"
        assert (
            realisation_content(at_work.document())["alasan_terlambat"] == "Data dari unit pemilik baru tiba."
        )
        due = at_work.document().due_at
        assert due is not None
        assert due > may


def test_a_late_penilai_is_replaced_by_his_superior_five_working_days_after_the_date(at_work: Office) -> None:
    found = attach(at_work, "jumlah", "hari")
    at_work.record()
    with clock.frozen(datetime(YEAR, 5, 11, 3, tzinfo=UTC)), pytest.raises(NotAllowed):
        at_work.send("take_over", "atasan", note=NOTE)
    with clock.frozen(datetime(YEAR, 5, 25, 3, tzinfo=UTC)):
        at_work.send("take_over", "atasan", note=NOTE)
        assert at_work.document().turn == "atasan_penilai"
        read_by(at_work, "atasan", found)
        with pytest.raises(NotAllowed):
            at_work.send("validate", "penilai")
        at_work.send("validate", "atasan")
    assert at_work.state() == "validated"
