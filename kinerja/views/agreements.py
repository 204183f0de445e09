"""Beginning a Perjanjian Kinerja: by the head of a UPK, or by its pengelola kinerja organisasi."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kinerja.forms.agreement_start import PkStartForm
from kinerja.forms.fields import options
from kinerja.services import agreement_start, periods
from kinerja.services.errors import BadInput, NotThere
from kinerja.views import formats

blueprint = Blueprint("agreements", __name__, url_prefix="/pk")


def _form(formdata: Any = None) -> PkStartForm:
    """The form, with the units whose PK this person may begin; without one there is no such page for him."""
    units = agreement_start.units_to_begin(current_user.person_id)
    if not units:
        raise NotThere("pk")
    form = PkStartForm(formdata, data={"unit": request.args.get("unit", "")[:40]})
    form.unit.choices = options((unit.code, f"{unit.code} {unit.name}") for unit in units)
    return form


@blueprint.get("/susun")
def start() -> ResponseReturnValue:
    return _page(_form(), ())


def _page(form: PkStartForm, problems: Any, status: int = 200) -> ResponseReturnValue:
    shown = [{"text": formats.kalimat(p.message, p.params), "source": p.rule} for p in problems]
    period = periods.current_period()
    return render_template("agreements/start.html", form=form, period=period, problems=shown), status


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
        document = agreement_start.create_pk(
            agreement_start.unit_id_of(form.unit.data),
            period,
            by_id=current_user.person_id,
            copy_last_year=form.copy_last_year.data,
        )
    except BadInput as error:
        return _page(form, error.problems, 422)
    return redirect(url_for("documents.ask", public_id=document.public_id, event="edit"), 303)
