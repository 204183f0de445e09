"""The forms of a realisation's events, filled from what is stored or from what was posted."""

from typing import Any

from flask import request

from kinerja.forms.base import BaseForm
from kinerja.forms.monitoring import RealisationForm, ReturnForm, UnreadableForm, entry_part
from kinerja.forms.sheets import KEY_OF, Book
from kinerja.services import monitoring_view
from kinerja.services.reading import Page


def entries_form(page: Page, formdata: Any = None) -> RealisationForm:
    return RealisationForm(monitoring_view.stored_entries(monitoring_view.matter_of(page)), formdata)


def book(page: Page) -> Book:
    """The realisation as a workbook: a row per indicator that is asked for, with its target beside it."""
    matter = monitoring_view.matter_of(page)
    stored, part = monitoring_view.stored_entries(matter), entry_part(matter.qualitative)
    lines = [
        {KEY_OF: item.indicator.key, "nomor": item.indicator.number, "indikator": item.indicator.text,
         "satuan": item.indicator.measure, "target": item.cell.target}
        | {name: stored[item.indicator.key][own] for own, name in part.names.items()}
        for item in matter.items
    ]  # fmt: skip
    return Book(
        BaseForm, {}, (part,), {part.listed: lines}, (), {}, version=page.document.version, event="save",
        head_sheet="dokumen", context={part.name: ("nomor", "indikator", "satuan", "target")}, fixed=True,
        change=lambda content: {"items": {
            line[KEY_OF]: {own: line[name] for own, name in part.names.items()} for line in content[part.listed]
        }},
    )  # fmt: skip


def return_form(page: Page, formdata: Any = None) -> ReturnForm:
    stored = monitoring_view.stored_entries(monitoring_view.matter_of(page))
    return ReturnForm({key: {"note": ""} for key in stored}, formdata)


def unreadable_form(page: Page, formdata: Any = None) -> UnreadableForm:
    choices = monitoring_view.evidence_choices(monitoring_view.matter_of(page))
    return UnreadableForm(formdata, choices, request.args.get("bukti", ""))
