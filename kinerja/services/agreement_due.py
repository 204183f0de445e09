"""What the calendar does to what a unit works by: a new head takes it over, and it closes when its year is over."""

from collections.abc import Iterator
from datetime import date

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, PeriodWindow
from kinerja.services import new_heads, transitions
from kinerja.services.errors import BadInput, NotAllowed, Stale
from kinerja.services.trajectory import YEAR_SLOT
from kinerja.workflows.base import Incomplete
from kinerja.workflows.pk import PkFlow

# In which states somebody still works on them; what was validated or determined stays in the name of its time.
RUNNING = {
    "pk": tuple(state for state in PkFlow.state_ids() if not PkFlow.is_final(state)),
    "matrix": ("draft", "shared"),
    "iku_realisation": ("not_open", "open", "draft", "recorded", "returned", "missing"),
    "org_value": ("collecting", "computed", "reviewed"),
}


def fall_due(day: date) -> int:
    """Send the system's steps that are due now; how many were sent. What somebody else did meanwhile is let be."""
    sent = 0
    for public_id, event in list(_steps(day)):
        try:
            transitions.send(public_id, event, None, version=None)
        except (NotAllowed, Stale, Incomplete, BadInput):
            continue
        sent += 1
    return sent


def _steps(day: date) -> Iterator[tuple[str, str]]:
    """What a unit works by whose head has gone, and the PK and matriks of a year that ended."""
    for kind, states in RUNNING.items():
        yield from new_heads.steps(kind, states, day)
    over = new_heads.running("pk", ("in_force",)).where(Document.due_at < clock.now())
    for document in db.session.scalars(over).all():
        yield document.public_id, "close"
    # A matriks waits for nobody once it is shared: it has no limit of its own, and ends with the window of its year.
    windows = new_heads.running("matrix", RUNNING["matrix"]).join(
        PeriodWindow, PeriodWindow.period_id == Document.period_id
    )
    for document in db.session.scalars(
        windows.where(PeriodWindow.slot == YEAR_SLOT, PeriodWindow.closes < day)
    ).all():
        yield document.public_id, "close"
