"""The official forms against the printed regulation: PermenPANRB 6/2022 p.32-36, 55-61, 105-118."""

from __future__ import annotations

from typing import Any

import pytest

from kinerja.reports import official_document, official_skp
from kinerja.reports.official_behaviour import VALUES, guides
from kinerja.reports.official_skp import rows_of
from kinerja.rules.content import row_numbers
from kinerja.rules.registry import core_values
from tests.reports import samples
from tests.reports.samples import evaluated, sheet_of, table, texts

SENIOR = "BAGI PEJABAT PIMPINAN TINGGI DAN PIMPINAN UNIT KERJA MANDIRI"
STAFF = "BAGI PEJABAT ADMINISTRASI DAN PEJABAT FUNGSIONAL"
QUALITATIVE = "PENDEKATAN HASIL KERJA KUALITATIF"
QUANTITATIVE = "PENDEKATAN HASIL KERJA KUANTITATIF"
EXPECTS = "Pimpinan dapat memberikan Ekspektasi khusus terhadap satu atau lebih aspek perilaku kerja Pegawai"
FEEDBACK = "UMPAN BALIK BERKELANJUTAN BERDASARKAN BUKTI DUKUNG"
REALISED = "REALISASI BERDASARKAN BUKTI DUKUNG"
C_NOTES = (
    "* pilih salah satu",
    "** rating hasil dan rating perilaku kerja Pegawai ditetapkan dengan mempertimbangkan pola distribusi predikat "
    "Kinerja Pegawai berdasarkan capaian kinerja organisasi serta kontribusi Pegawai terhadap Kinerja Organisasi",
    "*** periode disesuaikan dengan periode evaluasi kinerja Pegawai yang berlaku pada Instansi Pemerintah",
)
D_NOTES = (
    "* periode disesuaikan dengan periode evaluasi kinerja Pegawai yang berlaku pada Instansi Pemerintah",
    "** pilih salah satu",
)

# As read in the PDF, page by page; nothing here is taken from the code.
PRINTED: dict[str, dict[str, Any]] = {
    "A.1.1": {
        "title": ("FORMAT A.1.1", "SASARAN KINERJA PEGAWAI", QUALITATIVE, SENIOR),
        "penilai": ("NAMA", "NIP (*opsional)", "PANGKAT/ GOL. RUANG", "JABATAN", "UNIT KERJA"),
        "heads": (("HASIL KERJA",),),
        "behaviour": ("PERILAKU KERJA*",),
        "notes": (f"* {EXPECTS}.",),
    },
    "A.1.2": {
        "title": ("FORMAT A.1.2", "SASARAN KINERJA PEGAWAI", QUANTITATIVE, SENIOR),
        "penilai": ("NAMA", "NIP (*opsional)", "PANGKAT/ GOL. RUANG", "JABATAN", "UNIT KERJA"),
        "heads": (
            ("HASIL KERJA",),
            ("NO", "RENCANA HASIL KERJA", "INDIKATOR KINERJA INDIVIDU", "TARGET", "PERSPEKTIF"),
            ("(1)", "(2)", "(3)", "(4)", "(5)"),
        ),
        "behaviour": ("PERILAKU KERJA*",),
        "notes": (f"* {EXPECTS}.",),
    },
    "A.1.6": {
        "title": ("FORMAT A.1.6", "SASARAN KINERJA PEGAWAI", QUALITATIVE, STAFF),
        "penilai": ("NAMA", "NIP", "PANGKAT/ GOL. RUANG", "JABATAN", "UNIT KERJA"),
        "heads": (("HASIL KERJA",),),
        "behaviour": ("PERILAKU KERJA*",),
        "notes": (f"* {EXPECTS}",),
    },
    "A.1.7": {
        "title": ("FORMAT A.1.7", "SASARAN KINERJA PEGAWAI", QUANTITATIVE, STAFF),
        "penilai": ("NAMA", "NIP", "PANGKAT/ GOL. RUANG", "JABATAN", "UNIT KERJA"),
        "heads": (
            ("HASIL KERJA",),
            (
                "NO.", "RENCANA HASIL KERJA PIMPINAN YANG DIINTERVENSI*", "RENCANA HASIL KERJA", "ASPEK",
                "INDIKATOR KINERJA INDIVIDU", "TARGET",
            ),
            ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)"),
        ),
        "behaviour": ("PERILAKU KERJA**",),
        "notes": (
            "* Dalam hal rencana hasil kerja Pimpinan yang diintervensi adalah hasil kerja pejabat pimpinan tinggi dan "
            "Pimpinan unit kerja mandiri/ organisasi maka dituliskan rencana hasil kerja beserta indikator kinerja "
            "individu pejabat pimpinan tinggi dan Pimpinan unit kerja mandiri atau sasaran dan indikator kinerja "
            "organisasi yang diintervensi",
            f"** {EXPECTS}",
        ),
    },
    "C.1.1": {
        "title": ("FORMAT C.1.1", "HASIL EVALUASI KINERJA PEGAWAI", QUALITATIVE),
        "period": "PERIODE***: TRIWULAN II*",
        "penilai": ("NAMA", "NIP (*opsional)", "PANGKAT/ GOL. RUANG", "JABATAN", "UNIT KERJA"),
        "heads": (("HASIL KERJA", REALISED, FEEDBACK), ("A. UTAMA",)),
        "behaviour": ("PERILAKU KERJA", FEEDBACK),
        "notes": (
            *C_NOTES, "**** perspektif hanya digunakan untuk pejabat pimpinan tinggi dan pimpinan unit kerja mandiri",
        ),
    },
    "C.1.2": {
        "title": ("FORMAT C.1.2", "HASIL EVALUASI KINERJA PEGAWAI", QUANTITATIVE, SENIOR),
        "period": "PERIODE***: TRIWULAN II*",
        "penilai": ("NAMA", "NIP (*opsional)", "PANGKAT/GOL RUANG", "JABATAN", "INSTANSI"),
        "heads": (
            ("HASIL KERJA",),
            (
                "NO.", "RENCANA HASIL KERJA", "INDIKATOR KINERJA INDIVIDU", "TARGET", "PERSPEKTIF", REALISED, FEEDBACK,
            ),
            ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"),
        ),
        "behaviour": ("PERILAKU KERJA", FEEDBACK),
        "notes": C_NOTES,
    },
    "C.1.3": {
        "title": ("FORMAT C.1.3", "HASIL EVALUASI KINERJA PEGAWAI", QUANTITATIVE, STAFF),
        "period": "PERIODE***: TRIWULAN II*",
        "penilai": ("NAMA", "NIP", "PANGKAT/GOL RUANG", "JABATAN", "UNIT KERJA"),
        "heads": (
            ("HASIL KERJA",),
            (
                "No.", "RENCANA HASIL KERJA PIMPINAN YANG DIINTERVENSI", "RENCANA HASIL KERJA", "ASPEK",
                "INDIKATOR KINERJA INDIVIDU", "TARGET", REALISED, FEEDBACK,
            ),
            ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"),
        ),
        "behaviour": ("PERILAKU KERJA", FEEDBACK),
        "notes": C_NOTES,
    },
}  # fmt: skip
FORMS = list(PRINTED)


# The words of the regulation


@pytest.mark.parametrize("form", FORMS)
def test_the_lines_above_a_form_are_those_of_the_regulation(form: str) -> None:
    sheet = sheet_of(form)
    assert sheet.heading == PRINTED[form]["title"]
    assert sheet.period_line == PRINTED[form].get("period", "")
    assert sheet.span == ("PERIODE PENILAIAN: 1 JANUARI SD 31 DESEMBER TAHUN 2026",)


@pytest.mark.parametrize("form", FORMS)
def test_the_heads_of_the_results_are_those_of_the_regulation(form: str) -> None:
    assert tuple(row.texts for row in table(sheet_of(form), "Hasil kerja").head) == PRINTED[form]["heads"]


@pytest.mark.parametrize("form", FORMS)
def test_the_header_block_asks_for_the_same_five_lines(form: str) -> None:
    people = table(sheet_of(form), "Pegawai dan penilai")
    grade = PRINTED[form]["penilai"][2]
    assert people.head[0].texts == ("NO", "PEGAWAI YANG DINILAI", "NO", "PEJABAT PENILAI KINERJA")
    assert tuple(row.texts[1] for row in people.body) == ("NAMA", "NIP", grade, "JABATAN", "UNIT KERJA")
    assert tuple(row.texts[4] for row in people.body) == PRINTED[form]["penilai"]
    assert [row.texts[0] for row in people.body] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("form", FORMS)
def test_the_block_of_behaviour_has_seven_values_with_the_leader_s_expectation(form: str) -> None:
    behaviour = table(sheet_of(form), "Perilaku kerja")
    assert behaviour.head[0].texts == PRINTED[form]["behaviour"]
    names = [row.texts[1] for row in behaviour.body[::2]]
    assert names == [
        "Berorientasi pelayanan", "Akuntabel", "Kompeten", "Harmonis", "Loyal", "Adaptif", "Kolaboratif",
    ]  # fmt: skip
    assert all(row.cells[1].text.startswith("Ekspektasi Khusus Pimpinan:") for row in behaviour.body[1::2])
    assert all(len(row.cells[0].parts[0].lines) == 3 for row in behaviour.body[1::2])


@pytest.mark.parametrize("form", FORMS)
def test_the_notes_under_a_form_are_those_of_the_regulation(form: str) -> None:
    assert sheet_of(form).notes == PRINTED[form]["notes"]


@pytest.mark.parametrize(
    "form, pancasila, jujur",
    [
        ("A.1.1", "Negara Kesatuan Republik Indonesia serta", "jujur, bertanggung jawab"),
        ("A.1.2", "Negara Kesatuan Republik Indonesia serta", "jujur, bertanggung jawab"),
        ("A.1.6", "NKRI serta", "jujur, bertanggung jawab"),
        ("A.1.7", "NKRI serta", "jujur, bertanggung jawab"),
        ("C.1.1", "NKRI serta", "jujur, bertanggung jawab"),
        ("C.1.2", "NKRI serta", "jujur, bertanggung jawab"),
        ("C.1.3", "NKRI serta", "jujur bertanggung jawab"),
    ],
)
def test_the_guides_keep_the_wording_of_their_own_form(form: str, pancasila: str, jujur: str) -> None:
    assert pancasila in guides(form, "loyal")[0]
    assert jujur in guides(form, "akuntabel")[0]
    assert (
        guides(form, "kolaboratif")[2] == "Menggerakkan pemanfaatan berbagai sumberdaya untuk tujuan bersama"
    )


def test_the_values_of_the_forms_are_those_of_the_law_in_its_order() -> None:
    assert [code for code, _title, _guides in VALUES] == [value.code for value in core_values()]


@pytest.mark.parametrize(
    "form, label",
    [
        ("A.1.1", "Ukuran keberhasilan/ Indikator Kinerja Individu, Target, dan Perspektif:"),
        ("A.1.6", "Ukuran keberhasilan/ indikator kinerja individu dan Target:"),
        ("C.1.1", "Ukuran Keberhasilan/ Indikator Kinerja Individu, Target, dan Perspektif****:"),
    ],
)
def test_a_qualitative_form_tells_the_measures_under_the_result(form: str, label: str) -> None:
    assert label in texts(sheet_of(form))


@pytest.mark.parametrize("form, colon", [("C.1.1", ""), ("C.1.2", ":"), ("C.1.3", "")])
def test_organisation_result_and_pattern_stand_above_the_results(form: str, colon: str) -> None:
    first, second = table(sheet_of(form), "Capaian kinerja organisasi").body
    assert first.texts == ("CAPAIAN KINERJA ORGANISASI*\nBAIK",)
    assert second.texts == (
        f"POLA DISTRIBUSI{colon}\nKURVA DISTRIBUSI PREDIKAT KINERJA PEGAWAI DENGAN CAPAIAN KINERJA ORGANISASI BAIK",
    )


@pytest.mark.parametrize("form", ["C.1.1", "C.1.2", "C.1.3"])
def test_ratings_and_predicate_close_their_parts(form: str) -> None:
    sheet = sheet_of(form)
    assert table(sheet, "Rating hasil kerja").body[0].texts == ("RATING HASIL KERJA*\nSESUAI EKSPEKTASI**",)
    closing = [row.texts[0] for row in table(sheet, "Rating perilaku").body]
    assert closing == ["RATING PERILAKU KERJA*\nDIATAS EKSPEKTASI**", "PREDIKAT KINERJA PEGAWAI*\nBAIK"]


def test_as_long_as_nothing_is_chosen_the_printed_choices_stand_there_faintly() -> None:
    open_ones = {"rating_hasil": "", "rating_perilaku": "", "predikat": "", "organisasi": {}}
    sheet = official_document.sheets(evaluated("A.1.7", **open_ones))[1]
    printed = texts(sheet)
    for choices in (
        "ISTIMEWA/ BAIK/ BUTUH PERBAIKAN/ KURANG/ SANGAT KURANG",
        "DIATAS EKSPEKTASI/ SESUAI EKSPEKTASI/ DIBAWAH EKSPEKTASI**",
        "SANGAT BAIK/ BAIK/ BUTUH PERBAIKAN/ KURANG (MISCONDUCT)/ SANGAT KURANG",
        "(diisi dengan gambar pola distribusi)",
    ):
        assert choices in printed
    faint = [
        p
        for t in sheet.tables
        for r in t.body
        for c in r.cells
        for p in c.parts
        if getattr(p, "tone", "") == "faint"
    ]
    assert len(faint) == 5


# Dokumen evaluasi


@pytest.mark.parametrize(
    "form, more, note, roles",
    [
        ("D.1.1", {}, "CATATAN/REKOMENDASI", ["7. Pegawai yang Dinilai", "6. Pejabat Penilai Kinerja"]),
        (
            "D.1.2", {"by_superior": True}, "CATATAN/ REKOMENDASI",
            ["7. Pegawai yang Dinilai", "6. Atasan Pejabat Penilai Kinerja"],
        ),
        (
            "D.1.3", {"objection": samples.copy({"keputusan": "mengubah", "pemutus": {}})},
            "CATATAN/ REKOMENDASI",
            ["10. Pegawai yang Dinilai", "9. Pejabat Penilai Kinerja", "11. Atasan Pejabat Penilai Kinerja"],
        ),
    ],
)  # fmt: skip
def test_the_document_of_evaluation_is_numbered_as_printed(
    form: str, more: dict[str, Any], note: str, roles: list[str]
) -> None:
    sheet = official_document.sheets(evaluated("A.1.7"), **more)[0]
    assert sheet.heading == (f"FORMAT {form}", "DOKUMEN EVALUASI KINERJA PEGAWAI")
    assert sheet.period_line == "PERIODE*: TRIWULAN II**"
    assert sheet.span == ("PERIODE PENILAIAN:", "1 JANUARI SD 31 DESEMBER TAHUN 2026")
    assert sheet.emblem == "(LAMBANG GARUDA)"
    assert sheet.notes == D_NOTES
    headings = [row.texts for row in sheet.tables[0].body if row.cells[0].band]
    expected = [
        ("1.", "PEGAWAI YANG DINILAI"),
        ("2.", "PEJABAT PENILAI KINERJA"),
        ("3.", "ATASAN PEJABAT PENILAI KINERJA"),
        ("4.", "EVALUASI KINERJA"),
        ("5.", note),
    ]
    if form == "D.1.3":
        expected += [
            ("6.", "KEBERATAN"),
            ("7.", "PENJELASAN PEJABAT PENILAI KINERJA ATAS KEBERATAN"),
            ("8.", "KEPUTUSAN DAN REKOMENDASI ATASAN PEJABAT PENILAI KINERJA"),
        ]
    assert headings == expected
    labels = [row.texts[0] for row in sheet.tables[0].body if len(row.cells) == 3]
    assert labels == ["NAMA", "NIP", "PANGKAT/GOL RUANG", "JABATAN", "UNIT KERJA"] * 3 + [
        "CAPAIAN KINERJA ORGANISASI", "PREDIKAT KINERJA PEGAWAI",
    ]  # fmt: skip
    assert [block.role for block in sheet.signatures] == roles


def test_every_document_of_evaluation_carries_its_result_as_attachment() -> None:
    assert [s.form for s in official_document.sheets(evaluated("A.1.6"))] == ["D.1.1", "C.1.1"]
    assert [s.form for s in official_document.sheets(evaluated("A.1.2"), by_superior=True)] == [
        "D.1.2",
        "C.1.2",
    ]


def test_the_result_is_signed_by_the_penilai_alone_or_by_the_superior_who_evaluated() -> None:
    assert [b.role for b in official_document.sheets(evaluated("A.1.7"))[1].signatures] == [
        "Pejabat Penilai Kinerja"
    ]
    late = official_document.sheets(evaluated("A.1.7"), by_superior=True)[1]
    assert [b.role for b in late.signatures] == ["Atasan Pejabat Penilai Kinerja"]


# The Lampiran


def test_the_attachment_has_the_three_parts_of_the_form() -> None:
    sheet = official_skp.sheets(samples.copy(samples.skp("A.1.7")))[1]
    assert sheet.heading == ("FORMAT A.1.8", "LAMPIRAN SASARAN KINERJA PEGAWAI")
    assert sheet.tall
    bands = [row.texts[0] for row in sheet.tables[0].body if row.band]
    assert bands == ["DUKUNGAN SUMBER DAYA", "SKEMA PERTANGGUNGJAWABAN", "KONSEKUENSI"]
    assert [row.texts for row in sheet.tables[0].body if not row.band] == [
        ("1.", "Akses baca ke basis data layanan seluruh unit (sarana prasarana)"),
        ("2.", "Satu tenaga pengolah data (SDM) (tidak disepakati)"),
        ("1.", "Progres laporan mutu data, dilaporkan mingguan, data yang dilaporkan: daftar temuan, "
         "sumber data: katalog data"),
        ("1.", "Apabila memenuhi ekspektasi Pimpinan maka: diusulkan mengikuti pelatihan lanjutan"),
        ("2.", "Apabila tidak memenuhi ekspektasi Pimpinan maka penugasan dialihkan"),
    ]  # fmt: skip
    assert [block.role for block in sheet.signatures] == ["Pegawai yang Dinilai", "Pejabat Penilai Kinerja"]


@pytest.mark.parametrize("kinds", ["", "u", "t", "uut", "utut", "tuu"])
def test_a_row_has_the_same_number_on_the_form_and_everywhere_else(kinds: str) -> None:
    names = [{"u": "utama", "t": "tambahan"}[kind] for kind in kinds]
    rows = [{"jenis": name, "place": place} for place, name in enumerate(names)]
    on_form = [pair for kind in ("utama", "tambahan") for pair in rows_of({"baris": rows}, kind)]
    assert {row["place"]: number for number, row in on_form} == dict(enumerate(row_numbers(names)))
