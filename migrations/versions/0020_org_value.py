"""Realisation of the IKU of a unit per period, and its nilai organisasi"""

import sqlalchemy as sa
from alembic import context, op

from kinerja.db import ExactDecimal, UtcDateTime, admit_kinds, dismiss_kinds

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KINDS = {
    "iku_realisation": ("not_open", "open", "draft", "recorded", "returned", "validated", "missing"),
    "org_value": ("collecting", "computed", "reviewed", "determined", "final"),
}
TABLES = ("org_value", "iku_evidence", "iku_realisation_item", "iku_realisation")


def upgrade() -> None:
    op.create_table(
        "iku_realisation",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("pk_id", sa.Integer(), nullable=False),
        sa.Column("first_recorded_at", UtcDateTime(), nullable=True),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_iku_realisation_document_id_document")
        ),
        sa.ForeignKeyConstraint(["pk_id"], ["pk.document_id"], name=op.f("fk_iku_realisation_pk_id_pk")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_iku_realisation")),
    )
    op.create_index(op.f("ix_iku_realisation_pk_id"), "iku_realisation", ["pk_id"])
    op.create_table(
        "iku_realisation_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("realisation_id", sa.Integer(), nullable=False),
        sa.Column("iku_id", sa.Integer(), nullable=False),
        sa.Column("value", ExactDecimal(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("narrative", "obstacle", "return_note")),
        sa.ForeignKeyConstraint(
            ["realisation_id"], ["iku_realisation.document_id"],
            name=op.f("fk_iku_realisation_item_realisation_id_iku_realisation"),
        ),
        sa.ForeignKeyConstraint(["iku_id"], ["iku.id"], name=op.f("fk_iku_realisation_item_iku_id_iku")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_iku_realisation_item")),
        sa.UniqueConstraint("realisation_id", "iku_id", name=op.f("uq_iku_realisation_item_realisation_id_iku_id")),
    )  # fmt: skip
    op.create_index(op.f("ix_iku_realisation_item_iku_id"), "iku_realisation_item", ["iku_id"])
    op.create_table(
        "iku_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("shows", sa.String(8), nullable=False),
        sa.Column("unreadable", sa.Boolean(), nullable=False),
        sa.CheckConstraint("shows IN ('progres','hasil','data')", name=op.f("ck_iku_evidence_shows")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_iku_evidence_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["iku_realisation_item.id"],
            name=op.f("fk_iku_evidence_item_id_iku_realisation_item"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_iku_evidence")),
        sa.UniqueConstraint("evidence_id", "item_id", name=op.f("uq_iku_evidence_evidence_id_item_id")),
    )
    op.create_index(op.f("ix_iku_evidence_item_id"), "iku_evidence", ["item_id"])
    op.create_table(
        "org_value",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("pk_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(8), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("initiatives", sa.Text(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("nko", ExactDecimal(), nullable=True),
        sa.Column("nko_k3", ExactDecimal(), nullable=True),
        sa.Column("provisional_reason", sa.Text(), nullable=False),
        sa.Column("decree_number", sa.String(120), nullable=False),
        sa.Column("decree_date", sa.Date(), nullable=True),
        sa.Column("proposal", sa.String(16), nullable=False),
        sa.Column("predicate", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("basis IN ('','hitungan','skep')", name=op.f("ck_org_value_basis")),
        sa.CheckConstraint(
            "predicate IN ('','istimewa','baik','butuh_perbaikan','kurang','sangat_kurang')",
            name=op.f("ck_org_value_predicate"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_org_value_document_id_document")
        ),
        sa.ForeignKeyConstraint(["pk_id"], ["pk.document_id"], name=op.f("fk_org_value_pk_id_pk")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_org_value")),
    )
    op.create_index(op.f("ix_org_value_pk_id"), "org_value", ["pk_id"])
    admit_kinds(op.get_bind(), KINDS)


def downgrade() -> None:
    """What a unit recorded would have no place: with any there, this migration is not taken back, unless everything
    goes."""
    if context.get_revision_argument():
        dismiss_kinds(op.get_bind(), KINDS)
    for table in TABLES:
        op.drop_table(table)
