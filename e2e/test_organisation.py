"""A year of the organisation: from the map of the ministry to the last indicator, agreed from below, followed, decided."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from e2e.calendar import Calendar
from e2e.people import ATTACHMENTS, QUARTERS, Person, agree_and_sign

PK = "Perjanjian Kinerja 2026, Direktorat Layanan Data"
MINISTRY = "Perjanjian Kinerja 2026, Kementerian Contoh"
REALISATION = "Realisasi IKU Triwulan I 2026, Direktorat Layanan Data"
DIALOGUE = "Dialog Kinerja Organisasi Triwulan I 2026, Direktorat Layanan Data"
VALUE = "Nilai organisasi Triwulan I 2026, Direktorat Layanan Data"
VALUES = ("92,5", "94", "93", "95,5")
ROLE = "Laporan mutu data yang dipakai unit pengguna"
PART = "Laporan mutu data triwulanan yang diterima tepat waktu"


@pytest.fixture
def stage() -> str:
    return "organisation"


@pytest.fixture
def perencana(somebody: Callable[..., Person]) -> Person:
    """Nusa Pramesti: reviews agreements at the top, notes for the Komite."""
    return somebody("nusa")


@pytest.fixture
def pengelola(somebody: Callable[..., Person]) -> Person:
    """Wening Astuti, pengelola kinerja organisasi of the directorate."""
    return somebody("wening")


def test_a_year_of_the_organisation_from_the_map_to_the_decided_value(
    pegawai: Person, penilai: Person, atasan: Person, pimpinan: Person, perencana: Person, pengelola: Person,
    calendar: Calendar,
) -> None:  # fmt: skip
    shares_out(atasan, "Bagas Wicaksono", ROLE)
    above = drafts_from_the_matrix(penilai, ROLE)
    shares_out(penilai, "Sekar Ayu Lestari", PART)
    below = drafts_from_the_matrix(pegawai, PART)

    # In any order: the last indicator is agreed first, the map of the ministry last.
    pegawai.opens(below)
    pegawai.submits_it()
    agree_and_sign(pegawai, penilai, below)
    penilai.opens(above)
    penilai.submits_it()
    agree_and_sign(penilai, atasan, above)
    agree_and_sign_the_pk(atasan, pimpinan, perencana)
    the_komite_takes_note(pimpinan, perencana)
    pegawai.opens(below)
    pegawai.sees_no("masih sementara")

    calendar.is_at("2026-04-06")
    reports_the_quarter(pengelola, atasan)
    holds_the_dialogue(pengelola, atasan)
    value = is_decided(pengelola, perencana, pimpinan)

    penilai.opens_task(DIALOGUE)
    pegawai.opens(value)
    pegawai.sees("Baik")
    pegawai.page.goto("/cascading/DLD")
    pegawai.sees(ROLE)


def shares_out(leader: Person, name: str, role: str) -> None:
    """Begin the matriks of one's unit, give one person a role under the first indicator, and share it."""
    leader.page.goto("/matriks/")
    leader.main.get_by_role("link", name="Susun matriks").click()
    leader.presses("Susun matriks")
    leader.main.get_by_role("button", name=re.compile(f"^Tambah peran {name}")).first.click()
    leader.main.get_by_role("textbox", name=re.compile(f"^Peran {name}")).first.fill(role)
    leader.presses("Simpan draf")
    leader.main.get_by_role("link", name="Selesai menyunting").click()
    leader.does("Bagikan", "Dibagikan")


def drafts_from_the_matrix(person: Person, role: str) -> str:
    """Begin an SKP, take over the role of the matriks, say how it is measured."""
    address = person.starts_an_skp()
    expect(person.result(1).get_by_label("Rencana hasil kerja", exact=True)).to_have_value(role)
    person.sees("masih sementara")
    measures(person, 1)
    for title, text in ATTACHMENTS:
        person.presses(f"Tambah: {title}")
        person.main.get_by_role("group", name=f"{title} 1").get_by_label("Uraian").fill(text)
    person.presses("Simpan draf")
    person.main.get_by_role("link", name="Selesai menyunting").click()
    person.sees_state("Draf")
    return address


def measures(person: Person, number: int) -> None:
    """Say of a result how it is measured and how much of it each quarter asks for."""
    indicator = person.result(number).get_by_role("group", name=f"Indikator {number}.1")
    indicator.get_by_label("Indikator kinerja individu").fill("Jumlah laporan yang diterima sampai Desember")
    indicator.get_by_label("Target", exact=True).fill("4")
    indicator.get_by_label("Satuan").fill("laporan")
    indicator.get_by_label("Kuantitas").check()
    if not indicator.get_by_label("Arah").is_visible():
        indicator.get_by_text("Lintasan target, arah, dan kualitas").click()
    for quarter in QUARTERS:
        indicator.get_by_label(f"Target {quarter}", exact=True).fill("1")


def agree_and_sign_the_pk(head: Person, above: Person, reviewer: Person) -> None:
    pk = head.opens_task(PK)
    head.does("Ajukan", "Diajukan")
    above.opens_task(PK)
    above.does("Mulai dialog", "Dialog")
    above.act("Sepakati").click()
    above.sees_in_history("Sepakati", above.name)
    head.opens(pk)
    is_agreed_and_signed_first(head, reviewer, PK)
    above.opens_task(PK)
    above.signs("Tanda tangan", "Berlaku")


def is_agreed_and_signed_first(head: Person, reviewer: Person, task: str) -> None:
    """The head, who has it open, agrees as the last one; it is reviewed, and he signs."""
    head.does("Sepakati", "Disepakati")
    head.does("Kirim reviu", "Direviu Pengelola")
    reviewer.opens_task(task)
    reviewer.does("Reviu selesai", "Siap Tanda Tangan")
    head.opens_task(task)
    head.signs("Tanda tangan", "Ditandatangani Pihak Pertama")


def the_komite_takes_note(head: Person, reviewer: Person) -> None:
    """Above the ministry is nobody: the Sekretariat Komite speaks and takes note, the AKOP reviews."""
    pk = head.opens_task(MINISTRY)
    head.does("Ajukan", "Diajukan")
    reviewer.opens(pk)
    reviewer.does("Mulai dialog", "Dialog")
    head.opens(pk)
    is_agreed_and_signed_first(head, reviewer, MINISTRY)
    reviewer.opens_task(MINISTRY)
    reviewer.act("Catat").click()
    reviewer.main.get_by_label("Nomor").fill("RIS-2/KE/2026")
    reviewer.main.get_by_label("Tanggal").fill("2026-01-06")
    reviewer.main.get_by_role("button", name="Catat", exact=True).click()
    reviewer.sees_state("Berlaku")


def reports_the_quarter(organiser: Person, head: Person) -> None:
    """All IKU of the unit on one page, evidence for all of them, recorded; read and validated by the head."""
    address = organiser.opens_task(REALISATION)
    organiser.main.get_by_role("link", name="Isi realisasi").click()
    for field, value in zip(
        organiser.main.get_by_label(re.compile(r"^Realisasi \(")).all(), VALUES, strict=True
    ):
        field.fill(value)
    organiser.presses("Simpan draf")
    organiser.brings_evidence(address, ("1a-N", "2a-N", "3a-N", "4a-N"), link="https://data.contoh.go.id/iku")
    organiser.does("Rekam", "Direkam")
    head.opens_task(REALISATION)
    head.validates(address)


def holds_the_dialogue(organiser: Person, head: Person) -> None:
    dialogue = organiser.opens_task(DIALOGUE)
    organiser.act("Ubah jadwal dan undangan").click()
    organiser.main.get_by_label("Tanggal").fill("2026-04-06")
    organiser.presses("Simpan")
    organiser.opens(dialogue)
    organiser.does("Bahan siap", "Bahan Siap")
    organiser.act("Dilaksanakan").click()
    organiser.main.get_by_role("button", name="Dilaksanakan", exact=True).click()
    organiser.sees_state("Dilaksanakan")
    organiser.act("Tulis notulen").click()
    organiser.main.get_by_role("textbox", name="Notulen").fill(
        "Capaian triwulan dibahas; IKU 3a-N perlu dipercepat."
    )
    organiser.presses("Tambah arahan")
    organiser.main.get_by_role("textbox", name="Arahan").first.fill("Percepat IKU 3a-N.")
    organiser.main.get_by_role("button", name=re.compile("^Tambah rencana aksi")).click()
    action = organiser.main.get_by_role("group", name="Rencana aksi 1.1")
    action.get_by_role("textbox", name="Rencana aksi").fill("Jadwal percepatan disepakati")
    owner = action.get_by_role("option", name=re.compile("Bagas Wicaksono")).get_attribute("value")
    action.get_by_label("Penanggung jawab").select_option(owner)
    action.get_by_label("Batas waktu").fill("2026-05-15")
    organiser.presses("Simpan")
    organiser.opens(dialogue)
    organiser.does("Ajukan notulen", "Draf Notulen")
    head.opens_task(DIALOGUE)
    head.signs("Tanda tangani notulen", "Tindak Lanjut Berjalan")


def is_decided(organiser: Person, reviewer: Person, above: Person) -> str:
    value = organiser.opens_task(VALUE)
    organiser.act("Simpan bahan").click()
    organiser.main.get_by_label("Laporan capaian kinerja (LCK)").fill("LCK-DLD/TW1/2026")
    organiser.presses("Simpan bahan")
    organiser.opens(value)
    organiser.does("Kirim bahan", "Dihitung")
    reviewer.opens_task(VALUE)
    reviewer.does("Reviu selesai", "Direviu")
    above.opens_task(VALUE)
    above.act("Tetapkan").click()
    above.main.get_by_role("group", name="Predikat kinerja organisasi").get_by_label(
        "Baik", exact=True
    ).check()
    above.main.get_by_role("button", name="Tetapkan", exact=True).click()
    above.sees_state("Ditetapkan")
    return value
