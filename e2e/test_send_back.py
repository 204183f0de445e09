"""An SKP comes back twice; what has to be mended stands on top each time."""

from __future__ import annotations

import pytest

from e2e.people import Person

FIRST = "Hasil kerja 2 masih berbunyi kegiatan; tulis hasil yang diterima unit pengguna."
SECOND = "Target laporan dinaikkan menjadi enam sesuai pembicaraan kita."


@pytest.fixture
def stage() -> str:
    return "submitted"


def test_an_skp_sent_back_twice_carries_each_note_on_top(pegawai: Person, penilai: Person) -> None:
    skp = penilai.opens_task("SKP 2026, Sekar Ayu Lestari")
    penilai.does("Mulai dialog", "Dialog Kinerja")
    penilai.act("Kembalikan").click()
    penilai.main.get_by_label("Catatan untuk penerima").fill("Pendek")
    penilai.main.get_by_role("button", name="Kembalikan").click()
    penilai.is_told("10 huruf")
    penilai.main.get_by_label("Catatan untuk penerima").fill(FIRST)
    penilai.main.get_by_role("button", name="Kembalikan").click()
    penilai.sees_state("Draf")
    penilai.has_no_task("SKP 2026, Sekar Ayu Lestari")

    pegawai.opens_task("SKP 2026, Sekar Ayu Lestari")
    pegawai.reads_the_pinned_note(FIRST)
    pegawai.act("Sunting").click()
    pegawai.reads_the_pinned_note(FIRST)
    pegawai.result(2).get_by_label("Rencana hasil kerja", exact=True).fill(
        "Set data pada katalog dipakai unit lain"
    )
    pegawai.finishes_editing()
    pegawai.submits_it()

    penilai.opens_task("SKP 2026, Sekar Ayu Lestari")
    penilai.sees("Set data pada katalog dipakai unit lain")
    penilai.does("Mulai dialog", "Dialog Kinerja")
    penilai.sends_back(SECOND)

    pegawai.opens(skp)
    pegawai.reads_the_pinned_note(SECOND)
    pegawai.act("Sunting").click()
    pegawai.result(1).get_by_label("Target", exact=True).fill("6")
    pegawai.finishes_editing()
    pegawai.submits_it()
    pegawai.sees_in_history("Kembalikan", FIRST, SECOND)
