"""A superior who does not act: on 1 February the SKP, after the evaluation window the evaluation goes one level up."""

from __future__ import annotations

import pytest

from e2e.calendar import Calendar
from e2e.people import Person

SKP = "SKP 2026, Sekar Ayu Lestari"
REVIEW = "Evaluasi Tahunan 2026, Sekar Ayu Lestari"


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> str:
    return "evaluation" if "evaluation" in request.node.name else "submitted"


def test_an_skp_not_established_in_january_goes_to_the_superiors_superior(
    pegawai: Person, penilai: Person, atasan: Person, calendar: Calendar
) -> None:
    skp = penilai.opens_task(SKP)
    calendar.is_at("2026-02-01")
    penilai.has_no_task(SKP)
    penilai.opens(skp)
    penilai.cannot("Mulai dialog", "Sepakati")
    penilai.sees("Menunggu Ratih Kusumaningrum")

    atasan.opens_task(SKP)
    atasan.sees_state("Dialog Kinerja")
    atasan.act("Sepakati").click()
    atasan.sees("Menunggu Sekar Ayu Lestari")
    pegawai.opens_task(SKP)
    pegawai.does("Sepakati", "Disepakati")
    pegawai.signs("Tanda tangani", "Ditandatangani Pegawai")
    atasan.opens_task(SKP)
    atasan.signs("Tetapkan", "Ditetapkan")


def test_an_evaluation_missed_by_the_penilai_is_made_by_his_superior_and_is_final(
    pegawai: Person, penilai: Person, atasan: Person, pimpinan: Person, calendar: Calendar
) -> None:
    review = penilai.opens_task(REVIEW)
    pimpinan.opens(review)
    pimpinan.sets_the_organisation_result("Baik")
    calendar.is_at("2027-02-02")

    penilai.opens(review)
    penilai.sees_state("Pada Atasan Penilai")
    penilai.cannot("Usulkan predikat", "Tetapkan")
    atasan.opens_task(REVIEW)
    atasan.judges("Sesuai Ekspektasi", "Sesuai Ekspektasi", "Pertahankan ketepatan laporan.")
    pimpinan.opens_task(REVIEW)
    pimpinan.agrees_to_the_proposal_of("Sekar Ayu Lestari")
    pimpinan.opens(review)
    pimpinan.sees_state("Dikalibrasi")
    atasan.opens_task(REVIEW)
    atasan.does("Tetapkan", "Ditetapkan")
    atasan.signs("Tanda tangani D.1.2", "Ditandatangani Penilai/Atasan")
    atasan.does("Sampaikan", "Disampaikan")

    pegawai.opens_task(REVIEW)
    pegawai.does("Tandai diterima", "Diterima")
    pegawai.cannot("Ajukan keberatan")
    pegawai.is_told_why_not("Ajukan keberatan", "penilai melewati jangka waktu; hasilnya final")
    pegawai.signs("Tanda tangani dan kembalikan", "Final")
    pegawai.sees("Keberatan tidak tersedia")
