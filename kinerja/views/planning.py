"""Beginning an SKP: choose the span, copy last year's rows where wished."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kinerja.forms.start import StartForm
from kinerja.services import periods, skp_limits, skp_sources, skp_start
from kinerja.services.errors import BadInput, NotThere
from kinerja.views import formats

blueprint = Blueprint("planning", __name__, url_prefix="/skp")


@blueprint.get("/susun")
def start() -> ResponseReturnValue:
    why = skp_limits.why_none(current_user.person_id)
    return _page(StartForm(), (why,) if why else ())


def _page(form: StartForm, problems: Any, status: int = 200) -> ResponseReturnValue:
    period = periods.current_period()
    previous = skp_sources.last_years_skp(current_user.person_id, period.year) if period else None
    shown = [{"text": formats.kalimat(p.message, p.params), "source": p.rule} for p in problems]
    return render_template(
        "planning/start.html", form=form, period=period, previous=previous, problems=shown
    ), status


@blueprint.post("/susun")
def create() -> ResponseReturnValue:
    form = StartForm(request.form)
    form.refuse_unknown(request.form)
    period = periods.current_period()
    if period is None:
        raise NotThere("period")
    if not form.validate():
        return _page(form, (), 422)
    try:
        document = skp_start.create_skp(
            current_user.person_id,
            period,
            by_id=current_user.person_id,
            starts=form.starts.data,
            ends=form.ends.data,
            approach=form.approach.data,
            copy_last_year=form.copy_last_year.data,
        )
    except BadInput as error:
        return _page(form, error.problems, 422)
    return redirect(url_for("documents.ask", public_id=document.public_id, event="edit"), 303)
