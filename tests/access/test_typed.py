"""An expired session loses no typed text, also without scripts: it goes along until one is in, and is shown again."""

import html
import re
from typing import Any

import pyotp
from flask import Flask

from tests.access.conftest import PASSWORD, Browser, Office, RealTime, late_form, text_of


def _as_browsers_read(page: str) -> dict[str, list[str]]:
    """The hidden fields of the form of signing in, as a browser would send them."""
    fields: dict[str, list[str]] = {}
    form = page.split("novalidate>", 1)[1].split("</form>", 1)[0]
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        fields.setdefault(name, []).append(html.unescape(value))
    return fields


TYPED = ["tulisan <b>panjang</b>", "satu", "dua"]


def test_what_was_typed_survives_a_mistyped_password_and_is_shown_again_after_the_right_one(
    signed_in: Browser, real_time: RealTime, nip: str
) -> None:
    real_time.advance(minutes=31)
    page = text_of(late_form(signed_in))

    def send(password: str) -> Any:
        fields = _as_browsers_read(page)
        assert fields["tulisan"] == TYPED
        sent = fields | {"nip": nip, "sandi": password}
        return signed_in.client.post(
            "/masuk", data=sent, headers={"Referer": "https://localhost/dokumen/abc"}
        )

    for password in ("", "bukan ini"):
        wrong = send(password)
        assert wrong.status_code == 422
        page = text_of(wrong)
        assert page.count("readonly") == 3
    done = send(PASSWORD)
    assert done.status_code == 200
    assert re.findall(r"readonly>\s*([^<]*)</textarea>", text_of(done)) == [
        html.escape(text) for text in TYPED
    ]
    assert 'href="/dokumen/abc/sunting"' in text_of(done)
    assert text_of(signed_in.get("/")).startswith("beranda"), "and one is in; nothing was sent by itself"
    assert "tulisan" not in text_of(signed_in.get("/masuk"))


def test_what_was_typed_survives_the_code_of_a_device(
    app: Flask, browser: Browser, office: Office, real_time: RealTime
) -> None:
    with app.app_context():
        nip = office.nip(office.person("Tono", role="konselor"))
    page = text_of(late_form(browser))
    first = browser.client.post(
        "/masuk",
        data=_as_browsers_read(page) | {"nip": nip, "sandi": PASSWORD},
        headers={"Referer": "https://localhost/masuk"},
    )
    page, headers = text_of(first), {"Referer": "https://localhost/masuk"}
    assert 'action="/masuk/kode"' in page
    secret = re.search(r"secret=([A-Z2-7]+)", page)
    assert secret
    wrong = browser.client.post(
        "/masuk/kode", data=_as_browsers_read(page) | {"kode": "000000"}, headers=headers
    )
    assert _as_browsers_read(text_of(wrong))["tulisan"] == TYPED
    code = pyotp.TOTP(secret[1]).at(real_time.now)
    sent = _as_browsers_read(text_of(wrong)) | {"kode": code}
    done = browser.client.post("/masuk/kode", data=sent, headers=headers)
    assert done.status_code == 200
    assert text_of(done).count("readonly") == 3
    real_time.advance(minutes=31)
    late = browser.client.post("/masuk/kode", data=sent, headers=headers)
    assert late.status_code == 401
    assert text_of(late).count("readonly") == 3


def test_who_signs_in_in_time_goes_straight_to_his_page(
    signed_in: Browser, real_time: RealTime, nip: str
) -> None:
    real_time.advance(minutes=31)
    assert signed_in.sign_in(nip, next="/dokumen/abc").location == "/dokumen/abc"
