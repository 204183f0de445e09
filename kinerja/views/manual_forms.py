"""The form of a manual and what its page adds: what has changed since the version before."""

from typing import Any

from kinerja.forms.manual import NAMES, ManualForm
from kinerja.reports import diff
from kinerja.services import manual_view
from kinerja.services.reading import Page
from kinerja.views.saying import gettext

NUMBERS = ("worst", "target_y1", "realisation_y1")


def edit_form(page: Page, formdata: Any = None) -> ManualForm:
    content = manual_view.form_source(page.document)
    stored = {
        name: manual_view.number(content[key]) if name in NUMBERS else content[key]
        for name, key in NAMES.items()
    }
    form = ManualForm(formdata, data=stored)
    if formdata is not None:
        form.refuse_unknown(formdata, also=("note", "password", "do"))
    return form


def present(page: Page) -> dict[str, Any]:
    """The values of the page, with the changes since the version that was in force before."""
    values = manual_view.present(page)
    before = manual_view.content_before(page.document)
    if before is None:
        return values | {"changes": None, "before": 0}
    found = diff.compare(before, values["manual"] | {"versi": before["versi"]}, gettext)
    return values | {"changes": found, "before": before["versi"]}
