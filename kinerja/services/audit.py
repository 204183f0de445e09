"""The audit chain: append-only rows sealed by an HMAC whose key is not in the database."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import current_app

from kinerja import clock
from kinerja.db import db, table_of
from kinerja.models import AuditHead, AuditRow, Document

GENERAL = "umum"
STEP = 1000


def canonical(value: Any) -> str:
    """One spelling for one value: sorted keys, no spaces, no escapes of letters."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def _key() -> bytes:
    return str(current_app.config["AUDIT_KEY"]).encode()


def seal(key: bytes, previous: str, row: dict[str, Any]) -> str:
    return hmac.new(key, (previous + canonical(row)).encode(), hashlib.sha256).hexdigest()


def chain_of(document: Document | None) -> str:
    """One chain per L1 unit and year: the second unit of the path, or the top itself."""
    if document is None:
        return f"{GENERAL}-{clock.now().year}"
    ids = [part for part in document.unit.path.split("/") if part]
    return f"u{ids[1] if len(ids) > 1 else ids[0]}-{document.period.year}"


def record(
    action: str, *, actor_id: int | None, payload: dict[str, Any], document: Document | None = None
) -> None:
    """Append one sealed row, inside the transaction of the act itself. Call it last: it locks the head."""
    chain = chain_of(document)
    head = db.session.execute(_next_of_chain(), {"b_chain": chain}).first()
    if head is None:
        db.session.execute(table_of(AuditHead).insert(), {"chain": chain, "sequence": 1, "mac": ""})
        head_sequence, previous = 1, ""
    else:
        head_sequence, previous = head.sequence, head.mac
    values = {
        "chain": chain,
        "sequence": head_sequence,
        "legal_at": clock.now(),
        "real_at": clock.monotonic_now(),
        "actor_id": actor_id,
        "action": action,
        "document_id": document.id if document is not None else None,
        "payload": canonical(payload),
    }
    mac = seal(_key(), previous, sealed_part(values))
    db.session.execute(table_of(AuditRow).insert(), values | {"mac": mac})
    db.session.execute(_seal_of_chain(), {"b_chain": chain, "mac": mac})


# Built once, on the tables themselves: these run with every act, and putting them together costs more than running.
@cache
def _next_of_chain() -> Any:
    head = table_of(AuditHead)
    return (
        sa.update(head)
        .where(head.c.chain == sa.bindparam("b_chain"))
        .values(sequence=head.c.sequence + 1)
        .returning(head.c.sequence, head.c.mac)
    )


@cache
def _seal_of_chain() -> Any:
    head = table_of(AuditHead)
    return sa.update(head).where(head.c.chain == sa.bindparam("b_chain")).values(mac=sa.bindparam("mac"))


def sealed_part(values: dict[str, Any]) -> dict[str, Any]:
    """What of a row goes under its seal."""
    return values | {"legal_at": values["legal_at"].isoformat(), "real_at": values["real_at"].isoformat()}


@dataclass(frozen=True)
class Fault:
    """The first thing wrong in a chain."""

    chain: str
    sequence: int
    why: str


def count() -> int:
    """How many rows there are to verify."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditRow)) or 0


def heads() -> list[tuple[str, int, str]]:
    """Chain, last sequence and its seal: what is posted elsewhere, so that nobody can cut the end of a chain."""
    rows = db.session.execute(
        sa.select(AuditHead.chain, AuditHead.sequence, AuditHead.mac).order_by(AuditHead.chain)
    )
    return [(row.chain, row.sequence, row.mac) for row in rows]


def compare(chain: str, sequence: int, mac: str) -> Fault | None:
    """Does the chain still hold the row that a checkpoint once named?"""
    found = db.session.scalar(
        sa.select(AuditRow.mac).where(AuditRow.chain == chain, AuditRow.sequence == sequence)
    )
    if found is None:
        return Fault(chain, sequence, "baris pada titik periksa tidak ada lagi")
    if not hmac.compare_digest(found, mac):
        return Fault(chain, sequence, "baris pada titik periksa bukan yang dahulu")
    return None


def verify(on_rows: Callable[[int], object] | None = None) -> Iterator[tuple[str, int, Fault | None]]:
    """Walk every chain; for each give its name, its length and its first fault, if any. Bounded memory.

    `on_rows` hears, now and then, how many rows were walked since it was last told.
    """
    columns = list(table_of(AuditRow).columns)
    heads = {h.chain: h for h in db.session.scalars(sa.select(AuditHead))}
    known = set(db.session.scalars(sa.select(AuditRow.chain).distinct()))
    for chain in sorted(known | set(heads)):
        previous, expected, fault = "", 1, None
        rows = db.session.execute(
            sa.select(*columns)
            .where(AuditRow.chain == chain)
            .order_by(AuditRow.sequence)
            .execution_options(yield_per=STEP)
        )
        for row in rows:
            values = {k: v for k, v in row._mapping.items() if k not in ("id", "mac")}
            if row.sequence != expected:
                fault = Fault(chain, expected, "baris hilang")
            elif not hmac.compare_digest(row.mac, seal(_key(), previous, sealed_part(values))):
                fault = Fault(chain, row.sequence, "isi atau urutan berubah")
            if fault:
                break
            previous, expected = row.mac, expected + 1
            if on_rows is not None and expected % STEP == 0:
                on_rows(STEP)
        rows.close()
        head = heads.get(chain)
        if fault is None and (head is None or head.sequence != expected - 1 or head.mac != previous):
            fault = Fault(chain, expected - 1, "kepala rantai tidak sesuai dengan baris terakhir")
        yield chain, expected - 1, fault
