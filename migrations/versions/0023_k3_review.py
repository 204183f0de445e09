"""The review of K3 per SKP or PK and quarter"""

import sqlalchemy as sa
from alembic import context, op

from kinerja.db import ExactDecimal, admit_kinds, dismiss_kinds

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

KINDS = {"k3_review": ("not_reviewed", "self_checked", "in_review", "needs_fix", "reviewed", "locked")}


def upgrade() -> None:
    op.create_table(
        "k3_review",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("manual_due", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_k3_review_document_id_document")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["document.id"], name=op.f("fk_k3_review_plan_id_document")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_k3_review")),
    )
    op.create_index(op.f("ix_k3_review_plan_id"), "k3_review", ["plan_id"])
    op.create_table(
        "k3_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("iku_id", sa.Integer(), nullable=True),
        sa.Column("iki_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("clause", sa.JSON(), nullable=False),
        sa.Column("validity", sa.String(10), nullable=False),
        sa.Column("control", sa.String(10), nullable=False),
        sa.Column("target_status", sa.String(24), nullable=False),
        sa.Column("target_y1", ExactDecimal(), nullable=True),
        sa.Column("realisation_y1", ExactDecimal(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("finding", "recommendation", "note")),
        sa.Column("score", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("iku_id IS NULL OR iki_id IS NULL", name=op.f("ck_k3_item_one_indicator")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["k3_review.document_id"], name=op.f("fk_k3_item_review_id_k3_review")
        ),
        sa.ForeignKeyConstraint(
            ["iku_id"], ["iku.id"], name=op.f("fk_k3_item_iku_id_iku"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["iki_id"],
            ["skp_indicator.id"],
            name=op.f("fk_k3_item_iki_id_skp_indicator"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_k3_item")),
        sa.UniqueConstraint("review_id", "key", name=op.f("uq_k3_item_review_id_key")),
    )
    for column in ("iku_id", "iki_id"):
        op.create_index(op.f(f"ix_k3_item_{column}"), "k3_item", [column])
    admit_kinds(op.get_bind(), KINDS)


def downgrade() -> None:
    """A review would have no place: with one there, this migration is not taken back, unless everything goes."""
    if context.get_revision_argument():
        dismiss_kinds(op.get_bind(), KINDS)
    op.drop_table("k3_item")
    op.drop_table("k3_review")
