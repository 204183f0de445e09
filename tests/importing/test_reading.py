"""Files as offices really send them: what is taken, and what is refused by which name."""

from __future__ import annotations

import pytest

from kinerja.services.importing.reading import COLUMNS, PEOPLE_FILE, ROLES_FILE, UNIT_FILE, Table
from kinerja.services.importing.result import Findings
from tests.importing.conftest import BOSS, PERSON, ROLE, csv_of, people_csv, roles_csv, units_csv


def read(source: bytes, name: str = ROLES_FILE):
    findings = Findings()
    table = Table(name, source, findings)
    return list(table.rows()), findings.problems, table


@pytest.mark.parametrize(
    "variant",
    [
        lambda text: text,
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text.replace(b",", b";"),
        lambda text: b"sep=;\r\n" + text.replace(b",", b";"),
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text.replace(b"\n", b"\r"),
        lambda text: text.rstrip(b"\n"),
        lambda text: (
            b",".join(b'"' + cell + b'"' for cell in text.split(b"\n")[0].split(b","))
            + b"\n"
            + text.split(b"\n")[1]
        ),
        lambda text: text.replace(b"nip,peran", b" NIP ,Peran"),
        lambda text: text + b"\n,,,,,\n\n",
        lambda text: text.replace(b"\n", b",,\n"),
    ],
    ids=[
        "plain",
        "bom",
        "semicolon",
        "sep-line",
        "crlf",
        "cr",
        "no-last-newline",
        "quoted",
        "capitals",
        "blank-rows",
        "padded",
    ],
)
def test_every_usual_spelling_of_a_csv_gives_the_same_rows(variant):
    rows, problems, _ = read(variant(roles_csv()))
    assert problems == []
    assert [cells for _, cells in rows] == [[ROLE[column] for column in COLUMNS[ROLES_FILE]]]


def test_columns_may_stand_in_any_order_and_unknown_ones_are_named_and_ignored():
    columns = list(reversed(COLUMNS[ROLES_FILE]))
    text = ",".join([*columns, "Catatan", "warna"]) + "\n" + ",".join([*(ROLE[c] for c in columns), "x", "y"])
    rows, problems, table = read(text.encode())
    assert problems == []
    assert rows[0][1] == [ROLE[column] for column in COLUMNS[ROLES_FILE]]
    assert table.unknown == ("Catatan", "warna")


@pytest.mark.parametrize(
    "source, row, word",
    [
        (b"", 1, "kosong"),
        (b"\xef\xbb\xbf\n \n", 1, "kosong"),
        ("nip,peran\n".encode("utf-16"), 1, "UTF-16"),
        ("nip,peran\n".encode("utf-16-le"), 1, "UTF-16"),
        (b"PK\x03\x04 xlsx", 1, "xlsx"),
        (b"nip,peran,kode_unit,mulai,selesai\n", 1, "nomor_sk"),
        (roles_csv().replace(b"nip,", b"nip,nip,", 1), 1, "lebih dari sekali"),
        (roles_csv().replace(b",", b"\t"), 1, "tab"),
        (roles_csv().replace(b",SK-1", b""), 2, "5 sel"),
        (roles_csv().replace(b"SK-1", b"SK,-,1"), 2, "8 sel"),
        (roles_csv().replace(b"SK-1", b'"SK-1'), 2, "kutip"),
        (roles_csv().replace(b"SK-1/2026", b'"SK\n1"'), 2, "pindah baris"),
        (roles_csv().replace(b"SK-1", b"SK\x07"), 2, "kendali"),
        (roles_csv().replace(b"SK-1", "SK-é".encode("latin-1")), 2, "UTF-8"),
        (roles_csv().replace(b"SK-1", b"SK\x96"), 2, "UTF-8"),
    ],
    ids=[
        "empty",
        "only-blank",
        "utf16-bom",
        "utf16-bare",
        "xlsx",
        "column-missing",
        "column-twice",
        "tab",
        "short-row",
        "long-row",
        "open-quote",
        "line-break-in-cell",
        "control-character",
        "latin-1",
        "windows-1252",
    ],
)
def test_a_file_of_the_wrong_shape_is_refused_with_its_line_and_reason(source, row, word):
    _, problems, _ = read(source)
    assert [(problem.row, word in problem.reason) for problem in problems[:1]] == [(row, True)]


def test_every_line_in_the_wrong_encoding_is_listed_and_the_good_ones_are_still_read():
    good = {**PERSON, "nama": "José"}
    text = csv_of(PEOPLE_FILE, [PERSON, PERSON, good]).decode().split("\n")
    text[1] = text[1].replace("Sari", "Sarí")
    mixed = b"\n".join(
        line.encode("latin-1" if number in (1, 2) else "utf-8") for number, line in enumerate(text)
    )
    mixed = mixed.replace(b"Sari", b"S\xe4ri", 1)
    rows, problems, _ = read(mixed, PEOPLE_FILE)
    assert [problem.row for problem in problems] == [2, 3]
    assert "Särí" not in problems[0].reason
    assert [number for number, _ in rows] == [4]


def test_a_late_first_wrong_byte_is_found_too():
    many = csv_of(UNIT_FILE, []) + b"x,y,,L4,upt,WIB,5,tidak\n" * 50_000 + b"\xe9,y,,L4,upt,WIB,5,tidak\n"
    rows, problems, _ = read(many, UNIT_FILE)
    assert len(rows) == 50_000
    assert [(problem.row, problem.value) for problem in problems] == [(50_002, "é")]


def test_invisible_characters_around_a_value_are_dropped():
    rows, problems, _ = read(
        people_csv().replace(BOSS.encode(), f"\u200b{BOSS}\u00a0".encode(), 1), PEOPLE_FILE
    )
    assert problems == []
    assert rows[0][1][0] == BOSS


def test_line_numbers_count_blank_lines_too():
    rows, _, _ = read(units_csv().replace(b"\nA1", b"\n\n\nA1"), UNIT_FILE)
    assert [number for number, _ in rows] == [2, 5]


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ('"SK-1', "tidak pernah ditutup"),
        ('"SK-1" x', "harus ada pemisah kolom"),
        ("S" * 140_000, "terlalu panjang"),
    ],
)
def test_a_line_that_cannot_be_taken_apart_is_refused_in_indonesian(cell, why):
    _, problems, _ = read(roles_csv(ROLE | {"nomor_sk": cell}))
    assert [(problem.row, why in problem.reason) for problem in problems] == [(2, True)]
    assert not {"unexpected", "expected", "field"} & set(problems[0].reason.split())
