"""A small ministry for the pages of Pengaturan, on a migrated database, and browsers that are signed in."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask

from kinerja.db import db
from kinerja.models import AuditRow
from kinerja.services import access, period_setup
from kinerja.services.calendars import load_holidays
from tests.access.conftest import Browser, Office


class Ministry:
    """People by name: two admins, a pengelola of one unit, a head of it, staff, and somebody of another unit."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            office = Office()
            self.unit, self.other = office.unit("Direktorat Layanan Data"), office.unit("Direktorat Lain")
            boss = office.person("Budi Santoso", unit=self.unit)
            self.ids = {
                "boss": boss,
                "staff": office.person(
                    "Sari Wulandari", email="sari@contoh.go.id", unit=self.unit, superior=boss
                ),
                "stranger": office.person("Tono Hartono", unit=self.other),
                "admin": office.person("Ayu Lestari", role="admin_sistem"),
                "admin2": office.person("Bima Saputra", role="admin_sistem"),
                "pengelola": office.person(
                    "Rina Kusuma",
                    unit=self.unit,
                    superior=boss,
                    role="pengelola_pegawai",
                    role_unit=self.unit,
                ),
                "komite": office.person("Citra Dewi", role="komite_pelaksana"),
                "auditor": office.person("Fajar Nugraha", role="auditor"),
            }
            self.nips = {name: office.nip(person) for name, person in self.ids.items()}
            self.public = {name: office.public_id(person) for name, person in self.ids.items()}
            load_holidays([2026])
            db.session.rollback()

    def browser(self, name: str) -> Browser:
        """A browser in which this person is signed in, device and password given a moment ago."""
        made = Browser(self.app)
        made.client.environ_base["HTTP_REFERER"] = "https://localhost/"
        with self.app.app_context():
            token = access.enter(self.ids[name], demo=True).token
        with made.client.session_transaction(base_url="https://localhost") as session:
            session["t"] = token
        return made

    def query(self, statement: Any) -> list[Any]:
        with self.app.app_context():
            return list(db.session.execute(statement).all())

    def acts(self, action: str) -> int:
        """How many sealed audit rows there are of an act."""
        return len(self.query(sa.select(AuditRow.id).where(AuditRow.action == action)))

    def open_year(self, year: int, code: str = "kmk300-2022") -> None:
        with self.app.app_context():
            proposal = period_setup.proposal(self.ids["admin"], year, code, "triwulanan")
            period_setup.open_year(
                self.ids["admin"],
                year=year,
                rule_set=code,
                rhythm="triwulanan",
                windows=proposal.windows,
                review_initial_skp=False,
                calibration_levels=1,
            )
