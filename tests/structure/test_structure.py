"""Heads of units, the nearest UPK, and each of the twelve checks seen to bite."""

from __future__ import annotations

import contextlib
import json
from datetime import date

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from kinerja import clock
from kinerja.commands import importing as commands
from kinerja.db import db, transaction
from kinerja.models import (
    HeadDecision,
    Person,
    Placement,
    Post,
    ReportingLine,
    RoleAppointment,
    Unit,
)
from kinerja.services import structure
from kinerja.services.importing import run_import
from kinerja.services.structure_checks import run_checks
from tests.importing.conftest import (
    BOSS,
    HEAD,
    NOON,
    OTHER,
    PERSON,
    ROLE,
    SECTION,
    STAFF,
    THE_BOSS,
    THE_HEAD,
    UNIT,
    nip,
    people_csv,
    roles_csv,
    units_csv,
)

TOP = UNIT | {"level": "L0"}
MANAGERS = [
    ROLE | {"nip": BOSS, "peran": "pengelola_organisasi"},
    ROLE | {"nip": HEAD, "kode_unit": "A1"},
    ROLE | {"nip": BOSS},
    ROLE | {"nip": BOSS, "peran": "admin_sistem", "kode_unit": ""},
]
OKA = PERSON | {"nip": OTHER, "nama": "Oka", "email": ""}


def furnish(*people: dict, units: list[dict] | None = None) -> None:
    people = people or (THE_BOSS, THE_HEAD, PERSON)
    present = {row["nip"] for row in people}
    roles = roles_csv(*(role for role in MANAGERS if role["nip"] in present))
    result = run_import(units_csv(*(units or [TOP, SECTION])), people_csv(*people), roles, bootstrap=True)
    assert result.problems == ()


def unit(code: str) -> Unit:
    return db.session.scalars(sa.select(Unit).where(Unit.code == code)).one()


def person(number: str) -> Person:
    return db.session.scalars(sa.select(Person).where(Person.nip == number)).one()


def found() -> list[tuple[int, str, str]]:
    return [
        (f.number, f.severity, f.subject.split(" (")[0]) for check in run_checks() for f in check.findings
    ]


def head(code: str) -> str | None:
    """Both ways of asking must agree."""
    one = structure.head_of(unit(code).id)
    assert one.person_id == structure.read_structure().heads()[unit(code).id].person_id
    return db.session.get_one(Person, one.person_id).nip if one.person_id is not None else None


def test_a_sound_office_has_no_finding_and_says_what_cannot_be_checked_yet(any_office):
    furnish()
    checks = run_checks()
    assert found() == []
    assert [check.number for check in checks] == list(range(1, 13))
    assert [check.number for check in checks if not check.checkable] == [12]


def test_the_head_is_the_holder_whose_penilai_sits_outside_and_at_the_top_has_none(any_office):
    furnish()
    assert (head("A"), head("A1")) == (BOSS, HEAD)


def test_a_plt_heads_a_unit_without_a_definitive_head_though_his_own_post_is_elsewhere(office):
    acting = OKA | {"kode_unit": "A", "nip_penilai": BOSS}
    letter = acting | {
        "jabatan": "Kepala Seksi Satu",
        "jenjang": "pengawas",
        "kode_unit": "A1",
        "jenis_penempatan": "plt",
        "mulai": "2026-01-01",
        "selesai": "2026-12-31",
    }
    furnish(THE_BOSS, acting, letter, PERSON | {"nip_penilai": OTHER})
    assert head("A1") == OTHER
    assert structure.head_of(unit("A1").id).kind == "plt"


def test_a_plh_does_not_displace_the_definitive_head(office):
    letter = OKA | {
        "jabatan": "Kepala Seksi Satu",
        "jenjang": "pengawas",
        "jenis_penempatan": "plh",
        "nip_penilai": BOSS,
        "mulai": "2026-06-10",
        "selesai": "2026-06-20",
    }
    furnish(THE_BOSS, THE_HEAD, PERSON, OKA | {"nip_penilai": HEAD}, letter)
    assert head("A1") == HEAD


def test_none_or_several_heads_are_settled_by_the_dated_word_of_the_pengelola(office):
    furnish(
        THE_BOSS,
        PERSON | {"nip_penilai": BOSS},
        OKA | {"nip_penilai": BOSS},
        THE_HEAD | {"selesai": "2026-05-31"},
    )
    assert head("A1") is None
    assert len(structure.head_of(unit("A1").id).candidates) == 2
    assert (5, "galat", "Seksi Satu") in found()
    with transaction():
        db.session.add(
            HeadDecision(
                unit_id=unit("A1").id,
                person_id=person(STAFF).id,
                starts=date(2026, 6, 1),
                decided_by_id=person(BOSS).id,
                decided_at=NOON,
            )
        )
    assert head("A1") == STAFF
    assert structure.head_of(unit("A1").id, date(2026, 5, 31)).person_id is None
    assert (5, "galat", "Seksi Satu") not in found()


def test_the_word_of_the_pengelola_ends_when_that_person_holds_no_post_any_more(office):
    furnish(
        THE_BOSS,
        OKA | {"nip_penilai": BOSS},
        PERSON | {"nip_penilai": BOSS, "selesai": "2026-06-10"},
        THE_HEAD | {"selesai": "2026-05-31"},
        OKA | {"nip": nip(9), "nama": "Umi", "nip_penilai": BOSS},
    )
    with transaction():
        db.session.add(
            HeadDecision(
                unit_id=unit("A1").id,
                person_id=person(STAFF).id,
                starts=date(2026, 6, 1),
                decided_by_id=person(BOSS).id,
                decided_at=NOON,
            )
        )
    assert head("A1") is None


def test_the_nearest_upk_is_the_unit_itself_or_the_first_above_that_owns_a_map(office):
    furnish(units=[TOP, SECTION, SECTION | {"kode": "A11", "kode_induk": "A1"}])
    picture = structure.read_structure()
    for code in ("A", "A1", "A11"):
        assert structure.nearest_upk(unit(code)).code == "A"
        assert picture.nearest_upk(unit(code).id).code == "A"
    assert structure.path_ids(unit("A11").path) == [unit("A").id, unit("A1").id, unit("A11").id]
    inside = db.session.scalars(
        sa.select(Unit.code).where(structure.below(unit("A1").path)).order_by(Unit.code)
    )
    assert inside.all() == ["A1", "A11"]


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
        .values(superior_id=person(superior).id)
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
        (lambda: _rank("ahli muda", "JF"), [(2, "peringatan", SARI)]),
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
    assert (finding.repair_role, finding.repairers) == ("Pengelola Kinerja Pegawai", ("Hana Wibowo",))
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
    assert statements() == few <= 8


@pytest.fixture
def command(office, monkeypatch, tmp_path):
    """Runs a command of kinerja in the test's own office."""
    monkeypatch.setattr(commands, "create_app", lambda: office)
    for name, content in (
        ("unit.csv", units_csv(TOP, SECTION)),
        ("pegawai.csv", people_csv()),
        ("peran.csv", roles_csv(*MANAGERS)),
    ):
        (tmp_path / name).write_bytes(content)

    def run(*arguments: str):
        with contextlib.chdir(tmp_path), clock.frozen(NOON):
            return CliRunner().invoke(
                commands.import_ if arguments[0] == "import" else commands.check, arguments[1:]
            )

    run.folder = tmp_path
    return run


ALL = ("import", "--units", "unit.csv", "--people", "pegawai.csv", "--roles", "peran.csv")


def test_the_import_command_tells_what_it_did_and_the_second_time_that_nothing_changed(command):
    tried = command(*ALL, "--dry-run")
    assert (tried.exit_code, "percobaan" in tried.stdout, "ditambah" in tried.stdout) == (0, True, True)
    done = command(*ALL)
    assert (done.exit_code, "pegawai: 3 ditambah" in done.stdout, done.stderr) == (0, True, "")
    assert "Tidak ada yang berubah" in command(*ALL).stdout
    assert command("check").exit_code == 0


def test_a_refused_file_gives_exit_status_one_and_every_reason_on_stderr(command):
    (command.folder / "pegawai.csv").write_bytes(people_csv(THE_BOSS, THE_HEAD, PERSON | {"mulai": "x"}))
    refused = command(*ALL)
    assert refused.exit_code == 1
    assert "pegawai.csv baris 4, kolom mulai “x”" in refused.stderr
    told = json.loads(command(*ALL, "--json").stdout)
    assert (told["ok"], told["problems"][0]["baris"], told["problems"][0]["kolom"]) == (False, 4, "mulai")


@pytest.mark.parametrize(
    "arguments", [("import",), ("import", "--units", "tidak-ada.csv"), ("check", "--apa")]
)
def test_wrong_usage_gives_exit_status_two(command, arguments):
    assert command(*arguments).exit_code == 2


def test_the_check_command_lists_findings_with_who_repairs_them(command, office):
    command(*ALL)
    with transaction():
        _no_line()
    told = command("check")
    assert told.exit_code == 1
    assert "Sari Lestari" in told.stdout
    assert "Diperbaiki oleh Pengelola Kinerja Pegawai: Hana Wibowo." in told.stdout
    machine = json.loads(command("check", "--json").stdout)
    assert (machine["ok"], machine["errors"], len(machine["checks"])) == (False, 1, 12)
