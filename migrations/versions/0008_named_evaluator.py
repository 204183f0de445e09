"""Whose act an objection attacks, as a column the database computes and can look up"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        value = "(json_extract(flags, '$.evaluator_id')) VIRTUAL"
    else:
        value = "((flags ->> 'evaluator_id')::integer) STORED"
    op.execute(f"ALTER TABLE document ADD COLUMN named_evaluator_id INTEGER GENERATED ALWAYS AS {value}")
    op.execute("CREATE INDEX ix_document_named_evaluator_id ON document (named_evaluator_id)")


def downgrade() -> None:
    op.execute("DROP INDEX ix_document_named_evaluator_id")
    op.execute("ALTER TABLE document DROP COLUMN named_evaluator_id")
