"""The Perjanjian Kinerja: strategy map, IKU with their trajectory, initiatives, budget and risks."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from kinerja.db import Base, ExactDecimal, UtcDateTime, exact
from kinerja.models.document import Document


class Pk(Base):
    """What a PK says beside its rows. `series` counts the agreements of one UPK in one year."""

    __tablename__ = "pk"
    __table_args__ = (sa.CheckConstraint("ends >= starts", name="dates"),)

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    series: Mapped[int] = mapped_column(default=1)
    starts: Mapped[date]
    ends: Mapped[date]
    pledge: Mapped[str] = mapped_column(sa.Text, default="")
    vision: Mapped[str] = mapped_column(sa.Text, default="")
    mission: Mapped[str] = mapped_column(sa.Text, default="")
    purpose: Mapped[str] = mapped_column(sa.Text, default="")
    place: Mapped[str] = mapped_column(sa.String(80), default="")
    # Lines without a life of their own: {key, program, kode, pagu, keterangan}; {key, risiko, penyebab, dampak,
    # mitigasi, pemilik, tanggal}; and of an initiative {key, judul, ss, iku, tujuan, pemilik, pihak, penerima,
    # anggaran, tahapan: [{key, jenis, kegiatan, keluaran, mulai, selesai, risiko}]}.
    budget: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    risks: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    initiatives: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)

    document: Mapped[Document] = relationship()
    objectives: Mapped[list["Objective"]] = relationship(
        order_by="Objective.position", back_populates="pk", cascade="all, delete-orphan"
    )


class PkProgress(Base):
    """How far one step of an initiative, or the mitigation of one risk, was in one quarter."""

    __tablename__ = "pk_progress"
    __table_args__ = (
        sa.CheckConstraint("slot IN ('TW1','TW2','TW3','TW4')", name="slot"),
        sa.CheckConstraint("standing IN ('belum','berjalan','selesai','tertunda','batal')", name="standing"),
    )

    pk_id: Mapped[int] = mapped_column(sa.ForeignKey("pk.document_id"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    slot: Mapped[str] = mapped_column(sa.String(4), primary_key=True)
    standing: Mapped[str] = mapped_column(sa.String(12))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class Objective(Base):
    """A Sasaran Strategis. `key` names it in forms and addresses and survives copying between years."""

    __tablename__ = "pk_objective"
    __table_args__ = (sa.UniqueConstraint("pk_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pk_id: Mapped[int] = mapped_column(sa.ForeignKey("pk.document_id"))
    key: Mapped[str] = mapped_column(sa.String(12))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(20), default="")
    perspective: Mapped[str] = mapped_column(sa.String(40), default="")
    statement: Mapped[str] = mapped_column(sa.Text, default="")
    narrative: Mapped[str] = mapped_column(sa.Text, default="")
    owner: Mapped[str] = mapped_column(sa.String(200), default="")
    # Keys of the objectives it leads to: the arrows of the map.
    causes: Mapped[list[str]] = mapped_column(sa.JSON, default=list)

    pk: Mapped[Pk] = relationship(back_populates="objectives")
    indicators: Mapped[list["Iku"]] = relationship(
        order_by="Iku.position", back_populates="objective", cascade="all, delete-orphan"
    )


class IkuTarget(Base):
    """The trajectory of an IKU: the raw target of one slot; a slot without a row does not count."""

    __tablename__ = "iku_target"

    iku_id: Mapped[int] = mapped_column(sa.ForeignKey("iku.id"), primary_key=True)
    slot: Mapped[str] = mapped_column(sa.String(4), primary_key=True)
    value: Mapped[Decimal] = mapped_column(ExactDecimal)

    iku: Mapped["Iku"] = relationship(back_populates="targets")


class Iku(Base):
    """An Indikator Kinerja Utama. From the first realisation on (`locked_at`) the database refuses to change it."""

    __tablename__ = "iku"
    __table_args__ = (
        sa.CheckConstraint("polarity IN ('maximize','minimize','stabilize')", name="polarity"),
        sa.CheckConstraint("consolidation IN ('sum','average','take_last_known')", name="consolidation"),
        sa.CheckConstraint("cascading IN ('','fully','partially')", name="cascading"),
        sa.UniqueConstraint("objective_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    objective_id: Mapped[int] = mapped_column(sa.ForeignKey("pk_objective.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(12))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(20), default="")
    name: Mapped[str] = mapped_column(sa.Text, default="")
    target: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    measure: Mapped[str] = mapped_column(sa.String(60), default="")
    polarity: Mapped[str] = mapped_column(sa.String(12), default="maximize")
    consolidation: Mapped[str] = mapped_column(sa.String(16), default="sum")
    validity: Mapped[str] = mapped_column(sa.String(10), default="")
    control: Mapped[str] = mapped_column(sa.String(10), default="")
    # Of a sub-IKU: the key of the IKU it belongs to.
    parent_key: Mapped[str] = mapped_column(sa.String(12), default="")
    # The IKU of the UPK above that it takes over, and how; and whether the UPK below must take this one over.
    handed_down_id: Mapped[int | None] = mapped_column(sa.ForeignKey("iku.id"), index=True)
    cascading: Mapped[str] = mapped_column(sa.String(10), default="")
    mandatory: Mapped[bool] = mapped_column(default=False)
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    targets_text: Mapped[str | None] = column_property(
        sa.select(sa.func.aggregate_strings(IkuTarget.slot + "=" + sa.cast(IkuTarget.value, sa.String), " "))
        .where(IkuTarget.iku_id == id)
        .correlate_except(IkuTarget)
        .scalar_subquery(),
        deferred=True,
    )

    objective: Mapped[Objective] = relationship(back_populates="indicators")
    targets: Mapped[list[IkuTarget]] = relationship(
        order_by="IkuTarget.slot", back_populates="iku", cascade="all, delete-orphan"
    )

    @property
    def trajectory(self) -> dict[str, Decimal]:
        """Slot -> raw target: from the text where only that was read, else from the targets as they now are."""
        if "targets" in self.__dict__ or "targets_text" not in self.__dict__:
            return {target.slot: target.value for target in self.targets}
        pairs = (pair.split("=") for pair in sorted((self.targets_text or "").split()))
        return {slot: exact(value) for slot, value in pairs}
