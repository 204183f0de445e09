"""The unit page of pengelola, Komite, auditor and heads: how far everybody below a unit is, and who to remind."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja import clock
from kinerja.forms.base import refuse_others
from kinerja.forms.numbers import a_year
from kinerja.reports import charts
from kinerja.reports.spreadsheets import Sheet
from kinerja.services import (
    agreement_start,
    identity,
    periods,
    unit_lights,
    unit_progress,
    unit_queue,
    unit_reminders,
    unit_view,
    unit_waiting,
    units,
)
from kinerja.services.periods import running_slot
from kinerja.services.unit_progress import WITHOUT, Pace, Slot
from kinerja.services.unit_view import Here
from kinerja.views import downloads, formats, saved

blueprint = Blueprint("units", __name__, url_prefix="/unit")

STAGE_LABELS = {
    "skp": _("SKP belum ditetapkan"),
    WITHOUT: _("SKP belum disusun"),
    "realisation": _("Realisasi belum direkam"),
    "predicate_review": _("Evaluasi belum selesai"),
    unit_waiting.PEOPLE: _("Semua pegawai"),
}
STAGE_TITLES = {"skp": _("SKP"), "realisation": _("Realisasi"), "predicate_review": _("Evaluasi")}
LIST_HEAD = (
    _("Kode"),
    _("Unit"),
    _("Level"),
    _("Pegawai"),
    _("SKP ditetapkan"),
    _("Realisasi wajib"),
    _("Realisasi direkam"),
)
STAGE_HEAD = (_("Tahap"), _("Periode"), _("Keadaan"), _("Jumlah"))
PART_HEAD = (
    _("Kode"),
    _("Unit"),
    _("Pegawai"),
    _("Wajib"),
    _("Direkam"),
    _("Belum"),
    _("Tepat waktu periode lalu (persen)"),
)
WAITING_HEAD = (
    _("Nama"), _("NIP"), _("Unit"), _("Keadaan"), _("Menunggu"), _("Sejak"), _("Batas"), _("Diingatkan"), _("Halangan"),
)  # fmt: skip


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The units one watches, each with its counts."""
    found = _listed()
    rows = ((u.code, u.name, u.level, u.people, u.in_force, u.obliged, u.recorded) for u in found["rows"])
    return downloads.asked("unit", LIST_HEAD, rows) or render_template("units/index.html", **found)


def _listed() -> dict[str, Any]:
    me = current_user.person_id
    text = request.args.get("q", "").strip()[:100]
    reaches = units.reaches_of(me, identity.scopes_of(me))
    period = periods.current_period()
    slot = running_slot(period) if period else ""
    return {
        "rows": units.listed(reaches, period, slot, text),
        "watches": bool(reaches),
        "why": dict.fromkeys(reach.why for reach in reaches),
        "period": period,
        "slot_label": periods.SLOT_LABELS.get(slot, slot),
        "text": text,
        "saved": saved.links("units.index", {"q": text}),
    }


def _here(code: str, args: Any) -> Here:
    return unit_view.look(
        current_user.person_id,
        code,
        year=args.get("tahun", type=a_year),
        slot=args.get("periode", ""),
        stage=args.get("tahap", ""),
        text=args.get("q", ""),
        part=args.get("bagian", ""),
        state=args.get("keadaan", ""),
    )


@blueprint.get("/<path:code>")
def show(code: str) -> ResponseReturnValue:
    """One unit with everything below it."""
    here = _here(code, request.args)
    if kind := downloads.wanted():
        return _file(kind, here)
    return _page(here)


def _page(here: Here, results: Any = ()) -> str:
    if here.slot is None:
        return render_template("units/show.html", view=here, unit=here.unit, slot=None)
    found = unit_progress.progress_of(here.unit, here.circle, here.watch, here.slot)
    rows = []
    if here.asked.stage:
        rows = unit_waiting.page(
            here.unit, here.circle, here.slot, here.asked, request.args.get("setelah", "")[:200]
        )
    more = len(rows) > unit_waiting.PAGE_SIZE
    rows = rows[: unit_waiting.PAGE_SIZE]
    slot = here.slot
    return render_template(
        "units/show.html",
        view=here,
        unit=here.unit,
        agreement=agreement_start.of_unit(
            here.unit, slot.period, here.circle, leads=units.HEAD in here.watch.why
        ),
        slot=slot,
        progress=found,
        stages=[(stage, charts.bar(_bar(stage))) for stage in found.stages],
        stage_titles=STAGE_TITLES,
        stage_labels=STAGE_LABELS,
        stage_options=[(code, STAGE_LABELS[code]) for code in here.stages],
        parts_chart=charts.columns_of([(_short(part), part.missing) for part in found.parts if part.obliged]),
        pace=_pace(found.pace) if found.pace else None,
        slot_label=periods.SLOT_LABELS.get(slot.window.slot, slot.window.slot),
        before_label=_before_label(slot),
        rows=rows,
        next_key=rows[-1].key if more else "",
        args={k: v for k, v in request.args.items() if v and k != "setelah"},
        active=_active(here, found),
        total=_total(here, found),
        slot_labels=periods.SLOT_LABELS,
        saved=saved.links("units.show", {**request.args, "unit": here.unit.code}),
        lights=unit_lights.lights_of(here.unit, slot),
        queue=unit_queue.queue_of(here.unit, here.circle),
        results=results,
        today=clock.today(here.unit.zone),
    )


def _active(here: Here, found: unit_progress.Progress) -> list[dict[str, str]]:
    """The filters in force in words, each with the address that takes it away."""
    parts = {part.code: part.name for part in found.parts}
    words = {
        "q": (_("Cari"), here.asked.text),
        "bagian": (_("Unit"), parts.get(here.asked.part, here.asked.part)),
        "keadaan": (_("Keadaan"), gettext(here.asked.label) if here.asked.state else ""),
    }
    args = {name: value for name, value in request.args.items() if value and name != "setelah"}
    return [
        {
            "label": str(label),
            "value": value,
            "href": url_for("units.show", code=here.unit.code, **{k: v for k, v in args.items() if k != name})
            + "#belum",
        }
        for name, (label, value) in words.items()
        if value
    ]


def _total(here: Here, found: unit_progress.Progress) -> int | None:
    """How many the list holds; known from the sums unless it is narrowed."""
    if here.asked.text or here.asked.part or here.asked.state or here.asked.stage == unit_waiting.PEOPLE:
        return None
    kind = "skp" if here.asked.stage == WITHOUT else here.asked.stage
    stage = next((s for s in found.stages if s.kind == kind), None)
    if stage is None:
        return None
    if here.asked.stage == WITHOUT:
        return stage.without
    return sum(t.count for t in stage.tallies if t.state in unit_waiting.OPEN_STATES[kind])


def _bar(stage: unit_progress.Stage) -> list[tuple[str, int, str]]:
    parts = [(t.tone, t.count, gettext(t.label)) for t in stage.tallies]
    if stage.without:
        late = stage.days_left is not None and stage.days_left < 0
        parts.append(("bad" if late else "b4", stage.without, gettext("Belum disusun")))
    return parts


def _short(part: unit_progress.Part) -> str:
    """A name that fits beside its bar: without the word every name of that level begins with."""
    if part.itself:
        return gettext("Unit ini sendiri")
    words = part.name.split()
    name = " ".join(words[1:]) if len(words) > 2 else part.name
    return name if len(name) <= 18 else name[:17] + "…"


def _before_label(slot: Slot) -> str:
    if slot.before is None:
        return ""
    name = slot.before[1].slot
    return periods.SLOT_LABELS.get(name, name)


def _pace(pace: Pace) -> dict[str, Any]:
    """The drawing, and the same as a table of a few days."""
    last = max((i for i, n in enumerate(pace.now) if n is not None), default=0)
    marks = sorted({0, len(pace.days) // 3, 2 * len(pace.days) // 3, len(pace.days) - 1})
    labels = [formats.tanggal_pendek(day) if i in marks else "" for i, day in enumerate(pace.days)]
    before = pace.before or (None,) * len(pace.days)
    picked = sorted({max(last - 14, 0), max(last - 7, 0), max(last - 1, 0), last})
    top = max(pace.total, *(n or 0 for n in before), *(n or 0 for n in pace.now))
    return {
        "chart": charts.progress(labels, _decimals(pace.now), _decimals(before), top),
        "table": [(pace.days[i], pace.now[i], before[i]) for i in picked if pace.now[i] is not None],
        "has_before": pace.before is not None,
        "now": pace.now[last] or 0,
        "total": pace.total,
    }


def _decimals(counts: Any) -> list[Any]:
    return [None if n is None else Decimal(n) for n in counts]


def _file(kind: str, here: Here) -> Response:
    """ "Siapa belum mengisi apa" as a file: what the screen shows, every page of it."""
    rows = _waiting_rows(here, "'" if kind == "csv" else "")
    return downloads.answer(kind, "belum-mengisi", [str(name) for name in WAITING_HEAD], rows)


def _waiting_rows(here: Here, quote: str) -> Iterator[tuple[Any, ...]]:
    if here.slot is None or not here.asked.stage:
        return
    for row in unit_waiting.every(here.unit, here.circle, here.slot, here.asked):
        turn = gettext(row.waits_for) if row.waits_for else row.person_name if row.waits_own else ""
        yield (
            row.person_name, f"{quote}{row.nip}", row.unit, gettext(row.state_label),
            turn, _day(row.since, row.zone), _day(row.due_at, row.zone),
            _day(row.reminded_at, row.zone), "; ".join(_obstacle(text, params) for text, params in row.obstacles),
        )  # fmt: skip


def _day(moment: Any, zone: str) -> str:
    return clock.local(moment, zone).date().isoformat() if moment else ""


def _obstacle(text: str, params: dict[str, Any]) -> str:
    return formats.kalimat(
        text, {**params, "date": formats.tanggal(params["date"])} if "date" in params else params
    )


@blueprint.get("/rekap.xlsx")
def recap() -> Response:
    """The whole unit page as a workbook: stages, sub-units, and who has not filled in what."""
    here = _here(request.args.get("unit", ""), request.args)
    if here.slot is None:
        abort(404)
    found = unit_progress.progress_of(here.unit, here.circle, here.watch, here.slot)
    stages = [
        (str(STAGE_TITLES[stage.kind]), stage.slot, gettext(tally.label), tally.count)
        for stage in found.stages
        for tally in stage.tallies
    ]
    stages += [
        (str(STAGE_TITLES[s.kind]), s.slot, gettext("Belum disusun"), s.without)
        for s in found.stages
        if s.without
    ]
    parts = [
        (p.code, p.name, p.people, p.obliged, p.recorded, p.missing, "" if p.punctual is None else p.punctual)
        for p in found.parts
    ]
    return downloads.xlsx_answer(
        "rekap-unit",
        [
            Sheet(gettext("Tahap"), [str(name) for name in STAGE_HEAD], stages),
            Sheet(gettext("Unit"), [str(name) for name in PART_HEAD], parts),
            Sheet(gettext("Belum mengisi"), [str(name) for name in WAITING_HEAD], _waiting_rows(here, "")),
        ],
    )


@blueprint.post("/pengingat")
def remind() -> ResponseReturnValue:
    """One notice a person and day to those ticked, with a result per row."""
    refuse_others(
        request.form, "unit", "tahun", "periode", "tahap", "q", "bagian", "keadaan", "setelah", "pick"
    )
    here = _here(request.form.get("unit", ""), request.form)
    if here.slot is None:
        abort(400)
    picks = request.form.getlist("pick")
    if not picks:
        nothing = unit_reminders.Outcome(
            gettext("Tidak ada"), False, gettext("Pilih sedikitnya satu orang."), {}
        )
        return _page(here, [nothing]), 422
    results = unit_reminders.remind(current_user.person_id, here.unit, here.slot, here.asked, picks)
    return _page(_here(request.form.get("unit", ""), request.form), results)
