"""Evidence over HTTP: brought to a period by the employee, opened by whoever may see the document."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from kinerja.forms.monitoring import EvidenceForm
from kinerja.forms.numbers import whole
from kinerja.services import evidence, monitoring_view, reading, transitions
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.views import formats
from kinerja.views.htmx import render
from kinerja.workflows.base import Incomplete

blueprint = Blueprint("evidence", __name__, url_prefix="/dokumen")

# A file somebody uploaded is never shown as a page of ours: it is handed over, and could do nothing if it were shown.
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


@blueprint.get("/<public_id>/bukti")
def ask(public_id: str) -> Response:
    """The page on which a piece of evidence is brought."""
    return _ask(_writable(public_id), chosen=request.args.getlist("untuk"))


@blueprint.post("/<public_id>/bukti")
def add(public_id: str) -> ResponseReturnValue:
    """Take a file, an address or something brought before, and attach it to the ticked indicators."""
    page = _writable(public_id)
    version = request.form.get("version", type=whole)
    if version is None:
        abort(400)
    form = _form(page, request.form)
    if not form.validate():
        return _ask(page, form=form, status=422)
    try:
        found = _brought(form)
        attach = [{"item": key, "evidence": found, "shows": form.shows.data} for key in form.items.data]
        transitions.send(
            public_id, "save", current_user.person_id, version=version, change={"attach": attach},
            key=request.form.get("key", ""),
        )  # fmt: skip
    except (BadInput, Incomplete) as error:
        problems = error.problems if isinstance(error, BadInput) else error.unmet
        return _ask(reading.page(public_id, current_user.person_id), form=form, status=422, problems=problems)
    target = url_for("documents.show", public_id=public_id, _anchor=f"rinci-{form.items.data[0]}")
    return redirect(target, 303)


@blueprint.get("/<public_id>/bukti/<evidence_id>")
def open_one(public_id: str, evidence_id: str) -> ResponseReturnValue:
    """Hand over a file or go on to an address; the read log keeps that it was opened, and by whom."""
    document, actor = reading.open_document(public_id, current_user.person_id)
    opened = evidence.open_evidence(document, actor, evidence_id)
    if opened.path is None:
        answer: Any = redirect(opened.url, 303)
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer  # type: ignore[no-any-return]
    answer = send_file(
        opened.path, mimetype=opened.media_type, as_attachment=True, download_name=opened.name, etag=False,
        conditional=False, max_age=0,
    )  # fmt: skip
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _writable(public_id: str) -> reading.Page:
    """The page of a realisation that this person may write in now. Raises NotThere, NotAllowed."""
    page = reading.page(public_id, current_user.person_id)
    if page.document.kind not in ("realisation", "iku_realisation"):
        raise NotThere(public_id)
    if not any(offer.event == "save" for offer in page.offers):
        refusal = next((r for r in page.refusals if r.event == "save"), None)
        raise NotAllowed("save", refusal.reasons if refusal else ())
    return page


def _form(page: reading.Page, formdata: Any = None, chosen: Any = ()) -> EvidenceForm:
    existing = [(own.public_id, own.name) for own in evidence.own(current_user.person_id)]
    indicators = monitoring_view.indicator_choices(monitoring_view.matter_of(page))
    of_unit = page.document.kind == "iku_realisation"
    return EvidenceForm(formdata, indicators, existing, chosen, raw_data=of_unit)


def _brought(form: EvidenceForm) -> str:
    """The id of what was brought: exactly one of file, address, and something brought before."""
    upload = request.files.get("file")
    has_file = upload is not None and bool(upload.filename)
    given = [has_file, bool(form.url.data), bool(form.existing.data)]
    if sum(given) != 1:
        raise evidence.refuse(
            gettext("Pilih satu: unggah berkas, tulis tautan, atau pakai bukti yang sudah ada.")
        )
    if upload is not None and has_file:
        return evidence.store_file(current_user.person_id, upload.filename or "", upload.stream).public_id
    if form.url.data:
        return evidence.store_link(current_user.person_id, form.url.data, form.name.data).public_id
    return str(form.existing.data)


def _ask(
    page: reading.Page, *, form: Any = None, status: int = 200, problems: Any = (), chosen: Any = ()
) -> Response:
    answer = render(
        "documents/evidence_add.html",
        fragment="panel",
        status=status,
        page=page,
        form=form if form is not None else _form(page, chosen=chosen),
        problems=[_line(problem) for problem in problems],
        zone=page.document.unit.zone,
    )
    reading.keep_reads()
    return answer


def _line(problem: Any) -> dict[str, str]:
    """One condition as a line of the error summary."""
    return {
        "text": formats.kalimat(problem.message, problem.params),
        "href": f"#{problem.field_name or 'file'}",
    }
