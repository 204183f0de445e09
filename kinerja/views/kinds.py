"""What a document kind adds to the one view that drives all documents: its template, its forms, its values."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from kinerja.services import flows, official_copy
from kinerja.services.reading import Page


@dataclass(frozen=True)
class KindView:
    """One kind on the screen.

    `present` names a function (module:function) of the page that gives plain values for `template`; `forms` maps an
    event to "module:function" that builds its form from (page, formdata or None); `event_templates` maps an event
    with a form of its own to the template that shows it.
    """

    template: str
    present: str
    forms: dict[str, str] = field(default_factory=dict)
    event_templates: dict[str, str] = field(default_factory=dict)
    autosave: tuple[str, ...] = ()
    # Of those, the ones whose own button leads back to the document: the others go on being written.
    leaves: tuple[str, ...] = ()
    # Event -> what its form shows about the stored content, drawn again whenever the form saved itself.
    live: dict[str, str] = field(default_factory=dict)
    # Where its form may also be written as a workbook: module:function that builds the book from the page.
    book: str = ""


_REALISATION = KindView(
    template="documents/kinds/realisation.html",
    present="kinerja.services.monitoring_view:present",
    forms={
        "save": "kinerja.views.monitoring_forms:entries_form",
        "record": "kinerja.views.monitoring_forms:entries_form",
        "send_back": "kinerja.views.monitoring_forms:return_form",
        "evidence_unreadable": "kinerja.views.monitoring_forms:unreadable_form",
    },
    event_templates={
        "save": "documents/kinds/realisation_edit.html",
        "record": "documents/kinds/realisation_edit.html",
        "send_back": "documents/kinds/realisation_return.html",
    },
    autosave=("save",),
    live={"save": "documents/kinds/realisation_live.html"},
    book="kinerja.views.monitoring_forms:book",
)

KINDS: dict[str, KindView] = {
    "skp": KindView(
        template="documents/kinds/skp.html",
        present="kinerja.services.planning_view:present",
        forms={
            "edit": "kinerja.views.planning_forms:edit_form",
            "add_expectation": "kinerja.views.planning_forms:expectation_form",
            "report_resource": "kinerja.views.planning_forms:resource_form",
            "propose_adjustment": "kinerja.views.planning_forms:adjustment_form",
            "send_back": "kinerja.views.planning_forms:remarks_form",
            "take_over_rhk": "kinerja.views.planning_forms:take_over_form",
            "change_span": "kinerja.views.planning_forms:span_form",
            "hold": "kinerja.views.planning_forms:hold_form",
            "exempt": "kinerja.views.planning_forms:exempt_form",
        },
        event_templates={
            "edit": "documents/kinds/skp_edit.html",
            "send_back": "documents/kinds/skp_return.html",
        },
        autosave=("edit",),
        live={"edit": "documents/kinds/skp_live.html"},
        book="kinerja.views.planning_forms:book",
    ),
    "realisation": _REALISATION,
    "iku_realisation": _REALISATION,
    "predicate_review": KindView(
        template="documents/kinds/predicate_review.html",
        present="kinerja.views.evaluation_forms:present_review",
        forms={
            "edit": "kinerja.views.evaluation_forms:desk_form",
            "propose": "kinerja.views.evaluation_forms:desk_form",
            "propose_superior": "kinerja.views.evaluation_forms:desk_form",
            "reassign": "kinerja.views.evaluation_forms:reassign_form",
            "set_org_result": "kinerja.views.evaluation_forms:org_result_form",
            "calibrate": "kinerja.views.evaluation_forms:calibrate_form",
            "to_session": "kinerja.views.evaluation_forms:session_form",
            "decide_session": "kinerja.views.evaluation_forms:decide_session_form",
            "determine": "kinerja.views.evaluation_forms:determine_form",
            "hand_over": "kinerja.views.evaluation_forms:hand_over_form",
            "object": "kinerja.views.evaluation_forms:object_form",
        },
        event_templates={
            "edit": "documents/kinds/predicate_review_desk.html",
            "propose": "documents/kinds/predicate_review_desk.html",
            "propose_superior": "documents/kinds/predicate_review_desk.html",
            "calibrate": "documents/kinds/judge.html",
            "decide_session": "documents/kinds/judge.html",
        },
        autosave=("edit",),
        live={"edit": "documents/kinds/predicate_review_live.html"},
    ),
    "objection": KindView(
        template="documents/kinds/objection.html",
        present="kinerja.views.evaluation_forms:present_objection",
        forms={
            "edit": "kinerja.views.evaluation_forms:object_form",
            "file": "kinerja.views.evaluation_forms:object_form",
            "explain": "kinerja.views.evaluation_forms:explain_form",
            "write_decision": "kinerja.views.evaluation_forms:decision_form",
        },
        event_templates={
            "explain": "documents/kinds/judge.html",
            "write_decision": "documents/kinds/judge.html",
        },
        autosave=("edit", "write_decision"),
        leaves=("edit", "write_decision"),
    ),
    "pk": KindView(
        template="documents/kinds/pk.html",
        present="kinerja.services.agreement_view:present",
        forms={
            "edit": "kinerja.views.agreement_forms:edit_form",
            "save": "kinerja.views.agreement_forms:progress_form",
            "take_note": "kinerja.views.agreement_forms:take_note_form",
        },
        event_templates={"edit": "documents/kinds/pk_edit.html", "save": "documents/kinds/pk_progress.html"},
        autosave=("edit", "save"),
        leaves=("save",),
        live={"edit": "documents/kinds/pk_live.html"},
        book="kinerja.views.agreement_forms:book",
    ),
    "dko": KindView(
        template="documents/kinds/dko.html",
        present="kinerja.services.dko_view:present",
        forms={
            "edit": "kinerja.views.dko_forms:schedule_form",
            "mark_held": "kinerja.views.dko_forms:held_form",
            "save": "kinerja.views.dko_forms:minutes_form",
            "complete_action": "kinerja.views.dko_forms:complete_form",
        },
        event_templates={"edit": "documents/kinds/dko_edit.html", "save": "documents/kinds/dko_minutes.html"},
        autosave=("edit", "save"),
    ),
    "matrix": KindView(
        template="documents/kinds/matrix.html",
        present="kinerja.services.matrix_view:present",
        forms={"edit": "kinerja.views.matrix_forms:edit_form"},
        event_templates={"edit": "documents/kinds/matrix_edit.html"},
        autosave=("edit",),
        live={"edit": "documents/kinds/matrix_live.html"},
    ),
    "manual": KindView(
        template="documents/kinds/manual.html",
        present="kinerja.views.manual_forms:present",
        forms={"edit": "kinerja.views.manual_forms:edit_form"},
        event_templates={"edit": "documents/kinds/manual_edit.html"},
        autosave=("edit",),
        live={"edit": "documents/kinds/manual_live.html"},
    ),
    "org_value": KindView(
        template="documents/kinds/org_value.html",
        present="kinerja.services.org_value_view:present",
        forms={
            "save": "kinerja.views.org_value_forms:materials_form",
            "enter_value": "kinerja.views.org_value_forms:decree_form",
            "determine": "kinerja.views.org_value_forms:determine_form",
        },
        autosave=("save",),
        leaves=("save",),
    ),
    "k3_review": KindView(
        template="documents/kinds/k3_review.html",
        present="kinerja.services.k3_view:present",
        forms={
            "self_check": "kinerja.views.k3_forms:self_check_form",
            "resubmit": "kinerja.views.k3_forms:self_check_form",
            "save": "kinerja.views.k3_forms:review_form",
            "send_back": "kinerja.views.k3_forms:send_back_form",
        },
        event_templates={
            "self_check": "documents/kinds/k3_review_edit.html",
            "resubmit": "documents/kinds/k3_review_edit.html",
            "save": "documents/kinds/k3_review_edit.html",
            "send_back": "documents/kinds/k3_review_return.html",
        },
        autosave=("save",),
        live={"save": "documents/kinds/k3_review_live.html"},
    ),
    "repair": KindView(
        template="documents/kinds/repair.html",
        present="kinerja.views.trail:present_repair",
    ),
}


def _resolve(path: str) -> Callable[..., Any]:
    module, _sep, name = path.partition(":")
    function: Callable[..., Any] = getattr(import_module(module), name)
    return function


def present(page: Page) -> dict[str, Any]:
    """The kind's own values for the document page: what this person may see, nothing more."""
    values: dict[str, Any] = _resolve(KINDS[page.document.kind].present)(page)
    # The document whose official form this one is printed on, if any.
    own = page.document.public_id if page.document.kind in official_copy.FORMS else ""
    return {"form_of": own, "has_book": bool(KINDS[page.document.kind].book)} | values


def form_for(page: Page, event: str, formdata: Any = None) -> Any:
    """The form of an event, or None when the event has none of its own."""
    path = KINDS[page.document.kind].forms.get(event)
    return _resolve(path)(page, formdata) if path else None


def book_of(page: Page) -> Any:
    """The workbook of a document; None where its kind has none."""
    path = KINDS[page.document.kind].book
    return _resolve(path)(page) if path else None


def needs_page(event: str) -> bool:
    """Whether this event, in any kind, has fields of its own or a signature: then it is read against its page."""
    asks = bool({"form", "signature"} & flows.asks_of(event))
    return asks or any(event in kind.forms for kind in KINDS.values())
