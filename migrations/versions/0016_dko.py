"""The Dialog Kinerja Organisasi with its actions, which are carried from one to the next"""

import sqlalchemy as sa
from alembic import context, op

from kinerja.db import UtcDateTime, reword_table

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

CHECK = "ck_document_state"
DKO = (
    "(kind = 'dko' AND state IN ('scheduled', 'materials_ready', 'held', 'minutes_draft', 'minutes_signed', "
    "'actions_open', 'closed', 'missed'))"
)
# Put before the first of the others, whichever kinds there are by then.
FIRST = "(kind = 'skp' AND"


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
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        reword_table(connection, "document", FIRST, f"{DKO} OR {FIRST}")
    else:
        _check(f"{_known()} OR {DKO}")


def _known() -> str:
    """The condition as PostgreSQL has it now."""
    found = op.get_bind().scalar(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": CHECK}
    )
    return str(found).removeprefix("CHECK ")


def _without(known: str) -> str:
    """The same without the DKO, which stands last: what was opened before it is closed again."""
    before = known[: known.rindex(" OR (((kind)::text = 'dko'::text)")]
    return before + ")" * (before.count("(") - before.count(")"))


def _check(whole: str) -> None:
    op.drop_constraint(op.f(CHECK), "document", type_="check")
    op.create_check_constraint(op.f(CHECK), "document", sa.text(whole))


def downgrade() -> None:
    """A DKO would have no place: with one there, this migration is not taken back, unless everything goes."""
    connection = op.get_bind()
    if context.get_revision_argument():
        if connection.scalar(sa.text("SELECT count(*) FROM dko")):
            raise RuntimeError("there are Dialog Kinerja Organisasi: they would be lost")
        if connection.dialect.name == "sqlite":
            reword_table(connection, "document", f"{DKO} OR {FIRST}", FIRST)
        else:
            _check(_without(_known()))
    op.drop_table("dko_action")
    op.drop_table("dko")
