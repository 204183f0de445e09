"""What a UPK reaches: the realisation of its IKU per period with its evidence, and the value determined from it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from kinerja.db import Base, ExactDecimal, UtcDateTime
from kinerja.models.agreement import Iku
from kinerja.models.document import Document
from kinerja.models.monitoring import Evidence


class IkuRealisation(Base):
    """The realisation of all IKU of a PK in one period."""

    __tablename__ = "iku_realisation"

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    pk_id: Mapped[int] = mapped_column(sa.ForeignKey("pk.document_id"), index=True)
    first_recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    late_reason: Mapped[str] = mapped_column(sa.Text, default="")

    document: Mapped[Document] = relationship()
    items: Mapped[list["IkuRealisationItem"]] = relationship(
        back_populates="realisation", cascade="all, delete-orphan", order_by="IkuRealisationItem.id"
    )


class IkuRealisationItem(Base):
    """What was reached for one IKU in one period."""

    __tablename__ = "iku_realisation_item"
    __table_args__ = (sa.UniqueConstraint("realisation_id", "iku_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    realisation_id: Mapped[int] = mapped_column(sa.ForeignKey("iku_realisation.document_id"))
    iku_id: Mapped[int] = mapped_column(sa.ForeignKey("iku.id"), index=True)
    value: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    narrative: Mapped[str] = mapped_column(sa.Text, default="")
    obstacle: Mapped[str] = mapped_column(sa.Text, default="")
    return_note: Mapped[str] = mapped_column(sa.Text, default="")

    realisation: Mapped[IkuRealisation] = relationship(back_populates="items")
    # An IKU that leaves a PK takes its empty entries along; one that was recorded cannot leave.
    indicator: Mapped[Iku] = relationship(backref=backref("realisation_items", cascade="all, delete-orphan"))
    evidence: Mapped[list["IkuEvidence"]] = relationship(
        back_populates="item", cascade="all, delete-orphan", order_by="IkuEvidence.id"
    )


class IkuEvidence(Base):
    """A piece of evidence at one IKU; the file itself is stored once, whoever it serves. Raw data is evidence too."""

    __tablename__ = "iku_evidence"
    __table_args__ = (
        sa.CheckConstraint("shows IN ('progres','hasil','data')", name="shows"),
        sa.UniqueConstraint("evidence_id", "item_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence.id"))
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("iku_realisation_item.id"), index=True)
    shows: Mapped[str] = mapped_column(sa.String(8), default="hasil")
    unreadable: Mapped[bool] = mapped_column(default=False)

    evidence: Mapped[Evidence] = relationship()
    item: Mapped[IkuRealisationItem] = relationship(back_populates="evidence")


class OrgValue(Base):
    """The value of a UPK for one slot: its materials, what was computed, what a SKEP says, what was determined.

    `reading` is what was computed when the data were sent, as plain values with the working of each figure; `basis`
    says whether that or the SKEP holds.
    """

    __tablename__ = "org_value"
    __table_args__ = (
        sa.CheckConstraint("basis IN ('','hitungan','skep')", name="basis"),
        sa.CheckConstraint(
            "predicate IN ('','istimewa','baik','butuh_perbaikan','kurang','sangat_kurang')",
            name="predicate",
        ),
    )

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    pk_id: Mapped[int] = mapped_column(sa.ForeignKey("pk.document_id"), index=True)
    basis: Mapped[str] = mapped_column(sa.String(8), default="")
    # Laporan capaian kinerja: its number or address; and how far the strategic initiatives are.
    report: Mapped[str] = mapped_column(sa.Text, default="")
    initiatives: Mapped[str] = mapped_column(sa.Text, default="")
    reading: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    nko: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    nko_k3: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    provisional_reason: Mapped[str] = mapped_column(sa.Text, default="")
    decree_number: Mapped[str] = mapped_column(sa.String(120), default="")
    decree_date: Mapped[date | None]
    proposal: Mapped[str] = mapped_column(sa.String(16), default="")
    predicate: Mapped[str] = mapped_column(sa.String(16), default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    document: Mapped[Document] = relationship()
