"""Evidence of the actions of a DKO"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dko_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_dko_evidence_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["action_id"], ["dko_action.id"], name=op.f("fk_dko_evidence_action_id_dko_action")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dko_evidence")),
        sa.UniqueConstraint("evidence_id", "action_id", name=op.f("uq_dko_evidence_evidence_id_action_id")),
    )
    op.create_index(op.f("ix_dko_evidence_action_id"), "dko_evidence", ["action_id"])


def downgrade() -> None:
    op.drop_table("dko_evidence")
