"""What a document kind adds to the one view that drives all documents: its template, its forms, its values."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

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


KINDS: dict[str, KindView] = {
    "skp": KindView(
        template="documents/kinds/skp.html",
        present="kinerja.services.planning_view:present",
        forms={
            "edit": "kinerja.views.planning_forms:edit_form",
            "add_expectation": "kinerja.views.planning_forms:expectation_form",
            "report_resource": "kinerja.views.planning_forms:resource_form",
            "take_over_rhk": "kinerja.views.planning_forms:take_over_form",
        },
        event_templates={"edit": "documents/kinds/skp_edit.html"},
        autosave=("edit",),
    ),
    "realisation": KindView(
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
            "send_back": "documents/kinds/realisation_return.html",
        },
        autosave=("save",),
    ),
}


def _resolve(path: str) -> Callable[..., Any]:
    module, _sep, name = path.partition(":")
    function: Callable[..., Any] = getattr(import_module(module), name)
    return function


def present(page: Page) -> dict[str, Any]:
    """The kind's own values for the document page: what this person may see, nothing more."""
    values: dict[str, Any] = _resolve(KINDS[page.document.kind].present)(page)
    return values


def form_for(page: Page, event: str, formdata: Any = None) -> Any:
    """The form of an event, or None when the event has none of its own."""
    path = KINDS[page.document.kind].forms.get(event)
    return _resolve(path)(page, formdata) if path else None
