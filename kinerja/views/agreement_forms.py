"""The forms of a PK's events, filled from what the page shows or from what was posted."""

from typing import Any

from flask import request

from kinerja.forms.agreement import HEAD, PARTS, REFERS, PkForm, PkHead, TakeNoteForm
from kinerja.forms.fields import options
from kinerja.forms.progress import ProgressForm
from kinerja.forms.sheets import Book
from kinerja.services import agreement_view, pk_progress
from kinerja.services.agreements import pk_of
from kinerja.services.reading import Page
from kinerja.views.saying import gettext


def edit_form(page: Page, formdata: Any = None) -> PkForm:
    content, slots, perspectives, locked = agreement_view.form_source(page.document)
    named = [(code, gettext(name)) for code, name in perspectives.items()]
    return PkForm(content, slots, named, locked, formdata)


def book(page: Page) -> Book:
    """The PK as a workbook: what may be written on its sheets is what its form may say."""
    content, slots, perspectives, locked = agreement_view.form_source(page.document)
    chosen = options([("", ""), *((code, gettext(name)) for code, name in perspectives.items())])
    return Book(
        PkHead, HEAD, PARTS, content, slots, REFERS, {("objective", "perspective"): chosen}, locked,
        page.document.version,
    )  # fmt: skip


def take_note_form(page: Page, formdata: Any = None) -> TakeNoteForm:
    return TakeNoteForm(formdata)


def progress_form(page: Page, formdata: Any = None) -> ProgressForm:
    """Of the quarter that was sent, or that the address asks for, or the present one."""
    wanted = request.form.get("slot", "") or request.args.get("periode", "")
    slot = wanted if wanted in pk_progress.QUARTERS else pk_progress.running_quarter(page.document)
    pk, known = pk_of(page.document), pk_progress.read(page.document)
    states = [(code, gettext(name)) for code, name in pk_progress.STATES.items()]

    def stored(lines: Any) -> list[dict[str, str]]:
        found = []
        for line in lines:
            there = known.get(line.key, {}).get(slot)
            found.append(
                {"key": line.key} | ({"keadaan": there.state, "catatan": there.note} if there else {})
            )
        return found

    content = {"tahapan": stored(pk_progress.steps_of(pk)), "risiko": stored(pk_progress.risks_of(pk))}
    return ProgressForm(content, slot, states, formdata)
