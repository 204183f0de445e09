"""What the official forms print of a document: numbers, signatures, drafts, assumptions, realisation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kinerja.reports import official_document, official_skp
from kinerja.reports.official import Sheet, nip_of, span_of, with_later
from kinerja.rules.registry import regulation
from tests.reports import samples
from tests.reports.samples import evaluated, sheet_of, table, texts

FORMS = ["A.1.1", "A.1.2", "A.1.6", "A.1.7", "C.1.1", "C.1.2", "C.1.3"]


@pytest.mark.parametrize(
    "form, printed", [("A.1.1", True), ("A.1.2", True), ("A.1.6", True), ("A.1.7", False)]
)
def test_who_gave_the_task_is_printed_by_three_of_the_four_forms(form: str, printed: bool) -> None:
    assert ("(penugasan dari Direktur Data)" in texts(sheet_of(form))) is printed


@pytest.mark.parametrize("form", FORMS)
def test_tambahan_goes_on_counting_where_utama_ended(form: str) -> None:
    rows = [row for t in sheet_of(form).tables if t.caption.startswith("Hasil") for row in t.body]
    numbers = [row.cells[0].text for row in rows if row.cells[0].centre and row.cells[0].text.isdigit()]
    assert numbers == ["1", "2", "3"]


def test_one_result_spans_the_lines_of_its_indicators() -> None:
    rows = table(sheet_of("A.1.7"), "Hasil kerja").body
    assert rows[1].texts == (
        "1", "Mutu data layanan publik meningkat", "Laporan mutu data triwulanan yang akurat dan dipakai unit pengguna",
        "Kuantitas", "Jumlah laporan mutu data triwulanan yang diterima unit pengguna", "4 laporan",
    )  # fmt: skip
    assert [cell.rowspan for cell in rows[1].cells] == [3, 3, 3, 1, 1, 1]
    assert rows[2].texts == (
        "Kualitas",
        "Persentase temuan mutu data yang terkonfirmasi benar",
        "92,5 persen",
    )
    assert rows[3].texts[0] == "Waktu/ Biaya"


def test_narratives_carry_the_perspective_of_a_senior_post_only() -> None:
    assert (
        "Jumlah set data yang memenuhi standar metadata, target: 1.240 set data (Perspektif Anggaran)"
        in texts(sheet_of("A.1.1"))
    )
    assert "Perspektif" not in texts(sheet_of("A.1.6"))


@pytest.mark.parametrize("form", ["A.1.1", "A.1.2", "A.1.6", "A.1.7"])
def test_a_block_without_rows_prints_dashes(form: str) -> None:
    sheet = official_skp.sheets(samples.copy(samples.skp(form, [])))[0]
    body = table(sheet, "Hasil kerja").body
    assert [row.texts[0] for row in body] == ["A. UTAMA", "-", "B. TAMBAHAN", "-"]


def test_budget_and_internal_strength_share_a_name_where_the_law_joins_them() -> None:
    paper = replace(samples.copy(samples.skp("A.1.2")), regulation=regulation("kmk127-2026"))
    assert "Penguatan Internal dan Anggaran" in texts(official_skp.sheets(paper)[0])


def test_a_result_the_leader_took_over_says_why() -> None:
    rows = samples.three_results()
    rows[0]["diambil_alih"] = True
    sheet = official_skp.sheets(samples.copy(samples.skp("A.1.7", rows)))[0]
    assert "pegawai tidak dapat menyelesaikan rencana hasil kerja" in texts(sheet)


# Signatures, drafts, the foot


def test_a_signature_names_the_moment_in_the_zone_of_the_unit() -> None:
    left, right = sheet_of("A.1.7").signatures
    assert (left.place, left.name, left.nip) == ("", "Sekar Ayu Lestari, S.Stat.", "19870422 201012 2 903")
    assert left.signed == "ditandatangani secara elektronik pada\n23 Januari 2026, 09.14 WIB"
    assert right.place == "................, 27 Januari 2026"


def test_whoever_signs_for_somebody_else_is_named_with_it() -> None:
    stand_in = replace(
        samples.SIGNED[1], name="Plh Nama", nip="1", on_behalf="Plh. Kepala Subdirektorat Mutu Data"
    )
    sheet = official_skp.sheets(samples.copy(samples.skp("A.1.7"), signatures=(stand_in,)))[0]
    assert sheet.signatures[1].name == "Plh Nama"
    assert sheet.signatures[1].signed.endswith("\nPlh. Kepala Subdirektorat Mutu Data")


def test_a_draft_keeps_the_place_of_the_signature_open() -> None:
    sheet = official_skp.sheets(samples.copy(samples.skp("A.1.7"), signatures=()))[0]
    assert sheet.mark.draft
    assert sheet.signatures[1].place == "(tempat), (tanggal, bulan, tahun)"
    assert sheet.signatures[1].signed == ""
    assert sheet.signatures[1].name == "Bagas Wicaksono, S.Kom., M.T."


def test_expectations_added_after_the_signature_stand_apart_with_their_date() -> None:
    content = samples.skp("A.1.7")
    added = {"nilai": "adaptif", "teks": "Mempercepat analisis data.", "ditambahkan": "2026-05-03"}
    paper = with_later(samples.copy(content), content | {"ekspektasi": [*content["ekspektasi"], added]})
    printed = texts(official_skp.sheets(paper)[0])
    assert "Mempercepat analisis data.\n(ditambahkan 3 Mei 2026, sesudah ditandatangani)" in printed
    assert printed.count("(ditambahkan") == 1


@pytest.mark.parametrize(
    "start, end, words",
    [
        ("2026-01-01", "2026-12-31", "1 JANUARI SD 31 DESEMBER TAHUN 2026"),
        ("2026-04-15", "2026-12-31", "15 APRIL SD 31 DESEMBER TAHUN 2026"),
        ("2025-12-01", "2026-12-31", "1 DESEMBER 2025 SD 31 DESEMBER TAHUN 2026"),
    ],
)
def test_the_span_is_written_in_the_words_of_the_form(start: str, end: str, words: str) -> None:
    assert span_of({"mulai": start, "selesai": end}) == words


@pytest.mark.parametrize(
    "nip, read", [("198704222010122903", "19870422 201012 2 903"), ("", ""), ("x1", "x1")]
)
def test_a_nip_is_grouped_for_reading(nip: str, read: str) -> None:
    assert nip_of(nip) == read


# Assumptions


def assumed(sheet: Sheet) -> set[str]:
    parts = [p for t in sheet.tables for r in t.body for c in r.cells for p in c.parts]
    return {getattr(p, "text", getattr(p, "title", "")) for p in parts if getattr(p, "assumed", False)}


def test_what_rests_on_an_assumption_is_marked_where_it_stands_and_named_in_the_foot() -> None:
    sheet = sheet_of("C.1.3")
    assert "2 laporan sampai Triwulan II" in assumed(sheet)
    assert any(text.startswith("KURVA DISTRIBUSI") for text in assumed(sheet))
    assert len(sheet.assumptions) == 2
    assert all(": " in line for line in sheet.assumptions)


def test_a_joined_figure_is_marked_on_the_qualitative_sheet_too() -> None:
    assert any(text.startswith("- 2 laporan sampai Triwulan II") for text in assumed(sheet_of("C.1.1")))


def test_last_year_s_organisation_result_says_so_and_carries_the_mark() -> None:
    papers = evaluated("A.1.7", organisasi={"unit": "", "predikat": "istimewa", "tahun_lalu": True})
    for sheet in official_document.sheets(papers):
        assert "(capaian tahun lalu, menunggu penetapan tahun ini)" in assumed(sheet)
        assert sheet.assumptions


@pytest.mark.parametrize("form", ["A.1.1", "A.1.2", "A.1.6", "A.1.7"])
def test_the_skp_prints_no_figure_that_rests_on_an_assumption(form: str) -> None:
    assert sheet_of(form).assumptions == ()


# The content of an evaluation


def test_realisation_is_joined_up_to_the_period_as_the_indicator_asks() -> None:
    content = evaluated("A.1.7").content
    first, second, third = content["baris"][0]["indikator"]
    assert (first["realisasi"], first["kapan"], first["gabungan"]) == ("2", "sampai Triwulan II", True)
    assert (second["realisasi"], second["gabungan"]) == ("93.5", False)
    assert third["bukti"] == ["laporan-tw2.pdf"]


def test_where_a_period_is_missing_the_last_one_recorded_says_which_it_is() -> None:
    first = evaluated("A.1.7", "Y").content["baris"][0]["indikator"][0]
    assert (first["realisasi"], first["kapan"], first["gabungan"]) == ("1", "pada Triwulan II", False)


def test_feedback_finds_its_row_by_key_or_by_words() -> None:
    rows = evaluated("A.1.7").content["baris"]
    assert rows[0]["umpan_balik"].startswith("Laporan dipakai")
    assert rows[1]["umpan_balik"] == "Katalog perlu dilengkapi."
    assert rows[2]["umpan_balik"] == ""


@pytest.mark.parametrize(
    "slot, words", [("TW1", "TRIWULAN I"), ("TW4", "TRIWULAN IV"), ("Y", "AKHIR"), ("B03", "MARET")]
)
def test_the_period_of_an_evaluation_is_one_of_the_choices_of_the_form(slot: str, words: str) -> None:
    assert official_document.sheets(evaluated("A.1.7", slot))[1].period_line == f"PERIODE***: {words}*"


def test_the_changed_document_prints_objection_explanation_and_decision() -> None:
    decided = samples.copy(
        {
            "keberatan": "Realisasi tidak dihitung.", "penjelasan_penilai": "Bukti terlambat.",
            "keputusan": "mengubah", "pertimbangan": "Bukti sah.", "rekomendasi": "Rating dinaikkan.",
            "pemutus": samples.ABOVE,
        }
    )  # fmt: skip
    sheet = official_document.sheets(evaluated("A.1.7"), objection=decided)[0]
    printed = texts(sheet)
    for words in (
        "Realisasi tidak dihitung.",
        "Bukti terlambat.",
        "Keputusan: Mengubah hasil evaluasi",
        "Rating dinaikkan.",
    ):
        assert words in printed
    assert sheet.signatures[2].name == "Ratna Dewanti, S.E., M.Si."
