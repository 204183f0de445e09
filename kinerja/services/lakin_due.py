"""When the LAKIN data sheet of a UPK is due, and telling its pengelola: as it is filled, before that day, after it."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import Document, Period
from kinerja.rules.words import N_
from kinerja.services import deadlines, notices, turns
from kinerja.services.calendars import calendar_of
from kinerja.services.effects import effect
from kinerja.services.kinds import Context
from kinerja.services.org_results import DETERMINED
from kinerja.services.periods import regulation_of
from kinerja.services.trajectory import YEAR_SLOT
from kinerja.workflows.roles import Relation

DEADLINE = "lakin_sheet"
# For how long the calendar still says that a sheet is late; the page says it for ever.
TOLD_FOR = timedelta(days=31)
FILLED = N_("Lembar data LAKIN %(year)s, %(unit)s, terisi dari nilai yang ditetapkan. Batasnya %(due)s.")
SOON = N_(
    "Lembar data LAKIN %(year)s, %(unit)s, jatuh tempo %(due)s dan masih kosong: nilai organisasinya belum ditetapkan."
)
LATE = N_(
    "Lembar data LAKIN %(year)s, %(unit)s, sudah lewat batasnya, %(due)s: nilai organisasinya belum ditetapkan."
)


def due_of(value: Document) -> date | None:
    """The last day for the sheet of the unit and year of this nilai organisasi."""
    at = deadlines.due_of(value, DEADLINE, value.created_at)
    return clock.local(at, value.unit.zone).date() if at else None


def fall_due(day: date) -> int:
    """Remind of every sheet that is empty shortly before its day, and once after it; no step is sent."""
    rows = db.session.scalars(
        sa.select(Document)
        .join(Period, Period.id == Document.period_id)
        .options(joinedload(Document.unit), joinedload(Document.period))
        .where(
            Document.kind == "org_value",
            Document.slot == YEAR_SLOT,
            Document.state.not_in(DETERMINED),
            Period.year == day.year - 1,
        )
        .order_by(Document.id)
    ).all()
    for value in rows:
        today, due = clock.today(value.unit.zone), due_of(value)
        if due is None or today > due + TOLD_FOR:
            continue
        rung = _rung(value, today, due)
        if rung:
            with transaction():
                text = LATE if today > due else SOON
                key = f"lakin:{value.public_id}:{due:%Y%m%d}:{rung}"
                notices.write(value, _for_the_pengelola(value, text), dedupe=key)
    return 0


def _rung(value: Document, today: date, due: date) -> int:
    """The rungs of the ladder that concern whoever is awaited: 0 not yet, two before the day, 3 after it."""
    if today > due:
        return 3
    law, ends = regulation_of(value.period), deadlines.windows_of(value)["ends"]
    if calendar_of(value).remaining(today, due) <= law.whole("tangga_ingatkan_hk"):
        return 2
    return int((today - ends) * 100 >= (due - ends) * law.whole("tangga_ingatkan_persen"))


@effect("org_value", "determine")
def tell_that_it_is_filled(context: Context) -> None:
    """The sheet of the year is filled with the determination, anew where the value was corrected."""
    if context.document.slot == YEAR_SLOT:
        notices.write(context.document, _for_the_pengelola(context.document, FILLED))


def _for_the_pengelola(value: Document, text: str) -> dict[int, tuple[str, dict[str, Any]]]:
    due = due_of(value)
    params = {
        "year": value.period.year, "unit": value.unit.name, "due": due.isoformat() if due else "",
    }  # fmt: skip
    people = turns.person_in_turn(value, Relation.PENGELOLA_ORGANISASI)
    return dict.fromkeys(people, (text, params))
