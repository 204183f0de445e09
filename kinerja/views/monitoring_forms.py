"""The forms of a realisation's events, filled from what is stored or from what was posted."""

from typing import Any

from flask import request

from kinerja.forms.monitoring import RealisationForm, ReturnForm, UnreadableForm
from kinerja.services import monitoring_view
from kinerja.services.reading import Page


def entries_form(page: Page, formdata: Any = None) -> RealisationForm:
    return RealisationForm(monitoring_view.stored_entries(monitoring_view.matter_of(page)), formdata)


def return_form(page: Page, formdata: Any = None) -> ReturnForm:
    stored = monitoring_view.stored_entries(monitoring_view.matter_of(page))
    return ReturnForm({key: {"note": ""} for key in stored}, formdata)


def unreadable_form(page: Page, formdata: Any = None) -> UnreadableForm:
    choices = monitoring_view.evidence_choices(monitoring_view.matter_of(page))
    return UnreadableForm(formdata, choices, request.args.get("bukti", ""))
