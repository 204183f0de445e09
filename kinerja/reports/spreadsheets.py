"""Rows for spreadsheets, in which no cell can become a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

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
