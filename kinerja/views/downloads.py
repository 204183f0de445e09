"""Lists as files: the same rows as CSV, streamed, or as a workbook."""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from flask import Response, stream_with_context

from kinerja.reports.spreadsheets import Sheet, csv_lines, xlsx_file

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PIECE = 64 * 1024


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """The rows as a CSV file, sent while they are read."""
    answer = Response(stream_with_context(csv_lines(head, rows)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.csv"
    return answer


def xlsx_answer(name: str, sheets: Sequence[Sheet]) -> Response:
    """The sheets as a workbook, written to a temporary file and streamed from it."""
    file = xlsx_file(sheets)
    answer = Response(_chunks(file), content_type=XLSX)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.xlsx"
    answer.call_on_close(file.close)
    return answer


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(PIECE):
            yield chunk


def answer(kind: str, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """One list in the wanted format."""
    return xlsx_answer(name, [Sheet(name, head, rows)]) if kind == "xlsx" else csv_answer(name, head, rows)
