"""Every document knows which table of its kind it follows"""

import sqlalchemy as sa
from alembic import context, op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document", sa.Column("flow_version", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    """With a document that was moved to a newer table, this is not taken back: the older release has none."""
    newer = sa.text("SELECT count(*) FROM document WHERE flow_version > 1")
    if context.get_revision_argument() and op.get_bind().scalar(newer):
        raise RuntimeError("there are documents that follow a newer table")
    op.drop_column("document", "flow_version")
