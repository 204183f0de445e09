"""The library of indicators: search it, and let a chosen one fill fields of a draft manual, PK or SKP."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from kinerja.forms import library as filling
from kinerja.forms.base import refuse_others
from kinerja.forms.numbers import whole
from kinerja.forms.sheets import Book
from kinerja.services import identity, library, manual_view, reading, transitions
from kinerja.services.errors import BadInput, NotAllowed, Stale
from kinerja.views import answers, kinds
from kinerja.views.htmx import render
from kinerja.workflows.base import OWN_RULE, Incomplete, Unmet

blueprint = Blueprint("library", __name__, url_prefix="/pustaka")
KINDS = ("manual", "pk", "skp")


@dataclass(frozen=True)
class _Target:
    """The draft that is to be filled; `book` of a PK or an SKP, none of a manual."""

    page: reading.Page
    book: Book | None

    @property
    def public_id(self) -> str:
        return self.page.document.public_id


def _target(public_id: str) -> _Target:
    """The draft, where this person may write in it. Raises NotThere or NotAllowed with the reasons."""
    page = reading.page(public_id, current_user.person_id)
    if page.document.kind not in KINDS:
        abort(404)
    if not any(offer.event == "edit" for offer in page.offers):
        refusal = next((one for one in page.refusals if one.event == "edit"), None)
        raise NotAllowed("edit", refusal.reasons if refusal else ())
    return _Target(page, None if page.document.kind == "manual" else kinds.book_of(page))


@blueprint.get("/")
def index() -> Response:
    """What there is to take, by words and by post; for a draft each with the way into it."""
    text, wanted = request.args.get("q", "").strip()[:100], request.args.get("untuk", "")[:40]
    target = _target(wanted) if wanted else None
    subject = target.page.document.subject_id if target else current_user.person_id
    post = library.post_of(subject)
    by_post = bool(post) and request.args.get("contoh", "") == "jabatan"
    circle = identity.circle_of(current_user.person_id)
    of_manual = target is not None and target.book is None
    items = library.find(circle, text, post=post if by_post else "", with_manual=of_manual)
    answer = render(
        "library/index.html",
        fragment="main",
        items=items,
        measures=library.measures(items),
        shown=library.SHOWN,
        text=text,
        post=post,
        by_post=by_post,
        target=target,
    )
    reading.keep_reads()
    return answer


@blueprint.get("/<public_id>/<item_id>")
def compare(public_id: str, item_id: str) -> Response:
    """The fields of a draft beside what the item says: nothing is written before somebody ticks it."""
    return _page(_target(public_id), _item(item_id), request.args.get("tempat", "")[:40])


@blueprint.post("/<public_id>/<item_id>")
def fill(public_id: str, item_id: str) -> ResponseReturnValue:
    """Write the ticked fields as one edit of the draft."""
    refuse_others(request.form, "tempat", "isi")
    version = request.form.get("version", type=whole)
    if version is None:
        abort(400)
    target, item = _target(public_id), _item(item_id)
    spot = request.form.get("tempat", "")[:40]
    lines = _lines(target, item, spot)
    if lines is None:
        abort(404)
    ticked = [line.name for line in lines if line.name in request.form.getlist("isi")]
    if not ticked:
        nothing = Unmet(OWN_RULE, gettext("Centang paling sedikit satu isian."), {}, "isian")
        return _page(target, item, spot, problems=[nothing], status=422)
    if target.book is None:
        change = {name: item.values[name] for name in ticked}
    else:
        change = filling.change_of_line(target.book, spot, item.name, item.values, ticked)
    origin = _origin(item)
    try:
        transitions.send(
            public_id, "edit", current_user.person_id, version=version, change=change,
            note=gettext("Dari pustaka: %(origin)s", origin=origin), key=request.form.get("key", ""),
        )  # fmt: skip
    except (BadInput, Incomplete) as error:
        problems = error.problems if isinstance(error, BadInput) else error.unmet
        return _page(_target(public_id), item, spot, problems=problems, status=422)
    except Stale:
        told = gettext("Dokumen ini baru saja diubah. Tidak ada yang tersimpan; bandingkan lagi isiannya.")
        problem = Unmet(OWN_RULE, told, {}, "isian")
        return _page(_target(public_id), item, spot, problems=[problem], status=409)
    flash(gettext("%(n)s isian diambil dari pustaka: %(origin)s.", n=len(ticked), origin=origin), "success")
    return redirect(url_for("documents.ask", public_id=public_id, event="edit"), 303)


def _item(item_id: str) -> library.Item:
    return library.item(identity.circle_of(current_user.person_id), item_id[:60])


def _origin(item: library.Item) -> str:
    return f"{item.about} {item.name}, {item.where}, {item.year}"


def _lines(target: _Target, item: library.Item, spot: str) -> list[filling.Line] | None:
    """The fields the item can fill; None where a place in the document is still to be chosen."""
    if target.book is None:
        return filling.of_manual(manual_view.form_source(target.page.document), item.values)
    return filling.of_line(target.book, spot, item.name, item.values)


def _page(
    target: _Target, item: library.Item, spot: str, *, problems: Any = (), status: int = 200
) -> Response:
    there, homes = filling.spots(target.book) if target.book else ([], [])
    answer = render(
        "library/compare.html",
        fragment="main",
        status=status,
        target=target,
        item=item,
        lines=_lines(target, item, spot),
        spot=spot,
        there=there,
        homes=homes,
        ticked=request.form.getlist("isi") if request.method == "POST" else None,
        problems=answers.summary(problems),
    )
    reading.keep_reads()
    return answer
