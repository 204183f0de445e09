"""Whom a document names by a flag, as columns the database computes and can look up: lists stay quick at any size"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FLAGS = ("decider_id", "upk_above_id", "calibrator_id")


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for flag in FLAGS:
        value = (
            f"(json_extract(flags, '$.{flag}')) VIRTUAL"
            if sqlite
            else f"((flags ->> '{flag}')::integer) STORED"
        )
        op.execute(f"ALTER TABLE document ADD COLUMN named_{flag} INTEGER GENERATED ALWAYS AS {value}")
        op.execute(f"CREATE INDEX ix_document_named_{flag} ON document (named_{flag})")


def downgrade() -> None:
    for flag in FLAGS:
        op.execute(f"DROP INDEX ix_document_named_{flag}")
        op.execute(f"ALTER TABLE document DROP COLUMN named_{flag}")
