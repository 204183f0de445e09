"""A small office to import into, on either database, and short ways to write its files."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from kinerja import clock, models  # noqa: F401  (models: registers the tables)
from kinerja.db import db, prepare_engine
from kinerja.services.importing import COLUMNS
from kinerja.services.importing.reading import OPTIONAL

NOON = datetime(2026, 6, 15, 5, tzinfo=UTC)


def app_over(url: str) -> Flask:
    app = Flask("import")
    app.config.update(SQLALCHEMY_DATABASE_URI=url, AUDIT_KEY="chains-the-audit-in-tests-and-nowhere-else")
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        db.create_all()
    return app


def _running(url: str) -> Iterator[Flask]:
    app = app_over(url)
    with app.app_context(), clock.frozen(NOON):
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def office(tmp_path: Any) -> Iterator[Flask]:
    """An empty database on SQLite, at noon of 15 June 2026."""
    yield from _running(f"sqlite:///{tmp_path / 'office.sqlite3'}")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def any_office(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Flask]:
    """The same on both databases."""
    if request.param == "sqlite":
        yield from _running(f"sqlite:///{tmp_path / 'office.sqlite3'}")
        return
    cluster = request.getfixturevalue("pg_cluster")
    name = f"import_{secrets.token_hex(6)}"
    url = cluster.create(name)
    yield from _running(url)
    cluster.drop(name)


def nip(number: int, born: str = "19800101") -> str:
    return f"{born}2005011{number:03d}"


BOSS, HEAD, STAFF, OTHER = nip(1), nip(2), nip(3), nip(4)
UNIT = {
    "kode": "A",
    "nama": "Direktorat",
    "kode_induk": "",
    "level": "L2",
    "jenis": "kantor_pusat",
    "zona_waktu": "WIB",
    "pola_hari_kerja": "5",
    "punya_peta_strategi": "ya",
}
SECTION = UNIT | {
    "kode": "A1",
    "nama": "Seksi Satu",
    "kode_induk": "A",
    "level": "L4",
    "punya_peta_strategi": "tidak",
}
PERSON = {
    "nip": STAFF,
    "nama": "Sari Lestari",
    "email": "sari@contoh.go.id",
    "status": "PNS",
    "pangkat_golongan": "Penata (III/c)",
    "jabatan": "Pelaksana",
    "kelompok_jabatan": "JA",
    "jenjang": "pelaksana",
    "kode_unit": "A1",
    "nip_penilai": HEAD,
    "jenis_penempatan": "definitif",
    "mulai": "2024-01-01",
    "selesai": "",
}
THE_BOSS = PERSON | {
    "nip": BOSS,
    "nama": "Bima Kusuma",
    "email": "bima@contoh.go.id",
    "jabatan": "Direktur",
    "kelompok_jabatan": "JPT",
    "jenjang": "pratama",
    "kode_unit": "A",
    "nip_penilai": "",
}
THE_HEAD = PERSON | {
    "nip": HEAD,
    "nama": "Hana Wibowo",
    "email": "hana@contoh.go.id",
    "jabatan": "Kepala Seksi Satu",
    "jenjang": "pengawas",
    "nip_penilai": BOSS,
}
ROLE = {
    "nip": STAFF,
    "peran": "pengelola_pegawai",
    "kode_unit": "A",
    "mulai": "2026-01-01",
    "selesai": "",
    "nomor_sk": "SK-1/2026",
}
UNITS = [UNIT, SECTION]
PEOPLE = [THE_BOSS, THE_HEAD, PERSON]


def csv_of(name: str, rows: list[dict[str, str]], delimiter: str = ",") -> bytes:
    columns = (*COLUMNS[name], *(column for column in OPTIONAL[name] if column in rows[0]))
    lines = [delimiter.join(columns), *(delimiter.join(row[column] for column in columns) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def units_csv(*rows: dict[str, str]) -> bytes:
    return csv_of("unit.csv", list(rows or UNITS))


def people_csv(*rows: dict[str, str]) -> bytes:
    return csv_of("pegawai.csv", list(rows or PEOPLE))


def roles_csv(*rows: dict[str, str]) -> bytes:
    return csv_of("peran.csv", list(rows or (ROLE,)))


Counter = Callable[[], int]
