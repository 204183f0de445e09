"""Activation codes on paper: who still has no password, and the slips to cut out."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja.forms.base import refuse_others
from kinerja.forms.numbers import whole
from kinerja.services import activation, activation_list, role_list
from kinerja.views import confirming, downloads, formats

blueprint = Blueprint("activation", __name__, url_prefix="/akun")


HEAD = (_("Nama"), _("NIP"), _("Jabatan"), _("Unit"), _("Akun"), _("Kode berlaku sampai"))


def _filters() -> activation_list.Filters:
    get = request.args.get
    return activation_list.Filters(
        get("q", "")[:100], get("unit", "")[:200], get("semua") == "1", get("berkode") == "1"
    )


def _args() -> dict[str, str]:
    """The filters as they stand in the address, so that they come along to the slips and back."""
    return {name: request.args[name] for name in ("q", "unit", "semua", "berkode") if request.args.get(name)}


@blueprint.get("/kode-aktivasi")
def index() -> ResponseReturnValue:
    me, filters = current_user.person_id, _filters()
    found = activation_list.page(me, filters, request.args.get("sesudah", type=whole))
    if found is None:
        abort(404)
    if first := confirming.asked(back=url_for("activation.index")):
        return first
    if kind := downloads.wanted():
        return _file(kind, activation_list.export(me, filters) or [])
    return render_template(
        "admin/activation.html", found=found, filters=filters, args=_args(), slips=None,
        units=role_list.units_to_choose(),
    )  # fmt: skip


def _file(kind: str, people: list[activation_list.Candidate]) -> Response:
    """The whole list, whatever page is shown."""
    quote = "'" if kind == "csv" else ""
    rows = (
        (
            p.name, f"{quote}{p.nip}", p.post, p.unit,
            gettext("punya kata sandi") if p.has_password else gettext("belum aktif"),
            formats.tanggal(p.code_until) if p.code_until else "",
        )
        for p in people
    )  # fmt: skip
    return downloads.answer(kind, "kode-aktivasi", [str(name) for name in HEAD], rows)


@blueprint.post("/kode-aktivasi/cetak")
def slips() -> ResponseReturnValue:
    """The codes stand on this one page and nowhere else: it cannot be opened again, only printed now."""
    refuse_others(request.form, "orang")
    back = url_for("activation.index", **_args())
    if not activation_list.may_issue(current_user.person_id):
        abort(404)
    if first := confirming.asked(back=back):
        return first
    chosen = request.form.getlist("orang")
    if not chosen:
        flash(gettext("Pilih dahulu pegawai yang akan menerima kode."), "warning")
        return redirect(back, 303)
    made = activation.issue(current_user.person_id, chosen[: activation_list.PAGE])
    if not made:
        abort(404)
    return render_template("admin/activation.html", slips=made, args=_args())
