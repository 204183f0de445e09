"""Whose turn it is among the holders of an office: only the appointments of the branch in question are read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kinerja import clock, models
from kinerja.db import db, transaction
from kinerja.ids import new_public_id
from kinerja.services import identity, turns
from kinerja.workflows.roles import Relation
from tests.services.evaluation_office import Office, running


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    with running(sqlite_template, tmp_path) as found:
        yield found


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """Per statement the paths of the appointments it brought."""
    seen: list[set[str]] = []
    plain = turns._read_seats

    def noted(condition: Any, day: date) -> turns.Seats:
        found = plain(condition, day)
        seen.append({seat.path for seats in found.values() for seat in seats})
        return found

    monkeypatch.setattr(turns, "_read_seats", noted)
    return seen


def appoint(who: int, role: str, unit: models.Unit) -> None:
    db.session.add(
        models.RoleAppointment(
            public_id=new_public_id(), person_id=who, role=role, unit_id=unit.id, starts=date(2020, 1, 1),
            confirmed_at=clock.now(),
        )
    )  # fmt: skip


def test_the_offices_of_other_branches_are_not_read_and_one_statement_serves_many_units(
    office: Office, read: list[set[str]]
) -> None:
    own = db.session.get_one(models.Unit, office.units["L3"])
    branch = db.session.get_one(models.Unit, office.units["L2"])
    with transaction():
        far = [
            models.Unit(
                code=f"J{n}", name=f"Kantor {n}", level="L3", kind="upt", zone="WIT", parent_id=office.units["L1"],
                path=f"{db.session.get_one(models.Unit, office.units['L1']).path}{900 + n}/",
            )
            for n in range(3)
        ]  # fmt: skip
        db.session.add_all(far)
        db.session.flush()
        for unit in (*far, own, branch):
            appoint(office.people["asing"], "pengelola_pegawai", unit)
    subject, day = office.people["pegawai"], clock.today()
    paths = [own.path, branch.path]
    turns.gather(paths, day)
    for path in paths:
        assert turns.who(Relation.PENGELOLA_PEGAWAI, subject, path, {}, day) == [office.people["asing"]]
    assert len(read) == 1
    assert all(path == "" or own.path.startswith(path) for path in read[0])
    read.clear()
    turns.my_turn(identity.circle_of(office.people["asing"]))
    assert len(read) == 1
    assert {unit.path for unit in far} <= read[0], "his own branches, the far ones included"
    read.clear()
    with transaction():
        appoint(office.people["rekan"], "anggota_tpk", branch)
    turns.my_turn(identity.circle_of(office.people["rekan"]))
    assert read == [{branch.path}]
