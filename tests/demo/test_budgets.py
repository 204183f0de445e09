"""Statements and bytes of the organisation's pages, in the demo office; exact, and the same in an office of any size."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from kinerja.db import db
from kinerja.models import Document, Person
from tests.demo.test_bar import TODAY

KB = 1000
AYU, BAGAS, RETNO = "198807162011012911", "197808122003121904", "197003111995032906"
# The list of people in the demo bar is in no other office.
BAR = "min(post.title)"
# Page: who opens it, its address (or kind and state of the document it is about, and its form), statements, bytes.
PAGES: dict[str, tuple[str, str, int, int]] = {
    "PK with its map": (AYU, "pk/in_force", 14, 90 * KB),
    "PK, to be edited": (RETNO, "pk/draft/edit", 17, 120 * KB),
    "matriks": (BAGAS, "matrix/draft", 20, 90 * KB),
    # A row of fields for each role, and an empty one more for each person: alike, so that it packs to a twelfth.
    "matriks, to be edited": (BAGAS, "matrix/draft/edit", 20, 270 * KB),
    "cascade tree with its lint": (AYU, "/cascading/DLD", 16, 90 * KB),
    "dashboard of a unit": (AYU, "/kinerja-unit/DLD", 13, 120 * KB),
    "comparison of units": (AYU, "/kinerja-unit/banding?unit=KEM", 9, 80 * KB),
    "comparison of years": (AYU, "/kinerja-unit/banding?unit=DLD&cara=tahun", 10, 80 * KB),
    "list of DKO": (AYU, "/dokumen/?jenis=dko", 10, 50 * KB),
    "DKO before it is held": (AYU, "dko/scheduled", 20, 90 * KB),
    "DKO that was held": (AYU, "dko/actions_open", 11, 90 * KB),
    "compliance of DKO": (AYU, "/dko/", 11, 80 * KB),
    "LPKR": (AYU, "/dko/lpkr?unit=DLD&periode=TW1", 13, 80 * KB),
    "nilai organisasi, being collected": (AYU, "org_value/collecting", 19, 90 * KB),
    "nilai organisasi, determined": (AYU, "org_value/determined", 11, 90 * KB),
    "realisation of IKU": (AYU, "iku_realisation/validated", 9, 90 * KB),
}


def _becomes(copied: Flask, visitor: FlaskClient, nip: str) -> None:
    with copied.app_context():
        person = db.session.scalar(sa.select(Person.public_id).where(Person.nip == nip))
    visitor.post("/demo/terapkan", data={"person": person, "today": str(TODAY)})


def _address(copied: Flask, where: str) -> str:
    if where.startswith("/"):
        return where
    kind, state, *form = where.split("/")
    with copied.app_context():
        query = sa.select(Document.public_id).where(Document.kind == kind, Document.state == state)
        public_id = db.session.scalars(query.order_by(Document.id)).first()
    return "/".join(["/dokumen", str(public_id), *form])


def test_the_pages_of_the_organisation_keep_their_budgets(copied: Flask, visitor: FlaskClient) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")) and "demo_clock" not in statement:
            asked.append(statement)

    with copied.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", note)
    wrong, now = [], ""
    for name, (nip, where, statements, size) in sorted(PAGES.items(), key=lambda page: page[1]):
        if nip != now:
            _becomes(copied, visitor, now := nip)
        address = _address(copied, where)
        asked.clear()
        answer = visitor.get(address)
        used = [statement for statement in asked if BAR not in statement]
        assert answer.status_code == 200, f"{name}: {address} answers {answer.status_code}"
        if len(used) > statements or len(answer.data) > size:
            wrong.append(
                f"{name}: {len(used)} statements of {statements}, {len(answer.data)} bytes of {size}"
            )
    assert not wrong, "\n".join(wrong)
