"""A draft of an SKP may be thrown away: its state in the check of all documents"""

import sqlalchemy as sa
from alembic import context, op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CHECK = "ck_document_state"
BEFORE, AFTER = "'closed', 'exempt', 'on_hold'", "'closed', 'exempt', 'discarded', 'on_hold'"
WHOLE = " OR ".join(
    (
        "(kind = 'skp' AND state IN ('draft', 'submitted', 'in_dialogue', 'agreed', 'in_review', 'reviewed', "
        "'signed_employee', 'in_force', 'superseded', {skp}))",
        "(kind = 'realisation' AND state IN ('not_open', 'open', 'draft', 'recorded', 'returned', 'validated', "
        "'missing'))",
        "(kind = 'predicate_review' AND state IN ('prepared', 'at_superior', 'proposed', 'calibrated', 'in_session', "
        "'session_decided', 'determined', 'signed', 'delivered', 'received', 'accepted', 'accepted_silent', "
        "'objected', 'decided', 'final', 'reported'))",
        "(kind = 'objection' AND state IN ('draft', 'filed', 'in_examination', 'upheld', 'changed', 'published', "
        "'withdrawn', 'lapsed'))",
        "(kind = 'repair' AND state IN ('draft', 'submitted', 'approved', 'applied', 'refused', 'withdrawn'))",
    )
)


def upgrade() -> None:
    _check(BEFORE, AFTER)


def _check(old: str, new: str) -> None:
    """Another list of states; rows, indexes and triggers stay as they are."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _rewrite(connection, old, new)
        return
    op.drop_constraint(op.f(CHECK), "document", type_="check")
    op.create_check_constraint(op.f(CHECK), "document", sa.text(WHOLE.format(skp=new)))


def _rewrite(connection: sa.Connection, old: str, new: str) -> None:
    """Change the words of the table itself, as in 0009: a batch would copy every row and lose the triggers."""
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    try:
        found = connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
            "WHERE type = 'table' AND name = 'document' AND instr(sql, ?) > 0",
            (old, new, old),
        )
        if found.rowcount != 1:
            raise RuntimeError("the table of documents is not as the migrations before this one made it")
        connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    finally:
        connection.exec_driver_sql("PRAGMA writable_schema=OFF")
    # Also whether every row fulfils the new words.
    said = connection.exec_driver_sql("PRAGMA integrity_check('document')").scalars().all()
    if said != ["ok"]:
        raise RuntimeError(f"the table of documents is not whole any more: {said[:3]}")


def downgrade() -> None:
    """A draft that was thrown away is in no state that was known before: with one there, this is not taken back."""
    if context.get_revision_argument():
        if op.get_bind().scalar(sa.text("SELECT count(*) FROM document WHERE state = 'discarded'")):
            raise RuntimeError("there are drafts that were thrown away: they would have no state")
        _check(AFTER, BEFORE)
