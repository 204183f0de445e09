"""How Alembic meets our database: our own engine, batches on SQLite, foreign keys checked after instead of during."""

from typing import Any

from alembic import context
from flask import current_app

from kinerja.db import db


def render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Our own column types by their name, with the import they need."""
    if kind == "type" and item.__class__.__module__ == "kinerja.db":
        autogen_context.imports.add("import kinerja.db")
        return f"kinerja.db.{item.__class__.__name__}()"
    return False


def run_migrations() -> None:
    engine = db.engine
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        if sqlite and raw is not None:
            # A batch on SQLite rebuilds the table; with foreign keys on, that would delete the children.
            connection.commit()
            raw.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=sqlite,
            compare_type=True,
            render_item=render_item,
            **{k: v for k, v in current_app.extensions["migrate"].configure_args.items() if k not in _OURS},
        )
        with context.begin_transaction():
            context.run_migrations()
            if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"the migration leaves rows without their parent: {broken[:5]}")
        connection.commit()
        if sqlite and raw is not None:
            raw.execute("PRAGMA foreign_keys=ON")


_OURS = {"render_as_batch", "compare_type"}
run_migrations()
