"""The forms of an SKP's events, filled from what the page shows or from what was posted."""

from typing import Any, TypeVar

from kinerja.forms.base import BaseForm
from kinerja.forms.fields import options
from kinerja.forms.planning import SkpForm
from kinerja.forms.sheets import Book
from kinerja.forms.skp_events import (
    AdjustmentForm,
    ExemptForm,
    ExpectationForm,
    HoldForm,
    RemarksForm,
    ResourceForm,
    SpanForm,
    TakeOverForm,
)
from kinerja.forms.skp_sheet import skp_book
from kinerja.services import planning_view
from kinerja.services.reading import Page

FormT = TypeVar("FormT", bound=BaseForm)


def edit_form(page: Page, formdata: Any = None) -> SkpForm:
    wanted = formdata.get("do", "") if formdata is not None else ""
    source = planning_view.form_source(page.document, wanted)
    form = SkpForm(
        source.content,
        source.slots,
        formdata,
        source.values,
        source.sources,
        source.assigned_by,
        source.joined_budget,
    )
    form.offered = planning_view.offered_sources(page.document) if formdata is None else []
    return form


def book(page: Page) -> Book:
    """The SKP as a workbook."""
    source = planning_view.form_source(page.document)
    return skp_book(
        source.content, source.slots, joined_budget=source.joined_budget, version=page.document.version
    )


def _sent(form: FormT, formdata: Any) -> FormT:
    """The form, once it is sure that nothing else was sent along with what its page asks for."""
    if formdata is not None:
        form.refuse_unknown(formdata, also=("note", "password"))
    return form


def expectation_form(page: Page, formdata: Any = None) -> ExpectationForm:
    form = ExpectationForm(formdata)
    form.value_code.choices = options(planning_view.form_source(page.document).values)
    return _sent(form, formdata)


def resource_form(page: Page, formdata: Any = None) -> ResourceForm:
    form = ResourceForm(formdata)
    form.line.choices = options(planning_view.resource_choices(page.document))
    return _sent(form, formdata)


def adjustment_form(page: Page, formdata: Any = None) -> AdjustmentForm:
    form = AdjustmentForm(formdata)
    form.line.choices = options(planning_view.undelivered_choices(page.document))
    return _sent(form, formdata)


def remarks_form(page: Page, formdata: Any = None) -> RemarksForm:
    content = planning_view.page_content(page.document)
    form = RemarksForm(planning_view.remark_places(content), formdata)
    return form


def take_over_form(page: Page, formdata: Any = None) -> TakeOverForm:
    form = TakeOverForm(formdata)
    form.row.choices = options(planning_view.row_choices(page.document))
    return _sent(form, formdata)


def span_form(page: Page, formdata: Any = None) -> SpanForm:
    starts, ends = planning_view.span(page.document)
    return _sent(SpanForm(formdata, starts=starts, ends=ends), formdata)


def hold_form(page: Page, formdata: Any = None) -> HoldForm:
    return _sent(HoldForm(formdata), formdata)


def exempt_form(page: Page, formdata: Any = None) -> ExemptForm:
    return _sent(ExemptForm(formdata), formdata)
