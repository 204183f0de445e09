"""What every request passes and every answer carries."""

import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import DemoClock
from kinerja.views import gate, visitor
from tests.access.conftest import Browser, Office, RealTime, late_form, text_of

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/masuk", 200),
        ("/aktivasi", 200),
        ("/", 303),
        ("/dokumen/abc", 303),
        ("/tidak-ada", 303),
        ("/static/app.css", 200),
        ("/static/tidak-ada.css", 404),
    ],
)
def test_every_answer_carries_the_headers(browser: Browser, path: str, status: int) -> None:
    response = browser.get(path)
    assert response.status_code == status
    assert response.headers["Content-Security-Policy"] == CSP
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/", "/rusak", "/tidak-ada", "/masuk", "/static/tidak-ada.css"])
def test_nothing_personal_is_kept_by_anybody_on_the_way(signed_in: Browser, path: str) -> None:
    response = signed_in.get(path)
    assert response.headers["Cache-Control"] == "no-store"
    assert {"HX-Request", "Cookie"} <= set(response.vary)


def test_static_files_are_kept_for_a_year_under_an_address_that_changes_with_them(
    app: Flask, browser: Browser
) -> None:
    with app.test_request_context("/"):
        address = app.url_for("static", filename="app.css")
    assert "?v=" in address
    response = browser.get(address)
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.vary
    assert browser.get("/static/app.css").headers["Cache-Control"] == "no-cache"


def test_an_answer_stricter_than_ours_stays_stricter(app: Flask, signed_in: Browser) -> None:
    app.after_request_funcs[None].append(
        lambda r: r.headers.__setitem__("Content-Security-Policy", "sandbox") or r
    )
    assert signed_in.get("/").headers["Content-Security-Policy"] == "sandbox"


# ---------- who is let through


def test_everything_but_a_short_list_asks_who_one_is(app: Flask) -> None:
    assert (
        gate.PUBLIC
        == (
            "static",
            "auth.sign_in",
            "auth.totp",
            "auth.activate",
            "shell.switch_locale",
            "health",
            "calendar.subscribe",  # a calendar program cannot sign in: its address is sealed and dies with the password
        )
    )
    for rule in app.url_map.iter_rules():
        if rule.endpoint in gate.PUBLIC or "<path:" in rule.rule:
            continue
        path = rule.rule.replace("<public_id>", "abc")
        for method in rule.methods - {"OPTIONS"}:
            response = Browser(app).client.open(path, method=method)
            assert response.status_code == (303 if method in ("GET", "HEAD") else 401), (method, path)


def test_the_demo_bar_is_open_in_demo_mode_only(app: Flask, demo_app: Flask) -> None:
    for made, status in ((app, 401), (demo_app, 200)):
        made.add_url_rule("/demo", "demo.apply", lambda: "demo", methods=["POST"])
        made.config["WTF_CSRF_ENABLED"] = False
        assert Browser(made).client.post("/demo").status_code == status


def test_a_page_asked_for_without_a_session_is_where_one_lands(browser: Browser, nip: str) -> None:
    response = browser.get("/dokumen/abc?bagian=2")
    assert response.location == "/masuk?next=/dokumen/abc?bagian%3D2"
    page = browser.get(response.location)
    assert 'name="next" value="/dokumen/abc?bagian=2"' in text_of(page)
    assert "<b>Sesi Anda berakhir.</b>" not in text_of(page)
    assert browser.sign_in(nip, next="/dokumen/abc?bagian=2").location == "/dokumen/abc?bagian=2"


@pytest.mark.parametrize(
    "target",
    [
        "https://jahat.example/",
        "//jahat.example/",
        "/\\jahat.example",
        "\\/jahat.example",
        "javascript:alert(1)",
        " /x",
        "/\tjahat",
        "/\njahat",
        "http:jahat",
        "dokumen/abc",
        "",
        None,
    ],
)
def test_nobody_is_sent_to_a_foreign_host(browser: Browser, nip: str, target: str | None) -> None:
    assert visitor.safe_next(target) == "/"
    assert browser.sign_in(nip, next=target or "").location == "/"


def test_htmx_is_told_to_open_the_sign_in_page(signed_in: Browser, real_time: RealTime) -> None:
    real_time.advance(minutes=31)
    here = {"HX-Request": "true", "HX-Current-URL": "https://localhost/dokumen/abc"}
    response = signed_in.get("/dokumen/abc/panel", **here)
    assert (response.status_code, text_of(response)) == (401, "")
    assert response.headers["HX-Redirect"] == "/masuk?next=/dokumen/abc&berakhir=1"
    assert "<b>Sesi Anda berakhir.</b>" in text_of(signed_in.get(response.headers["HX-Redirect"]))
    here["HX-Current-URL"] = "https://jahat.example/dokumen/abc"
    assert signed_in.get("/dokumen/abc", **here).headers["HX-Redirect"] == "/masuk?berakhir=1"


def test_autosave_is_answered_in_json(signed_in: Browser, real_time: RealTime) -> None:
    real_time.advance(minutes=31)
    headers = {"X-Autosave": "1", "Referer": "https://localhost/dokumen/abc"}
    response = signed_in.client.post("/dokumen/abc", data={"isi": "tulisan"}, headers=headers)
    assert response.status_code == 401
    assert response.json is not None
    assert response.json["error"] == "session_ended"
    assert response.json["sign_in_url"] == "/masuk?next=/dokumen/abc&berakhir=1"


def test_a_form_sent_after_the_session_ended_shows_what_was_typed_beside_the_sign_in_form(
    signed_in: Browser, real_time: RealTime, nip: str
) -> None:
    real_time.advance(minutes=31)
    response = late_form(signed_in)
    page = text_of(response)
    assert response.status_code == 401
    assert "<b>Sesi Anda berakhir.</b>" in page
    assert page.count("<textarea") == 3
    assert page.count("readonly") == 3
    assert "tulisan &lt;b&gt;panjang&lt;/b&gt;" in page
    assert "rahasia" not in page
    assert 'name="next" value="/dokumen/abc/sunting"' in page


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Referer": "https://jahat.example/"},
        {"Origin": "https://jahat.example"},
        {"Referer": ""},
    ],
)
def test_a_foreign_page_cannot_put_its_words_beside_our_sign_in_form(
    browser: Browser, headers: dict[str, str]
) -> None:
    response = late_form(browser, **headers)
    assert response.status_code == 401
    assert "panjang" not in text_of(response)


def test_who_signs_in_again_can_still_send_the_forms_of_his_other_tabs(
    signed_in: Browser, real_time: RealTime, nip: str
) -> None:
    old = signed_in.token_of(signed_in.get("/profil/sandi"))
    real_time.advance(minutes=31)
    signed_in.sign_in(nip)
    data, headers = {"csrf_token": old, "isi": "x"}, {"Referer": "https://localhost/"}
    assert signed_in.client.post("/dokumen/abc", data=data, headers=headers).status_code == 200


def test_another_person_in_the_same_browser_does_not_inherit_the_forms(
    app: Flask, signed_in: Browser, office: Office
) -> None:
    old = signed_in.token_of(signed_in.get("/profil/sandi"))
    with app.app_context():
        other = office.nip(office.person("Budi Santoso"))
    signed_in.client.post("/keluar", data={"csrf_token": old}, headers={"Referer": "https://localhost/"})
    signed_in.sign_in(other)
    data, headers = {"csrf_token": old, "isi": "x"}, {"Referer": "https://localhost/"}
    assert signed_in.client.post("/dokumen/abc", data=data, headers=headers).status_code == 400


def test_a_post_without_proof_of_origin_is_refused(signed_in: Browser) -> None:
    assert signed_in.client.post("/dokumen/abc", data={"isi": "x"}).status_code == 400


# ---------- cookie, proxy, calendar, log


def test_the_cookie_holds_the_token_and_the_csrf_mark_only(app: Flask, signed_in: Browser) -> None:
    raw = signed_in.get("/masuk").headers.get("Set-Cookie", "")
    content = app.session_interface.get_signing_serializer(app).loads(signed_in.cookie())  # type: ignore[union-attr]
    assert set(content) <= {"t", "csrf_token"}
    assert "t" in content
    assert raw == "" or "Secure" in raw


def test_the_cookie_is_secure_host_bound_and_lax(browser: Browser) -> None:
    cookie = browser.get("/masuk").headers["Set-Cookie"]
    assert cookie.startswith("__Host-kinerja=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_plain_http_is_refused_outside_the_demo(app: Flask, demo_app: Flask) -> None:
    plain = Browser(app, "http").get("/masuk")
    assert plain.status_code == 400
    assert "https://" in text_of(plain)
    assert plain.headers["Content-Security-Policy"] == CSP
    behind = Browser(app, "http").get("/masuk", **{"X-Forwarded-Proto": "https"})
    assert behind.status_code == 200
    open_demo = Browser(demo_app, "http").get("/masuk")
    assert open_demo.status_code == 200
    assert "Strict-Transport-Security" not in open_demo.headers


def test_one_proxy_is_believed_and_no_more(app: Flask) -> None:
    seen = []
    app.before_request_funcs[None].insert(0, lambda: seen.append(visitor.address()))
    Browser(app, "http").get(
        "/masuk", **{"X-Forwarded-Proto": "https", "X-Forwarded-For": "6.6.6.6, 10.1.2.3"}
    )
    assert seen == ["10.1.2.3"]


def test_the_calendar_moves_legal_time_in_the_demo_only(app: Flask, demo_app: Flask) -> None:
    seen: dict[bool, list[timedelta]] = {True: [], False: []}
    for made in (demo_app, app):
        with made.app_context(), transaction():
            db.session.add(DemoClock(id=1, seconds=90 * 86_400))
        demo = bool(made.config["DEMO"])
        made.before_request_funcs[None].append(lambda demo=demo: seen[demo].append(clock.shift()))
        clock.set_shift(timedelta())
        Browser(made).get("/masuk")
    clock.set_shift(timedelta())
    assert seen == {True: [timedelta(days=90)], False: [timedelta()]}


def test_the_log_holds_ids_and_no_names_queries_or_contents(
    app: Flask, signed_in: Browser, nip: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="kinerja.request"):
        signed_in.get("/dokumen/abc123?q=Sari+Wulandari")
        signed_in.get("/masuk")
    lines = [json.loads(r.getMessage()) for r in caplog.records if r.name == "kinerja.request"]
    assert lines[0]["endpoint"] == "documents.show"
    assert lines[0]["ids"] == {"public_id": "abc123"}
    assert (lines[0]["status"], lines[0]["person"], lines[0]["session"]) == (200, 1, 1)
    assert not any(word in caplog.text for word in ("Sari", nip, "contoh.go.id"))


def test_no_template_of_ours_carries_script_style_or_unescaped_text() -> None:
    root = Path(gate.__file__).parent.parent / "templates"
    for path in [p for folder in ("auth", "profile", "admin") for p in (root / folder).glob("*.html")]:
        text = path.read_text("utf-8")
        for forbidden in ("<script", "style=", "onclick", "hx-on", "|safe", "| safe"):
            assert forbidden not in text, (path.name, forbidden)
