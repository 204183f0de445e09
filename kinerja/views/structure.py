"""The twelve structure checks, and naming the head of a unit that has none or several."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja import clock
from kinerja.forms.fields import options
from kinerja.forms.numbers import whole
from kinerja.forms.structure import HeadForm
from kinerja.services import structure_page, unit_heads
from kinerja.services.errors import BadInput
from kinerja.views import downloads, formats, refusals

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
def index() -> ResponseReturnValue:
    if kind := downloads.wanted():
        return _file(kind)
    number, text = request.args.get("periksa", type=whole), request.args.get("q", "")[:100]
    page = structure_page.page(current_user.person_id, number, text)
    return render_template("admin/structure.html", page=page, text=text)


def _file(kind: str) -> Response:
    """The findings as a file: of one check and search where they are given, else all of them."""
    number, text = request.args.get("periksa", type=whole), request.args.get("q", "")[:100]
    rows = (
        (
            check.number, gettext(check.title), gettext(finding.severity), finding.subject,
            formats.kalimat(finding.template, finding.params), gettext(finding.repair_role),
            ", ".join(finding.repairers),
        )
        for check, finding in structure_page.export(current_user.person_id, number, text)
    )  # fmt: skip
    return downloads.answer(kind, "temuan-struktur", [str(name) for name in CSV_HEAD], rows)


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
