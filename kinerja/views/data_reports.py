"""The queue of "Data saya salah" for the pengelola of the unit."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from kinerja.forms.structure import AnswerForm
from kinerja.services import data_reports
from kinerja.services.errors import BadInput
from kinerja.views import refusals

blueprint = Blueprint("data_reports", __name__, url_prefix="/pengaturan/data-saya-salah")


@blueprint.get("/")
def index() -> str:
    state = request.args.get("keadaan", "open")
    return render_template(
        "admin/data_reports.html",
        reports=data_reports.queue(current_user.person_id, state),
        counts=data_reports.counts(current_user.person_id),
        states=data_reports.STATES,
        chosen=state,
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
