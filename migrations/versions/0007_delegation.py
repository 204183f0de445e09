"""Written delegation of the work of a penilai"""

import sqlalchemy as sa
from alembic import op

from kinerja.db import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INDEXED = ("holder_id", "delegate_id", "post_id")


def upgrade() -> None:
    moment = UtcDateTime()
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(24), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("letter", sa.String(120), nullable=False),
        sa.Column("letter_date", sa.Date(), nullable=False),
        sa.Column("kinds", sa.String(120), nullable=False),
        sa.Column("may_sign", sa.Boolean(), nullable=False),
        sa.Column("as_penilai", sa.Boolean(), nullable=False),
        sa.Column("given_at", moment, nullable=False),
        sa.Column("accepted_at", moment),
        sa.Column("declined_at", moment),
        sa.Column("ended_at", moment),
        sa.Column("ended_by_id", sa.Integer()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("holder_id <> delegate_id", name=op.f("ck_delegation_two_people")),
        sa.CheckConstraint("ends >= starts", name=op.f("ck_delegation_dates")),
        sa.CheckConstraint(
            "accepted_at IS NULL OR declined_at IS NULL", name=op.f("ck_delegation_one_answer")
        ),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_delegation_{column}_{target[:-3]}"))
            for column, target in (
                ("holder_id", "person.id"), ("delegate_id", "person.id"), ("post_id", "post.id"),
                ("ended_by_id", "person.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_delegation_public_id")),
    )  # fmt: skip
    for column in INDEXED:
        op.create_index(op.f(f"ix_delegation_{column}"), "delegation", [column])


def downgrade() -> None:
    op.drop_table("delegation")
