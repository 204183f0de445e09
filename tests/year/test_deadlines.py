"""A deadline ends with the last second of its day on the wall of the subject's unit, wherever the server stands."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import Account, Document, Step, Unit
from kinerja.services import passwords, skp_start, transitions
from kinerja.services.calendars import load_holidays
from kinerja.services.periods import period_of
from tests.year.acts import drafts_an_skp
from tests.year.conftest import Office

HOURS = {"WIB": 7, "WITA": 8, "WIT": 9}


@pytest.mark.parametrize("zone", HOURS)
@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, False), (1, True)])
def test_an_act_in_the_last_second_is_in_time_and_the_next_is_late(
    small_office: Office, zone: str, seconds: int, late: bool, proof_line: Callable[[str, str, str], None]
) -> None:
    with small_office.app.app_context(), transaction():
        db.session.execute(sa.update(Unit).where(Unit.code == "SMD").values(zone=zone))
    address = drafts_an_skp(small_office.signs_in("sekar"))
    last_second = datetime(2026, 1, 20, 23, 59, 59, tzinfo=UTC) - timedelta(hours=HOURS[zone])
    with small_office.app.app_context():
        document = db.session.scalars(sa.select(Document).where(Document.public_id == address[-16:])).one()
        assert document.due_at == last_second
        version = document.version
        with clock.frozen(last_second + timedelta(seconds=seconds)):
            transitions.send(address[-16:], "submit", small_office.ids["sekar"], version=version)
        step = db.session.scalars(sa.select(Step).where(Step.event == "submit")).one()
        assert step.late is late
    proof_line("Deadlines, zones, the second before and after", "all right", f"{zone} {seconds:+d} s: right")


def test_the_calendar_feed_carries_the_last_second_and_dies_with_the_password(small_office: Office) -> None:
    with small_office.app.app_context(), transaction():
        db.session.execute(sa.update(Unit).where(Unit.code == "SMD").values(zone="WIT"))
        load_holidays([2026])
    browser = small_office.signs_in("sekar")
    address = drafts_an_skp(browser)
    browser.opens("/kalender/")
    feed = html.unescape(re.findall(r'href="(/kalender/umpan/[^"]+)"', browser.text)[0])
    program = small_office.app.test_client()  # no cookie: it never signs in
    answer = program.get(feed, base_url="https://localhost")
    text = answer.get_data(as_text=True).replace("\r\n ", "")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert f"UID:{address[-16:]}@kinerja\r\n" in text
    assert "DTSTART:20260120T145959Z" in text  # 23.59.59 in Jayapura
    assert "SUMMARY:Isra Mi" in text
    assert "DESCRIPTION:Cuti bersama" in text
    assert program.get(feed.replace("-", "-0", 1), base_url="https://localhost").status_code == 404
    with small_office.app.app_context(), transaction():
        db.session.execute(
            sa.update(Account)
            .where(Account.person_id == small_office.ids["sekar"])
            .values(password_hash=passwords.hash_password("kata sandi yang lain sekali"))
        )
    assert program.get(feed, base_url="https://localhost").status_code == 404


def test_the_skp_of_a_late_starter_passes_up_only_after_his_own_fifteen_working_days(
    small_office: Office,
) -> None:
    small_office.it_is(2026, 7, 13)
    me = small_office.ids["sekar"]
    with small_office.app.app_context():
        period = period_of(2026)
        assert period is not None
        document = skp_start.create_skp(me, period, by_id=me, starts=date(2026, 7, 13))
        address = document.public_id
        assert document.due_at == datetime(2026, 8, 3, 16, 59, 59, tzinfo=UTC)
    for month, day, level, state in ((7, 22, 0, "draft"), (8, 3, 0, "draft"), (8, 4, 1, "in_dialogue")):
        small_office.it_is(2026, month, day)
        small_office.falls_due()
        with small_office.app.app_context():
            document = db.session.scalars(sa.select(Document).where(Document.public_id == address)).one()
            assert (document.acting_level, document.state) == (level, state), (month, day)
