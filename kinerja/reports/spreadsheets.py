"""Rows for spreadsheets, in which no cell can become a formula."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

from kinerja import clock

# A cell that begins with one of these would be run by the spreadsheet that opens the file.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(value: Any) -> str:
    """The value as text that a spreadsheet shows and never runs; numbers stay numbers."""
    text = "" if value is None else str(value)
    if text.startswith(DANGEROUS) and not _is_number(text):
        return "'" + text
    return text


def _is_number(text: str) -> bool:
    body = text.removeprefix("-").replace(",", "", 1).replace(".", "", 1)
    return body.isascii() and body.isdigit()


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A CSV file with a byte order mark and semicolons, as Indonesian spreadsheets expect, line by line."""
    yield "\ufeff"
    yield _line(head)
    for row in rows:
        yield _line(row)


def _line(row: Sequence[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerow([safe(value) for value in row])
    return buffer.getvalue()


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook; its rows may be a stream."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Any]]


# Excel's own limits: a name of 31 letters without these, a cell of 32,767.
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_LONGEST = 32_767


def xlsx_file(sheets: Sequence[Sheet]) -> IO[bytes]:
    """A workbook in a nameless temporary file, written row by row: memory does not grow with its length.

    Text is only ever written as text, so that no cell can become a formula or a link; numbers stay numbers.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer that streams it closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    book.set_properties({"created": clock.now().replace(tzinfo=None)})
    bold = book.add_format({"bold": True, "bottom": 1})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name.translate(_NOT_IN_NAMES)[:31])
        page.freeze_panes(1, 0)
        page.set_column(0, max(len(sheet.head) - 1, 0), 22)
        for column, name in enumerate(sheet.head):
            page.write_string(0, column, name, bold)
        for number, row in enumerate(sheet.rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, int | Decimal) and not isinstance(value, bool):
                    page.write_number(number, column, value)
                elif value is not None and value != "":
                    page.write_string(number, column, str(value)[:_LONGEST])
    book.close()
    file.seek(0)
    return file
