"""Corrections of a window of an open year: what stood, what stands, why, by whom, and how many documents moved"""

import sqlalchemy as sa
from alembic import op

from kinerja.db import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "window_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(4), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="fk_window_correction_period_id_period"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_window_correction_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_window_correction"),
    )
    op.create_index("ix_window_correction_period_id", "window_correction", ["period_id"])


def downgrade() -> None:
    op.drop_index("ix_window_correction_period_id", "window_correction")
    op.drop_table("window_correction")
