"""Lists as files: the same rows as CSV, streamed, or as a workbook.

A page with a list answers with it when its own address asks for `unduh=csv` or `unduh=xlsx`, so that file and screen
share filters and rows; of a list that is shown page by page the file holds every page. It has no other address.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from flask import Response, request, stream_with_context

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


def wanted() -> str:
    """The format that the address asks for, or nothing: for pages whose rows are read only then."""
    kind = request.args.get("unduh", "")
    return kind if kind in ("csv", "xlsx") else ""


def asked(name: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Response | None:
    """The list as a file where the address asks for one; `head` may be lazy texts, and `Digits` keep their zeros."""
    kind = wanted()
    if not kind:
        return None
    quote = "'" if kind == "csv" else ""
    lines = ([f"{quote}{cell}" if isinstance(cell, Digits) else cell for cell in row] for row in rows)
    return answer(kind, name, [str(word) for word in head], lines)


class Digits(str):
    """A number that is a name (a NIP): a spreadsheet that reads CSV would round it, a workbook says it is text."""

    __slots__ = ()
