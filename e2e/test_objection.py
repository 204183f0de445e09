"""An employee objects: somebody who had no part in the rating hears both sides and decides."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from e2e.calendar import Calendar
from e2e.people import Person

REVIEW = "Evaluasi Tahunan 2026, Sekar Ayu Lestari"
OBJECTION = "Keberatan atas evaluasi Tahunan 2026, Sekar Ayu Lestari"
REASONS = "Kedua laporan diterima unit pengguna tepat waktu; tanda terima ada pada bukti triwulan III."
CONSIDERATIONS = (
    "Tanda terima pada bukti triwulan III bertanggal sebelum batas; keterlambatan tidak terbukti."
)


@pytest.fixture
def stage() -> str:
    return "received"


def _files(pegawai: Person) -> str:
    pegawai.opens_task(REVIEW)
    pegawai.act("Ajukan keberatan").click()
    pegawai.main.get_by_role("group", name="Yang dipersoalkan").get_by_label("Rating hasil kerja").check()
    pegawai.main.get_by_label("Alasan", exact=True).fill(REASONS)
    pegawai.main.get_by_label("Yang diminta").fill("Rating hasil kerja menjadi Sesuai Ekspektasi.")
    pegawai.main.get_by_role("button", name="Ajukan keberatan").click()
    pegawai.sees_state("Keberatan Diajukan")
    return pegawai.opens_own(OBJECTION)


def _are_heard(pegawai: Person, penilai: Person, pemutus: Person) -> None:
    pemutus.opens_task(OBJECTION)
    pemutus.sees("Mengapa saya yang memutus?")
    pemutus.gives_a_reason(
        "Minta penjelasan", "Catatan", "Mohon penjelasan kedua pihak tentang tanggal terima.", "Pemeriksaan"
    )
    for who, text in (
        (penilai, "Saya menilai dari tanggal surat pengantar."),
        (pegawai, "Tanda terima saya lampirkan."),
    ):
        who.opens_from_notices(OBJECTION)
        who.act("Beri penjelasan").click()
        who.main.get_by_label("Penjelasan Anda").fill(text)
        who.main.get_by_role("button", name="Beri penjelasan").click()
        who.sees(text)


def _decides(pemutus: Person, decision: str) -> None:
    pemutus.opens_task(OBJECTION)
    pemutus.act("Simpan draf putusan").click()
    pemutus.main.get_by_role("group", name="Keputusan").get_by_label(decision).check()
    if decision == "Mengubah":
        pemutus.main.get_by_label("Rating hasil kerja menjadi").select_option("Sesuai Ekspektasi")
        pemutus.main.get_by_label("Rekomendasi baru").fill("Lampirkan tanda terima pada setiap laporan.")
    pemutus.main.get_by_label("Pertimbangan").fill(CONSIDERATIONS)
    if decision == "Mengubah":
        # With scripts a draft needs no button to be stored.
        pemutus.main.get_by_label("Pertimbangan").blur()
        pemutus.is_saved()
        pemutus.page.reload()
        expect(pemutus.main.get_by_label("Pertimbangan")).to_have_value(CONSIDERATIONS)
    pemutus.main.get_by_role("button", name="Simpan draf putusan").click()
    pemutus.sees(CONSIDERATIONS)


def test_an_objection_is_heard_and_the_result_is_upheld_without_scripts(
    somebody: Callable[..., Person], calendar: Calendar
) -> None:
    pegawai, penilai, atasan = (somebody(key, javascript=False) for key in ("sekar", "bagas", "ratih"))
    objection = _files(pegawai)
    penilai.has_no_task(OBJECTION)
    _are_heard(pegawai, penilai, atasan)
    _decides(atasan, "Menguatkan")
    pegawai.opens(objection)
    pegawai.sees_no(CONSIDERATIONS)
    atasan.signs("Kuatkan", "Diterbitkan")

    pegawai.opens(objection)
    pegawai.sees(CONSIDERATIONS)
    calendar.is_at("2027-02-02")
    pegawai.opens_own(REVIEW)
    pegawai.sees_state("Final")
    pegawai.sees("Dibawah Ekspektasi")


def test_an_objection_changes_the_result_by_a_d13_with_three_signatures(
    pegawai: Person, penilai: Person, atasan: Person, calendar: Calendar
) -> None:
    objection = _files(pegawai)
    _are_heard(pegawai, penilai, atasan)
    _decides(atasan, "Mengubah")
    atasan.signs("Ubah", "Diterbitkan")
    for who in (penilai, pegawai):
        who.opens(objection)
        who.signs("Tanda tangani D.1.3", "Diterbitkan")
    pegawai.main.get_by_role("link", name="Tampilan formulir").click()
    pegawai.sees("D.1.3")
    calendar.is_at("2027-02-02")
    pegawai.opens_own(REVIEW)
    pegawai.sees_state("Final")
    pegawai.sees("Sesuai Ekspektasi")
