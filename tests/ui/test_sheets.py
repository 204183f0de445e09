"""A Perjanjian Kinerja as a workbook: unchanged it changes nothing, and every row that changes is known by its place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask_babel import Babel

from kinerja.forms.agreement import HEAD, PARTS, REFERS, PkHead
from kinerja.forms.fields import options
from kinerja.forms.sheet_accepting import merged, without_place
from kinerja.forms.sheet_reading import Reading, Step, read
from kinerja.forms.sheets import Book
from kinerja.reports.spreadsheets import Sheet, xlsx_file
from kinerja.services.errors import BadInput
from kinerja.services.workbooks import rows_of

PERSPECTIVES = options([("", ""), ("stakeholder", "Stakeholder"), ("customer", "Customer")])
CONTENT: dict[str, Any] = {
    "pernyataan": "Sanggup.\r\nSungguh.", "visi": "=1+1", "misi": "", "tujuan": "", "tempat": "Jakarta",
    "sasaran": [
        {"key": "aaaa", "kode": "1", "perspektif": "stakeholder", "pernyataan": "+62 adalah kode", "narasi": "", "pemilik": "",
         "sebab": [], "iku": [
            {"key": "cccc", "kode": "1a", "nama": "Indeks", "target": "92.50", "satuan": "indeks", "polarisasi": "maximize",
             "konsolidasi": "average", "validitas": "", "kendali": "", "induk": "", "cascading": "", "wajib": True,
             "diturunkan": 7, "lintasan": {"TW1": "92.5", "TW2": "0.000001"}},
            {"key": "dddd", "kode": "", "nama": "_x000D_ @baris", "target": None, "satuan": "", "polarisasi": "minimize",
             "konsolidasi": "sum", "validitas": "proxy", "kendali": "low", "induk": "cccc", "cascading": "", "wajib": False,
             "diturunkan": None, "lintasan": {}}]},
        {"key": "bbbb", "kode": "2", "perspektif": "customer", "pernyataan": "Dua", "narasi": "a\nb", "pemilik": "",
         "sebab": ["aaaa"], "iku": []},
    ],
    "inisiatif": [{"key": "eeee", "judul": "Gerai", "ss": "aaaa", "iku": ["cccc", "dddd"], "tujuan": "", "pemilik": "",
                   "pihak": "", "penerima": "", "anggaran": "1500000000", "tahapan": [
                       {"key": "ffff", "jenis": "rutin", "kegiatan": "Uji", "keluaran": "", "mulai": "2026-02-01",
                        "selesai": "", "risiko": ""}]}],
    "anggaran": [{"key": "gggg", "program": "Program A", "kode": "015.01", "pagu": "250000000000", "keterangan": ""}],
    "risiko": [{"key": "hhhh", "risiko": "Mundur", "penyebab": "", "dampak": "", "mitigasi": "", "pemilik": "",
                "tanggal": "2026-06-30"}],
}  # fmt: skip
Rows = dict[str, list[list[str]]]


@pytest.fixture(autouse=True)
def request_context() -> Iterator[None]:
    app = Flask("lembar")
    Babel(app, default_locale="id")
    with app.test_request_context():
        yield


def book(**more: Any) -> Book:
    chosen = {("objective", "perspective"): PERSPECTIVES}
    return Book(PkHead, HEAD, PARTS, deepcopy(CONTENT), ("TW1", "TW2"), REFERS, chosen, version=3, **more)


def workbook() -> bytes:
    with xlsx_file([Sheet(name, head, rows) for name, head, rows in book().sheets()]) as file:
        return file.read()


def exported() -> Rows:
    return rows_of("pk.xlsx", workbook())


def cell(rows: Rows, sheet: str, row: int, column: str, text: str) -> Rows:
    """The same rows with one cell typed over; `row` as the spreadsheet counts it."""
    lines = rows[sheet]
    while len(lines) < row:
        lines.append([""] * len(lines[0]))
    lines[row - 1][lines[0].index(column)] = text
    return rows


def brought(*changes: tuple[str, int, str, str], **more: Any) -> Reading:
    rows = exported()
    for change in changes:
        cell(rows, *change)
    return read(book(**more), rows)


def told(step: Step) -> tuple[str, int, str, list[tuple[str, str, str]]]:
    return step.sheet, step.row, step.action, list(step.fields)


def test_brought_back_unchanged_it_changes_nothing() -> None:
    found = read(book(), exported())
    assert (found.steps, found.problems, found.unknown, found.version) == ([], [], [], 3)
    assert found.unchanged == 13, "five texts and eight lines"
    assert merged(book(), found, []) == CONTENT


def test_no_cell_of_it_is_a_formula() -> None:
    for sheet in openpyxl.load_workbook(io.BytesIO(workbook())):
        assert {one.data_type for row in sheet for one in row} <= {"s", "n", "inlineStr"}, sheet.title


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("iku", 2, "target", "95,5"), [("iku", 2, "changed", [("Target setahun", "92,50", "95,5")])]),
        (("iku", 2, "TW2", ""), [("iku", 2, "changed", [("TW2", "0,000001", "")])]),
        (("iku", 3, "induk", ""), [("iku", 3, "changed", [("Sub-IKU dari", "1a", "")])]),
        (("iku", 2, "wajib", "tidak"), [("iku", 2, "changed", [("Wajib bagi unit di bawah", "ya", "tidak")])]),
        (("iku", 2, "polarisasi", "Minimize"), [("iku", 2, "changed", [("Arah", "maximize", "minimize")])]),
        (("sasaran", 3, "sebab", "aaaa"), []),
        (("sasaran", 3, "perspektif", "Stakeholder"), [("sasaran", 3, "changed", [("Perspektif", "customer", "stakeholder")])]),
        (("risiko", 2, "tanggal", "1 Juli 2026"), [("risiko", 2, "changed", [("Batas mitigasi", "2026-06-30", "2026-07-01")])]),
        (("pk", 6, "teks", "Bandung"), [("pk", 6, "changed", [("Tempat penandatanganan", "Jakarta", "Bandung")])]),
        (("anggaran", 3, "program", "Program B"), [("anggaran", 3, "added", [("Program atau kegiatan", "", "Program B")])]),
    ],
    ids=lambda value: f"{value[0]}-{value[2]}" if isinstance(value, tuple) else "",
)  # fmt: skip
def test_a_row_that_changes_tells_what_was_and_what_would_be(change: Any, expected: Any) -> None:
    found = brought(change)
    assert ([told(step) for step in found.steps], found.problems) == (expected, [])


@pytest.mark.parametrize(
    ("change", "column", "sentence"),
    [
        (("iku", 2, "target", "banyak"), "target", "Tulis angka"),
        (("iku", 2, "TW1", "1.2.3"), "TW1", "Tulis angka"),
        (("iku", 2, "polarisasi", "naik"), "polarisasi", "pilih salah satu"),
        (("iku", 2, "wajib", "mungkin"), "wajib", "ya atau tidak"),
        (("iku", 2, "kunci", "zzzz"), "kunci", "tidak ada di sini"),
        (("iku", 3, "kunci", "cccc"), "kunci", "sudah dipakai"),
        (("iku", 2, "kunci_sasaran", "2"), "kunci_sasaran", "tidak dapat dipindahkan"),
        (("iku", 4, "nama", "Baru"), "kunci_sasaran", "kode atau kunci"),
        (("iku", 3, "induk", "9z"), "induk", "pilih salah satu"),
        (("sasaran", 2, "kode", "x" * 21), "kode", "20"),
        (("risiko", 2, "tanggal", "31 Juni 2026"), "tanggal", "tidak ada"),
        (("pk", 6, "teks", "x" * 81), "teks", "80"),
        (("pk", 9, "kunci", "motto"), "kunci", "tidak dikenal"),
        (("anggaran", 2, "pagu", "1,5"), "pagu", "bulat"),
    ],
    ids=lambda value: "" if isinstance(value, str) else f"{value[0]}-{value[2]}",
)  # fmt: skip
def test_what_is_wrong_is_named_with_sheet_row_and_column(change: Any, column: str, sentence: str) -> None:
    problem = next(one for one in brought(change).problems if one.column == column)
    assert (problem.sheet, problem.row) == change[:2]
    assert sentence.lower() in problem.message.lower()


def test_only_what_is_accepted_is_taken_over() -> None:
    found = brought(
        ("iku", 2, "target", "95"), ("sasaran", 2, "pernyataan", "Lain"), ("anggaran", 3, "program", "B")
    )
    assert [step.id for step in found.steps] == ["sasaran:aaaa", "iku:cccc", "anggaran:3"]
    change = merged(book(), found, ["iku:cccc", "anggaran:3", "nowhere"])
    first = change["sasaran"][0]
    assert (first["pernyataan"], first["iku"][0]["target"]) == ("+62 adalah kode", Decimal(95))
    assert first["iku"][0]["diturunkan"] == 7, "what no sheet shows stays"
    assert [line["program"] for line in change["anggaran"]] == ["Program A", "B"]
    assert change["sasaran"][1] == CONTENT["sasaran"][1]


def test_new_lines_find_the_new_line_above_them_by_its_code() -> None:
    found = brought(
        ("sasaran", 4, "kode", "3"), ("sasaran", 4, "pernyataan", "Tiga"), ("iku", 4, "kunci_sasaran", "3"),
        ("iku", 4, "nama", "Indeks tiga"), ("iku", 4, "TW1", "1"),
    )  # fmt: skip
    assert found.problems == []
    new = merged(book(), found, ["sasaran:4", "iku:4"])["sasaran"][2]
    assert (new["pernyataan"], new["iku"][0]["nama"], new["iku"][0]["polarisasi"]) == (
        "Tiga",
        "Indeks tiga",
        "maximize",
    )
    assert new["iku"][0]["lintasan"] == {"TW1": Decimal(1), "TW2": None}
    assert [step.id for step in without_place(book(), found, ["iku:4"])] == ["iku:4"]
    assert without_place(book(), found, ["sasaran:4", "iku:4"]) == []


def test_a_missing_row_is_removed_only_when_it_is_ticked_and_a_missing_sheet_says_nothing() -> None:
    rows = exported()
    del rows["iku"][2], rows["anggaran"], rows["inisiatif"]
    found = read(book(), rows)
    assert [(step.id, step.action, step.title) for step in found.steps] == [
        ("iku:-dddd", "removed", "_x000D_ @baris")
    ]
    assert len(merged(book(), found, [])["sasaran"][0]["iku"]) == 2
    assert len(merged(book(), found, ["iku:-dddd"])["sasaran"][0]["iku"]) == 1


def test_a_sheet_whose_key_is_wrong_takes_no_line_for_gone() -> None:
    assert [step for step in brought(("iku", 2, "kunci", "zzzz")).steps if step.action == "removed"] == []


def test_a_column_that_is_missing_leaves_its_values_and_one_nobody_knows_is_named() -> None:
    rows = exported()
    place = rows["iku"][0].index("target")
    for line in rows["iku"]:
        line[place] = "catatan" if line[place] == "target" else "x"
    found = read(book(), rows)
    assert (found.steps, found.problems, found.unknown) == ([], [], [("iku", "catatan")])


def test_an_iku_with_a_realisation_is_neither_changed_nor_removed() -> None:
    locked = frozenset({"cccc"})
    found = brought(("iku", 2, "target", "95"), locked=locked)
    assert [(one.sheet, one.row) for one in found.problems] == [("iku", 2)]
    rows = exported()
    del rows["iku"][1]
    assert [step for step in read(replace(book(), locked=locked), rows).steps if step.sheet == "iku"] == []


def test_numbers_days_and_truths_of_a_spreadsheet_are_read_as_people_type_them() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook()))
    sheet["iku"]["E2"], sheet["iku"]["N2"] = 0.1 + 0.2, True
    heads = [one.value for one in sheet["iku"][1]]
    sheet["iku"].cell(2, heads.index("target") + 1).value = 0.1 + 0.2
    file = io.BytesIO()
    sheet.save(file)
    rows = rows_of("pk.xlsx", file.getvalue())
    assert rows["iku"][1][heads.index("target")] == "0,3"
    assert "ya" in rows["iku"][1]


def _archive(**members: str) -> bytes:
    """The exported workbook with some parts of it replaced."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            if name not in members:
                after.writestr(name, before.read(name))
        for name, text in members.items():
            after.writestr(name, text)
    return file.getvalue()


ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]><worksheet>&a;</worksheet>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pk.xlsx", lambda: b""),
        ("pk.xlsx", lambda: b"kunci,nama\n"),
        ("pk.csv", lambda: b"kunci,nama\n"),
        ("pk.xlsx", lambda: workbook()[:500]),
        ("pk.xlsm", workbook),
        ("pk.xlsx", lambda: _archive(**{"xl/vbaProject.bin": "x"})),
        ("pk.xlsx", lambda: _archive(**{"xl/worksheets/sheet1.xml": ENTITY})),
        ("pk.xlsx", lambda: _archive(**{"xl/worksheets/sheet1.xml": "<worksheet"})),
        ("pk.xlsx", lambda: _archive(**{"xl/media/bomb.bin": "0" * 20_000_000})),
        ("pk.xlsx", lambda: b"PK\x03\x04" + b"0" * 11_000_000),
    ],
    ids=["empty", "text", "csv", "cut", "ending", "macros", "entities", "damaged", "bomb", "large"],
)
def test_what_is_no_bounded_workbook_is_refused_at_its_field(name: str, content: Any) -> None:
    with pytest.raises(BadInput) as refused:
        rows_of(name, content())
    assert [one.field_name for one in refused.value.problems] == ["file"]


def test_a_sheet_without_end_is_refused() -> None:
    with (
        xlsx_file([Sheet("iku", ["kunci"], ([str(n)] for n in range(1200)))]) as file,
        pytest.raises(BadInput),
    ):
        rows_of("pk.xlsx", file.read())
