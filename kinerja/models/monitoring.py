"""Realisation of the indicators per period, and the evidence for it."""

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from kinerja.db import Base, ExactDecimal, UtcDateTime
from kinerja.models.document import Document
from kinerja.models.planning import SkpIndicator


class Realisation(Base):
    __tablename__ = "realisation"

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    skp_id: Mapped[int] = mapped_column(sa.ForeignKey("skp.document_id"), index=True)
    first_recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    late_reason: Mapped[str] = mapped_column(sa.Text, default="")

    document: Mapped[Document] = relationship()
    items: Mapped[list["RealisationItem"]] = relationship(
        back_populates="realisation", cascade="all, delete-orphan", order_by="RealisationItem.id"
    )


class RealisationItem(Base):
    """What was achieved for one indicator in one period."""

    __tablename__ = "realisation_item"
    __table_args__ = (sa.UniqueConstraint("realisation_id", "indicator_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    realisation_id: Mapped[int] = mapped_column(sa.ForeignKey("realisation.document_id"))
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("skp_indicator.id"), index=True)
    value: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    narrative: Mapped[str] = mapped_column(sa.Text, default="")
    obstacle: Mapped[str] = mapped_column(sa.Text, default="")
    return_note: Mapped[str] = mapped_column(sa.Text, default="")

    realisation: Mapped[Realisation] = relationship(back_populates="items")
    # An indicator that leaves a reopened SKP takes its unrecorded entries along; a recorded one cannot leave.
    indicator: Mapped[SkpIndicator] = relationship(
        backref=backref("realisation_items", cascade="all, delete-orphan")
    )
    evidence: Mapped[list["EvidenceLink"]] = relationship(
        back_populates="item", cascade="all, delete-orphan", order_by="EvidenceLink.id"
    )


class Evidence(Base):
    """A file or a link of its owner. Equal files share one place on disk: `stored_as`, a random name."""

    __tablename__ = "evidence"
    __table_args__ = (sa.CheckConstraint("kind IN ('file','link')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(24), unique=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(4))
    name: Mapped[str] = mapped_column(sa.String(200))
    url: Mapped[str] = mapped_column(sa.String(1000), default="")
    media_type: Mapped[str] = mapped_column(sa.String(100), default="")
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(sa.String(64), default="", index=True)
    stored_as: Mapped[str] = mapped_column(sa.String(40), default="")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EvidenceLink(Base):
    __tablename__ = "evidence_link"
    __table_args__ = (
        sa.CheckConstraint("shows IN ('progres','hasil')", name="shows"),
        sa.UniqueConstraint("evidence_id", "item_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence.id"))
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("realisation_item.id"), index=True)
    shows: Mapped[str] = mapped_column(sa.String(8), default="hasil")
    unreadable: Mapped[bool] = mapped_column(default=False)

    evidence: Mapped[Evidence] = relationship()
    item: Mapped[RealisationItem] = relationship(back_populates="evidence")
