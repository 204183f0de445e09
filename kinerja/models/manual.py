"""The manual indikator: how one IKU or IKI is measured, version by version."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kinerja.db import Base, ExactDecimal, UtcDateTime
from kinerja.models.agreement import Iku
from kinerja.models.document import Document
from kinerja.models.planning import SkpIndicator


class Manual(Base):
    """One version of a manual. Once in force (`sealed_at`) the database refuses to change it, and refuses a version
    that measures otherwise what has a realisation.

    The indicator is one of a PK or of an SKP; both are empty where it was removed from its draft. `clause` is what PK
    or SKP said of it when this version was last written.
    """

    __tablename__ = "manual"
    __table_args__ = (
        sa.CheckConstraint("iku_id IS NULL OR iki_id IS NULL", name="one_indicator"),
        sa.UniqueConstraint("iku_id", "number"),
        sa.UniqueConstraint("iki_id", "number"),
    )

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    iku_id: Mapped[int | None] = mapped_column(sa.ForeignKey("iku.id", ondelete="SET NULL"))
    iki_id: Mapped[int | None] = mapped_column(sa.ForeignKey("skp_indicator.id", ondelete="SET NULL"))
    # Which version, from 1.
    number: Mapped[int]
    clause: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    purpose: Mapped[str] = mapped_column(sa.Text, default="")
    definition: Mapped[str] = mapped_column(sa.Text, default="")
    formula: Mapped[str] = mapped_column(sa.Text, default="")
    measure: Mapped[str] = mapped_column(sa.String(60), default="")
    quality: Mapped[str] = mapped_column(sa.String(40), default="")
    data_source: Mapped[str] = mapped_column(sa.Text, default="")
    reporting: Mapped[str] = mapped_column(sa.String(12), default="")
    cascading_kind: Mapped[str] = mapped_column(sa.String(20), default="")
    cascading_method: Mapped[str] = mapped_column(sa.String(10), default="")
    aspect: Mapped[str] = mapped_column(sa.String(12), default="")
    validity: Mapped[str] = mapped_column(sa.String(10), default="")
    control: Mapped[str] = mapped_column(sa.String(10), default="")
    owner: Mapped[str] = mapped_column(sa.String(200), default="")
    provider: Mapped[str] = mapped_column(sa.String(200), default="")
    polarity: Mapped[str] = mapped_column(sa.String(12), default="")
    consolidation: Mapped[str] = mapped_column(sa.String(16), default="")
    location: Mapped[str] = mapped_column(sa.String(16), default="")
    cannot_exceed: Mapped[bool] = mapped_column(default=False)
    # A point a line, "90 = 100", sorted; while it is a draft, whatever was typed.
    scale: Mapped[str] = mapped_column(sa.Text, default="")
    worst: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    target_status: Mapped[str] = mapped_column(sa.String(24), default="")
    target_y1: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    realisation_y1: Mapped[Decimal | None] = mapped_column(ExactDecimal)

    document: Mapped[Document] = relationship()
    iku: Mapped[Iku | None] = relationship(viewonly=True)
    iki: Mapped[SkpIndicator | None] = relationship(viewonly=True)
