"""Penugasan: asking for somebody of another unit, the answer of his penilai, and the end of it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from kinerja import clock
from kinerja.forms.assignments import APPROVE, AnswerForm, AskForm
from kinerja.forms.base import refuse_others
from kinerja.forms.fields import options
from kinerja.services import assignments
from kinerja.services.errors import BadInput, NotThere
from kinerja.views import refusals

blueprint = Blueprint("assignments", __name__, url_prefix="/penugasan")


@blueprint.get("/")
def index() -> ResponseReturnValue:
    return render_template("assignments/index.html", lists=assignments.lists(current_user.person_id))


@blueprint.route("/ajukan", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Ask for a person; whoever heads no unit has no such page."""
    units = assignments.units_of(current_user.person_id)
    if not units:
        raise NotThere("penugasan")
    form = AskForm(request.form if request.method == "POST" else None, starts=clock.today())
    form.unit.choices = options((unit.code, f"{unit.code} {unit.name}") for unit in units)
    status = 200
    if request.method == "POST":
        form.refuse_unknown(request.form)
        if form.validate():
            unit = next(one for one in units if one.code == form.unit.data)
            wanted = assignments.Wanted(
                unit.id,
                form.to.data,
                form.team.data or "",
                form.decree.data,
                form.starts.data,
                form.ends.data,
            )
            try:
                assignments.ask(current_user.person_id, wanted)
            except BadInput as error:
                refusals.place(form, error)
            else:
                flash(gettext("Penugasan dicatat. Pejabat penilai pegawai itu diberi tahu."), "success")
                return redirect(url_for(".index"), 303)
        status = 422
    return render_template("assignments/ask.html", form=form), status


@blueprint.route("/<public_id>", methods=["GET", "POST"])
def answer(public_id: str) -> ResponseReturnValue:
    """The penilai approves or refuses; for everybody else there is no such page."""
    me = current_user.person_id
    row = assignments.one(public_id, me)
    form = AnswerForm(request.form if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        form.refuse_unknown(request.form)
        if form.validate():
            try:
                if form.answer.data == APPROVE:
                    assignments.approve(me, public_id)
                else:
                    assignments.refuse(me, public_id, form.reason.data or "")
            except BadInput as error:
                refusals.place(form, error)
            else:
                flash(gettext("Jawaban disimpan; yang mengajukan diberi tahu."), "success")
                return redirect(url_for(".index"), 303)
        status = 422
    return render_template("assignments/answer.html", form=form, row=row), status


@blueprint.post("/<public_id>/akhiri")
def end(public_id: str) -> ResponseReturnValue:
    """Either side ends it at once."""
    refuse_others(request.form)
    assignments.end(current_user.person_id, public_id)
    flash(gettext("Penugasan diakhiri mulai sekarang."), "success")
    return redirect(url_for(".index"), 303)
