"""Setting a year up: what is proposed, what is refused, what stays closed; and closing it."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import Document, Period, Person
from kinerja.models.period import SLOTS_MONTHLY, SLOTS_QUARTERLY
from kinerja.rules.registry import CODES, DEFAULT_CODE
from kinerja.rules.regulation import Regulation
from kinerja.rules.words import N_
from kinerja.services import periods, permits
from kinerja.services.errors import BadInput, NotThere
from kinerja.services.structure_checks import run_checks
from kinerja.services.structure_findings import Check
from kinerja.workflows.base import OWN_RULE, Unmet

DATES = periods.WINDOW_DATES
QUARTERLY, MONTHLY = "triwulanan", "bulanan"
RHYTHMS = {QUARTERLY: N_("Triwulanan"), MONTHLY: N_("Bulanan")}
STATES = {"draft": N_("disiapkan"), "open": N_("dibuka"), "closed": N_("ditutup")}
SLOT_LABELS = periods.SLOT_LABELS

YEAR_STRANGE = N_("Tahun antara %(first)s dan %(last)s.")
RHYTHM_UNKNOWN = N_("Ritme ini tidak dikenal.")
SLOTS_WRONG = N_("Jendela tidak sesuai dengan ritme: siapkan lagi jendelanya.")
NOT_OPEN = N_("Periode ini tidak sedang dibuka.")
REASON_NEEDED = N_("Tulis alasan menutup periode.")


@dataclass(frozen=True)
class PeriodRow:
    """A year as the list and its own page show it."""

    year: int
    rule_set: str
    rhythm: str
    state: str
    state_label: str
    opened_at: datetime | None
    opened_by: str
    review_initial_skp: bool
    calibration_levels: int
    windows: tuple[Mapping[str, Any], ...]
    law: Regulation
    open_documents: int
    id: int


@dataclass(frozen=True)
class Proposal:
    """What a form for a new year starts with."""

    year: int
    rule_set: str
    rhythm: str
    copied_from: int | None
    review_initial_skp: bool
    calibration_levels: int
    windows: tuple[Mapping[str, Any], ...]


def rows(person_id: int) -> list[PeriodRow]:
    """Every year, the newest first. Raises NotThere for who may not read them."""
    permits.demand(person_id, "period.read")
    found = periods.all_periods()
    # Nothing goes on in a year that was closed: what was still open is listed with the reason for closing it.
    running = (
        sa.select(Document.period_id, sa.func.count())
        .join(Period, Period.id == Document.period_id)
        .where(Document.turn != "", Period.state == "open")
        .group_by(Document.period_id)
    )
    counted: dict[int, int] = {row[0]: row[1] for row in db.session.execute(running)}
    openers = sa.select(Person.id, Person.name).where(Person.id.in_({p.opened_by_id or 0 for p in found}))
    names: dict[int, str] = {row.id: row.name for row in db.session.execute(openers)}
    return [_row(period, names, counted) for period in found]


def row(person_id: int, year: int) -> PeriodRow:
    """One year. Raises NotThere."""
    found = next((one for one in rows(person_id) if one.year == year), None)
    if found is None:
        raise NotThere
    return found


def _row(period: Period, names: Mapping[int, str], counted: Mapping[int, int]) -> PeriodRow:
    return PeriodRow(
        period.year,
        period.rule_set,
        period.rhythm,
        period.state,
        STATES[period.state],
        period.opened_at,
        names.get(period.opened_by_id or 0, ""),
        period.review_initial_skp,
        period.calibration_levels,
        tuple(_values(window) for window in period.windows),
        periods.regulation_of(period),
        counted.get(period.id, 0),
        period.id,
    )


def _values(window: Any) -> dict[str, Any]:
    return {
        "slot": window.slot,
        "position": window.position,
        "label": SLOT_LABELS.get(window.slot, window.slot),
        **{name: getattr(window, name) for name in DATES},
    }


def proposal(
    person_id: int, year: int | None = None, code: str = "", rhythm: str = "", copy_from: int | None = None
) -> Proposal:
    """The windows and settings of a new year: the law's own, or last year's moved on. Raises NotAllowed."""
    permits.demand(person_id, "period.open")
    known = {
        period.year: period
        for period in db.session.scalars(sa.select(Period).options(selectinload(Period.windows)))
    }
    wanted = year or (max(known) + 1 if known else clock.today().year)
    model = known.get(copy_from) if copy_from is not None else None
    chosen = code if code in CODES else (model.rule_set if model else DEFAULT_CODE)
    beat = rhythm if rhythm in RHYTHMS else (model.rhythm if model else QUARTERLY)
    if model is not None and model.rhythm == beat:
        windows = [_moved(_values(window), wanted - model.year) for window in model.windows]
    else:
        windows = blank_windows(chosen, wanted, beat)
    return Proposal(
        wanted,
        chosen,
        beat,
        model.year if model else None,
        model.review_initial_skp if model else False,
        model.calibration_levels if model else periods.current_law(chosen).whole("tingkat_kalibrasi"),
        tuple(windows),
    )


def blank_windows(code: str, year: int, rhythm: str) -> list[dict[str, Any]]:
    """The law's own windows; of a rhythm for which it has none, only what is certain: first and last day."""
    found = periods.default_windows(code, year, rhythm)
    return [window | {"label": SLOT_LABELS[window["slot"]]} for window in found]


def _moved(window: dict[str, Any], years: int) -> dict[str, Any]:
    return window | {name: _later(window[name], years) for name in DATES}


def _later(day: date, years: int) -> date:
    """The same day in another year; the last of February stays the last of February."""
    year = day.year + years
    last = monthrange(year, day.month)[1]
    at_end = day.day == monthrange(day.year, day.month)[1]
    return date(year, day.month, last if at_end else min(day.day, last))


def copyable() -> list[int]:
    """The years whose windows can be copied, the newest first."""
    return list(db.session.scalars(sa.select(Period.year).order_by(Period.year.desc())))


def open_year(
    by_id: int,
    *,
    year: int,
    rule_set: str,
    rhythm: str,
    windows: Sequence[Mapping[str, Any]],
    review_initial_skp: bool,
    calibration_levels: int,
) -> None:
    """Open a year. Raises NotAllowed, or BadInput whose field names are those of the form ("TW1-record_by")."""
    with transaction():
        permits.demand(by_id, "period.open")
        wanted = SLOTS_MONTHLY if rhythm == MONTHLY else SLOTS_QUARTERLY
        given = [
            {"slot": w["slot"], "position": number, **{name: w[name] for name in DATES}}
            for number, w in enumerate(windows, 1)
        ]
        problems = _problems(year, rhythm, wanted, given)
        if not any(problem.field_name in ("year", "windows") for problem in problems):
            problems += periods.problems_of(year, rule_set, given, calibration_levels)
        if problems:
            raise BadInput(problems)
        periods.open_period(
            by_id,
            year=year,
            rule_set=rule_set,
            windows=given,
            rhythm=rhythm,
            review_initial_skp=review_initial_skp,
            calibration_levels=calibration_levels,
        )


def _problems(
    year: int, rhythm: str, slots: Sequence[str], windows: Sequence[Mapping[str, Any]]
) -> list[Unmet]:
    found = []
    this_year = clock.today().year
    if not this_year - 5 <= year <= this_year + 5:
        params = {"first": this_year - 5, "last": this_year + 5}
        found.append(Unmet(OWN_RULE, YEAR_STRANGE, params, "year"))
    if rhythm not in RHYTHMS:
        found.append(Unmet(OWN_RULE, RHYTHM_UNKNOWN, {}, "rhythm"))
    elif [window["slot"] for window in windows] != list(slots):
        found.append(Unmet(OWN_RULE, SLOTS_WRONG, {}, "windows"))
    return found


def close_year(by_id: int, year: int, reason: str) -> None:
    """Close a year with a reason. Raises NotThere, NotAllowed, BadInput."""
    with transaction():
        permits.demand(by_id, "period.close")
        period = periods.period_of(year)
        if period is None:
            raise NotThere
        if period.state != "open":
            raise BadInput([Unmet(OWN_RULE, NOT_OPEN, {}, "")])
        if not reason.strip():
            raise BadInput([Unmet(OWN_RULE, REASON_NEEDED, {}, "reason")])
        periods.close_period(by_id, year, reason.strip())


def structure_summary() -> tuple[Check, ...]:
    """The twelve checks, for the page on which a year is opened."""
    return run_checks()
