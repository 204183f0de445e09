"""Who may be given which role by a file, and that a file never takes the last admin away."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
import sqlalchemy as sa

from kinerja.db import db, transaction
from kinerja.models import Account, RoleAppointment
from kinerja.services import appointments
from kinerja.services.errors import BadInput
from kinerja.services.importing import Problem, run_import
from tests.importing.conftest import BOSS, ROLE, STAFF, people_csv, roles_csv, units_csv
from tests.importing.ways import BASE, person

ADMIN = ROLE | {"peran": "admin_sistem", "kode_unit": ""}
SECOND = ADMIN | {"nip": BOSS}
OTHER_ROLE = ROLE | {"nip": BOSS}


def told(problems: Iterable[Problem]) -> list[tuple[str, int, str, str]]:
    return [(problem.file, problem.row, problem.column, problem.value) for problem in problems]


def office_with(*roles: dict[str, str], entering: Iterable[str] = (STAFF, BOSS)) -> None:
    """Roles that count, and passwords for those who can enter."""
    assert run_import(units_csv(), people_csv(*BASE), roles_csv(*roles), bootstrap=True).applied
    with transaction():
        for nip in entering:
            db.session.get_one(Account, person(nip).id).password_hash = "x"


@pytest.mark.parametrize(
    ("roles", "row", "column", "word"),
    [
        ([OTHER_ROLE], 0, "nip", "admin terakhir"),
        ([OTHER_ROLE, ADMIN | {"selesai": "2026-06-15"}], 3, "selesai", "admin terakhir"),
    ],
    ids=["not listed", "ends today"],
)
def test_a_file_that_would_end_the_last_admin_is_refused_and_says_whom(office, roles, row, column, word):
    # The second admin was never let in.
    office_with(ADMIN, SECOND, OTHER_ROLE, entering=[STAFF])
    refused = run_import(roles=roles_csv(*roles), end_missing=True)
    assert [(file, at, name) for file, at, name, _value in told(refused.problems)] == [
        ("peran.csv", row, column)
    ]
    assert word in refused.problems[0].reason
    assert STAFF in refused.problems[0].reason or row
    assert not refused.applied


def test_an_admin_beside_whom_another_can_enter_may_be_ended_by_a_file(office):
    office_with(ADMIN, SECOND, OTHER_ROLE)
    assert run_import(roles=roles_csv(SECOND, OTHER_ROLE), end_missing=True).applied


def test_whoever_leaves_the_staff_list_as_the_last_admin_is_named_in_that_file(office):
    office_with(ADMIN)
    refused = run_import(people=people_csv(*BASE[:2]), end_missing=True)
    assert told(refused.problems) == [("pegawai.csv", 0, "nip", STAFF)]


def test_nobody_gives_himself_a_role_by_a_file(office):
    office_with(ADMIN, ROLE)
    me = person(STAFF).id
    mine = ROLE | {"peran": "auditor", "kode_unit": ""}
    refused = run_import(roles=roles_csv(ADMIN, ROLE, mine), actor_id=me, dry_run=True)
    assert told(refused.problems) == [("peran.csv", 4, "nip", STAFF)]
    assert "admin lain" in refused.problems[0].reason
    longer = run_import(roles=roles_csv(ADMIN | {"nomor_sk": "SK-9"}, ROLE), actor_id=me)
    assert told(longer.problems) == [("peran.csv", 2, "nip", STAFF)], "nor does he change one he has"
    assert run_import(roles=roles_csv(ADMIN, ROLE, mine | {"nip": BOSS}), actor_id=me).applied
    given = db.session.scalars(sa.select(RoleAppointment).where(RoleAppointment.role == "auditor")).one()
    assert (given.person_id, given.granted_by_id) == (person(BOSS).id, me)


@pytest.mark.parametrize("role", sorted(appointments.ROLES))
def test_page_and_file_allow_the_same_roles_for_a_unit_and_for_the_ministry(office, role):
    office_with(ADMIN)
    by, other, unit = person(STAFF).id, person(BOSS).id, 1
    starts = appointments.clock.today()
    for chosen, code in ((None, ""), (unit, "A")):
        row = ROLE | {"nip": BOSS, "peran": role, "kode_unit": code, "mulai": starts.isoformat()}
        file_says = {
            {"peran": "role", "kode_unit": "unit"}[problem.column]
            for problem in run_import(roles=roles_csv(ADMIN, row), dry_run=True).problems
        }
        page_says = set()
        try:
            with transaction():
                appointments.grant_role(by, other, role, chosen, starts)
                raise BadInput([])
        except BadInput as error:
            page_says = {problem.field_name for problem in error.problems}
        assert page_says == file_says, (role, code)
        if role == "anggota_tpk":
            assert page_says == set()
        if role in ("coach", "mentor"):
            assert page_says == {"role"}
