"""How a unit does: its dashboard of a year, and its determined values beside those of other units or years."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from kinerja.forms.numbers import a_year
from kinerja.reports import charts
from kinerja.services import periods, unit_comparison, unit_lights, unit_performance
from kinerja.services.unit_comparison import Comparison, Line
from kinerja.services.unit_performance import Dashboard
from kinerja.views import downloads, formats
from kinerja.views.dko import STATES

blueprint = Blueprint("performance", __name__, url_prefix="/kinerja-unit")

HEAD = (
    _("Kode"), _("Unit"), _("Tahun"), _("Periode"), _("Aturan"), _("NKO"), _("Lampu"), _("Predikat"), _("Dasar"),
    _("IKU hijau"), _("IKU kuning"), _("IKU merah"),
)  # fmt: skip
LIGHTS = {"hijau": _("Hijau"), "kuning": _("Kuning"), "merah": _("Merah")}
BASES = {"hitungan": _("Hitungan"), "skep": _("SKEP"), "isian": _("Diisi pimpinan di atasnya")}
DRAWN = 12


@blueprint.get("/<path:code>")
def show(code: str) -> ResponseReturnValue:
    """One unit and year: values, lights, trajectories, what is late, its DKO."""
    found = unit_performance.look(
        current_user.person_id,
        code[:40],
        request.args.get("tahun", type=a_year),
        request.args.get("periode", ""),
    )
    return render_template(
        "performance/show.html",
        found=found,
        law=unit_lights.bounds_of(found.period),
        slot_labels=periods.SLOT_LABELS,
        dko_words=STATES,
        drawn=_drawn(found),
    )


def _drawn(found: Dashboard) -> dict[str, Any]:
    """The trajectories of one page, each with its drawing, and the way to the pages beside it."""
    lines = found.reached.figures["indicators"] if found.reached else []
    size = unit_performance.per_page(found.period)
    asked = request.args.get("iku", 1, type=int) or 1
    first = (asked - 1) // size * size if 0 < asked <= len(lines) else 0

    def way(place: int) -> str | None:
        if not 0 <= place < len(lines):
            return None
        args = {name: request.args[name] for name in ("tahun", "periode") if request.args.get(name)}
        return url_for("performance.show", code=found.unit.code, iku=place + 1, **args) + "#lintasan"

    page = []
    for line in lines[first : first + size]:
        assert found.reached is not None
        cells = found.reached.trajectories.get(line["key"], ())
        consolidation, polarity = found.reached.details.get(line["key"], ("", ""))
        page.append(
            {
                "line": line,
                "cells": cells,
                "chart": unit_performance.chart_of(cells, line["light"]),
                "consolidation": consolidation,
                "polarity": polarity,
            }
        )
    return {
        "rows": page,
        "first": first + 1,
        "last": first + len(page),
        "total": len(lines),
        "before": way(first - size),
        "after": way(first + size),
    }


@blueprint.get("/banding")
def compare() -> ResponseReturnValue:
    """A unit beside those right below it in one slot, or (`cara=tahun`) its own years; also as a file."""
    code, year = request.args.get("unit", "")[:40], request.args.get("tahun", type=a_year)
    by_year = request.args.get("cara", "") == "tahun"
    if by_year:
        found = unit_comparison.of_years(current_user.person_id, code, year)
    else:
        found = unit_comparison.of_units(current_user.person_id, code, year, request.args.get("periode", ""))
    head = [*HEAD, *(gettext(name) for name in found.perspectives.values())]
    file = downloads.asked("perbandingan", head, _file_rows(found))
    known = [line for line in found.lines if line.nko is not None]
    drawn = known[:DRAWN] if not by_year else known[:DRAWN][::-1]
    return file or render_template(
        "performance/compare.html",
        found=found,
        by_year=by_year,
        chart=charts.columns_of([(_short(line, by_year), line.nko or Decimal(0)) for line in drawn], _two),
        drawn=len(drawn),
        known=len(known),
        bases=BASES,
        words=LIGHTS,
        law=unit_lights.bounds_of(found.period),
        slot_labels=periods.SLOT_LABELS,
    )


def _two(value: Decimal) -> str:
    return formats.angka(value, 2)


def _short(line: Line, by_year: bool) -> str:
    """A name that fits beside its bar."""
    if by_year:
        return f"{line.year} {gettext(periods.short_label(line.slot))}"
    words = line.unit.split()
    name = " ".join(words[1:]) if len(words) > 2 else line.unit
    return name if len(name) <= 18 else name[:17] + "…"


def _file_rows(found: Comparison) -> Iterator[tuple[Any, ...]]:
    for line in found.lines:
        lights, indices = line.lights or {}, line.perspectives or {}
        yield (
            line.code,
            line.unit,
            line.year,
            gettext(periods.SLOT_LABELS.get(line.slot, line.slot)),
            line.rule_set,
            "" if line.nko is None else line.nko,
            str(LIGHTS[line.light]) if line.light else "",
            formats.predikat(line.predicate) if line.determined else gettext("Belum ditetapkan"),
            str(BASES[line.basis]) if line.determined else "",
            *(lights.get(colour, "") for colour in LIGHTS),
            *(indices.get(code, "") for code in found.perspectives),
        )
