"""The bell: notices, newest first, each leading to the exact place."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kinerja.forms.base import refuse_others
from kinerja.services import inbox

blueprint = Blueprint("notices", __name__, url_prefix="/pemberitahuan")


@blueprint.get("/")
def index() -> str:
    rows, more = inbox.page(current_user.person_id, before=request.args.get("sebelum", type=int))
    return render_template("notices.html", rows=rows, more=more)


@blueprint.post("/dibaca")
def read() -> ResponseReturnValue:
    """Mark one notice, or all, as read; one that has a document leads there."""
    refuse_others(request.form, "id")
    chosen = request.form.getlist("id")
    inbox.read(current_user.person_id, chosen)
    target = inbox.target_of(current_user.person_id, chosen[0]) if len(chosen) == 1 else None
    return redirect(url_for("documents.show", public_id=target) if target else url_for(".index"), 303)
