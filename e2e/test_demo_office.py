"""The furnished demo office as a visitor meets it: every type of page opens, and the bar leads from person to person."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from e2e.conftest import PageFor
from e2e.pages import PAGES, visit


def test_a_visitor_becomes_somebody_and_moves_the_calendar(page_for: PageFor) -> None:
    page = page_for()
    page.goto("/masuk")
    page.get_by_label("Masuk sebagai").select_option(label="Bagas Wicaksono, Kepala Subdirektorat Mutu Data")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("heading", name="Perlu tindakan saya")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bagas")
    page.get_by_label("majukan ke").fill("2026-07-21")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_text("Kalender dimajukan 1 hari")).to_be_visible()
    expect(page.get_by_text("Selasa, 21 Juli 2026")).to_be_visible()


def test_main_people_find_work_and_documents_on_their_front_page(page_for: PageFor) -> None:
    from kinerja import demo

    for nip, name, _post in demo.main_people()[:3]:
        page = page_for(nip)
        page.goto("/")
        expect(page.get_by_role("heading", level=1)).to_contain_text(name.split()[0])
        own = page.get_by_role("region", name="Dokumen saya")
        expect(own.get_by_role("link", name="SKP 2026")).to_be_visible()
    _judges_on_a_phone(page_for(demo.main_people()[1][0], width=390, javascript=False))


def _judges_on_a_phone(page: Page) -> None:
    """Twelve people and ten minutes: what is chosen is in view, what is read is one tap away; without JavaScript too."""
    assert visit(page, next(entry for entry in PAGES if entry["name"] == "meja-evaluasi")) is None
    desk = page.locator("#meja")
    assert desk.bounding_box()["height"] < 5 * 844  # type: ignore[index]
    first = desk.get_by_role("group", name="Hasil kerja 1")
    expect(first.get_by_label("Status")).to_be_visible()
    expect(first.get_by_role("table")).to_be_hidden()
    first.get_by_text("Realisasi dan bukti").click()
    expect(first.get_by_role("table")).to_be_visible()
    expect(desk.get_by_role("button", name="Usulkan predikat")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(desk.get_by_role("group", name="Hasil kerja 2").get_by_role("table")).to_be_visible()
