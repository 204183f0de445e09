"""Placements, reporting lines and people in time: what supersedes, what corrects, what absence means."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import (
    Placement,
    RoleAppointment,
    Unit,
)
from kinerja.services import identity
from kinerja.services.importing import run_import
from tests.importing.conftest import (
    BOSS,
    HEAD,
    NOON,
    OTHER,
    PERSON,
    SECTION,
    STAFF,
    THE_BOSS,
    THE_HEAD,
    UNIT,
    people_csv,
    roles_csv,
    units_csv,
)
from tests.importing.ways import BASE, first, later, lines, people_again, person, placements, snapshot


def test_a_transfer_ends_the_old_placement_and_line_the_day_before(any_office):
    first()
    result = people_again(
        THE_BOSS,
        THE_HEAD,
        PERSON | {"kode_unit": "A", "jabatan": "Analis", "nip_penilai": BOSS, "mulai": "2026-07-01"},
    )
    assert placements(STAFF) == [
        ("Pelaksana", "definitif", "2024-01-01", "2026-06-30"),
        ("Analis", "definitif", "2026-07-01", None),
    ]
    assert lines(STAFF) == [
        (HEAD, "Kepala Seksi Satu", "2024-01-01", "2026-06-30"),
        (BOSS, "Direktur", "2026-07-01", None),
    ]
    assert lines(STAFF, believed=False) == []
    assert result.counts["placement"]["ended"] == result.counts["line"]["ended"] == 1
    assert not people_again(
        THE_BOSS,
        THE_HEAD,
        PERSON | {"kode_unit": "A", "jabatan": "Analis", "nip_penilai": BOSS, "mulai": "2026-07-01"},
    ).applied


def test_a_transfer_told_late_keeps_what_was_believed_in_between(any_office):
    first()
    with later(30):
        people_again(THE_BOSS, THE_HEAD, PERSON | {"mulai": "2026-06-01", "nip_penilai": BOSS})
        assert lines(STAFF) == [
            (HEAD, "Kepala Seksi Satu", "2024-01-01", "2026-05-31"),
            (BOSS, "Direktur", "2026-06-01", None),
        ]
        assert lines(STAFF, believed=False) == [(HEAD, "Kepala Seksi Satu", "2024-01-01", None)]
        day = date(2026, 6, 10)
        sari, head, boss = person(STAFF).id, person(HEAD).id, person(BOSS).id
        assert identity.superiors(sari, day)[0].person_id == boss
        assert identity.superiors(sari, day, NOON + timedelta(days=1))[0].person_id == head


def test_another_penilai_for_the_same_span_is_a_correction_that_closes_the_belief(any_office):
    first()
    with later(1):
        result = people_again(THE_BOSS, THE_HEAD, PERSON | {"nip_penilai": BOSS})
        assert lines(STAFF) == [(BOSS, "Direktur", "2024-01-01", None)]
        assert lines(STAFF, believed=False) == [(HEAD, "Kepala Seksi Satu", "2024-01-01", None)]
        assert (result.counts["line"]["changed"], result.counts["line"]["added"]) == (1, 1)
        assert not people_again(THE_BOSS, THE_HEAD, PERSON | {"nip_penilai": BOSS}).applied


def test_an_end_that_lies_ahead_moves_in_place_and_the_line_with_it(any_office):
    first()
    people_again(THE_BOSS, THE_HEAD, PERSON | {"selesai": "2026-12-31"})
    assert placements(STAFF)[0][3] == lines(STAFF)[0][3] == "2026-12-31"
    people_again(THE_BOSS, THE_HEAD, PERSON)
    assert placements(STAFF)[0][3] is lines(STAFF)[0][3] is None
    assert lines(STAFF, believed=False) == []


def test_an_earlier_start_of_the_same_placement_is_a_correction(any_office):
    first()
    people_again(THE_BOSS, THE_HEAD, PERSON | {"mulai": "2023-05-01"})
    assert placements(STAFF) == [("Pelaksana", "definitif", "2023-05-01", None)]
    assert lines(STAFF) == [(HEAD, "Kepala Seksi Satu", "2023-05-01", None)]


def test_a_row_that_would_lie_under_a_later_recorded_one_is_refused(office):
    first(THE_BOSS, THE_HEAD, PERSON | {"mulai": "2025-01-01"})
    result = run_import(
        people=people_csv(THE_BOSS, THE_HEAD, PERSON | {"jabatan": "Arsip Lama", "mulai": "2024-01-01"})
    )
    assert [(problem.row, problem.column) for problem in result.problems] == [(4, "mulai")]


def test_while_a_plt_is_in_office_his_penilai_is_the_one_he_reports_to_as_such(any_office):
    acting = PERSON | {
        "jabatan": "Kepala Seksi Dua",
        "jenjang": "pengawas",
        "jenis_penempatan": "PLT",
        "nip_penilai": BOSS,
        "kode_unit": "A2",
        "mulai": "2026-02-01",
        "selesai": "2026-04-30",
    }
    run_import(units_csv(UNIT, SECTION, SECTION | {"kode": "A2"}), people_csv(*BASE, acting))
    expected = [
        (HEAD, "Kepala Seksi Satu", "2024-01-01", "2026-01-31"),
        (BOSS, "Direktur", "2026-02-01", "2026-04-30"),
        (HEAD, "Kepala Seksi Satu", "2026-05-01", None),
    ]
    assert lines(STAFF) == expected
    assert not people_again(*BASE, acting).applied
    # The letter has left the file but was not ended: what it meant stays.
    people_again(*BASE)
    assert lines(STAFF) == expected


@pytest.mark.parametrize("kind", ["plh", "diperbantukan"])
def test_a_plh_and_an_employee_on_loan_keep_their_own_penilai(office, kind):
    extra = PERSON | {
        "jabatan": "Lain",
        "jenis_penempatan": kind,
        "nip_penilai": BOSS,
        "selesai": "2026-12-31",
    }
    run_import(units_csv(), people_csv(*BASE, extra))
    assert lines(STAFF) == [(HEAD, "Kepala Seksi Satu", "2024-01-01", None)]


def test_the_post_of_the_superior_is_the_one_he_holds_when_the_line_starts_or_first_takes_in_it(office):
    before = THE_HEAD | {"jabatan": "Kepala Seksi Lama", "selesai": "2025-06-30"}
    now = THE_HEAD | {"mulai": "2025-07-01"}
    newer = PERSON | {"nip": OTHER, "nama": "Oka", "email": "", "mulai": "2026-01-01"}
    early = PERSON | {"mulai": "2020-01-01"}
    first(THE_BOSS, before, now, early, newer)
    assert lines(STAFF)[0][1] == "Kepala Seksi Lama"
    assert lines(OTHER)[0][1] == "Kepala Seksi Satu"


def test_absent_people_are_named_and_left_alone(office):
    first()
    before = snapshot()
    result = people_again(THE_BOSS, THE_HEAD)
    assert [(c.subject, c.key) for c in result.changes if c.action == "missing"] == [("placement", STAFF)]
    assert not result.applied
    assert snapshot() == before


def test_absent_people_are_ended_today_when_asked_for_with_their_lines_and_roles(any_office):
    run_import(units_csv(), people_csv(), roles_csv())
    result = people_again(THE_BOSS, THE_HEAD, end_missing=True)
    assert placements(STAFF) == [("Pelaksana", "definitif", "2024-01-01", "2026-06-15")]
    assert lines(STAFF) == [(HEAD, "Kepala Seksi Satu", "2024-01-01", "2026-06-15")]
    assert db.session.scalars(sa.select(RoleAppointment.ends)).all() == [date(2026, 6, 15)]
    assert (result.counts["placement"]["ended"], result.counts["role"]["ended"]) == (1, 1)
    with later(3):
        assert not people_again(THE_BOSS, THE_HEAD, end_missing=True).applied


def test_who_was_ended_by_mistake_and_comes_back_has_his_line_changed_and_not_ended(office):
    first()
    people_again(THE_BOSS, THE_HEAD, end_missing=True)
    back = people_again(THE_BOSS, THE_HEAD, PERSON)
    assert {(c.subject, c.action) for c in back.changes} == {("placement", "changed"), ("line", "changed")}
    assert (back.counts["line"]["changed"], back.counts["line"]["ended"]) == (1, 0)


def test_a_successor_is_refused_until_the_predecessor_ends(any_office):
    first()
    new = THE_HEAD | {"nip": OTHER, "nama": "Oka", "email": "", "mulai": "2026-05-01"}
    staff = PERSON | {"nip_penilai": OTHER, "mulai": "2026-05-01"}
    result = run_import(people=people_csv(THE_BOSS, new, staff))
    assert [(problem.row, problem.column) for problem in result.problems] == [(3, "jabatan")]
    assert HEAD in result.problems[0].reason
    people_again(THE_BOSS, new, staff, end_missing=True)
    assert placements(HEAD)[0][3] == "2026-04-30"
    assert lines(HEAD) == [(BOSS, "Direktur", "2024-01-01", "2026-04-30")]
    assert lines(STAFF)[-1] == (OTHER, "Kepala Seksi Satu", "2026-05-01", None)


def test_an_empty_unit_that_is_absent_is_closed_only_when_asked_for(any_office):
    run_import(units_csv(UNIT, SECTION, SECTION | {"kode": "A2"}), people_csv())
    left = run_import(units_csv(UNIT), dry_run=True)
    assert [c.key for c in left.changes if c.action == "missing"] == ["A1", "A2"]
    run_import(units_csv(UNIT), end_missing=True)
    closed = dict(db.session.execute(sa.select(Unit.code, Unit.valid_to)).all())
    assert closed == {"A": None, "A1": None, "A2": date(2026, 6, 15)}  # A1 still has people
    refused = run_import(people=people_csv(*BASE, PERSON | {"nip": OTHER, "email": "", "kode_unit": "A2"}))
    assert "ditutup" in refused.problems[0].reason
    run_import(units_csv(UNIT, SECTION, SECTION | {"kode": "A2"}))
    assert db.session.scalar(sa.select(Unit.valid_to).where(Unit.code == "A2")) is None


ACTING = PERSON | {
    "jabatan": "Kepala Seksi Satu", "jenjang": "pengawas", "jenis_penempatan": "plh", "mulai": "2026-06-01",
    "selesai": "2026-06-30", "nip_penilai": BOSS,
}  # fmt: skip
LETTER = {"nomor_surat": "PRIN-9/2026", "wewenang": "menandatangani"}
EXEMPTED = {
    "dikecualikan_mulai": "2026-02-01", "dikecualikan_selesai": "2026-12-31", "dikecualikan_alasan": "CLTN SK-7/2026",
}  # fmt: skip


def test_letters_and_exemptions_are_recorded_changed_and_let_be_by_a_file_without_their_columns(any_office):
    def recorded() -> tuple:
        db.session.expire_all()
        sari = person(STAFF)
        held = sa.select(Placement.letter, Placement.authority).where(Placement.kind == "plh")
        return (
            *db.session.execute(held).one(),
            str(sari.exempt_from),
            str(sari.exempt_to),
            sari.exempt_reason,
        )

    full = [row | dict.fromkeys((*LETTER, *EXEMPTED), "") for row in BASE]
    full[2] |= EXEMPTED
    full.append(full[2] | ACTING | LETTER)
    first(*full)
    assert recorded() == (*LETTER.values(), *EXEMPTED.values())
    assert not people_again(*full).applied, "the same file again changes nothing"
    assert not people_again(*BASE, ACTING).applied, "a file without the columns leaves what is on file"
    longer = people_again(*full[:2], *(row | {"dikecualikan_selesai": "2027-01-31"} for row in full[2:]))
    (change,) = longer.changes
    assert (change.subject, change.before["dikecualikan_selesai"], change.after["dikecualikan_selesai"]) == (
        "person", "2026-12-31", "2027-01-31",
    )  # fmt: skip
    none = dict.fromkeys((*LETTER, *EXEMPTED), "")
    told = {c.subject: dict(c.after) for c in people_again(*(row | none for row in full)).changes}
    assert told["person"] == {"dikecualikan_mulai": "-"}
    assert told["placement"]["nomor_surat"] == "-"
    assert recorded() == ("", "", "None", "None", "")


def test_whoever_is_no_civil_servant_comes_in_with_a_number_of_his_own(office):
    minister = THE_BOSS | {
        "nip": "196211090000000001", "status": "LAIN", "jabatan": "Menteri", "kelompok_jabatan": "lain",
        "jenjang": "menteri", "pangkat_golongan": "",
    }  # fmt: skip
    assert first(minister, THE_HEAD | {"nip_penilai": minister["nip"]}).warnings == ()
