"""What was typed survives an ended session and a lost connection; leaving too early warns."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.office import NIP
from e2e.people import Person

TYPED = "Laporan mutu data dipakai tiga unit pengguna sebagai dasar perbaikan"


@pytest.fixture
def stage() -> str:
    return "submitted"


@pytest.fixture
def editing(pegawai: Person) -> Person:
    """Her SKP taken back and open for editing."""
    pegawai.opens_own("SKP 2026")
    pegawai.does("Tarik kembali", "Draf")
    pegawai.act("Sunting").click()
    expect(pegawai.result(1)).to_be_visible()
    return pegawai


def _first(person: Person) -> str:
    return person.result(1).get_by_label("Rencana hasil kerja", exact=True).input_value()


def test_a_draft_saves_itself_and_says_when(editing: Person) -> None:
    editing.rewrites_result(1, TYPED)
    editing.is_saved()
    editing.page.reload()
    assert _first(editing) == TYPED


def test_typed_text_survives_a_session_that_ended(editing: Person) -> None:
    editing.page.context.clear_cookies()
    editing.rewrites_result(1, TYPED)
    editing.sees("Sesi Anda berakhir. Tulisan Anda disimpan di perangkat ini")
    editing.main.get_by_role("link", name="Masuk lagi").first.click()
    editing.page.get_by_label("NIP atau e-mail").fill(NIP["sekar"])
    editing.page.get_by_label("Kata sandi").fill(editing.password)
    editing.page.get_by_role("button", name="Masuk", exact=True).click()
    editing.sees("yang belum tersimpan")
    assert _first(editing) != TYPED
    editing.main.get_by_role("button", name="Pulihkan tulisan yang belum tersimpan").click()
    assert _first(editing) == TYPED
    editing.is_saved()
    editing.page.reload()
    assert _first(editing) == TYPED


def test_typed_text_waits_for_the_connection(editing: Person) -> None:
    editing.page.context.set_offline(True)
    editing.rewrites_result(1, TYPED)
    editing.sees("Menunggu sambungan")
    warned: list[str] = []

    def stay(dialog: object) -> None:
        warned.append(dialog.type)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    editing.page.on("dialog", stay)
    editing.page.close(run_before_unload=True)
    expect(editing.result(1)).to_be_visible()
    assert warned == ["beforeunload"]

    editing.page.context.set_offline(False)
    editing.is_saved()
    editing.page.reload()
    assert _first(editing) == TYPED
