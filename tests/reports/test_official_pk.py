"""The Perjanjian Kinerja as it is printed, and its workblock in the words of Format A.1.4 (p.43)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from kinerja.clock import ZONES
from kinerja.reports import official_pk
from kinerja.reports.official import Copy, Mark, Signed
from kinerja.rules.registry import regulation

IKU = {
    "key": "i1", "kode": "1a-CP", "nama": "Indeks mutu data", "target": "87.5", "satuan": "indeks", "polarisasi": "maximize",
    "lintasan": {"TW1": "80", "TW2": "82.5"},
}  # fmt: skip
STAGES = [
    {"jenis": "rutin", "kegiatan": "Pemeriksaan", "keluaran": "Laporan", "mulai": "2026-01-12", "selesai": "2026-12-15"},
    {"jenis": "transformatif", "kegiatan": "Perbaikan", "keluaran": "Temuan tuntas", "mulai": "2026-03-02", "selesai": ""},
]  # fmt: skip
CONTENT: dict[str, Any] = {
    "tahun": 2026, "mulai": "2026-01-01", "selesai": "2026-12-31", "unit": {"kode": "DLD", "nama": "Direktorat Data"},
    "pernyataan": "Saya sanggup.", "visi": "", "misi": "", "tujuan": "", "tempat": "Jakarta",
    "pihak_pertama": {"nama": "Ratih", "nip": "197308261998032915"}, "pihak_kedua": {"nama": "Hendra", "nip": ""},
    "sasaran": [{"kode": "1", "perspektif": "stakeholder", "pernyataan": "Data dipercaya", "iku": [IKU]}],
    "inisiatif": [
        {"judul": "Perbaikan data", "iku": ["i1"], "pemilik": "Kasubdit", "pihak": "Semua unit", "penerima": "Pengguna",
         "tujuan": "Data benar", "anggaran": "1250000000", "tahapan": STAGES}
    ],
    "anggaran": [{"program": "A", "kode": "1", "pagu": "1000000", "keterangan": ""},
                 {"program": "B", "kode": "2", "pagu": "500000.50", "keterangan": "x"}],
    "risiko": [],
}  # fmt: skip
COPY = Copy(CONTENT, regulation("kmk300-2022"), "Kementerian Contoh", "WIB", Mark("PK-2026-000001"))


def words(sheet: Any) -> list[str]:
    return [text for table in sheet.tables for row in (*table.head, *table.body) for text in row.texts]


def test_the_workblock_has_the_words_of_format_a_1_4() -> None:
    agreement, workblock = official_pk.sheets(COPY)
    assert workblock.heading == (
        "FORMAT A.1.4",
        "WORKBLOCK UNTUK IDENTIFIKASI STRATEGI PENCAPAIAN HASIL KERJA",
    )
    assert words(workblock) == [
        "JUDUL INISIATIF STRATEGI PENCAPAIAN IKU", "Perbaikan data",
        "INDIKATOR DAN TARGET YANG DIINTERVENSI", "1a-CP Indeks mutu data: 87,5 indeks",
        "PEMILIK STRATEGI", "Kasubdit", "PIHAK YANG TERLIBAT", "Semua unit",
        "WAKTU PENYELESAIAN", "12 Januari 2026 sd 15 Desember 2026", "PENERIMA MANFAAT", "Pengguna",
        "TUJUAN", "Data benar", "ANGGARAN", "Rp1.250.000.000",
        "STRATEGI (KEY ACTIVITIES)", "A. RUTIN", "1. Pemeriksaan", "B. TRANSFORMATIF", "1. Perbaikan",
        "KELUARAN KUNCI (KEY MILESTONE)", "A. RUTIN", "1. Laporan (15 Desember 2026)", "B. TRANSFORMATIF",
        "1. Temuan tuntas",
    ]  # fmt: skip
    assert agreement.heading == ("PERJANJIAN KINERJA TAHUN 2026", "DIREKTORAT DATA")


def test_the_agreement_prints_parties_targets_and_the_total_of_the_budget() -> None:
    told = words(official_pk.agreement_sheet(COPY))
    for text in (
        "PIHAK PERTAMA",
        "PIHAK KEDUA",
        "Ratih",
        "Hendra",
        "STAKEHOLDER",
        "87,5 indeks",
        "82,5",
        "Rp1.500.000,5",
    ):
        assert text in told, text


def test_both_heads_sign_and_the_minister_alone() -> None:
    signed = Signed(
        "pihak_pertama", "Ratih", "197308261998032915", datetime(2026, 1, 26, 15, tzinfo=ZONES["WIB"])
    )
    first, second = official_pk.agreement_sheet(replace(COPY, signatures=(signed,))).signatures
    assert (first.role, second.role) == ("Pihak Pertama", "Pihak Kedua")
    assert "26 Januari 2026" in first.signed
    assert second.signed == ""
    top = replace(COPY, content=CONTENT | {"pihak_kedua": {}})
    assert [block.role for block in official_pk.agreement_sheet(top).signatures] == ["Pihak Pertama"]
