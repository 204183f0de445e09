"""Kalender: my deadlines and the windows of the open periods, month by month."""

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja import clock
from kinerja.reports import ical
from kinerja.services import agenda, feed
from kinerja.views import downloads, formats

blueprint = Blueprint("calendar", __name__, url_prefix="/kalender")

HEAD = (_("Tanggal"), _("Apa"), _("Jenis"), _("Keterangan"))
KIND_LABELS = {
    agenda.MINE: _("Giliran saya"),
    agenda.OTHERS: _("Menunggu orang lain"),
    agenda.WINDOW: _("Jendela periode"),
    agenda.DAY_OFF: _("Hari libur"),
}
KINDS = frozenset({agenda.MINE, agenda.OTHERS, agenda.WINDOW, agenda.DAY_OFF})


@blueprint.get("/")
def index() -> ResponseReturnValue:
    chosen = request.args.get("jenis", "")
    kinds = frozenset({chosen}) & KINDS
    months = agenda.months(current_user.person_id, kinds)
    rows = (
        (
            e.day.isoformat(), formats.kalimat(e.template, e.params), str(KIND_LABELS[e.kind]),
            gettext(e.detail) if e.detail else "",
        )
        for month in months
        for e in month.entries
    )  # fmt: skip
    if file := downloads.asked("kalender", HEAD, rows):
        return file
    return render_template(
        "calendar/index.html",
        months=months,
        chosen=chosen if kinds else "",
        address=feed.address_of(current_user.person_id),
    )


@blueprint.get("/umpan/<secret>.ics")
def subscribe(secret: str) -> Response:
    """The feed that a calendar program asks again and again: deadlines to the second, windows and days off."""
    person_id, locale = feed.owner_of(secret)
    with force_locale(locale):
        events = [_event(entry) for entry in feed.entries(person_id)]
        name = gettext("kinerja: batas waktu saya")
    answer = Response(ical.calendar(name, events, clock.now()), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = "inline; filename=kinerja.ics"
    return answer


def _event(entry: agenda.Entry) -> ical.Event:
    """No value and no state: whoever runs the calendar program reads it too."""
    text = formats.kalimat(entry.template, entry.params)
    if entry.kind == agenda.OTHERS:
        text = gettext("Menunggu orang lain: %(what)s", what=text)
    if entry.kind == agenda.DAY_OFF:
        return ical.Event(f"{entry.kind}-{entry.day:%Y%m%d}@kinerja", entry.day, text, gettext(entry.detail))
    if not entry.public_id:
        slot = "".join(c for c in str(entry.params.get("slot", "")) if c.isalnum())
        uid = f"{entry.kind}-{entry.detail}-{slot}-{entry.day:%Y%m%d}@kinerja"
        return ical.Event(uid, entry.day, text, gettext("Periode %(year)s", year=entry.detail))
    due = formats.waktu(entry.at, entry.zone) if entry.at else ""
    return ical.Event(
        f"{entry.public_id}@kinerja",
        entry.day,
        text,
        gettext("Batas %(due)s", due=due) if due else "",
        entry.at,
        url_for("documents.show", public_id=entry.public_id, _external=True),
    )
