"""The unit page of pengelola, Komite, auditor and heads: how far everybody below a unit is, and who to remind."""

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from kinerja.services import identity, periods, units
from kinerja.services.team import running_slot

blueprint = Blueprint("units", __name__, url_prefix="/unit")


@blueprint.get("/")
def index() -> str:
    """The units one watches, each with its counts."""
    me = current_user.person_id
    text = request.args.get("q", "").strip()[:100]
    reaches = units.reaches_of(me, identity.scopes_of(me))
    period = periods.current_period()
    slot = running_slot(period) if period else ""
    return render_template(
        "units/index.html",
        rows=units.listed(reaches, period, slot, text),
        watches=bool(reaches),
        why=dict.fromkeys(reach.why for reach in reaches),
        period=period,
        slot_label=periods.SLOT_LABELS.get(slot, slot),
        text=text,
    )


@blueprint.get("/<path:code>")
def show(code: str) -> str:
    """One unit with everything below it."""
    me = current_user.person_id
    unit = units.unit_of(code)
    watch = units.watch_over(units.reaches_of(me, identity.scopes_of(me)), unit.path) if unit else None
    if unit is None or watch is None:
        abort(404)
    return render_template("units/show.html", unit=unit, watch=watch)
