"""The account of a person, for the admin: closing it, opening it again, taking off a device that was lost."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from kinerja.forms.roles import AccountForm
from kinerja.services import accounts
from kinerja.services.errors import NotAllowed
from kinerja.views import confirming, refusals

blueprint = Blueprint("accounts", __name__, url_prefix="/orang")


@blueprint.get("/<public_id>/akun")
def show(public_id: str) -> str:
    return _page(public_id, AccountForm())


def _page(public_id: str, form: AccountForm) -> str:
    _person, account = accounts.state_of(current_user.person_id, public_id)
    return render_template("admin/account.html", account=account, form=form)


def _act(public_id: str, act: Callable[[int, int, str], None], done: str) -> ResponseReturnValue:
    """With a reason, and with the password again."""
    person, account = accounts.state_of(current_user.person_id, public_id)
    form = AccountForm(request.form)
    form.refuse_unknown(request.form)
    if not form.validate():
        return _page(public_id, form), 422
    if first := confirming.asked(back=url_for("accounts.show", public_id=public_id)):
        return first
    try:
        act(current_user.person_id, person, form.reason.data)
    except NotAllowed as error:
        form.form_errors.append(refusals.reasons(error))
        return _page(public_id, form), 422
    flash(done % {"name": account.name}, "success")
    return redirect(url_for("accounts.show", public_id=public_id), 303)


@blueprint.post("/<public_id>/akun/tutup")
def close(public_id: str) -> ResponseReturnValue:
    """He is out on every device, and does not come in again."""
    return _act(public_id, accounts.disable, gettext("Akun %(name)s ditutup."))


@blueprint.post("/<public_id>/akun/buka")
def open_again(public_id: str) -> ResponseReturnValue:
    return _act(public_id, accounts.enable, gettext("Akun %(name)s dibuka kembali."))


@blueprint.post("/<public_id>/akun/lepas-perangkat")
def drop_device(public_id: str) -> ResponseReturnValue:
    """The next sign-in sets up a new one where a role asks for it."""
    return _act(public_id, accounts.reset_totp, gettext("Kode perangkat %(name)s dihapus."))
