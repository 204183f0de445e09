"""Roles, heads of units, "Data saya salah": who may, what is kept, who is told."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from kinerja.db import db, transaction
from kinerja.models import DataReport, HeadDecision, LoginSession, Notice, Placement, Post, RoleAppointment
from kinerja.services import identity, profile, structure
from tests.access.conftest import PASSWORD, RealTime
from tests.views.admin_office import Ministry

ROLES, GRANT = "/pengaturan/peran/", "/pengaturan/peran/usul"


def proposal(ministry: Ministry, **more: str) -> dict[str, str]:
    return {
        "person": ministry.nips["staff"], "role": "pengelola_pegawai", "unit": "U1", "starts": "2026-11-01",
        "ends": "", "decree": "KEP-7/2026",
    } | more  # fmt: skip


def appointment(ministry: Ministry, person: str = "staff") -> str:
    query = sa.select(RoleAppointment.public_id).where(RoleAppointment.person_id == ministry.ids[person])
    return str(ministry.query(query)[-1][0])


def test_one_admin_proposes_and_another_confirms_before_the_role_counts(
    ministry: Ministry, whole_app: Flask
) -> None:
    admin, second = ministry.browser("admin"), ministry.browser("admin2")
    assert admin.post(GRANT, proposal(ministry)).status_code == 303
    assert "Menunggu pengesahan Anda" not in admin.get(ROLES).get_data(as_text=True), "not by who proposed it"
    path = f"{ROLES}{appointment(ministry)}/sahkan"
    assert "Menunggu pengesahan Anda" in second.get(ROLES).get_data(as_text=True)
    with whole_app.app_context():
        assert identity.scopes_of(ministry.ids["staff"]) == ()
    token = admin.token_of(admin.get(GRANT))
    assert admin.client.post(path, data={"csrf_token": token}).status_code == 403
    assert second.post(path, page=ROLES).status_code == 303
    with whole_app.app_context():
        assert [s.role for s in identity.scopes_of(ministry.ids["staff"])] == ["pengelola_pegawai"]
    assert ministry.acts("peran.usul") == ministry.acts("peran.sah") == 1


def test_confirming_asks_for_the_password_again_after_five_minutes(ministry: Ministry, now: RealTime) -> None:
    ministry.browser("admin").post(GRANT, proposal(ministry))
    second = ministry.browser("admin2")
    now.advance(minutes=6)
    path = f"{ROLES}{appointment(ministry)}/sahkan"
    asked = second.post(path, page=ROLES)
    assert f'action="{path}"' in asked.get_data(as_text=True)
    assert second.post(path, {"tegas-sandi": "bukan ini"}, page=ROLES).status_code == 422
    assert ministry.acts("peran.sah") == 0
    assert len(ministry.query(sa.select(LoginSession.id))) == 2
    assert second.post(path, {"tegas-sandi": PASSWORD}, page=ROLES).location == ROLES
    assert ministry.acts("peran.sah") == 1


@pytest.mark.parametrize(
    ("more", "where", "words"),
    [
        ({"person": "19990101"}, "person", "Tidak ada orang"),
        ({"unit": ""}, "unit", "Pilih unitnya"),
        ({"unit": "Z9"}, "unit", "Tidak ada unit"),
        ({"role": "konselor"}, "unit", "tanpa unit"),
        ({"ends": "2026-10-01"}, "ends", "mendahului tanggal mulai"),
        ({"decree": ""}, "decree", "Tulis nomor keputusannya"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused_at_its_field(
    ministry: Ministry, more: dict[str, str], where: str, words: str
) -> None:
    answer = ministry.browser("admin").post(GRANT, proposal(ministry, **more))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{where}-g"' in page
    assert words in page.split(f'id="{where}-g"', 1)[1].split("</p>", 1)[0]


def test_nobody_proposes_a_role_for_himself(ministry: Ministry) -> None:
    answer = ministry.browser("admin").post(GRANT, proposal(ministry, person=ministry.nips["admin"]))
    assert answer.status_code == 422
    assert "diusulkan oleh admin lain" in answer.get_data(as_text=True)


def test_a_role_is_revoked_with_a_reason(ministry: Ministry, whole_app: Flask) -> None:
    admin, path = ministry.browser("admin"), f"{ROLES}{appointment(ministry, 'pengelola')}/cabut"
    assert admin.post(path, {"reason": " "}).status_code == 422
    assert admin.post(path, {"reason": "Pindah unit"}).status_code == 303
    with whole_app.app_context():
        assert identity.scopes_of(ministry.ids["pengelola"]) == ()
    assert ministry.acts("peran.cabut") == 1
    assert ministry.browser("pengelola").get("/pengaturan/").status_code == 404


def test_the_list_is_searched_counted_and_downloaded_as_it_stands(ministry: Ministry) -> None:
    admin = ministry.browser("admin")
    found = admin.get(f"{ROLES}?q=rina").get_data(as_text=True)
    assert "Rina Kusuma" in found
    assert "Citra Dewi" not in found
    text = admin.get(f"{ROLES}?peran=komite_pelaksana&unduh=csv").get_data(as_text=True).lstrip("\ufeff")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["Citra Dewi"]
    assert '<span class="k-num">5</span>' in admin.get(ROLES).get_data(as_text=True)


# ---------- heads


@pytest.fixture
def headless(ministry: Ministry, whole_app: Flask) -> Ministry:
    """A second person of the unit without a superior: two candidates, and the rule gives no head."""
    with whole_app.app_context():
        post = db.session.scalar(sa.select(Post.id).where(Post.unit_id == ministry.unit).limit(1))
        with transaction():
            db.session.add(
                Placement(
                    person_id=ministry.ids["stranger"],
                    post_id=post,
                    kind="definitif",
                    starts=date(2025, 1, 1),
                    recorded_at=datetime.fromisoformat("2025-01-01T00:00:00+00:00"),
                )
            )
    return ministry


HEAD = "/pengaturan/struktur/pimpinan/U1"


def test_the_pengelola_names_the_head_where_the_rule_gives_several(
    headless: Ministry, whole_app: Flask
) -> None:
    pengelola = headless.browser("pengelola")
    assert HEAD in pengelola.get("/pengaturan/struktur/?periksa=5").get_data(as_text=True)
    answer = pengelola.post(HEAD, {"person": headless.public["boss"], "starts": "2026-11-01"})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with whole_app.app_context():
        head = structure.head_of(headless.unit)
    assert (head.person_id, head.decided) == (headless.ids["boss"], True)
    assert headless.acts("unit.head") == 1
    assert HEAD not in pengelola.get("/pengaturan/struktur/?periksa=5").get_data(as_text=True)


@pytest.mark.parametrize(
    ("person", "starts", "words"),
    [
        ("boss", "2026-12-24", "paling lambat hari ini"),
        ("pengelola", "2026-11-01", "oleh pengelola lain"),
        ("", "2026-11-01", "Pilih satu orang"),
    ],
)
def test_a_head_that_cannot_be_is_refused(headless: Ministry, person: str, starts: str, words: str) -> None:
    sent = {"person": headless.public[person], "starts": starts} if person else {"starts": starts}
    answer = headless.browser("pengelola").post(HEAD, sent)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert headless.query(sa.select(HeadDecision.id)) == []


def test_a_unit_that_has_its_head_needs_no_word_and_other_units_are_not_mine(ministry: Ministry) -> None:
    pengelola = ministry.browser("pengelola")
    assert "tidak ada yang perlu ditetapkan" in pengelola.get(HEAD).get_data(as_text=True)
    assert pengelola.get("/pengaturan/struktur/pimpinan/U2").status_code == 403


def test_a_pengelola_sees_the_findings_of_his_own_units_only(ministry: Ministry) -> None:
    own = ministry.browser("pengelola").get("/pengaturan/struktur/?unduh=csv").get_data(as_text=True)
    every = ministry.browser("admin").get("/pengaturan/struktur/?unduh=csv").get_data(as_text=True)
    assert "Tono Hartono" in every
    assert "Tono Hartono" not in own


# ---------- "Data saya salah"

QUEUE = "/pengaturan/data-saya-salah/"


def report(whole_app: Flask, ministry: Ministry, person: str) -> str:
    with whole_app.app_context():
        return str(
            profile.report_wrong_data(ministry.ids[person], "jabatan", f"Jabatan {person} keliru").public_id
        )


def test_a_report_is_answered_by_the_pengelola_of_the_unit_and_the_person_hears_of_it(
    ministry: Ministry, whole_app: Flask
) -> None:
    path = QUEUE + report(whole_app, ministry, "staff")
    pengelola = ministry.browser("pengelola")
    assert "Jabatan staff keliru" in pengelola.get(QUEUE).get_data(as_text=True)
    assert pengelola.post(path, {"outcome": "done", "answer": " "}).status_code == 422
    sent = {"outcome": "done", "answer": "Diperbaiki lewat impor 20 November."}
    assert pengelola.post(path, sent).status_code == 303
    ((state, answer),) = ministry.query(sa.select(DataReport.state, DataReport.answer))
    assert (state, answer) == ("done", sent["answer"])
    ((person, params),) = ministry.query(sa.select(Notice.person_id, Notice.params))
    assert (person, params["answer"]) == (ministry.ids["staff"], sent["answer"])
    assert ministry.acts("data.jawab") == 1
    staff = ministry.browser("staff")
    assert sent["answer"] in staff.get("/pemberitahuan/").get_data(as_text=True)
    token = pengelola.token_of(pengelola.get(QUEUE))
    assert pengelola.client.post(path, data=sent | {"csrf_token": token}).status_code == 422
    assert len(ministry.query(sa.select(Notice.id))) == 1


def test_reports_of_other_units_and_ones_own_are_not_in_the_queue(
    ministry: Ministry, whole_app: Flask
) -> None:
    elsewhere, own = report(whole_app, ministry, "stranger"), report(whole_app, ministry, "pengelola")
    pengelola = ministry.browser("pengelola")
    assert pengelola.get(QUEUE + elsewhere).status_code == 404
    assert pengelola.get(QUEUE + own).status_code == 404
    assert "keliru" not in pengelola.get(QUEUE).get_data(as_text=True)
