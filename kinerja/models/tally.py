"""Counts kept per unit, so that a page of a whole ministry reads a handful of rows and not everybody's documents.

Triggers note in `tally_mark` every unit whose counts changed, in the transaction that changed them; `services.tallies`
counts those units anew. Whoever reads counts the noted units live: what a page shows is always exact.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from kinerja.db import Base


class Tally(Base):
    """So many of one kind, slot, state and mark in a unit itself (`own`) and with everything below it (`total`)."""

    __tablename__ = "tally"
    # Where somebody has no SKP: few rows of many.
    __table_args__ = (
        sa.Index(
            "ix_tally_without",
            "period_id",
            "unit_id",
            sqlite_where=sa.text("kind = 'person' AND state = 'without'"),
            postgresql_where=sa.text("kind = 'person' AND state = 'without'"),
        ),
    )

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    # 0 for what belongs to no period: how many people there are.
    period_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    slot: Mapped[str] = mapped_column(sa.String(4), primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    mark: Mapped[str] = mapped_column(sa.String(4), primary_key=True)
    own: Mapped[int]
    total: Mapped[int]


class TallyUnit(Base):
    """A unit that was counted: where it then stood in the tree, and on which days its counts of people hold."""

    __tablename__ = "tally_unit"

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    path: Mapped[str] = mapped_column(sa.String(200))
    good_from: Mapped[date] = mapped_column(index=True)
    # The first day on which somebody comes, goes or is exempt; empty when no such day is known.
    good_until: Mapped[date | None] = mapped_column(index=True)


class TallyMark(Base):
    """A unit whose counts changed since it was counted. Rows are only added, so that nobody waits for anybody."""

    __tablename__ = "tally_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int]
