"""The traffic light of a unit: its organisation result against the bounds of the period's law."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import OrgResult, Period, Person, Unit
from kinerja.rules import scoring
from kinerja.rules.regulation import ASSUMED
from kinerja.services.periods import regulation_of
from kinerja.services.unit_progress import Slot


@dataclass(frozen=True)
class UnitLight:
    """One unit with what was determined; the light is None where only a predicate was given."""

    name: str
    nko: Decimal | None
    predicate: str
    light: str | None
    # Who set it and when, with the decree where there is one.
    by: str = ""
    at: datetime | None = None
    decree: str = ""


@dataclass(frozen=True)
class Lights:
    """The unit itself first, then those right below it, with the rule behind the colours."""

    rows: tuple[UnitLight, ...]
    # None where the rule set gives no numbers.
    green: Decimal | None
    yellow: Decimal | None
    source: str
    assumed: bool


@dataclass(frozen=True)
class Bounds:
    """From where on a light is green and yellow, and by which rule; None where the rule set gives no numbers."""

    green: Decimal | None
    yellow: Decimal | None
    source: str
    assumed: bool


def bounds_of(period: Period) -> Bounds:
    """The rule behind the colours in the law of a period."""
    law, codes = regulation_of(period), ("lampu_hijau", "lampu_kuning")
    if not all(code in law for code in codes):
        return Bounds(None, None, "", False)
    sources = dict.fromkeys(law.parameter(code).source for code in codes)
    green, yellow = (law.value(code) for code in codes)
    return Bounds(green, yellow, "; ".join(sources), law.status_of(*codes) == ASSUMED)


_RESULTS = (
    sa.select(
        Unit.id,
        Unit.name,
        OrgResult.nko,
        OrgResult.predicate,
        Person.name.label("by"),
        OrgResult.set_at,
        OrgResult.decree_number,
    )
    .join(OrgResult, OrgResult.unit_id == Unit.id)
    .join(Person, Person.id == OrgResult.set_by_id)
    .where(
        sa.or_(Unit.id == sa.bindparam("unit"), Unit.parent_id == sa.bindparam("unit")),
        OrgResult.period_id == sa.bindparam("period"),
        OrgResult.slot == sa.bindparam("slot"),
    )
    .order_by(Unit.id != sa.bindparam("unit"), Unit.name)
)


def lights_of(unit: Unit, slot: Slot) -> Lights:
    """The results of a unit and of its sub-units for one slot. One statement."""
    law = regulation_of(slot.period)
    found = db.session.execute(
        _RESULTS, {"unit": unit.id, "period": slot.period.id, "slot": slot.window.slot}
    )
    rows = tuple(
        UnitLight(
            row.name,
            row.nko,
            row.predicate,
            scoring.traffic_light(row.nko, law),
            row.by,
            row.set_at,
            row.decree_number,
        )
        for row in found
    )
    bounds = bounds_of(slot.period)
    return Lights(rows, bounds.green, bounds.yellow, bounds.source, bounds.assumed)
