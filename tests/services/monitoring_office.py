"""A small office with one SKP on its way: the tables are filled by hand, everything after that by the services."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
from flask import Flask

from kinerja import clock, models
from kinerja.db import db, prepare_engine, transaction
from kinerja.extensions import MIGRATIONS
from kinerja.rules.registry import regulation
from kinerja.services import transitions
from kinerja.services.periods import default_windows
from kinerja.services.trajectory import Trajectory, trajectory

YEAR = 2026
JANUARY = datetime(YEAR, 1, 26, 3, tzinfo=UTC)
APRIL = datetime(YEAR, 4, 6, 3, tzinfo=UTC)


def app_over(url: str, files: Path) -> Flask:
    """Database and files of kinerja, without its pages."""
    app = Flask("pemantauan")
    app.config.update(
        SQLALCHEMY_DATABASE_URI=url,
        AUDIT_KEY="chains-the-audit-in-tests-and-nowhere-else",
        FILES=files,
        TESTING=True,
    )
    db.init_app(app)
    flask_migrate.Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    with app.app_context():
        prepare_engine(db.engine)
    return app


@contextmanager
def running(template: Path, files: Path) -> Iterator[Office]:
    """The office at work in a database of its own, on 26 January; its evidence lies under `files`."""
    path = template.with_name(f"{secrets.token_hex(6)}.sqlite3")
    shutil.copy(template, path)
    app = app_over(f"sqlite:///{path}", files)
    with app.app_context(), clock.frozen(JANUARY):
        yield furnish()
        db.session.remove()
        db.engine.dispose()
    path.unlink()


@dataclass
class Office:
    """Ids of everybody, and the SKP's document."""

    people: dict[str, int]
    skp_id: int
    indicators: dict[str, int]

    def document(self, slot: str = "TW1") -> models.Document:
        """The realisation of a slot as it is stored now."""
        found = db.session.scalars(
            sa.select(models.Document)
            .where(
                models.Document.kind == "realisation",
                models.Document.parent_id == self.skp_id,
                models.Document.slot == slot,
            )
            .execution_options(populate_existing=True)
        ).one()
        return found

    def state(self, slot: str = "TW1") -> str:
        return self.document(slot).state

    def send(self, event: str, who: str | None, slot: str = "TW1", **more: Any) -> transitions.Sent:
        """Send an event with the version as stored."""
        document = self.document(slot)
        person = self.people[who] if who else None
        return transitions.send(document.public_id, event, person, version=document.version, **more)

    def establish(self) -> None:
        skp = db.session.get_one(models.Document, self.skp_id, populate_existing=True)
        transitions.send(skp.public_id, "establish", self.people["penilai"], version=skp.version, signed=True)

    def fill(self, values: dict[str, str], slot: str = "TW1", **more: Any) -> None:
        """Type values, with a reason instead of evidence."""
        items = {
            key: {"value": Decimal(value), "obstacle": "Bukti menyusul dari unit lain."}
            for key, value in values.items()
        }
        self.send("save", "pegawai", slot, change={"items": items} | more)

    def record(self, slot: str = "TW1", **values: str) -> None:
        self.fill(values or {"jumlah": "38", "hari": "12"}, slot)
        self.send("record", "pegawai", slot)

    def trajectory(self, **more: Any) -> Trajectory:
        return trajectory(db.session.get_one(models.Skp, self.skp_id), **more)

    def locked(self) -> dict[str, bool]:
        rows = db.session.execute(sa.select(models.SkpIndicator.key, models.SkpIndicator.locked_at)).all()
        return {key: at is not None for key, at in rows}


def furnish() -> Office:
    """One unit, a chain of three above one employee, a Plh., a stranger; an SKP signed by the employee."""
    with transaction():
        unit = models.Unit(
            code="U", name="Subdirektorat Mutu Data", level="L3", kind="subdirektorat", zone="WIB"
        )
        db.session.add(unit)
        db.session.flush()
        unit.path = f"/{unit.id}/"
        names = ("pegawai", "penilai", "atasan", "puncak", "plh", "asing")
        people = {name: _person(number, name) for number, name in enumerate(names, 1)}
        posts = {name: _post(unit, name) for name in ("pegawai", "penilai", "atasan", "puncak", "asing")}
        for name, post in posts.items():
            _place(people[name], post, "definitif")
        _place(people["plh"], posts["penilai"], "plh")
        for below, above in (
            ("pegawai", "penilai"),
            ("penilai", "atasan"),
            ("atasan", "puncak"),
            ("puncak", None),
        ):
            _line(people[below], people[above] if above else None, posts[above] if above else None)
        period = _period()
        skp_id, indicators = _skp(people["pegawai"], unit, posts["pegawai"], period)
    return Office({name: person.id for name, person in people.items()}, skp_id, indicators)


def _person(number: int, name: str) -> models.Person:
    person = models.Person(
        public_id=f"orang{number:011d}",
        nip=f"19800101200501{number:04d}",
        name=name.capitalize(),
        search_name=name,
        status="PNS",
    )
    db.session.add(person)
    db.session.flush()
    return person


def _post(unit: models.Unit, name: str) -> models.Post:
    group = "JF" if name == "pegawai" else "JA"
    post = models.Post(unit_id=unit.id, title=f"Jabatan {name}", post_group=group, rank="ahli_muda")
    db.session.add(post)
    db.session.flush()
    return post


def _place(person: models.Person, post: models.Post, kind: str) -> None:
    db.session.add(
        models.Placement(
            person_id=person.id, post_id=post.id, kind=kind, starts=date(2020, 1, 1), recorded_at=JANUARY
        )
    )


def _line(person: models.Person, above: models.Person | None, post: models.Post | None) -> None:
    db.session.add(
        models.ReportingLine(
            person_id=person.id,
            superior_id=above.id if above else None,
            superior_post_id=post.id if post else None,
            starts=date(2020, 1, 1),
            believed_from=JANUARY - timedelta(days=400),
        )
    )


def _period() -> models.Period:
    period = models.Period(
        year=YEAR,
        rule_set="kmk300-2022",
        rules=regulation("kmk300-2022").freeze(),
        state="open",
        opened_at=JANUARY,
        windows=[models.PeriodWindow(**window) for window in default_windows("kmk300-2022", YEAR)],
    )
    db.session.add(period)
    db.session.flush()
    return period


TARGETS = {"jumlah": ("40", "60", "70", "70"), "hari": ("12", "12", "12", "12")}


def _skp(
    person: models.Person, unit: models.Unit, post: models.Post, period: models.Period
) -> tuple[int, dict[str, int]]:
    document = models.Document(
        public_id="skpskpskpskpskp2",
        kind="skp",
        print_number="SKP-2026-000001",
        period=period,
        subject_id=person.id,
        unit_id=unit.id,
        span_start=f"{YEAR}-01-01",
        state="signed_employee",
        state_since=JANUARY,
        created_at=JANUARY,
        updated_at=JANUARY,
    )
    db.session.add(document)
    db.session.flush()
    counted = models.SkpIndicator(
        key="jumlah",
        position=1,
        text="Jumlah set data yang memenuhi standar",
        aspects="kuantitas",
        target=Decimal(240),
        measure="set data",
        targets=_targets("jumlah"),
    )
    days = models.SkpIndicator(
        key="hari",
        position=2,
        text="Rata-rata hari kerja penyelesaian",
        aspects="waktu",
        target=Decimal(12),
        measure="hari kerja",
        polarity="minimize",
        consolidation="average",
        targets=_targets("hari"),
    )
    row = models.SkpRow(
        key="hasil",
        kind="utama",
        position=1,
        rhk="Set data memenuhi standar metadata",
        indicators=[counted, days],
    )
    later = models.SkpIndicator(
        key="modul",
        position=1,
        text="Modul pelatihan yang disetujui",
        aspects="kuantitas",
        target=Decimal(1),
        measure="modul",
    )
    extra = models.SkpRow(
        key="lain", kind="tambahan", position=2, rhk="Modul pelatihan siap pakai", indicators=[later]
    )
    lines = [
        {
            "key": block[:12],
            "blok": block,
            "kategori": "",
            "teks": "Ada",
            "jadwal": "",
            "data": "",
            "sumber_data": "",
        }
        | {"disepakati": True, "terealisasi": "belum"}
        for block in ("dukungan", "pertanggungjawaban", "konsekuensi_positif")
    ]
    db.session.add(
        models.Skp(
            document_id=document.id,
            post_id=post.id,
            starts=date(YEAR, 1, 1),
            ends=date(YEAR, 12, 31),
            rows=[row, extra],
            attachment=lines,
        )
    )
    db.session.flush()
    return document.id, {"jumlah": counted.id, "hari": days.id, "modul": later.id}


def _targets(key: str) -> list[models.IndicatorTarget]:
    return [models.IndicatorTarget(slot=f"TW{n}", value=Decimal(v)) for n, v in enumerate(TARGETS[key], 1)]
