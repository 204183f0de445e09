"""Bantuan: how the year runs, who may see what, and the words of the regulations."""

from flask import Blueprint, render_template
from flask_babel import get_locale

from kinerja.services import guidance

blueprint = Blueprint("help", __name__, url_prefix="/bantuan")


@blueprint.get("/")
def index() -> str:
    return render_template("help/index.html", kinds=guidance.who_may_see())


@blueprint.get("/glosarium")
def glossary() -> str:
    return render_template("help/glossary.html", entries=guidance.entries(str(get_locale() or "id")))
