"""A repair of a determined evaluation is a document: its states in the check of all documents, and its table"""

import sqlalchemy as sa
from alembic import context, op

from kinerja.db import reword_table

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATES = (
    " OR (kind = 'repair' AND state IN ('draft', 'submitted', 'approved', 'applied', 'refused', 'withdrawn'))"
)
LAST = "(kind = 'objection' AND state IN ('draft', 'filed', 'in_examination', 'upheld', 'changed', 'published', 'withdrawn', 'lapsed'))"
CHECK = "ck_document_state"


def upgrade() -> None:
    op.create_table(
        "repair",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_repair_document_id_document"),
        sa.ForeignKeyConstraint(["review_id"], ["review.document_id"], name="fk_repair_review_id_review"),
        sa.PrimaryKeyConstraint("document_id", name="pk_repair"),
    )
    op.create_index("ix_repair_review_id", "repair", ["review_id"])
    # The list of reopenings, repairs and overrides asks for a few rare events among all steps.
    # With the document in it: by the event alone a planner would look through every step of a kind for one document.
    op.create_index("ix_step_event", "step", ["event", "document_id"])
    _check(LAST, LAST + STATES)


def _check(old: str, new: str) -> None:
    """Another list of states; rows, indexes and triggers stay as they are."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        reword_table(connection, "document", old, new)
        return
    op.drop_constraint(op.f(CHECK), "document", type_="check")
    op.create_check_constraint(op.f(CHECK), "document", sa.text(_whole(new)))


def _whole(last: str) -> str:
    return " OR ".join(
        (
            "(kind = 'skp' AND state IN ('draft', 'submitted', 'in_dialogue', 'agreed', 'in_review', 'reviewed', "
            "'signed_employee', 'in_force', 'superseded', 'closed', 'exempt', 'on_hold'))",
            "(kind = 'realisation' AND state IN ('not_open', 'open', 'draft', 'recorded', 'returned', 'validated', "
            "'missing'))",
            "(kind = 'predicate_review' AND state IN ('prepared', 'at_superior', 'proposed', 'calibrated', 'in_session', "
            "'session_decided', 'determined', 'signed', 'delivered', 'received', 'accepted', 'accepted_silent', "
            "'objected', 'decided', 'final', 'reported'))",
            last,
        )
    )


def downgrade() -> None:
    """Documents of this kind are not thrown away one by one: with one there, this migration is not taken back.

    On the way to nothing at all everything goes, as when a demo begins anew.
    """
    if context.get_revision_argument():
        if op.get_bind().scalar(sa.text("SELECT count(*) FROM repair")):
            raise RuntimeError("there are repairs: their documents would lose their content")
        _check(LAST + STATES, LAST)
    op.drop_index("ix_step_event", "step")
    op.drop_index("ix_repair_review_id", "repair")
    op.drop_table("repair")
