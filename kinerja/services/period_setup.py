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
from kinerja.workflows.base import Unmet

DATES = periods.WINDOW_DATES
QUARTERLY, MONTHLY = "triwulanan", "bulanan"
RHYTHMS = {QUARTERLY: N_("Triwulanan"), MONTHLY: N_("Bulanan")}
STATES = {"draft": N_("disiapkan"), "open": N_("dibuka"), "closed": N_("ditutup")}
_MONTHS = (
    N_("Januari"), N_("Februari"), N_("Maret"), N_("April"), N_("Mei"), N_("Juni"), N_("Juli"), N_("Agustus"),
    N_("September"), N_("Oktober"), N_("November"), N_("Desember"),
)  # fmt: skip
SLOT_LABELS = periods.SLOT_LABELS | {f"B{number:02d}": name for number, name in enumerate(_MONTHS, 1)}

YEAR_STRANGE = N_("Tahun antara %(first)s dan %(last)s.")
RHYTHM_UNKNOWN = N_("Ritme ini tidak dikenal.")
SLOTS_WRONG = N_("Jendela tidak sesuai dengan ritme: siapkan lagi jendelanya.")
REVERSED = N_("%(slot)s: tanggal selesai mendahului tanggal mulai.")
OPENS_LATE = N_("%(slot)s: evaluasi dibuka paling lambat pada batas rekam, agar ada waktu menilai.")
RECORDING_LATE = N_("%(slot)s: perekaman dibuka sebelum batas rekam.")
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
    running = (
        sa.select(Document.period_id, sa.func.count()).where(Document.turn != "").group_by(Document.period_id)
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
        model.calibration_levels if model else 1,
        tuple(windows),
    )


def blank_windows(code: str, year: int, rhythm: str) -> list[dict[str, Any]]:
    """The law's own windows; for months only what is certain, their first and last day."""
    by_law = {window["slot"]: window for window in periods.default_windows(code, year)}
    if rhythm == QUARTERLY:
        return [by_law[slot] | {"label": SLOT_LABELS[slot]} for slot in SLOTS_QUARTERLY]
    found = []
    for position, slot in enumerate(SLOTS_MONTHLY, 1):
        if slot == "Y":
            found.append(by_law["Y"] | {"position": position, "label": SLOT_LABELS[slot]})
            continue
        month = int(slot[1:])
        first = date(year, month, 1)
        blank: dict[str, Any] = dict.fromkeys(DATES)
        blank |= {
            "starts": first,
            "ends": date(year, month, monthrange(year, month)[1]),
            "recording_opens": first,
        }
        found.append(blank | {"slot": slot, "position": position, "label": SLOT_LABELS[slot]})
    return found


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
        found.append(Unmet("60", YEAR_STRANGE, params, "year"))
    if rhythm not in RHYTHMS:
        found.append(Unmet("60", RHYTHM_UNKNOWN, {}, "rhythm"))
    elif [window["slot"] for window in windows] != list(slots):
        found.append(Unmet("60", SLOTS_WRONG, {}, "windows"))
    for window in windows:
        slot = {"slot": SLOT_LABELS.get(window["slot"], window["slot"])}
        if window["ends"] < window["starts"]:
            found.append(Unmet("3.0.3", REVERSED, slot, f"{window['slot']}-ends"))
        if window["recording_opens"] >= window["record_by"]:
            found.append(Unmet("3.0.3", RECORDING_LATE, slot, f"{window['slot']}-recording_opens"))
        if window["evaluation_opens"] > window["record_by"]:
            found.append(Unmet("3.0.3", OPENS_LATE, slot, f"{window['slot']}-evaluation_opens"))
    return found


def close_year(by_id: int, year: int, reason: str) -> None:
    """Close a year with a reason. Raises NotThere, NotAllowed, BadInput."""
    with transaction():
        permits.demand(by_id, "period.close")
        period = periods.period_of(year)
        if period is None:
            raise NotThere
        if period.state != "open":
            raise BadInput([Unmet("60", NOT_OPEN, {}, "")])
        if not reason.strip():
            raise BadInput([Unmet("60", REASON_NEEDED, {}, "reason")])
        periods.close_period(by_id, year, reason.strip())


def structure_summary() -> tuple[Check, ...]:
    """The twelve checks, for the page on which a year is opened."""
    return run_checks()
