"""The page of an evaluation for who takes no part in it, before it is determined: nothing tells how far it is."""

from dataclasses import replace
from typing import Any

from kinerja.rules.words import N_
from kinerja.services import stepper
from kinerja.services.org_results import USED_STATES
from kinerja.services.review_matter import OPEN_STATES
from kinerja.services.review_view import public_state, sees_ratings, visible_steps

THOSE_WHO_RATE = N_("para pejabat yang menilai")
PENILAI = N_("Pejabat Penilai Kinerja")


def veil(page: Any) -> Any:
    """The same page without what its reader may not know: steps among those who rate, their notes and their turn."""
    document, actor = page.document, page.actor
    if sees_ratings(document, actor):
        return page
    steps = visible_steps(document, actor, page.steps)
    shown = {id(step) for step in steps}
    page = replace(
        page,
        steps=steps,
        since_last_visit=[m for m in page.since_last_visit if m.what != "step" or id(m) in shown],
        pinned=None,
    )
    if document.state in USED_STATES:
        return page
    # The same before the proposal and after it, or after it was sent back: nothing tells one from the other.
    page = replace(page, path=stepper.untold(page.flow, steps))
    if document.state in OPEN_STATES:
        return page
    state = public_state(document, actor)
    return replace(
        page,
        state_label=state.label,
        due=type(page.due)(None),
        turn_label=PENILAI,
        turn_names=(THOSE_WHO_RATE,),
        refusals=[],
        shown_state=state.code,
    )
