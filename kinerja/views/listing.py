"""The list of documents: searched, filtered, counted, and taken along as a file."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja import clock
from kinerja.forms.numbers import a_year, whole
from kinerja.services import identity, lists, periods
from kinerja.services.kinds import all_kinds, states_of
from kinerja.views import downloads, saved
from kinerja.views.htmx import render, wants_fragment
from kinerja.views.saying import gettext

KIND_SHORT = {
    "skp": _("SKP"),
    "realisation": _("Realisasi"),
    "predicate_review": _("Evaluasi"),
    "objection": _("Keberatan"),
    "repair": _("Perbaikan"),
    "pk": _("PK"),
    "dko": _("DKO"),
    "matrix": _("Matriks"),
    "manual": _("Manual"),
    "iku_realisation": _("Realisasi IKU"),
    "org_value": _("Nilai organisasi"),
    "k3_review": _("Reviu K3"),
}
CSV_HEAD = (
    _("Nomor"),
    _("Jenis"),
    _("Periode"),
    _("Tahun"),
    _("Nama"),
    _("NIP"),
    _("Unit"),
    _("Keadaan"),
    _("Menunggu"),
    _("Batas"),
    _("Perubahan terakhir"),
)


def _filters() -> lists.Filters:
    get = request.args.get
    return lists.Filters(
        text=get("q", "")[:100],
        kind=get("jenis", ""),
        state=get("keadaan", ""),
        year=get("tahun", type=a_year),
        slot=get("periode", ""),
        unit=get("unit", "")[:40],
        person=get("orang", "")[:24],
        whose=get("siapa", ""),
        overdue=get("lewat") == "1",
    )


def listing() -> Response:
    """Documents one may see: searched, filtered, counted per state, a page at a time. A swap gets the rows alone."""
    if kind := downloads.wanted():
        return _file(kind)
    circle = identity.circle_of(current_user.person_id)
    filters = _filters()
    rows = lists.page(circle, filters, before=request.args.get("sebelum", type=whole))
    more = len(rows) > lists.PAGE_SIZE
    rows = rows[: lists.PAGE_SIZE]
    args = {name: value for name, value in request.args.items() if value and name in lists.FILTER_KEYS}
    around = {} if wants_fragment() else _around(circle, filters, args, rows)
    next_key = rows[-1].id if more else None
    return render("documents/list.html", fragment="rows", rows=rows, args=args, next_key=next_key, **around)


def _around(
    circle: identity.Circle, filters: lists.Filters, args: dict[str, str], rows: list[lists.Row]
) -> dict[str, Any]:
    """What stands above the rows: choices of the filters, what is filtered by, counts, saved views."""
    years, slots = periods.years_and_slots()
    return {
        "filters": filters,
        "counts": lists.counts(circle, filters),
        "active": _active(args, filters, rows),
        "saved": saved.links("documents.list", args),
        "without_state": {name: value for name, value in args.items() if name != "keadaan"},
        "year_options": [(str(year), str(year)) for year in years],
        "slot_options": [(slot, gettext(lists.slot_label(slot))) for slot in slots],
        "kinds_options": [(code, gettext(kind.flow.title)) for code, kind in all_kinds().items()],
        "kind_short": KIND_SHORT,
        "leads": bool(circle.direct),
    }


def _active(args: dict[str, str], filters: lists.Filters, rows: Any) -> list[dict[str, str]]:
    """The filters in force in words, each with the address that takes it away."""
    labels = {
        "q": _("Cari"), "jenis": _("Jenis"), "keadaan": _("Keadaan"), "tahun": _("Tahun"), "periode": _("Periode"),
        "unit": _("Unit"), "orang": _("Orang"), "siapa": _("Siapa"), "lewat": _("Tenggat"),
    }  # fmt: skip
    flows = {code: kind.flow for code, kind in all_kinds().items()}
    words = {
        "siapa": {"saya": gettext("Saya"), "tim": gettext("Tim saya")},
        "lewat": {"1": gettext("Lewat tenggat")},
        "jenis": {code: gettext(flow.title) for code, flow in flows.items()},
        "periode": {slot: gettext(label) for slot, label in periods.SLOT_LABELS.items()},
        "orang": {filters.person: rows[0].subject} if rows else {},
    }
    if filters.kind in flows and filters.state in states_of(filters.kind):
        words["keadaan"] = {filters.state: gettext(flows[filters.kind].state_label(filters.state))}
    found = []
    for name, value in args.items():
        rest = {other: kept for other, kept in args.items() if other != name}
        href = url_for("documents.list", **rest)
        found.append(
            {"label": str(labels[name]), "value": words.get(name, {}).get(value, value), "href": href}
        )
    return found


def _file(kind: str) -> Response:
    """The same list as a file: what the screen shows, every page of it."""
    circle = identity.circle_of(current_user.person_id)
    # A spreadsheet that reads CSV would round a NIP; a workbook says itself that it is text.
    quote = "'" if kind == "csv" else ""
    rows = (
        (
            r.number, gettext(r.kind_label), gettext(lists.slot_label(r.slot)), r.year, r.subject, f"{quote}{r.nip}",
            r.unit, gettext(r.state_label), gettext(r.turn_label) if r.turn_label else "",
            clock.local(r.due_at, r.zone).date().isoformat() if r.due_at else "",
            clock.local(r.updated_at, r.zone).date().isoformat(),
        )
        for r in lists.export(circle, _filters())
    )  # fmt: skip
    return downloads.answer(kind, "dokumen", [str(name) for name in CSV_HEAD], rows)
