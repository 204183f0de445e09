"""Evaluation: the organisation's result, ratings, calibration, and the objection against them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kinerja.db import Base, ExactDecimal, UtcDateTime
from kinerja.models.document import Document
from kinerja.models.people import Person, Unit
from kinerja.models.planning import SkpRow

ORG_PREDICATES = ("istimewa", "baik", "butuh_perbaikan", "kurang", "sangat_kurang")
RATINGS = ("diatas", "sesuai", "dibawah")
PREDICATES = ("sangat_baik", "baik", "butuh_perbaikan", "kurang", "sangat_kurang")


class OrgResult(Base):
    """The capaian kinerja organisasi of a UPK for one slot, set by the leader one level up."""

    __tablename__ = "org_result"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "period_id", "slot"),
        sa.CheckConstraint(
            "predicate IN ('istimewa','baik','butuh_perbaikan','kurang','sangat_kurang')", name="predicate"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("period.id"))
    slot: Mapped[str] = mapped_column(sa.String(4))
    predicate: Mapped[str] = mapped_column(sa.String(16))
    nko: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    decree_number: Mapped[str] = mapped_column(sa.String(120), default="")
    decree_date: Mapped[date | None]
    set_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)

    unit: Mapped[Unit] = relationship()
    set_by: Mapped[Person] = relationship()


class Review(Base):
    """The evaluation of one employee for one slot: both ratings, the predicate, and where they come from."""

    __tablename__ = "review"
    __table_args__ = (
        sa.CheckConstraint("result_rating IN ('','diatas','sesuai','dibawah')", name="result_rating"),
        sa.CheckConstraint("behaviour_rating IN ('','diatas','sesuai','dibawah')", name="behaviour_rating"),
        sa.CheckConstraint(
            "predicate IN ('','sangat_baik','baik','butuh_perbaikan','kurang','sangat_kurang')",
            name="predicate",
        ),
        sa.CheckConstraint(
            "predicate = '' OR (result_rating <> '' AND behaviour_rating <> '')", name="derivation"
        ),
    )

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    skp_id: Mapped[int] = mapped_column(sa.ForeignKey("skp.document_id"), index=True)
    org_unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    org_predicate: Mapped[str] = mapped_column(sa.String(16), default="")
    org_from_last_year: Mapped[bool] = mapped_column(default=False)
    result_rating: Mapped[str] = mapped_column(sa.String(8), default="")
    behaviour_rating: Mapped[str] = mapped_column(sa.String(8), default="")
    predicate: Mapped[str] = mapped_column(sa.String(16), default="")
    suggestion: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    result_reason: Mapped[str] = mapped_column(sa.Text, default="")
    behaviour_reason: Mapped[str] = mapped_column(sa.Text, default="")
    recommendation: Mapped[str] = mapped_column(sa.Text, default="")
    decree_number: Mapped[str] = mapped_column(sa.String(120), default="")
    decree_date: Mapped[date | None]
    frozen_inputs: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    received_on: Mapped[date | None]
    handover_proof: Mapped[str] = mapped_column(sa.String(300), default="")

    document: Mapped[Document] = relationship()
    org_unit: Mapped[Unit | None] = relationship()
    rows: Mapped[list["ReviewRow"]] = relationship(
        back_populates="review", cascade="all, delete-orphan", order_by="ReviewRow.id"
    )
    values: Mapped[list["ReviewValue"]] = relationship(
        back_populates="review", cascade="all, delete-orphan", order_by="ReviewValue.id"
    )
    calibrations: Mapped[list["Calibration"]] = relationship(
        back_populates="review", order_by="Calibration.id"
    )


class ReviewRow(Base):
    """Realisation and feedback of one hasil kerja, with the penilai's status for it."""

    __tablename__ = "review_row"
    __table_args__ = (
        sa.UniqueConstraint("review_id", "row_id"),
        sa.CheckConstraint("status IN ('','diatas','sesuai','dibawah')", name="status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.document_id"))
    row_id: Mapped[int] = mapped_column(sa.ForeignKey("skp_row.id"))
    status: Mapped[str] = mapped_column(sa.String(8), default="")
    feedback: Mapped[str] = mapped_column(sa.Text, default="")

    review: Mapped[Review] = relationship(back_populates="rows")
    row: Mapped[SkpRow] = relationship()


class ReviewValue(Base):
    """Feedback and rating on one of the seven values."""

    __tablename__ = "review_value"
    __table_args__ = (
        sa.UniqueConstraint("review_id", "value_code"),
        sa.CheckConstraint("status IN ('','diatas','sesuai','dibawah')", name="status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.document_id"))
    value_code: Mapped[str] = mapped_column(sa.String(40))
    status: Mapped[str] = mapped_column(sa.String(8), default="")
    feedback: Mapped[str] = mapped_column(sa.Text, default="")

    review: Mapped[Review] = relationship(back_populates="values")


class Calibration(Base):
    """A change, or a confirmation, by the superior of the evaluator; penilai and subject see it."""

    __tablename__ = "calibration"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.document_id"), index=True)
    level: Mapped[int]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    before: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    after: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    reason_code: Mapped[str] = mapped_column(sa.String(40), default="")
    sentence: Mapped[str] = mapped_column(sa.Text, default="")

    review: Mapped[Review] = relationship(back_populates="calibrations")
    by: Mapped[Person] = relationship()


class Objection(Base):
    __tablename__ = "objection"
    __table_args__ = (sa.CheckConstraint("decision IN ('','menguatkan','mengubah')", name="decision"),)

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.document_id"), index=True)
    targets: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    reasons: Mapped[str] = mapped_column(sa.Text, default="")
    request: Mapped[str] = mapped_column(sa.Text, default="")
    received_on: Mapped[date | None]
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decider_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decider_why: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    explanation_penilai: Mapped[str] = mapped_column(sa.Text, default="")
    explanation_subject: Mapped[str] = mapped_column(sa.Text, default="")
    decision: Mapped[str] = mapped_column(sa.String(12), default="")
    considerations: Mapped[str] = mapped_column(sa.Text, default="")
    recommendation: Mapped[str] = mapped_column(sa.Text, default="")
    before: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    case_file: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)

    document: Mapped[Document] = relationship()
    review: Mapped[Review] = relationship()
    decider: Mapped[Person | None] = relationship()


class Repair(Base):
    """A calculation error in a determined evaluation: what stood there, what the replay gives, and why."""

    __tablename__ = "repair"

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.document_id"), index=True)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    before: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    # What stood there and what the replay gave when an approved repair could not be applied.
    found: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)

    document: Mapped[Document] = relationship()
    review: Mapped[Review] = relationship()
