"""Whose list a waiting document is on: over every waiting state of every flow, one person's and nobody else's."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest
import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.ids import new_public_id
from kinerja.models import Document, RoleAppointment, Unit
from kinerja.services import identity, lists, turns
from kinerja.services.kinds import all_kinds, kind_of
from kinerja.workflows.roles import STAND_INS, Relation
from tests.matrix.cases import CASES
from tests.matrix.world import World

# Offices given to more people than the world has: the same unit twice, and to those who judge the subject.
CROWDED = (
    ("unchosen_peer", "pengelola_pegawai", "SMD"),
    ("chosen_peer", "pengelola_pegawai", "SMD"),
    ("supervisor", "pengelola_pegawai", "SPD"),
    ("self", "pengelola_pegawai", "SPD"),
    ("self", "pengelola_organisasi", "SMD"),
    ("supsup", "pengelola_organisasi", "SMD"),
    ("plh", "anggota_tpk", "DLD"),
    ("stranger", "anggota_tpk", "DLD"),
    ("supsup", "komite_pelaksana", None),
    ("stranger", "komite_pelaksana", None),
    ("admin", "pyb", "DJ"),
)


def _crowd(world: World) -> None:
    for key, role, code in CROWDED:
        unit = db.session.scalar(sa.select(Unit.id).where(Unit.code == code)) if code else None
        db.session.add(
            RoleAppointment(
                public_id=new_public_id(), person_id=world.ids[key], role=role, unit_id=unit,
                starts=date(2020, 1, 1), confirmed_at=clock.now(),
            )
        )  # fmt: skip
    db.session.flush()
    identity.relations_changed()


def _lists(world: World) -> dict[int, list[int]]:
    """Document -> everybody who has it among his tasks."""
    found: dict[int, list[int]] = defaultdict(list)
    for person in world.ids.values():
        circle = identity.circle_of(person)
        rows = lists.export(circle, lists.Filters(whose="giliran"))
        for row in rows:
            found[row.id].append(person)
    return found


def _takes_the_step(document: Document, person_id: int) -> bool:
    """Is the awaited step his to take, as the one awaited or in his place?"""
    actor = identity.actor_for(document, person_id)
    rows = [move.row for move in kind_of(document.kind).flow.moves(document.state) if move.row.main]
    standing = STAND_INS if document.turn == Relation.PENILAI else frozenset()
    instead = {relation for row in rows for relation in standing & set(row.who)}
    return actor.has(Relation(document.turn), *instead)


@pytest.mark.parametrize("crowded", [False, True], ids=["one holder an office", "several holders an office"])
def test_a_waiting_document_is_on_one_list_in_every_state_of_every_flow(world: World, crowded: bool) -> None:
    names = {person: key for key, person in world.ids.items()}
    with world.app.app_context():
        if crowded:
            _crowd(world)
        listed, wrong = _lists(world), []
        waiting = db.session.scalars(
            sa.select(Document).where(Document.turn.not_in(("", Relation.SYSTEM)))
        ).all()
        for document in waiting:
            told = turns.person_in_turn(document, document.turn)
            if len(told) != 1 or listed[document.id] != told:
                here = f"{document.kind}/{document.state}/{document.turn} of {names[document.subject_id]}"
                wrong.append((here, [names[p] for p in listed[document.id]], [names[p] for p in told]))
            if not told or not _takes_the_step(document, told[0]):
                wrong.append((document.kind, document.state, "whoever is told may not act"))
        resting = db.session.scalars(sa.select(Document.id).where(Document.turn.in_(("", Relation.SYSTEM))))
        nobody = [document for document in resting if listed.get(document)]
        db.session.rollback()
    assert not wrong, "\n".join(map(str, wrong))
    assert not nobody, "on a list, though it waits for nobody"


def test_the_papers_hold_every_state_in_which_somebody_is_awaited(world: World) -> None:
    awaited = {
        (kind, state)
        for kind, found in all_kinds().items()
        for state in found.flow.state_ids()
        if any(move.row.main and move.row.who != (Relation.SYSTEM,) for move in found.flow.moves(state))
    }
    assert awaited <= {(case.kind, case.state) for case in CASES}
