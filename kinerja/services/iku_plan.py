"""Target, realisation and capaian of every IKU of a PK, slot by slot: the same values as of an SKP (`trajectory`).

Two statements for a whole PK, whatever its size; the rest is arithmetic of `kinerja.rules`.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Document, IkuRealisation, IkuRealisationItem, Period, Pk
from kinerja.rules import scoring
from kinerja.rules.regulation import Regulation
from kinerja.services import iku_places, manuals, scores
from kinerja.services.manuals import ManualView
from kinerja.services.periods import regulation_of
from kinerja.services.trajectory import (
    Cell,
    Entry,
    IndicatorRow,
    Line,
    SlotDocument,
    Trajectory,
    last_slot,
    slots_of,
    sorted_out,
    targets_of,
)

QUANTITATIVE = "kuantitatif"


def indicators_of(pk: Pk) -> list[IndicatorRow]:
    """The IKU of a PK in the order of its map, under their sasaran strategis."""
    found = []
    for place, objective in enumerate(pk.objectives, 1):
        code = objective.code or str(place)
        for number, iku in enumerate(objective.indicators, 1):
            found.append(
                IndicatorRow(
                    id=iku.id,
                    key=iku.key,
                    number=iku.code or f"{code}.{number}",
                    row_number=code,
                    row_kind="",
                    rhk=objective.statement,
                    rhk_intervened="",
                    assigned_by="",
                    taken_over=False,
                    text=iku.name,
                    aspects=(),
                    measure=iku.measure,
                    polarity=iku.polarity,
                    consolidation=iku.consolidation,
                    target=iku.target,
                    target_text="",
                    locked_at=iku.locked_at,
                    approach=QUANTITATIVE,
                )
            )
    return found


def by_manual(views: Mapping[int, ManualView]) -> dict[int, scores.Special]:
    """What the manuals in force add to the formulas of their IKU."""
    return {
        iku_id: scores.Special(view.scale, view.worst, view.cannot_exceed) for iku_id, view in views.items()
    }


def manuals_of(pk: Pk) -> dict[int, ManualView]:
    """The manuals in force of the IKU of a PK. One statement."""
    return manuals.in_force(iku.id for objective in pk.objectives for iku in objective.indicators)


def planned_of(pk: Pk) -> dict[tuple[int, str], Decimal]:
    """(IKU, slot) -> the raw target of the trajectory."""
    return {
        (iku.id, slot): value
        for objective in pk.objectives
        for iku in objective.indicators
        for slot, value in iku.trajectory.items()
    }


def recorded_query(pk_id: Any) -> Any:
    """Every entry of every slot of a PK, and each slot at least once; in the columns of `trajectory.sorted_out`."""
    return (
        sa.select(
            Document.id,
            Document.public_id,
            Document.slot,
            Document.state,
            Document.version,
            Document.state_since,
            Document.due_at,
            IkuRealisation.first_recorded_at,
            IkuRealisation.late_reason,
            IkuRealisationItem.id.label("item_id"),
            IkuRealisationItem.value,
            IkuRealisationItem.narrative,
            IkuRealisationItem.obstacle,
            IkuRealisationItem.return_note,
            IkuRealisationItem.iku_id.label("indicator_id"),
        )
        .join(IkuRealisation, IkuRealisation.document_id == Document.id)
        .outerjoin(IkuRealisationItem, IkuRealisationItem.realisation_id == Document.id)
        .where(IkuRealisation.pk_id == pk_id)
    )


@cache
def _recorded_query() -> Any:
    return recorded_query(sa.bindparam("pk_id"))


def recorded_of(pk_id: int) -> tuple[dict[str, SlotDocument], dict[tuple[int, str], Entry]]:
    """The realisation of each slot and what was typed in it; one statement."""
    return sorted_out(db.session.execute(_recorded_query(), {"pk_id": pk_id}).all())


def assemble(
    pk: Pk,
    period: Period,
    documents: Mapping[str, SlotDocument],
    entries: Mapping[tuple[int, str], Entry],
    *,
    draft_of: int | None = None,
    views: Mapping[int, ManualView] | None = None,
) -> Trajectory:
    """Every figure of a PK with its working. Only what was handed over counts, and what is typed in `draft_of`.

    `views`: IKU -> its manual in force: what it adds to the formula, and how the units below are joined in one value.
    """
    regulation, said = regulation_of(period), views or {}
    ikus = [(iku.id, iku.measure) for objective in pk.objectives for iku in objective.indicators]
    return lines_of(
        pk, slots_of(period), regulation, documents, entries, draft_of=draft_of, special=by_manual(said),
        places=iku_places.joined(ikus, said, regulation),
    )  # fmt: skip


def lines_of(
    pk: Pk,
    slots: tuple[str, ...],
    regulation: Regulation,
    documents: Mapping[str, SlotDocument],
    entries: Mapping[tuple[int, str], Entry],
    *,
    draft_of: int | None = None,
    special: Mapping[int, scores.Special] | None = None,
    places: iku_places.Joined | None = None,
) -> Trajectory:
    """The same from the slots and the law of the period; pure arithmetic. What the `places` come to in a slot counts in
    the place of what the unit wrote there itself."""
    extra = special or {}
    indicators = indicators_of(pk)
    targets = targets_of(indicators, planned_of(pk), last_slot(slots, {}))
    lines = []
    for indicator in indicators:
        values: list[Any] = []
        located = [(places or {}).get((indicator.id, slot)) for slot in slots]
        for slot, place in zip(slots, located, strict=True):
            document, entry = documents.get(slot), entries.get((indicator.id, slot))
            counts = document is not None and (document.id == draft_of or document.handed_over)
            lapsed = document is not None and document.state == "missing" and document.id != draft_of
            own = entry.value if entry and counts and not lapsed else None
            values.append(own if place is None else place.exact)
        aims = [targets.get((indicator.id, slot)) for slot in slots]
        cells = []
        for until, slot in enumerate(slots, 1):
            document = documents.get(slot)
            score, aim, reached = scores.score(
                indicator.consolidation, indicator.polarity, aims, values, until, regulation,
                extra.get(indicator.id, scores.PLAIN),
            )  # fmt: skip
            steps = [part for place in located[:until] if place is not None for part in place.parts]
            score = replace(score, parts=(*steps, *score.parts)) if steps else score
            light = scoring.traffic_light(score.exact, regulation)
            state, recount = (document.state, document.recount) if document else ("", False)
            cells.append(
                Cell(
                    slot,
                    aims[until - 1],
                    _figure(values[until - 1]),
                    aim,
                    reached,
                    score,
                    light,
                    state,
                    recount,
                )
            )
        lines.append(Line(indicator, tuple(cells)))
    return Trajectory(slots, tuple(lines), documents, entries, regulation)


def _figure(value: Decimal | Fraction | None) -> Decimal | None:
    """A value as it is shown: what was typed as it was typed, what was joined to six places."""
    return scoring.rounded(value) if isinstance(value, Fraction) else value
