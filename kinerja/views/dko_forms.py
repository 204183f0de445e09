"""The forms of a DKO's events, filled from what is stored or from what was posted."""

from typing import Any

from flask import request

from kinerja.forms.dko import CompleteForm, HeldForm, MinutesForm, ScheduleForm
from kinerja.services import dko_view, evidence
from kinerja.services.reading import Page
from kinerja.views.evaluation_forms import bring


def schedule_form(page: Page, formdata: Any = None) -> ScheduleForm:
    content, people, invited = dko_view.form_source(page.document)
    return ScheduleForm(content, people, invited, formdata)


def held_form(page: Page, formdata: Any = None) -> HeldForm:
    _content, people, invited = dko_view.form_source(page.document)
    return HeldForm(dko_view.leading(page.document), people, invited, formdata)


def minutes_form(page: Page, formdata: Any = None) -> MinutesForm:
    content, people, _invited = dko_view.form_source(page.document)
    return MinutesForm(content, people, formdata)


def complete_form(page: Page, formdata: Any = None) -> CompleteForm:
    own = dko_view.own_open(page.document, page.actor.person_id)
    brought = [(one.public_id, one.name) for one in evidence.own(page.actor.person_id or 0)]
    return CompleteForm(own, request.args.get("aksi", "")[:12], formdata, brought, bring)
