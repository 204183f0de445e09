"""A sound small office, and short ways to look at it."""

from __future__ import annotations

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import (
    Person,
    Unit,
)
from kinerja.services.importing import run_import
from kinerja.services.structure_checks import run_checks
from tests.importing.conftest import (
    BOSS,
    HEAD,
    OTHER,
    PERSON,
    ROLE,
    SECTION,
    THE_BOSS,
    THE_HEAD,
    UNIT,
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
