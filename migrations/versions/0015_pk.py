"""The Perjanjian Kinerja: objectives, IKU and their trajectory; an IKU with a realisation is locked by the database"""

import sqlalchemy as sa
from alembic import context, op

from kinerja.db import ExactDecimal, UtcDateTime, reword_table

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CHECK = "ck_document_state"
LAST = "(kind = 'repair' AND state IN ('draft', 'submitted', 'approved', 'applied', 'refused', 'withdrawn'))"
PK = (
    " OR (kind = 'pk' AND state IN ('draft', 'proposed', 'in_dialogue', 'agreed', 'in_review', 'ready_to_sign', "
    "'signed_first', 'in_force', 'amended', 'closed', 'cancelled'))"
)
WHOLE = " OR ".join(
    (
        "(kind = 'skp' AND state IN ('draft', 'submitted', 'in_dialogue', 'agreed', 'in_review', 'reviewed', "
        "'signed_employee', 'in_force', 'superseded', 'closed', 'exempt', 'discarded', 'on_hold'))",
        "(kind = 'realisation' AND state IN ('not_open', 'open', 'draft', 'recorded', 'returned', 'validated', "
        "'missing'))",
        "(kind = 'predicate_review' AND state IN ('prepared', 'at_superior', 'proposed', 'calibrated', 'in_session', "
        "'session_decided', 'determined', 'signed', 'delivered', 'received', 'accepted', 'accepted_silent', "
        "'objected', 'decided', 'final', 'reported'))",
        "(kind = 'objection' AND state IN ('draft', 'filed', 'in_examination', 'upheld', 'changed', 'published', "
        "'withdrawn', 'lapsed'))",
        LAST,
    )
)
# What a realisation of an IKU rests on.
LOCKED = (
    "objective_id",
    "key",
    "name",
    "target",
    "measure",
    "polarity",
    "consolidation",
    "validity",
    "control",
)
TOLD = "iku has a realisation"


def upgrade() -> None:
    op.create_table(
        "pk",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("series", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("pledge", "vision", "mission", "purpose")),
        sa.Column("place", sa.String(80), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("budget", "risks", "initiatives")),
        sa.CheckConstraint("ends >= starts", name=op.f("ck_pk_dates")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_pk_document_id_document")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_pk")),
    )
    op.create_table(
        "pk_objective",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pk_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("perspective", sa.String(40), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("causes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["pk_id"], ["pk.document_id"], name=op.f("fk_pk_objective_pk_id_pk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pk_objective")),
        sa.UniqueConstraint("pk_id", "key", name=op.f("uq_pk_objective_pk_id_key")),
    )
    op.create_table(
        "iku",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objective_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("target", ExactDecimal(), nullable=True),
        sa.Column("measure", sa.String(60), nullable=False),
        sa.Column("polarity", sa.String(12), nullable=False),
        sa.Column("consolidation", sa.String(16), nullable=False),
        sa.Column("validity", sa.String(10), nullable=False),
        sa.Column("control", sa.String(10), nullable=False),
        sa.Column("parent_key", sa.String(12), nullable=False),
        sa.Column("handed_down_id", sa.Integer(), nullable=True),
        sa.Column("cascading", sa.String(10), nullable=False),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.Column("locked_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("polarity IN ('maximize','minimize','stabilize')", name=op.f("ck_iku_polarity")),
        sa.CheckConstraint(
            "consolidation IN ('sum','average','take_last_known')", name=op.f("ck_iku_consolidation")
        ),
        sa.CheckConstraint("cascading IN ('','fully','partially')", name=op.f("ck_iku_cascading")),
        sa.ForeignKeyConstraint(
            ["objective_id"], ["pk_objective.id"], name=op.f("fk_iku_objective_id_pk_objective")
        ),
        sa.ForeignKeyConstraint(["handed_down_id"], ["iku.id"], name=op.f("fk_iku_handed_down_id_iku")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_iku")),
        sa.UniqueConstraint("objective_id", "key", name=op.f("uq_iku_objective_id_key")),
    )
    op.create_index(op.f("ix_iku_objective_id"), "iku", ["objective_id"])
    op.create_index(op.f("ix_iku_handed_down_id"), "iku", ["handed_down_id"])
    op.create_table(
        "iku_target",
        sa.Column("iku_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(4), nullable=False),
        sa.Column("value", ExactDecimal(), nullable=False),
        sa.ForeignKeyConstraint(["iku_id"], ["iku.id"], name=op.f("fk_iku_target_iku_id_iku")),
        sa.PrimaryKeyConstraint("iku_id", "slot", name=op.f("pk_iku_target")),
    )
    _guard()
    _check(LAST, LAST + PK)


def _guard() -> None:
    """What has a realisation is changed by nobody, whatever way he comes."""
    if op.get_bind().dialect.name == "sqlite":
        stop = f"BEGIN SELECT RAISE(ABORT, '{TOLD}'); END"
        op.execute(
            f"CREATE TRIGGER iku_locked BEFORE UPDATE OF {', '.join(LOCKED)} ON iku WHEN OLD.locked_at IS NOT NULL {stop}"
        )
        op.execute(
            f"CREATE TRIGGER iku_locked_delete BEFORE DELETE ON iku WHEN OLD.locked_at IS NOT NULL {stop}"
        )
        for verb, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
            op.execute(
                f"CREATE TRIGGER iku_target_locked_{verb.lower()} BEFORE {verb} ON iku_target "  # noqa: S608  # nosec B608 # our own words
                f"WHEN (SELECT locked_at FROM iku WHERE id = {row}.iku_id) IS NOT NULL {stop}"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_locked_iku() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{TOLD}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER iku_locked BEFORE UPDATE OF {', '.join(LOCKED)} ON iku "
        "FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL) EXECUTE FUNCTION refuse_locked_iku()"
    )
    op.execute(
        "CREATE TRIGGER iku_locked_delete BEFORE DELETE ON iku "
        "FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL) EXECUTE FUNCTION refuse_locked_iku()"
    )
    op.execute(
        "CREATE FUNCTION refuse_locked_iku_target() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE wanted integer; BEGIN "
        "IF TG_OP = 'INSERT' THEN wanted := NEW.iku_id; ELSE wanted := OLD.iku_id; END IF; "
        "IF (SELECT locked_at FROM iku WHERE id = wanted) IS NOT NULL THEN "
        "RAISE EXCEPTION 'iku has a realisation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER iku_target_locked BEFORE INSERT OR UPDATE OR DELETE ON iku_target "
        "FOR EACH ROW EXECUTE FUNCTION refuse_locked_iku_target()"
    )


def _check(old: str, new: str) -> None:
    """Another list of states; rows, indexes and triggers stay as they are."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        reword_table(connection, "document", old, new)
        return
    op.drop_constraint(op.f(CHECK), "document", type_="check")
    whole = WHOLE.removesuffix(LAST) + new
    op.create_check_constraint(op.f(CHECK), "document", sa.text(whole))


def downgrade() -> None:
    """A PK would have no place: with one there, this migration is not taken back, unless everything goes."""
    connection = op.get_bind()
    if context.get_revision_argument():
        if connection.scalar(sa.text("SELECT count(*) FROM pk")):
            raise RuntimeError("there are Perjanjian Kinerja: they would be lost")
        _check(LAST + PK, LAST)
    for table in ("iku_target", "iku", "pk_objective", "pk"):
        op.drop_table(table)
    if connection.dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_locked_iku_target()")
        op.execute("DROP FUNCTION refuse_locked_iku()")
