"""The forms of the events of a nilai organisasi, filled from what is stored or from what was posted."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from kinerja.forms.org_value import DecreeValueForm, DetermineForm, MaterialsForm
from kinerja.services.org_values import org_value_of
from kinerja.services.reading import Page

# Where the rule set proposes nothing (p.92-94; SE MenPANRB 3/2023).
BASIS = lazy_gettext(
    "Wajib, karena tidak ada usulan: periodik rencana aksi atau trajectory target; tahunan IKU, ekspektasi pimpinan, "
    "dan indeks reformasi birokrasi; atau keputusan menurut peraturan kinerja organisasi, dengan nomornya."
)


def materials_form(page: Page, formdata: Any = None) -> MaterialsForm:
    value = org_value_of(page.document)
    names = ("report", "initiatives", "provisional_reason")
    return MaterialsForm(formdata, {name: getattr(value, name) for name in names})


def decree_form(page: Page, formdata: Any = None) -> DecreeValueForm:
    return DecreeValueForm(formdata)


def determine_form(page: Page, formdata: Any = None) -> DetermineForm:
    """The proposal stands chosen already, where there is one."""
    value = org_value_of(page.document)
    form = DetermineForm(
        formdata, {"predicate": value.predicate or value.proposal or None, "reason": value.reason}
    )
    if not value.proposal:
        form.reason.label.text = _("Dasar penetapan")
        form.reason.description = BASIS
    return form
