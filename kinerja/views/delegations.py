"""Pendelegasian: what one gave and received, giving, accepting, declining, ending; the pengelola sees his units'."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja import clock
from kinerja.forms.base import refuse_others
from kinerja.forms.delegations import AS_PENILAI, GiveForm
from kinerja.forms.fields import options
from kinerja.services import delegations
from kinerja.services.errors import BadInput, NotAllowed
from kinerja.views import confirming, downloads, refusals

blueprint = Blueprint("delegations", __name__, url_prefix="/pendelegasian")

HEAD = (
    _("Dari"), _("Jabatan"), _("Unit"), _("Kepada"), _("Jenis dokumen"), _("Boleh menandatangani"), _("Mulai"),
    _("Selesai"), _("Surat"), _("Keadaan"),
)  # fmt: skip


@blueprint.get("/")
def index() -> ResponseReturnValue:
    found = delegations.lists(current_user.person_id)
    rows = (
        (
            r.holder, r.post, r.unit, r.delegate, ", ".join(gettext(kind) for kind in r.kinds),
            gettext("ya") if r.may_sign else gettext("tidak"), r.starts.isoformat(), r.ends.isoformat(), r.letter,
            gettext(r.state_label),
        )
        for r in (*found.received, *found.given, *(found.watched or ()))
    )  # fmt: skip
    if file := downloads.asked("pendelegasian", HEAD, rows):
        return file
    return render_template("delegations/index.html", lists=found)


@blueprint.route("/beri", methods=["GET", "POST"])
def give() -> ResponseReturnValue:
    """Give a delegation; it counts once the other has accepted it."""
    me = current_user.person_id
    posts = delegations.posts_of(me)
    if not posts:
        if request.method == "POST":
            raise NotAllowed("pendelegasian.beri", [delegations.NO_STAFF])
        flash(gettext(delegations.NO_STAFF), "warning")
        return redirect(url_for(".index"), 303)
    form = GiveForm(request.form if request.method == "POST" else None, starts=clock.today())
    form.post.choices = options((str(number), title) for number, title in posts)
    form.kinds.choices = options((code, gettext(label)) for code, label in delegations.KINDS.items())
    if request.method == "GET":
        form.post.data = str(posts[0][0])
    status = 200
    if request.method == "POST":
        form.refuse_unknown(request.form)
        if form.validate():
            letter = delegations.Letter(
                int(form.post.data), form.to.data, form.starts.data, form.ends.data, form.letter.data,
                form.letter_date.data, tuple(form.kinds.data or ()), form.sign.data == "ya",
                form.purpose.data == AS_PENILAI,
            )  # fmt: skip
            try:
                delegations.give(me, letter)
            except BadInput as error:
                refusals.place(form, error)
            else:
                flash(gettext("Pendelegasian dikirim. Berlaku sesudah diterima."), "success")
                return redirect(url_for(".index"), 303)
        status = 422
    return render_template("delegations/give.html", form=form), status


@blueprint.post("/<public_id>/terima")
def accept(public_id: str) -> ResponseReturnValue:
    """The delegate's word, with the password again."""
    refuse_others(request.form)
    delegations.demand_accept(current_user.person_id, public_id)
    if first := confirming.asked(back=url_for(".index")):
        return first
    delegations.accept(current_user.person_id, public_id)
    flash(
        gettext(
            "Pendelegasian diterima. Selama berlaku, setiap halaman menyebut atas nama siapa Anda bertindak."
        ),
        "success",
    )
    return redirect(url_for(".index"), 303)


@blueprint.post("/<public_id>/tolak")
def decline(public_id: str) -> ResponseReturnValue:
    refuse_others(request.form)
    delegations.decline(current_user.person_id, public_id)
    flash(gettext("Pendelegasian tidak diterima; pemberinya diberi tahu."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<public_id>/akhiri")
def end(public_id: str) -> ResponseReturnValue:
    """Either side ends it at once."""
    refuse_others(request.form)
    delegations.end(current_user.person_id, public_id)
    flash(gettext("Pendelegasian diakhiri mulai sekarang."), "success")
    return redirect(url_for(".index"), 303)
