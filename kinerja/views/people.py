"""One person: post, unit, superiors and why they are, placements, and the documents one may open."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja.services import permits, person_page
from kinerja.views import downloads

blueprint = Blueprint("people", __name__, url_prefix="/orang")


HEAD = (_("Jabatan"), _("Unit"), _("Jenis"), _("Mulai"), _("Selesai"), _("Keputusan"))


@blueprint.get("/<public_id>")
def show(public_id: str) -> ResponseReturnValue:
    page = person_page.page_of(public_id, current_user.person_id)
    rows = (
        (
            s.post,
            s.unit,
            s.kind.capitalize(),
            s.starts.isoformat(),
            s.ends.isoformat() if s.ends else "",
            s.letter,
        )
        for s in page.seats
    )
    if file := downloads.asked(f"penempatan-{page.person.nip}", HEAD, rows):
        return file
    return render_template(
        "people/show.html", page=page, manages=permits.may(current_user.roles, "account.read")
    )
