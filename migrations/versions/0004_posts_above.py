"""Who reports to a post, by an index: every page asks whether its reader leads anybody"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_reporting_line_superior_post", "reporting_line", ["superior_post_id", "believed_to"])


def downgrade() -> None:
    op.drop_index("ix_reporting_line_superior_post", "reporting_line")
