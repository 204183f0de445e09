"""Beginning a manual indikator from the page of a PK or an SKP."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kinerja.forms.base import refuse_others
from kinerja.services import manual_start

blueprint = Blueprint("manuals", __name__, url_prefix="/manual")


@blueprint.post("/<public_id>/<key>")
def begin(public_id: str, key: str) -> ResponseReturnValue:
    """Begin the manual of one indicator of a PK or SKP, or its next version, and open what is there."""
    refuse_others(request.form)
    document = manual_start.begin(public_id, key, by_id=current_user.person_id)
    if document.state == "draft":
        return redirect(url_for("documents.ask", public_id=document.public_id, event="edit"), 303)
    return redirect(url_for("documents.show", public_id=document.public_id), 303)
