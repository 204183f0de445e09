"""The demo bar: become somebody else, move the calendar on, begin again. There is none of it outside demo mode."""

from datetime import date

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from kinerja.services import access, demo_clock, people
from kinerja.services.errors import BadInput
from kinerja.views import visitor

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


@blueprint.before_request
def _in_a_demo_office_only() -> None:
    """Whatever stands in front: nobody is let in without a password unless this database is marked as a demo."""
    if not current_app.config["DEMO"] or demo_clock.shift() is None:
        abort(404)


@blueprint.post("/terapkan")
def apply() -> ResponseReturnValue:
    """Move the calendar to the day asked for, then become the person asked for."""
    _move(request.form.get("today", ""))
    wanted = request.form.get("person", "")
    mine = current_user.public_id if current_user.is_authenticated else ""
    if wanted in ("", mine):
        return redirect(visitor.safe_next(request.form.get("next")), 303)
    person = people.by_public_id(wanted)
    if person is None:
        flash(gettext("Orang ini tidak ada di kantor demo."), "error")
        return redirect(visitor.safe_next(request.form.get("next")), 303)
    return _become(person.id)


def _move(text: str) -> None:
    if not text:
        return
    try:
        days = demo_clock.move_to(date.fromisoformat(text))
    except ValueError:
        flash(gettext("Tanggal ini tidak ada di kalender."), "error")
    except BadInput as error:
        for problem in error.problems:
            flash(gettext(problem.message) % problem.params, "error")
    else:
        if days:
            flash(gettext("Kalender dimajukan %(days)s hari.", days=days), "success")


def _become(person_id: int) -> ResponseReturnValue:
    """Sign in as somebody without his password: what he sees begins at his own front page."""
    entry = access.enter(person_id, demo=True, device=visitor.device())
    visitor.remember(entry.token, keep_forms=False)
    if entry.awaiting_totp:
        return redirect(url_for("auth.totp"), 303)
    return redirect("/", 303)


@blueprint.post("/mulai-ulang")
def restart() -> ResponseReturnValue:
    """Everything as on the first morning; whoever asked stays who he was."""
    public_id = current_user.public_id if current_user.is_authenticated else ""
    person = people.by_public_id(public_id) if public_id else None
    nip = person.nip if person else ""
    current_app.config["RESTART_DEMO"]()
    visitor.forget()
    flash(gettext("Kantor demo kembali ke pagi pertamanya."), "success")
    again = people.by_nip(nip) if nip else None
    return _become(again.id) if again else redirect(url_for("auth.sign_in"), 303)
