"""What happened, in a chain nobody can rewrite unseen; and who read what."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from kinerja.db import Base, UtcDateTime


class AuditHead(Base):
    """The last link of one chain (an L1 unit and a year); locked last in a transaction."""

    __tablename__ = "audit_head"

    chain: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    sequence: Mapped[int] = mapped_column(default=0)
    mac: Mapped[str] = mapped_column(sa.String(64), default="")


class AuditRow(Base):
    """One recorded act. `payload` is canonical JSON text, so that the bytes that were sealed are kept."""

    __tablename__ = "audit_row"
    __table_args__ = (sa.UniqueConstraint("chain", "sequence"),)

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    chain: Mapped[str] = mapped_column(sa.String(60))
    sequence: Mapped[int]
    legal_at: Mapped[datetime] = mapped_column(UtcDateTime)
    real_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    action: Mapped[str] = mapped_column(sa.String(60))
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"), index=True)
    payload: Mapped[str] = mapped_column(sa.Text)
    mac: Mapped[str] = mapped_column(sa.String(64))


class ReadLog(Base):
    """Who opened which document, evidence or figure. "Dibuka" is always read from here."""

    __tablename__ = "read_log"
    __table_args__ = (sa.Index("ix_read_log_document_person", "document_id", "person_id", "at"),)

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"))
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence.id"), index=True)
    what: Mapped[str] = mapped_column(sa.String(40))
    confidential: Mapped[bool] = mapped_column(default=False)
    relation: Mapped[str] = mapped_column(sa.String(40), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Import(Base):
    """An import of people or structure: one recorded act with the hash of its files and its counts."""

    __tablename__ = "import"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(24), unique=True)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    file_hashes: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    counts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
