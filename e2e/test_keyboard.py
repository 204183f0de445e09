"""Without a mouse: skip what repeats, act, follow the focus, sign."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.people import Person

SKP = "SKP 2026, Sekar Ayu Lestari"


@pytest.fixture
def stage() -> str:
    return "submitted"


def _tabs_to(page: Page, name: str) -> None:
    """Press Tab until the control of this name has the focus, as somebody who cannot see the mouse."""
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
    raise AssertionError(f"Tab never came to {name}")


def test_an_skp_is_agreed_and_signed_by_keyboard_alone(pegawai: Person, penilai: Person) -> None:
    skp = penilai.opens_task(SKP)
    page = penilai.page
    page.goto(skp)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Langsung ke isi")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(penilai.main).to_be_focused()

    _tabs_to(page, "Mulai dialog")
    page.keyboard.press("Enter")
    penilai.sees_state("Dialog Kinerja")
    expect(page.locator("#panel")).to_be_focused()
    _tabs_to(page, "Sepakati")
    page.keyboard.press("Enter")
    penilai.sees("Menunggu Sekar Ayu Lestari")
    expect(page.locator("#panel")).to_be_focused()

    pegawai.opens(skp)
    page = pegawai.page
    _tabs_to(page, "Sepakati")
    page.keyboard.press("Space")
    pegawai.sees_state("Disepakati")
    _tabs_to(page, "Tanda tangani")
    page.keyboard.press("Enter")
    pegawai.sees("Yang Anda tanda tangani persis")
    page.get_by_label("Kata sandi").focus()
    page.keyboard.type("bukan kata sandi saya")
    page.keyboard.press("Enter")
    pegawai.is_told("Tidak ada yang ditandatangani")
    page.get_by_label("Kata sandi").focus()
    page.keyboard.type(pegawai.password)
    page.keyboard.press("Enter")
    pegawai.sees_state("Ditandatangani Pegawai")


def test_a_menu_opens_by_keyboard_and_escape_gives_the_focus_back(pegawai: Person) -> None:
    page = pegawai.page
    menu = page.locator("details.k-menu--me summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Profil saya")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Profil saya")).to_be_hidden()
    expect(menu).to_be_focused()


def _tip(page: Page) -> str:
    """What stands beside the term that has the focus, for the eye."""
    return str(
        page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement, '::after');"
            " return s.display === 'none' || s.content === 'none' ? '' : s.content; }"
        )
    )


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_a_term_tells_its_meaning_on_focus_and_leads_to_the_glossary(
    somebody: Callable[..., Person], javascript: bool
) -> None:
    penilai = somebody("bagas", javascript=javascript)
    page = penilai.page
    penilai.opens_task(SKP)
    term = penilai.main.locator("a.k-term").first
    meaning = term.get_attribute("data-tip") or "nothing"
    page.keyboard.press("Tab")
    for _step in range(60):
        if page.evaluate("document.activeElement.classList.contains('k-term')"):
            break
        page.keyboard.press("Tab")
    assert meaning in _tip(page)
    if javascript:
        page.keyboard.press("Escape")
        assert _tip(page) == ""
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Glosarium")
    assert page.url.partition("#")[2]
