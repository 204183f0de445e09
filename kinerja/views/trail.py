"""The list of reopenings, repairs and overrides, and the draft of a repair."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja.forms.evaluation import RepairForm
from kinerja.forms.numbers import whole
from kinerja.services import permits, repairs, trail
from kinerja.services.errors import BadInput, NotThere
from kinerja.services.reading import Page
from kinerja.views import downloads, formats, refusals
from kinerja.workflows.base import OWN_RULE, Unmet

blueprint = Blueprint("trail", __name__, url_prefix="/pengaturan/jejak-perubahan")

HEAD = (
    _("Waktu"), _("Jenis"), _("Langkah"), _("Nomor"), _("Pegawai"), _("NIP"), _("Unit"), _("Oleh"),
    _("Kewenangan"), _("Atas nama"), _("Alasan"),
)  # fmt: skip
UNKNOWN = _("Evaluasi dengan nomor ini tidak ditemukan.")


@blueprint.get("/")
def index() -> ResponseReturnValue:
    sort, text = request.args.get("jenis", ""), request.args.get("q", "").strip()[:100]
    if request.args.get("unduh") in ("csv", "xlsx"):
        rows = map(_cells, trail.every(current_user.person_id, sort, text))
        if file := downloads.asked("jejak-perubahan", HEAD, rows):
            return file
    found = trail.page(current_user.person_id, sort, text, request.args.get("sebelum", type=whole))
    shown = found[: trail.PAGE_SIZE]
    return render_template(
        "trail/index.html",
        entries=[dict(zip(KEYS, _cells(e), strict=True), href=e.public_id) for e in shown],
        next_key=shown[-1].key if len(found) > len(shown) else None,
        sorts=trail.SORTS,
        args={k: v for k, v in (("jenis", sort if sort in trail.SORTS else ""), ("q", text)) if v},
        drafts=trail.may_draft(current_user.person_id),
    )


KEYS = ("at", "sort", "event", "number", "subject", "nip", "unit", "actor", "authority", "on_behalf", "why")


def _cells(e: trail.Entry) -> tuple[Any, ...]:
    """What stands in one row, on the page and in its file."""
    return (
        formats.waktu(e.at, e.zone), gettext(trail.SORTS[e.sort]), gettext(e.event_label), e.number, e.subject,
        downloads.Digits(e.nip), e.unit, e.actor or gettext("Sistem"), gettext(e.authority) if e.authority else "",
        e.on_behalf, f"{gettext(e.ground)}: {e.why}" if e.ground else e.why,
    )  # fmt: skip


@blueprint.route("/susun", methods=["GET", "POST"])
def draft() -> ResponseReturnValue:
    """The secretariat names an evaluation and says what was calculated wrong."""
    permits.demand(current_user.person_id, "repair.draft")
    form = RepairForm(request.form if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.validate():
            try:
                made = repairs.draft_repair(form.number.data, current_user.person_id, form.reason.data)
            except NotThere:
                refusals.place(form, BadInput([Unmet(OWN_RULE, str(UNKNOWN), {}, "number")]))
            except BadInput as error:
                refusals.place(form, error)
            else:
                return redirect(url_for("documents.show", public_id=made.public_id), 303)
        status = 422
    return render_template("trail/draft.html", form=form), status


def present_repair(page: Page) -> dict[str, Any]:
    return repairs.present(page.document)
