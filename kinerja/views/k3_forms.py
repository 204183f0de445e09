"""The forms of the events of a K3 review, filled from what holds or from what was posted."""

from typing import Any

from kinerja.forms.k3 import ReviewForm, SelfCheckForm, SendBackForm
from kinerja.services import k3_view
from kinerja.services.reading import Page


def self_check_form(page: Page, formdata: Any = None) -> SelfCheckForm:
    return SelfCheckForm(k3_view.stored(page.document), formdata)


def review_form(page: Page, formdata: Any = None) -> ReviewForm:
    return ReviewForm(k3_view.stored(page.document), formdata)


def send_back_form(page: Page, formdata: Any = None) -> SendBackForm:
    stored = k3_view.stored(page.document)
    return SendBackForm({key: {"note": values["note"]} for key, values in stored.items()}, formdata)
