"""Notices in the application and mail waiting to leave. Texts hold no value, rating or note."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kinerja.db import Base, UtcDateTime
from kinerja.models.document import Document


class Notice(Base):
    __tablename__ = "notice"
    __table_args__ = (sa.Index("ix_notice_person_unread", "person_id", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(24), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"), index=True)
    text: Mapped[str] = mapped_column(sa.String(200))
    params: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    dedupe: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    document: Mapped[Document | None] = relationship()


class Outbox(Base):
    """A mail to be sent for a notice; written in the same transaction, sent by the worker."""

    __tablename__ = "outbox"
    __table_args__ = (sa.CheckConstraint("state IN ('waiting','sent','failed','withheld')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notice.id"))
    state: Mapped[str] = mapped_column(sa.String(8), default="waiting", index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
