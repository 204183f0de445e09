"""Once more, is it you? The password again before an act that counts, and nothing lost of what was on its way.

What is read is led through /tegaskan and back to the very address, its search and filters included. What is sent gets a
page that holds every field of it, asks for the password, and sends both to where it was going: one click, one act, and
nothing kept on the server in between.
"""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from kinerja.forms.auth import ConfirmForm, ConfirmWithCodeForm
from kinerja.forms.base import CONFIRMATION
from kinerja.services import access
from kinerja.services.throttle import TryLater
from kinerja.views import visitor

# Among the fields of the act itself these two are told apart by their beginning.
PREFIX = "tegas"


def form_for(data: Any = None, *, prefix: str = "") -> ConfirmForm:
    """The password, and the code where the account has a device."""
    has_device = access.totp_state(current_user.person_id).active
    return (ConfirmWithCodeForm if has_device else ConfirmForm)(data, prefix=prefix)


def is_confirmed(form: ConfirmForm) -> bool:
    """Whether password and code are right; if not, the form says so. Raises TryLater."""
    if not form.validate():
        return False
    has_code = isinstance(form, ConfirmWithCodeForm)
    if access.step_up(current_user, form.sandi.data, form.kode.data if has_code else ""):
        return True
    form.form_errors.append(
        gettext("Kata sandi atau kode tidak cocok.") if has_code else gettext("Kata sandi tidak cocok.")
    )
    return False


def page(form: ConfirmForm, status: int, **context: Any) -> ResponseReturnValue:
    return render_template("auth/confirm.html", form=form, **context), status


def later(form: ConfirmForm, error: TryLater, **context: Any) -> ResponseReturnValue:
    """The same page, saying until when it has to wait."""
    form.form_errors.append(visitor.wait_text(error))
    said = render_template("auth/confirm.html", form=form, **context)
    return said, 429, {"Retry-After": str(visitor.wait_seconds(error))}


def asked(*, back: str) -> ResponseReturnValue | None:
    """What to answer first, or None when the password was given within five minutes or comes with this very form.

    `back`: where "Batal" leads from a form that is on its way.
    """
    if access.recently_verified(current_user):
        return None
    if request.method != "POST":
        here = visitor.safe_next(request.full_path.rstrip("?"))
        return redirect(url_for("auth.step_up", next=here), 303)
    carried = [
        (name, value)
        for name, values in request.form.lists()
        if name not in CONFIRMATION and name != "csrf_token"
        for value in values
    ]
    context = {"action": visitor.safe_next(request.full_path.rstrip("?")), "carried": carried, "back": back}
    if not CONFIRMATION & set(request.form):
        return page(form_for(prefix=PREFIX), 200, **context)
    form = form_for(request.form, prefix=PREFIX)
    try:
        return None if is_confirmed(form) else page(form, 422, **context)
    except TryLater as error:
        return later(form, error, **context)
