"""The Dialog Kinerja Organisasi: when and with whom, what was decided, and the actions that come of it."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kinerja.db import Base, UtcDateTime
from kinerja.models.document import Document
from kinerja.models.monitoring import Evidence
from kinerja.models.people import Person


class Dko(Base):
    """What a DKO says beside its actions."""

    __tablename__ = "dko"
    __table_args__ = (sa.CheckConstraint("form IN ('tatap_muka','media')", name="form"),)

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    held_on: Mapped[date]
    starts_at: Mapped[str] = mapped_column(sa.String(5), default="")
    form: Mapped[str] = mapped_column(sa.String(12), default="tatap_muka")
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    leader_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    # {id, nama, jabatan}: who is invited, and once it was held who took part.
    attendees: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    guests: Mapped[str] = mapped_column(sa.Text, default="")
    # {key, topik}: what is talked about beside what is open anyway.
    topics: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    # What lay on the table when it was held: iku, inisiatif, risiko and the actions that came back.
    materials: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    minutes: Mapped[str] = mapped_column(sa.Text, default="")
    # {key, arahan}: the actions under each are rows of their own.
    decisions: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    # Key of an action that came back -> the new day given to it.
    moved: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict)

    document: Mapped[Document] = relationship()
    actions: Mapped[list["DkoAction"]] = relationship(
        order_by="DkoAction.position", back_populates="dko", cascade="all, delete-orphan"
    )


class DkoAction(Base):
    """A rencana aksi of a DKO. Open until it is done or carried into the next DKO, where it goes on under its key."""

    __tablename__ = "dko_action"
    __table_args__ = (
        sa.UniqueConstraint("dko_id", "key"),
        sa.Index("ix_dko_action_owner", "owner_id", "done_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dko_id: Mapped[int] = mapped_column(sa.ForeignKey("dko.document_id"))
    key: Mapped[str] = mapped_column(sa.String(12))
    # The arahan it carries out; empty for one that came from an earlier DKO.
    decision_key: Mapped[str] = mapped_column(sa.String(12), default="")
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text, default="")
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    due: Mapped[date | None]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[str] = mapped_column(sa.Text, default="")
    link: Mapped[str] = mapped_column(sa.String(1000), default="")
    # How often it came back, and where it goes on.
    times: Mapped[int] = mapped_column(default=0)
    carried_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("dko_action.id"))

    dko: Mapped[Dko] = relationship(back_populates="actions")
    owner: Mapped[Person | None] = relationship()

    evidence: Mapped[list["DkoEvidence"]] = relationship(
        back_populates="action", cascade="all, delete-orphan", order_by="DkoEvidence.id"
    )

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.carried_to_id is None


class DkoEvidence(Base):
    """A piece of evidence that an action was done; the file itself is stored once, whoever it serves."""

    __tablename__ = "dko_evidence"
    __table_args__ = (sa.UniqueConstraint("evidence_id", "action_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence.id"))
    action_id: Mapped[int] = mapped_column(sa.ForeignKey("dko_action.id"), index=True)

    evidence: Mapped[Evidence] = relationship()
    action: Mapped[DkoAction] = relationship(back_populates="evidence")
