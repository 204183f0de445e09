"""The audit chain: append-only rows sealed by an HMAC whose key is not in the database."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app

from kinerja import clock
from kinerja.db import db
from kinerja.models import AuditHead, AuditRow, Document

GENERAL = "umum"


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


def record(action: str, *, actor_id: int | None, payload: dict[str, Any], document: Document | None = None) -> None:
    """Append one sealed row, inside the transaction of the act itself. Call it last: it locks the head."""
    chain = chain_of(document)
    head = db.session.execute(
        sa.update(AuditHead)
        .where(AuditHead.chain == chain)
        .values(sequence=AuditHead.sequence + 1)
        .returning(AuditHead.sequence, AuditHead.mac)
        .execution_options(synchronize_session=False)
    ).first()
    if head is None:
        db.session.execute(sa.insert(AuditHead).values(chain=chain, sequence=1, mac=""))
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
    mac = seal(_key(), previous, _sealed(values))
    db.session.execute(sa.insert(AuditRow).values(**values, mac=mac))
    db.session.execute(
        sa.update(AuditHead)
        .where(AuditHead.chain == chain)
        .values(mac=mac)
        .execution_options(synchronize_session=False)
    )


def _sealed(values: dict[str, Any]) -> dict[str, Any]:
    return values | {"legal_at": values["legal_at"].isoformat(), "real_at": values["real_at"].isoformat()}


@dataclass(frozen=True)
class Fault:
    """The first thing wrong in a chain."""

    chain: str
    sequence: int
    why: str


def verify() -> Iterator[tuple[str, int, Fault | None]]:
    """Walk every chain; for each give its name, its length and its first fault, if any. Bounded memory."""
    columns = list(AuditRow.__table__.columns)
    heads = {h.chain: h for h in db.session.scalars(sa.select(AuditHead))}
    known = set(db.session.scalars(sa.select(AuditRow.chain).distinct()))
    for chain in sorted(known | set(heads)):
        previous, expected, fault = "", 1, None
        rows = db.session.execute(
            sa.select(*columns)
            .where(AuditRow.chain == chain)
            .order_by(AuditRow.sequence)
            .execution_options(yield_per=1000)
        )
        for row in rows:
            values = {k: v for k, v in row._mapping.items() if k not in ("id", "mac")}
            if row.sequence != expected:
                fault = Fault(chain, expected, "baris hilang")
            elif not hmac.compare_digest(row.mac, seal(_key(), previous, _sealed(values))):
                fault = Fault(chain, row.sequence, "isi atau urutan berubah")
            if fault:
                break
            previous, expected = row.mac, expected + 1
        rows.close()
        head = heads.get(chain)
        if fault is None and (head is None or head.sequence != expected - 1 or head.mac != previous):
            fault = Fault(chain, expected - 1, "kepala rantai tidak sesuai dengan baris terakhir")
        yield chain, expected - 1, fault
