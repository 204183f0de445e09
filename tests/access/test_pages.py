"""The pages of signing in and of one's own profile, as a browser without JavaScript sees them."""

import re
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from kinerja.db import db, transaction
from kinerja.models import ActivationCode, DataReport, DemoClock, LoginSession
from kinerja.services import access, activation
from tests.access.conftest import PASSWORD, Browser, Office, RealTime, text_of

NEW = "gerimis di awal desember"


class Cast:
    """People by name, and their NIP without holding a session open."""

    def __init__(self, app: Flask, office: Office) -> None:
        self.app, self.office = app, office
        with app.app_context():
            unit = office.unit()
            boss = office.person("Budi Santoso", unit=unit)
            self.ids = {
                "boss": boss,
                "staff": office.person("Sari Wulandari", email="sari@contoh.go.id", unit=unit, superior=boss),
                "new": office.person("Dewi Anggraini", password=False, unit=unit),
                "konselor": office.person("Tono Hartono", role="konselor"),
                "pengelola": office.person(
                    "Rina Kusuma", unit=unit, role="pengelola_pegawai", role_unit=unit
                ),
                "admin": office.person("Ayu Lestari", role="admin_sistem"),
            }
            self.nips = {name: office.nip(person) for name, person in self.ids.items()}

    def query(self, statement: Any) -> Any:
        with self.app.app_context():
            return db.session.execute(statement).all()


@pytest.fixture
def cast(app: Flask, office: Office, real_time: RealTime) -> Cast:
    return Cast(app, office)


@pytest.fixture
def staff(cast: Cast, browser: Browser) -> Browser:
    assert browser.sign_in(cast.nips["staff"]).location == "/"
    return browser


def with_device(cast: Cast, app: Flask, name: str, real_time: RealTime) -> tuple[Browser, pyotp.TOTP]:
    """Sign somebody in who has to set a device up, in a browser of his own."""
    browser = Browser(app)
    assert browser.sign_in(cast.nips[name]).location.startswith("/masuk/kode")
    page = text_of(browser.get("/masuk/kode"))
    secret = re.search(r"secret=([A-Z2-7]+)", page)
    assert secret
    device = pyotp.TOTP(secret[1])
    assert browser.post("/masuk/kode", {"kode": device.at(real_time.now)}).location == "/"
    return browser, device


# ---------- signing in and out


def test_one_signs_in_by_nip_or_email_and_out_again(cast: Cast, browser: Browser) -> None:
    for name in (cast.nips["staff"], "sari@contoh.go.id"):
        assert browser.sign_in(name).status_code == 303
        assert text_of(browser.get("/")) == "beranda Sari Wulandari"
        assert browser.get("/masuk").location == "/", "who is in needs no sign-in page"
        assert browser.post("/keluar", page="/profil").location == "/masuk"
        assert browser.get("/").status_code == 303


def test_the_session_gets_a_new_id_at_sign_in_and_the_old_cookie_is_worth_nothing(
    cast: Cast, app: Flask
) -> None:
    browser, thief = Browser(app), Browser(app)
    browser.sign_in(cast.nips["staff"])
    name = app.config["SESSION_COOKIE_NAME"]
    thief.client.set_cookie(name, browser.cookie(), secure=True)
    assert thief.get("/").status_code == 200
    browser.post("/keluar", page="/profil")
    assert thief.get("/").status_code == 303


@pytest.mark.parametrize(
    ("who", "password"),
    [("staff", "bukan sandinya"), ("new", "apa saja boleh"), ("nobody", PASSWORD), ("off", PASSWORD)],
)
def test_a_refusal_says_the_same_whatever_was_wrong(
    cast: Cast, app: Flask, browser: Browser, who: str, password: str
) -> None:
    with app.app_context():
        access.disable_account(cast.ids["admin"], cast.ids["boss"], "mutasi")
    nip = {"nobody": "199001012015011999", "off": cast.nips["boss"]}.get(who) or cast.nips[who]
    response = browser.sign_in(nip, password)
    page = text_of(response)
    assert response.status_code == 422
    assert "NIP, e-mail, atau kata sandi tidak cocok." in page
    assert f'value="{nip}"' in page
    assert password not in page


def test_after_five_failures_the_page_says_when_to_try_again(
    cast: Cast, browser: Browser, real_time: RealTime
) -> None:
    for _ in range(5):
        assert browser.sign_in(cast.nips["staff"], "salah").status_code == 422
    response = browser.sign_in(cast.nips["staff"])
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "60"
    assert "Coba lagi sesudah pukul 10.01.00 WIB, 1 menit lagi." in text_of(response)
    real_time.advance(minutes=1)
    assert browser.sign_in(cast.nips["staff"]).status_code == 303


def test_a_field_nobody_asked_for_is_refused(cast: Cast, browser: Browser) -> None:
    assert browser.sign_in(cast.nips["staff"], is_admin="1").status_code == 400


def test_an_empty_form_names_each_missing_field(browser: Browser) -> None:
    page = text_of(browser.post("/masuk", {}))
    assert "Tulis NIP atau e-mail Anda." in page
    assert "Tulis kata sandi Anda." in page


# ---------- the second page


def test_a_counsellor_sets_a_device_up_and_is_not_in_before(cast: Cast, browser: Browser) -> None:
    response = browser.sign_in(cast.nips["konselor"], next="/dokumen/abc")
    assert response.location == "/masuk/kode?next=/dokumen/abc"
    assert browser.get("/").status_code == 303
    page = text_of(browser.get(response.location))
    assert "<svg" in page
    assert "otpauth://totp/kinerja" in page
    assert 'name="next" value="/dokumen/abc"' in page


def test_the_code_opens_the_door_once_and_the_cookie_changes(
    cast: Cast, app: Flask, real_time: RealTime
) -> None:
    browser, device = with_device(cast, app, "konselor", real_time)
    assert text_of(browser.get("/")) == "beranda Tono Hartono"
    second = Browser(app)
    second.sign_in(cast.nips["konselor"])
    half = second.cookie()
    page = text_of(second.get("/masuk/kode"))
    assert "otpauth" not in page, "the secret is shown at the set-up and never again"
    replay = second.post("/masuk/kode", {"kode": device.at(real_time.now)})
    assert replay.status_code == 422
    assert "sudah dipakai" in text_of(replay)
    real_time.advance(seconds=30)
    assert second.post("/masuk/kode", {"kode": device.at(real_time.now)}).status_code == 303
    thief = Browser(app)
    thief.client.set_cookie(app.config["SESSION_COOKIE_NAME"], half, secure=True)
    assert thief.get("/").status_code == 303


def test_wrong_codes_are_throttled_on_the_page(cast: Cast, browser: Browser) -> None:
    browser.sign_in(cast.nips["konselor"])
    for _ in range(5):
        assert browser.post("/masuk/kode", {"kode": "000000"}).status_code == 422
    assert browser.post("/masuk/kode", {"kode": "000000"}).status_code == 429


def test_the_second_page_without_a_password_leads_to_the_first(
    browser: Browser, staff: Browser, app: Flask
) -> None:
    assert Browser(app).get("/masuk/kode").location == "/masuk?next=/"


def test_in_the_demo_nobody_needs_a_device(demo_app: Flask, office: Office, real_time: RealTime) -> None:
    cast = Cast(demo_app, office)
    with demo_app.app_context(), transaction():
        db.session.add(DemoClock(id=1, seconds=0))
    browser = Browser(demo_app, "http")
    assert browser.sign_in(cast.nips["admin"]).location == "/"


# ---------- activation


def test_a_slip_of_paper_becomes_a_signed_in_person(cast: Cast, app: Flask, browser: Browser) -> None:
    pengelola = cast.ids["pengelola"]
    with app.app_context():
        code = activation.issue(pengelola, [cast.office.public_id(cast.ids["new"])])[0].code
    wrong = browser.post("/aktivasi", {"nip": cast.nips["staff"], "kode": code})
    assert wrong.status_code == 422
    assert "NIP atau kode tidak cocok" in text_of(wrong)
    slip = {"nip": cast.nips["new"], "kode": code.lower()}
    page = browser.post("/aktivasi", slip)
    assert "Dewi Anggraini" in text_of(page)

    def choose(password: str, again: str) -> Any:
        return browser.post("/aktivasi", slip | {"sandi": password, "ulangi": again})

    different = choose(NEW, NEW + "!")
    assert different.status_code == 422
    assert "Kedua kata sandi tidak sama" in text_of(different)
    weak = choose("dewi-anggraini", "dewi-anggraini")
    assert weak.status_code == 422
    assert "NIP, e-mail, atau nama Anda" in text_of(weak)
    assert f'value="{code.lower()}"' in text_of(weak), "the slip comes along to the next attempt"
    assert choose(NEW, NEW).location == "/"
    assert text_of(browser.get("/")) == "beranda Dewi Anggraini"


def test_codes_are_printed_on_a_page_of_their_own_after_confirming(
    cast: Cast, app: Flask, real_time: RealTime
) -> None:
    browser, device = with_device(cast, app, "pengelola", real_time)
    page = browser.get("/akun/kode-aktivasi")
    assert "Dewi Anggraini" in text_of(page)
    assert "Sari Wulandari" not in text_of(page)
    with app.app_context():
        chosen = cast.office.public_id(cast.ids["new"])
    printed = browser.post("/akun/kode-aktivasi/cetak", {"orang": chosen}, page="/akun/kode-aktivasi")
    assert re.search(r">(?:[A-Z2-7]{4}-){6}[A-Z2-7]{2}</b>", text_of(printed))
    assert "https://localhost/aktivasi" in text_of(printed)
    assert printed.headers["Cache-Control"] == "no-store"
    real_time.advance(minutes=6)
    searched = "/akun/kode-aktivasi?q=dewi&semua=1"
    away = browser.get(searched).location
    assert parse_qs(urlsplit(away).query) == {"next": [searched]}
    assert f'name="next" value="{searched.replace("&", "&amp;")}"' in text_of(browser.get(away))
    confirm = {"sandi": PASSWORD, "kode": device.at(real_time.now), "next": searched}
    assert browser.post("/tegaskan", confirm).location == searched, "with its search and its filter"
    assert browser.get(searched).status_code == 200


def test_what_a_form_holds_comes_along_while_the_password_is_asked_again(
    cast: Cast, app: Flask, real_time: RealTime
) -> None:
    browser, device = with_device(cast, app, "pengelola", real_time)
    token = browser.token_of(browser.get("/akun/kode-aktivasi"))
    with app.app_context():
        chosen = cast.office.public_id(cast.ids["new"])
    real_time.advance(minutes=6)

    def send(**more: str) -> Any:
        sent = {"csrf_token": token, "orang": [chosen, "tidak-ada"]} | more
        return browser.client.post(
            "/akun/kode-aktivasi/cetak", data=sent, headers={"Referer": browser.origin}
        )

    asked = send()
    assert "Tegaskan bahwa ini Anda" in text_of(asked)
    assert re.findall(r'name="orang" value="([^"]+)"', text_of(asked)) == [chosen, "tidak-ada"]
    assert 'action="/akun/kode-aktivasi/cetak"' in text_of(asked)
    wrong = send(**{"tegas-sandi": "bukan ini", "tegas-kode": device.at(real_time.now)})
    assert wrong.status_code == 422
    assert re.findall(r'name="orang" value="([^"]+)"', text_of(wrong)) == [chosen, "tidak-ada"]
    assert "bukan ini" not in text_of(wrong)
    assert cast.query(sa.select(ActivationCode.id)) == []
    done = send(**{"tegas-sandi": PASSWORD, "tegas-kode": device.at(real_time.now)})
    assert "Kode aktivasi untuk dicetak" in text_of(done)
    assert len(cast.query(sa.select(ActivationCode.id))) == 1


def test_printing_without_choosing_anybody_says_so(cast: Cast, app: Flask, real_time: RealTime) -> None:
    browser, _ = with_device(cast, app, "pengelola", real_time)
    answer = browser.post("/akun/kode-aktivasi/cetak", page="/akun/kode-aktivasi")
    assert "Pilih dahulu pegawai" in text_of(browser.get(answer.location))


def test_the_page_of_codes_is_not_there_for_others(staff: Browser) -> None:
    assert staff.get("/akun/kode-aktivasi").status_code == 404
    assert staff.post("/akun/kode-aktivasi/cetak", {"orang": "abc"}, page="/profil").status_code == 404


# ---------- confirming again


def test_confirming_goes_on_to_where_one_was_going(staff: Browser, real_time: RealTime) -> None:
    real_time.advance(minutes=10)
    assert 'value="/dokumen/abc"' in text_of(staff.get("/tegaskan?next=/dokumen/abc"))
    wrong = staff.post("/tegaskan", {"sandi": "bukan ini", "next": "/dokumen/abc"})
    assert wrong.status_code == 422
    assert "Kata sandi tidak cocok." in text_of(wrong)
    assert staff.post("/tegaskan", {"sandi": PASSWORD, "next": "//jahat.example"}).location == "/"
    for _ in range(5):
        staff.post("/tegaskan", {"sandi": "bukan ini"})
    assert staff.post("/tegaskan", {"sandi": PASSWORD}).status_code == 429


# ---------- the profile


def test_the_profile_shows_what_kinerja_works_with(staff: Browser, cast: Cast) -> None:
    page = text_of(staff.get("/profil"))
    for text in (
        "Sari Wulandari",
        cast.nips["staff"],
        "Penata, III/c",
        "Budi Santoso",
        "Direktorat Layanan Data",
    ):
        assert text in page
    assert page.count("<h1>") == 1


def test_a_wrong_datum_is_reported_and_waits_for_the_pengelola(staff: Browser, cast: Cast) -> None:
    page = text_of(staff.get("/profil/data-saya-salah?isian=jabatan"))
    assert re.search(r'<option selected value="jabatan">', page)
    empty = staff.post("/profil/data-saya-salah", {"isian": "jabatan", "uraian": ""})
    assert empty.status_code == 422
    assert "Tulis data yang benar" in text_of(empty)
    foreign = staff.post("/profil/data-saya-salah", {"isian": "gaji", "uraian": "x"})
    assert foreign.status_code == 422
    assert "Pilih salah satu dari daftar." in text_of(foreign)
    sent = {"isian": "jabatan", "uraian": "Saya Pranata Komputer sejak 1 Oktober, KEP-12/2026"}
    answer = staff.post("/profil/data-saya-salah", sent)
    assert answer.location == "/profil#laporan"
    page = text_of(staff.get("/profil"))
    assert "KEP-12/2026" in page
    assert "Menunggu pengelola" in page
    assert "Dokumen Anda tetap berjalan" in page
    rows = cast.query(sa.select(DataReport.person_id, DataReport.unit_id, DataReport.field, DataReport.state))
    assert [tuple(r) for r in rows] == [(cast.ids["staff"], 1, "jabatan", "open")]


def test_browsers_are_listed_and_signed_out_one_by_one_or_all(cast: Cast, app: Flask, staff: Browser) -> None:
    other = Browser(app)
    other.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"
    other.sign_in(cast.nips["staff"])
    page = text_of(staff.get("/profil"))
    assert "Firefox, Linux" in page
    assert page.count(">perangkat ini<") == 1
    session_id = cast.query(sa.select(sa.func.max(LoginSession.id)))[0][0]
    assert staff.post("/profil/sesi", {"sesi": str(session_id)}, page="/profil").location == "/profil#sesi"
    assert other.get("/").status_code == 303
    assert staff.get("/").status_code == 200
    other.sign_in(cast.nips["staff"])
    assert staff.post("/profil/keluar-semua", page="/profil").location == "/masuk"
    assert other.get("/").status_code == 303
    assert staff.get("/").status_code == 303


def test_the_password_is_changed_on_the_profile(staff: Browser, cast: Cast, app: Flask) -> None:
    wrong = staff.post("/profil/sandi", {"lama": "bukan ini", "sandi": NEW, "ulangi": NEW})
    assert wrong.status_code == 422
    assert "Kata sandi sekarang tidak cocok." in text_of(wrong)
    weak = staff.post("/profil/sandi", {"lama": PASSWORD, "sandi": "kinerja12345", "ulangi": "kinerja12345"})
    assert "terlalu mudah ditebak" in text_of(weak)
    assert staff.post("/profil/sandi", {"lama": PASSWORD, "sandi": NEW, "ulangi": NEW}).location == "/profil"
    assert staff.get("/").status_code == 200
    assert Browser(app).sign_in(cast.nips["staff"], NEW).status_code == 303


def test_a_device_of_ones_own_free_will(staff: Browser, cast: Cast, app: Flask, real_time: RealTime) -> None:
    page = staff.post("/profil/perangkat")
    secret = re.search(r"secret=([A-Z2-7]+)", text_of(page))
    assert secret
    device = pyotp.TOTP(secret[1])
    wrong = staff.post("/profil/perangkat", {"kode": "000000"})
    assert wrong.status_code == 422
    assert secret[1] in text_of(wrong), "the picture stays for the next attempt"
    assert staff.post("/profil/perangkat", {"kode": device.at(real_time.now)}).location == "/profil#perangkat"
    assert Browser(app).sign_in(cast.nips["staff"]).location.startswith("/masuk/kode")
    assert staff.post("/profil/perangkat/lepas", page="/profil").location == "/profil#perangkat"
    assert Browser(app).sign_in(cast.nips["staff"]).location == "/"


def test_language_and_look_are_remembered(staff: Browser) -> None:
    staff.post("/profil/pengaturan", {"locale": "en", "theme": "dark"}, page="/profil")
    page = text_of(staff.get("/profil"))
    assert re.search(r'<option selected value="en">', page)
    assert re.search(r'<option selected value="dark">', page)
    assert staff.client.get_cookie("bahasa").value == "en"
    foreign = {"locale": "xx", "theme": "dark"}
    assert staff.post("/profil/pengaturan", foreign, page="/profil").status_code == 400


def test_the_second_admin_accepts_on_his_profile(app: Flask, staff: Browser, cast: Cast) -> None:
    with app.app_context():
        row = access.grant_role(cast.ids["admin"], cast.ids["staff"], "admin_sistem", None, date(2026, 11, 1))
        public_id = row.public_id
    assert "Menunggu orang kedua" in text_of(staff.get("/profil"))
    assert staff.post(f"/profil/peran/{public_id}/terima", page="/profil").location == "/profil#peran"
    assert "berlaku" in text_of(staff.get("/profil"))
    assert staff.post("/profil/peran/tidakada/terima", page="/profil").status_code == 404
