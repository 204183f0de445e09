"""What the guards of the realisation of IKU ask: as of an employee's, with the PK in the place of the SKP."""

from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.models import Document, IkuEvidence, IkuRealisationItem
from kinerja.rules.pk import APPROVED_MANUAL
from kinerja.services import identity, iku_plan, manuals
from kinerja.services.agreements import SIGNED, pk_with
from kinerja.services.realisation_matter import StoredMatter, Tables
from kinerja.services.trajectory import YEAR_SLOT, Trajectory, sorted_out

VALUE_STANDS = ("determined", "final")


def determined_for(document: Any) -> Any:
    """The condition that the value of this slot, or of the year, stands determined for the UPK."""
    value = aliased(Document)
    return (
        sa.select(value.id)
        .where(
            value.kind == "org_value",
            value.parent_id == document.parent_id,
            value.slot.in_((document.slot, YEAR_SLOT)),
            value.state.in_(VALUE_STANDS),
        )
        .exists()
    )


TABLES = Tables(IkuRealisationItem, IkuEvidence, iku_plan.recorded_query, determined_for)


class IkuMatter(StoredMatter):
    """The content of one realisation of IKU; see `kinerja.workflows.realisation.Matter`."""

    @property
    def tables(self) -> Tables:
        return TABLES

    @cached_property
    def trajectory(self) -> Trajectory:
        document = self.document
        documents, entries = sorted_out(self._rows)
        pk = pk_with(document.parent_id or 0)
        views = iku_plan.manuals_of(pk)
        return iku_plan.assemble(pk, document.period, documents, entries, draft_of=document.id, views=views)

    @property
    def qualitative(self) -> bool:
        return False

    @cached_property
    def unmeasured(self) -> list[tuple[str, str]]:
        """Asked only where something was never recorded before: one statement more, in the first period of an IKU."""
        first = [item.indicator for item in self.items if item.indicator.locked_at is None]
        states = manuals.states(one.id for one in first)
        return [(one.key, one.number) for one in first if states.get(one.id) not in APPROVED_MANUAL]

    @property
    def skp_state(self) -> str:
        """Of the PK, in the words of a plan that runs: while it is opened again, its realisation waits."""
        state = super().skp_state
        return "in_force" if state in SIGNED else state

    @cached_property
    def validators(self) -> tuple[int, ...]:
        """The head of the UPK; after he was late, the head above."""
        document = self.document
        if document.acting_level == 0:
            return (document.subject_id,)
        chain = identity.superiors(document.subject_id, clock.today(document.unit.zone))
        return (chain[0].person_id,) if chain else ()
