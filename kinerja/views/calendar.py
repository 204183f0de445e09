"""Kalender: my deadlines and the windows of the open periods, month by month."""

from flask import Blueprint, render_template, request
from flask_login import current_user

from kinerja.services import agenda

blueprint = Blueprint("calendar", __name__, url_prefix="/kalender")

KINDS = frozenset({agenda.MINE, agenda.OTHERS, agenda.WINDOW, agenda.DAY_OFF})


@blueprint.get("/")
def index() -> str:
    chosen = request.args.get("jenis", "")
    kinds = frozenset({chosen}) & KINDS
    return render_template(
        "calendar/index.html",
        months=agenda.months(current_user.person_id, kinds),
        chosen=chosen if kinds else "",
    )
