"""What the guards of a realisation ask, read from the database when they ask it and not before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.db import db
from kinerja.models import (
    Document,
    Evidence,
    EvidenceLink,
    ReadLog,
    RealisationItem,
    Review,
)
from kinerja.rules import realisation as law
from kinerja.rules.regulation import Regulation
from kinerja.services import deadlines, identity
from kinerja.services.periods import regulation_of
from kinerja.services.trajectory import (
    QUALITATIVE,
    YEAR_SLOT,
    Cell,
    Entry,
    IndicatorRow,
    Trajectory,
    trajectory_of,
)

# From here on the figures of an evaluation are frozen (3.12).
DETERMINED = (
    "determined", "signed", "delivered", "received", "accepted", "accepted_silent", "objected", "decided", "final",
    "reported",
)  # fmt: skip


@dataclass(frozen=True)
class Attached:
    """One piece of evidence at one indicator."""

    item_id: int
    evidence_id: int
    public_id: str
    name: str
    kind: str
    url: str
    size: int
    sha256: str
    added_at: datetime
    shows: str
    unreadable: bool


@dataclass(frozen=True)
class Item:
    """One indicator of this period: what it is, where it stands, what was typed."""

    indicator: IndicatorRow
    cell: Cell
    entry: Entry


class StoredMatter:
    """The content of one realisation document; see `kinerja.workflows.realisation.Matter`."""

    def __init__(self, document: Document):
        self.document = document

    @cached_property
    def regulation(self) -> Regulation:
        return regulation_of(self.document.period)

    @cached_property
    def trajectory(self) -> Trajectory:
        """Every figure of the SKP, with what is being typed in this very document."""
        return trajectory_of(self.document.parent_id or 0, self.document.period, draft_of=self.document.id)

    @cached_property
    def items(self) -> list[Item]:
        """The entries that are asked for: a result the leader has taken over is none any more."""
        slot = self.document.slot
        return [
            Item(line.indicator, line.at(slot), entry)
            for line in self.trajectory.lines
            if (entry := self.trajectory.entries.get((line.indicator.id, slot))) and not line.indicator.taken_over
        ]

    @cached_property
    def evidence(self) -> dict[int, list[Attached]]:
        """Item -> its evidence."""
        return evidence_of([self.document.id])

    @property
    def qualitative(self) -> bool:
        return any(line.indicator.approach == QUALITATIVE for line in self.trajectory.lines)

    @cached_property
    def entries(self) -> Sequence[law.Realisation]:
        return self.entries_with({})

    def entries_with(self, other_years: dict[str, tuple[int, ...]]) -> list[law.Realisation]:
        """The entries as the law sees them; `other_years`: SHA-256 -> years in which the same file served."""
        document = self.document
        windows = deadlines.windows_of(document)
        opens = windows.get("recording_opens")
        is_open = (
            document.period.state == "open" and opens is not None and opens <= clock.today(document.unit.zone)
        )
        opened = self._opened if self.document.state == "recorded" else frozenset()
        found = []
        for item in self.items:
            found.append(
                law.Realisation(
                    indicator=item.indicator.key,
                    number=item.indicator.number,
                    period=f"{document.slot} {document.period.year}",
                    period_exists=bool(windows),
                    period_open=is_open,
                    has_target=item.cell.target is not None or self.qualitative,
                    value=item.entry.value,
                    progress=item.entry.narrative,
                    evidence=tuple(
                        law.Evidence(
                            e.public_id, e.name, e.sha256, e.evidence_id in opened, other_years.get(e.sha256, ())
                        )
                        for e in self.evidence.get(item.entry.item_id, [])
                    ),
                    planned=item.cell.target,
                    state=document.state,
                )
            )
        return found

    @property
    def reasons(self) -> dict[str, str]:
        return {item.indicator.key: item.entry.obstacle for item in self.items}

    @property
    def unreadable(self) -> Sequence[tuple[str, str]]:
        return [
            (item.indicator.key, attached.name)
            for item in self.items
            for attached in self.evidence.get(item.entry.item_id, [])
            if attached.unreadable
        ]

    @cached_property
    def _around(self) -> Any:
        """State and address of the SKP, and whether the evaluation is determined, in one statement."""
        return db.session.execute(
            sa.select(Document.state, Document.public_id, determined_for(self.document).label("determined")).where(
                Document.id == self.document.parent_id
            )
        ).one()

    @property
    def skp_state(self) -> str:
        return str(self._around.state)

    @property
    def skp_public_id(self) -> str:
        return str(self._around.public_id)

    @property
    def determined(self) -> bool:
        return bool(self._around.determined)

    @cached_property
    def validators(self) -> tuple[int, ...]:
        """The acting penilai first, then who stands in for him."""
        chain = identity.superiors(self.document.subject_id, clock.today(self.document.unit.zone))
        if len(chain) <= self.document.acting_level:
            return ()
        acting = chain[self.document.acting_level]
        stand_ins = acting.stand_ins if self.document.acting_level == 0 else ()
        return (acting.person_id, *(holder.person_id for holder in stand_ins))

    @cached_property
    def opened_by_receiver(self) -> bool:
        if self.document.state != "recorded" or not self.validators:
            return False
        return bool(
            db.session.scalar(
                sa.select(ReadLog.id)
                .where(
                    ReadLog.document_id == self.document.id,
                    ReadLog.person_id.in_(self.validators),
                    ReadLog.at >= self.document.state_since,
                )
                .limit(1)
            )
        )

    @cached_property
    def reads(self) -> dict[int, dict[int, datetime]]:
        """Evidence -> validator -> when he opened it last."""
        wanted = {attached.evidence_id for links in self.evidence.values() for attached in links}
        if not wanted or not self.validators:
            return {}
        rows = db.session.execute(
            sa.select(ReadLog.evidence_id, ReadLog.person_id, sa.func.max(ReadLog.at).label("at"))
            .where(ReadLog.evidence_id.in_(wanted), ReadLog.person_id.in_(self.validators))
            .group_by(ReadLog.evidence_id, ReadLog.person_id)
        ).all()
        found: dict[int, dict[int, datetime]] = {}
        for row in rows:
            if row.evidence_id is not None:
                found.setdefault(row.evidence_id, {})[row.person_id] = row.at
        return found

    @cached_property
    def readers(self) -> frozenset[int]:
        attached = {a.evidence_id for links in self.evidence.values() for a in links}
        return frozenset(p for p in self.validators if all(p in self.reads.get(e, {}) for e in attached))

    @cached_property
    def _opened(self) -> frozenset[int]:
        """What the acting penilai has opened."""
        first = self.validators[:1]
        return frozenset(e for e, people in self.reads.items() if any(p in people for p in first))


def determined_for(document: Document) -> Any:
    """The condition that the evaluation of this slot, or of the year, stands determined for this SKP or person."""
    review = aliased(Document)
    return (
        sa.select(review.id)
        .outerjoin(Review, Review.document_id == review.id)
        .where(
            review.kind == "predicate_review",
            review.subject_id == document.subject_id,
            review.period_id == document.period_id,
            sa.or_(
                sa.and_(review.slot == document.slot, Review.skp_id == document.parent_id), review.slot == YEAR_SLOT
            ),
            review.state.in_(DETERMINED),
        )
        .exists()
    )


def evidence_of(realisations: Sequence[int]) -> dict[int, list[Attached]]:
    """Item -> its evidence, for these realisation documents, in one statement."""
    rows = db.session.execute(
        sa.select(
            EvidenceLink.item_id,
            Evidence.id,
            Evidence.public_id,
            Evidence.name,
            Evidence.kind,
            Evidence.url,
            Evidence.size,
            Evidence.sha256,
            Evidence.added_at,
            EvidenceLink.shows,
            EvidenceLink.unreadable,
        )
        .join(Evidence, Evidence.id == EvidenceLink.evidence_id)
        .join(RealisationItem, RealisationItem.id == EvidenceLink.item_id)
        .where(RealisationItem.realisation_id.in_(realisations))
        .order_by(EvidenceLink.id)
    ).all()
    found: dict[int, list[Attached]] = {}
    for row in rows:
        found.setdefault(row.item_id, []).append(Attached(*row))
    return found


def years_of_other_use(document: Document, hashes: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """SHA-256 -> the other years in which the same file was evidence of the same person (RL-6)."""
    from kinerja.models import Period

    if not hashes:
        return {}
    rows = db.session.execute(
        sa.select(Evidence.sha256, Period.year)
        .join(EvidenceLink, EvidenceLink.evidence_id == Evidence.id)
        .join(RealisationItem, RealisationItem.id == EvidenceLink.item_id)
        .join(Document, Document.id == RealisationItem.realisation_id)
        .join(Period, Period.id == Document.period_id)
        .where(
            Evidence.sha256.in_(hashes),
            Document.subject_id == document.subject_id,
            Document.period_id != document.period_id,
        )
        .distinct()
    ).all()
    found: dict[str, list[int]] = {}
    for sha256, year in rows:
        found.setdefault(sha256, []).append(year)
    return {sha256: tuple(sorted(years)) for sha256, years in found.items()}


def as_json(value: Any) -> str | None:
    """A decimal as text that has one spelling."""
    return None if value is None else format(value, "f")
