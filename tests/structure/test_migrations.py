"""The newest schema can be left and reached again, on both databases, and every row of a full office is still there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from kinerja import clock, create_app
from kinerja.db import db
from kinerja.services import audit, tallies
from tests.matrix import people
from tests.matrix.cases import CASES
from tests.matrix.world import build
from tests.plugins.app import settings_for
from tests.plugins.strict import size

FIRST = "0001"
# Counted anew from the rows of the other tables; that they then say the same is asked of them.
DERIVED = ("alembic_version", "tally", "tally_unit", "tally_mark")
# Brought by a later migration: whoever goes back behind it leaves it, with its rows, behind.
BROUGHT_LATER = ("delegation",)
# Kinds that an older schema has no place for: it is not gone back to while there is one.
LOST = ("repair", "pk", "dko", "matrix", "manual", "iku_realisation", "org_value", "k3_review")


def content(url: str) -> dict[str, tuple[int, str]]:
    """Of every table how many rows there are and a hash of what they hold, whatever the order."""
    engine = sa.create_engine(url)
    metadata = sa.MetaData()
    metadata.reflect(engine)
    found = {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            if table.name in (*DERIVED, *BROUGHT_LATER):
                continue
            columns = sorted(table.columns, key=lambda column: column.name)
            rows = sorted(repr(tuple(row)) for row in connection.execute(sa.select(*columns)))
            found[table.name] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    engine.dispose()
    return found


def guards(url: str) -> set[tuple[str, ...]]:
    """What the database itself watches over: every trigger and index by name, and every CHECK in its words."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            found = connection.exec_driver_sql("SELECT type, name FROM sqlite_master WHERE type <> 'table'")
        else:
            found = connection.exec_driver_sql(
                "SELECT 'trigger', tgname FROM pg_trigger WHERE NOT tgisinternal "
                "UNION SELECT 'index', indexname FROM pg_indexes WHERE schemaname = current_schema()"
            )
        kept = {tuple(row) for row in found}
        inspected = sa.inspect(connection)
        for table in inspected.get_table_names():
            kept |= {
                (table, str(c["name"]), str(c["sqltext"])) for c in inspected.get_check_constraints(table)
            }
    engine.dispose()
    return kept


def test_every_migration_can_be_taken_back_and_made_again_without_losing_a_row(
    url_factory: Callable[[], str], proof_line: Callable[[str, str, str], None]
) -> None:
    url = url_factory()
    with clock.frozen(people.NOW):
        world = build(
            url, cases=tuple(c for c in CASES if c.kind not in LOST and c.state != "discarded")[:: size(6, 1)]
        )
        world.close()
    app, full, watched = create_app(settings_for(url)), content(url), guards(url)
    assert any("'repair'" in guard[-1] for guard in watched)
    assert sum(rows for rows, _hash in full.values()) > 100
    with app.app_context():
        script = ScriptDirectory.from_config(app.extensions["migrate"].migrate.get_config())
        revisions = [revision.revision for revision in script.walk_revisions()]
        for _older in revisions[:-1]:
            flask_migrate.downgrade(revision="-1")
        assert db.session.scalar(sa.text("SELECT version_num FROM alembic_version")) == FIRST
        db.session.rollback()
        flask_migrate.upgrade()
        db.engine.dispose()
        assert content(url) == full
        assert guards(url) == watched
        repaired = sa.text(
            "UPDATE document SET kind = 'repair', state = :state WHERE id = (SELECT min(id) FROM document)"
        )
        db.session.execute(repaired, {"state": "submitted"})
        with pytest.raises(sa.exc.IntegrityError):
            db.session.execute(repaired, {"state": "in_force"})
        db.session.rollback()
        assert tallies.differences() == []
        assert tallies.keep()
        assert tallies.differences() == []
        assert [fault for _chain, _length, fault in audit.verify() if fault] == []
        db.session.rollback()
        db.engine.dispose()
    dialect = url.partition(":")[0].partition("+")[0]
    proof_line(
        "Migrations up, down, up on full data", "content equal, both databases",
        f"{dialect}: {len(revisions)} migrations, {sum(rows for rows, _hash in full.values())} rows, equal",
    )  # fmt: skip


@pytest.mark.parametrize("revision", [FIRST])
def test_there_is_one_line_of_migrations(sqlite_url: str, revision: str) -> None:
    app = create_app(settings_for(sqlite_url))
    with app.app_context():
        script = ScriptDirectory.from_config(app.extensions["migrate"].migrate.get_config())
        assert len(script.get_heads()) == 1
        assert script.get_bases() == [revision]
        db.engine.dispose()
