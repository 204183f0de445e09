"""What the guards of a realisation ask, read from the database when they ask it and not before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from kinerja import clock
from kinerja.db import UtcDateTime, db
from kinerja.models import (
    Document,
    Evidence,
    EvidenceLink,
    Period,
    PeriodWindow,
    ReadLog,
    RealisationItem,
    Review,
)
from kinerja.rules import realisation as law
from kinerja.rules.regulation import Regulation
from kinerja.services import identity
from kinerja.services.periods import SLOT_LABELS, regulation_of
from kinerja.services.trajectory import (
    QUALITATIVE,
    YEAR_SLOT,
    Cell,
    Entry,
    IndicatorRow,
    Trajectory,
    assemble,
    recorded_query,
    sorted_out,
)

# From here on the figures of an evaluation are frozen.
DETERMINED = (
    "determined", "signed", "delivered", "received", "accepted", "accepted_silent", "objected", "decided", "final",
    "reported",
)  # fmt: skip


@dataclass(frozen=True)
class Attached:
    """One piece of evidence at one indicator."""

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
class Tables:
    """Where a kind of realisation keeps what was typed and attached, and what closes it.

    `recorded` gives the statement of all that was recorded for a plan, `determined` the condition that the figures of
    a document are frozen.
    """

    item: Any
    link: Any
    recorded: Callable[[Any], Any]
    determined: Callable[[Any], Any]

    @property
    def attached(self) -> tuple[Any, ...]:
        """The columns of Attached, in its order."""
        return (
            self.link.evidence_id,
            Evidence.public_id.label("evidence_public_id"),
            Evidence.name,
            Evidence.kind,
            Evidence.url,
            Evidence.size,
            Evidence.sha256,
            Evidence.added_at,
            self.link.shows,
            self.link.unreadable,
        )


@dataclass(frozen=True)
class Item:
    """One indicator of this period: what it is, where it stands, what was typed."""

    indicator: IndicatorRow
    cell: Cell
    entry: Entry


# What the statement of a matter asks of its document.
PARAMETERS = ("id", "subject_id", "period_id", "parent_id", "slot", "state_since")


@cache
def _rows_query(tables: Tables, readers: int) -> Any:
    """The statement of `StoredMatter._rows` for so many validators.

    Built once, on a stand-in whose attributes are parameters: putting it together costs more than running it.
    """
    document: Any = SimpleNamespace(**{name: sa.bindparam(name) for name in PARAMETERS})
    people: list[Any] = [sa.bindparam(f"reader_{number}") for number in range(readers)]
    skp = aliased(Document)
    reads = [_last_read(person).label(f"read_{number}") for number, person in enumerate(people)]
    return (
        tables.recorded(document.parent_id)
        .join(skp, skp.id == Document.parent_id)
        .outerjoin(
            tables.link,
            sa.and_(tables.link.item_id == tables.item.id, Document.id == document.id),
        )
        .outerjoin(Evidence, Evidence.id == tables.link.evidence_id)
        .add_columns(
            *tables.attached,
            *reads,
            _other_year(document, tables).label("other_year"),
            skp.state.label("skp_state"),
            skp.public_id.label("skp_public_id"),
            tables.determined(document).label("determined"),
            _opened_since_recorded(document, people).label("opened"),
            _recording_opens(document).label("recording_opens"),
        )
        .order_by(tables.link.id)
    )


class StoredMatter:
    """The content of one realisation document; see `kinerja.workflows.realisation.Matter`."""

    @property
    def tables(self) -> Tables:
        return PERSONAL

    def __init__(self, document: Document):
        self.document = document
        self.version = document.version

    @cached_property
    def regulation(self) -> Regulation:
        return regulation_of(self.document.period)

    @cached_property
    def trajectory(self) -> Trajectory:
        """Every figure of the SKP, with what is being typed in this very document."""
        document = self.document
        documents, entries = sorted_out(self._rows)
        return assemble(document.parent_id or 0, document.period, documents, entries, draft_of=document.id)

    @cached_property
    def _rows(self) -> Sequence[Any]:
        """All that was recorded for the SKP, this document's evidence, its reads and surroundings: one statement."""
        document = self.document
        given = {name: getattr(document, name) for name in PARAMETERS}
        given |= {f"reader_{number}": person for number, person in enumerate(self.validators)}
        return db.session.execute(_rows_query(self.tables, len(self.validators)), given).all()

    @cached_property
    def _here(self) -> Any:
        """A row of this very document: what surrounds it stands in each."""
        return next(row for row in self._rows if row.id == self.document.id)

    @cached_property
    def items(self) -> list[Item]:
        """The entries that are asked for: a result the leader has taken over is none any more."""
        slot = self.document.slot
        return [
            Item(line.indicator, line.at(slot), entry)
            for line in self.trajectory.lines
            if (entry := self.trajectory.entries.get((line.indicator.id, slot)))
            and not line.indicator.taken_over
        ]

    @cached_property
    def evidence(self) -> dict[int, list[Attached]]:
        """Item -> its evidence."""
        found: dict[int, list[Attached]] = {}
        for row in self._rows:
            if row.evidence_id is not None:
                attached = Attached(*(getattr(row, column.key) for column in self.tables.attached))
                found.setdefault(row.item_id, []).append(attached)
        return found

    @property
    def qualitative(self) -> bool:
        return any(line.indicator.approach == QUALITATIVE for line in self.trajectory.lines)

    @cached_property
    def entries(self) -> Sequence[law.Realisation]:
        document = self.document
        opens = self._here.recording_opens
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
                    period=SLOT_LABELS.get(document.slot, document.slot),
                    period_exists=opens is not None,
                    period_open=is_open,
                    has_target=item.cell.target is not None or self.qualitative,
                    value=item.entry.value,
                    progress=item.entry.narrative,
                    evidence=tuple(
                        law.Evidence(
                            e.public_id,
                            e.name,
                            e.sha256,
                            e.evidence_id in opened,
                            self.other_years.get(e.sha256, ()),
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

    @property
    def unmeasured(self) -> Sequence[tuple[str, str]]:
        """An IKI may be recorded without a manual; see `IkuMatter`."""
        return ()

    @property
    def skp_state(self) -> str:
        if "_rows" not in self.__dict__:
            key = sa.orm.util.identity_key(Document, self.document.parent_id)
            at_hand = db.session.identity_map.get(key)
            if at_hand is not None and "state" in sa.inspect(at_hand).dict:
                return str(at_hand.state)
        return str(self._here.skp_state)

    @property
    def skp_public_id(self) -> str:
        return str(self._here.skp_public_id)

    @property
    def determined(self) -> bool:
        return bool(self._here.determined)

    @property
    def opened_by_receiver(self) -> bool:
        return self.document.state == "recorded" and bool(self._here.opened)

    @cached_property
    def other_years(self) -> dict[str, tuple[int, ...]]:
        """SHA-256 -> the last other year in which the same file was evidence of the same person (RL-6)."""
        return {row.sha256: (row.other_year,) for row in self._rows if row.sha256 and row.other_year}

    @cached_property
    def validators(self) -> tuple[int, ...]:
        """The acting penilai first, then who stands in for him, also by delegation."""
        chain = identity.superiors(self.document.subject_id, clock.today(self.document.unit.zone))
        if len(chain) <= self.document.acting_level:
            return ()
        acting = chain[self.document.acting_level]
        stand_ins = acting.stand_ins if self.document.acting_level == 0 else ()
        delegates = acting.delegates if self.document.acting_level == 0 else ()
        others = [holder.person_id for holder in stand_ins]
        others += [one.person_id for one in delegates if self.document.kind in one.kinds]
        return tuple(dict.fromkeys((acting.person_id, *others)))

    @cached_property
    def reads(self) -> dict[int, dict[int, datetime]]:
        """Evidence -> validator -> when he opened it last."""
        found: dict[int, dict[int, datetime]] = {}
        for row in self._rows:
            for number, person in enumerate(self.validators):
                at = getattr(row, f"read_{number}")
                if row.evidence_id is not None and at is not None:
                    found.setdefault(row.evidence_id, {})[person] = at
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
                sa.and_(review.slot == document.slot, Review.skp_id == document.parent_id),
                review.slot == YEAR_SLOT,
            ),
            review.state.in_(DETERMINED),
        )
        .exists()
    )


def _last_read(person_id: int) -> Any:
    """When a person opened the evidence of the row last."""
    return (
        sa.select(sa.func.max(ReadLog.at, type_=UtcDateTime))
        .where(ReadLog.evidence_id == Evidence.id, ReadLog.person_id == person_id)
        .correlate(Evidence)
        .scalar_subquery()
    )


def _opened_since_recorded(document: Document, validators: Sequence[int]) -> Any:
    """Whether somebody who may validate has opened anything of the document since it stands as it stands."""
    return (
        sa.select(ReadLog.id)
        .where(
            ReadLog.document_id == document.id,
            ReadLog.person_id.in_(validators),
            ReadLog.at >= document.state_since,
        )
        .exists()
    )


def _recording_opens(document: Document) -> Any:
    return (
        sa.select(PeriodWindow.recording_opens)
        .where(PeriodWindow.period_id == document.period_id, PeriodWindow.slot == document.slot)
        .scalar_subquery()
    )


def _other_year(document: Document, tables: Tables) -> Any:
    """The last other year in which the file of the row was evidence of the same person."""
    used, link, item = aliased(Evidence), aliased(tables.link), aliased(tables.item)
    where, year = aliased(Document), aliased(Period)
    return (
        sa.select(sa.func.max(year.year))
        .join_from(used, link, link.evidence_id == used.id)
        .join(item, item.id == link.item_id)
        .join(where, where.id == item.realisation_id)
        .join(year, year.id == where.period_id)
        .where(
            used.sha256 == Evidence.sha256,
            used.sha256 != "",
            where.subject_id == document.subject_id,
            where.period_id != document.period_id,
        )
        .correlate(Evidence)
        .scalar_subquery()
    )


PERSONAL = Tables(RealisationItem, EvidenceLink, recorded_query, determined_for)


def as_json(value: Any) -> str | None:
    """A decimal as text that has one spelling."""
    return None if value is None else format(value, "f")
