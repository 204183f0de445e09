"""Acting for somebody else ends by itself: the last minute of the last day is his, the next is not, in each zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from kinerja import clock, models
from kinerja.db import db, transaction
from kinerja.services import frame, home, identity, transitions, turns, viewers
from kinerja.services.errors import NotAllowed, NotThere
from kinerja.workflows.roles import LABELS, Relation
from tests.services.monitoring_office import Office, running

LAST_DAY = date(2026, 4, 20)
MINUTE = timedelta(minutes=1)
NOTE = "Lengkapi bukti bulan Maret."


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    """A recorded realisation; the Plh. of its penilai acts until 20 April."""
    with running(sqlite_template, tmp_path) as found:
        found.establish()
        with clock.frozen(datetime.combine(LAST_DAY, time(2), clock.ZONES["WIB"])):
            found.record()
        yield found


def acts_until(office: Office, kind: str, zone: str) -> None:
    plh = models.Placement.person_id == office.people["plh"]
    with transaction():
        db.session.execute(sa.update(models.Unit).values(zone=zone))
        db.session.execute(sa.update(models.Placement).where(plh).values(kind=kind, ends=LAST_DAY))
        if kind == "plt":
            # The post is vacant: its holder left, and the letter of the Plt. names the day it ends.
            held = models.Placement.person_id == office.people["penilai"]
            db.session.execute(sa.update(models.Placement).where(held).values(ends=date(2026, 2, 28)))
    db.session.expire_all()


def banner(office: Office) -> tuple[str, ...]:
    return tuple(one.post for one in frame.around(office.people["plh"], frozenset()).acting)


def leads(office: Office) -> frozenset[int]:
    """Those of the office for whom he acts, as lists and counts see it."""
    circle = identity.circle_of(office.people["plh"])
    return (circle.direct | circle.standing_in) & {office.people["pegawai"]}


@pytest.mark.parametrize("zone", ["WIB", "WITA", "WIT"])
@pytest.mark.parametrize("kind", ["plh", "plt"])
def test_one_minute_after_the_last_day_he_is_refused_and_the_banner_is_gone(
    office: Office, kind: str, zone: str
) -> None:
    acts_until(office, kind, zone)
    midnight = datetime.combine(LAST_DAY + timedelta(days=1), time(), clock.ZONES[zone])
    with clock.frozen(midnight + MINUTE):
        assert banner(office) == ()
        assert leads(office) == frozenset(), "nor does a list of his hold it by the clock of Java"
        with pytest.raises((NotAllowed, NotThere)):
            office.send("send_back", "plh", note=NOTE)
        assert office.state() == "recorded"
    with clock.frozen(midnight - MINUTE):
        assert leads(office) == {office.people["pegawai"]}
        assert banner(office) == (f"{kind.capitalize()}. Jabatan penilai",)
        office.send("send_back", "plh", note=NOTE)
    step = db.session.scalars(sa.select(models.Step).where(models.Step.event == "send_back")).one()
    assert step.on_behalf == f"{kind.capitalize()}. Jabatan penilai", "the history says for whom"


@pytest.mark.parametrize("authority", ["", "menandatangani"])
def test_a_plh_signs_in_the_name_of_the_post_only_where_his_letter_says_so(
    sqlite_template: Path, tmp_path: Path, authority: str
) -> None:
    with running(sqlite_template, tmp_path) as office:
        plh = models.Placement.person_id == office.people["plh"]
        with transaction():
            db.session.execute(sa.update(models.Placement).where(plh).values(authority=authority))
        skp = db.session.get_one(models.Document, office.skp_id)
        subject = office.people["pegawai"]
        found = identity.circle_of(office.people["plh"]).relations_to(subject, skp.unit.path, "skp")
        assert found == {Relation.PENILAI if authority else Relation.PLH}
        (row,) = (one for one in viewers.everybody(skp) if one.person_id == office.people["plh"])
        assert (row.on_behalf, row.why) == ("Plh. Jabatan penilai", viewers.STANDS_IN)
        if not authority:
            with pytest.raises(NotAllowed):
                send(office, skp)
            return
        send(office, skp)
        step = db.session.scalars(sa.select(models.Step).where(models.Step.event == "establish")).one()
        assert (step.relation, step.on_behalf) == ("penilai", "Plh. Jabatan penilai")
        assert step.trace[identity.MANDATE] == office.people["penilai"]


def send(office: Office, skp: models.Document) -> None:
    transitions.send(skp.public_id, "establish", office.people["plh"], version=skp.version, signed=True)


def test_what_a_plh_may_do_waits_for_him_until_his_last_day_and_for_the_penilai_after_it(
    office: Office,
) -> None:
    acts_until(office, "plh", "WIB")
    for day, who, label in ((0, "plh", Relation.PLH), (1, "penilai", Relation.PENILAI)):
        with clock.frozen(datetime.combine(LAST_DAY + timedelta(days=day), time(9), clock.ZONES["WIB"])):
            listed = {key: home.home(person).tasks for key, person in office.people.items()}
            assert [key for key, rows in listed.items() if rows] == [who]
            assert [row.turn_label for row in listed[who]] == [LABELS[label]]
            found = office.document()
            assert turns.person_in_turn(found, found.turn) == [office.people[who]]
