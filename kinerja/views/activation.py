"""Activation codes on paper: who still has no password, and the slips to cut out."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja.forms.base import refuse_others
from kinerja.services import activation
from kinerja.views import confirming, downloads, formats

blueprint = Blueprint("activation", __name__, url_prefix="/akun")


HEAD = (_("Nama"), _("NIP"), _("Jabatan"), _("Unit"), _("Akun"), _("Kode berlaku sampai"))


@blueprint.get("/kode-aktivasi")
def index() -> ResponseReturnValue:
    search, everyone = request.args.get("q", ""), request.args.get("semua") == "1"
    people = activation.candidates(current_user.person_id, search, only_without=not everyone)
    if people is None:
        abort(404)
    if first := confirming.asked(back=url_for("activation.index")):
        return first
    rows = (
        (
            p.name, downloads.Digits(p.nip), p.post, p.unit,
            gettext("punya kata sandi") if p.has_password else gettext("belum aktif"),
            formats.tanggal(p.code_until) if p.code_until else "",
        )
        for p in people
    )  # fmt: skip
    if file := downloads.asked("kode-aktivasi", HEAD, rows):
        return file
    return render_template(
        "admin/activation.html", people=people, search=search, everyone=everyone, slips=None
    )


@blueprint.post("/kode-aktivasi/cetak")
def slips() -> ResponseReturnValue:
    """The codes stand on this one page and nowhere else: it cannot be opened again, only printed now."""
    refuse_others(request.form, "orang")
    if first := confirming.asked(back=url_for("activation.index")):
        return first
    chosen = request.form.getlist("orang")
    if not chosen:
        flash(gettext("Pilih dahulu pegawai yang akan menerima kode."), "warning")
        return redirect(url_for("activation.index"), 303)
    made = activation.issue(current_user.person_id, chosen[:200])
    if not made:
        abort(404)
    return render_template("admin/activation.html", people=None, search="", everyone=False, slips=made)
