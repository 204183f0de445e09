"""Who looks at which unit, in which slot of which period, and what list he asks for."""

from dataclasses import dataclass, replace

from kinerja import clock
from kinerja.models import Period, Unit
from kinerja.services import identity, periods, unit_progress, unit_waiting, units
from kinerja.services.errors import NotThere
from kinerja.services.periods import running_slot
from kinerja.services.unit_progress import Slot
from kinerja.services.unit_waiting import Asked


@dataclass
class Here:
    """The unit page as one person opens it; without a slot no period is open yet."""

    unit: Unit
    watch: units.Watch
    circle: identity.Circle
    slot: Slot | None
    stages: tuple[str, ...]
    asked: Asked


def look(
    person_id: int,
    code: str,
    *,
    year: int | None = None,
    slot: str = "",
    stage: str = "",
    text: str = "",
    part: str = "",
    state: str = "",
) -> Here:
    """What this person sees of this unit. Raises NotThere when he does not watch it."""
    unit = units.unit_of(code)
    if unit is None:
        raise NotThere
    circle = identity.circle_of(person_id)
    watch = units.watch_over(units.reaches_of(person_id, circle.scopes, needed=unit), unit.path)
    if watch is None:
        raise NotThere
    found = periods.all_periods()
    period = next((p for p in found if p.year == year), None) or _current(found)
    chosen = unit_progress.slot_of(period, found, slot or running_slot(period)) if period else None
    if chosen is None and period is not None:
        chosen = unit_progress.slot_of(period, found, running_slot(period))
    stages = unit_waiting.stages_of(watch, chosen) if chosen else ()
    asked = Asked(
        stage if stage in stages else stages[0] if stages else "", text.strip()[:100], part[:40], state[:20]
    )
    if not asked.label:
        asked = replace(asked, state="")
    return Here(unit, watch, circle, chosen, stages, asked)


def _current(found: list[Period]) -> Period | None:
    opened = [period for period in found if period.state == "open"]
    year = clock.today().year
    return next((period for period in opened if period.year == year), opened[0] if opened else None)
