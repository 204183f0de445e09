"""The forms of an SKP's events, filled from what the page shows or from what was posted."""

from typing import Any

from kinerja.forms.fields import options
from kinerja.forms.planning import SkpForm
from kinerja.forms.skp_events import ExemptForm, ExpectationForm, HoldForm, ResourceForm, TakeOverForm
from kinerja.services import planning_view
from kinerja.services.reading import Page


def edit_form(page: Page, formdata: Any = None) -> SkpForm:
    source = planning_view.form_source(page.document)
    return SkpForm(source.content, source.slots, formdata, source.values)


def expectation_form(page: Page, formdata: Any = None) -> ExpectationForm:
    form = ExpectationForm(formdata)
    form.value_code.choices = options(planning_view.form_source(page.document).values)
    return form


def resource_form(page: Page, formdata: Any = None) -> ResourceForm:
    form = ResourceForm(formdata)
    form.line.choices = options(planning_view.resource_choices(page.document))
    return form


def take_over_form(page: Page, formdata: Any = None) -> TakeOverForm:
    form = TakeOverForm(formdata)
    form.row.choices = options(planning_view.row_choices(page.document))
    return form


def hold_form(page: Page, formdata: Any = None) -> HoldForm:
    return HoldForm(formdata)


def exempt_form(page: Page, formdata: Any = None) -> ExemptForm:
    return ExemptForm(formdata)
