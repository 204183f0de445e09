"""A unit that is renamed or moved keeps what it was, and so does a post: each day has the name that held on it."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Unit, UnitVersion
from kinerja.services import identity, unit_names
from kinerja.services.importing import run_import
from tests.importing.conftest import PERSON, SECTION, STAFF, UNIT, people_csv, units_csv
from tests.importing.ways import first, later, people_again, person

DIVISION = UNIT | {"kode": "B", "nama": "Bagian", "kode_induk": "A", "level": "L3"}


def names_on(*days: str) -> list[str]:
    query = sa.select(unit_names.name_on(sa.bindparam("day", type_=sa.Date()))).where(Unit.code == "A1")
    return [db.session.execute(query, {"day": date.fromisoformat(day)}).scalar_one() for day in days]


def renamed(name: str, **more: str) -> None:
    assert run_import(units_csv(UNIT, DIVISION, SECTION | {"nama": name} | more)).applied


def test_each_day_has_the_name_that_held_on_it_and_the_first_reaches_back_to_the_beginning(any_office):
    first()
    renamed("Seksi Mutu")  # on 15 June
    with later(10):
        renamed("Seksi Data")
    assert names_on("2021-01-04", "2026-06-14", "2026-06-15", "2026-06-24", "2026-06-25", "2027-01-01") == [
        "Seksi Satu", "Seksi Satu", "Seksi Mutu", "Seksi Mutu", "Seksi Data", "Seksi Data",
    ]  # fmt: skip
    sari = person(STAFF).id
    told = {
        day: identity.holder_of(sari, date.fromisoformat(day)).unit_name
        for day in ("2026-06-14", "2026-06-26")
    }
    assert told == {"2026-06-14": "Seksi Satu", "2026-06-26": "Seksi Data"}


def test_a_second_change_on_one_day_leaves_nothing_between_and_the_same_file_nothing_at_all(any_office):
    first()
    renamed("Seksi Salah Ketik")
    renamed("Seksi Mutu")
    assert not run_import(units_csv(UNIT, DIVISION, SECTION | {"nama": "Seksi Mutu"})).applied
    assert names_on("2026-06-14", "2026-06-15") == ["Seksi Satu", "Seksi Mutu"]
    assert db.session.scalar(sa.select(sa.func.count(UnitVersion.id))) == 1


def test_a_unit_that_moves_keeps_the_unit_it_stood_under_with_its_days(any_office):
    first()
    with later(10):
        renamed("Seksi Satu", kode_induk="B")
    with later(20):
        renamed("Seksi Satu")
    above = sa.orm.aliased(Unit)
    kept = db.session.execute(
        sa.select(above.code, UnitVersion.starts, UnitVersion.ends)
        .join(above, above.id == UnitVersion.parent_id)
        .order_by(UnitVersion.ends)
    ).all()
    assert [tuple(row) for row in kept] == [
        ("A", None, date(2026, 6, 24)),
        ("B", date(2026, 6, 25), date(2026, 7, 4)),
    ]


def test_a_post_is_renamed_from_a_day_on_and_what_was_before_keeps_the_former_name(any_office):
    first()
    sari = person(STAFF).id
    with later(10):
        again = PERSON | {"jabatan": "Pengolah Data"}
        (refused,) = run_import(people=people_csv(again)).problems
        assert refused.column == "mulai", "a post that was held under one name is not held under another"
        people_again(again | {"mulai": "2026-06-20"})
        told = {
            day: identity.holder_of(sari, date.fromisoformat(day)).post_title
            for day in ("2026-06-19", "2026-06-20")
        }
    assert told == {"2026-06-19": "Pelaksana", "2026-06-20": "Pengolah Data"}
