"""The forms of a PK's events, filled from what the page shows or from what was posted."""

from typing import Any

from kinerja.forms.agreement import HEAD, PARTS, REFERS, PkForm, PkHead, TakeNoteForm
from kinerja.forms.fields import options
from kinerja.forms.sheets import Book
from kinerja.services import agreement_view
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
    form = TakeNoteForm(formdata)
    if formdata is not None:
        form.refuse_unknown(formdata, also=("note", "password"))
    return form
