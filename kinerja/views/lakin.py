"""The LAKIN data sheet of a unit and year: on screen, on paper, and as a file."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja.forms.numbers import a_year
from kinerja.reports.spreadsheets import Sheet
from kinerja.services import identity, lakin, periods, pk_progress
from kinerja.services.errors import NotThere
from kinerja.services.org_value_view import PREDICATES
from kinerja.views import downloads, formats
from kinerja.views.saying import gettext

blueprint = Blueprint("lakin", __name__, url_prefix="/lakin")
# How a sheet stands: in words, as a colour, with an icon.
STATES = {
    lakin.READY: (_("Terisi"), "ok", "check-circle"),
    lakin.WAITING: (_("Menunggu nilai"), "wait", "hourglass-split"),
    lakin.LATE: (_("Lewat batas"), "bad", "exclamation-circle"),
    lakin.NONE: (_("Tanpa nilai"), "", None),
}
HEAD = (
    _("Unit"), _("Tahun"), _("Sasaran strategis"), _("Kode IKU"), _("IKU"), _("Satuan"), _("Target"), _("Realisasi"),
    _("Capaian"), _("Capaian tahun lalu"), _("Capaian sebelum diperbaiki"), _("Kendala"), _("NKO"), _("NKO K3"),
    _("Predikat"), _("NKO tahun lalu"), _("Predikat tahun lalu"), _("Ditetapkan"), _("Diperbaiki"),
)  # fmt: skip
STEP_HEAD = (_("Inisiatif"), _("Kegiatan kunci"), _("Pemilik"), _("Selesai"), _("Kemajuan"), _("Keterangan"))
ACTION_HEAD = (_("Rencana aksi"), _("Penanggung jawab"), _("Batas waktu"), _("Keadaan"), _("Hasil"))
LIST_HEAD = (_("Kode"), _("Unit"), _("Level"), _("Keadaan"), _("Batas"))
STANDINGS = {
    "selesai": _("Selesai"), "terlambat": _("Terlambat"), "terbuka": _("Terbuka"),
}  # fmt: skip


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The sheet of a unit and year; without a unit, whose there are."""
    circle = identity.circle_of(current_user.person_id)
    year, code = request.args.get("tahun", type=a_year), request.args.get("unit", "")[:40]
    period = periods.period_of(year) if year else lakin.reporting_year()
    if period is None and (year or code):
        raise NotThere("period")
    years = [{"label": one.year, "current": one == period} for one in periods.all_periods()][::-1]
    if period is None or not code:
        listed = lakin.offered(circle, period) if period else []
        rows = (
            (unit.code, unit.name, unit.level, str(STATES[how.state][0]), formats.tanggal(how.due))
            for unit, how in listed
        )
        return downloads.asked("lakin", LIST_HEAD, rows) or render_template(
            "dko/sheets.html", period=period, listed=listed, words=STATES, years=years
        )
    sheet = lakin.read(circle, period, code)
    return _file(sheet) or render_template(
        "dko/sheet.html",
        sheet=sheet,
        words=STATES,
        predicates=PREDICATES,
        states=pk_progress.STATES,
        years=years,
    )


def _file(sheet: lakin.Sheet) -> Response | None:
    """The IKU as CSV, or a workbook with the initiatives and the follow-ups on sheets of their own."""
    kind, name = downloads.wanted(), f"lakin-{sheet.code.lower()}-{sheet.year}"
    if kind == "xlsx":
        sheets = [
            Sheet("IKU", _said(HEAD), _rows(sheet)),
            Sheet(gettext("Inisiatif"), _said(STEP_HEAD), _steps(sheet)),
            Sheet(gettext("Tindak lanjut"), _said(ACTION_HEAD), _actions(sheet)),
        ]
        return downloads.xlsx_answer(name, sheets)
    return downloads.csv_answer(name, _said(HEAD), _rows(sheet)) if kind == "csv" else None


def _said(head: Sequence[Any]) -> list[str]:
    return [str(word) for word in head]


def _rows(sheet: lakin.Sheet) -> Iterator[Sequence[Any]]:
    """One row per IKU, each with the value of the unit; none before it is determined."""
    whole = (
        sheet.nko, sheet.nko_k3, _predicate(sheet.predicate), sheet.last_nko, _predicate(sheet.last_predicate),
        formats.tanggal(sheet.determined_at), formats.tanggal(sheet.determined_at) if sheet.earlier else "",
    )  # fmt: skip
    if sheet.determined_at is None:
        return
    for group in sheet.groups:
        for row in group.rows:
            yield (
                sheet.unit, sheet.year, f"{group.code} {group.statement}", row.number, row.name, row.measure,
                row.target, row.realisation, row.value, row.before, row.was if row.corrected else "", row.obstacle,
                *whole,
            )  # fmt: skip


def _predicate(code: str) -> str:
    return gettext(PREDICATES[code]) if code else ""


def _steps(sheet: lakin.Sheet) -> Iterator[Sequence[Any]]:
    for line, far in sheet.steps:
        how = (gettext(pk_progress.STATES[far.state]), far.note) if far else ("", "")
        yield line.of, line.text, line.owner, formats.tanggal(line.day), *how


def _actions(sheet: lakin.Sheet) -> Iterator[Sequence[Any]]:
    for one in sheet.actions:
        yield (
            one["uraian"], one["pj"], formats.tanggal(one["tanggal"]), str(STANDINGS[one["keadaan"]]), one["hasil"],
        )  # fmt: skip
