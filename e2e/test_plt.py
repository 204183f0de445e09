"""A Plt. stands in for a vacant post: always said, written into history, and over when the letter says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from e2e.calendar import Calendar
from e2e.office import PLT_POST
from e2e.people import Person

SKP = "SKP 2026, Made Suryani"


@pytest.fixture
def stage() -> str:
    return "submitted"


def test_a_plt_acts_in_the_name_of_the_post_until_his_term_ends(
    somebody: Callable[..., Person], calendar: Calendar
) -> None:
    yohanes, made = somebody("yohanes"), somebody("made")
    banner = yohanes.page.get_by_role("complementary", name="Bertindak sebagai")
    yohanes.opens("/")
    expect(banner).to_contain_text(f"Plt. {PLT_POST}")
    expect(banner).to_contain_text("30 Juni 2026")

    skp = yohanes.opens_task(SKP)
    yohanes.sees(f"Anda bertindak sebagai Plt. {PLT_POST}")
    yohanes.does("Mulai dialog", "Dialog Kinerja")
    yohanes.sees_in_history("Mulai dialog", f"Plt. {PLT_POST}")
    yohanes.act("Sepakati").click()
    yohanes.sees("Menunggu Made Suryani")
    made.opens_task(SKP)
    made.does("Sepakati", "Disepakati")
    made.signs("Tanda tangani", "Ditandatangani Pegawai")
    yohanes.opens_task(SKP)
    yohanes.signs("Tetapkan", "Ditetapkan")
    made.opens(skp)
    made.sees_in_history("Tetapkan", f"Plt. {PLT_POST}")

    calendar.is_at("2026-07-01")
    yohanes.opens("/")
    expect(banner).to_have_count(0)
    yohanes.page.goto(skp)
    yohanes.sees("Tidak ditemukan")
