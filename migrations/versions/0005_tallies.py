"""Counts per unit and everything below it; triggers note which units are to be counted anew"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# The units a document counts in: its own; that of its subject's post; and, because a review in session is what lets
# the committee see the realisations beside it, those of the documents beside a review.
_OF_DOCUMENT = (
    "SELECT {row}.unit_id UNION "
    "SELECT post.unit_id FROM placement JOIN post ON post.id = placement.post_id "
    "WHERE placement.person_id = {row}.subject_id AND placement.kind = 'definitif' UNION "
    "SELECT beside.unit_id FROM document beside "
    "WHERE beside.parent_id = {row}.parent_id AND {row}.kind = 'predicate_review'"
)
_OF_POST = "SELECT post.unit_id FROM post WHERE post.id = {row}.post_id"
_OF_PERSON = (
    "SELECT post.unit_id FROM placement JOIN post ON post.id = placement.post_id "
    "WHERE placement.person_id = {row}.id AND placement.kind = 'definitif'"
)
_OF_PAPER = "SELECT document.unit_id FROM document WHERE document.id = {row}.document_id"
_EVERY = "SELECT unit.id FROM unit"
_FLAG = {
    "sqlite": "json_extract({row}.flags, '$.with_committee')",
    "postgresql": "({row}.flags ->> 'with_committee')",
}
_PLAIN = ("state", "unit_id", "period_id", "kind", "slot", "subject_id", "parent_id", "held_from")


def _changed(dialect: str) -> str:
    """An update of a document that some count depends on; what is only edited or passed on counts as before."""
    other = "{} IS NOT {}" if dialect == "sqlite" else "{} IS DISTINCT FROM {}"
    pairs = [(f"OLD.{name}", f"NEW.{name}") for name in _PLAIN]
    pairs.append(("(OLD.revision_number = 0)", "(NEW.revision_number = 0)"))
    pairs.append((_FLAG[dialect].format(row="OLD"), _FLAG[dialect].format(row="NEW")))
    return " OR ".join(other.format(*pair) for pair in pairs)


def _rules(dialect: str) -> list[tuple[str, str, str, str, tuple[str, ...]]]:
    """(table, what happens, only when, units by which statement, of which row) of every trigger."""
    other = "{} IS NOT {}" if dialect == "sqlite" else "{} IS DISTINCT FROM {}"

    def differs(*names: str) -> str:
        return " OR ".join(other.format(f"OLD.{name}", f"NEW.{name}") for name in names)

    return [
        ("document", "INSERT", "", _OF_DOCUMENT, ("NEW",)),
        ("document", "UPDATE", _changed(dialect), _OF_DOCUMENT, ("OLD", "NEW")),
        ("document", "DELETE", "", _OF_DOCUMENT, ("OLD",)),
        ("step", "INSERT", "NEW.event = 'record'", _OF_PAPER, ("NEW",)),
        ("realisation", "INSERT", "NEW.first_recorded_at IS NOT NULL", _OF_PAPER, ("NEW",)),
        ("realisation", "UPDATE", differs("first_recorded_at"), _OF_PAPER, ("NEW",)),
        ("placement", "INSERT", "", _OF_POST, ("NEW",)),
        ("placement", "UPDATE", differs("post_id", "person_id", "kind", "starts", "ends"), _OF_POST, ("OLD", "NEW")),
        ("placement", "DELETE", "", _OF_POST, ("OLD",)),
        ("post", "UPDATE", differs("unit_id"), "SELECT {row}.unit_id", ("OLD", "NEW")),
        ("person", "UPDATE", differs("exempt_from", "exempt_to"), _OF_PERSON, ("NEW",)),
        ("unit", "INSERT", "", "SELECT {row}.id", ("NEW",)),
        ("unit", "UPDATE", differs("path"), "SELECT {row}.id", ("NEW",)),
        ("period", "INSERT", "NEW.state = 'open'", _EVERY, ("NEW",)),
        ("period", "UPDATE", differs("state"), _EVERY, ("NEW",)),
    ]  # fmt: skip


def upgrade() -> None:
    _tables()
    dialect = op.get_bind().dialect.name
    for table, verb, only, units, rows in _rules(dialect):
        name = f"{table}_tally_{verb.lower()}"
        found = " UNION ".join(units.format(row=row) for row in rows)
        when = f"WHEN ({only}) " if only else ""
        note = f"INSERT INTO tally_mark (unit_id) {found}"
        if dialect == "sqlite":
            op.execute(f"CREATE TRIGGER {name} AFTER {verb} ON {table} {when}BEGIN {note}; END")
            continue
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {note}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {verb} ON {table} FOR EACH ROW {when}EXECUTE FUNCTION {name}()"
        )
    op.execute("INSERT INTO tally_mark (unit_id) SELECT id FROM unit")


def _tables() -> None:
    op.create_table(
        "tally",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("period_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("slot", sa.String(4), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("mark", sa.String(4), nullable=False),
        sa.Column("own", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_tally_unit_id_unit"),
        sa.PrimaryKeyConstraint("unit_id", "period_id", "kind", "slot", "state", "mark", name="pk_tally"),
    )
    op.create_table(
        "tally_unit",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("good_from", sa.Date(), nullable=False),
        sa.Column("good_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_tally_unit_unit_id_unit"),
        sa.PrimaryKeyConstraint("unit_id", name="pk_tally_unit"),
    )
    op.create_index("ix_tally_unit_good_from", "tally_unit", ["good_from"])
    op.create_index("ix_tally_unit_good_until", "tally_unit", ["good_until"])
    op.create_table(
        "tally_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tally_mark"),
    )


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table, verb, *_rest in _rules(dialect):
        name = f"{table}_tally_{verb.lower()}"
        if dialect == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
    for table in ("tally_mark", "tally_unit", "tally"):
        op.drop_table(table)
