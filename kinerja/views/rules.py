"""Aturan yang dipakai: every number with its article, for everybody."""

from collections.abc import Mapping
from dataclasses import replace as replaced
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from kinerja import clock
from kinerja.forms.base import refuse_others
from kinerja.forms.fields import options
from kinerja.forms.rules import HolidayForm, RemoveHolidayForm, replace_form, rows_sent, with_row, without_row
from kinerja.services import holidays, permits, rule_cells, rule_values, rulebook
from kinerja.services.errors import BadInput
from kinerja.views import downloads, formats, refusals

blueprint = Blueprint("rules", __name__, url_prefix="/aturan")


SET_HEAD = (
    _("Aturan"), _("Nama"), _("Sumber"), _("Parameter"), _("Masih asumsi"), _("Belum ada"), _("Diganti keputusan"),
)  # fmt: skip
LINE_HEAD = (_("Kode"), _("Parameter"), _("Nilai"), _("Keadaan"), _("Sumber"), _("Catatan"))
HISTORY_HEAD = (
    _("Kode"), _("Parameter"), _("Nilai"), _("Keputusan"), _("Tanggal"), _("Dicatat oleh"), _("Waktu"),
)  # fmt: skip
DAY_HEAD = (_("Tanggal"), _("Nama"), _("Jenis"), _("Sumber"))


@blueprint.get("/")
def index() -> ResponseReturnValue:
    sets = rulebook.rule_sets()
    rows = (
        (s.code, s.title, s.source, s.parameters, s.assumptions, len(s.missing), s.replaced) for s in sets
    )
    if file := downloads.asked("aturan", SET_HEAD, rows):
        return file
    return render_template("rules/index.html", sets=sets, origins=rulebook.origins(), year=clock.today().year)


def _file_of(name: str, lines: list[rulebook.Line]) -> Response | None:
    """The parameters the page shows, as a file where it is asked for."""
    rows = (
        (
            line.code, gettext(line.label), _plain(line), gettext(rulebook.STATUS_LABELS[line.status]), line.source,
            gettext(line.note) if line.note else "",
        )
        for line in lines
    )  # fmt: skip
    return downloads.asked(name, LINE_HEAD, rows)


def _plain(line: rulebook.Line) -> Any:
    """A value in one cell; the rows of a table are set apart by semicolons."""
    if line.grid is None:
        return "" if line.value is None else line.value
    rows = (line.grid.heads, *line.grid.rows) if line.grid.heads else line.grid.rows
    return "; ".join(" | ".join("" if cell is None else str(cell) for cell in row) for row in rows)


def _spoken(line: rulebook.Line) -> rulebook.Line:
    """A line with the names in its table in the reader's language. What was typed is left as it is."""
    if line.grid is None:
        return line
    rows = tuple(
        tuple(
            gettext(cell) if cell and isinstance(cell, str) and (line.grid.named or at == 0) else cell
            for at, cell in enumerate(row)
        )
        for row in line.grid.rows
    )
    heads = tuple(gettext(head) if head else "" for head in line.grid.heads)
    return replaced(line, grid=rulebook.Grid(heads, rows))


@blueprint.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """One rule set; everybody may read it, an admin may replace what no law states."""
    law = rulebook.law_of(code)
    status, text = request.args.get("status", ""), request.args.get("q", "")[:100]
    lines = [_spoken(line) for line in rulebook.lines(law, status, text)]
    history = [replaced(one, line=_spoken(one.line)) for one in rulebook.history(code)]
    if request.args.get("bagian") == "riwayat":
        rows = (
            (
                h.line.code, gettext(h.line.label), _plain(h.line), h.decree_number, h.decree_date.isoformat(), h.by,
                formats.waktu(h.at),
            )
            for h in history
        )  # fmt: skip
        if file := downloads.asked(f"riwayat-{code}", HISTORY_HEAD, rows):
            return file
    elif file := _file_of(f"aturan-{code}", lines):
        return file
    return render_template(
        "rules/show.html",
        law=law,
        summary=rulebook.summary_of(law),
        lines=lines,
        status=status,
        text=text,
        statuses=rulebook.STATUS_LABELS,
        history=history,
        step_label=rulebook.step_label,
        may_replace=permits.may(current_user.roles, "rules.replace"),
    )


@blueprint.get("/tahun/<int(min=1900, max=2200):year>")
def of_year(year: int) -> ResponseReturnValue:
    """What the period of a year was opened with: frozen, whatever was entered since."""
    law, opened_at = rulebook.law_of_year(year)
    status, text = request.args.get("status", ""), request.args.get("q", "")[:100]
    lines = [_spoken(line) for line in rulebook.lines(law, status, text)]
    if file := _file_of(f"aturan-{year}", lines):
        return file
    return render_template(
        "rules/show.html",
        law=law,
        summary=rulebook.summary_of(law),
        lines=lines,
        status=status,
        text=text,
        statuses=rulebook.STATUS_LABELS,
        history=[],
        step_label=rulebook.step_label,
        may_replace=False,
        year=year,
        opened_at=opened_at,
    )


@blueprint.route("/<code>/<key>/ganti", methods=["GET", "POST"])
def replace(code: str, key: str) -> ResponseReturnValue:
    """An assumption gives way to a decree, for years opened from now on."""
    permits.demand(current_user.person_id, "rules.replace")
    found = rule_values.parameter(code, key)
    sent, status = request.form if request.method == "POST" else None, 200
    width = rule_cells.width_of(found)
    step = request.form.get("do", "") if width else ""
    if sent is not None and step:
        sent = MultiDict(_rows_changed(request.form, width, step))
    rows = rows_sent(sent or {}, width, rule_cells.MOST_ROWS)
    form = replace_form(rule_values.cells(code, found, rows), sent)
    if request.method == "POST":
        form.refuse_unknown(request.form if not step else sent or {}, also=("do",) if step else ())
    if request.method == "POST" and not step:
        if form.validate():
            try:
                rule_values.replace(
                    current_user.person_id,
                    code,
                    key,
                    form.typed(),
                    decree_number=form.decree_number.data,
                    decree_date=form.decree_date.data,
                )
            except BadInput as error:
                refusals.place(form, error)
            else:
                flash(gettext("Nilai diganti. Berlaku untuk periode yang dibuka sesudah ini."), "success")
                return redirect(url_for("rules.show", code=code) + f"#{key}", 303)
        status = 422
    page = render_template(
        "rules/replace.html",
        line=_spoken(rulebook.line_of(found)),
        code=code,
        form=form,
        statuses=rulebook.STATUS_LABELS,
        grows=rule_cells.grows(found),
        most=rule_cells.MOST_ROWS,
    )
    return page, status


def _rows_changed(sent: Mapping[str, str], width: int, step: str) -> dict[str, str]:
    """What was typed, with a row more or less: "add:2" puts one after the second, "remove:2" takes that one out."""
    what, _colon, number = step.partition(":")
    if not number.isdecimal() or len(number) > 3 or what not in ("add", "remove"):
        abort(400)
    if what == "add":
        return with_row(sent, width, int(number), rule_cells.MOST_ROWS)
    return without_row(sent, width, int(number))


@blueprint.route("/hari-libur/<int(min=1900, max=2200):year>", methods=["GET", "POST"])
def days_off(year: int) -> ResponseReturnValue:
    """The holidays of a year with their decree; an admin enters what is missing."""
    if not 2000 <= year <= 2100:
        abort(404)
    days = holidays.of_year(year).days if request.args.get("unduh") else ()
    rows = ((d.day.isoformat(), d.name, gettext(holidays.KINDS[d.kind]), d.source) for d in days)
    if file := downloads.asked(f"hari-libur-{year}", DAY_HEAD, rows):
        return file
    form = HolidayForm(request.form if request.method == "POST" else None)
    form.kind.choices = options((code, gettext(label)) for code, label in holidays.KINDS.items())
    status = 200
    if request.method == "POST":
        permits.demand(current_user.person_id, "holiday.write")
        form.refuse_unknown(request.form)
        if form.validate():
            try:
                holidays.add(
                    current_user.person_id, form.day.data, form.name.data, form.kind.data, form.source.data
                )
            except BadInput as error:
                refusals.place(form, error)
            else:
                flash(gettext("%(name)s dicatat.", name=form.name.data), "success")
                return redirect(url_for("rules.days_off", year=form.day.data.year), 303)
        status = 422
    page = render_template(
        "rules/holidays.html",
        page=holidays.of_year(year),
        form=form,
        kinds=holidays.KINDS,
        may_write=permits.may(current_user.roles, "holiday.write"),
    )
    return page, status


@blueprint.post("/hari-libur/<int(min=1900, max=2200):year>/muat")
def load_days_off(year: int) -> ResponseReturnValue:
    refuse_others(request.form)
    new = holidays.load(current_user.person_id, year)
    flash(gettext("%(n)s hari libur %(year)s dicatat.", n=new, year=year), "success")
    return redirect(url_for("rules.days_off", year=year), 303)


@blueprint.route("/hari-libur/<int(min=1900, max=2200):year>/<day>/hapus", methods=["GET", "POST"])
def remove_day_off(year: int, day: str) -> ResponseReturnValue:
    permits.demand(current_user.person_id, "holiday.write")
    found = next((row for row in holidays.of_year(year).days if row.day.isoformat() == day), None)
    if found is None:
        abort(404)
    form = RemoveHolidayForm(request.form if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        form.refuse_unknown(request.form)
        if form.validate():
            holidays.remove(current_user.person_id, date.fromisoformat(day), form.reason.data)
            flash(gettext("%(name)s dihapus.", name=found.name), "success")
            return redirect(url_for("rules.days_off", year=year), 303)
        status = 422
    return render_template("rules/holiday_remove.html", day=found, year=year, form=form), status
