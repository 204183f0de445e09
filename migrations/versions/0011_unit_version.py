"""What a unit was called, and under which unit it stood, before it was renamed or moved"""

import sqlalchemy as sa
from alembic import context, op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.CheckConstraint("starts IS NULL OR ends >= starts", name=op.f("ck_unit_version_dates")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_version_unit_id_unit")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_version_parent_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_version")),
        sa.UniqueConstraint("unit_id", "ends", name=op.f("uq_unit_version_unit_id_ends")),
    )


def downgrade() -> None:
    """Former names are nowhere else: with one there, this migration is not taken back, unless everything goes."""
    if context.get_revision_argument() and op.get_bind().scalar(sa.text("SELECT count(*) FROM unit_version")):
        raise RuntimeError("there are former names of units: they would be lost")
    op.drop_table("unit_version")
