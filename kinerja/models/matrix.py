"""The matriks pembagian peran dan hasil (A.1.5): who delivers what for which indicator of his leader.

What a cell serves is named by the key of that indicator or cell, not by its row: keys survive editing, and the parent
may still be a draft. `services.cascading` finds the parent anew whenever it is asked.
"""

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kinerja.db import Base, ExactDecimal
from kinerja.models.document import Document
from kinerja.models.people import Person


class Matrix(Base):
    __tablename__ = "matrix"

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)

    document: Mapped[Document] = relationship()
    members: Mapped[list["MatrixMember"]] = relationship(
        order_by="MatrixMember.position", back_populates="matrix", cascade="all, delete-orphan"
    )


class MatrixMember(Base):
    """A row of the matrix: one person. `team` is the name of the tim kerja he leads, "" for none; `teams` holds the
    keys of the ketua tim whose member he is."""

    __tablename__ = "matrix_member"
    __table_args__ = (sa.UniqueConstraint("matrix_id", "key"), sa.UniqueConstraint("matrix_id", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    matrix_id: Mapped[int] = mapped_column(sa.ForeignKey("matrix.document_id"))
    key: Mapped[str] = mapped_column(sa.String(12))
    position: Mapped[int]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    team: Mapped[str] = mapped_column(sa.String(120), default="")
    teams: Mapped[list[str]] = mapped_column(sa.JSON, default=list)

    matrix: Mapped[Matrix] = relationship(back_populates="members")
    person: Mapped[Person] = relationship()
    cells: Mapped[list["MatrixCell"]] = relationship(
        order_by="MatrixCell.position", back_populates="member", cascade="all, delete-orphan"
    )


class MatrixCell(Base):
    """A role of a person: what he delivers for one indicator of the leader, or for one result of his ketua tim.

    `parent_text` is what the parent said when the role was written: by it the parent is found again when its key went.
    """

    __tablename__ = "matrix_cell"
    __table_args__ = (
        sa.CheckConstraint(
            "method IN ('','aspek','wilayah','beban_target','layanan','output_antara')", name="method"
        ),
        sa.UniqueConstraint("member_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("matrix_member.id"))
    key: Mapped[str] = mapped_column(sa.String(12), index=True)
    position: Mapped[int]
    parent_key: Mapped[str] = mapped_column(sa.String(12), default="", index=True)
    parent_text: Mapped[str] = mapped_column(sa.Text, default="")
    text: Mapped[str] = mapped_column(sa.Text, default="")
    method: Mapped[str] = mapped_column(sa.String(16), default="")
    portion: Mapped[Decimal | None] = mapped_column(ExactDecimal)

    member: Mapped[MatrixMember] = relationship(back_populates="cells")
