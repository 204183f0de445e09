"""The twelve structure checks, and naming the head of a unit that has none or several."""

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja import clock
from kinerja.forms.fields import options
from kinerja.forms.structure import HeadForm
from kinerja.reports.spreadsheets import csv_lines
from kinerja.services import structure_page, unit_heads
from kinerja.services.errors import BadInput
from kinerja.views import formats, refusals

blueprint = Blueprint("structure", __name__, url_prefix="/pengaturan/struktur")
CSV_HEAD = (
    _("Nomor"),
    _("Pemeriksaan"),
    _("Tingkat"),
    _("Tentang"),
    _("Temuan"),
    _("Diperbaiki oleh"),
    _("Nama"),
)


@blueprint.get("/")
def index() -> str:
    number, text = request.args.get("periksa", type=int), request.args.get("q", "")[:100]
    page = structure_page.page(current_user.person_id, number, text)
    return render_template("admin/structure.html", page=page, text=text)


@blueprint.get("/temuan.csv")
def export() -> Response:
    rows = (
        (
            check.number, gettext(check.title), gettext(finding.severity), finding.subject,
            formats.kalimat(finding.template, finding.params), gettext(finding.repair_role),
            ", ".join(finding.repairers),
        )
        for check, finding in structure_page.export(current_user.person_id)
    )  # fmt: skip
    head = [str(name) for name in CSV_HEAD]
    answer = Response(stream_with_context(csv_lines(head, rows)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=temuan-struktur.csv"
    return answer


@blueprint.route("/pimpinan/<code>", methods=["GET", "POST"])
def head(code: str) -> ResponseReturnValue:
    """Who heads this unit: shown with what the rule gives, decided with a date."""
    page = unit_heads.page(current_user.person_id, code)
    form = HeadForm(request.form if request.method == "POST" else None, starts=clock.today())
    form.person.choices = options((c.public_id, f"{c.name}, {c.post}") for c in page.candidates)
    status = 200
    if request.method == "POST":
        form.refuse_unknown(request.form)
        if form.validate():
            try:
                unit_heads.decide(current_user.person_id, code, form.person.data, form.starts.data)
            except BadInput as error:
                refusals.place(form, error)
            else:
                flash(gettext("Pimpinan %(unit)s ditetapkan.", unit=page.name), "success")
                return redirect(url_for("structure.index", periksa=5) + "#temuan", 303)
        status = 422
    return render_template("admin/head.html", page=page, form=form), status
