"""A window of an open year put right, and the page of the year that tells its deadlines."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from kinerja.db import db
from kinerja.models import AuditRow, Document
from kinerja.services import access, deadlines, periods
from tests.views.admin_office import Ministry
from tests.views.test_admin_periods import fields_of

WINDOW = "/pengaturan/periode/2026/jendela/TW4"


def waiting_document(ministry: Ministry, app: Flask, kind: str, state: str, **values: Any) -> None:
    """A document of TW IV that waits, its due moment as the window has it."""
    with app.app_context():
        period = periods.period_of(2026)
        moment = datetime(2026, 11, 10, 1, tzinfo=UTC)
        document = Document(
            public_id=f"{kind:_<16}"[:16], kind=kind, print_number=f"{kind}-1", period=period, slot="TW4",
            subject_id=ministry.ids["staff"], unit_id=ministry.unit, state=state, state_since=moment, flags={},
            created_at=moment, updated_at=moment, **values,
        )  # fmt: skip
        db.session.add(document)
        db.session.flush()
        if document.due_code:
            document.due_at = deadlines.due_of(document, document.due_code, moment)
        db.session.commit()


def due_days(ministry: Ministry) -> list[tuple[str, int]]:
    rows = ministry.query(sa.select(Document.due_at, Document.escalation).where(Document.due_code != ""))
    return [(row.due_at.date().isoformat(), row.escalation) for row in rows]


def test_a_window_is_put_right_with_a_reason_and_the_deadlines_follow(
    ministry: Ministry, whole_app: Flask
) -> None:
    ministry.open_year(2026)
    waits = {"turn": "subjek", "due_code": "realisation_record", "escalation": 3}
    waiting_document(ministry, whole_app, "realisation", "open", **waits)
    assert due_days(ministry) == [("2027-01-10", 3)]
    admin = ministry.browser("admin")
    page = admin.get("/pengaturan/periode/2026").get_data(as_text=True)
    assert f'href="{WINDOW}"' in page, "the admin finds it at the window"
    sent = fields_of(admin.get(WINDOW), WINDOW) | {
        "record_by": "2027-01-14",
        "reason": "Libur daerah bergeser",
    }
    looked = admin.client.post(WINDOW, data=sent)
    text = looked.get_data(as_text=True)
    assert looked.status_code == 200, text
    assert "10 Januari 2027" in text
    assert "14 Januari 2027" in text
    assert ministry.acts("period.window") == 0, "shown before it is done"
    done = admin.client.post(WINDOW, data=fields_of(looked, WINDOW))
    assert (done.status_code, done.location) == (303, "/pengaturan/periode/2026#koreksi")
    assert due_days(ministry) == [("2027-01-14", 0)], "and the ladder begins anew"
    page = admin.get("/pengaturan/periode/2026").get_data(as_text=True)
    assert "Batas rekam: 10 Januari 2027 → 14 Januari 2027" in page
    assert "Libur daerah bergeser" in page
    ((payload,),) = ministry.query(sa.select(AuditRow.payload).where(AuditRow.action == "period.window"))
    kept = json.loads(payload)
    assert (kept["sebelum"]["record_by"], kept["sesudah"]["record_by"]) == ("2027-01-10", "2027-01-14")
    assert (kept["alasan"], kept["dokumen"]) == ("Libur daerah bergeser", 1)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"record_by": "2027-01-14"}, "Tulis alasannya"),
        ({"record_by": "2027-01-20", "reason": "Libur bergeser"}, "batas rekam harus sebelum batas validasi"),
        ({"closes": "2027-05-01", "reason": "Libur bergeser"}, "ditutup paling lambat 31 Maret 2027"),
        (
            {"record_by": "2026-11-02", "recording_opens": "2026-10-05", "reason": "Libur bergeser"},
            "sebelum hari ini",
        ),
        ({"reason": "Libur bergeser"}, "Tidak ada tanggal yang berubah."),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_what_was_typed_stays(
    ministry: Ministry, given: dict[str, str], words: str
) -> None:
    ministry.open_year(2026)
    admin = ministry.browser("admin")
    sent = fields_of(admin.get(WINDOW), WINDOW) | {"confirm": "ya"} | given
    answer = admin.client.post(WINDOW, data=sent)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert words in page
    assert all(f'value="{value}"' in page for name, value in given.items() if name != "reason")
    assert ministry.acts("period.window") == 0


@pytest.mark.parametrize("why", ["determined", "closed", "other"])
def test_a_window_with_a_determined_evaluation_a_closed_year_and_anybody_else_are_refused(
    ministry: Ministry, whole_app: Flask, why: str
) -> None:
    ministry.open_year(2026)
    admin = ministry.browser("admin")
    sent = fields_of(admin.get(WINDOW), WINDOW) | {"closes": "2027-02-01", "reason": "Libur bergeser"}
    if why == "determined":
        waiting_document(ministry, whole_app, "predicate_review", "determined", turn="penilai")
    elif why == "closed":
        assert admin.post("/pengaturan/periode/2026", {"reason": "Semua final"}).status_code == 303
    else:
        pengelola = ministry.browser("pengelola")
        sent["csrf_token"] = pengelola.token_of(pengelola.get("/pengaturan/periode/2026"))
        assert pengelola.get(WINDOW).status_code == 403
        assert pengelola.client.post(WINDOW, data=sent | {"confirm": "ya"}).status_code == 403
        return
    answer = admin.client.post(WINDOW, data=sent | {"confirm": "ya"})
    assert answer.status_code == 422
    assert ("sudah ditetapkan" if why == "determined" else "tidak sedang dibuka") in answer.get_data(
        as_text=True
    )
    assert ministry.acts("period.window") == 0


def test_a_window_is_put_right_only_after_the_password_again(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    ministry.open_year(2026)
    admin = ministry.browser("admin")
    sent = fields_of(admin.get(WINDOW), WINDOW) | {
        "closes": "2027-02-01",
        "reason": "Libur bergeser",
        "confirm": "ya",
    }
    monkeypatch.setattr(access, "recently_verified", lambda _user: False)
    asked = admin.client.get(WINDOW)
    assert asked.status_code == 303
    assert "/tegaskan" in asked.location
    # What was sent gets a page that asks for the password and still holds all of it.
    page = admin.client.post(WINDOW, data=sent)
    assert page.status_code == 200
    kept = fields_of(page, WINDOW)
    assert {name: kept[name] for name in ("closes", "reason", "confirm")} == {
        name: sent[name] for name in ("closes", "reason", "confirm")
    }
    assert "tegas-sandi" in page.get_data(as_text=True)
    assert ministry.acts("period.window") == 0


def test_the_year_tells_when_recording_opens_and_until_when_each_step_may_be_taken(
    ministry: Ministry,
) -> None:
    ministry.open_year(2026)
    page = ministry.browser("auditor").get("/pengaturan/periode/2026").get_data(as_text=True)
    assert 'data-label="Perekaman dibuka">1 Juli 2026' in page
    assert "/jendela/" not in page, "who only reads is not offered a correction"
    steps = page.split('id="batas"', 1)[1]
    for words in (
        "Ajukan SKP", "20 Januari 2026", "Triwulan III: 31 Oktober 2026", "14 hari kerja sejak dokumen diterima",
        "5 hari kerja sejak langkah sebelumnya", "PermenPANRB 6/2022 Pasal 14, hlm. 65", "rancangan", "asumsi",
    ):  # fmt: skip
        assert words in steps, words
