"""Dialog Kinerja Organisasi beside its document: who held it in which quarter, and scheduling one by hand."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja import clock
from kinerja.forms.dko import DkoStartForm
from kinerja.forms.fields import options
from kinerja.forms.numbers import a_year
from kinerja.services import dko_compliance, dko_start, identity, lakin, lpkr, periods, pk_progress
from kinerja.services.errors import BadInput, NotThere
from kinerja.views import answers, downloads, formats
from kinerja.views.lakin import STATES as SHEETS
from kinerja.views.saying import gettext

blueprint = Blueprint("dko", __name__, url_prefix="/dko")
# How a quarter of a UPK stands: in words, as a colour, with an icon.
STATES = {
    dko_compliance.HELD: (_("Dilaksanakan"), "ok", "check-circle"),
    dko_compliance.AHEAD: (_("Dijadwalkan"), "wait", "calendar3"),
    dko_compliance.LATE: (_("Lewat tanggalnya"), "bad", "exclamation-circle"),
    dko_compliance.MISSED: (_("Tidak dilaksanakan"), "bad", "x-circle"),
    dko_compliance.NONE: (_("Belum dijadwalkan"), "wait", "hourglass-split"),
    dko_compliance.NOT_YET: (_("Belum waktunya"), "", None),
}
FILE_HEAD = (
    _("Kode"), _("Unit"), _("Level"), _("PK berlaku"), _("Triwulan I"), _("Triwulan II"), _("Triwulan III"),
    _("Triwulan IV"), _("Lembar data LAKIN"),
)  # fmt: skip
QUARTERS = ("TW1", "TW2", "TW3", "TW4")


def _form(formdata: Any = None) -> DkoStartForm:
    """The form, with the units whose DKO this person may schedule; without one there is no such page for him."""
    units = dko_start.units_to_schedule(current_user.person_id)
    if not units:
        raise NotThere("dko")
    form = DkoStartForm(formdata, data={"unit": request.args.get("unit", "")[:40]})
    form.unit.choices = options((unit.code, f"{unit.code} {unit.name}") for unit in units)
    form.slot.choices = options((slot, gettext(periods.SLOT_LABELS[slot])) for slot in QUARTERS)
    return form


@blueprint.get("/")
def compliance() -> ResponseReturnValue:
    """Which UPK held its DKO in which quarter, of what one watches or from one unit down."""
    me, code = current_user.person_id, request.args.get("unit", "")[:40]
    year = request.args.get("tahun", type=a_year)
    period = periods.period_of(year) if year else periods.current_period()
    found = dko_compliance.look(identity.circle_of(me), period, code)
    rows = (
        (
            one.code,
            one.name,
            one.level,
            gettext("Ya") if one.has_pk else gettext("Tidak"),
            *map(_told, one.cells),
            _sheet(one.sheet),
        )
        for one in found.every
    )
    return downloads.asked("kepatuhan-dko", FILE_HEAD, rows) or render_template(
        "dko/compliance.html",
        found=found,
        period=period,
        code=code,
        quarters=QUARTERS,
        slot_labels=periods.SLOT_LABELS,
        words=STATES,
        sheet_words=SHEETS,
        may_schedule=bool(dko_start.units_to_schedule(me)),
    )


def _told(cell: Any) -> str:
    day = f" {formats.tanggal(cell.held_on)}" if cell.held_on else ""
    return f"{STATES[cell.state][0]}{day}"


def _sheet(how: lakin.Standing) -> str:
    return f"{SHEETS[how.state][0]}" + (f" {formats.tanggal(how.due)}" if how.due else "")


@blueprint.get("/lpkr")
def report() -> ResponseReturnValue:
    """The monitoring report (LPKR) of a unit and quarter, on screen and on paper; without a unit, whose there are."""
    circle = identity.circle_of(current_user.person_id)
    year = request.args.get("tahun", type=a_year)
    period = periods.period_of(year) if year else periods.current_period()
    code, slot = request.args.get("unit", "")[:40], request.args.get("periode", "")
    if period is None:
        if year or code:
            raise NotThere("period")
        return render_template(
            "dko/reports.html", period=None, units=[], cut=False, quarters=QUARTERS, slot_labels={}
        )
    if not code:
        units = lpkr.offered(circle, period)
        return render_template(
            "dko/reports.html",
            period=period,
            units=units,
            cut=len(units) >= lpkr.OFFERED,
            quarters=QUARTERS,
            slot_labels=periods.SLOT_LABELS,
        )
    if slot not in QUARTERS:
        raise NotThere(slot)
    return render_template(
        "dko/report.html",
        report=lpkr.read(circle, period, code, slot),
        quarters=QUARTERS,
        slot_labels=periods.SLOT_LABELS,
        words=pk_progress.STATES,
        today=clock.today(),
    )


@blueprint.get("/jadwalkan")
def start() -> ResponseReturnValue:
    return _page(_form(), ())


def _page(form: DkoStartForm, problems: Any, status: int = 200) -> ResponseReturnValue:
    answers.put_at_fields(form, problems)
    shown = [{"text": formats.kalimat(p.message, p.params), "href": f"#{p.field_name}"} for p in problems]
    period = periods.current_period()
    return render_template("dko/start.html", form=form, period=period, problems=shown), status


@blueprint.post("/jadwalkan")
def create() -> ResponseReturnValue:
    form = _form(request.form)
    form.refuse_unknown(request.form)
    period = periods.current_period()
    if period is None:
        raise NotThere("period")
    if not form.validate():
        return _page(form, (), 422)
    try:
        document = dko_start.schedule(
            dko_start.unit_id_of(form.unit.data),
            period,
            form.slot.data,
            form.day.data,
            by_id=current_user.person_id,
        )
    except BadInput as error:
        return _page(form, error.problems, 422)
    return redirect(url_for("documents.show", public_id=document.public_id), 303)
