"""The bell: notices, newest first, each leading to the exact place."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja.forms.base import refuse_others
from kinerja.forms.numbers import whole
from kinerja.services import inbox
from kinerja.views import downloads, formats

blueprint = Blueprint("notices", __name__, url_prefix="/pemberitahuan")


HEAD = (_("Waktu"), _("Pemberitahuan"), _("Dokumen"), _("Dibaca"))


@blueprint.get("/")
def index() -> ResponseReturnValue:
    if request.args.get("unduh"):
        found = inbox.every(current_user.person_id)
        rows = (
            (
                formats.waktu(n.created_at), formats.kalimat(n.text, n.params),
                n.document.print_number if n.document else "", formats.waktu(n.read_at) if n.read_at else "",
            )
            for n in found
        )  # fmt: skip
        if file := downloads.asked("pemberitahuan", HEAD, rows):
            return file
    rows, more = inbox.page(current_user.person_id, before=request.args.get("sebelum", type=whole))
    return render_template("notices.html", rows=rows, more=more)


@blueprint.post("/dibaca")
def read() -> ResponseReturnValue:
    """Mark one notice, or all, as read; one that has a document leads there."""
    refuse_others(request.form, "id")
    chosen = request.form.getlist("id")
    inbox.read(current_user.person_id, chosen)
    target = inbox.target_of(current_user.person_id, chosen[0]) if len(chosen) == 1 else None
    return redirect(url_for("documents.show", public_id=target) if target else url_for(".index"), 303)
