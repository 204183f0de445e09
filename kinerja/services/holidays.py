"""The days that are no working days, by year: shown with their decree, entered and taken out by an admin, audited."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from kinerja.db import db, transaction
from kinerja.models import Holiday
from kinerja.rules.words import N_
from kinerja.services import audit, calendars, permits
from kinerja.services.errors import BadInput, NotThere
from kinerja.workflows.base import OWN_RULE, Unmet

KINDS = {calendars.NATIONAL: N_("Libur nasional"), calendars.COLLECTIVE: N_("Cuti bersama")}

KNOWN = N_("Tanggal ini sudah tercatat sebagai %(name)s.")
NAME_NEEDED = N_("Tulis nama harinya.")
SOURCE_NEEDED = N_("Tulis keputusannya: hari libur tanpa sumber tidak dicatat.")
KIND_UNKNOWN = N_("Pilih jenisnya.")


@dataclass(frozen=True)
class YearDays:
    """The days of a year as they are recorded, and whether kinerja brings some that are not."""

    year: int
    days: tuple[calendars.HolidayRow, ...]
    years: tuple[int, ...]
    can_load: bool


def of_year(year: int) -> YearDays:
    """Everything recorded for a year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = db.session.scalars(
        sa.select(Holiday).where(Holiday.day.between(first, last)).order_by(Holiday.day)
    ).all()
    known = {row.day for row in rows}
    brought = calendars.holidays_of(year) if year in calendars.years() else ()
    recorded = {day.year for day in db.session.scalars(sa.select(Holiday.day))}
    return YearDays(
        year,
        tuple(calendars.HolidayRow(row.day, row.name, row.kind, row.source, "") for row in rows),
        tuple(sorted(recorded | set(calendars.years()) | {year})),
        any(row.day not in known for row in brought),
    )


def load(by_id: int, year: int) -> int:
    """Record the days of a year that come with kinerja; how many were new. Raises NotAllowed, NotThere."""
    if year not in calendars.years():
        raise NotThere
    with transaction():
        permits.demand(by_id, "holiday.write")
        new = calendars.load_holidays([year])
        if new:
            audit.record("holiday.load", actor_id=by_id, payload={"tahun": year, "jumlah": new})
    return new


def add(by_id: int, day: date, name: str, kind: str, source: str) -> None:
    """Record one day with its decree. Raises NotAllowed, BadInput."""
    with transaction():
        permits.demand(by_id, "holiday.write")
        known = db.session.get(Holiday, day)
        problems = []
        if known is not None:
            problems.append(Unmet(OWN_RULE, KNOWN, {"name": known.name}, "day"))
        if not name.strip():
            problems.append(Unmet(OWN_RULE, NAME_NEEDED, {}, "name"))
        if not source.strip():
            problems.append(Unmet(OWN_RULE, SOURCE_NEEDED, {}, "source"))
        if kind not in KINDS:
            problems.append(Unmet(OWN_RULE, KIND_UNKNOWN, {}, "kind"))
        if problems:
            raise BadInput(problems)
        db.session.add(Holiday(day=day, name=name.strip(), kind=kind, source=source.strip()))
        db.session.flush()
        payload = {"tanggal": day, "nama": name.strip(), "jenis": kind, "sumber": source.strip()}
        audit.record("holiday.add", actor_id=by_id, payload=payload)
    calendars.forget()


def remove(by_id: int, day: date, reason: str) -> None:
    """Take a day out again, with a reason. Raises NotAllowed, NotThere."""
    with transaction():
        permits.demand(by_id, "holiday.write")
        row = db.session.get(Holiday, day)
        if row is None:
            raise NotThere
        payload = {
            "tanggal": day,
            "nama": row.name,
            "jenis": row.kind,
            "sumber": row.source,
            "alasan": reason,
        }
        db.session.delete(row)
        db.session.flush()
        audit.record("holiday.remove", actor_id=by_id, payload=payload)
    calendars.forget()
