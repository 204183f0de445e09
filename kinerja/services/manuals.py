"""The manuals of the indicators of a PK or an SKP: which state, which version is in force, until when it must be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Iku, Manual, Objective, SkpIndicator, SkpRow
from kinerja.models.period import SLOTS_QUARTERLY
from kinerja.rules import manual as law
from kinerja.services.kinds import Context
from kinerja.services.periods import regulation_of

KIND = "manual"
WRITTEN = ("draft", "submitted", "approved")
IN_FORCE = law.IN_FORCE
LIVE = (*WRITTEN, IN_FORCE)


@dataclass(frozen=True)
class ManualView:
    """How an indicator is measured by its manual in force: what capaian and K3 ask of it."""

    public_id: str
    polarity: str
    consolidation: str
    scale: law.ScalePoints
    worst: Decimal | None
    cannot_exceed: bool
    location_consolidation: str
    validity: str
    control: str
    target_status: str
    last_target: Decimal | None
    last_realisation: Decimal | None


@dataclass(frozen=True)
class Version:
    """One version of the manual of an indicator, as lists and pages name it."""

    public_id: str
    indicator_id: int
    number: int
    state: str
    begun: datetime | None = None


def states(iku_ids: Iterable[int]) -> dict[int, str]:
    """The state of the manual of each IKU: in_force where a version is, else that of the newest. One statement."""
    return states_in(versions(Manual.iku_id, iku_ids))


def states_in(found: dict[int, list[Version]]) -> dict[int, str]:
    """The one state that counts of the versions of each indicator."""
    return {
        one: IN_FORCE if any(v.state == IN_FORCE for v in them) else them[-1].state
        for one, them in found.items()
    }


def versions_of_skp(parent: Any) -> Any:
    """The living versions of an SKP's manuals, a row each, for a statement that reads what else hangs on it."""
    return (
        sa.select(
            Document.public_id, sa.literal(KIND).label("kind"), Document.slot, Document.state, Document.due_at,
            Manual.iki_id, Manual.number, Document.created_at,
        )
        .join(Manual, Manual.document_id == Document.id)
        .join(SkpIndicator, SkpIndicator.id == Manual.iki_id)
        .join(SkpRow, SkpRow.id == SkpIndicator.row_id)
        .where(SkpRow.skp_id == parent, Document.state.in_(LIVE))
    )  # fmt: skip


def gathered(rows: Iterable[Any]) -> dict[int, list[Version]]:
    """Such rows as `versions` gives them."""
    found: dict[int, list[Version]] = {}
    for row in sorted(rows, key=lambda row: row.number):
        found.setdefault(row.iki_id, []).append(
            Version(row.public_id, row.iki_id, row.number, row.state, row.created_at)
        )
    return found


def versions(column: Any, ids: Iterable[int]) -> dict[int, list[Version]]:
    """The living versions of the manuals of these indicators, the oldest first; `column` names whose they are."""
    wanted = sorted(set(ids))
    found: dict[int, list[Version]] = {}
    if not wanted:
        return found
    rows = db.session.execute(
        sa.select(
            Document.public_id,
            column.label("indicator_id"),
            Manual.number,
            Document.state,
            Document.created_at,
        )
        .join(Document, Document.id == Manual.document_id)
        .where(column.in_(wanted), Document.state.in_(LIVE))
        .order_by(Manual.number)
    )
    for row in rows:
        version = Version(row.public_id, row.indicator_id, row.number, row.state, row.created_at)
        found.setdefault(row.indicator_id, []).append(version)
    return found


def in_force(iku_ids: Iterable[int]) -> dict[int, ManualView]:
    """The manual in force of each IKU that has one. One statement."""
    wanted = sorted(set(iku_ids))
    if not wanted:
        return {}
    rows = db.session.execute(
        sa.select(Manual, Document.public_id)
        .join(Document, Document.id == Manual.document_id)
        .where(Manual.iku_id.in_(wanted), Document.state == IN_FORCE)
    )
    return {
        manual.iku_id: view_of(manual, public_id) for manual, public_id in rows if manual.iku_id is not None
    }


def view_of(manual: Manual, public_id: str) -> ManualView:
    """A manual in force as capaian and K3 read it."""
    return ManualView(
        public_id,
        manual.polarity,
        manual.consolidation,
        law.read_scale(manual.scale) or (),
        manual.worst,
        manual.cannot_exceed,
        manual.location,
        manual.validity,
        manual.control,
        manual.target_status,
        manual.target_y1,
        manual.realisation_y1,
    )


def of_indicator(manual: Manual) -> Any:
    """The condition "a version for the same indicator"; nothing once that was removed."""
    if manual.iku_id is not None:
        return Manual.iku_id == manual.iku_id
    return Manual.iki_id == manual.iki_id if manual.iki_id is not None else sa.false()


def version_before(manual: Manual) -> Manual | None:
    """The version in force that this one takes the place of; None for the first."""
    if manual.number == 1:
        return None
    found: Manual | None = db.session.scalars(
        sa.select(Manual)
        .join(Document, Document.id == Manual.document_id)
        .options(joinedload(Manual.document))
        .where(of_indicator(manual), Manual.document_id != manual.document_id, Document.state == IN_FORCE)
    ).first()
    return found


def shares_its_code(iku: Iku) -> bool:
    """Does another IKU of the same PK bear the same code?"""
    if not iku.code.strip():
        return False
    same = (
        sa.select(Iku.id)
        .join(Objective, Objective.id == Iku.objective_id)
        .where(Objective.pk_id == iku.objective.pk_id, Iku.code == iku.code, Iku.id != iku.id)
        .limit(1)
    )
    return db.session.scalar(same) is not None


def due_of(plan: Document, begun: datetime | None = None) -> date | None:
    """Until when the manuals of a PK or SKP must be in force (MI-2); None while it is not set.

    Of a later version the month runs from the day on which it was `begun`, and the review is that of its own quarter.
    """
    if plan.state != IN_FORCE:
        return None
    regulation = regulation_of(plan.period)
    set_on = clock.local(max(begun or plan.state_since, plan.state_since), plan.unit.zone).date()
    ends = next(
        (
            window.ends
            for window in plan.period.windows
            if window.slot in SLOTS_QUARTERLY[:-1] and window.starts <= set_on <= window.ends
        ),
        None,
    )
    days = regulation.whole("k3_hari") if "k3_hari" in regulation else None
    return law.due_day(set_on, regulation.whole("manual_bulan"), ends, days)


def clause_of_iku(iku: Iku) -> dict[str, Any]:
    """What a PK says of an IKU, by the names that contents use."""
    objective = iku.objective
    return _clause(iku, objective.statement, iku.name, iku.code, objective.pk) | {"kode_ss": objective.code}


def clause_of_iki(iki: SkpIndicator) -> dict[str, Any]:
    """What an SKP says of one of its indicators."""
    said = _clause(iki, iki.row.rhk, iki.text or iki.target_text, "", iki.row.skp)
    said |= {"kualitas": iki.quality}
    if iki.row.skp.approach == "kualitatif":
        # Numbers no such SKP uses: what stands there was never chosen.
        said |= {"polarisasi": "", "konsolidasi": ""}
    return said


def _clause(indicator: Any, result: str, name: str, code: str, plan: Any) -> dict[str, Any]:
    return {
        "kode": code,
        "kode_ss": "",
        "rhk": result,
        "nama": name,
        "target": None if indicator.target is None else format(indicator.target, "f"),
        "satuan": indicator.measure,
        "polarisasi": indicator.polarity,
        "konsolidasi": indicator.consolidation,
        "validitas": indicator.validity,
        "kendali": indicator.control,
        "lintasan": {slot: format(value, "f") for slot, value in indicator.trajectory.items()},
        "mulai": plan.starts.isoformat(),
        "selesai": plan.ends.isoformat(),
    }


def drop_with(context: Context, column: Any, removed: Iterable[int]) -> None:
    """The manuals of indicators that are being removed from a draft end with them; asked before they are gone."""
    wanted = sorted(removed)
    if not wanted:
        return
    with db.session.no_autoflush:
        found = versions(column, wanted)
    for them in found.values():
        context.then += [(version.public_id, "drop", {}) for version in them]


def hand_over(context: Context, iku_ids: Iterable[int]) -> None:
    """What is being written about the IKU of a unit goes on under its new head."""
    for them in versions(Manual.iku_id, iku_ids).values():
        context.then += [(version.public_id, "new_head", {}) for version in them if version.state in WRITTEN]
