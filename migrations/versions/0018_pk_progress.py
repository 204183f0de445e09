"""How far the initiatives of a PK and the mitigations of its risks are, quarter by quarter"""

import sqlalchemy as sa
from alembic import op

from kinerja.db import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pk_progress",
        sa.Column("pk_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("slot", sa.String(4), nullable=False),
        sa.Column("standing", sa.String(12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("slot IN ('TW1','TW2','TW3','TW4')", name=op.f("ck_pk_progress_slot")),
        sa.CheckConstraint(
            "standing IN ('belum','berjalan','selesai','tertunda','batal')",
            name=op.f("ck_pk_progress_standing"),
        ),
        sa.ForeignKeyConstraint(["pk_id"], ["pk.document_id"], name=op.f("fk_pk_progress_pk_id_pk")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_pk_progress_by_id_person")),
        sa.PrimaryKeyConstraint("pk_id", "key", "slot", name=op.f("pk_pk_progress")),
    )


def downgrade() -> None:
    op.drop_table("pk_progress")
