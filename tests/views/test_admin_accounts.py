"""The account of a person: closed, opened again, freed of a lost device by an admin; and the language it keeps."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from kinerja.db import db, transaction
from kinerja.models import Account, Notice, RoleAppointment
from tests.access.conftest import PASSWORD, Browser, RealTime
from tests.views.admin_office import Ministry


def page_of(ministry: Ministry, person: str) -> str:
    return f"/orang/{ministry.public[person]}/akun"


def told(ministry: Ministry, person: str) -> list[tuple[str, Any]]:
    query = sa.select(Notice.text, Notice.params).where(Notice.person_id == ministry.ids[person])
    return [(text.split(" ", 1)[1], params["reason"]) for text, params in ministry.query(query)]


def test_a_closed_account_is_out_at_once_and_in_again_when_it_is_opened(
    ministry: Ministry, now: RealTime
) -> None:
    admin, staff = ministry.browser("admin"), ministry.browser("staff")
    page = page_of(ministry, "staff")
    link = f'href="{page}"'
    assert link in admin.get(page.removesuffix("/akun")).get_data(as_text=True)
    assert link not in staff.get(page.removesuffix("/akun")).get_data(as_text=True)
    assert staff.get("/profil").status_code == 200
    empty = admin.post(f"{page}/tutup", {"reason": " "}, page=page)
    assert empty.status_code == 422
    assert "Tulis alasannya." in empty.get_data(as_text=True)
    now.advance(minutes=6)
    asked = admin.post(f"{page}/tutup", {"reason": "Pensiun"}, page=page).get_data(as_text=True)
    assert 'name="reason" value="Pensiun"' in asked
    assert ministry.acts("akun.nonaktif") == 0, "not before the password"
    done = admin.post(f"{page}/tutup", {"reason": "Pensiun", "tegas-sandi": PASSWORD}, page=page)
    assert done.location == page
    shown = admin.get(page).get_data(as_text=True)
    assert "Ditutup sejak" in shown
    assert "Buka kembali akun" in shown
    assert staff.get("/profil").status_code == 303
    assert staff.sign_in(ministry.nips["staff"]).status_code == 422
    admin.post(f"{page}/tutup", {"reason": "Sekali lagi"}, page=page)
    admin.post(f"{page}/buka", {"reason": "Keliru"}, page=page)
    assert staff.sign_in(ministry.nips["staff"]).status_code == 303
    assert ministry.acts("akun.nonaktif") == ministry.acts("akun.aktif") == 1
    assert told(ministry, "staff") == [
        ("menutup akun Anda: %(reason)s", "Pensiun"),
        ("membuka kembali akun Anda: %(reason)s", "Keliru"),
    ]
    assert "membuka kembali akun Anda: Keliru" in staff.get("/pemberitahuan/").get_data(as_text=True)


def test_a_lost_device_is_taken_off_but_not_by_who_prints_the_code(
    ministry: Ministry, whole_app: Flask
) -> None:
    with whole_app.app_context(), transaction():
        account = db.session.get_one(Account, ministry.ids["komite"])
        account.totp_secret, account.totp_confirmed = "A" * 32, True
    one, two, page = ministry.browser("admin"), ministry.browser("admin2"), page_of(ministry, "komite")
    printed = one.post(
        "/akun/kode-aktivasi/cetak", {"orang": ministry.public["komite"]}, page="/akun/kode-aktivasi"
    )
    assert printed.status_code == 200
    same = one.post(f"{page}/lepas-perangkat", {"reason": "Telepon hilang"}, page=page)
    assert same.status_code == 422
    assert "dihapus oleh admin lain" in same.get_data(as_text=True)
    assert "Telepon hilang</textarea>" in same.get_data(as_text=True), "what was typed stays"
    assert two.post(f"{page}/lepas-perangkat", {"reason": "Telepon hilang"}, page=page).location == page
    assert "Hapus kode perangkat" not in two.get(page).get_data(as_text=True)
    assert ministry.acts("totp.dihapus") == 1
    assert [reason for _text, reason in told(ministry, "komite")] == ["Telepon hilang"]


@pytest.mark.parametrize("act", ["tutup", "buka", "lepas-perangkat"])
def test_nobody_does_it_to_himself_and_nobody_but_an_admin_finds_the_page(
    ministry: Ministry, act: str
) -> None:
    own = page_of(ministry, "admin")
    refused = ministry.browser("admin").post(f"{own}/{act}", {"reason": "Sendiri"}, page="/profil")
    assert refused.status_code == 422
    assert "dilakukan oleh admin lain" in refused.get_data(as_text=True)
    for other in ("staff", "pengelola", "auditor", "komite"):
        browser, page = ministry.browser(other), page_of(ministry, "stranger")
        assert browser.get(page).status_code == 404
        assert browser.post(f"{page}/{act}", {"reason": "Ingin tahu"}, page="/profil").status_code == 404
    assert ministry.acts("akun.nonaktif") == ministry.acts("totp.dihapus") == 0


def test_the_language_a_visitor_chooses_goes_with_him_into_his_account_and_with_nobody_else(
    ministry: Ministry, whole_app: Flask
) -> None:
    def language(person: str) -> str:
        query = sa.select(Account.locale).where(Account.person_id == ministry.ids[person])
        return str(ministry.query(query)[0][0])

    browser = Browser(whole_app)
    browser.post("/bahasa", {"locale": "en", "next": "/masuk"}, page="/masuk")
    assert browser.sign_in(ministry.nips["staff"]).status_code == 303
    assert language("staff") == "en"
    assert '<html lang="en"' in browser.get("/profil").get_data(as_text=True)
    browser.post("/keluar", page="/profil")
    assert browser.sign_in(ministry.nips["stranger"]).status_code == 303
    assert language("stranger") == "id", "he chose nothing; the browser still knew the choice of the other"


def test_the_last_admin_who_can_enter_is_told_why_his_role_stays(ministry: Ministry) -> None:
    admin = ministry.browser("admin")
    admin.post(f"{page_of(ministry, 'admin2')}/tutup", {"reason": "Mutasi"}, page=page_of(ministry, "admin2"))
    held = sa.select(RoleAppointment.public_id).where(RoleAppointment.person_id == ministry.ids["admin"])
    mine = ministry.query(held)[0][0]
    answer = admin.post(f"/pengaturan/peran/{mine}/cabut", {"reason": "Pensiun"})
    assert answer.status_code == 422
    assert "admin terakhir yang dapat masuk" in answer.get_data(as_text=True)
    assert ministry.acts("peran.cabut") == 0
