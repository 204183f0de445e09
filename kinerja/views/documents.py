"""The one view that drives every document: show it, ask for what an event needs, send the event, show it again."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from kinerja import clock
from kinerja.forms.base import GUARDS, UnknownField
from kinerja.forms.numbers import whole
from kinerja.services import access, reading, transitions, viewers
from kinerja.services.errors import BadInput, NeedsSignature, NotAllowed, Stale
from kinerja.views import answers, conflicts, downloads, formats, kinds, listing, pictures
from kinerja.views.htmx import render, wants_fragment
from kinerja.views.saying import gettext
from kinerja.workflows.base import OWN_RULE, Incomplete, Unmet

blueprint = Blueprint("documents", __name__, url_prefix="/dokumen")
blueprint.add_url_rule("/", "list", listing.listing)
PLAIN_FIELDS = GUARDS | {"note", "password", "do"}

HISTORY_HEAD = (
    _("Waktu"), _("Siapa"), _("Atas nama"), _("Langkah"), _("Dari"), _("Ke"), _("Alasan"), _("Urutan"),
)  # fmt: skip
VIEWER_HEAD = (_("Siapa"), _("Sebagai"), _("Atas nama"), _("Karena"))


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """The document as this person may see it."""
    page = reading.page(public_id, current_user.person_id)
    if file := downloads.asked(f"riwayat-{page.document.print_number}", HISTORY_HEAD, _history(page)):
        reading.keep_reads()
        return file
    return _page(page)


def _history(page: reading.Page) -> Any:
    """The rows of the table of steps, the newest first."""
    zone = page.document.unit.zone
    known = page.known_states
    return (
        (
            formats.waktu(s.at, zone), s.who or gettext("Sistem"), s.on_behalf, gettext(page.flow.event_label(s.event)),
            gettext(page.flow.state_label(s.source)) if s.source in known else "",
            gettext(page.flow.state_label(s.target)), s.text, s.sequence,
        )
        for s in reversed(page.steps)
        if s.event not in reading.WRITING
    )  # fmt: skip


def _page(page: reading.Page, *, status: int = 200, problems: Any = (), **more: Any) -> Response:
    answer = render(
        "documents/show.html",
        fragment="panel",
        status=status,
        page=page,
        content=kinds.present(page),
        kind_template=kinds.KINDS[page.document.kind].template,
        look=request.args.get("lihat", "")[:20],
        problems=answers.summary(problems),
        zone=page.document.unit.zone,
        flow_picture=pictures.of_flow(page.flow, page.shown_state),
        **more,
    )
    reading.keep_reads()
    return answer


@blueprint.get("/<public_id>/<event>")
def ask(public_id: str, event: str) -> Response:
    """The page of an event that needs something: its form, a note, or the confirmation of a signature."""
    page = reading.page(public_id, current_user.person_id)
    return _ask(page, event)


def _offer(page: reading.Page, event: str) -> Any:
    for offer in page.offers:
        if offer.event == event:
            return offer
    refusal = next((r for r in page.refusals if r.event == event), None)
    if refusal is None and not any(move.event == event for move in page.flow.moves()):
        abort(404)
    raise NotAllowed(event, refusal.reasons if refusal else ())


def _ask(
    page: reading.Page, event: str, *, form: Any = None, status: int = 200, problems: Any = (), note: str = ""
) -> Response:
    offer = _offer(page, event)
    view = kinds.KINDS[page.document.kind]
    own = view.event_templates.get(event)
    form = form if form is not None else kinds.form_for(page, event)
    if form is not None:
        answers.put_at_fields(form, problems)
    answer = render(
        own or "documents/event.html",
        fragment="panel",
        status=status,
        page=page,
        offer=offer,
        form=form,
        content=kinds.present(page),
        kind_template=view.template,
        note=note,
        problems=answers.summary(problems),
        autosave=event in view.autosave,
        base=request.form.get("base")
        or (conflicts.base_of(form) if view.autosave and form is not None else ""),
        asked=request.args.get("hapus", "")[:12],
        zone=page.document.unit.zone,
    )
    reading.keep_reads()
    return answer


@blueprint.post("/<public_id>/<event>")
def transition(public_id: str, event: str) -> ResponseReturnValue:
    """Send one event. Refusals come back on the same page, with everything that was typed."""
    me = current_user.person_id
    if event == "comment":
        return _comment(public_id)
    version = request.form.get("version", type=whole)
    if version is not None and (sent := _sent_at_once(public_id, event, version)) is not None:
        return _after(sent, event, None)
    page = reading.page(public_id, me)
    if version is None:
        abort(400)
    note = request.form.get("note", "")
    offer = _offer_or_repeat(page, event, version)
    form = kinds.form_for(page, event, request.form)
    wrong_fields: list[tuple[str, str]] = []
    if form is None:
        _refuse_unknown(request.form)
    elif not form.validate():
        if not answers.is_autosave():
            return _ask(page, event, form=form, status=422, note=note)
        wrong_fields = answers.wrong_in(form)
        answers.leave_out_wrong(form)
        stored = conflicts.base_of(kinds.form_for(page, event))
        if not wrong_fields or conflicts.base_of(form) == stored:
            return answers.autosave_refused(wrong_fields)
    change = form.change() if form is not None else {}
    signed, wrong = _confirmed(offer)
    if wrong is not None:
        return _ask(page, event, form=form, status=422, problems=[wrong], note=note)
    try:
        sent = transitions.send(
            public_id, event, me, version=version, change=change, note=note,
            key=request.form.get("key", ""), signed=signed,
        )  # fmt: skip
    except NeedsSignature:
        return redirect(url_for(".ask", public_id=public_id, event=event), 303)
    except (Incomplete, BadInput) as error:
        unmet = error.unmet if isinstance(error, Incomplete) else error.problems
        if answers.is_autosave():
            return answers.autosave_refused(
                [(u.field_name, formats.kalimat(u.message, u.params)) for u in unmet]
            )
        fresh = reading.page(public_id, me)
        # Whoever sent what he typed gets the form back with it; a button pressed alone gets the page it stands on.
        if offer.asks or (form is not None and set(request.form) - PLAIN_FIELDS):
            return _ask(fresh, event, form=form, status=422, problems=unmet, note=note)
        return _page(fresh, status=422, problems=unmet)
    except Stale:
        if answers.is_autosave():
            # Sent once more as a whole form, the same fields come back on the page that compares them.
            last = reading.page(public_id, me).steps[-1]
            again = url_for(".transition", public_id=public_id, event=event)
            return jsonify(conflict_url=again, own=last.person_id == me), 409
        return _compared(reading.page(public_id, me), event, version)
    return _after(sent, event, form, wrong_fields)


def _sent_at_once(public_id: str, event: str, version: int) -> transitions.Sent | None:
    """Send what asks for nothing but a note; None when the page has to be read, to ask or to say why not."""
    if kinds.needs_page(event) or set(request.form) - PLAIN_FIELDS:
        return None
    me, (note, key) = current_user.person_id, [request.form.get(name, "") for name in ("note", "key")]
    try:
        return transitions.send(public_id, event, me, version=version, note=note, key=key)
    except (NotAllowed, NeedsSignature, Incomplete, BadInput, Stale):
        return None


def _compared(page: reading.Page, event: str, version: int) -> Response:
    """Both versions of what was typed into an older page, to choose from; elsewhere just that it is older."""
    found = (
        conflicts.compare(page, event, request.form) if any(o.event == event for o in page.offers) else None
    )
    if found is None:
        raise Stale(page.document, version)
    answer = render("errors/409.html", fragment="main", status=409, **found)
    reading.keep_reads()
    return answer


def _offer_or_repeat(page: reading.Page, event: str, version: int) -> Any:
    """The offer of the event; a repeated form may come after its event has already moved the document.

    An older page may still show a button that has gone since: that is a stale page, not somebody else's right.
    """
    try:
        return _offer(page, event)
    except NotAllowed:
        if transitions.was_sent(page.document, current_user.person_id, event, request.form.get("key", "")):
            return None
        if version < page.document.version:
            raise Stale(page.document, version) from None
        raise


def _refuse_unknown(form: MultiDict[str, str]) -> None:
    if unknown := set(form) - PLAIN_FIELDS:
        raise UnknownField(unknown)


def _confirmed(offer: Any) -> tuple[bool, Unmet | None]:
    """Was the password given with this very form? What is wrong with it otherwise."""
    if offer is None or "signature" not in offer.asks:
        return False, None
    password = request.form.get("password", "")
    if not password:
        return False, Unmet(OWN_RULE, gettext("Masukkan kata sandi untuk menandatangani."), {}, "password")
    if not access.verify_password(current_user.person_id, password):
        return False, Unmet(
            OWN_RULE, gettext("Kata sandi tidak sesuai. Tidak ada yang ditandatangani."), {}, "password"
        )
    return True, None


def _after(
    sent: transitions.Sent, event: str, form: Any, wrong_fields: Sequence[tuple[str, str]] = ()
) -> ResponseReturnValue:
    document = sent.document
    view = kinds.KINDS[document.kind]
    if answers.is_autosave():
        told = {"saved": formats.jam(clock.now(), document.unit.zone), "version": document.version}
        told |= {"base": conflicts.base_of(form)} if form is not None else {}
        told |= {"errors": answers.told_of(wrong_fields)} if wrong_fields else {}
        return jsonify(
            told | ({"live": _live(document.public_id, view.live[event])} if event in view.live else {})
        )
    if event in view.autosave and event not in view.leaves:
        landing, asked = getattr(form, "landing", ""), getattr(form, "asked", "")
        more = {"hapus": asked or None, "_anchor": landing or None}
        return redirect(url_for(".ask", public_id=document.public_id, event=event, **more), 303)
    if wants_fragment():
        return _page(reading.page(document.public_id, current_user.person_id))
    return redirect(url_for(".show", public_id=document.public_id), 303)


def _live(public_id: str, template: str) -> str:
    """What the page of a form that saved itself shows about the stored content. Nobody opened the document for it."""
    page = reading.page(public_id, current_user.person_id)
    html = render_template(template, page=page, content=kinds.present(page), zone=page.document.unit.zone)
    reading.let_go()
    return html


def _comment(public_id: str) -> ResponseReturnValue:
    if unknown := set(request.form) - GUARDS - {"text", "field"}:
        raise UnknownField(unknown)
    field = request.form.get("field", "")[:60]
    reading.comment(public_id, current_user.person_id, request.form.get("text", ""), field)
    return redirect(url_for(".show", public_id=public_id, _anchor="linimasa"), 303)


@blueprint.get("/<public_id>/siapa-dapat-melihat")
def who_may_see(public_id: str) -> ResponseReturnValue:
    """The computed list of everybody who may open this document, with the reason, and who did."""
    document, _actor = reading.open_document(public_id, current_user.person_id)
    found = viewers.everybody(document)
    rows = (
        (r.name, gettext(r.relation), r.on_behalf, formats.kalimat(r.why, r.params) if r.why else "")
        for r in found
    )
    if file := downloads.asked(f"dapat-melihat-{document.print_number}", VIEWER_HEAD, rows):
        return file
    return render_template(
        "documents/viewers.html",
        document=document,
        rows=found,
        whole_unit=viewers.whole_unit(document),
        readers=viewers.readers_of(document),
        zone=document.unit.zone,
    )
