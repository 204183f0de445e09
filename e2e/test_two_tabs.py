"""Two tabs of one document: the older one is told, keeps what was typed, and shows both."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.people import Person

OLDER = "Laporan mutu data yang dipakai tiga unit pengguna"
NEWER = "Laporan mutu data menjadi dasar perbaikan di unit pemilik"


@pytest.fixture
def stage() -> str:
    return "submitted"


def test_the_older_of_two_tabs_is_told_and_loses_nothing(pegawai: Person) -> None:
    skp = pegawai.opens_own("SKP 2026")
    pegawai.does("Tarik kembali", "Draf")
    pegawai.act("Sunting").click()
    pegawai.sees("Sunting SKP")
    other = Person(pegawai.page.context.new_page(), pegawai.name, pegawai.password)
    other.opens(f"{skp}/edit")

    other.rewrites_result(1, NEWER)
    other.presses("Simpan draf")
    pegawai.rewrites_result(1, OLDER)
    pegawai.sees("Tab lain Anda menyimpan lebih dahulu")
    with pegawai.page.expect_navigation() as answered:
        pegawai.main.get_by_role("button", name="Lihat kedua versi").first.click()
    assert answered.value.status == 409
    pegawai.sees(OLDER)
    pegawai.sees(NEWER)

    pegawai.main.get_by_role("group", name="Rencana hasil kerja 1").get_by_label("Pakai isian saya").check()
    pegawai.presses("Simpan pilihan")
    expect(pegawai.result(1).get_by_label("Rencana hasil kerja", exact=True)).to_have_value(OLDER)


def test_a_button_of_an_older_tab_moves_nothing(pegawai: Person, penilai: Person) -> None:
    skp = penilai.opens_task("SKP 2026, Sekar Ayu Lestari")
    older = Person(penilai.page.context.new_page(), penilai.name, penilai.password)
    older.opens(skp)
    penilai.does("Mulai dialog", "Dialog Kinerja")
    older.act("Mulai dialog").click()
    older.sees("Dokumen ini sudah berubah sejak Anda membukanya")
    expect(older.page.locator("#panel")).to_be_focused()
    older.main.get_by_role("link", name="Buka keadaan sekarang").click()
    older.sees_state("Dialog Kinerja")
    older.can("Sepakati", "Kembalikan")
    older.sees_in_history("Mulai dialog", times=1)
