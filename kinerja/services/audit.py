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
from kinerja.db import at_the_end, db, insert_into, table_of
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
    """Append one sealed row to the transaction of the act itself: sealed last, when the heads are locked."""
    at_the_end(
        _append,
        {
            "chain": chain_of(document),
            "legal_at": clock.now(),
            "real_at": clock.monotonic_now(),
            "actor_id": actor_id,
            "action": action,
            "document_id": document.id if document is not None else None,
            "payload": canonical(payload),
        },
    )


def _append(rows: list[dict[str, Any]]) -> None:
    """Number and seal these rows, chain by chain in one order everywhere, so that no two wait for each other."""
    key = _key()
    by_chain: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_chain.setdefault(row["chain"], []).append(row)
    sealed, ends = [], []
    for chain in sorted(by_chain):
        sequence, mac = _take(chain, len(by_chain[chain]))
        for row in by_chain[chain]:
            sequence += 1
            values = {"chain": chain, "sequence": sequence} | row
            mac = seal(key, mac, sealed_part(values))
            sealed.append(values | {"mac": mac})
        ends.append({"b_chain": chain, "b_mac": mac})
    db.session.execute(insert_into(AuditRow), sealed)
    db.session.connection().execute(_seal_of_chain(), ends)


def _take(chain: str, count: int) -> tuple[int, str]:
    """Lock the head of a chain and take so many numbers: the last one and the seal before them."""
    head = db.session.execute(_next_of_chain(), {"b_chain": chain, "b_count": count}).first()
    if head is None:
        db.session.execute(insert_into(AuditHead), {"chain": chain, "sequence": count, "mac": ""})
        return 0, ""
    return head.sequence - count, head.mac


# Built once, on the tables themselves: these run with every act, and putting them together costs more than running.
@cache
def _next_of_chain() -> Any:
    head = table_of(AuditHead)
    return (
        sa.update(head)
        .where(head.c.chain == sa.bindparam("b_chain"))
        .values(sequence=head.c.sequence + sa.bindparam("b_count"))
        .returning(head.c.sequence, head.c.mac)
    )


@cache
def _seal_of_chain() -> Any:
    head = table_of(AuditHead)
    return sa.update(head).where(head.c.chain == sa.bindparam("b_chain")).values(mac=sa.bindparam("b_mac"))


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
