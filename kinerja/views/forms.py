""" "Tampilan formulir": the official forms on page and print, two versions compared, and a document at one step."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from kinerja.forms.comparing import CompareForm
from kinerja.reports import (
    diff,
    official_document,
    official_input,
    official_manual,
    official_matrix,
    official_pk,
    official_skp,
)
from kinerja.reports.official import Copy, Mark, Sheet, Signed, with_later
from kinerja.services import official_copy, reading, revisions
from kinerja.services.kinds import kind_of, states_of
from kinerja.services.official_copy import OfficialCopy, OfficialText

blueprint = Blueprint("official", __name__, url_prefix="/dokumen")

# These lines stand on the sheet, so they speak its language.
DRAFT = "DRAF. Belum ditandatangani; isi masih dapat berubah."
NOT_IN_FORCE = "DRAF. Belum berlaku; isi masih dapat berubah."
HALF_SIGNED = "BELUM LENGKAP. Baru ditandatangani satu pihak."


@blueprint.get("/<public_id>/formulir")
def show(public_id: str) -> ResponseReturnValue:
    """The official forms: newest, or `?revisi=n`; `?lembar=A.1.8` alone."""
    document, actor = reading.open_document(public_id, current_user.person_id)
    number = _number("revisi")
    title = kind_of(document.kind).title(document)
    if reason := official_copy.closed(document, actor):
        return render_template("forms/closed.html", document=document, title=title, reason=reason)
    copy = official_copy.official(document, actor, number)
    reading.log_read(document, actor, "formulir")
    sheets = sheets_of(copy)
    wanted = request.args.get("lembar")
    chosen = [sheet for sheet in sheets if sheet.form == wanted] or list(sheets)
    answer = render_template(
        "forms/show.html",
        document=document,
        title=title,
        copy=copy,
        sheets=chosen,
        parts=_parts(public_id, [sheet.form for sheet in sheets], wanted, number),
        revision=number,
        revisions=revisions.numbered(document),
        later=len(_later(copy)),
        zone=document.unit.zone,
    )
    reading.keep_reads()
    return answer


def _parts(public_id: str, forms: list[str], wanted: str | None, number: int | None) -> list[dict[str, Any]]:
    """All sheets, or one of them to print alone."""
    choices = [(gettext("Semua lembar"), None), *((form, form) for form in forms)]
    chosen = wanted if wanted in forms else None
    return [
        {
            "label": label,
            "href": url_for("official.show", public_id=public_id, revisi=number, lembar=form),
            "current": form == chosen,
        }
        for label, form in choices
    ]


def _number(name: str) -> int | None:
    """A number of the query; anything else in its place is no address of ours."""
    text = request.args.get(name)
    if text is None or text == "":
        return None
    if not text.isdecimal() or len(text) > 6:
        abort(404)
    return int(text)


def sheets_of(copy: OfficialCopy) -> tuple[Sheet, ...]:
    """The sheets of a copy: SKP and Lampiran, or dokumen evaluasi and hasil evaluasi."""
    if copy.kind == "skp":
        printed = paper(copy.text, needed=2)
        return official_skp.sheets(with_later(printed, copy.live) if copy.live else printed)
    if copy.kind == "pk":
        needed = 2 if official_pk.has_second_party(copy.text.content) else 1
        return official_pk.sheets(paper(copy.text, needed=needed))
    if copy.kind == "matrix":
        return official_matrix.sheets(paper(copy.text, needed=int(copy.being_written)))
    if copy.kind == "manual":
        mark = Mark(
            copy.text.print_number,
            copy.text.number,
            copy.text.content_hash,
            "" if copy.stands else NOT_IN_FORCE,
        )
        printed = replace(paper(copy.text, needed=0), mark=mark)
        return official_manual.sheets(printed, ministry=copy.ministry, leader=copy.leader)
    merged = official_input.evaluation(copy.text.content, copy.skp, copy.realisations, copy.text.regulation)
    return official_document.sheets(
        replace(paper(copy.text, needed=1), content=merged),
        by_superior=copy.by_superior,
        objection=paper(copy.objection, needed=1) if copy.objection else None,
    )


def paper(text: OfficialText, needed: int) -> Copy:
    """A text as it is printed; `needed` is how many signatures make it whole."""
    count = len(text.signatures)
    return Copy(
        content=text.content,
        regulation=text.regulation,
        agency=current_app.config["AGENCY"],
        zone=text.zone,
        mark=Mark(
            text.print_number,
            text.number,
            text.content_hash,
            "" if count >= needed else HALF_SIGNED if count else DRAFT,
        ),
        signatures=tuple(Signed(s.block, s.name, s.nip, s.at, s.on_behalf) for s in text.signatures),
    )


def _later(copy: OfficialCopy) -> tuple[Any, ...]:
    return with_later(paper(copy.text, 2), copy.live).later_expectations if copy.live else ()


@blueprint.get("/<public_id>/bandingkan")
def compare(public_id: str) -> ResponseReturnValue:
    """Two versions by word and number: `?dari=1&ke=2`, 0 is what is stored now; `dari_tanggal` and `ke_tanggal` choose
    the version of a day instead, whichever side has one."""
    document, actor = reading.open_document(public_id, current_user.person_id)
    numbered = revisions.numbered(document)
    numbers = [number for number, _at, _hash in numbered]
    old, new = _number("dari"), _number("ke")
    if new is None:
        new = numbers[-1] if numbers else 0
    if old is None:
        before = [number for number in numbers if number < new] if new else numbers
        old = before[-1] if before else new
    form = CompareForm(request.args)
    form.validate()
    old, new, days = _of_days(form, document, (old, new))
    found = diff.compare(
        official_copy.readable_revision(document, actor, old),
        official_copy.readable_revision(document, actor, new),
        gettext,
    )
    reading.log_read(document, actor, "bandingkan")
    answer = render_template(
        "documents/compare.html",
        document=document,
        title=kind_of(document.kind).title(document),
        revisions=numbered,
        old=old,
        new=new,
        found=found,
        zone=document.unit.zone,
        form=form,
        days=days,
    )
    reading.keep_reads()
    return answer, 422 if form.errors else 200


def _of_days(
    form: CompareForm, document: Any, chosen: tuple[int, int]
) -> tuple[int, int, list[tuple[Any, int]]]:
    """The two versions, and (day, version) for each side that was asked for by its day; an error stays at its field."""
    versions, told = list(chosen), []
    for side, field in enumerate((form.dari_tanggal, form.ke_tanggal)):
        if field.data is None or field.errors:
            continue
        number = official_copy.revision_on(document, field.data)
        if number is None:
            field.errors = [gettext("Pada tanggal ini belum ada versi dokumen yang tersimpan.")]
            continue
        versions[side] = number
        told.append((field.data, number))
        # From here on the list beside it says which version it is.
        field.data, field.raw_data = None, []
    return versions[0], versions[1], told


@blueprint.get("/<public_id>/langkah/<int(max=999999):sequence>")
def step(public_id: str, sequence: int) -> ResponseReturnValue:
    """ "Lihat pada langkah ini": the document as it was when one step had been taken."""
    document, actor = reading.open_document(public_id, current_user.person_id)
    taken = official_copy.step_at(document, actor, sequence)
    kind = kind_of(document.kind)
    has_text = bool(taken.revision_number) and official_copy.may_see(document, actor)
    has_form = has_text and document.kind in official_copy.FORMS
    sheets = sheets_of(official_copy.official(document, actor, taken.revision_number)) if has_form else ()
    listed = None
    if has_text and not has_form:
        content = official_copy.readable_revision(document, actor, taken.revision_number)
        listed = diff.compare({}, content, gettext)
    reading.log_read(document, actor, "langkah")
    answer = render_template(
        "documents/step.html",
        document=document,
        title=kind.title(document),
        step=taken,
        event_label=kind.flow.event_label(taken.event),
        from_label=kind.flow.state_label(taken.source) if taken.source in states_of(document.kind) else "",
        to_label=kind.flow.state_label(taken.target),
        sheets=sheets,
        listed=listed,
        newest=document.revision_number,
        zone=document.unit.zone,
    )
    reading.keep_reads()
    return answer
