"""The review of K3: of each indicator of one SKP or PK, what its weights rest on and what the reviewer found."""

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kinerja.db import Base, ExactDecimal
from kinerja.models.document import Document


class K3Review(Base):
    """The review of one plan for one quarter. `manual_due`: until when the manuals of its indicators must be in force;
    none where none is owed."""

    __tablename__ = "k3_review"

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), index=True)
    manual_due: Mapped[date | None]

    document: Mapped[Document] = relationship(foreign_keys=[document_id])
    items: Mapped[list["K3Item"]] = relationship(
        order_by="K3Item.position", back_populates="review", cascade="all, delete-orphan"
    )


class K3Item(Base):
    """One indicator under review. What is empty is as its manual in force says, or PK or SKP themselves; as the review
    ends all of it is written down, with the K3 that followed (`score`).

    `clause` is what PK or SKP said of it then. Both keys are empty where the indicator was removed from its draft.
    """

    __tablename__ = "k3_item"
    __table_args__ = (
        sa.CheckConstraint("iku_id IS NULL OR iki_id IS NULL", name="one_indicator"),
        sa.UniqueConstraint("review_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("k3_review.document_id"))
    iku_id: Mapped[int | None] = mapped_column(sa.ForeignKey("iku.id", ondelete="SET NULL"), index=True)
    iki_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("skp_indicator.id", ondelete="SET NULL"), index=True
    )
    key: Mapped[str] = mapped_column(sa.String(12))
    position: Mapped[int]
    clause: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    validity: Mapped[str] = mapped_column(sa.String(10), default="")
    control: Mapped[str] = mapped_column(sa.String(10), default="")
    target_status: Mapped[str] = mapped_column(sa.String(24), default="")
    target_y1: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    realisation_y1: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    finding: Mapped[str] = mapped_column(sa.Text, default="")
    recommendation: Mapped[str] = mapped_column(sa.Text, default="")
    # What is asked of the owner as it is sent back.
    note: Mapped[str] = mapped_column(sa.Text, default="")
    score: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))

    review: Mapped[K3Review] = relationship(back_populates="items")
