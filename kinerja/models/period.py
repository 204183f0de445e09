"""Periods with their law and windows, working-day calendars, and the demo calendar."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kinerja.db import Base, UtcDateTime

SLOTS_QUARTERLY = ("TW1", "TW2", "TW3", "TW4", "Y")
SLOTS_MONTHLY = (*(f"B{month:02d}" for month in range(1, 13)), "Y")


class Period(Base):
    """One year under one rule set; its parameters are frozen when it is opened."""

    __tablename__ = "period"
    __table_args__ = (
        sa.CheckConstraint("state IN ('draft','open','closed')", name="state"),
        sa.CheckConstraint("rhythm IN ('triwulanan','bulanan')", name="rhythm"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    rule_set: Mapped[str] = mapped_column(sa.String(40))
    rules: Mapped[dict[str, Any]] = mapped_column(sa.JSON, deferred=True)
    rhythm: Mapped[str] = mapped_column(sa.String(12), default="triwulanan")
    review_initial_skp: Mapped[bool] = mapped_column(default=False)
    calibration_levels: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(sa.String(8), default="draft")
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    windows: Mapped[list["PeriodWindow"]] = relationship(
        order_by="PeriodWindow.position", back_populates="period"
    )


class PeriodWindow(Base):
    """The dates of one quarter, month or the year ("Y"), on the wall calendar of the unit's zone."""

    __tablename__ = "period_window"
    __table_args__ = (
        sa.CheckConstraint("record_by < validate_by AND validate_by < closes", name="order"),
        sa.UniqueConstraint("period_id", "slot"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("period.id"))
    slot: Mapped[str] = mapped_column(sa.String(4))
    position: Mapped[int]
    starts: Mapped[date]
    ends: Mapped[date]
    recording_opens: Mapped[date]
    evaluation_opens: Mapped[date]
    record_by: Mapped[date]
    validate_by: Mapped[date]
    closes: Mapped[date]

    period: Mapped[Period] = relationship(back_populates="windows")


class WindowCorrection(Base):
    """A window of an open year put right: its dates before and after, why, by whom, and how many documents moved."""

    __tablename__ = "window_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("period.id"), index=True)
    slot: Mapped[str] = mapped_column(sa.String(4))
    before: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    after: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    reason: Mapped[str] = mapped_column(sa.Text)
    documents: Mapped[int]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ParameterOverride(Base):
    """An assumption replaced by a decree; it holds for periods opened after it was entered."""

    __tablename__ = "parameter_override"

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_set: Mapped[str] = mapped_column(sa.String(40), index=True)
    code: Mapped[str] = mapped_column(sa.String(80))
    value: Mapped[Any] = mapped_column(sa.JSON)
    decree_number: Mapped[str] = mapped_column(sa.String(120))
    decree_date: Mapped[date]
    entered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Holiday(Base):
    """A day that is no working day: libur nasional or cuti bersama, with its decree."""

    __tablename__ = "holiday"
    __table_args__ = (sa.CheckConstraint("kind IN ('libur_nasional','cuti_bersama')", name="kind"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[str] = mapped_column(sa.String(16))
    source: Mapped[str] = mapped_column(sa.String(200), default="")


class DemoClock(Base):
    """How many seconds the demo calendar runs ahead of real time; one row, in demo mode only."""

    __tablename__ = "demo_clock"

    id: Mapped[int] = mapped_column(primary_key=True)
    seconds: Mapped[int] = mapped_column(sa.BigInteger, default=0)
