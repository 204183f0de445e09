"""Pengaturan: what the signed-in person may administer, and where."""

from flask import Blueprint, render_template
from flask_login import current_user

from kinerja.services import settings_page

blueprint = Blueprint("admin", __name__, url_prefix="/pengaturan")


@blueprint.get("/")
def index() -> str:
    return render_template("admin/index.html", places=settings_page.places(current_user.person_id))
