"""One SKP through its whole year, by four people, while the calendar moves."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from e2e.calendar import Calendar
from e2e.people import Person, agree_and_sign

QUARTERS = (
    ("Triwulan I", "2026-04-02", {"1.1": "4", "2.1": "236", "3.1": "95"}, {"file": "laporan-mutu.pdf"}),
    (
        "Triwulan II",
        "2026-07-02",
        {"1.1": "4", "2.1": "240", "3.1": "92,5"},
        {"link": "https://katalog.contoh.go.id/tw2"},
    ),
    ("Triwulan III", "2026-10-02", {"1.1": "5", "2.1": "251", "3.1": "96"}, {"file": "laporan-tw3.pdf"}),
    (
        "Triwulan IV",
        "2027-01-04",
        {"1.1": "5", "2.1": "262", "3.1": "97,5"},
        {"link": "https://katalog.contoh.go.id/tw4"},
    ),
)
REVIEW = "Evaluasi Tahunan 2026, Sekar Ayu Lestari"
CALIBRATION = "Dua analis lain pada unit ini menunjukkan perilaku setara dengan bukti serupa."


def test_a_year_from_draft_to_final_predicate(
    pegawai: Person, penilai: Person, atasan: Person, pimpinan: Person, calendar: Calendar
) -> None:
    skp = pegawai.drafts_an_skp()
    pegawai.submits_it()
    agree_and_sign(pegawai, penilai, skp)

    for quarter, day, values, proof in QUARTERS:
        calendar.is_at(day)
        realisation = pegawai.records(quarter, values, **proof)
        penilai.opens_task(f"Realisasi {quarter} 2026, Sekar Ayu Lestari")
        penilai.validates(realisation)

    calendar.is_at("2027-01-08")
    is_evaluated(pegawai, penilai, atasan, pimpinan)
    pegawai.sees("Predikat kinerja")
    pegawai.sees("Baik")
    pegawai.cannot("Ajukan keberatan")


def is_evaluated(pegawai: Person, penilai: Person, atasan: Person, pimpinan: Person) -> None:
    """Organisation result, proposal, calibration, determination, signatures; receipt."""
    review = penilai.opens_task(REVIEW)
    penilai.page.goto("/tim/?periode=Y")
    penilai.main.get_by_role("link", name=re.compile("^Evaluasi Sekar Ayu Lestari")).click()
    expect(penilai.page.get_by_role("heading", name="Meja evaluasi", level=1)).to_be_visible()
    penilai.opens(review)
    penilai.is_told_why_not("Usulkan predikat", "capaian organisasi")
    pimpinan.opens(review)
    pimpinan.sets_the_organisation_result("Baik")
    penilai.opens(review)
    penilai.judges("Diatas Ekspektasi", "Diatas Ekspektasi", "Beri kesempatan memimpin tim kerja.")

    pegawai.opens(review)
    pegawai.sees("Rating dan predikat terlihat sesudah ditetapkan")

    atasan.opens_task(REVIEW)
    atasan.act("Kalibrasi").click()
    atasan.main.get_by_role("group", name="Rating perilaku kerja").get_by_label("Sesuai Ekspektasi").check()
    atasan.main.get_by_label("Alasan perubahan").select_option(
        "Tidak sebanding dengan pegawai lain pada unit ini"
    )
    atasan.main.get_by_label("Penjelasan perubahan").fill(CALIBRATION)
    atasan.main.get_by_role("button", name="Kalibrasi").click()
    atasan.sees_state("Dikalibrasi")

    penilai.opens_task(REVIEW)
    penilai.sees(CALIBRATION)
    penilai.does("Tetapkan", "Ditetapkan")
    penilai.signs("Tanda tangani D.1.1", "Ditandatangani Penilai/Atasan")
    penilai.does("Sampaikan", "Disampaikan")

    pegawai.opens_task(REVIEW)
    pegawai.does("Tandai diterima", "Diterima")
    pegawai.can("Ajukan keberatan")
    pegawai.signs("Tanda tangani dan kembalikan", "Final")
