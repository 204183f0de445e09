"""Search by name, NIP, unit or number."""

from flask import Blueprint, render_template, request
from flask_login import current_user

from kinerja.services import identity, lists

blueprint = Blueprint("search", __name__, url_prefix="/cari")


@blueprint.get("/")
def index() -> str:
    text = request.args.get("q", "").strip()[:100]
    circle = identity.circle_of(current_user.person_id)
    filters = lists.Filters(text=text)
    return render_template(
        "search.html",
        text=text,
        people=lists.people_found(circle, text),
        documents=lists.page(circle, filters, size=20) if len(text) >= 2 else [],
    )
