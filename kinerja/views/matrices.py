"""Beginning the matriks of a unit one heads."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kinerja.forms.fields import options
from kinerja.forms.matrix import MatrixStartForm
from kinerja.services import agreement_start, matrix_start, periods
from kinerja.services.errors import BadInput, NotThere
from kinerja.views import formats

blueprint = Blueprint("matrices", __name__, url_prefix="/matriks")


def _form(formdata: object = None) -> MatrixStartForm:
    """The form, with the units this person heads; without one there is no such page for him."""
    units = matrix_start.units_to_begin(current_user.person_id)
    if not units:
        raise NotThere("matrix")
    form = MatrixStartForm(formdata, data={"unit": request.args.get("unit", "")[:40]})
    form.unit.choices = options((unit.code, f"{unit.code} {unit.name}") for unit in units)
    return form


@blueprint.get("/")
def index() -> ResponseReturnValue:
    found = matrix_start.of_person(current_user.person_id)
    may_begin = bool(matrix_start.units_to_begin(current_user.person_id))
    return render_template("matrices/index.html", found=found, may_begin=may_begin)


@blueprint.get("/susun")
def start() -> ResponseReturnValue:
    return _page(_form())


def _page(form: MatrixStartForm, problems: object = (), status: int = 200) -> ResponseReturnValue:
    shown = [{"text": formats.kalimat(p.message, p.params), "source": p.rule} for p in problems]  # type: ignore[attr-defined]
    period = periods.current_period()
    return render_template("matrices/start.html", form=form, period=period, problems=shown), status


@blueprint.post("/susun")
def create() -> ResponseReturnValue:
    form = _form(request.form)
    form.refuse_unknown(request.form)
    period = periods.current_period()
    if period is None:
        raise NotThere("period")
    if not form.validate():
        return _page(form, (), 422)
    try:
        document = matrix_start.create_matrix(
            agreement_start.unit_id_of(form.unit.data), period, by_id=current_user.person_id
        )
    except BadInput as error:
        return _page(form, error.problems, 422)
    return redirect(url_for("documents.ask", public_id=document.public_id, event="edit"), 303)
