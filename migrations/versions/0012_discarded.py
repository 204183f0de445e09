"""A draft of an SKP may be thrown away: its state in the check of all documents"""

import sqlalchemy as sa
from alembic import context, op

from kinerja.db import reword_table

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
        reword_table(connection, "document", old, new)
        return
    op.drop_constraint(op.f(CHECK), "document", type_="check")
    op.create_check_constraint(op.f(CHECK), "document", sa.text(WHOLE.format(skp=new)))


def downgrade() -> None:
    """A draft that was thrown away is in no state that was known before: with one there, this is not taken back."""
    if context.get_revision_argument():
        if op.get_bind().scalar(sa.text("SELECT count(*) FROM document WHERE state = 'discarded'")):
            raise RuntimeError("there are drafts that were thrown away: they would have no state")
        _check(AFTER, BEFORE)
