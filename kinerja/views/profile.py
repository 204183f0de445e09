"""The own profile: what kinerja knows, "Data saya salah", password, device, browsers, language and look."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja.forms.auth import ChangePasswordForm, CodeForm, PreferencesForm, WrongDataForm
from kinerja.forms.base import refuse_others
from kinerja.forms.numbers import whole
from kinerja.services import access, appointments, profile, sessions, totp, viewers
from kinerja.services.throttle import TryLater
from kinerja.views import confirming, downloads, formats, visitor

blueprint = Blueprint("profile", __name__, url_prefix="/profil")


READINGS_HEAD = (_("Waktu"), _("Siapa"), _("Sebagai"), _("Yang dibuka"), _("Dokumen"))


def _demo() -> bool:
    return bool(current_app.config["DEMO"])


@blueprint.get("")
def show() -> ResponseReturnValue:
    person_id = current_user.person_id
    return render_template(
        "profile/show.html",
        profile=profile.view_of(person_id),
        roles=appointments.of_person(person_id),
        reports=profile.reports_of(person_id),
        sessions=sessions.active(person_id, current_user.session_id),
        totp=access.totp_state(person_id, demo=_demo()),
        preferences=PreferencesForm(locale=current_user.locale, theme=current_user.theme),
    )


@blueprint.get("/siapa-membaca-nilai-saya")
def readings() -> ResponseReturnValue:
    """Every reading of one's own evaluations and objections by somebody else."""
    found = viewers.readings_of_my_values(current_user.person_id)
    rows = (
        (formats.waktu(r.at, r.zone), r.name, formats.hubungan(r.relation), gettext(r.what), r.number)
        for r in found
    )
    if file := downloads.asked("pembacaan-nilai-saya", READINGS_HEAD, rows):
        return file
    return render_template(
        "profile/readings.html",
        readings=found,
        most=viewers.MOST_READINGS,
    )


@blueprint.route("/data-saya-salah", methods=["GET", "POST"])
def report_error() -> ResponseReturnValue:
    form = WrongDataForm(request.form if request.method == "POST" else None, isian=request.args.get("isian"))
    form.isian.choices = {field: gettext(label) for field, label in profile.FIELDS}
    status = 200
    if request.method == "POST":
        form.refuse_unknown(request.form)
        if form.validate():
            profile.report_wrong_data(current_user.person_id, form.isian.data, form.uraian.data)
            flash(gettext("Laporan Anda masuk antrean pengelola. Dokumen Anda tetap berjalan."), "success")
            return redirect(url_for("profile.show") + "#laporan", 303)
        status = 422
    facts = profile.view_of(current_user.person_id)
    return render_template("profile/report_error.html", form=form, profile=facts), status


@blueprint.post("/pengaturan")
def preferences() -> ResponseReturnValue:
    form = PreferencesForm(request.form)
    form.refuse_unknown(request.form)
    if not form.validate():
        abort(400)
    access.set_preferences(current_user.person_id, locale=form.locale.data, theme=form.theme.data)
    answer = redirect(url_for("profile.show") + "#pengaturan", 303)
    # The sign-in page speaks the same language next time.
    answer.set_cookie(
        "bahasa",
        form.locale.data,
        max_age=365 * 24 * 3600,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return answer


@blueprint.post("/sesi")
def end_session() -> ResponseReturnValue:
    """Sign one browser out; only one's own."""
    refuse_others(request.form, "sesi")
    try:
        session_id = whole(request.form.get("sesi", ""))
    except ValueError:
        abort(400)
    sessions.end(session_id=session_id, person_id=current_user.person_id)
    if session_id == current_user.session_id:
        return _signed_out()
    flash(gettext("Perangkat itu sudah dikeluarkan."), "success")
    return redirect(url_for("profile.show") + "#sesi", 303)


@blueprint.post("/keluar-semua")
def sign_out_everywhere() -> ResponseReturnValue:
    refuse_others(request.form)
    sessions.end_all(current_user.person_id)
    return _signed_out()


def _signed_out() -> ResponseReturnValue:
    visitor.forget()
    return redirect(url_for("auth.sign_in"), 303)


@blueprint.route("/sandi", methods=["GET", "POST"])
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return render_template("profile/password.html", form=form)
    form.refuse_unknown(request.form)
    status, more = 422, {}
    if form.validate():
        try:
            problems = access.change_password(current_user, form.lama.data, form.sandi.data)
        except TryLater as error:
            form.form_errors.append(visitor.wait_text(error))
            status, more = 429, {"Retry-After": str(visitor.wait_seconds(error))}
        else:
            if problems == []:
                flash(gettext("Kata sandi diganti. Perangkat lain sudah dikeluarkan."), "success")
                return redirect(url_for("profile.show"), 303)
            if problems is None:
                form.lama.errors = [gettext("Kata sandi sekarang tidak cocok.")]
            else:
                form.sandi.errors = [gettext(problem) for problem in problems]
    return render_template("profile/password.html", form=form), status, more


@blueprint.route("/perangkat", methods=["GET", "POST"])
def device() -> ResponseReturnValue:
    """Set up the second step of one's own free will; a role that asks for it does so at sign-in."""
    if first := confirming.asked(back=url_for("profile.device")):
        return first
    person_id = current_user.person_id
    if access.totp_state(person_id, demo=_demo()).active:
        return redirect(url_for("profile.show") + "#perangkat", 303)
    form = CodeForm(request.form if "kode" in request.form else None)
    if request.method == "GET":
        return render_template("profile/device.html", form=form, enrol=None)
    if "kode" not in request.form:
        access.start_totp(person_id)
        return _device_page(form)
    form.refuse_unknown(request.form)
    if not form.validate():
        return _device_page(form, 422)
    try:
        fits = access.set_up_totp(person_id, form.kode.data)
    except TryLater as error:
        form.form_errors.append(visitor.wait_text(error))
        return _device_page(form, 429)
    if not fits:
        form.kode.errors = [gettext("Kode ini tidak cocok atau sudah dipakai. Tunggu kode berikutnya.")]
        return _device_page(form, 422)
    flash(gettext("Perangkat terpasang. Mulai sekarang kodenya diminta setiap kali Anda masuk."), "success")
    return redirect(url_for("profile.show") + "#perangkat", 303)


def _device_page(form: CodeForm, status: int = 200) -> ResponseReturnValue:
    secret = access.pending_totp(current_user.person_id)
    nip = profile.view_of(current_user.person_id).nip
    enrol: Any = totp.setup_of(secret, nip) if secret else None
    return render_template("profile/device.html", form=form, enrol=enrol), status


@blueprint.post("/perangkat/lepas")
def drop_device() -> ResponseReturnValue:
    refuse_others(request.form)
    if first := confirming.asked(back=url_for("profile.show")):
        return first
    if access.drop_totp(current_user.person_id, demo=_demo()):
        flash(gettext("Perangkat dilepas. Masuk cukup dengan kata sandi."), "success")
    else:
        flash(gettext("Peran Anda mewajibkan kode dari perangkat; perangkat tidak dapat dilepas."), "warning")
    return redirect(url_for("profile.show") + "#perangkat", 303)


@blueprint.post("/peran/<public_id>/terima")
def accept_role(public_id: str) -> ResponseReturnValue:
    """Accept the second admin's appointment, while nobody else could confirm it; services decide who may."""
    refuse_others(request.form)
    access.demand_own(current_user.person_id, public_id)
    if first := confirming.asked(back=url_for("profile.show")):
        return first
    access.accept_role(current_user.person_id, public_id)
    flash(gettext("Peran berlaku mulai sekarang."), "success")
    return redirect(url_for("profile.show") + "#peran", 303)
