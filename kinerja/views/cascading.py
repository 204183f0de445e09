"""The cascade: who serves what under a unit, branch by branch, what does not fit, and the way up from one result."""

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kinerja.forms.numbers import a_year
from kinerja.services import cascade_path, cascading, periods, units
from kinerja.services.errors import NotThere
from kinerja.views.htmx import render

blueprint = Blueprint("cascading", __name__, url_prefix="/cascading")


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The tree of the unit one works in."""
    period = periods.current_period()
    units = cascading.units_to_open(current_user.person_id, period) if period is not None else []
    if not units:
        raise NotThere("cascading")
    return redirect(url_for("cascading.show", code=units[-1].code), 303)


@blueprint.get("/<code>")
def show(code: str) -> Response:
    """The tree of a unit; for htmx the tree alone, to be put under the branch that was opened."""
    year = request.args.get("tahun", type=a_year)
    period = periods.period_of(year) if year else periods.current_period()
    unit = units.unit_of(code[:40])
    if period is None or unit is None or not cascading.may_see(current_user.person_id, unit):
        raise NotThere("cascading")
    found = cascading.tree(unit.id, period.id)
    return render(
        "cascading/show.html",
        fragment="branch",
        tree=found.narrowed(request.args.get("indikator", "")[:12]),
        findings=cascading.findings_in(found),
        period=period,
        units=cascading.units_to_open(current_user.person_id, period),
    )


@blueprint.get("/hasil/<public_id>/<row>")
def path(public_id: str, row: str) -> Response:
    """From one result of an SKP up to the sasaran of the ministry, and down to those who work for it."""
    return render(
        "cascading/path.html",
        fragment="main",
        found=cascade_path.of_row(public_id, row[:12], current_user.person_id),
        document=public_id,
    )
