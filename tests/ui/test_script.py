"""`app.js` in a real browser, without a server: the test answers each request, and so can lose, delay and refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jinja2 import Environment
from playwright.sync_api import Browser, expect

from e2e.browser import Watch, chromium, open_context
from tests.ui.desk import EDITOR, GATE, ORIGIN, TEAM, Desk

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def desk(browser: Browser, env: Environment, shell: dict[str, Any]) -> Iterator[Desk]:
    context = open_context(browser, ORIGIN)
    watch = Watch(context, ORIGIN)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.clock.install()
    made = Desk(page, env, shell | {"demo": None, "acting": []})
    made.allow = watch.allow
    yield made
    context.close()
    watch.check()


def test_what_is_typed_saves_itself_and_says_when(desk: Desk) -> None:
    desk.open()
    desk.write("baru")
    expect(desk.mark).to_have_text("Tersimpan 10.42")
    assert desk.stored == "baru"
    path, sent = desk.posts[0]
    assert (path, sent["version"]) == ("/simpan", "7")


def test_a_save_moves_the_version_in_every_form_of_the_document(desk: Desk) -> None:
    page = desk.open()
    desk.write("baru")
    expect(desk.mark).to_have_text("Tersimpan 10.42")
    values = page.eval_on_selector_all("input[name=version]", "all => all.map(i => i.value)")
    assert values == ["8", "8"]


def test_leaving_a_field_saves_at_once(desk: Desk) -> None:
    page = desk.open()
    page.get_by_label("Hasil").fill("baru")
    page.get_by_label("Hasil").blur()
    expect(desk.mark).to_have_text("Tersimpan 10.42")


def test_pressing_another_button_first_sends_what_was_typed(desk: Desk) -> None:
    page = desk.open()
    page.get_by_label("Hasil").fill("baru")
    with page.expect_navigation():
        page.get_by_role("button", name="Ajukan").click()
    expect(page.get_by_label("Hasil")).to_have_value("baru")
    assert [path for path, _ in desk.posts] == ["/simpan", "/ajukan"]
    assert desk.posts[1][1]["version"] == "8"


def test_a_page_that_draws_itself_again_does_not_swallow_a_press(desk: Desk) -> None:
    missing = '<div id="kurang" data-live><p>{}</p></div>'
    desk.live = missing.format("Lengkap")
    page = desk.open(EDITOR.replace("<form", missing.format("Belum lengkap<br>" * 30) + "<form", 1))
    page.get_by_label("Hasil").fill("baru")
    page.get_by_role("button", name="Ajukan").hover()
    with page.expect_response("**/simpan"):
        page.mouse.down()
    page.wait_for_timeout(200)
    expect(page.get_by_text("Belum lengkap")).to_be_visible()
    with page.expect_navigation():
        page.mouse.up()
    assert [path for path, _ in desk.posts] == ["/simpan", "/ajukan"]


def test_a_lost_answer_is_asked_again_with_the_same_key(desk: Desk) -> None:
    page = desk.open()
    desk.answer = lambda route: route.abort()
    desk.write("baru")
    expect(desk.mark).to_contain_text("Menunggu sambungan")
    desk.answer = desk.save
    page.clock.run_for(21_000)
    expect(desk.mark).to_have_text("Tersimpan 10.42")
    keys = [sent["key"] for _, sent in desk.posts]
    assert keys[0] == keys[1] != "kunci"


def test_each_text_has_a_key_of_its_own(desk: Desk) -> None:
    desk.open()
    desk.write("satu")
    expect(desk.mark).to_have_text("Tersimpan 10.42")
    desk.write("dua")
    expect(desk.mark).to_have_text("Tersimpan 10.42")
    assert desk.posts[0][1]["key"] != desk.posts[1][1]["key"]


def test_an_expired_session_keeps_the_text_until_one_is_back(desk: Desk) -> None:
    page = desk.open()
    desk.refuse(401)
    desk.write("tulisan panjang")
    expect(desk.mark).to_contain_text("Sesi Anda berakhir")
    page.get_by_role("link", name="Masuk lagi").click()
    page.wait_for_url("**/auth/sign_in*")
    desk.answer = desk.save
    desk.open()
    page.get_by_role("button", name="Pulihkan tulisan yang belum tersimpan").click()
    expect(page.get_by_label("Hasil")).to_have_value("tulisan panjang")
    page.clock.run_for(1600)
    expect(desk.mark).to_have_text("Tersimpan 10.42")
    desk.open()
    expect(page.get_by_role("button", name="Pulihkan tulisan yang belum tersimpan")).to_have_count(0)


def test_what_was_sent_into_an_expired_session_can_be_restored(desk: Desk) -> None:
    page = desk.open()
    desk.refuse(401)
    page.get_by_label("Hasil").fill("tulisan")
    page.route("**/kirim", lambda route: desk.show(route, GATE))
    with page.expect_navigation():
        page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_role("heading", name="Masuk")).to_be_visible()
    desk.open()
    expect(page.get_by_role("button", name="Pulihkan tulisan yang belum tersimpan")).to_be_visible()


def test_discarded_text_is_not_offered_again(desk: Desk) -> None:
    page = desk.open()
    desk.refuse(400)
    desk.write("tulisan")
    expect(desk.mark).to_contain_text("Belum dapat disimpan")
    desk.open()
    page.get_by_role("button", name="Buang").click()
    desk.open()
    expect(page.get_by_role("button", name="Pulihkan tulisan yang belum tersimpan")).to_have_count(0)


def test_another_person_at_the_same_desk_is_offered_nothing(desk: Desk) -> None:
    page = desk.open()
    desk.refuse(401)
    desk.write("rahasia")
    expect(desk.mark).to_contain_text("Sesi Anda berakhir")
    desk.shell = desk.shell | {"person": {"name": "Bagas Wicaksono", "first_name": "Bagas", "initials": "BW"}}
    desk.open()
    expect(page.get_by_role("button", name="Pulihkan tulisan yang belum tersimpan")).to_have_count(0)


def test_signing_out_forgets_what_was_typed(desk: Desk) -> None:
    page = desk.open()
    desk.refuse(401)
    desk.write("rahasia")
    expect(desk.mark).to_contain_text("Sesi Anda berakhir")
    page.locator("details.k-menu--me summary").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Keluar").click()
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_conflict_stops_saving_and_sends_the_text_where_both_versions_are_shown(desk: Desk) -> None:
    page = desk.open()
    desk.refuse(409, {"conflict_url": "/bentrok"})
    desk.write("punya saya")
    expect(desk.mark).to_contain_text("Orang lain menyimpan lebih dahulu")
    with page.expect_navigation():
        page.get_by_role("button", name="Lihat kedua versi").click()
    path, sent = desk.posts[-1]
    assert (path, sent["hasil"]) == ("/bentrok", "punya saya")


def test_leaving_with_unsaved_text_is_asked_back(desk: Desk) -> None:
    page = desk.open()
    desk.refuse(400)
    desk.write("tulisan")
    expect(desk.mark).to_contain_text("Belum dapat disimpan")
    with page.expect_event("dialog") as asked:
        page.goto(f"{ORIGIN}/lain")
    assert asked.value.type == "beforeunload"


def test_a_second_click_while_the_first_is_on_its_way_sends_nothing(desk: Desk) -> None:
    sent = desk.open().evaluate(
        """() => {
            let sent = 0;
            addEventListener('submit', (e) => { sent += e.defaultPrevented ? 0 : 1; e.preventDefault(); });
            const button = document.querySelector('#aju button');
            button.click();
            button.click();
            return sent;
        }"""
    )
    assert sent == 1


def test_ticks_are_counted_and_all_can_be_taken_at_once(desk: Desk) -> None:
    page = desk.open(TEAM)
    page.get_by_label("Pilih Nadia").check()
    expect(page.locator("[data-pick-count]")).to_have_text("1 terpilih")
    expect(page.locator("tr.is-selected")).to_have_count(1)
    page.get_by_label("Pilih semua").check()
    expect(page.get_by_role("button", name="Validasi 3 realisasi")).to_be_visible()
    page.get_by_label("Pilih semua").uncheck()
    expect(page.locator("[data-pick-count]")).to_have_text("0 terpilih")


def test_a_menu_closes_by_escape_and_by_a_click_elsewhere(desk: Desk) -> None:
    page = desk.open(TEAM)
    summary, panel = (
        page.locator("details.k-menu--me summary"),
        page.locator("details.k-menu--me .k-menu__panel"),
    )
    summary.click()
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(summary).to_be_focused()
    summary.click()
    page.get_by_role("heading", name="Tim").click()
    expect(panel).to_be_hidden()


def test_an_error_summary_takes_the_focus_on_arrival(desk: Desk) -> None:
    wrong = EDITOR.replace("<h1>", "{{ ui.error_summary([{'text': 'Isi target', 'href': '#hasil'}]) }}<h1>")
    page = desk.open(wrong)
    expect(page.get_by_role("alert")).to_be_focused()


def test_a_swap_moves_the_focus_to_what_is_wrong(desk: Desk) -> None:
    page = desk.open(
        EDITOR.replace(
            "</h1>",
            '</h1><button type="button" hx-get="/potong" hx-target="next div">Muat</button><div></div>',
        )
    )
    summary = desk.env.from_string(
        "{% import '_ui.html' as ui %}{{ ui.error_summary([{'text': 'Isi', 'href': '#hasil'}]) }}"
    ).render()
    page.route("**/potong", lambda r: r.fulfill(status=422, body=summary, content_type="text/html"))
    page.get_by_role("button", name="Muat").click()
    expect(page.get_by_role("alert")).to_be_focused()


def test_a_failed_swap_is_said_in_words(desk: Desk) -> None:
    desk.allow("Response Status Error Code 403")
    page = desk.open(EDITOR.replace("</h1>", '</h1><button type="button" hx-get="/potong">Muat</button>'))
    page.route("**/potong", lambda r: r.fulfill(status=403, body="", content_type="text/html"))
    page.get_by_role("button", name="Muat").click()
    expect(page.locator("#k-live")).to_contain_text("Belum berhasil (403)")


@pytest.mark.parametrize("javascript", [True, False])
def test_what_needs_a_script_shows_only_with_one(
    browser: Browser, env: Environment, shell: dict[str, Any], javascript: bool
) -> None:
    context = open_context(browser, ORIGIN, javascript=javascript)
    page = Desk(context.new_page(), env, shell).open(TEAM)
    assert page.get_by_role("button", name="Cetak").is_visible() is javascript
    assert page.get_by_label("Pilih semua").is_visible() is javascript
    context.close()


def test_on_a_phone_the_demo_bar_opens_without_a_script(
    browser: Browser, env: Environment, shell: dict[str, Any]
) -> None:
    context = open_context(browser, ORIGIN, width=390, javascript=False)
    page = Desk(context.new_page(), env, shell).open(TEAM)
    expect(page.get_by_label("Masuk sebagai")).to_be_hidden()
    page.get_by_role("link", name="Ubah").click()
    expect(page.get_by_label("Masuk sebagai")).to_be_visible()
    context.close()


def test_what_is_refused_stands_at_its_field_until_it_is_mended(desk: Desk) -> None:
    page = desk.open()
    field = page.get_by_label("Hasil")
    desk.refuse(422, {"errors": [{"field": "hasil", "text": "Tulis angka dengan koma."}]})
    desk.write("12.5")
    expect(desk.mark).to_contain_text("1 isian perlu diperbaiki")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Tulis angka dengan koma.")
    desk.answer = desk.save
    desk.write("12,5")
    expect(desk.mark).to_have_text("Tersimpan 10.42")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator(".k-field__error")).to_have_count(0)


def test_what_does_not_fit_stands_at_its_field_while_the_rest_is_stored(desk: Desk) -> None:
    page = desk.open()
    wrong = {
        "saved": "10.42",
        "version": 8,
        "errors": [{"field": "hasil", "text": "Tulis angka dengan koma."}],
    }
    desk.answer = lambda route: route.fulfill(body=json.dumps(wrong), content_type="application/json")
    desk.write("12.5")
    expect(desk.mark).to_contain_text("Tersimpan 10.42, kecuali 1 isian yang perlu diperbaiki.")
    expect(page.get_by_label("Hasil")).to_have_accessible_description("Tulis angka dengan koma.")
    sent = len(desk.posts)
    page.get_by_label("Hasil").blur()
    assert len(desk.posts) == sent, "the same text is sent again before it is mended"
    assert page.evaluate("Object.keys(localStorage).length") > 0, (
        "what is on the page alone is not kept on the device"
    )


def test_what_the_page_says_of_what_is_stored_is_drawn_again_and_takes_no_focus(desk: Desk) -> None:
    page = desk.open(EDITOR.replace("</form>", '<p id="kurang" data-live>Kurang satu</p></form>', 1))
    live = '<p id="kurang" data-live>Lengkap</p>'
    desk.answer = lambda route: route.fulfill(
        body=json.dumps({"saved": "10.42", "version": 8, "live": live}), content_type="application/json"
    )
    page.get_by_label("Hasil").focus()
    desk.write("baru")
    expect(page.locator("#kurang")).to_have_text("Lengkap")
    expect(page.get_by_label("Hasil")).to_be_focused()
