"""Aturan yang dipakai: every number with its article, for everybody."""

from flask import Blueprint, render_template, request
from flask_login import current_user

from kinerja.services import permits, rulebook

blueprint = Blueprint("rules", __name__, url_prefix="/aturan")


@blueprint.get("/")
def index() -> str:
    return render_template("rules/index.html", sets=rulebook.rule_sets())


@blueprint.get("/<code>")
def show(code: str) -> str:
    """One rule set; everybody may read it, an admin may replace what no law states."""
    law = rulebook.law_of(code)
    status, text = request.args.get("status", ""), request.args.get("q", "")[:100]
    return render_template(
        "rules/show.html",
        law=law,
        summary=rulebook.summary_of(law),
        lines=rulebook.lines(law, status, text),
        status=status,
        text=text,
        statuses=rulebook.STATUS_LABELS,
        history=rulebook.history(code),
        step_label=rulebook.step_label,
        may_replace=permits.may(current_user.roles, "rules.replace"),
    )


@blueprint.get("/tahun/<int:year>")
def of_year(year: int) -> str:
    """What the period of a year was opened with: frozen, whatever was entered since."""
    law, opened_at = rulebook.law_of_year(year)
    status, text = request.args.get("status", ""), request.args.get("q", "")[:100]
    return render_template(
        "rules/show.html",
        law=law,
        summary=rulebook.summary_of(law),
        lines=rulebook.lines(law, status, text),
        status=status,
        text=text,
        statuses=rulebook.STATUS_LABELS,
        history=[],
        step_label=rulebook.step_label,
        may_replace=False,
        year=year,
        opened_at=opened_at,
    )
