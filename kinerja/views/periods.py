"""Years of assessment: read by the offices, opened and closed by the admin."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja.forms.admin import ClosePeriodForm, CorrectWindowForm, OpenPeriodForm, PrepareForm
from kinerja.forms.fields import options
from kinerja.forms.numbers import a_year, whole
from kinerja.services import (
    period_closing,
    period_setup,
    period_steps,
    permits,
    rulebook,
    window_correction,
)
from kinerja.services.errors import BadInput
from kinerja.views import confirming, downloads, formats, refusals

blueprint = Blueprint("periods", __name__, url_prefix="/pengaturan/periode")


HEAD = (
    _("Tahun"), _("Keadaan"), _("Aturan"), _("Ritme"), _("Dokumen berjalan"), _("Dibuka"), _("Dibuka oleh"),
)  # fmt: skip


@blueprint.get("/")
def index() -> ResponseReturnValue:
    found = period_setup.rows(current_user.person_id)
    rows = (
        (
            p.year, gettext(p.state_label), p.rule_set, gettext(period_setup.RHYTHMS[p.rhythm]), p.open_documents,
            formats.tanggal(p.opened_at) if p.opened_at else "", p.opened_by,
        )
        for p in found
    )  # fmt: skip
    if file := downloads.asked("periode", HEAD, rows):
        return file
    return render_template(
        "admin/periods.html",
        periods=found,
        may_open=permits.may(current_user.roles, "period.open"),
        rhythms=period_setup.RHYTHMS,
    )


@blueprint.route("/<int(min=1900, max=2200):year>", methods=["GET", "POST"])
def show(year: int) -> ResponseReturnValue:
    """A year with its windows and its law; its POST closes it."""
    form = ClosePeriodForm(request.form if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        permits.demand(current_user.person_id, "period.close")
        form.refuse_unknown(request.form)
        if form.validate():
            try:
                period_setup.close_year(current_user.person_id, year, form.reason.data)
            except BadInput as error:
                refusals.place(form, error)
            else:
                flash(gettext("Periode %(year)s ditutup.", year=year), "success")
                return redirect(url_for("periods.show", year=year), 303)
        status = 422
    found = period_setup.row(current_user.person_id, year)
    page = render_template(
        "admin/period.html",
        period=found,
        steps=period_steps.steps_of(year, found.law, found.windows),
        step_statuses=period_steps.STATUS_LABELS,
        corrections=window_correction.history(found.id),
        may_correct=found.state == "open" and permits.may(current_user.roles, "period.correct"),
        form=form,
        still_open=period_closing.still_open(year, request.args.get("halaman", 1, type=whole)),
        may_close=permits.may(current_user.roles, "period.close"),
        rhythms=period_setup.RHYTHMS,
        step_label=rulebook.step_label,
    )
    return page, status


@blueprint.route("/<int(min=1900, max=2200):year>/jendela/<slot>", methods=["GET", "POST"])
def window(year: int, slot: str) -> ResponseReturnValue:
    """A window of an open year put right: typed, shown before and after, then confirmed."""
    me = current_user.person_id
    permits.demand(me, "period.correct")
    found = window_correction.slot_of(me, year, slot)
    if first := confirming.asked(back=url_for("periods.show", year=year)):
        return first
    form = CorrectWindowForm(request.form if request.method == "POST" else None, data=dict(found.dates))
    changes: tuple[window_correction.Change, ...] = ()
    status = 200
    if request.method == "POST":
        form.refuse_unknown(request.form)
        if form.validate():
            try:
                if form.confirm.data:
                    moved = window_correction.correct(me, year, slot, form.dates(), form.reason.data)
                    flash(gettext("Jendela dikoreksi; batas %(n)s dokumen mengikutinya.", n=moved), "success")
                    return redirect(url_for("periods.show", year=year) + "#koreksi", 303)
                changes = window_correction.preview(me, year, slot, form.dates(), form.reason.data)
            except BadInput as error:
                refusals.place(form, error)
        status = 200 if changes else 422
    return render_template("admin/window.html", found=found, form=form, changes=changes), status


@blueprint.get("/buka")
def prepare() -> ResponseReturnValue:
    """The year as it would be opened; choices above the form are its address, so that nothing needs a script."""
    get = request.args.get
    proposal = period_setup.proposal(
        current_user.person_id,
        get("tahun", type=a_year),
        get("aturan", ""),
        get("ritme", ""),
        get("dari", type=whole),
    )
    form = OpenPeriodForm(
        None,
        year=proposal.year,
        rule_set=proposal.rule_set,
        rhythm=proposal.rhythm,
        review_initial_skp="ya" if proposal.review_initial_skp else "tidak",
        calibration_levels=proposal.calibration_levels,
        windows=[dict(window) for window in proposal.windows],
        copied_from=str(proposal.copied_from or ""),
    )
    return _open_page(form)


@blueprint.post("/buka")
def open_() -> ResponseReturnValue:
    form = OpenPeriodForm(request.form)
    form.rule_set.choices = _rule_sets()
    form.refuse_unknown(request.form)
    if form.validate():
        try:
            period_setup.open_year(
                current_user.person_id,
                year=int(form.year.data),
                rule_set=form.rule_set.data,
                rhythm=form.rhythm.data,
                windows=form.windows.data,
                review_initial_skp=form.review_initial_skp.data == "ya",
                calibration_levels=int(form.calibration_levels.data),
            )
        except BadInput as error:
            refusals.place(form, error)
        else:
            flash(gettext("Periode %(year)s dibuka.", year=int(form.year.data)), "success")
            return redirect(url_for("periods.show", year=int(form.year.data)), 303)
    return _open_page(form, 422)


def _rule_sets() -> list[object]:
    return list(options((s.code, s.title) for s in rulebook.rule_sets()))


def _open_page(form: OpenPeriodForm, status: int = 200) -> ResponseReturnValue:
    """The page of the form: with what stays closed, and whether the structure holds together."""
    permits.demand(current_user.person_id, "period.open")
    sets = rulebook.rule_sets()
    form.rule_set.choices = list(options((s.code, s.title) for s in sets))
    prepared = PrepareForm(
        None,
        tahun=form.year.data,
        aturan=form.rule_set.data,
        ritme=form.rhythm.data or "triwulanan",
        dari=form.copied_from.data or "",
    )
    prepared.aturan.choices = form.rule_set.choices
    years = [(str(year), str(year)) for year in period_setup.copyable()]
    prepared.dari.choices = options([("", gettext("Tanggal baku aturan")), *years])
    page = render_template(
        "admin/period_open.html",
        form=form,
        prepared=prepared,
        labels=period_setup.SLOT_LABELS,
        rule_set=next((s for s in sets if s.code == form.rule_set.data), sets[0]),
        step_label=rulebook.step_label,
        checks=period_setup.structure_summary(),
        rhythms=period_setup.RHYTHMS,
    )
    return page, status
