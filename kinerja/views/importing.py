"""People and structure from files: try, look, apply the very same files; come back while it runs."""

from typing import Any

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja.forms.importing import ApplyForm, UploadForm
from kinerja.services import import_jobs, permits
from kinerja.services.errors import BadInput
from kinerja.views import confirming, downloads, formats, refusals
from kinerja.views.htmx import render

blueprint = Blueprint("importing", __name__, url_prefix="/pengaturan/impor")

LARGEST = 64 * 1024 * 1024
FIELDS = {"units": "unit.csv", "people": "pegawai.csv", "roles": "peran.csv"}


@blueprint.record_once
def _let_large_files_in(state: Any) -> None:
    """A ministry's staff list is larger than any other form; only who is signed in may send one."""
    app: Flask = state.app

    def widen() -> None:
        if (
            request.endpoint == "importing.upload"
            and request.method == "POST"
            and current_user.is_authenticated
        ):
            request.max_content_length = LARGEST

    # Behind the gate, but before the guard of forms, which reads what was sent.
    app.before_request_funcs.setdefault(None, []).insert(1, widen)


PROBLEM_HEAD = (_("Berkas"), _("Baris"), _("Kolom"), _("Nilai"), _("Tingkat"), _("Alasan"))
CHANGE_HEAD = (_("Tentang"), _("Tindakan"), _("Kunci"), _("Nama"), _("Sebelum"), _("Sesudah"))
HEAD = (_("Waktu"), _("Oleh"), _("Yang berubah"), _("Berkas"))


@blueprint.get("/")
def index() -> ResponseReturnValue:
    rows = (
        (
            formats.waktu(i.at), i.by or gettext("perintah server"), _changes_of(i.counts),
            ", ".join(f"{name} {seal[:12]}" for name, seal in i.hashes.items()),
        )
        for i in import_jobs.past(current_user.person_id)
    )  # fmt: skip
    return downloads.asked("impor", HEAD, rows) or _index(UploadForm())


def _changes_of(counts: Any) -> str:
    told = (
        f"{gettext(import_jobs.SUBJECTS[subject])} {n} {gettext(import_jobs.ACTIONS[action])}"
        for subject, per in counts.items()
        for action, n in per.items()
        if n and action in ("added", "changed", "ended")
    )
    return ", ".join(told)


def _index(form: UploadForm) -> str:
    me = current_user.person_id
    may_run = permits.may(current_user.roles, "import.run")
    return render_template(
        "admin/import.html",
        form=form,
        past=import_jobs.past(me),
        unfinished=import_jobs.unfinished(me) if may_run else [],
        may_run=may_run,
        subjects=import_jobs.SUBJECTS,
        actions=import_jobs.ACTIONS,
    )


@blueprint.post("/")
def upload() -> ResponseReturnValue:
    form = UploadForm()
    form.refuse_unknown([*request.form, *request.files])
    sent = {
        name: request.files[field].stream
        for field, name in FIELDS.items()
        if field in request.files and request.files[field].filename
    }
    try:
        token = import_jobs.upload(current_user.person_id, sent)  # type: ignore[arg-type]
    except BadInput as error:
        refusals.place(form, error)
        return _index(form), 422
    return redirect(url_for("importing.show", token=token), 303)


@blueprint.get("/<token>")
def show(token: str) -> Response:
    return _page(token, ApplyForm())


def _page(token: str, form: ApplyForm, status: int = 200) -> Response:
    found = import_jobs.view(current_user.person_id, token)
    chosen = request.args.get("lihat", "")
    subject, _dash, action = chosen.partition("-")
    changes = found.result.get("changes", ())
    return render(
        "admin/import_show.html",
        fragment="progress",
        status=status,
        found=found,
        form=form,
        subjects=import_jobs.SUBJECTS,
        actions=import_jobs.ACTIONS,
        told=import_jobs.told,
        chosen=chosen,
        subject=subject if subject in import_jobs.SUBJECTS else "",
        action=action if action in import_jobs.ACTIONS else "",
        changes=[c for c in changes if c["subject"] == subject and c["action"] == action],
        missing=sum(per.get("missing", 0) for per in found.result.get("counts", {}).values()),
    )


@blueprint.post("/<token>/terapkan")
def apply(token: str) -> ResponseReturnValue:
    """Write what was tried; asked for with the password again, for it moves whole reporting lines."""
    permits.demand(current_user.person_id, "import.run")
    if first := confirming.asked(back=url_for("importing.show", token=token)):
        return first
    form = ApplyForm(request.form)
    form.refuse_unknown(request.form)
    try:
        import_jobs.apply(current_user.person_id, token, end_missing=form.end_missing.data)
    except BadInput as error:
        refusals.place(form, error)
        return _page(token, form, 422)
    return redirect(url_for("importing.show", token=token), 303)


@blueprint.post("/<token>/batal")
def cancel(token: str) -> ResponseReturnValue:
    # Its button stands in the form that applies the import.
    form = ApplyForm(request.form)
    form.refuse_unknown(request.form)
    try:
        import_jobs.cancel(current_user.person_id, token)
    except BadInput as error:
        refusals.place(form, error)
        return _page(token, form, 422)
    flash(gettext("Berkas dihapus dari server; tidak ada yang disimpan."), "success")
    return redirect(url_for("importing.index"), 303)


@blueprint.get("/<token>/<any('perubahan.csv', 'galat.csv'):name>")
def download(token: str, name: str) -> Response:
    """Every change or every error as a file in the language of whoever asks."""
    rows = import_jobs.download(current_user.person_id, token, name)
    stem = name.removesuffix(".csv")
    if stem == "galat":
        head = PROBLEM_HEAD
        told = ([*row[:4], gettext(row[4]), formats.kalimat(row[5], row[6])] for row in rows)
    else:
        head = CHANGE_HEAD
        told = ([gettext(row[0]), gettext(row[1]), *row[2:]] for row in rows)
    return downloads.csv_answer(stem, [str(label) for label in head], told)
