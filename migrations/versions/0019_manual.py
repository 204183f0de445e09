"""The manual indikator: versions of how an IKU or an IKI is measured; what is in force is changed by nobody"""

import sqlalchemy as sa
from alembic import context, op

from kinerja.db import ExactDecimal, UtcDateTime, admit_kinds, dismiss_kinds

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KINDS = {"manual": ("draft", "submitted", "approved", "in_force", "superseded", "dropped")}
TEXTS = {
    "purpose": None, "definition": None, "formula": None, "measure": 60, "quality": 40, "data_source": None,
    "reporting": 12, "cascading_kind": 20, "cascading_method": 10, "aspect": 12, "validity": 10, "control": 10,
    "owner": 200, "provider": 200, "polarity": 12, "consolidation": 16, "location": 16, "scale": None,
    "target_status": 24,
}  # fmt: skip
NUMBERS = ("worst", "target_y1", "realisation_y1")
# What a capaian follows from (MI-4, MI-5).
FIXED = ("polarity", "consolidation", "formula", "measure", "location", "cannot_exceed", "scale", "worst")
SEALED, REALISED = "manual is in force", "indicator has a realisation"


def upgrade() -> None:
    op.create_table(
        "manual",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("iku_id", sa.Integer(), nullable=True),
        sa.Column("iki_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("clause", sa.JSON(), nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=True),
        *(
            sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)
            for name, length in TEXTS.items()
        ),
        sa.Column("cannot_exceed", sa.Boolean(), nullable=False),
        *(sa.Column(name, ExactDecimal(), nullable=True) for name in NUMBERS),
        sa.CheckConstraint("iku_id IS NULL OR iki_id IS NULL", name=op.f("ck_manual_one_indicator")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_manual_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["iku_id"], ["iku.id"], name=op.f("fk_manual_iku_id_iku"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["iki_id"], ["skp_indicator.id"], name=op.f("fk_manual_iki_id_skp_indicator"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_manual")),
        sa.UniqueConstraint("iku_id", "number", name=op.f("uq_manual_iku_id_number")),
        sa.UniqueConstraint("iki_id", "number", name=op.f("uq_manual_iki_id_number")),
    )
    _guard()
    admit_kinds(op.get_bind(), KINDS)


def _guard() -> None:
    """What is in force stays as it is, and its successor measures what has a realisation as before."""
    written = ", ".join([*TEXTS, "cannot_exceed", *NUMBERS, "number", "clause"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER manual_sealed BEFORE UPDATE OF {written} ON manual WHEN OLD.sealed_at IS NOT NULL "
            f"BEGIN SELECT RAISE(ABORT, '{SEALED}'); END"
        )
        op.execute(
            "CREATE TRIGGER manual_sealed_delete BEFORE DELETE ON manual WHEN OLD.sealed_at IS NOT NULL "
            f"BEGIN SELECT RAISE(ABORT, '{SEALED}'); END"
        )
        op.execute(
            "CREATE TRIGGER manual_realised BEFORE UPDATE OF sealed_at ON manual "
            f"WHEN NEW.sealed_at IS NOT NULL AND {_measures_otherwise('IS NOT')} "
            f"BEGIN SELECT RAISE(ABORT, '{REALISED}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_sealed_manual() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SEALED}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER manual_sealed BEFORE UPDATE OF {written} ON manual "
        "FOR EACH ROW WHEN (OLD.sealed_at IS NOT NULL) EXECUTE FUNCTION refuse_sealed_manual()"
    )
    op.execute(
        "CREATE TRIGGER manual_sealed_delete BEFORE DELETE ON manual "
        "FOR EACH ROW WHEN (OLD.sealed_at IS NOT NULL) EXECUTE FUNCTION refuse_sealed_manual()"
    )
    op.execute(
        "CREATE FUNCTION refuse_measuring_otherwise() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.sealed_at IS NOT NULL AND {_measures_otherwise('IS DISTINCT FROM')} THEN "
        f"RAISE EXCEPTION '{REALISED}'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER manual_realised BEFORE UPDATE OF sealed_at ON manual "
        "FOR EACH ROW EXECUTE FUNCTION refuse_measuring_otherwise()"
    )


def _measures_otherwise(differs: str) -> str:
    """A realisation of the indicator is recorded, and the version before this one measured it in another way."""
    other = " OR ".join(f"before.{name} {differs} NEW.{name}" for name in FIXED)
    return (
        "((SELECT locked_at FROM iku WHERE id = NEW.iku_id) IS NOT NULL "  # noqa: S608  # nosec B608 # our own words
        "OR (SELECT locked_at FROM skp_indicator WHERE id = NEW.iki_id) IS NOT NULL) "
        "AND EXISTS (SELECT 1 FROM manual AS before WHERE (before.iku_id = NEW.iku_id OR before.iki_id = NEW.iki_id) "
        "AND before.number = (SELECT max(last.number) FROM manual AS last WHERE last.sealed_at IS NOT NULL "
        "AND (last.iku_id = NEW.iku_id OR last.iki_id = NEW.iki_id) AND last.number < NEW.number) "
        f"AND ({other}))"
    )


def downgrade() -> None:
    """A manual would have no place: with one there, this migration is not taken back, unless everything goes."""
    if context.get_revision_argument():
        dismiss_kinds(op.get_bind(), KINDS)
    op.drop_table("manual")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_measuring_otherwise()")
        op.execute("DROP FUNCTION refuse_sealed_manual()")
