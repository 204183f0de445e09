"""The matriks pembagian peran dan hasil, and from which of its cells a row of an SKP was taken"""

import sqlalchemy as sa
from alembic import context, op

from kinerja.db import ExactDecimal, admit_kinds, dismiss_kinds

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KINDS = {"matrix": ("draft", "shared", "closed")}


def upgrade() -> None:
    op.create_table(
        "matrix",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_matrix_document_id_document")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_matrix")),
    )
    op.create_table(
        "matrix_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matrix_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(120), nullable=False),
        sa.Column("teams", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["matrix_id"], ["matrix.document_id"], name=op.f("fk_matrix_member_matrix_id_matrix")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_matrix_member_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matrix_member")),
        sa.UniqueConstraint("matrix_id", "key", name=op.f("uq_matrix_member_matrix_id_key")),
        sa.UniqueConstraint("matrix_id", "person_id", name=op.f("uq_matrix_member_matrix_id_person_id")),
    )
    op.create_index(op.f("ix_matrix_member_person_id"), "matrix_member", ["person_id"])
    op.create_table(
        "matrix_cell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("parent_key", sa.String(12), nullable=False),
        sa.Column("parent_text", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("portion", ExactDecimal(), nullable=True),
        sa.CheckConstraint(
            "method IN ('','aspek','wilayah','beban_target','layanan','output_antara')",
            name=op.f("ck_matrix_cell_method"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["matrix_member.id"], name=op.f("fk_matrix_cell_member_id_matrix_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matrix_cell")),
        sa.UniqueConstraint("member_id", "key", name=op.f("uq_matrix_cell_member_id_key")),
    )
    op.create_index(op.f("ix_matrix_cell_key"), "matrix_cell", ["key"])
    op.create_index(op.f("ix_matrix_cell_parent_key"), "matrix_cell", ["parent_key"])
    op.add_column("skp_row", sa.Column("cell_key", sa.String(12), nullable=False, server_default=""))
    op.create_index(op.f("ix_skp_row_cell_key"), "skp_row", ["cell_key"])
    admit_kinds(op.get_bind(), KINDS)


def downgrade() -> None:
    """A matrix would have no place: with one there, this migration is not taken back, unless everything goes."""
    if context.get_revision_argument():
        dismiss_kinds(op.get_bind(), KINDS)
    op.drop_index(op.f("ix_skp_row_cell_key"), "skp_row")
    op.drop_column("skp_row", "cell_key")
    for table in ("matrix_cell", "matrix_member", "matrix"):
        op.drop_table(table)
