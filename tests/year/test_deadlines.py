"""A deadline ends with the last second of its day on the wall of the subject's unit, wherever the server stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import Document, Step, Unit
from kinerja.services import transitions
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
