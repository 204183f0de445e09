"""What an import adds and changes; the same file twice; one recorded act."""

from __future__ import annotations

import json
from datetime import date

import pytest
import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import (
    Account,
    AuditRow,
    Import,
    Post,
    RoleAppointment,
    Unit,
)
from kinerja.services import audit, identity
from kinerja.services.importing import run_import
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
from tests.importing.ways import BASE, first, lines, people_again, person, placements, snapshot


def test_a_first_import_brings_units_people_accounts_posts_placements_and_lines(any_office):
    result = run_import(units_csv(), people_csv(), roles_csv())
    assert result.applied
    assert {subject: actions["added"] for subject, actions in result.counts.items()} == {
        "unit": 2,
        "post": 3,
        "person": 3,
        "account": 3,
        "placement": 3,
        "line": 3,
        "role": 1,
    }
    top, section = db.session.scalars(sa.select(Unit).order_by(Unit.code))
    assert (top.path, section.path, section.parent_id) == (f"/{top.id}/", f"/{top.id}/{section.id}/", top.id)
    assert (top.owns_strategy_map, section.level, section.zone, section.workweek) == (True, "L4", "WIB", 5)
    sari = person(STAFF)
    assert (sari.search_name, sari.email, sari.status) == ("sari lestari", "sari@contoh.go.id", "PNS")
    account = db.session.get_one(Account, sari.id)
    assert (account.password_hash, account.locale, account.totp_confirmed) == (None, "id", False)
    assert lines(STAFF) == [(HEAD, "Kepala Seksi Satu", "2024-01-01", None)]
    assert lines(BOSS) == [(None, None, "2024-01-01", None)]
    assert [s.person_id for s in identity.superiors(sari.id)] == [person(HEAD).id, person(BOSS).id]


def test_the_same_files_a_second_time_change_nothing_at_all(any_office):
    run_import(units_csv(), people_csv(), roles_csv())
    before = snapshot()
    again = run_import(units_csv(), people_csv(), roles_csv(), end_missing=True)
    assert (again.ok, again.applied, again.import_id, again.changes_total) == (True, False, None, 0)
    assert snapshot() == before


def test_a_dry_run_tells_everything_and_writes_nothing(office):
    before = snapshot()
    result = run_import(units_csv(), people_csv(), dry_run=True)
    assert (result.ok, result.applied, result.changes_total) == (True, False, 14)
    assert {(change.subject, change.action) for change in result.changes} == {
        ("unit", "added"),
        ("post", "added"),
        ("person", "added"),
        ("placement", "added"),
        ("line", "added"),
    }
    assert snapshot() == before


def test_the_preview_shows_some_of_each_kind_and_counts_all(office):
    result = run_import(units_csv(), people_csv(), dry_run=True, preview=1)
    assert [change.subject for change in result.changes] == ["unit", "post", "person", "placement", "line"]


def test_an_import_is_one_recorded_act_with_every_change_in_a_sound_chain(any_office):
    result = first(actor_id=None)
    row = db.session.scalars(sa.select(Import)).one()
    assert (row.public_id, row.counts) == (result.import_id, result.counts)
    assert set(row.file_hashes) == {"unit.csv", "pegawai.csv"}
    entries = db.session.scalars(sa.select(AuditRow).order_by(AuditRow.sequence)).all()
    assert [entry.action for entry in entries] == ["import.rows", "import"]
    changes = json.loads(entries[0].payload)["changes"]
    assert {"subject": "person", "action": "added", "key": STAFF}.items() <= changes[7].items()
    assert changes[7]["after"]["email"] == "sari@contoh.go.id"
    assert [fault for _, _, fault in audit.verify()] == [None]


def test_changed_master_data_is_written_with_before_and_after(any_office):
    first()
    result = run_import(
        units_csv(UNIT, SECTION | {"nama": "Seksi Pertama"}),
        people_csv(
            THE_BOSS, THE_HEAD, PERSON | {"nama": "Sari L. Putri", "pangkat_golongan": "Penata (III/d)"}
        ),
    )
    changed = {c.subject: (dict(c.before), dict(c.after)) for c in result.changes if c.action == "changed"}
    assert changed == {
        "unit": ({"nama": "Seksi Satu"}, {"nama": "Seksi Pertama"}),
        "person": (
            {"nama": "Sari Lestari", "pangkat_golongan": "Penata (III/c)"},
            {"nama": "Sari L. Putri", "pangkat_golongan": "Penata (III/d)"},
        ),
    }
    assert (person(STAFF).name, person(STAFF).search_name) == ("Sari L. Putri", "sari l putri")


def test_two_people_may_swap_their_addresses_in_one_file(any_office):
    first()
    head, staff = THE_HEAD | {"email": PERSON["email"]}, PERSON | {"email": THE_HEAD["email"]}
    people_again(THE_BOSS, head, staff)
    assert (person(HEAD).email, person(STAFF).email) == ("sari@contoh.go.id", "hana@contoh.go.id")


def test_an_address_of_somebody_outside_the_file_is_refused(office):
    first()
    result = run_import(people=people_csv(THE_HEAD | {"email": "sari@contoh.go.id"}))
    assert [(problem.row, problem.column) for problem in result.problems] == [(2, "email")]


def test_a_unit_that_moves_takes_its_subtree_along(any_office):
    other = UNIT | {"kode": "B", "nama": "Direktorat B", "kode_induk": "A", "level": "L3"}
    deep = SECTION | {"kode": "A11", "nama": "Subseksi", "kode_induk": "A1"}
    run_import(units_csv(UNIT, SECTION, other, deep))
    run_import(units_csv(UNIT, SECTION | {"kode_induk": "B"}, other, deep))
    ids = dict(db.session.execute(sa.select(Unit.code, Unit.id)).all())
    paths = dict(db.session.execute(sa.select(Unit.code, Unit.path)).all())
    assert paths["A11"] == f"/{ids['A']}/{ids['B']}/{ids['A1']}/{ids['A11']}/"


def test_roles_from_a_file_wait_for_a_second_person(any_office):
    first()
    admin = person(BOSS).id
    run_import(roles=roles_csv(), actor_id=admin, bootstrap=True)
    role = db.session.scalars(sa.select(RoleAppointment)).one()
    assert (role.granted_by_id, role.confirmed_by_id, role.confirmed_at) == (admin, None, None)
    assert identity.scopes_of(person(STAFF).id) == ()


def test_on_an_empty_database_the_command_line_confirms_roles_and_says_so_in_the_audit(any_office):
    run_import(units_csv(), people_csv(), roles_csv(), bootstrap=True)
    role = db.session.scalars(sa.select(RoleAppointment)).one()
    assert (role.granted_by_id, role.confirmed_at) == (None, NOON)
    assert [scope.role for scope in identity.scopes_of(person(STAFF).id)] == ["pengelola_pegawai"]
    whole = db.session.scalars(sa.select(AuditRow).where(AuditRow.action == "import")).one()
    assert json.loads(whole.payload)["roles_confirmed"] is True


def test_without_the_command_line_even_an_empty_database_waits(office):
    run_import(units_csv(), people_csv(), roles_csv())
    assert db.session.scalars(sa.select(RoleAppointment.confirmed_at)).all() == [None]


def test_a_confirmed_role_may_be_shortened_but_not_lengthened_by_a_file(any_office):
    run_import(units_csv(), people_csv(), roles_csv(ROLE | {"selesai": "2026-12-31"}), bootstrap=True)
    longer = run_import(roles=roles_csv(ROLE))
    assert [(problem.file, problem.column) for problem in longer.problems] == [("peran.csv", "selesai")]
    assert run_import(roles=roles_csv(ROLE | {"selesai": "2026-09-30"})).applied
    assert db.session.scalars(sa.select(RoleAppointment.ends)).all() == [date(2026, 9, 30)]


def test_words_of_the_law_are_taken_in_any_case_and_spelling(office):
    functional = PERSON | {"kelompok_jabatan": "jf", "jabatan": "Pranata Komputer", "jenjang": "AHLI MUDA"}
    short = functional | {
        "nip": OTHER,
        "nama": "Oka",
        "email": "",
        "jenjang": "Pertama",
        "jenis_penempatan": "DEFINITIF",
    }
    acting = functional | {
        "jenis_penempatan": "Plt.",
        "selesai": "2026-12-31",
        "mulai": "2026-01-01",
        "jabatan": "X",
    }
    section = SECTION | {
        "zona_waktu": "wit",
        "jenis": "Kantor Pelayanan",
        "level": "l4",
        "punya_peta_strategi": "Tidak",
    }
    result = run_import(
        units_csv(UNIT, section),
        people_csv(THE_BOSS, THE_HEAD | {"status": "pns"}, functional, short, acting),
    )
    assert result.problems == ()
    posts = dict(db.session.execute(sa.select(Post.title, Post.rank).where(Post.post_group == "JF")).all())
    assert posts == {
        "Pranata Komputer Ahli Muda": "ahli muda",
        "Pranata Komputer Ahli Pertama": "ahli pertama",
        "X Ahli Muda": "ahli muda",
    }
    assert [kind for _, kind, *_ in placements(STAFF)] == ["definitif", "plt"]


@pytest.mark.parametrize(
    "value, status, word",
    [
        ("198001012005013003", "PNS", "digit 15"),
        ("198001012005131003", "PNS", "digit 13-14"),
        ("198001011985011003", "PNS", "digit 9-12"),
        ("198001012005011000", "PNS", "000"),
        ("193001011950011003", "PNS", "Tahun lahir"),
        ("198001012005131003", "PPPK", None),
    ],
)
def test_doubts_about_a_nip_are_warnings_and_the_row_is_taken(office, value, status, word):
    result = run_import(
        units_csv(), people_csv(THE_BOSS, THE_HEAD, PERSON | {"nip": value, "status": status})
    )
    assert (result.ok, result.applied) == (True, True)
    assert [word in warning.reason for warning in result.warnings] == ([True] if word else [])


def test_spaces_in_a_printed_nip_are_taken(office):
    first(THE_BOSS, THE_HEAD, PERSON | {"nip": "19800101 200501 1 003"})
    assert person(STAFF).name == "Sari Lestari"


def test_progress_is_told_every_thousand_rows_and_the_audit_holds_a_thousand_changes_each(office):
    crowd = [
        PERSON
        | {
            "nip": nip(number % 900 + 10, f"19{80 + number // 900}0101"),
            "email": "",
            "nama": f"Orang {number}",
        }
        for number in range(2500)
    ]
    told = []
    first(*BASE, *crowd, progress=lambda *step: told.append(step))
    assert [step for step in told if step[0] == "pegawai.csv"] == [
        ("pegawai.csv", 1000, None),
        ("pegawai.csv", 2000, None),
        ("pegawai.csv", 2503, 2503),
    ]
    assert {step[0] for step in told} == {
        "unit.csv",
        "pegawai.csv",
        "memeriksa",
        "menyusun",
        "menyimpan",
        "mencatat",
    }
    sizes = [
        len(json.loads(payload)["changes"])
        for payload in db.session.scalars(
            sa.select(AuditRow.payload).where(AuditRow.action == "import.rows").order_by(AuditRow.sequence)
        )
    ]
    assert sizes[:-1] == [1000] * (len(sizes) - 1)
    assert sum(sizes) == 2 + 3 + 3 * 2503


def test_a_failure_while_writing_leaves_nothing_behind(any_office, monkeypatch):
    def fail(*arguments: object, **named: object) -> None:
        raise RuntimeError("disk full")

    before = snapshot()
    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError, match="disk full"):
        run_import(units_csv(), people_csv())
    db.session.rollback()
    assert snapshot() == before


def test_whoever_keeps_relations_is_told_once_after_a_change(office, monkeypatch):
    calls = []
    monkeypatch.setattr(identity, "relations_changed", lambda: calls.append(1), raising=False)
    first()
    people_again(*BASE)
    assert calls == [1]


def test_an_import_without_a_file_is_a_mistake_of_the_caller(office):
    with pytest.raises(ValueError, match="at least one file"):
        run_import()
