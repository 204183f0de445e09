"""The Dialog Kinerja Organisasi with its actions, which are carried from one to the next"""

import sqlalchemy as sa
from alembic import context, op

from kinerja.db import UtcDateTime, admit_kinds, dismiss_kinds

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STATES = "scheduled materials_ready held minutes_draft minutes_signed actions_open closed missed"
KINDS = {"dko": tuple(STATES.split())}


def upgrade() -> None:
    op.create_table(
        "dko",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.String(5), nullable=False),
        sa.Column("form", sa.String(12), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.Column("guests", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.JSON(), nullable=False)
            for name in ("attendees", "topics", "materials", "decisions", "moved")
        ),
        sa.CheckConstraint("form IN ('tatap_muka','media')", name=op.f("ck_dko_form")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_dko_document_id_document")),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_dko_leader_id_person")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_dko")),
    )
    op.create_table(
        "dko_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dko_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("decision_key", sa.String(12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("link", sa.String(1000), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("carried_to_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["carried_to_id"], ["dko_action.id"], name=op.f("fk_dko_action_carried_to_id_dko_action")
        ),
        sa.ForeignKeyConstraint(["dko_id"], ["dko.document_id"], name=op.f("fk_dko_action_dko_id_dko")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_dko_action_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dko_action")),
        sa.UniqueConstraint("dko_id", "key", name=op.f("uq_dko_action_dko_id_key")),
    )
    op.create_index("ix_dko_action_owner", "dko_action", ["owner_id", "done_at"])
    admit_kinds(op.get_bind(), KINDS)


def downgrade() -> None:
    """A DKO would have no place: with one there, this migration is not taken back, unless everything goes."""
    if context.get_revision_argument():
        dismiss_kinds(op.get_bind(), KINDS)
    op.drop_table("dko_action")
    op.drop_table("dko")
