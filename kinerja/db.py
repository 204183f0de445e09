"""The database: engine recipe, declarative base, UTC times, and the one place that commits."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from random import random
from time import monotonic, sleep
from typing import Any, cast

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

# Older libraries can corrupt a WAL file when it is reset; they keep the rollback journal.
WAL_IS_SAFE = sqlite3.sqlite_version_info >= (3, 51, 3)


# How often a write transaction is begun before somebody hears that the database is busy, after how many seconds again
# at first, and for how many seconds at most: SQLite may have waited by itself before it gave up.
BEGINNINGS, FIRST_PAUSE, PATIENCE = 6, 0.06, 20.0


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Refuses naive values, because SQLite would give them back without a zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Any]):
    """A decimal kept exactly: as text on SQLite, which has no decimal type, as NUMERIC elsewhere."""

    impl = sa.Numeric(24, 6)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        kind = sa.String(32) if dialect.name == "sqlite" else sa.Numeric(24, 6)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        return format(value, "f") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else exact(value)


def exact(value: Any) -> Decimal:
    """A stored decimal without the zeros that a column of fixed places adds."""
    text = value if isinstance(value, str) else format(Decimal(value), "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


class Base(DeclarativeBase):
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Session(FlaskSession):
    """A session of one database: it need not look for the right one with every statement."""

    _engine: sa.Engine | None = None

    def get_bind(self, *_args: Any, bind: Any = None, **_more: Any) -> Any:
        if bind is not None:
            return bind
        if self._engine is None:
            self._engine = self._db.engine
        return self._engine

    def execute(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """Plain columns come straight from the connection: rows of them take nothing of what entities need."""
        if any(options.values()) or not _only_columns(statement):
            return super().execute(statement, params, **options)
        self._autoflush()
        return self.connection().execute(statement, params)

    def scalars(self, statement: Any, params: Any = None, **options: Any) -> Any:
        return self.execute(statement, params, **options).scalars()

    def scalar(self, statement: Any, params: Any = None, **options: Any) -> Any:
        return self.execute(statement, params, **options).scalar()


def _only_columns(statement: Any) -> bool:
    if type(statement) is not sa.Select:
        return False
    return all(isinstance(column, sa.ColumnElement) for column in statement._raw_columns)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "class_": Session})


class Among(sa.FunctionElement[bool]):
    """`column IN (select)` for a select of a few keys: PostgreSQL looks each of them up in the index of the column.

    It cannot know how few a recursive select finds; as IN it would rather read both sides as a whole.
    """

    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """A condition as it is: compared with 1, as a function that tells true from false, it would use no index."""
        return self


def among(column: Any, keys: Any) -> Among:
    """Is the column one of the keys that a select finds? Says nothing else than `column.in_(keys)`."""
    return Among(column, keys.scalar_subquery())


@compiles(Among)
def _among(element: Among, compiler: Any, **options: Any) -> str:
    column, keys = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN {keys}"


@compiles(Among, "postgresql")
def _among_on_postgresql(element: Among, compiler: Any, **options: Any) -> str:
    column, keys = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY (ARRAY{keys})"


def prepare_engine(engine: sa.Engine) -> None:
    """Give an SQLite engine durable, foreign-key checked connections and explicit transactions."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", _plain_plans)
        return

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            "foreign_keys=ON",
            f"journal_mode={'WAL' if WAL_IS_SAFE else 'DELETE'}",
            "synchronous=FULL",
            "busy_timeout=15000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("kinerja_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _plain_plans(connection: Any, _record: object) -> None:
    """PostgreSQL compiles what it believes to be long: that takes it a hundred times as long as our statements run."""
    connection.autocommit = True
    connection.execute("SET jit = off")
    connection.autocommit = False


def reword_table(connection: Connection, table: str, old: str, new: str) -> None:
    """For migrations, on SQLite: change the words of a table, as sqlite.org/lang_altertable.html (part 7) describes.

    Rows, indexes and triggers stay as they are, where a batch would build the table anew: with every row copied, and
    without the triggers, which it does not know. Raises RuntimeError where the words or the rows do not fit.
    """
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    try:
        found = connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
            "WHERE type = 'table' AND name = ? AND instr(sql, ?) > 0",
            (old, new, table, old),
        )
        if found.rowcount != 1:
            raise RuntimeError(f"the table {table} is not as the migrations before this one made it")
        connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    finally:
        connection.exec_driver_sql("PRAGMA writable_schema=OFF")
    # Also whether every row fulfils the new words.
    said = connection.exec_driver_sql(f"PRAGMA integrity_check('{table}')").scalars().all()
    if said != ["ok"]:
        raise RuntimeError(f"the table {table} is not whole any more: {said[:3]}")


# The condition by which the table of documents knows its kinds with their states, and its oldest words on SQLite.
_KINDS, _OLDEST = "ck_document_state", "(kind = 'skp' AND"


def admit_kinds(connection: Connection, kinds: Mapping[str, Sequence[str]]) -> None:
    """For migrations: let documents be of further kinds, each in the states given; whatever others there are stay."""
    new = [_in_its_states(kind, states) for kind, states in kinds.items()]
    if connection.dialect.name == "sqlite":
        reword_table(connection, "document", _OLDEST, " OR ".join([*new, _OLDEST]))
    else:
        _know_kinds(connection, " OR ".join([_known_kinds(connection), *new]))


def dismiss_kinds(connection: Connection, kinds: Mapping[str, Sequence[str]]) -> None:
    """The way back. Raises RuntimeError while there is a document of one of these kinds: it would be lost."""
    for kind in kinds:
        there = sa.text("SELECT count(*) FROM document WHERE kind = :kind")
        if count := connection.scalar(there, {"kind": kind}):
            raise RuntimeError(f"there are {count} documents of kind {kind}: they would be lost")
    if connection.dialect.name == "sqlite":
        for kind, states in kinds.items():
            words = _in_its_states(kind, states)
            told = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'document'")
            behind = f" OR {words}" in str(connection.scalar(told))
            reword_table(connection, "document", f" OR {words}" if behind else f"{words} OR ", "")
        return
    known = _known_kinds(connection)
    for kind in kinds:
        known = _without_kind(known, kind)
    _know_kinds(connection, known)


def _in_its_states(kind: str, states: Sequence[str]) -> str:
    named = ", ".join(f"'{state}'" for state in states)
    return f"(kind = '{kind}' AND state IN ({named}))"


def _known_kinds(connection: Connection) -> str:
    """The condition as PostgreSQL tells it."""
    told = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    return str(connection.scalar(told, {"name": _KINDS})).removeprefix("CHECK ")


def _without_kind(known: str, kind: str) -> str:
    """The same without the words about one kind, which end where the bracket that opens them is closed."""
    begin = known.index(f" OR (((kind)::text = '{kind}'::text)")
    depth = 0
    for place in range(begin + len(" OR "), len(known)):
        depth += {"(": 1, ")": -1}.get(known[place], 0)
        if depth == 0:
            return known[:begin] + known[place + 1 :]
    raise RuntimeError(f"the table document is not as the migrations before this one made it: {kind}")


def _know_kinds(connection: Connection, condition: str) -> None:
    connection.exec_driver_sql(f"ALTER TABLE document DROP CONSTRAINT {_KINDS}")
    connection.exec_driver_sql(f"ALTER TABLE document ADD CONSTRAINT {_KINDS} CHECK ({condition})")


def table_of(model: type[Base]) -> sa.Table:
    """The table behind a model: writing many rows through it costs less than through the ORM."""
    return cast(sa.Table, model.__table__)


@cache
def insert_into(model: type[Base]) -> sa.Insert:
    """The statement for new rows of a model, built once: putting it together costs as much as running it."""
    return table_of(model).insert()


def memo() -> dict[Any, Any]:
    """What was already looked up in this request or transaction; forgotten when a transaction begins and ends."""
    found: dict[Any, Any] = db.session.info.setdefault("memo", {})
    return found


def at_the_end(write: Callable[[list[Any]], None], row: Any) -> None:
    """Keep a row for the end of the transaction, where `write` gets all that were kept for it; at once outside one.

    For rows that nobody reads before: a thousand of them cost a few statements, and locks are held for a moment.
    """
    if not db.session.info.get("in_transaction"):
        write([row])
        return
    waiting: dict[Any, list[Any]] = db.session.info.setdefault("at_the_end", {})
    waiting.setdefault(write, []).append(row)


def waiting_for(write: Callable[[list[Any]], None]) -> list[Any]:
    """The rows that `at_the_end` keeps for this function."""
    rows: list[Any] = db.session.info.get("at_the_end", {}).get(write, [])
    return rows


def _write_what_waits() -> None:
    for write, rows in db.session.info.pop("at_the_end", {}).items():
        write(rows)


def gather_statistics() -> None:
    """After many rows at once: let PostgreSQL count them now, not when its autovacuum next comes by.

    Until then it plans for empty tables, and reads thousands of rows for one. SQLite plans well without.
    """
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")


def insert_or_ignore(table: Any, values: dict[str, Any]) -> bool:
    """Insert one row unless a unique constraint already holds its like; was it inserted?"""
    if db.engine.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
    statement = insert(table).values(**values).on_conflict_do_nothing().returning(sa.literal(1))
    return db.session.execute(statement).scalar() is not None


def _begin_to_write(session: Any) -> None:
    """Take the write lock of SQLite, or a connection of the server; again after a while when somebody holds it.

    SQLite gives up at once, whatever its own waiting time, where waiting for one another would never end; nothing
    has been read or written then, so that beginning again is safe. Raises OperationalError after the last attempt.
    """
    last = monotonic() + PATIENCE
    for attempt in range(1, BEGINNINGS + 1):
        try:
            session.connection(execution_options={"kinerja_write": True})
        except OperationalError as error:
            session.rollback()
            if attempt == BEGINNINGS or monotonic() > last or "locked" not in str(error.orig).lower():
                raise
            # Two who met once do not meet again: each waits a time of its own.
            sleep(FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + random()))
        else:
            return


@contextmanager
def transaction() -> Iterator[None]:
    """One write transaction. Commits at the end, rolls back on any exception; nested use joins the outer one.

    What was read before is forgotten at the start, so that everything decided inside is read under the lock.
    """
    session = db.session
    if session.info.get("in_transaction"):
        yield
        return
    session.rollback()
    _begin_to_write(session)
    session.info["in_transaction"] = True
    session.info["memo"] = {}
    session.info.pop("at_the_end", None)
    try:
        yield
        _write_what_waits()
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["in_transaction"] = False
        session.info.pop("memo", None)
        session.info.pop("at_the_end", None)
