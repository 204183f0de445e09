"""Keeping and forgetting saved views; the lists themselves show them."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from kinerja.services import saved_views
from kinerja.services.errors import BadInput
from kinerja.views import formats

blueprint = Blueprint("saved", __name__, url_prefix="/tampilan-tersimpan")


def address_of(page: str, args: dict[str, str]) -> str:
    """Where a view leads."""
    given: dict[str, Any] = dict(args)
    if page == "units.show":
        code = given.pop("unit", "")
        return url_for(page, code=code, **given) if code else url_for("units.index")
    return url_for(page, **given)


def links(page: str, args: dict[str, str]) -> dict[str, Any]:
    """What a list page shows of its saved views: links, and what would be kept now."""
    now = saved_views.kept(page, args)
    views = saved_views.views_of(current_user.person_id, page)
    return {
        "page": page,
        "keep": now,
        "views": [
            {"id": v.public_id, "label": v.name, "href": address_of(page, v.args), "current": v.args == now}
            for v in views
        ],
    }


def active(page: str, args: dict[str, str], words: dict[str, tuple[Any, str]]) -> list[dict[str, str]]:
    """The filters in force in words, each with the address that takes it away; words = {name: (label, value)}."""
    return [
        {
            "label": str(label),
            "value": value,
            "href": address_of(page, {k: v for k, v in args.items() if k != name}),
        }
        for name, (label, value) in words.items()
        if args.get(name)
    ]


@blueprint.post("/")
def save() -> ResponseReturnValue:
    """Keep the filters of a page under a name, and go back to it."""
    page = request.form.get("page", "")
    if page not in saved_views.PAGES:
        abort(400)
    args = saved_views.kept(page, request.form)
    if page == "units.show" and "unit" not in args:
        abort(400)
    try:
        saved_views.save(current_user.person_id, page, request.form.get("nama", ""), args)
        flash(gettext("Tampilan disimpan."), "ok")
    except BadInput as error:
        flash(" ".join(formats.kalimat(u.message, u.params) for u in error.problems), "bad")
    return redirect(address_of(page, args), 303)


@blueprint.post("/hapus")
def remove() -> ResponseReturnValue:
    """Forget one view."""
    page = request.form.get("page", "")
    if page not in saved_views.PAGES:
        abort(400)
    saved_views.remove(current_user.person_id, request.form.get("id", ""))
    flash(gettext("Tampilan dihapus."), "ok")
    return redirect(address_of(page, saved_views.kept(page, request.form)), 303)
