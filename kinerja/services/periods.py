"""Periods: opening a year under one rule set with its windows, and reading the law it was opened with."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import ParameterOverride, Period, PeriodWindow
from kinerja.models.period import SLOTS_MONTHLY, SLOTS_QUARTERLY
from kinerja.rules import coherence, values
from kinerja.rules import windows as rules
from kinerja.rules.registry import CODES, regulation
from kinerja.rules.regulation import (
    BelumAda,
    Override,
    Regulation,
    frozen_value,
    packed,
    thaw,
    unpacked,
)
from kinerja.rules.words import N_
from kinerja.services import audit
from kinerja.services.errors import BadInput
from kinerja.workflows.base import OWN_RULE, Unmet

DECREE_AHEAD = N_("Tanggal keputusan tidak boleh sesudah hari ini.")
NOT_FITTING = N_("Nilai ini tidak dapat dipakai untuk parameter ini.")
WINDOW_DATES = ("starts", "ends", "recording_opens", "evaluation_opens", "record_by", "validate_by", "closes")
SLOT_LABELS = {
    "TW1": N_("Triwulan I"),
    "TW2": N_("Triwulan II"),
    "TW3": N_("Triwulan III"),
    "TW4": N_("Triwulan IV"),
    "Y": N_("Tahunan"),
    "B01": N_("Januari"),
    "B02": N_("Februari"),
    "B03": N_("Maret"),
    "B04": N_("April"),
    "B05": N_("Mei"),
    "B06": N_("Juni"),
    "B07": N_("Juli"),
    "B08": N_("Agustus"),
    "B09": N_("September"),
    "B10": N_("Oktober"),
    "B11": N_("November"),
    "B12": N_("Desember"),
}


def short_label(slot: str) -> str:
    """A slot where there is no room for its name: "TW I", "Jun"."""
    label = SLOT_LABELS.get(slot, slot)
    return label.replace("Triwulan", "TW") if slot.startswith("TW") else label[:3] if slot != "Y" else label


def regulation_of(period: Period) -> Regulation:
    """The law of a period as it was frozen when the period was opened."""
    return _thawed(period.id, period.opened_at, _Hidden(period))


class _Hidden:
    """Carries a period past the cache's key: two of them are always equal."""

    def __init__(self, period: Period):
        self.period = period

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hidden)


@lru_cache(maxsize=64)
def _thawed(period_id: int, opened_at: datetime | None, hidden: _Hidden) -> Regulation:
    law = thaw(hidden.period.rules)
    hidden.period = None  # type: ignore[assignment]
    return law


def current_law(code: str) -> Regulation:
    """A rule set with every decree entered so far: what a period opened now would get. Raises LookupError.

    Its version counts the decrees: each one entered makes the next.
    """
    return _with(code, _decrees(code))


def _decrees(code: str) -> list[Override]:
    """Every decree of a rule set in the order of their entry."""
    rows = db.session.scalars(
        sa.select(ParameterOverride).where(ParameterOverride.rule_set == code).order_by(ParameterOverride.id)
    )
    return [Override(row.code, unpacked(row.value), row.decree_number, row.decree_date) for row in rows]


def _with(code: str, decrees: Sequence[Override]) -> Regulation:
    newest = {decree.key: decree for decree in decrees}
    law = regulation(code, tuple(newest.values()))
    return replace(law, version=law.version + len(decrees)) if decrees else law


def all_periods() -> list[Period]:
    return list(db.session.scalars(_periods_query()).unique())


_YEARS_AND_SLOTS = sa.select(Period.year, PeriodWindow.slot).outerjoin(PeriodWindow).distinct()


@cache
def _periods_query(only_open: bool = False) -> Any:
    """Periods with their windows, that of the given year first; put together once, which costs more than running it."""
    this_year_first = (Period.year != sa.bindparam("year", 0), Period.year.desc())
    query = sa.select(Period).options(joinedload(Period.windows)).order_by(*this_year_first)
    return query.where(Period.state == "open") if only_open else query


def years_and_slots() -> tuple[list[int], list[str]]:
    """What lists can be narrowed by: the years there are, newest first, and their slots in the order of a year."""
    rows = db.session.execute(_YEARS_AND_SLOTS).all()
    slots = {row.slot for row in rows}
    return sorted({row.year for row in rows}, reverse=True), [slot for slot in SLOT_LABELS if slot in slots]


def period_of(year: int) -> Period | None:
    return db.session.scalars(_of_year_query(), {"year": year}).first()


@cache
def _of_year_query() -> Any:
    return sa.select(Period).options(selectinload(Period.windows)).where(Period.year == sa.bindparam("year"))


def current_period(on: date | None = None) -> Period | None:
    """The open period of the year of a date, else the latest open one."""
    day = on or clock.today()
    found: Period | None = (
        db.session.scalars(_periods_query(only_open=True), {"year": day.year}).unique().first()
    )
    return found


def default_windows(code: str, year: int, rhythm: str = "triwulanan") -> list[dict[str, Any]]:
    """The windows a year gets unless the admin changes them. A date that the law does not give is None: it is asked
    for."""
    law = current_law(code)
    slots = SLOTS_MONTHLY if rhythm == "bulanan" else SLOTS_QUARTERLY
    found: list[dict[str, Any]] = []
    for position, slot in enumerate(slots, 1):
        try:
            dates: Mapping[str, date | None] = rules.dates_of(rules.default_of(law, year, slot))
        except (BelumAda, ValueError, TypeError, KeyError, OverflowError):
            # No law for this rhythm, or a decree that never made sense: what is certain stands, the rest is asked for.
            first, last = rules.slot_bounds(year, slot)
            dates = dict.fromkeys(WINDOW_DATES) | {"starts": first, "ends": last, "recording_opens": first}
        found.append({"slot": slot, "position": position, **dates})
    return found


def open_period(
    by_id: int | None,
    *,
    year: int,
    rule_set: str,
    windows: Sequence[Mapping[str, Any]],
    rhythm: str = "triwulanan",
    review_initial_skp: bool = False,
    calibration_levels: int = 1,
) -> Period:
    """Open a year: its law is frozen, its windows fixed, its documents may begin.

    Raises BadInput when the year exists, the rule set is unknown, or a window is not record < validate < close.
    """
    problems = problems_of(year, rule_set, windows, calibration_levels)
    if problems:
        raise BadInput(problems)
    with transaction():
        law = current_law(rule_set)
        period = Period(
            year=year,
            rule_set=rule_set,
            rules=law.freeze(),
            rhythm=rhythm,
            review_initial_skp=review_initial_skp,
            calibration_levels=calibration_levels,
            state="open",
            opened_at=clock.now(),
            opened_by_id=by_id,
            windows=[PeriodWindow(**dict(window)) for window in windows],
        )
        db.session.add(period)
        db.session.flush()
        audit.record(
            "period.open",
            actor_id=by_id,
            payload={"tahun": year, "aturan": rule_set, "asumsi": len(law.used_assumptions)},
        )
    return period


def problems_of(year: int, rule_set: str, windows: Sequence[Mapping[str, Any]], levels: int) -> list[Unmet]:
    """Why these settings cannot open a year; field names are `<slot>-<date>` for windows."""
    found = []
    if period_of(year) is not None:
        found.append(Unmet(OWN_RULE, N_("Periode %(year)s sudah ada."), {"year": year}, "year"))
    if rule_set not in CODES:
        found.append(Unmet(OWN_RULE, N_("Aturan %(code)s tidak dikenal."), {"code": rule_set}, "rule_set"))
    if not windows:
        found.append(
            Unmet(
                OWN_RULE,
                N_("Isi tanggal setiap jendela; untuk ritme ini tidak ada tanggal baku."),
                {},
                "windows",
            )
        )
    if not 0 <= levels <= 5:
        found.append(Unmet(OWN_RULE, N_("Tingkat kalibrasi antara 0 dan 5."), {}, "calibration_levels"))
    for window in windows:
        slot = window["slot"]
        for fault in rules.faults(year, slot, window, SLOT_LABELS[slot]):
            found.append(Unmet(OWN_RULE, fault.message, fault.params, f"{slot}-{fault.field_name}"))
    if rule_set in CODES:
        for clash in coherence.clashes(current_law(rule_set), (year,)):
            if clash.codes[0] != coherence.WINDOW:
                found.append(Unmet(OWN_RULE, clash.message, clash.params, "rule_set"))
    return found


def replace_assumption(
    by_id: int, *, rule_set: str, code: str, value: Any, decree_number: str, decree_date: date
) -> None:
    """Enter a decree for a parameter; it holds for periods opened from now on, and is audited. Raises BadInput."""
    with transaction():
        carried = packed(frozen_value(value))
        law, changed = _tried(rule_set, Override(code, unpacked(carried), decree_number, decree_date))
        db.session.add(
            ParameterOverride(
                rule_set=rule_set,
                code=code,
                value=carried,
                decree_number=decree_number,
                decree_date=decree_date,
                entered_by_id=by_id,
                entered_at=clock.now(),
            )
        )
        audit.record(
            "rules.replace",
            actor_id=by_id,
            payload={
                "aturan": rule_set,
                "kode": code,
                "nilai_lama": packed(law.parameter(code).value),
                "nilai": carried,
                "keputusan": decree_number,
                "tanggal_keputusan": decree_date.isoformat(),
                "versi": changed.version,
            },
        )


def _tried(rule_set: str, decree: Override) -> tuple[Regulation, Regulation]:
    """The law now and with this decree. Raises BadInput when the value, the decree or the law it makes cannot be."""
    if decree.decree_date > clock.today():
        raise BadInput([Unmet(OWN_RULE, DECREE_AHEAD, {}, "decree_date")])
    try:
        decrees = _decrees(rule_set)
        law = _with(rule_set, decrees)
        values.check(regulation(rule_set).parameter(decree.key), decree.value, law)
        changed = _with(rule_set, [*decrees, decree])
    except values.BadValue as error:
        raise BadInput([Unmet(OWN_RULE, error.message, error.params, "value")]) from error
    except (ValueError, LookupError) as error:
        raise BadInput([Unmet(OWN_RULE, NOT_FITTING, {}, "value")]) from error
    years = (clock.today().year, clock.today().year + 1)
    known = coherence.clashes(law, years)
    clashing = [c for c in coherence.clashes(changed, years) if not c.at_opening and c not in known]
    if clashing:
        first = clashing[0]
        named = {"slot": SLOT_LABELS[first.codes[1]]} if first.codes[0] == coherence.WINDOW else {}
        raise BadInput([Unmet(OWN_RULE, first.message, first.params | named, "value")])
    return law, changed


def close_period(by_id: int, year: int, reason: str) -> None:
    """Close a year. The audit names every document still open beside the reason."""
    from kinerja.services import period_closing

    with transaction():
        period = db.session.scalars(sa.select(Period).where(Period.year == year).with_for_update()).one()
        period.state = "closed"
        period_closing.record(period, by_id, reason)


def running_slot(period: Period, on: date | None = None) -> str:
    """The slot people are working on: the oldest whose window has opened and has not yet closed."""
    day = on or clock.today()
    quarters = [w for w in period.windows if w.slot != "Y"]
    for window in quarters:
        if window.recording_opens <= day <= window.closes:
            return window.slot
    past = [w for w in quarters if w.recording_opens <= day]
    return (past[-1] if past else quarters[0]).slot if quarters else "Y"
