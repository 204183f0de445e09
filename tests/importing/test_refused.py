"""A bad file changes nothing and lists every bad row with row, column, value and reason."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import AuditRow, Import, Person, Unit
from kinerja.services.importing import run_import
from tests.importing.conftest import (
    BOSS,
    HEAD,
    OTHER,
    PERSON,
    ROLE,
    SECTION,
    STAFF,
    THE_BOSS,
    THE_HEAD,
    UNIT,
    nip,
    people_csv,
    roles_csv,
    units_csv,
)


def told(problems: Iterable) -> list[tuple[str, int, str, str]]:
    return [(problem.file, problem.row, problem.column, problem.value) for problem in problems]


def nothing_written() -> bool:
    return not any(
        db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (Person, Unit, Import, AuditRow)
    )


def refusals(
    people: list[dict] | None = None, units: list[dict] | None = None, roles: list[dict] | None = None
):
    result = run_import(
        units_csv(*(units or [UNIT, SECTION])),
        people_csv(*(people or [THE_BOSS, THE_HEAD, PERSON])),
        roles_csv(*roles) if roles else None,
    )
    assert not result.ok
    assert not result.applied
    assert nothing_written()
    return result.problems


@pytest.mark.parametrize(
    "value, word",
    [
        ("1,98E+17", "notasi ilmiah"),
        ("1.98001012005011E+17", "notasi ilmiah"),
        ("1e17", "notasi ilmiah"),
        (STAFF + ".0", "“.0”"),
        (STAFF + ",00", "“.0”"),
        ("'" + STAFF, "apostrof"),
        ("’" + STAFF, "apostrof"),
        (STAFF[:-1], "menghilangkan nol"),
        (STAFF[:15], "hanya 15 digit"),
        ("123", "18 digit angka"),
        (STAFF + "1", "18 digit angka"),
        ("١٩٨٠٠١٠١٢٠٠٥٠١١٠٠٣", "18 digit angka"),
        ("", "18 digit angka"),
        ("198002302005011003", "1980-02-30"),
        ("198013012005011003", "1980-13-01"),
        ("300001012005011003", "tahun lahir"),
    ],
)
def test_a_damaged_nip_is_refused_by_the_name_of_its_damage(office, value, word):
    problems = refusals([THE_BOSS, THE_HEAD, PERSON | {"nip": f'"{value}"'}])
    assert told(problems) == [("pegawai.csv", 4, "nip", value)]
    assert word in problems[0].reason


@pytest.mark.parametrize(
    "column, value, word",
    [
        ("nama", "", "wajib"),
        ("nama", "x" * 201, "200"),
        ("email", "bukan-alamat", "nama@domain"),
        ("email", "bima@contoh.go.id", BOSS),
        ("email", "BIMA@contoh.go.id", BOSS),
        ("status", "HONORER", "PNS, PPPK, CPNS"),
        ("status", "LAIN", "PNS, PPPK, CPNS"),
        ("jabatan", "", "wajib"),
        ("kelompok_jabatan", "Struktural", "JPT, JA, JF, lain"),
        ("jenjang", "ahli muda", "administrator, pengawas, pelaksana"),
        ("jenjang", "", "administrator, pengawas, pelaksana"),
        ("kode_unit", "ZZ", "tidak ada di unit.csv"),
        ("nip_penilai", "", "paling atas"),
        ("nip_penilai", nip(99), "tidak ada di pegawai.csv"),
        ("nip_penilai", STAFF, "dirinya sendiri"),
        ("nip_penilai", "1,98E+17", "notasi ilmiah"),
        ("jenis_penempatan", "kontrak", "definitif, plt, plh, pjs, diperbantukan"),
        ("mulai", "", "TTTT-BB-HH"),
        ("mulai", "01/03/2024", "TTTT-BB-HH"),
        ("mulai", "2024-3-1", "TTTT-BB-HH"),
        ("mulai", "20240301", "TTTT-BB-HH"),
        ("mulai", "2023-02-29", "kalender"),
        ("mulai", "0024-03-01", "1950"),
        ("selesai", "2023-12-31", "mendahului"),
        ("selesai", "45292", "TTTT-BB-HH"),
    ],
)
def test_each_bad_cell_of_a_person_is_named(office, column, value, word):
    problems = refusals([THE_BOSS, THE_HEAD, PERSON | {column: f'"{value}"'}])
    assert [(problem.row, problem.column) for problem in problems] == [(4, column)]
    assert problems[0].value.startswith(value[:100])
    assert word in problems[0].reason


@pytest.mark.parametrize(
    "column, value, word",
    [
        ("kode", "", "wajib"),
        ("kode", "A", "sudah ada di baris 2"),
        ("nama", "", "wajib"),
        ("kode_induk", "ZZ", "tidak ada"),
        ("kode_induk", "A1", "dirinya sendiri"),
        ("level", "L5", "tidak pernah bagi unit"),
        ("level", "l5", "tidak pernah bagi unit"),
        ("level", "L6", "L0, L1, L2, L3, L4"),
        ("jenis", "cabang", "kantor_pusat"),
        ("zona_waktu", "GMT", "WIB, WITA, WIT"),
        ("pola_hari_kerja", "7", "5, 6"),
        ("punya_peta_strategi", "yes", "ya, tidak"),
    ],
)
def test_each_bad_cell_of_a_unit_is_named_and_its_people_are_not_blamed(office, column, value, word):
    problems = refusals(units=[UNIT, SECTION | {column: value}])
    mine = [problem for problem in problems if problem.file == "unit.csv"]
    assert told(mine)[:1] == [("unit.csv", 3, column, value)]
    assert word in mine[0].reason
    if column != "kode":
        assert len(problems) == 1


@pytest.mark.parametrize(
    "change, column, word",
    [
        ({"peran": "raja"}, "peran", "pengelola_pegawai"),
        ({"peran": "coach"}, "peran", "per penugasan"),
        ({"kode_unit": ""}, "kode_unit", "isi kode_unit"),
        ({"peran": "auditor"}, "kode_unit", "kosongkan"),
        ({"kode_unit": "ZZ"}, "kode_unit", "tidak ada"),
        ({"nip": OTHER}, "nip", "tidak ada di pegawai.csv"),
        ({"nip": "1,98E+17"}, "nip", "notasi ilmiah"),
        ({"nomor_sk": ""}, "nomor_sk", "wajib"),
        ({"selesai": "2025-01-01"}, "selesai", "mendahului"),
    ],
)
def test_each_bad_cell_of_a_role_is_named(office, change, column, word):
    quoted = {key: f'"{value}"' for key, value in change.items()}
    problems = refusals(roles=[ROLE | quoted])
    assert [(problem.file, problem.row, problem.column) for problem in problems] == [("peran.csv", 2, column)]
    assert word in problems[0].reason


def test_a_role_given_twice_names_the_first_row(office):
    problems = refusals(roles=[ROLE, ROLE])
    assert told(problems) == [("peran.csv", 3, "nip", STAFF)]


def test_every_bad_row_of_every_file_is_listed_in_one_run(office):
    problems = refusals(
        [THE_BOSS, THE_HEAD | {"mulai": "x", "status": "y"}, PERSON | {"kode_unit": "Z"}],
        [UNIT | {"level": "L5"}, SECTION | {"zona_waktu": "-"}],
        [ROLE | {"peran": "raja"}],
    )
    assert told(problems) == [
        ("unit.csv", 2, "level", "L5"),
        ("unit.csv", 3, "zona_waktu", "-"),
        ("pegawai.csv", 3, "status", "y"),
        ("pegawai.csv", 3, "mulai", "x"),
        ("pegawai.csv", 4, "kode_unit", "Z"),
        ("peran.csv", 2, "peran", "raja"),
    ]


def test_a_circle_in_the_unit_tree_names_each_unit_on_it(office):
    problems = refusals(
        units=[UNIT | {"kode_induk": "A2"}, SECTION, SECTION | {"kode": "A2", "kode_induk": "A1"}]
    )
    circle = [problem for problem in problems if "berputar" in problem.reason]
    assert [(problem.row, problem.column) for problem in circle] == [
        (2, "kode_induk"),
        (3, "kode_induk"),
        (4, "kode_induk"),
    ]
    assert "A → A2 → A1 → A" in circle[0].reason


def test_a_circle_in_the_reporting_line_names_each_person_on_it(office):
    problems = refusals([THE_BOSS | {"nip_penilai": STAFF}, THE_HEAD, PERSON])
    assert [(problem.row, problem.column) for problem in problems] == [
        (2, "nip_penilai"),
        (3, "nip_penilai"),
        (4, "nip_penilai"),
    ]
    assert "berputar" in problems[0].reason


def test_leading_each_other_in_turn_is_no_circle(office):
    first = {"mulai": "2024-01-01", "selesai": "2024-12-31"}
    second = {"mulai": "2025-01-01", "selesai": ""}
    head, staff = THE_HEAD | {"kode_unit": "A"}, PERSON | {"kode_unit": "A"}
    result = run_import(
        units_csv(),
        people_csv(
            THE_BOSS,
            head | first,
            staff | first | {"nip_penilai": HEAD},
            head | second | {"nip_penilai": STAFF, "jabatan": "Analis", "jenjang": "pelaksana"},
            staff | second | {"nip_penilai": BOSS, "jabatan": "Kepala Seksi Satu", "jenjang": "pengawas"},
        ),
    )
    assert result.problems == ()


def test_a_circle_that_closes_for_one_month_is_found(office):
    head = THE_HEAD | {"selesai": "2024-06-30"}
    later = THE_HEAD | {"mulai": "2024-07-01", "nip_penilai": STAFF}
    problems = refusals([THE_BOSS, head, later, PERSON | {"selesai": "2024-07-31"}])
    assert {problem.column for problem in problems} == {"nip_penilai"}
    assert "2024-07-01" in problems[0].reason


@pytest.mark.parametrize("starts", ["2024-01-01", "2024-06-01", "2023-01-01"])
def test_overlapping_definitive_placements_of_one_person_are_refused(office, starts):
    second = PERSON | {"jabatan": "Arsiparis Lama", "mulai": starts, "selesai": "2024-12-31"}
    problems = refusals([THE_BOSS, THE_HEAD, PERSON, second])
    assert {problem.column for problem in problems} == {"mulai"}
    assert "bertumpuk" in problems[0].reason


def test_the_same_placement_twice_names_the_first_row(office):
    problems = refusals([THE_BOSS, THE_HEAD, PERSON, PERSON | {"selesai": "2025-01-01"}])
    assert (problems[0].row, problems[0].column) == (5, "nip")
    assert "baris 4" in problems[0].reason


def test_two_definitive_holders_of_a_structural_post_are_refused_however_their_spans_lie(office):
    long, short = THE_HEAD, THE_HEAD | {"nip": OTHER, "nama": "Oka", "email": "", "selesai": "2024-03-01"}
    third = THE_HEAD | {"nip": nip(5), "nama": "Umi", "email": "", "mulai": "2025-01-01"}
    problems = refusals([THE_BOSS, long, short, third, PERSON])
    assert [(problem.row, problem.column) for problem in problems] == [(4, "jabatan"), (5, "jabatan")]
    assert HEAD in problems[1].reason


def test_any_number_may_hold_a_post_that_is_not_structural_or_act_on_one_that_is(office):
    twin = PERSON | {"nip": OTHER, "nama": "Oka", "email": ""}
    acting = THE_HEAD | {
        "nip": OTHER,
        "nama": "Oka",
        "email": "",
        "jenis_penempatan": "Plh.",
        "selesai": "2024-02-01",
    }
    assert run_import(units_csv(), people_csv(THE_BOSS, THE_HEAD, PERSON, twin, acting)).ok


@pytest.mark.parametrize(
    "column, value",
    [("nama", "Sari L."), ("email", "lain@contoh.go.id"), ("status", "PPPK"), ("pangkat_golongan", "III/d")],
)
def test_one_nip_with_two_different_persons_is_refused(office, column, value):
    second = PERSON | {"jabatan": "Kepala Seksi Dua", "jenis_penempatan": "plt", column: value}
    problems = refusals([THE_BOSS, THE_HEAD, PERSON, second])
    assert told(problems) == [("pegawai.csv", 5, column, value)]
    assert "baris 4" in problems[0].reason


def test_one_post_with_two_jenjang_is_refused(office):
    odd = PERSON | {"nip": OTHER, "nama": "Oka", "email": "", "jenjang": "pengawas"}
    problems = refusals([THE_BOSS, THE_HEAD, PERSON, odd])
    assert [(problem.row, problem.column) for problem in problems] == [(5, "jenjang")]


def test_whoever_only_knows_a_bad_row_is_not_blamed_for_it(office):
    problems = refusals([THE_BOSS, THE_HEAD | {"mulai": "kemarin"}, PERSON])
    assert told(problems) == [("pegawai.csv", 3, "mulai", "kemarin")]


def test_problems_can_be_told_in_another_language(office):
    problem = refusals(units=[UNIT, SECTION | {"kode_induk": "A", "kode": "A"}])[0]
    assert problem.template % problem.params == problem.reason
    assert problem.to_dict()["row"] == 3


EXEMPTED = {
    "dikecualikan_mulai": "2026-02-01",
    "dikecualikan_selesai": "2026-12-31",
    "dikecualikan_alasan": "CLTN SK-7/2026",
}
MORE = {"nomor_surat": "", "wewenang": ""} | dict.fromkeys(EXEMPTED, "")


@pytest.mark.parametrize(
    "cells, column, word",
    [
        ({"wewenang": "menandatangani", "nomor_surat": "SK-1"}, "wewenang", "Hanya untuk Plh."),
        ({"jenis_penempatan": "plh", "wewenang": "apa saja", "nomor_surat": "SK-1"}, "wewenang", "menandatangani"),
        ({"jenis_penempatan": "plh", "wewenang": "menandatangani"}, "nomor_surat", "isi nomor_surat"),
        (EXEMPTED | {"dikecualikan_mulai": "Februari"}, "dikecualikan_mulai", "TTTT-BB-HH"),
        (EXEMPTED | {"dikecualikan_mulai": ""}, "dikecualikan_mulai", "hari pertama"),
        (EXEMPTED | {"dikecualikan_selesai": "2026-01-31"}, "dikecualikan_selesai", "mendahului"),
        (EXEMPTED | {"dikecualikan_alasan": ""}, "dikecualikan_alasan", "Tulis alasan"),
        ({"nomor_surat": "S" * 121}, "nomor_surat", "Terlalu panjang"),
    ],
)  # fmt: skip
def test_a_letter_or_an_exemption_that_does_not_hold_is_refused_at_its_column(office, cells, column, word):
    everyone = [row | MORE for row in (THE_BOSS, THE_HEAD)]
    problems = refusals([*everyone, PERSON | MORE | cells])
    assert [(problem.row, problem.column) for problem in problems] == [(4, column)]
    assert word in problems[0].reason


def test_two_rows_of_one_person_with_different_exemptions_are_refused(office):
    acting = PERSON | MORE | {"jabatan": "Kepala Seksi Dua", "jenis_penempatan": "plt"}
    problems = refusals([THE_BOSS | MORE, THE_HEAD | MORE, PERSON | MORE | EXEMPTED, acting])
    assert {problem.column for problem in problems} == set(EXEMPTED)


def test_columns_that_say_one_thing_together_are_refused_alone(office):
    alone = {"wewenang": "", "dikecualikan_mulai": ""}
    problems = refusals([row | alone for row in (THE_BOSS, THE_HEAD, PERSON)])
    assert [(problem.row, problem.column) for problem in problems] == [
        (1, "nomor_surat"),
        (1, "dikecualikan_selesai"),
        (1, "dikecualikan_alasan"),
    ]
