"""Writing cast rows in bulk: ids and numbers drawn in blocks, one insert per table, and a chain that stays whole."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import current_app

from kinerja import clock
from kinerja.db import db
from kinerja.models import AuditHead, AuditRow, PrintNumber, SkpIndicator
from kinerja.services.audit import canonical, seal, sealed_part
from kinerja.services.simulating.casting import Cast, Sealed


class Numbers:
    """Ids and printed numbers of one transaction: read once, counted up here, written back at its end."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.ids: dict[str, int] = {}
        self.printed: dict[str, int] = {}

    def first_id(self, table: str, count: int) -> int:
        """The first of so many new ids of a table; tables without an id of their own are counted too."""
        if table not in self.ids:
            column = db.metadata.tables[table].columns.get("id")
            last = db.session.scalar(sa.select(sa.func.max(column))) if column is not None else 0
            self.ids[table] = last or 0
        first = self.ids[table] + 1
        self.ids[table] += count
        return first

    def first_number(self, kind: str, count: int) -> int:
        """The first of so many new printed numbers of a kind."""
        if kind not in self.printed:
            known = sa.select(PrintNumber.last).where(PrintNumber.kind == kind, PrintNumber.year == self.year)
            self.printed[kind] = db.session.scalar(known) or 0
        first = self.printed[kind] + 1
        self.printed[kind] += count
        return first

    def write_back(self) -> None:
        """Let whoever comes next count on from here."""
        for kind, last in self.printed.items():
            db.session.execute(
                sa.update(PrintNumber)
                .where(PrintNumber.kind == kind, PrintNumber.year == self.year)
                .values(last=last)
                .execution_options(synchronize_session=False)
            )
        if db.session.get_bind().dialect.name != "postgresql":
            return
        for table, last in self.ids.items():
            if "id" in db.metadata.tables[table].columns:
                sequence = sa.func.pg_get_serial_sequence(table, "id")
                db.session.execute(sa.select(sa.func.setval(sequence, last)))


def write(cast: Cast, numbers: Numbers) -> int:
    """Insert everything that was cast, inside the running transaction; how many rows."""
    written = 0
    locked: list[dict[str, Any]] = []
    for table, rows in cast.rows.items():
        if table.name == SkpIndicator.__tablename__:
            locked = [{"b_id": row["id"], "at": row.pop("locked_at")} for row in rows if "locked_at" in row]
        for chunk in _alike(rows):
            db.session.execute(sa.insert(table), chunk)
        written += len(rows)
    if locked:  # a locked indicator takes no targets: it is locked after they are there
        indicator: Any = SkpIndicator.__table__
        db.session.connection().execute(
            sa.update(indicator)
            .where(indicator.c.id == sa.bindparam("b_id"))
            .values(locked_at=sa.bindparam("at")),
            [row for row in locked if row["at"] is not None],
        )
    written += _seal(cast.audit)
    numbers.write_back()
    return written


def _alike(rows: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Rows grouped by the columns they name: one statement each."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(sorted(row)), []).append(row)
    return list(groups.values())


def _seal(waiting: Sequence[Sealed]) -> int:
    """Append the rows to their chains in the order of time: each head is read once and written once."""
    key, now = str(current_app.config["AUDIT_KEY"]).encode(), clock.monotonic_now()
    chains = sorted({row.chain for row in waiting})
    heads = {
        head.chain: [head.sequence, head.mac]
        for head in db.session.execute(
            sa.select(AuditHead.chain, AuditHead.sequence, AuditHead.mac)
            .where(AuditHead.chain.in_(chains))
            .with_for_update()
        )
    }
    new = [chain for chain in chains if chain not in heads]
    if new:
        db.session.execute(
            sa.insert(AuditHead), [{"chain": chain, "sequence": 0, "mac": ""} for chain in new]
        )
    rows = []
    for row in sorted(waiting, key=lambda one: (one.at, one.document_id)):
        head = heads.setdefault(row.chain, [0, ""])
        values: dict[str, Any] = {
            "chain": row.chain, "sequence": head[0] + 1, "legal_at": row.at, "real_at": now, "actor_id": row.actor_id,
            "action": row.action, "document_id": row.document_id, "payload": canonical(row.payload),
        }  # fmt: skip
        mac = seal(key, head[1], sealed_part(values))
        rows.append(values | {"mac": mac})
        heads[row.chain] = [values["sequence"], mac]
    if rows:
        table: Any = AuditHead.__table__
        db.session.execute(sa.insert(AuditRow.__table__), rows)  # type: ignore[arg-type]
        db.session.connection().execute(
            sa.update(table)
            .where(table.c.chain == sa.bindparam("b_chain"))
            .values(sequence=sa.bindparam("b_sequence"), mac=sa.bindparam("b_mac")),
            [{"b_chain": chain, "b_sequence": heads[chain][0], "b_mac": heads[chain][1]} for chain in chains],
        )
    return len(rows)
