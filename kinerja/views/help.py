"""Bantuan: how the year runs, who may see what, and the words of the regulations."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import lazy_gettext as _

from kinerja.services import guidance
from kinerja.views import downloads

blueprint = Blueprint("help", __name__, url_prefix="/bantuan")


HEAD = (_("Istilah"), _("Arti"), _("Sumber"))


@blueprint.get("/")
def index() -> str:
    return render_template("help/index.html", kinds=guidance.who_may_see())


@blueprint.get("/glosarium")
def glossary() -> ResponseReturnValue:
    entries = guidance.entries(str(get_locale() or "id"))
    file = downloads.asked("glosarium", HEAD, ((e.term, e.meaning, e.source) for e in entries))
    return file or render_template("help/glossary.html", entries=entries)
