"""A document as a workbook and back: take it, bring it back, see row by row what would change, accept some of it."""

import json
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from kinerja.forms import sheet_accepting, sheet_reading
from kinerja.forms.base import GUARDS, UnknownField
from kinerja.forms.numbers import whole
from kinerja.forms.sheet_upload import SheetForm
from kinerja.forms.sheets import Book, Rows
from kinerja.reports.spreadsheets import Sheet
from kinerja.services import reading, transitions, workbooks
from kinerja.services.errors import BadInput, NotAllowed, Stale
from kinerja.views import answers, downloads, kinds
from kinerja.views.htmx import render
from kinerja.workflows.base import OWN_RULE, Incomplete, Unmet

blueprint = Blueprint("sheets", __name__, url_prefix="/lembar-kerja")
LARGEST_ROWS = 2 * 1024 * 1024


def _opened(public_id: str) -> tuple[reading.Page, Book]:
    page = reading.page(public_id, current_user.person_id)
    book = kinds.book_of(page)
    if book is None:
        abort(404)
    return page, book


def _may(page: reading.Page, book: Book) -> bool:
    return any(offer.event == book.event for offer in page.offers)


def _writable(public_id: str) -> tuple[reading.Page, Book]:
    """The page and book of a document that this person may change now. Raises NotAllowed with the reasons."""
    page, book = _opened(public_id)
    if not _may(page, book):
        refusal = next((one for one in page.refusals if one.event == book.event), None)
        raise NotAllowed(book.event, refusal.reasons if refusal else ())
    return page, book


@blueprint.get("/<public_id>/unduh")
def export(public_id: str) -> Response:
    page, book = _opened(public_id)
    sheets = [Sheet(name, head, rows) for name, head, rows in book.sheets()]
    reading.keep_reads()
    return downloads.xlsx_answer(page.document.print_number, sheets)


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    page, book = _opened(public_id)
    return _page(page, book)


@blueprint.post("/<public_id>")
def bring(public_id: str) -> ResponseReturnValue:
    """Read a workbook and show what it would change. Nothing is stored."""
    page, book = _writable(public_id)
    if unknown := {*request.form, *request.files} - GUARDS - {"file"}:
        raise UnknownField(unknown)
    sent = request.files.get("file")
    try:
        rows = (
            workbooks.rows_of(sent.filename or "", sent.stream.read()) if sent else workbooks.rows_of("", b"")
        )
    except BadInput as error:
        return _page(page, book, problems=error.problems, status=422)
    return _page(page, book, rows=rows)


@blueprint.post("/<public_id>/terima")
def accept(public_id: str) -> ResponseReturnValue:
    """Store the ticked rows as one edit of the document."""
    if unknown := set(request.form) - GUARDS - {"isi", "pilih"}:
        raise UnknownField(unknown)
    version, rows = request.form.get("version", type=whole), _rows(request.form.get("isi", ""))
    if version is None or rows is None:
        abort(400)
    page, book = _writable(public_id)
    picked = request.form.getlist("pilih")
    found = sheet_reading.read(book, rows)
    known = {step.id for step in found.steps}
    if (version == page.document.version) and (wrong := _refusal(book, found, picked, known)):
        return _page(page, book, rows=rows, picked=picked, problems=[wrong], status=422)
    try:
        transitions.send(
            public_id, book.event, current_user.person_id, version=version,
            change=book.change(sheet_accepting.merged(book, found, picked)), key=request.form.get("key", ""),
        )  # fmt: skip
    except (BadInput, Incomplete) as error:
        problems = error.problems if isinstance(error, BadInput) else error.unmet
        page, book = _opened(public_id)
        return _page(page, book, rows=rows, picked=picked, problems=problems, status=422)
    except Stale:
        page, book = _opened(public_id)
        told = gettext(
            "Dokumen ini baru saja diubah. Tidak ada yang tersimpan; bandingkan lagi, lalu centang barisnya."
        )
        return _page(
            page, book, rows=rows, picked=[], problems=[Unmet(OWN_RULE, told, {}, "baris")], status=409
        )
    n = len(known & set(picked))
    flash(gettext("%(n)s baris diterima.", n=n), "success")
    return redirect(url_for("documents.show", public_id=public_id), 303)


def _refusal(book: Book, found: sheet_reading.Reading, picked: list[str], known: set[str]) -> Unmet | None:
    """Why the ticked rows cannot be taken over as they are."""
    if not known & set(picked):
        return Unmet(OWN_RULE, gettext("Centang paling sedikit satu baris."), {}, "baris")
    if homeless := sheet_accepting.without_place(book, found, picked):
        where = ", ".join(f"{step.sheet} {step.row}" for step in homeless)
        return Unmet(
            OWN_RULE,
            gettext("Baris di atasnya juga baru dan belum dicentang: %(where)s.", where=where),
            {},
            "baris",
        )
    return None


def _rows(text: str) -> Rows | None:
    """The rows as the page of the changes carried them; None for anything else."""
    if len(text) > LARGEST_ROWS:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    whole_book = isinstance(found, dict) and all(
        isinstance(lines, list) and all(isinstance(row, list) and all(map(_is_cell, row)) for row in lines)
        for lines in found.values()
    )
    return found if whole_book else None


def _is_cell(cell: Any) -> bool:
    return isinstance(cell, str) and not workbooks.UNREADABLE.search(cell)


def _page(
    page: reading.Page, book: Book, *, rows: Rows | None = None, picked: list[str] | None = None,
    problems: Any = (), status: int = 200,
) -> Response:  # fmt: skip
    found = sheet_reading.read(book, rows) if rows is not None else None
    older = found is not None and found.version is not None and found.version != book.version
    chosen = picked
    if found is not None and picked is None:
        # What is only missing, and what may undo somebody else's change, is taken over only when somebody says so.
        chosen = [] if older else [step.id for step in found.steps if step.action != sheet_reading.REMOVED]
    form = SheetForm()
    answers.put_at_fields(form, problems)
    answer = render(
        "documents/sheet.html",
        fragment="main",
        status=status,
        page=page,
        zone=page.document.unit.zone,
        form=form,
        may=_may(page, book),
        found=found,
        groups=_groups(found),
        carried=json.dumps(rows, ensure_ascii=False) if rows is not None else "",
        chosen=chosen or [],
        older=older,
        problems=answers.summary(problems),
    )
    reading.keep_reads()
    return answer


def _groups(found: sheet_reading.Reading | None) -> list[tuple[str, list[sheet_reading.Step]]]:
    """The rows by sheet, in the order in which they were read."""
    steps = found.steps if found else []
    return [
        (name, [one for one in steps if one.sheet == name])
        for name in dict.fromkeys(one.sheet for one in steps)
    ]
