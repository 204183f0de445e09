"""Evaluation and objection on the screen: their values with the drawings, and the forms of their events."""

from decimal import Decimal
from typing import Any

from flask import request
from flask_login import current_user

from kinerja.forms import evaluation as forms
from kinerja.forms.absence import ReassignForm
from kinerja.reports.charts import distribution
from kinerja.reports.quadrant import quadrant
from kinerja.services import contributions, evaluation, evidence, feedback_so_far, objections, session_members
from kinerja.services.errors import BadInput
from kinerja.services.periods import SLOT_LABELS
from kinerja.services.reading import Page
from kinerja.views import answers, formats


def present_review(page: Page) -> dict[str, Any]:
    """What this person may see of an evaluation, with the quadrant and the pattern of the unit drawn."""
    content = evaluation.present(page.document, page.actor)
    content["offered"] = {offer.event for offer in page.offers}
    if content["writes"]:
        content["said"] = feedback_so_far.so_far(page.document)
        content["slot_labels"] = SLOT_LABELS
        content["contributions"] = contributions.of_evaluated(page.document)
    if "quadrant" in content:
        place = content["quadrant"]["place"]
        words = page.document.subject.name.split()
        people = (
            [{"initials": "".join(w[0] for w in words[:2]).upper(), "place": place, "old": None}]
            if place
            else []
        )
        content["quadrant_drawing"] = quadrant(people, content["quadrant"]["cells"])
    if content.get("distribution"):
        content["distribution_drawing"] = _drawn(content["distribution"])
    return content


def _drawn(found: dict[str, Any]) -> Any:
    return distribution(
        [
            {"label": label, "before": None, "after": Decimal(100 * count) / found["n"], "text": str(count)}
            for _code, label, count in found["counts"]
        ]
    )


def present_objection(page: Page) -> dict[str, Any]:
    content = objections.present(page.document, page.actor)
    content["offered"] = {offer.event for offer in page.offers}
    return content


def desk_form(page: Page, formdata: Any = None) -> forms.ProposeForm:
    return forms.ProposeForm(evaluation.typed(page.document), formdata)


def org_result_form(page: Page, formdata: Any = None) -> forms.OrgResultForm:
    return forms.OrgResultForm(formdata)


def calibrate_form(page: Page, formdata: Any = None) -> forms.CalibrateForm:
    return forms.CalibrateForm(formdata, evaluation.typed(page.document))


def session_form(page: Page, formdata: Any = None) -> forms.SessionForm:
    return forms.SessionForm(formdata)


def decide_session_form(page: Page, formdata: Any = None) -> forms.DecideSessionForm:
    stored = {k: v for k, v in evaluation.typed(page.document).items() if k.endswith("_rating")}
    return forms.DecideSessionForm(formdata, stored, session_members.members(page.document))


def determine_form(page: Page, formdata: Any = None) -> forms.DecreeForm | None:
    """A decree is asked for only where a session decided."""
    return forms.DecreeForm(formdata) if page.document.state == "session_decided" else None


def reassign_form(page: Page, formdata: Any = None) -> ReassignForm:
    return ReassignForm(formdata)


def hand_over_form(page: Page, formdata: Any = None) -> forms.HandOverForm:
    return forms.HandOverForm(formdata)


def object_form(page: Page, formdata: Any = None) -> forms.ObjectForm:
    stored, own = objections.typed(page.document)
    return forms.ObjectForm(formdata, stored, own, bring)


def explain_form(page: Page, formdata: Any = None) -> forms.ExplainForm:
    stored, own = objections.typed_explanation(page.document, page.actor)
    return forms.ExplainForm(formdata, stored, own, bring)


def bring(url: str) -> tuple[list[tuple[str, str]], str]:
    """Keep the file or address that came with a form; what is wrong with it in words.

    A form that saves itself brings none: an address half typed is no evidence, and each is brought once, by the button.
    """
    if answers.is_autosave():
        return [], ""
    upload, found = request.files.get("file"), []
    try:
        if upload is not None and upload.filename:
            found.append(evidence.store_file(current_user.person_id, upload.filename, upload.stream))
        if url:
            found.append(evidence.store_link(current_user.person_id, url))
    except BadInput as error:
        return [], " ".join(formats.kalimat(u.message, u.params) for u in error.problems)
    return [(one.public_id, one.name) for one in found], ""


def decision_form(page: Page, formdata: Any = None) -> forms.DecisionForm:
    return forms.DecisionForm(formdata, objections.typed_decision(page.document))
