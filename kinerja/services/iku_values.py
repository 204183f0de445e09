"""What a UPK reaches in a period, from the realisation of its IKU to NKO, NKO K3 and the proposed predicate.

Map, nilai organisasi, reports and sheets read only this. A few statements for a whole unit, whatever its size; the
rest is arithmetic of `kinerja.rules`, and every figure keeps its working.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import sqlalchemy as sa

from kinerja.db import db, memo
from kinerja.models import Document, Period, Pk, Unit
from kinerja.rules import k3_review as k3_law
from kinerja.rules import scoring
from kinerja.rules.manual import asks_ministry
from kinerja.rules.regulation import Regulation
from kinerja.rules.scoring import IkuIndex, Objective, Score, Suggestion, TargetFacts
from kinerja.rules.working import NKO_BELUM_ADA, TANPA_INDIKATOR, empty
from kinerja.services import iku_plan, k3_lines
from kinerja.services.agreements import COUNTING, pk_with
from kinerja.services.manuals import ManualView
from kinerja.services.periods import regulation_of
from kinerja.services.trajectory import YEAR_SLOT, Cell, Trajectory, slots_of

NOTHING = empty(NKO_BELUM_ADA)


@dataclass(frozen=True)
class IkuReading:
    """One IKU at the end of a slot: its consolidated target and realisation, capaian, K3 and traffic light.

    `value` and `planned` are those of the slot alone; `validated` says that all it rests on is.
    """

    id: int
    key: str
    number: str
    name: str
    objective: str
    measure: str
    polarity: str
    consolidation: str
    planned: Decimal | None
    value: Decimal | None
    target: Decimal | None
    realisation: Decimal | None
    score: Score
    k3: Score | None
    light: str | None
    narrative: str
    obstacle: str
    validated: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class ObjectiveReading:
    """A sasaran strategis: the mean of its IKU (NSS)."""

    key: str
    code: str
    statement: str
    perspective: str
    score: Score
    light: str | None


@dataclass(frozen=True)
class PerspectiveReading:
    """A perspective: the mean of its NSS, its weight in the rule set, and the share it really has (0..1).

    A perspective without value has no share: the others divide it among them.
    """

    code: str
    name: str
    weight: Decimal | None
    share: Decimal | None
    score: Score
    light: str | None


@dataclass(frozen=True)
class OrgReading:
    """A UPK at the end of a slot. Without a PK in force there is no `pk_id` and everything else is empty."""

    unit_id: int
    slot: str
    pk_id: int | None
    pk_public_id: str
    indicators: tuple[IkuReading, ...]
    objectives: tuple[ObjectiveReading, ...]
    perspectives: tuple[PerspectiveReading, ...]
    nko: Score
    nko_k3: Score
    proposal: Suggestion
    # Slots up to this one whose realisation is not validated.
    unvalidated: tuple[str, ...]

    @property
    def provisional(self) -> bool:
        """Something is left out, or not validated yet: determined only with a written reason."""
        return bool(self.unvalidated) or self.nko.provisional or self.proposal.provisional

    def light_of(self, key: str) -> str | None:
        """The traffic light of an objective or an IKU, by its key."""
        lights = {one.key: one.light for one in self.objectives} | {
            one.key: one.light for one in self.indicators
        }
        return lights.get(key)


@cache
def _pk_query() -> Any:
    return (
        sa.select(Document.id, Document.public_id)
        .where(
            Document.kind == "pk",
            Document.unit_id == sa.bindparam("unit_id"),
            Document.period_id == sa.bindparam("period_id"),
            Document.state.in_(COUNTING),
        )
        .order_by(Document.id.desc())
        .limit(1)
    )


def read(unit_id: int, period: Period, slot: str, *, pk_row: Any = None) -> OrgReading:
    """What a UPK reached by the end of a slot ("Y": of the year), from all that was handed over so far.

    `pk_row` holds id and public_id of its PK in force for those who know it; else it is asked for. A page that only
    reads computes it once; inside a transaction, where what it rests on may change, it is computed as often as asked.
    """
    known = {} if db.session.info.get("in_transaction") else memo().setdefault("org_readings", {})
    key = (unit_id, period.id, slot)
    if key not in known:
        known[key] = _read(unit_id, period, slot, pk_row)
    found: OrgReading = known[key]
    return found


def _read(unit_id: int, period: Period, slot: str, pk_row: Any) -> OrgReading:
    given = {"unit_id": unit_id, "period_id": period.id}
    found = pk_row or db.session.execute(_pk_query(), given).first()
    if found is None:
        return _nothing(unit_id, slot)
    pk = pk_with(found.id)
    documents, entries = iku_plan.recorded_of(found.id)
    views, settled = _manuals_and_reviews(pk, period, slot)
    trajectory = iku_plan.assemble(pk, period, documents, entries, views=views)
    law = trajectory.regulation
    k3 = k3_reviewed(k3_by_manual(pk, views, law), settled, law)
    level = db.session.get_one(Unit, unit_id).level if by_weight(law) else ""
    return reading_of(pk, found.public_id, unit_id, trajectory, slot, k3, level)


def _manuals_and_reviews(pk: Pk, period: Period, slot: str) -> tuple[dict[int, ManualView], dict[int, Score]]:
    """The manuals in force of the IKU, and the K3 that reviews up to a slot settled. One statement."""
    if k3_law.scope_of(regulation_of(period)) == k3_law.NONE:
        return iku_plan.manuals_of(pk), {}
    iku = (iku.id for objective in pk.objectives for iku in objective.indicators)
    return k3_lines.with_manuals(iku, slots_until(slots_of(period), slot))


def k3_reviewed(by_manual: dict[int, Score], settled: dict[int, Score], law: Regulation) -> dict[int, Score]:
    """IKU -> the K3 that its review settled, else that by its manual: sementara where a review is still to come."""
    if k3_law.scope_of(law) == k3_law.NONE:
        return by_manual
    return {one: replace(score, provisional=True) for one, score in by_manual.items()} | settled


def slots_until(slots: tuple[str, ...], slot: str) -> tuple[str, ...]:
    """The slots of the year up to the end of one; all of them for the year itself."""
    return slots if slot == YEAR_SLOT else slots[: slots.index(slot) + 1]


def k3_by_manual(pk: Pk, views: Mapping[int, ManualView], regulation: Regulation) -> dict[int, Score]:
    """IKU -> its K3 by what its manual in force says of the indicator and of its target; without one it has none."""
    found: dict[int, Score] = {}
    if not asks_ministry(regulation):
        return found
    for iku in (iku for objective in pk.objectives for iku in objective.indicators):
        view = views.get(iku.id)
        if view is None or not (view.validity and view.control and view.target_status):
            continue
        facts = TargetFacts(
            view.target_status, iku.polarity, iku.target, view.last_target, view.last_realisation
        )
        quality = scoring.quality_weight(view.validity, view.control, regulation)
        found[iku.id] = scoring.k3(quality, scoring.target_weight(facts, regulation), regulation)
    return found


def _nothing(unit_id: int, slot: str) -> OrgReading:
    none = Suggestion(None, NKO_BELUM_ADA, False, ())
    return OrgReading(unit_id, slot, None, "", (), (), (), NOTHING, NOTHING, none, ())


def reading_of(
    pk: Pk,
    public_id: str,
    unit_id: int,
    trajectory: Trajectory,
    slot: str,
    k3: dict[int, Score] | None = None,
    level: str = "",
) -> OrgReading:
    """The same from what was read of the PK; pure arithmetic. `k3`: IKU -> its K3 if it has one; `level` of the UPK."""
    regulation, weights = trajectory.regulation, k3 or {}
    until = slots_until(trajectory.slots, slot)
    homes = {iku.id: objective.key for objective in pk.objectives for iku in objective.indicators}
    indicators = tuple(
        _indicator(line, trajectory, slot, until, homes[line.indicator.id], weights.get(line.indicator.id))
        for line in trajectory.lines
    )
    law = _objectives(pk, indicators)
    objectives = tuple(
        _objective(one, plain, regulation) for one, plain in zip(pk.objectives, law, strict=True)
    )
    placed = [one for one in law if one.perspective in regulation.value("perspektif_nko")]
    total = scoring.nko(placed if by_weight(regulation) else law, regulation, level)
    every = [item for objective in law for item in objective.indicators]
    known = [item for item in every if item.k3 is not None]
    by_k3 = scoring.nko_k3(every, regulation) if known else empty(TANPA_INDIKATOR)
    perspectives = _perspectives(placed, regulation, level)
    return OrgReading(
        unit_id, slot, pk.document_id, public_id, indicators, objectives, perspectives, total,
        by_k3, _proposal(total, by_k3, indicators, slot, regulation),
        _unvalidated(trajectory, until),
    )  # fmt: skip


def computes(regulation: Regulation) -> bool:
    """Does the rule set give a value to a unit, and not only the words of its predicate?"""
    return "metode_nko" in regulation


def _proposal(
    total: Score, by_k3: Score, indicators: Sequence[IkuReading], slot: str, regulation: Regulation
) -> Suggestion:
    if computes(regulation):
        return scoring.organisation_predicate(scoring.counted(total, by_k3, regulation), regulation)
    lines = [
        (f"{one.number} {one.name}".strip(), one.realisation, one.target, one.polarity) for one in indicators
    ]
    return scoring.standing(lines, slot == YEAR_SLOT, regulation)


def _indicator(
    line: Any, trajectory: Trajectory, slot: str, until: Sequence[str], home: str, k3: Score | None
) -> IkuReading:
    row, cell = line.indicator, line.at(slot)
    entry = trajectory.entries.get((row.id, slot))
    counted = [c for c in line.cells if c.slot in until and c.target is not None]
    return IkuReading(
        row.id, row.key, row.number, row.text, home, row.measure, row.polarity, row.consolidation, cell.target,
        cell.realisation, cell.total_target, cell.total_realisation, cell.score, k3, cell.light,
        entry.narrative if entry else "", entry.obstacle if entry else "",
        all(c.state == "validated" for c in counted), line.cells,
    )  # fmt: skip


def _objectives(pk: Pk, indicators: Sequence[IkuReading]) -> list[Objective]:
    """The map as the rules see it."""
    by_home: dict[str, list[IkuIndex]] = {}
    for one in indicators:
        by_home.setdefault(one.objective, []).append(IkuIndex(one.number, one.score, k3=one.k3))
    return [Objective(one.code, one.perspective, tuple(by_home.get(one.key, ()))) for one in pk.objectives]


def _objective(stored: Any, plain: Objective, regulation: Regulation) -> ObjectiveReading:
    score = scoring.nss(plain, regulation)
    light = scoring.traffic_light(score.exact, regulation)
    return ObjectiveReading(stored.key, stored.code, stored.statement, stored.perspective, score, light)


def by_weight(regulation: Regulation) -> bool:
    """Is NKO made of the perspectives, each with its weight, and not of all IKU alike?"""
    return computes(regulation) and regulation.text("metode_nko") == "perspektif"


def _perspectives(
    objectives: Sequence[Objective], regulation: Regulation, level: str
) -> tuple[PerspectiveReading, ...]:
    """Every perspective of the rule set in its order, with value, weight and real share."""
    names: dict[str, str] = regulation.value("perspektif_nko")
    weights = {
        code: scoring.perspective_weight(code, regulation, level)[0] if by_weight(regulation) else None
        for code in names
    }
    scores = scoring.perspective_values(objectives, regulation)
    present = [code for code, score in scores.items() if score.exact is not None]
    whole = None
    if present and all(weights[code] is not None for code in names):
        whole = sum((weights[code] or Fraction(0) for code in present), Fraction(0)) or None
    found = []
    for code, name in names.items():
        weight, score = weights[code], scores.get(code, empty(TANPA_INDIKATOR, provisional=True))
        share = weight / whole if whole and weight is not None and code in present else None
        found.append(
            PerspectiveReading(
                code, name, None if weight is None else scoring.rounded(weight),
                None if share is None else scoring.rounded(share), score,
                scoring.traffic_light(score.exact, regulation),
            )
        )  # fmt: skip
    return tuple(found)


def _unvalidated(trajectory: Trajectory, until: Sequence[str]) -> tuple[str, ...]:
    """Slots with a target up to the end whose realisation is not validated; what was marked missing stays so."""
    asked = {cell.slot for line in trajectory.lines for cell in line.cells if cell.target is not None}
    found = []
    for slot in until:
        document = trajectory.documents.get(slot)
        if slot in asked and (document is None or document.state != "validated"):
            found.append(slot)
    return tuple(found)


def frozen(reading: OrgReading) -> dict[str, Any]:
    """A reading as plain JSON values, each figure with its working: what a nilai organisasi keeps and pages show."""
    return {
        "slot": reading.slot,
        "provisional": reading.provisional,
        "unvalidated": list(reading.unvalidated),
        "nko": reading.nko.to_dict(),
        "nko_k3": reading.nko_k3.to_dict(),
        "proposal": reading.proposal.to_dict(),
        "perspectives": [
            {
                "code": one.code, "name": one.name, "weight": _text(one.weight), "share": _text(one.share),
                "value": _text(one.score.value), "light": one.light, "reason": one.score.reason,
                "parts": [part.to_dict() for part in one.score.parts[-1:]] if one.score.exact is not None else [],
            }
            for one in reading.perspectives
        ],
        "objectives": [
            {
                "key": one.key, "code": one.code, "statement": one.statement, "perspective": one.perspective,
                "value": _text(one.score.value), "light": one.light, "reason": one.score.reason,
                "parts": [part.to_dict() for part in one.score.parts[-1:]] if one.score.exact is not None else [],
            }
            for one in reading.objectives
        ],
        "indicators": [
            {
                "key": one.key, "number": one.number, "name": one.name, "objective": one.objective,
                "measure": one.measure, "target": _text(one.target), "realisation": _text(one.realisation),
                "value": _text(one.score.value), "light": one.light, "reason": one.score.reason,
                "validated": one.validated, "k3": _text(one.k3.value if one.k3 else None),
                "k3_provisional": one.k3 is not None and one.k3.provisional,
                "score": one.score.to_dict(), "narrative": one.narrative, "obstacle": one.obstacle,
            }
            for one in reading.indicators
        ],
    }  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
