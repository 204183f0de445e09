"""One person: post, unit, superiors and why they are, placements, and the documents one may open."""

from flask import Blueprint, render_template
from flask_login import current_user

from kinerja.services import person_page

blueprint = Blueprint("people", __name__, url_prefix="/orang")


@blueprint.get("/<public_id>")
def show(public_id: str) -> str:
    return render_template("people/show.html", page=person_page.page_of(public_id, current_user.person_id))
