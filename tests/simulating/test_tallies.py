"""Tallies: what pages show is what a full recount gives, whatever happened and whoever counted when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import (
    Document,
    Period,
    Person,
    Placement,
    Post,
    Tally,
    TallyMark,
    Unit,
)
from kinerja.services import identity, lists, tallies, transitions
from tests.simulating.conftest import NOON


def kept() -> set[tuple[object, ...]]:
    return {tuple(row) for row in db.session.execute(sa.select(*Tally.__table__.columns))}


def somebody(kind: str, state: str) -> Document:
    return db.session.scalars(
        sa.select(Document).where(Document.kind == kind, Document.state == state).order_by(Document.id)
    ).first() or pytest.fail(f"nobody has {kind} {state}")


def a_draft_is_sent() -> None:
    draft = somebody("skp", "draft")
    transitions.send(draft.public_id, "submit", draft.subject_id, version=draft.version, key="uji")


def a_unit_moves_below_another() -> None:
    leaf = db.session.scalars(sa.select(Unit).order_by(sa.func.length(Unit.path).desc(), Unit.id)).first()
    top = db.session.scalars(sa.select(Unit).where(Unit.parent_id.is_(None))).one()
    assert leaf is not None
    with transaction():
        db.session.execute(
            sa.update(Unit).where(Unit.id == leaf.id).values(parent_id=top.id, path=f"{top.path}{leaf.id}/")
        )


def a_person_moves_to_another_unit() -> None:
    with transaction():
        one = db.session.scalars(sa.select(Placement).order_by(Placement.id.desc())).first()
        other = db.session.scalars(
            sa.select(Post).where(Post.id != one.post_id).order_by(Post.id.desc())
        ).first()
        yesterday = clock.today() - timedelta(days=1)
        db.session.add(
            Placement(
                person_id=one.person_id, post_id=other.id, kind="definitif", starts=clock.today(),
                recorded_at=clock.now(),
            )
        )  # fmt: skip
        one.ends = yesterday


def a_person_is_exempt() -> None:
    with transaction():
        person = db.session.scalars(sa.select(Person).order_by(Person.id.desc())).first()
        person.exempt_from, person.exempt_to = clock.today(), clock.today() + timedelta(days=30)


def the_year_is_closed() -> None:
    with transaction():
        db.session.execute(sa.update(Period).values(state="closed"))


HAPPENINGS = (
    a_draft_is_sent,
    a_unit_moves_below_another,
    a_person_moves_to_another_unit,
    a_person_is_exempt,
    the_year_is_closed,
)


def test_after_everything_that_may_happen_pages_show_what_a_recount_gives(simulated: None) -> None:
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TallyMark)) == 0
    assert tallies.differences() == []
    for happens in HAPPENINGS:
        happens()
        db.session.rollback()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(TallyMark)), happens.__name__
        assert tallies.differences() == [], f"before they were counted: {happens.__name__}"
        tallies.keep()
        assert tallies.keep() == 0
        assert tallies.differences() == [], f"after they were counted: {happens.__name__}"
    found = kept()
    tallies.rebuild()
    assert kept() == found


def test_days_pass_without_a_change_and_the_counts_of_people_follow(simulated: None) -> None:
    a_person_is_exempt()
    with transaction():
        leaving = db.session.scalars(sa.select(Placement).order_by(Placement.id)).first()
        leaving.ends = clock.today() + timedelta(days=3)
    tallies.keep()
    for days in (0, 1, 3, 4, 30, 31, -10):
        with clock.frozen(NOON + timedelta(days=days)):
            assert tallies.differences() == [], days


def test_a_tally_that_was_tampered_with_is_found_and_made_anew(simulated: None) -> None:
    with transaction():
        db.session.execute(sa.update(Tally).where(Tally.kind == "skp").values(total=Tally.total + 1))
    assert tallies.differences()
    tallies.rebuild()
    assert tallies.differences() == []


ROLES = ("pengelola_pegawai", "auditor", "anggota_tpk", "komite_pelaksana", "pengelola_organisasi", "pyb")


@pytest.mark.parametrize("people", ["a leader", "nobody's superior"])
def test_every_office_counts_by_tallies_what_it_would_count_document_by_document(
    simulated: None,
    monkeypatch: pytest.MonkeyPatch,
    people: str,
) -> None:
    """Each role for a unit, for one below it too, and for the ministry; with the filters that tallies know."""
    units = db.session.scalars(sa.select(Unit).order_by(sa.func.length(Unit.path), Unit.id)).all()
    first, last = db.session.execute(
        sa.select(sa.func.min(Document.subject_id), sa.func.max(Document.subject_id))
    ).one()
    person = first if people == "a leader" else last
    year = clock.today().year
    asked = [
        lists.Filters(),
        lists.Filters(kind="skp", year=year, unit=units[-1].code),
        lists.Filters(slot="TW1", unit=units[1].code, state="draft"),
    ]
    near = identity.circle_of(person)
    for role in ROLES:
        in_one = (identity.Scope(role, ""), identity.Scope("sekretariat_komite", units[-1].path))
        in_two = (identity.Scope(role, units[1].path), identity.Scope(role, units[-1].path))
        for held in (in_one, in_two):
            circle = replace(near, scopes=held)
            for filters in asked:
                by_tallies = lists.counts(circle, filters)
                with monkeypatch.context() as patched:
                    patched.setattr(lists, "_tallied", lambda *_: None)
                    assert by_tallies == lists.counts(circle, filters), (held, filters)
