"""The demo bar: become somebody, move the calendar forward, begin again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from kinerja import clock, demo
from kinerja.db import db
from kinerja.models import DemoClock, Document, Person
from kinerja.services import audit, demo_clock
from kinerja.services.errors import BadInput
from tests.demo.conftest import make, told

TODAY = date(2026, 7, 20)


def public_id(app: Flask, name: str) -> str:
    with app.app_context():
        found = db.session.scalar(sa.select(Person.public_id).where(Person.name == name))
    assert found is not None
    return found


def test_a_visitor_becomes_somebody_without_a_password(copied: Flask, visitor: FlaskClient) -> None:
    answer = visitor.post(
        "/demo/terapkan", data={"person": public_id(copied, "Bagas Wicaksono"), "today": str(TODAY)}
    )
    assert answer.status_code == 303
    assert "Bagas Wicaksono" in visitor.get("/profil").text
    visitor.post(
        "/demo/terapkan", data={"person": public_id(copied, "Sekar Ayu Lestari"), "today": str(TODAY)}
    )
    assert "Sekar Ayu Lestari" in visitor.get("/profil").text


def test_every_page_tells_a_delegate_in_whose_name_he_acts(copied: Flask, visitor: FlaskClient) -> None:
    delegate = public_id(copied, "Christina Mandacan")
    visitor.post("/demo/terapkan", data={"person": delegate, "today": str(TODAY)})
    with copied.app_context():
        skp = sa.select(Document.public_id).join(Person, Person.id == Document.subject_id)
        chosen = db.session.scalar(skp.where(Person.name == "Elias Kogoya", Document.kind == "skp"))
    told_of = "Anda bertindak atas nama Paulina Rumbiak, Kepala Seksi Pelayanan Data"
    for page in ("/", "/profil", "/tim/?saring=pendelegasian", "/pendelegasian/", f"/dokumen/{chosen}"):
        answer = visitor.get(page)
        assert (answer.status_code, told_of in answer.text) == (200, True), page
    assert "Elias Kogoya" in visitor.get("/tim/?saring=pendelegasian").text
    visitor.post("/demo/terapkan", data={"person": delegate, "today": "2026-08-03"})
    assert told_of not in visitor.get("/").text
    assert visitor.get(f"/dokumen/{chosen}").status_code == 404


def test_moving_the_calendar_lets_fall_due_what_falls_due_on_the_way(office: Flask) -> None:
    days = demo_clock.move_to(date(2026, 8, 4))
    assert days == 15
    assert clock.today() == date(2026, 8, 4)
    escalated = sa.select(sa.func.count()).where(Document.kind == "skp", Document.acting_level == 1)
    assert (db.session.scalar(escalated) or 0) > 5, "newcomers' SKP pass to the superior of a late penilai"
    assert demo_clock.shift() == clock.shift()


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + demo_clock.FARTHEST + timedelta(days=1)])
def test_the_calendar_goes_forward_only_and_not_for_years_at_once(office: Flask, day: date) -> None:
    before = db.session.scalar(sa.select(DemoClock.seconds))
    with pytest.raises(BadInput):
        demo_clock.move_to(day)
    assert db.session.scalar(sa.select(DemoClock.seconds)) == before


@pytest.mark.parametrize(
    ("today", "said"), [("2026-07-01", "hanya dapat dimajukan"), ("kapan", "tidak ada di kalender")]
)
def test_the_bar_says_why_a_day_cannot_be(visitor: FlaskClient, today: str, said: str) -> None:
    answer = visitor.post("/demo/terapkan", data={"today": today, "next": "/masuk"}, follow_redirects=True)
    assert said in answer.text


@pytest.mark.parametrize("path", ["/demo/terapkan", "/demo/mulai-ulang"])
def test_there_is_no_bar_outside_demo_mode(copied: Flask, path: str) -> None:
    from pathlib import Path

    app = make(Path(copied.config["INSTANCE"]), demo_mode=False)
    app.config["WTF_CSRF_ENABLED"] = False
    assert app.test_client().post(path, base_url="https://localhost").status_code in (401, 404)


def test_beginning_again_brings_the_same_office_on_its_first_morning_back_to_whoever_asked(
    copied: Flask, visitor: FlaskClient
) -> None:
    with copied.app_context():
        before = told()
    visitor.post(
        "/demo/terapkan", data={"person": public_id(copied, "Ratih Kusumaningrum"), "today": "2026-07-22"}
    )
    answer = visitor.post("/demo/mulai-ulang")
    assert answer.status_code == 303
    assert "Ratih Kusumaningrum" in visitor.get("/profil").text
    with copied.app_context():
        clock.set_shift(demo_clock.shift())
        assert clock.today() == TODAY
        assert demo.is_furnished()
        assert told() == before
        assert not [fault for _chain, _length, fault in audit.verify() if fault]
