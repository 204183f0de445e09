"""What the database itself refuses: rewriting history, and touching an indicator that has a realisation"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Tables whose rows are written once; the columns that may still change, if any.
APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "step": (),
    "revision": (),
    "audit_row": (),
    "calibration": (),
    "signature": ("fallen_at",),
    "read_log": (),
}
# What an Adendum, a later edit, or a slip must not change once a realisation is recorded.
LOCKED = ("text", "target_text", "target", "measure", "polarity", "consolidation", "aspects", "row_id", "key")


def _columns(table: str) -> list[str]:
    from kinerja.db import db

    return [c.name for c in db.metadata.tables[table].columns if c.name not in APPEND_ONLY[table]]


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            columns = ", ".join(_columns(table))
            op.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {columns} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
            op.execute(
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        op.execute(
            f"CREATE TRIGGER indicator_locked BEFORE UPDATE OF {', '.join(LOCKED)} ON skp_indicator "
            "WHEN OLD.locked_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'indicator has a realisation'); END"
        )
        op.execute(
            "CREATE TRIGGER indicator_locked_delete BEFORE DELETE ON skp_indicator "
            "WHEN OLD.locked_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'indicator has a realisation'); END"
        )
        for verb, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
            op.execute(
                f"CREATE TRIGGER target_locked_{verb.lower()} BEFORE {verb} ON indicator_target "  # noqa: S608  # nosec B608 # our own words
                f"WHEN (SELECT locked_at FROM skp_indicator WHERE id = {row}.indicator_id) IS NOT NULL "
                "BEGIN SELECT RAISE(ABORT, 'indicator has a realisation'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        columns = ", ".join(_columns(table))
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {columns} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE FUNCTION refuse_locked() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'indicator has a realisation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER indicator_locked BEFORE UPDATE OF {', '.join(LOCKED)} ON skp_indicator "
        "FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL) EXECUTE FUNCTION refuse_locked()"
    )
    op.execute(
        "CREATE TRIGGER indicator_locked_delete BEFORE DELETE ON skp_indicator "
        "FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL) EXECUTE FUNCTION refuse_locked()"
    )
    op.execute(
        "CREATE FUNCTION refuse_locked_target() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE wanted integer; BEGIN "
        "IF TG_OP = 'INSERT' THEN wanted := NEW.indicator_id; ELSE wanted := OLD.indicator_id; END IF; "
        "IF (SELECT locked_at FROM skp_indicator WHERE id = wanted) IS NOT NULL THEN "
        "RAISE EXCEPTION 'indicator has a realisation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER target_locked BEFORE INSERT OR UPDATE OR DELETE ON indicator_target "
        "FOR EACH ROW EXECUTE FUNCTION refuse_locked_target()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(f"DROP TRIGGER {table}_no_delete")
        op.execute("DROP TRIGGER indicator_locked")
        op.execute("DROP TRIGGER indicator_locked_delete")
        for verb in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER target_locked_{verb}")
        return
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_no_update ON {table}")
        op.execute(f"DROP TRIGGER {table}_no_delete ON {table}")
    op.execute("DROP TRIGGER indicator_locked ON skp_indicator")
    op.execute("DROP TRIGGER indicator_locked_delete ON skp_indicator")
    op.execute("DROP TRIGGER target_locked ON indicator_target")
    for function in ("refuse_change", "refuse_locked", "refuse_locked_target"):
        op.execute(f"DROP FUNCTION {function}()")
