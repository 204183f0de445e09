"""Search by name, NIP, unit or number."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja.services import identity, lists
from kinerja.views import downloads

blueprint = Blueprint("search", __name__, url_prefix="/cari")


HEAD = (_("Nama"), _("NIP"), _("Jabatan"), _("Unit"))


@blueprint.get("/")
def index() -> ResponseReturnValue:
    text = request.args.get("q", "").strip()[:100]
    circle = identity.circle_of(current_user.person_id)
    filters = lists.Filters(text=text)
    people = lists.people_found(circle, text)
    rows = ((p.name, downloads.Digits(p.nip), p.title, p.unit) for p in people)
    if file := downloads.asked("orang", HEAD, rows):
        return file
    return render_template(
        "search.html",
        text=text,
        people=people,
        most=lists.PEOPLE_SHOWN,
        documents=lists.page(circle, filters, size=20) if len(text) >= 2 else [],
    )
