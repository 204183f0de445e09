"""The queue of "Data saya salah" for the pengelola of the unit."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja.forms.structure import AnswerForm
from kinerja.services import data_reports
from kinerja.services.errors import BadInput
from kinerja.views import downloads, formats, refusals, saved

blueprint = Blueprint("data_reports", __name__, url_prefix="/pengaturan/data-saya-salah")


HEAD = (
    _("Pegawai"), _("NIP"), _("Unit"), _("Data"), _("Yang ditulis"), _("Keadaan"), _("Sejak"),
    _("Jawaban"), _("Dijawab"),
)  # fmt: skip


@blueprint.get("/")
def index() -> ResponseReturnValue:
    state, text = request.args.get("keadaan", "open"), request.args.get("q", "").strip()[:100]
    reports = data_reports.queue(current_user.person_id, state, text)
    rows = (
        (
            r.person, downloads.Digits(r.nip), r.unit, gettext(r.field_label), r.text, gettext(r.state_label),
            formats.tanggal(r.created_at), r.answer, formats.tanggal(r.answered_at) if r.answered_at else "",
        )
        for r in reports
    )  # fmt: skip
    if file := downloads.asked("data-saya-salah", HEAD, rows):
        return file
    return render_template(
        "admin/data_reports.html",
        reports=reports,
        counts=data_reports.counts(current_user.person_id, text),
        states=data_reports.STATES,
        chosen=state,
        text=text,
        active=saved.active("data_reports.index", {"q": text, "keadaan": state}, {"q": (_("Cari"), text)}),
        saved=saved.links(
            "data_reports.index", {"q": text, "keadaan": state} if text or state != "open" else {}
        ),
    )


@blueprint.route("/<public_id>", methods=["GET", "POST"])
def show(public_id: str) -> ResponseReturnValue:
    report = data_reports.one(current_user.person_id, public_id)
    form = AnswerForm(request.form if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        form.refuse_unknown(request.form)
        if form.validate():
            try:
                data_reports.answer(current_user.person_id, public_id, form.outcome.data, form.answer.data)
            except BadInput as error:
                refusals.place(form, error)
            else:
                flash(gettext("Laporan %(name)s dijawab.", name=report.person), "success")
                return redirect(url_for("data_reports.index"), 303)
        status = 422
    return render_template("admin/data_report.html", report=report, form=form), status
