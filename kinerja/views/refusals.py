"""What a service refuses, put at the field it is about; everything typed stays."""

from datetime import date
from typing import Any

from flask_babel import gettext

from kinerja.forms.base import BaseForm
from kinerja.services.errors import BadInput, NotAllowed
from kinerja.views import formats


def say(reason: Any) -> str:
    """A reason of a service in the reader's language; what is said in its parameters too."""
    params = {name: _said(value) for name, value in reason.params.items()}
    text = gettext(reason.message)
    return text % params if params else text


def _said(value: Any) -> Any:
    if isinstance(value, date):
        return formats.tanggal(value)
    return gettext(value) if isinstance(value, str) and value else value


def place(form: BaseForm, error: BadInput) -> None:
    """Each problem at its field, or above the form when it has none here."""
    find = getattr(form, "field_at", None)
    for problem in error.problems:
        name = problem.field_name
        field = find(name) if find else form._fields.get(name)
        if field is None:
            form.form_errors.append(say(problem))
        else:
            field.errors = [*field.errors, say(problem)]


def reasons(error: NotAllowed) -> str:
    """Why an act is not allowed, as one line."""
    return " ".join(
        say(reason) if hasattr(reason, "message") else gettext(str(reason)) for reason in error.reasons
    )
