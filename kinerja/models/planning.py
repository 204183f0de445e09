"""The SKP: rows, indicators, targets, expectations and its Lampiran."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from kinerja.db import Base, ExactDecimal, UtcDateTime, exact
from kinerja.models.document import Document
from kinerja.models.people import Post

FORMS = ("A.1.1", "A.1.2", "A.1.6", "A.1.7")


class Skp(Base):
    __tablename__ = "skp"
    __table_args__ = (
        sa.CheckConstraint("approach IN ('kualitatif','kuantitatif')", name="approach"),
        sa.CheckConstraint("ends >= starts", name="dates"),
    )

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    approach: Mapped[str] = mapped_column(sa.String(12), default="kuantitatif")
    senior_form: Mapped[bool] = mapped_column(default=False)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id"))
    starts: Mapped[date]
    ends: Mapped[date]
    # The leader's expectations per value: {nilai, teks, ditambahkan}; may be added all year.
    expectations: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    # The lines of the Lampiran (A.1.8): {key, blok, kategori, teks, jadwal, data, sumber_data, disepakati,
    # terealisasi}.
    attachment: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)

    document: Mapped[Document] = relationship()
    post: Mapped[Post] = relationship(lazy="joined")
    rows: Mapped[list["SkpRow"]] = relationship(
        order_by="SkpRow.kind.desc(), SkpRow.position", back_populates="skp", cascade="all, delete-orphan"
    )

    @property
    def form(self) -> str:
        """The official layout: A.1.1 and A.1.2 for JPT and unit mandiri, A.1.6 and A.1.7 for JA and JF."""
        if self.senior_form:
            return "A.1.2" if self.approach == "kuantitatif" else "A.1.1"
        return "A.1.7" if self.approach == "kuantitatif" else "A.1.6"


class SkpRow(Base):
    """One rencana hasil kerja. `key` names it in forms and addresses and survives copying between versions."""

    __tablename__ = "skp_row"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('utama','tambahan')", name="kind"),
        sa.UniqueConstraint("skp_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    skp_id: Mapped[int] = mapped_column(sa.ForeignKey("skp.document_id"))
    key: Mapped[str] = mapped_column(sa.String(12))
    kind: Mapped[str] = mapped_column(sa.String(8))
    position: Mapped[int]
    rhk: Mapped[str] = mapped_column(sa.Text, default="")
    rhk_intervened: Mapped[str] = mapped_column(sa.Text, default="")
    assigned_by: Mapped[str] = mapped_column(sa.String(200), default="")
    source: Mapped[str] = mapped_column(sa.String(40), default="")
    origin: Mapped[str] = mapped_column(sa.String(60), default="")
    perspective: Mapped[str] = mapped_column(sa.String(40), default="")
    acting_post: Mapped[bool] = mapped_column(default=False)
    # The cell of the matriks it was taken from, by its key; "" when it was not.
    cell_key: Mapped[str] = mapped_column(sa.String(12), default="", server_default="", index=True)
    absolute_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    lint_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    taken_over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    skp: Mapped[Skp] = relationship(back_populates="rows")
    indicators: Mapped[list["SkpIndicator"]] = relationship(
        order_by="SkpIndicator.position", back_populates="row", cascade="all, delete-orphan"
    )


class IndicatorTarget(Base):
    """The trajectory: the raw target of one slot; a slot without a row does not count."""

    __tablename__ = "indicator_target"

    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("skp_indicator.id"), primary_key=True)
    slot: Mapped[str] = mapped_column(sa.String(4), primary_key=True)
    value: Mapped[Decimal] = mapped_column(ExactDecimal)

    indicator: Mapped["SkpIndicator"] = relationship(back_populates="targets")


class SkpIndicator(Base):
    """An IKI. From the first realisation on (`locked_at`) the database itself refuses to change it."""

    __tablename__ = "skp_indicator"
    __table_args__ = (
        sa.CheckConstraint("polarity IN ('maximize','minimize','stabilize')", name="polarity"),
        sa.CheckConstraint("consolidation IN ('sum','average','take_last_known')", name="consolidation"),
        sa.UniqueConstraint("row_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    row_id: Mapped[int] = mapped_column(sa.ForeignKey("skp_row.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(12))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text, default="")
    aspects: Mapped[str] = mapped_column(sa.String(40), default="")
    target_text: Mapped[str] = mapped_column(sa.Text, default="")
    target: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    measure: Mapped[str] = mapped_column(sa.String(60), default="")
    polarity: Mapped[str] = mapped_column(sa.String(12), default="maximize")
    consolidation: Mapped[str] = mapped_column(sa.String(16), default="sum")
    validity: Mapped[str] = mapped_column(sa.String(10), default="")
    control: Mapped[str] = mapped_column(sa.String(10), default="")
    quality: Mapped[str] = mapped_column(sa.String(40), default="")
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # The targets as one text, "TW1=25 TW2=50": for a page that reads them all, a row for each takes far longer.
    targets_text: Mapped[str | None] = column_property(
        sa.select(
            sa.func.aggregate_strings(
                IndicatorTarget.slot + "=" + sa.cast(IndicatorTarget.value, sa.String), " "
            )
        )
        .where(IndicatorTarget.indicator_id == id)
        .correlate_except(IndicatorTarget)
        .scalar_subquery(),
        deferred=True,
    )

    row: Mapped[SkpRow] = relationship(back_populates="indicators")
    targets: Mapped[list[IndicatorTarget]] = relationship(
        order_by="IndicatorTarget.slot", back_populates="indicator", cascade="all, delete-orphan"
    )

    @property
    def trajectory(self) -> dict[str, Decimal]:
        """Slot -> raw target: from the text where only that was read, else from the targets as they now are."""
        if "targets" in self.__dict__ or "targets_text" not in self.__dict__:
            return {target.slot: target.value for target in self.targets}
        pairs = (pair.split("=") for pair in sorted((self.targets_text or "").split()))
        return {slot: exact(value) for slot, value in pairs}
