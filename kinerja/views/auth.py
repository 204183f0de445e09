"""Signing in, the code of a device, activation, confirming again, signing out."""

from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from kinerja.forms.auth import (
    ActivateForm,
    CodeForm,
    SetPasswordForm,
    SignInForm,
)
from kinerja.forms.base import BaseForm, refuse_others
from kinerja.services import access, activation, sessions, totp
from kinerja.services.throttle import TryLater
from kinerja.views import confirming, visitor

blueprint = Blueprint("auth", __name__)


def _demo() -> bool:
    return bool(current_app.config["DEMO"])


def _target() -> str:
    return visitor.safe_next(request.values.get("next"))


def _later(template: str, error: TryLater, *, form: BaseForm, **context: Any) -> ResponseReturnValue:
    """The same page, saying until when it has to wait."""
    form.form_errors.append(visitor.wait_text(error))
    page = render_template(template, form=form, **context)
    return page, 429, {"Retry-After": str(visitor.wait_seconds(error))}


@blueprint.route("/masuk", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    if request.method == "POST":
        return _sign_in()
    if current_user.is_authenticated:
        return redirect(_target(), 303)
    return _sign_in_page(SignInForm(), expired="berakhir" in request.args)


def _sign_in_page(form: SignInForm, **context: Any) -> str:
    note = current_app.config.get("DEMO_NOTE") if _demo() else None
    context = {"typed": visitor.carried()} | context
    return render_template("auth/sign_in.html", form=form, next=_target(), demo_note=note, **context)


def _sign_in() -> ResponseReturnValue:
    form = SignInForm(request.form)
    form.refuse_unknown(request.form, also=("next", *visitor.CARRIED))
    if not form.validate():
        return _sign_in_page(form), 422
    try:
        entry = access.sign_in(
            form.nip.data,
            form.sandi.data,
            address=visitor.address(),
            demo=_demo(),
            device=visitor.device(),
        )
    except TryLater as error:
        return _later("auth/sign_in.html", error, form=form, next=_target(), typed=visitor.carried())
    if entry is None:
        form.form_errors.append(gettext("NIP, e-mail, atau kata sandi tidak cocok."))
        return _sign_in_page(form), 422
    return _let_in(entry)


def _let_in(entry: access.Entry) -> ResponseReturnValue:
    typed, language = visitor.carried(), visitor.chosen_language()
    visitor.remember(entry.token, keep_forms=visitor.is_same_person(entry.person_id))
    if language is not None:
        access.set_preferences(entry.person_id, locale=language)
    if not entry.awaiting_totp:
        answer = _on(typed)
    elif typed and (waiting := sessions.awaiting(entry.token)):
        # Not by way of an address: what was typed goes along in the form, and is kept nowhere else.
        answer = make_response(render_template("auth/totp.html", **_code_page(CodeForm(), waiting)))
    else:
        answer = make_response(redirect(url_for("auth.totp", next=_target()), 303))
    answer.delete_cookie(visitor.CHOSEN)
    return answer


def _on(typed: list[tuple[str, str]]) -> Response:
    """To where one was going; what could not be sent is shown first, to be copied: nothing is sent by itself."""
    if typed:
        return make_response(render_template("auth/typed.html", typed=typed, next=_target()))
    return make_response(redirect(_target(), 303))


def _waiting() -> sessions.Awaiting | None:
    token = visitor.token()
    return sessions.awaiting(token) if token else None


def _code_page(form: CodeForm, waiting: sessions.Awaiting) -> dict[str, Any]:
    enrol = totp.setup_of(waiting.secret, waiting.nip) if waiting.is_setup else None
    return {"form": form, "enrol": enrol, "next": _target(), "typed": visitor.carried()}


@blueprint.route("/masuk/kode", methods=["GET", "POST"], endpoint="totp")
def second_step() -> ResponseReturnValue:
    if request.method == "POST":
        return _second_step()
    waiting = _waiting()
    if waiting is None:
        return redirect(url_for("auth.sign_in", next=_target()), 303)
    return render_template("auth/totp.html", **_code_page(CodeForm(), waiting))


def _second_step() -> ResponseReturnValue:
    form = CodeForm(request.form)
    form.refuse_unknown(request.form, also=("next", *visitor.CARRIED))
    waiting, token = _waiting(), visitor.token()
    if waiting is None or token is None:
        if visitor.carried():
            return _sign_in_page(SignInForm(), expired=True), 401
        return redirect(url_for("auth.sign_in", next=_target()), 303)
    if not form.validate():
        return render_template("auth/totp.html", **_code_page(form, waiting)), 422
    try:
        whole = access.finish_totp(token, form.kode.data)
    except TryLater as error:
        return _later("auth/totp.html", error, **_code_page(form, waiting))
    if whole is None:
        form.kode.errors = [gettext("Kode ini tidak cocok atau sudah dipakai. Tunggu kode berikutnya.")]
        return render_template("auth/totp.html", **_code_page(form, waiting)), 422
    # The half session was already tied to what was open before; its forms stay good.
    visitor.remember(whole, keep_forms=True)
    return _on(visitor.carried())


@blueprint.route("/aktivasi", methods=["GET", "POST"])
def activate() -> ResponseReturnValue:
    """Both steps: the slip of paper, then the password with the slip hidden in its form."""
    if request.method == "GET":
        return render_template("auth/activate.html", form=ActivateForm())
    return _set_password() if "sandi" in request.form else _take_slip()


def _take_slip() -> ResponseReturnValue:
    form = ActivateForm(request.form)
    form.refuse_unknown(request.form)
    if not form.validate():
        return render_template("auth/activate.html", form=form), 422
    nip = access.normal_nip(form.nip.data)
    try:
        name = activation.whose(nip, form.kode.data, address=visitor.address())
    except TryLater as error:
        return _later("auth/activate.html", error, form=form)
    if name is None:
        form.form_errors.append(gettext(activation.NO_MATCH))
        return render_template("auth/activate.html", form=form), 422
    return _password_page(SetPasswordForm(nip=nip, kode=form.kode.data), name)


def _password_page(form: SetPasswordForm, name: str | None) -> str:
    return render_template("auth/set_password.html", form=form, person_name=name)


def _set_password() -> ResponseReturnValue:
    form = SetPasswordForm(request.form)
    form.refuse_unknown(request.form)
    if not form.validate():
        return _password_page(form, None), 422
    try:
        done = activation.activate(
            access.normal_nip(form.nip.data), form.kode.data, form.sandi.data, address=visitor.address()
        )
    except TryLater as error:
        return _later("auth/set_password.html", error, form=form)
    if done.outcome is activation.Activated.NO_MATCH:
        again = ActivateForm(nip=form.nip.data)
        again.form_errors.append(gettext(activation.NO_MATCH))
        return render_template("auth/activate.html", form=again), 422
    if done.outcome is activation.Activated.WEAK:
        form.sandi.errors = [gettext(problem) for problem in done.problems]
        return _password_page(form, None), 422
    return _let_in(access.enter(done.person_id, demo=_demo(), device=visitor.device()))


@blueprint.route("/tegaskan", methods=["GET", "POST"])
def step_up() -> ResponseReturnValue:
    """The password again on the way to a page."""
    if request.method == "GET":
        return confirming.page(confirming.form_for(), 200, next=_target())
    form = confirming.form_for(request.form)
    form.refuse_unknown(request.form, also=("next",))
    try:
        if confirming.is_confirmed(form):
            return redirect(_target(), 303)
    except TryLater as error:
        return confirming.later(form, error, next=_target())
    return confirming.page(form, 422, next=_target())


@blueprint.post("/keluar")
def sign_out() -> ResponseReturnValue:
    refuse_others(request.form)
    visitor.forget()
    return redirect(url_for("auth.sign_in"), 303)
