"""The LAKIN data sheet: what the determined value of the year says, when it is due, and what it says of a correction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from kinerja import clock, models
from kinerja.db import db
from kinerja.services import due, identity, iku_values, lakin
from kinerja.services.errors import NotThere
from tests.services.agreement_office import Ministry
from tests.services.test_org_values import APRIL, keys, public_id, record, validate
from tests.services.test_org_values import ministry as a_ministry  # noqa: F401

OCTOBER = datetime(2026, 10, 2, 3, tzinfo=UTC)
JANUARY_AFTER = datetime(2027, 1, 20, 3, tzinfo=UTC)
VALUES = ("92.5", "83.25", "111", "92.5")


@pytest.fixture
def ended(a_ministry: Ministry) -> Iterator[tuple[Ministry, str]]:  # noqa: F811
    """The year is over, its quarters are validated, those after the first by hand; the data of the year are reviewed."""
    with clock.frozen(APRIL):
        validate(a_ministry, record(a_ministry, *VALUES))
    with clock.frozen(OCTOBER):
        due.run()
        for realisation in db.session.scalars(sa.select(models.IkuRealisation)):
            realisation.document.state = "validated"
            for item, value in zip(realisation.items, VALUES, strict=True):
                item.value = Decimal(value)
        db.session.commit()
    with clock.frozen(JANUARY_AFTER):
        value = public_id("org_value", "Y")
        send(a_ministry, value)
        yield a_ministry, value


def send(ministry: Ministry, value: str) -> None:
    change = {"report": "LCK-Y/2026", "initiatives": "Selesai semua."}
    ministry.send(value, "save", "staf", change=change)
    ministry.send(value, "submit_data", "staf")
    ministry.send(value, "clear", "pengelola")


def sheet(ministry: Ministry, who: str = "kasi") -> lakin.Sheet:
    db.session.expire_all()
    period = db.session.get_one(models.Period, ministry.period)
    return lakin.read(identity.circle_of(ministry.people[who]), period, "DIR")


def told(ministry: Ministry) -> list[str]:
    """What the pengelola of the unit was told about the sheet, oldest first."""
    query = (
        sa.select(models.Notice.text)
        .where(models.Notice.person_id == ministry.people["staf"], models.Notice.text.like("%LAKIN%"))
        .order_by(models.Notice.id)
    )
    return [text.rsplit(",", 1)[1].split(".")[0].split(":")[0] for text in db.session.scalars(query)]


def test_the_sheet_is_empty_until_the_value_is_determined_and_then_its_figures_equal_it(
    ended: tuple[Ministry, str],
) -> None:
    ministry, value = ended
    before = sheet(ministry)
    assert (before.standing, before.groups, before.nko) == (
        lakin.Standing(lakin.WAITING, date(2027, 2, 28)),
        (),
        None,
    )
    ministry.send(
        value, "determine", "menteri", change={"predicate": "baik", "reason": "Sesuai usulan dan capaian."}
    )
    found = sheet(ministry)
    row = db.session.scalars(sa.select(models.OrgValue).where(models.OrgValue.predicate != "")).one()
    assert (found.standing.state, found.nko, found.nko_k3, found.predicate) == (
        lakin.READY, row.nko, row.nko_k3, row.predicate,
    )  # fmt: skip
    shown = {
        r.key: (r.target, r.realisation, r.value, r.was, r.corrected) for g in found.groups for r in g.rows
    }
    period = db.session.get_one(models.Period, ministry.period)
    computed = iku_values.read(ministry.units["direktorat"], period, "Y")
    assert shown == {
        one.key: (one.target, one.realisation, one.score.value, None, False) for one in computed.indicators
    }
    assert [values[2] for values in shown.values()] == [100, 90, 120, 100]
    assert told(ministry) == [" terisi dari nilai yang ditetapkan"]
    with pytest.raises(NotThere):
        lakin.read(identity.circle_of(ministry.people["kasi"]), period, "SEK")


def test_a_corrected_value_empties_the_sheet_and_comes_back_with_what_it_replaced(
    ended: tuple[Ministry, str],
) -> None:
    ministry, value = ended
    choice = {"predicate": "baik", "reason": "Sesuai usulan dan capaian."}
    ministry.send(value, "determine", "menteri", change=choice)
    first = sheet(ministry)
    ministry.send(value, "reopen", "asing", note="Angka layanan keliru.")
    open_again = sheet(ministry)
    assert open_again.reopened is not None
    assert (open_again.nko, open_again.groups, open_again.reopened.nko) == (None, (), first.nko)
    items = db.session.scalars(
        sa.select(models.IkuRealisationItem)
        .join(models.Iku, models.Iku.id == models.IkuRealisationItem.iku_id)
        .where(models.Iku.key == keys()[1])
    )
    for item in items:
        item.value = Decimal("92.5")
    db.session.commit()
    send(ministry, value)
    ministry.send(value, "determine", "menteri", change=choice)
    second = sheet(ministry)
    assert [(one.nko, one.predicate, one.reason) for one in second.earlier] == [
        (first.nko, "baik", "Angka layanan keliru.")
    ]
    rows = {r.key: (r.value, r.was, r.corrected) for g in second.groups for r in g.rows}
    assert rows[keys()[1]] == (100, 90, True)
    assert sum(corrected for _value, _was, corrected in rows.values()) == 1
    assert second.nko != first.nko


def test_the_pengelola_is_reminded_of_an_empty_sheet_before_its_day_and_after_it_each_once(
    ended: tuple[Ministry, str],
) -> None:
    ministry, _value = ended
    assert told(ministry) == []
    for day, said in (
        (date(2027, 2, 1), 1),
        (date(2027, 2, 26), 2),
        (date(2027, 3, 1), 3),
        (date(2027, 3, 2), 3),
    ):
        with clock.frozen(datetime(day.year, day.month, day.day, 3, tzinfo=UTC)):
            due.run()
            due.run()
            assert len(told(ministry)) == said, day
            assert sheet(ministry).standing.state == (lakin.LATE if said == 3 else lakin.WAITING)
