"""What a document answers to a form: what is wrong, at its field, and what a form that saves itself is told."""

from collections.abc import Iterable
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from kinerja.forms.base import BaseForm, every_field
from kinerja.views import formats
from kinerja.workflows.base import Unmet


def summary(unmet: Iterable[Unmet]) -> list[dict[str, str]]:
    """Conditions as lines of the error summary, each with a link to its field."""
    return [
        {
            "text": formats.kalimat(u.message, u.params),
            "href": f"#{u.field_name}" if u.field_name else "",
            "source": formats.bertanggal(u.source),
        }
        for u in unmet
    ]


def fields_of(form: Any) -> dict[str, Any]:
    """Name -> field of a form of any make, in the order of its page."""
    given: Iterable[Any] = form.fields() if callable(getattr(form, "fields", None)) else form
    return {field.name: field for field in (every_field(form) if isinstance(form, BaseForm) else given)}


def put_at_fields(form: Any, unmet: Iterable[Unmet]) -> None:
    """Let every field say what is missing in it, as it does of what does not fit; the rest stands in the summary."""
    fields = fields_of(form)
    for one in unmet:
        if (field := fields.get(one.field_name)) is not None:
            field.errors = [*field.errors, formats.kalimat(one.message, one.params)]


def wrong_in(form: Any) -> list[tuple[str, str]]:
    """(field id, message) of everything in a form that does not fit."""
    return [(field.id, str(error)) for field in fields_of(form).values() for error in field.errors]


def is_autosave() -> bool:
    """Was this sent by a form that saves itself, which reads the answer itself?"""
    return request.headers.get("X-Autosave") == "1"


def autosave_refused(errors: Iterable[tuple[str, str]]) -> ResponseReturnValue:
    """(field id, text) of everything that keeps it from being stored."""
    return jsonify(errors=told_of(errors)), 422


def told_of(errors: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """What does not fit, as the page puts it at its fields."""
    return [{"field": field, "text": text} for field, text in errors]


def leave_out_wrong(form: Any) -> None:
    """What does not fit goes back to what is stored, so that the rest can be stored without it."""
    for field in fields_of(form).values():
        if field.errors:
            field.data, field.raw_data = field.object_data, None
