"""The form of a matriks, filled from what the page shows or from what was posted."""

from typing import Any

from kinerja.forms.matrix import MatrixForm
from kinerja.services import matrix_view
from kinerja.services.reading import Page


def edit_form(page: Page, formdata: Any = None) -> MatrixForm:
    source = matrix_view.form_source(page)
    grids = [
        (grid.lead, [(c.key, matrix_view.short_name(c)) for c in grid.columns], grid.rows)
        for grid in source.grids
    ]
    form = MatrixForm(source.content, grids, source.teams, formdata)
    form.source = source
    return form
