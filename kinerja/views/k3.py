"""The desk of whoever reviews K3."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kinerja import clock
from kinerja.forms.numbers import whole
from kinerja.services import identity, k3_desk
from kinerja.services.k3_view import PROBLEMS
from kinerja.services.periods import SLOT_LABELS

blueprint = Blueprint("k3", __name__, url_prefix="/reviu-k3")


@blueprint.get("/")
def desk() -> ResponseReturnValue:
    """Indicators under review with a forbidden pair, without history, or with a late manual."""
    problem = request.args.get("masalah", "")
    problem = problem if problem in k3_desk.CHOICES else ""
    after = request.args.get("sesudah", 0, type=whole)
    circle = identity.circle_of(current_user.person_id)
    found = k3_desk.look(circle, clock.today(), problem, after)
    return render_template(
        "k3/desk.html",
        found=found,
        problem=problem,
        choices=k3_desk.CHOICES,
        words=PROBLEMS,
        slot_labels=SLOT_LABELS,
        first=not after,
    )
