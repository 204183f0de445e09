"""Each of the twelve checks, seen to bite on a seeded fault."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from kinerja.db import db, transaction
from kinerja.models import (
    Delegation,
    Person,
    Placement,
    Post,
    ReportingLine,
    RoleAppointment,
)
from kinerja.services.importing import run_import
from kinerja.services.structure_checks import run_checks
from tests.importing.conftest import (
    BOSS,
    HEAD,
    NOON,
    PERSON,
    STAFF,
    THE_BOSS,
    THE_HEAD,
    nip,
    people_csv,
)
from tests.structure.office import found, furnish, person, unit


def test_a_sound_office_has_no_finding(any_office):
    furnish()
    checks = run_checks()
    assert found() == []
    assert [check.number for check in checks] == list(range(1, 13))


def _end_everything():
    db.session.execute(
        sa.update(Placement).where(Placement.person_id == person(STAFF).id).values(kind="diperbantukan")
    )


def _second_definitive():
    own = db.session.scalars(sa.select(Placement).where(Placement.person_id == person(STAFF).id)).one()
    db.session.add(
        Placement(
            person_id=own.person_id,
            post_id=own.post_id,
            kind="definitif",
            starts=date(2026, 1, 1),
            recorded_at=NOON,
        )
    )


def _no_line():
    db.session.execute(
        sa.update(ReportingLine).where(ReportingLine.person_id == person(STAFF).id).values(believed_to=NOON)
    )


def _line_to(superior: str, of: str = STAFF):
    db.session.execute(
        sa.update(ReportingLine)
        .where(ReportingLine.person_id == person(of).id)
        .values(superior_id=person(superior).id, superior_post_id=None)
    )


def _rank(rank: str, group: str = "JA"):
    db.session.execute(
        sa.update(Post).where(Post.title == "Kepala Seksi Satu").values(rank=rank, post_group=group)
    )


def _gap(year: int):
    own = db.session.scalars(sa.select(Placement).where(Placement.person_id == person(STAFF).id)).one()
    own.starts = date(year, 4, 1)
    db.session.add(
        Placement(
            person_id=own.person_id,
            post_id=own.post_id,
            kind="definitif",
            starts=date(2020, 1, 1),
            ends=date(year, 2, 1),
            recorded_at=NOON,
        )
    )


def _exempt_gap():
    _gap(2026)
    person(STAFF).exempt_from, person(STAFF).exempt_to = date(2026, 1, 1), date(2026, 5, 1)


def _second_holder():
    post = db.session.scalars(sa.select(Post).where(Post.title == "Kepala Seksi Satu")).one()
    db.session.execute(
        sa.update(Placement).where(Placement.person_id == person(STAFF).id).values(post_id=post.id)
    )


def _letter(ends: date | None, vacant: bool):
    post = Post(unit_id=unit("A1").id, title="Kepala Urusan", post_group="JA", rank="pengawas")
    db.session.add(post)
    db.session.flush()
    db.session.add(
        Placement(
            person_id=person(STAFF).id,
            post_id=post.id,
            kind="plt",
            starts=date(2026, 1, 1),
            ends=ends,
            recorded_at=NOON,
        )
    )
    if not vacant:
        db.session.add(
            Placement(
                person_id=person(HEAD).id,
                post_id=post.id,
                kind="plh",
                starts=date(2026, 6, 1),
                ends=date(2026, 7, 1),
                recorded_at=NOON,
            )
        )


def _functional(group: str = "JF"):
    db.session.execute(sa.update(Post).where(Post.title == "Pelaksana").values(post_group=group, rank=""))


def _delegated(*, as_penilai: bool, accepted=NOON, to: str = HEAD, by: str = BOSS, post: str = ""):
    own = sa.select(Placement.post_id).where(Placement.person_id == person(by).id).limit(1)
    db.session.add(
        Delegation(
            public_id=f"d{as_penilai}", holder_id=person(by).id, delegate_id=person(to).id,
            post_id=db.session.scalar(own), starts=date(2026, 1, 1), ends=date(2026, 12, 31), letter="ST-1",
            letter_date=date(2026, 1, 1), kinds="skp", as_penilai=as_penilai, given_at=NOON, accepted_at=accepted,
        )
    )  # fmt: skip


def _acting_beside_the_holder(kind: str):
    post = db.session.scalars(sa.select(Post.id).where(Post.title == "Kepala Seksi Satu")).one()
    db.session.add(
        Placement(
            person_id=person(BOSS).id, post_id=post, kind=kind, starts=date(2026, 1, 1), ends=date(2026, 12, 31),
            recorded_at=NOON,
        )
    )  # fmt: skip


def _plt_beside_the_holder():
    _acting_beside_the_holder("plt")


def _plh_and_delegate():
    """A Plh. alone is as it should be; with a delegate of the same holder the pengelola is told who acts."""
    _acting_beside_the_holder("plh")
    assert [f for f in found() if f[0] == 7] == []
    _delegated(as_penilai=False, to=STAFF, by=HEAD)


def _boss_is(group: str, rank: str):
    """The head of the whole, a JPT under a Menteri: right for a madya, and for a utama somebody else would establish."""
    own = sa.select(Placement.post_id).where(Placement.person_id == person(BOSS).id)
    db.session.execute(sa.update(Post).where(Post.id.in_(own)).values(post_group=group, rank=rank))
    post = Post(unit_id=unit("A").id, title="Menteri", post_group="lain", rank="menteri")
    minister = Person(public_id="m", nip=nip(78), name="Menteri", search_name="menteri", status="LAIN")
    db.session.add_all([post, minister])
    db.session.flush()
    db.session.add(
        Placement(
            person_id=minister.id,
            post_id=post.id,
            kind="definitif",
            starts=date(2020, 1, 1),
            recorded_at=NOON,
        )
    )
    line = sa.update(ReportingLine).where(ReportingLine.person_id == person(BOSS).id)
    db.session.execute(line.values(superior_id=minister.id, superior_post_id=post.id))


def _nip(value: str):
    person(STAFF).nip = value


def _revoke(role: str):
    db.session.execute(sa.update(RoleAppointment).where(RoleAppointment.role == role).values(revoked_at=NOON))


def _level(code: str, level: str, owns: bool = True):
    unit(code).level, unit(code).owns_strategy_map = level, owns


SARI, HANA, BIMA, PART, WHOLE = "Sari Lestari", "Hana Wibowo", "Bima Kusuma", "Seksi Satu", "Direktorat"


@pytest.mark.parametrize(
    "fault, expected",
    [
        (_end_everything, [(1, "galat", SARI)]),
        (_second_definitive, [(1, "galat", SARI), (6, "galat", SARI)]),
        (_no_line, [(2, "galat", SARI)]),
        (lambda: _rank("pelaksana"), [(2, "galat", SARI)]),
        (lambda: _rank("ahli muda", "JF"), [(2, "galat", SARI)]),
        (lambda: (_rank("ahli muda", "JF"), _delegated(as_penilai=True)), []),
        (lambda: (_rank("ahli muda", "JF"), _delegated(as_penilai=False)), [(2, "galat", SARI)]),
        (
            lambda: (_rank("ahli muda", "JF"), _delegated(as_penilai=True, accepted=None)),
            [(2, "galat", SARI)],
        ),
        (lambda: _rank("pengawas"), []),
        (
            lambda: _line_to(STAFF, HEAD),
            [(2, "galat", HANA), (3, "galat", HANA), (4, "galat", HANA), (4, "galat", SARI)],
        ),
        (lambda: _line_to(BOSS), [(5, "galat", PART)]),
        (lambda: _revoke("pengelola_organisasi"), [(5, "galat", WHOLE)]),
        (lambda: _level("A", "L1"), [(5, "galat", WHOLE)]),
        (lambda: _level("A1", "L4"), []),
        (lambda: _gap(2026), [(6, "galat", SARI)]),
        (lambda: _gap(2023), [(6, "peringatan", SARI)]),
        (_exempt_gap, []),
        (_second_holder, [(7, "galat", "Kepala Seksi Satu, Seksi Satu")]),
        (lambda: _boss_is("JPT", "utama"), [(2, "peringatan", BIMA)]),
        (lambda: _boss_is("JPT", "madya"), []),
        (_plt_beside_the_holder, [(7, "peringatan", "Kepala Seksi Satu, Seksi Satu")]),
        (_plh_and_delegate, [(7, "peringatan", "Kepala Seksi Satu, Seksi Satu")]),
        (lambda: _letter(date(2026, 3, 31), True), [(8, "galat", "Kepala Urusan, Seksi Satu")]),
        (lambda: _letter(date(2026, 3, 31), False), []),
        (lambda: _letter(date(2026, 12, 31), True), []),
        (lambda: _letter(None, True), [(8, "peringatan", "Kepala Urusan, Seksi Satu")]),
        (_functional, [(9, "galat", SARI)]),
        (lambda: _functional("lain"), []),
        (lambda: _nip("198013012005011003"), [(10, "galat", SARI)]),
        (lambda: _nip("1980"), [(10, "galat", SARI)]),
        (lambda: _nip("198001012005019003"), [(10, "peringatan", SARI)]),
    ],
)
def test_each_check_finds_its_fault_and_only_that(office, fault, expected):
    furnish()
    with transaction():
        fault()
    # Who heads a unit follows from the lines: a fault there may show in check 5 as well.
    assert [f for f in found() if f[0] != 5 or f in expected] == expected


def test_people_who_left_and_technical_admins_are_no_employees(office):
    furnish(THE_BOSS, THE_HEAD, PERSON | {"selesai": "2026-03-01"})
    with transaction():
        admin = Person(public_id="x", nip=nip(77), name="Admin", search_name="admin", status="LAIN")
        db.session.add(admin)
        db.session.flush()
        db.session.add(
            RoleAppointment(
                public_id="y",
                person_id=admin.id,
                role="admin_sistem",
                starts=date(2026, 1, 1),
                confirmed_at=NOON,
            )
        )
    assert found() == []


def test_an_exempt_employee_needs_no_placement(office):
    furnish()
    with transaction():
        _end_everything()
        person(STAFF).exempt_from = date(2026, 1, 1)
    assert found() == []


def test_each_finding_names_who_can_repair_it_nearest_first(office):
    furnish()
    with transaction():
        _no_line()
    finding = next(f for check in run_checks() for f in check.findings)
    assert (finding.repair_role, finding.repairers) == ("Pengelola kinerja pegawai", ("Hana Wibowo",))
    assert finding.person_id == person(STAFF).id
    with transaction():
        db.session.execute(
            sa.update(RoleAppointment).where(RoleAppointment.unit_id == unit("A1").id).values(revoked_at=NOON)
        )
    finding = next(f for check in run_checks() for f in check.findings)
    assert finding.repairers == ("Bima Kusuma",)


def test_a_picture_of_the_ministry_takes_the_same_statements_at_any_size(office):
    def statements() -> int:
        counted = []
        sa.event.listen(db.engine, "before_cursor_execute", listener := lambda *a: counted.append(a[2]))
        run_checks()
        sa.event.remove(db.engine, "before_cursor_execute", listener)
        return len(counted)

    furnish()
    few = statements()
    run_import(
        people=people_csv(*(PERSON | {"nip": nip(n), "nama": f"O {n}", "email": ""} for n in range(100, 200)))
    )
    assert statements() == few <= 10
