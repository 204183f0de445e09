"""The first page: "Perlu tindakan saya", "Menunggu orang lain", "Dokumen saya"."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext
from flask_login import current_user

from kinerja import clock
from kinerja.services import agenda, periods, skp_limits, team, team_pieces
from kinerja.services import home as service
from kinerja.services.home import Bundle
from kinerja.views import formats
from kinerja.views.listing import KIND_SHORT

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> str:
    found = service.home(current_user.person_id)
    period, today = periods.current_period(), clock.today()
    return render_template(
        "home.html",
        home=found,
        steps=[_step(piece, period) if isinstance(piece, Bundle) else None for piece in found.pieces],
        next_text=_next(period),
        slot_labels=periods.SLOT_LABELS,
        now=clock.now(),
        today=today,
        period=period,
        greeting=_greeting(),
        why_no_skp=skp_limits.why_none(current_user.person_id) if _has_no_skp(found, period) else None,
    )


def _has_no_skp(found: service.Home, period: Any) -> bool:
    return period is not None and not found.plans(period.year)


def _step(bundle: Bundle, period: Any) -> dict[str, Any]:
    """Several equal tasks as one row: what they are called, and the one page on which they are done."""
    row = bundle.first
    when = (
        row.year if row.slot == "Y" else f"{gettext(periods.SLOT_LABELS.get(row.slot, row.slot))} {row.year}"
    )
    title = gettext(
        "%(n)s %(kind)s %(when)s menunggu Anda", n=bundle.count, kind=str(KIND_SHORT[row.kind]), when=when
    )
    names = ", ".join(bundle.names)
    if bundle.more:
        names = gettext("%(names)s, dan %(n)s lainnya", names=names, n=bundle.more)
    together = team_pieces.bulk_of(row.kind, row.state)
    where: dict[str, Any]
    if row.turn == team.SUPERVISOR and period is not None and row.year == period.year:
        where = {"endpoint": "team.index", "saring": f"{row.kind}.{row.state}"}
        where |= {"periode": row.slot} if row.slot != "Y" else {}
        where |= {"pilih": "semua"} if together else {}
    else:
        together = ""
        where = {"endpoint": "documents.list", "siapa": "giliran", "jenis": row.kind, "keadaan": row.state}
        where |= {"tahun": row.year, "periode": row.slot}
    return {
        "title": title,
        "href": url_for(**where),
        "action": gettext("%(act)s sekaligus", act=gettext(together))
        if together
        else gettext("Buka semuanya"),
        "of": gettext("%(names)s · Anda sebagai %(as)s", names=names, **{"as": gettext(row.turn_label)}),
    }


def _next(period: Any) -> str:
    """What an empty list of tasks says: what comes next, and when."""
    if period is None:
        return gettext(
            "Belum ada tahun penilaian yang dibuka. Anda diberi tahu begitu admin sistem membukanya."
        )
    entry = agenda.next_date(period, clock.today())
    rest = gettext(
        "Dokumen muncul di sini begitu giliran Anda tiba, dan hilang sendiri sesudah Anda bertindak."
    )
    if entry is None:
        return rest
    what, when = formats.kalimat(entry.template, entry.params), formats.tanggal(entry.day)
    return gettext("Berikutnya: %(what)s, %(when)s.", what=what, when=when) + " " + rest


def _greeting() -> str:
    hour = clock.local(clock.now()).hour
    name = current_user.name.split()[0]
    words = (
        gettext("Selamat pagi, %(name)s", name=name),
        gettext("Selamat siang, %(name)s", name=name),
        gettext("Selamat sore, %(name)s", name=name),
        gettext("Selamat malam, %(name)s", name=name),
    )
    return str(words[0] if hour < 11 else words[1] if hour < 15 else words[2] if hour < 18 else words[3])
