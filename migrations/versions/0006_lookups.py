"""Lists in their order by an index: newest of a kind or state, who waits longest, and any part of a name"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# PostgreSQL knows how much an index finds and takes the best; SQLite guesses, and guesses wrong with more to choose from.
ORDERS = {
    "ix_document_kind": ["kind", "id"],
    "ix_document_state": ["state", "id"],
}
# Who waits longest: an index of the rows that wait, for each kind.
WAITING = {
    "skp": ("state_since", "draft submitted in_dialogue agreed in_review reviewed signed_employee on_hold"),
    "realisation": ("state_since", "open draft returned missing"),
    "predicate_review": (
        "created_at",
        "prepared at_superior proposed calibrated in_session session_decided determined signed delivered received "
        "objected decided",
    ),
}


def upgrade() -> None:
    without = sa.text("kind = 'person' AND state = 'without'")
    op.create_index(
        "ix_tally_without", "tally", ["period_id", "unit_id"], sqlite_where=without, postgresql_where=without
    )
    for kind, (since, states) in WAITING.items():
        listed = ", ".join(f"'{state}'" for state in states.split())
        only = sa.text(f"kind = '{kind}' AND state IN ({listed})")
        columns = ["period_id", "slot", since, "id"]
        name = f"ix_document_open_{kind}"
        op.create_index(name, "document", columns, sqlite_where=only, postgresql_where=only)
    if op.get_bind().dialect.name == "postgresql":
        for name, columns in ORDERS.items():
            op.create_index(name, "document", columns)
        _words()


def _words() -> None:
    """Any part of a name by an index, where the extension that comes with PostgreSQL may be made."""
    op.execute(
        "DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm; "
        "CREATE INDEX ix_person_words ON person USING gin (search_name gin_trgm_ops); "
        "CREATE INDEX ix_unit_words ON unit USING gin (lower(name) gin_trgm_ops); "
        "EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN "
        "RAISE NOTICE 'pg_trgm is not available: names are searched by reading them all'; END $$"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX IF EXISTS ix_person_words")
        op.execute("DROP INDEX IF EXISTS ix_unit_words")
        for name in reversed(ORDERS):
            op.drop_index(name, "document")
    for kind in WAITING:
        op.drop_index(f"ix_document_open_{kind}", "document")
    op.drop_index("ix_tally_without", "tally")
