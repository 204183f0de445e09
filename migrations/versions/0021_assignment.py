"""Penugasan of a person to the work of another unit"""

import sqlalchemy as sa
from alembic import op

from kinerja.db import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

INDEXED = ("person_id", "unit_id", "asked_by_id")


def upgrade() -> None:
    moment = UtcDateTime()
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(24), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(120), nullable=False),
        sa.Column("decree", sa.String(120), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("answered_by_id", sa.Integer()),
        sa.Column("approved_at", moment),
        sa.Column("refused_at", moment),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", moment),
        sa.Column("ended_by_id", sa.Integer()),
        sa.CheckConstraint("ends >= starts", name=op.f("ck_assignment_dates")),
        sa.CheckConstraint(
            "approved_at IS NULL OR refused_at IS NULL", name=op.f("ck_assignment_one_answer")
        ),
        sa.CheckConstraint("asked_by_id <> person_id", name=op.f("ck_assignment_two_people")),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_assignment_{column}_{target[:-3]}"))
            for column, target in (
                ("person_id", "person.id"), ("unit_id", "unit.id"), ("asked_by_id", "person.id"),
                ("answered_by_id", "person.id"), ("ended_by_id", "person.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assignment_public_id")),
    )  # fmt: skip
    for column in INDEXED:
        op.create_index(op.f(f"ix_assignment_{column}"), "assignment", [column])


def downgrade() -> None:
    op.drop_table("assignment")
