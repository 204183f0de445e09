"""Penugasan: somebody of another unit is given a role once his penilai agreed, and none without it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kinerja import models
from kinerja.db import db
from kinerja.services import (
    assignments,
    foreign_roles,
    identity,
    matrix_roles,
    matrix_start,
    policy,
    transitions,
)
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.services.matrix_columns import columns_of
from kinerja.services.matrix_edit import member_key
from kinerja.workflows.base import Incomplete
from tests.services import agreement_office
from tests.services.agreement_office import Ministry


@pytest.fixture
def ministry(sqlite_template: Path, tmp_path: Path) -> Iterator[Ministry]:
    with agreement_office.running(sqlite_template, tmp_path) as running:
        yield running


def wanted(ministry: Ministry, name: str, **changes: Any) -> assignments.Wanted:
    given = {
        "unit_id": ministry.units["direktorat"], "to": db.session.get_one(models.Person, ministry.people[name]).nip,
        "team": "", "decree": "ST-1", "starts": date(2026, 1, 12), "ends": date(2026, 6, 30),
    } | changes  # fmt: skip
    return assignments.Wanted(**given)


def refused(ministry: Ministry, matrix: str) -> str:
    with pytest.raises(Incomplete) as error:
        ministry.send(matrix, "share", "direktur")
    return " ".join(one.message % one.params for one in error.value.unmet)


def test_whoever_is_lent_by_his_penilai_is_given_a_role_as_long_as_it_lasts(ministry: Ministry) -> None:
    pk = ministry.begin()
    ministry.fill(pk)
    period = db.session.get_one(models.Period, ministry.period)
    matrix = matrix_start.create_matrix(
        ministry.units["direktorat"], period, by_id=ministry.people["direktur"]
    ).public_id
    stranger, minister, head = (ministry.people[name] for name in ("asing", "menteri", "direktur"))
    asked = assignments.ask(head, wanted(ministry, "asing"))
    with pytest.raises(NotThere):
        assignments.approve(ministry.people["kasi"], asked)
    with pytest.raises(BadInput):
        assignments.refuse(minister, asked, "tidak")
    assert [row.acts for row in assignments.lists(minister).staff] == [("jawab",)]
    assignments.approve(minister, asked)
    with pytest.raises(NotAllowed):
        assignments.approve(minister, asked)

    key = member_key(db.session.get_one(models.Person, stranger).public_id)
    column = columns_of(transitions.load(matrix))[0].key
    cell = {"key": "sel2a3b4", "kolom": column, "teks": "Layanan lintas unit", "metode": "", "porsi": None}
    ministry.send(matrix, "edit", "direktur", change={"anggota": [{"key": key, "peran": [cell]}]})
    assert ministry.send(matrix, "share", "direktur").state == "shared"
    (role,) = matrix_roles.rows_of_roles(stranger, period)
    assert (role["rhk"], role["penugasan_dari"]) == ("Layanan lintas unit", "Jabatan direktur")
    document = transitions.load(matrix)
    assert policy.may_view(document, identity.actor_for(document, stranger))
    assert foreign_roles.without_assignment() == []
    assert [(row.unit, row.state) for row in assignments.of_person(stranger)] == [("Direktorat", "later")]

    assignments.end(minister, asked)
    ministry.send(matrix, "edit", "direktur", change={"anggota": []})
    assert "lalu pejabat penilainya, Menteri, menyetujui" in refused(ministry, matrix)
    assignments.ask(head, wanted(ministry, "asing", decree="ST-2"))
    assert "penugasan ST-2 menunggu persetujuan Menteri" in refused(ministry, matrix)
    assert [one.person_id for one in foreign_roles.without_assignment()] == [stranger]


def test_what_cannot_be_asked_for_is_refused_at_its_field(ministry: Ministry) -> None:
    head = ministry.people["direktur"]
    for name, changes, field in (
        ("direktur", {}, "to"),
        ("menteri", {}, "to"),
        ("kasi", {}, "to"),
        ("asing", {"to": "tidak ada"}, "to"),
        ("asing", {"ends": date(2026, 1, 1)}, "ends"),
        ("asing", {"ends": date(2027, 6, 30)}, "ends"),
        ("asing", {"starts": date(2025, 1, 1), "ends": date(2025, 6, 1)}, "ends"),
    ):
        with pytest.raises(BadInput) as error:
            assignments.ask(head, wanted(ministry, name, **changes))
        assert [one.field_name for one in error.value.problems] == [field], (name, changes)
    with pytest.raises(NotAllowed):
        assignments.ask(ministry.people["kasi"], wanted(ministry, "asing"))
    # Of his own subordinate a head asks nobody: here the section's head takes a member of staff into another unit.
    first = assignments.ask(head, wanted(ministry, "staf"))
    assert assignments.one(first, ministry.people["kasi"]).state == "asked"
    with pytest.raises(BadInput):
        assignments.ask(head, wanted(ministry, "staf", decree="ST-3"))
