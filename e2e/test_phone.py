"""On a phone: read, approve, record a figure; tables become cards and nothing scrolls sideways."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.calendar import Calendar
from e2e.people import Person

SKP = "SKP 2026, Sekar Ayu Lestari"


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> str:
    return "in_force" if "realisation" in request.node.name else "submitted"


def fits(page: Page) -> None:
    """Nothing is wider than the phone, and the first table has become cards: no column heads."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} scrolls {wide} px sideways"
    heads = page.locator("main table:not(.k-table--tight) thead")
    if heads.count():
        assert heads.first.bounding_box() is None or heads.first.bounding_box()["height"] <= 2, (
            f"{page.url}: a table"
        )  # type: ignore[index]


def test_an_skp_is_read_and_agreed_on_a_phone(somebody: Callable[..., Person]) -> None:
    penilai = somebody("bagas", width=390)
    fits(penilai.page)
    penilai.opens_task(SKP)
    fits(penilai.page)
    for result in ("Laporan mutu data yang dipakai unit pengguna", "92,5", "Akses basis data produksi"):
        penilai.sees(result)
    penilai.does("Mulai dialog", "Dialog Kinerja")
    expect(penilai.act("Sepakati")).to_be_in_viewport()
    penilai.act("Sepakati").click()
    penilai.sees("Menunggu Sekar Ayu Lestari")
    fits(penilai.page)


def test_the_menu_and_the_lists_work_on_a_phone(somebody: Callable[..., Person]) -> None:
    penilai = somebody("bagas", width=390)
    for name in ("Tim saya", "Dokumen", "Kalender"):
        penilai.page.get_by_label("Menu utama").click()
        penilai.page.get_by_role("navigation", name="Utama, telepon").get_by_role("link", name=name).click()
        expect(penilai.page.get_by_role("heading", level=1)).to_be_visible()
        fits(penilai.page)


def test_a_realisation_is_recorded_and_validated_on_a_phone(
    somebody: Callable[..., Person], calendar: Calendar
) -> None:
    pegawai = somebody("sekar", width=390)
    calendar.is_at("2026-04-02")
    realisation = pegawai.records(
        "Triwulan I", {"1.1": "4", "2.1": "238", "3.1": "95,5"}, link="https://katalog.contoh.go.id/tw1"
    )
    fits(pegawai.page)
    penilai = somebody("bagas", width=390)
    penilai.validates(realisation)
    fits(penilai.page)
