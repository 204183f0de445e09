"""Format A.1.5 on paper in both variants, held against what p.48 and p.49 print."""

from typing import Any

from kinerja.reports.official import Copy, Mark
from kinerja.reports.official_matrix import sheets
from kinerja.rules.registry import regulation


def role(key: str, column: str, text: str) -> dict[str, Any]:
    return {"key": key, "kolom": column, "teks_kolom": "", "teks": text, "metode": "", "porsi": None}


def person(
    key: str, name: str, *roles: dict[str, Any], team: str = "", of: tuple[str, ...] = ()
) -> dict[str, Any]:
    return {
        "key": key, "nama": name, "jabatan": f"Jabatan {name}", "tim": team, "anggota_tim": list(of), "peran": list(roles),
    }  # fmt: skip


def printed(*people: dict[str, Any], columns: int = 3) -> Any:
    content = {
        "tahun": 2026,
        "unit": {"kode": "DLD", "nama": "Direktorat Layanan Data"},
        "pimpinan": {"nama": "Ratih", "jabatan": "Direktur"},
        "indikator": [{"key": f"k{n}", "kode": "", "teks": f"Indikator {n}"} for n in range(1, columns + 1)],
        "anggota": list(people),
    }
    law = regulation("permenpanrb6-2022")
    return sheets(Copy(content, law, "Kementerian", "WIB", Mark("MPH-2026-000001")))


def test_one_level_prints_the_indicators_above_and_each_employee_with_his_role_or_none() -> None:
    (sheet,) = printed(
        person("m1", "Bagas", role("c1", "k1", "Hasil satu"), role("c2", "k3", "Hasil tiga")),
        person("m2", "Lukman", role("c3", "k1", "A"), role("c4", "k1", "B")),
    )
    assert sheet.heading == ("FORMAT A.1.5", "MATRIKS PEMBAGIAN PERAN DAN HASIL")
    (table,) = sheet.tables
    assert [row.texts for row in table.head] == [
        ("PEGAWAI", "JABATAN", "OUTCOME ANTARA/ OUTPUT/ LAYANAN"),
        ("Ratih", "Direktur", "Indikator 1", "Indikator 2", "Indikator 3"),
    ]
    assert [row.texts for row in table.body] == [
        ("Bagas", "Jabatan Bagas", "Hasil satu", "TIDAK ADA PERAN", "Hasil tiga"),
        ("Lukman", "Jabatan Lukman", "A\nB", "TIDAK ADA PERAN", "TIDAK ADA PERAN"),
    ]


def test_two_levels_print_a_sheet_of_the_team_with_the_results_of_its_ketua_above() -> None:
    first, second = printed(
        person("m1", "Bagas", role("c1", "k1", "Hasil tim"), team="Tim A"),
        person("m2", "Sekar", role("c2", "c1", "Hasil anggota"), of=("m1",)),
        columns=1,
    )
    assert [row.texts for row in first.tables[0].body][1] == ("Sekar", "Jabatan Sekar", "TIDAK ADA PERAN")
    (table,) = second.tables
    assert table.head[1].texts == ("Bagas", "Jabatan Bagas", "Hasil tim")
    assert [row.texts for row in table.body] == [("Sekar", "Jabatan Sekar", "Hasil anggota")]


def test_more_indicators_than_a_sheet_holds_go_on_on_the_next() -> None:
    found = printed(person("m1", "Bagas"), columns=8)
    assert [len(sheet.tables[0].head[1].cells) - 2 for sheet in found] == [6, 2]
