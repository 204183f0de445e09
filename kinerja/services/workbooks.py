"""Workbooks that people send back: bounded before they are opened, and read as text and nothing else."""

import io
import re
import warnings
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl

from kinerja.rules.words import N_
from kinerja.services.errors import BadInput
from kinerja.services.evidence_types import XLSX, media_type_of
from kinerja.workflows.base import OWN_RULE, Unmet

MOST_SHEETS, MOST_ROWS, MOST_COLUMNS, LONGEST = 20, 1000, 60, 32_767
DAMAGED = N_("Lembar kerja ini rusak dan tidak dapat dibaca. Simpan ulang sebagai XLSX.")
NOT_ONE = N_("Unggah lembar kerja XLSX yang diunduh dari halaman ini.")
TOO_LONG = N_("Lembar %(sheet)s lebih panjang dari %(rows)s baris.")
# A declaration of entities has no place in a workbook, in any encoding.
_DECLARATIONS = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
# Letters that no text of ours holds and no database takes.
UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def _refuse(message: str, **params: object) -> BadInput:
    return BadInput([Unmet(OWN_RULE, message, dict(params), "file")])


def rows_of(name: str, data: bytes) -> dict[str, list[list[str]]]:
    """Sheet -> rows of cells as text, a number with a decimal comma, a day as 2026-01-31, what a formula last gave.

    Raises BadInput, at the field "file", for what is no workbook, has macros, is locked, damaged or too large.
    """
    if not data:
        raise _refuse(N_("Pilih berkas XLSX."))
    if media_type_of(name, data) != XLSX:
        raise _refuse(NOT_ONE)
    try:
        _refuse_entities(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            return {sheet.title: _sheet(sheet) for sheet in book.worksheets[:MOST_SHEETS]}
    except BadInput:
        raise
    except Exception as error:
        # The library raises whatever a damaged part makes it stumble over; none of it is ours.
        raise _refuse(DAMAGED) from error


def _refuse_entities(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            if member.filename.lower().endswith((".xml", ".rels", ".vml")):
                part = archive.read(member)
                if any(word in part for word in _DECLARATIONS):
                    raise _refuse(DAMAGED)


def _sheet(sheet: Any) -> list[list[str]]:
    sheet.reset_dimensions()
    rows = []
    for number, row in enumerate(
        sheet.iter_rows(max_col=MOST_COLUMNS, max_row=MOST_ROWS + 2, values_only=True)
    ):
        if number > MOST_ROWS:
            raise _refuse(TOO_LONG, sheet=sheet.title, rows=MOST_ROWS)
        rows.append([_text(cell) for cell in row])
    return rows


def _readable(text: str) -> str:
    """Without what spreadsheets write for letters that XML cannot hold, and without those letters."""
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return UNREADABLE.sub("", plain.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    if isinstance(cell, int | float | Decimal):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else _readable(str(cell))


def _number(cell: Any) -> str:
    """As somebody would type it: fifteen digits are all that a spreadsheet keeps."""
    number = Decimal(format(cell, ".15g"))
    if not number.is_finite() or not -15 <= number.adjusted() <= 15:
        return str(cell)
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
