"""When the SKP that wait start, by an index: a unit page of the whole ministry asks it of everybody"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STATES = (
    "draft",
    "submitted",
    "in_dialogue",
    "agreed",
    "in_review",
    "reviewed",
    "signed_employee",
    "on_hold",
)
NAME = "ix_document_open_skp_start"


def upgrade() -> None:
    only = sa.text(f"kind = 'skp' AND state IN ({', '.join(repr(state) for state in STATES)})")
    columns = ["period_id", "span_start", "unit_id", "state"]
    op.create_index(NAME, "document", columns, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    op.drop_index(NAME, "document")
