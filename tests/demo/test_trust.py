"""Who may see a document and who has read it, over the whole furnished office."""

from __future__ import annotations

import random
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document, Period, Person, ReadLog, RoleAppointment
from kinerja.services import identity, policy, viewers

SEED = 20261121


def one_of_each_state() -> list[Document]:
    """A document of every kind and state that stands in the office, drawn by a seed."""
    groups: dict[tuple[str, str], list[Document]] = {}
    for document in db.session.scalars(sa.select(Document).order_by(Document.id)):
        groups.setdefault((document.kind, document.state), []).append(document)
    return [random.Random(SEED).choice(documents) for documents in groups.values()]


def staff_of(document: Document) -> set[int]:
    """Whoever works today in the unit of a document or below it."""
    day = clock.today(document.unit.zone)
    own = {p: identity.holder_of(p, day) for p in db.session.scalars(sa.select(Person.id))}
    return {p for p, held in own.items() if held and held.unit_path.startswith(document.unit.path)}


def test_the_list_of_who_may_see_is_the_permission_asked_for_everybody(office: Flask) -> None:
    everybody = list(db.session.scalars(sa.select(Person.id)))
    documents = one_of_each_state()
    assert len(documents) > 20
    for document in documents:
        listed = viewers.everybody(document)
        allowed = {p for p in everybody if policy.may_view(document, identity.actor_for(document, p))}
        assert [v.person_id for v in listed if not (v.relation and v.why)] == []
        unlisted = allowed - {v.person_id for v in listed}
        assert {v.person_id for v in listed} <= allowed, (document.kind, document.state)
        if viewers.whole_unit(document):
            assert unlisted <= staff_of(document)
            assert staff_of(document) <= allowed
        else:
            assert unlisted == set(), (document.kind, document.state)


def test_the_list_of_documents_shows_what_the_permission_allows_and_nothing_else(office: Flask) -> None:
    documents = one_of_each_state()
    ids = [document.id for document in documents]
    for person in db.session.scalars(sa.select(Person.id)):
        circle = identity.circle_of(person)
        query = sa.select(Document.id).join(Document.unit).where(Document.id.in_(ids), policy.visible(circle))
        allowed = {d.id for d in documents if policy.may_view(d, identity.actor_for(d, person))}
        assert set(db.session.scalars(query)) == allowed, person


def become(visitor: FlaskClient, public_id: str) -> None:
    answer = visitor.post("/demo/terapkan", data={"person": public_id})
    assert answer.headers["Location"] == "/"


def holder(role: str) -> Person:
    found = db.session.scalars(
        sa.select(Person)
        .join(RoleAppointment, RoleAppointment.person_id == Person.id)
        .where(RoleAppointment.role == role, RoleAppointment.confirmed_at.is_not(None))
        .order_by(Person.id)
    ).first()
    assert found is not None
    return found


def test_every_reading_of_a_rating_is_logged_and_its_subject_sees_the_auditor_who_read(
    copied: Flask, visitor: FlaskClient
) -> None:
    with copied.app_context():
        review = db.session.scalars(
            sa.select(Document)
            .where(Document.kind == "predicate_review", Document.state == "reported")
            .order_by(Document.id)
        ).first()
        assert review is not None
        auditor, admin, subject = holder("auditor"), holder("admin_sistem"), review.subject
        auditor_id, auditor_key, name = auditor.id, auditor.public_id, auditor.name
        admin_id, admin_key, subject_key = admin.id, admin.public_id, subject.public_id
        at, review_id = f"/dokumen/{review.public_id}", review.id
    become(visitor, auditor_key)
    pages = ("", "/formulir", "/bandingkan", "/langkah/1")
    assert [visitor.get(at + page).status_code for page in pages] == [200] * 4
    become(visitor, admin_key)
    assert {visitor.get(at + page).status_code for page in pages} == {404}
    with copied.app_context():
        rows = db.session.execute(
            sa.select(ReadLog.person_id, ReadLog.what, ReadLog.confidential).where(
                ReadLog.document_id == review_id, ReadLog.person_id.in_([auditor_id, admin_id])
            )
        ).all()
    assert {tuple(row) for row in rows} >= {
        (auditor_id, what, True) for what in ("document", "formulir", "bandingkan", "langkah")
    }
    assert admin_id not in {row.person_id for row in rows}
    become(visitor, subject_key)
    mine = visitor.get("/profil/siapa-membaca-nilai-saya").get_data(as_text=True)
    assert len(re.findall(re.escape(name), mine)) >= 4
    assert "Auditor Inspektorat" in mine
    assert name in visitor.get(f"{at}/siapa-dapat-melihat").get_data(as_text=True)


@pytest.mark.parametrize("kind", ["skp", "realisation", "predicate_review", "objection"])
def test_printed_numbers_of_a_kind_and_year_follow_one_another_and_addresses_tell_nothing(
    office: Flask, kind: str
) -> None:
    rows = db.session.execute(
        sa.select(Period.year, Document.print_number, Document.public_id)
        .join(Period, Period.id == Document.period_id)
        .where(Document.kind == kind)
        .order_by(Document.id)
    ).all()
    drawn: dict[int, list[int]] = {}
    for row in rows:
        assert re.fullmatch(r"[a-z2-7]{16}", row.public_id)
        drawn.setdefault(row.year, []).append(int(row.print_number.rsplit("-", 1)[1]))
        assert f"-{row.year}-" in row.print_number
    assert drawn
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in drawn.values())
