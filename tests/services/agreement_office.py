"""A ministry of two UPK and their heads: the tables are filled by hand, everything after that by the services."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from kinerja import clock, models
from kinerja.db import db, transaction
from kinerja.ids import new_key, new_public_id
from kinerja.services import agreement_start, manuals, transitions
from kinerja.services.agreements import pk_of
from tests.services import monitoring_office as made

JANUARY = datetime(2026, 1, 7, 3, tzinfo=UTC)
QUARTERS = ("TW1", "TW2", "TW3", "TW4")
PERSPECTIVES = ("stakeholder", "customer", "internal_process", "learning_growth")


@dataclass
class Ministry:
    people: dict[str, int]
    units: dict[str, int]
    period: int

    def begin(self, unit: str = "direktorat", by: str = "direktur", **more: Any) -> str:
        """A new PK; gives its public id."""
        period = db.session.get_one(models.Period, self.period)
        return agreement_start.create_pk(self.units[unit], period, by_id=self.people[by], **more).public_id

    def send(self, pk: str, event: str, who: str | None, **more: Any) -> models.Document:
        version = transitions.load(pk).version
        person = self.people[who] if who else None
        return transitions.send(pk, event, person, version=version, **more).document

    def appoint(self, who: str, role: str, unit: str | None = None) -> None:
        """Give somebody a role in a unit, or in the whole ministry."""
        with transaction():
            db.session.add(
                models.RoleAppointment(
                    public_id=new_public_id(), person_id=self.people[who], role=role,
                    unit_id=self.units[unit] if unit else None, starts=date(2025, 1, 1), decree="SK-2",
                    confirmed_by_id=self.people["menteri"], confirmed_at=JANUARY,
                )
            )  # fmt: skip

    def fill(self, pk: str, by: str = "direktur", **more: Any) -> None:
        self.send(pk, "edit", by, change=content(**more))

    def agreed(self, pk: str, first: str = "direktur", second: str = "menteri", **more: Any) -> None:
        self.fill(pk, first, **more)
        for event, who in (
            ("propose", first),
            ("open_dialogue", second),
            ("agree", first),
            ("agree", second),
        ):
            self.send(pk, event, who)

    def in_force(self, pk: str, **more: Any) -> None:
        self.agreed(pk, **more)
        self.send(pk, "send_review", "direktur")
        self.send(pk, "clear", "pengelola")
        self.send(pk, "sign_first", "direktur", signed=True)
        self.send(pk, "sign_second", "menteri", signed=True)


def measured(pk: str) -> None:
    """Every IKU of a PK has its manual in force, without the steps there: nothing is recorded before (PK-9)."""
    plan, now = transitions.load(pk), clock.now()
    with transaction():
        for iku in (iku for objective in pk_of(plan).objectives for iku in objective.indicators):
            name = f"manual{iku.key}"
            document = models.Document(
                public_id=name, print_number=name, kind="manual", slot="IKU", period_id=plan.period_id, state="in_force",
                subject_id=plan.subject_id, unit_id=plan.unit_id, state_since=now, created_at=now, updated_at=now,
            )  # fmt: skip
            db.session.add(document)
            db.session.flush()
            said = {"document_id": document.id, "iku_id": iku.id, "number": 1, "sealed_at": now}
            db.session.add(models.Manual(clause=manuals.clause_of_iku(iku), **said))


def content(**changes: Any) -> dict[str, Any]:
    """One objective with one IKU in each perspective, each supporting the one above it."""
    keys = [new_key() for _ in PERSPECTIVES]
    return {
        "pernyataan": "Sanggup mencapai target.",
        "sasaran": [
            {
                "key": key, "kode": str(n + 1), "perspektif": PERSPECTIVES[n],
                "pernyataan": f"Sasaran {n + 1} yang prima", "sebab": keys[n - 1 : n] if n else [], "iku": [iku(n + 1)],
            }
            for n, key in enumerate(keys)
        ],
    } | changes  # fmt: skip


def iku(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "key": new_key(), "kode": f"{number}a-N", "nama": f"Persentase layanan {number}", "target": Decimal("92.5"),
        "satuan": "persen", "polarisasi": "maximize", "konsolidasi": "average", "validitas": "proxy",
        "kendali": "moderate", "lintasan": {slot: Decimal("92.5") for slot in QUARTERS},
    } | changes  # fmt: skip


@contextmanager
def running(template: Path, files: Path) -> Iterator[Ministry]:
    """The ministry at work in a database of its own, on 7 January."""
    path = template.with_name(f"{secrets.token_hex(6)}.sqlite3")
    shutil.copy(template, path)
    app = made.app_over(f"sqlite:///{path}", files)
    with app.app_context(), clock.frozen(JANUARY):
        yield furnish()
        db.session.remove()
        db.engine.dispose()
    path.unlink()


def furnish() -> Ministry:
    """A ministry, a directorate below it, a section inside; heads of all three, a member of staff, a pengelola, a stranger."""
    with transaction():
        top = _unit("KEM", "Kementerian", "L0", None)
        middle = _unit("DIR", "Direktorat", "L2", top)
        section = _unit("SEK", "Seksi", "L4", middle, owns=False)
        places = {
            "menteri": top, "pengelola": top, "asing": top, "direktur": middle, "kasi": section, "staf": section,
        }  # fmt: skip
        people = {name: made._person(number, name) for number, name in enumerate(places, 1)}
        posts = {name: made._post(unit, name) for name, unit in places.items()}
        for name, post in posts.items():
            made._place(people[name], post, "definitif")
        above = {
            "menteri": None, "pengelola": "menteri", "asing": "menteri", "direktur": "menteri", "kasi": "direktur",
            "staf": "kasi",
        }  # fmt: skip
        for name, boss in above.items():
            made._line(people[name], people[boss] if boss else None, posts[boss] if boss else None)
        db.session.add(
            models.RoleAppointment(
                public_id="peranpengelola01", person_id=people["pengelola"].id, role="pengelola_organisasi",
                unit_id=top.id, starts=date(2025, 1, 1), decree="SK-1",
                confirmed_by_id=people["menteri"].id, confirmed_at=JANUARY,
            )
        )  # fmt: skip
        period = made._period()
    units = {"kementerian": top.id, "direktorat": middle.id, "seksi": section.id}
    return Ministry({name: person.id for name, person in people.items()}, units, period.id)


def _unit(code: str, name: str, level: str, above: models.Unit | None, *, owns: bool = True) -> models.Unit:
    unit = models.Unit(
        code=code, name=name, level=level, kind="kantor_pusat", zone="WIB", owns_strategy_map=owns,
        parent_id=above.id if above else None,
    )  # fmt: skip
    db.session.add(unit)
    db.session.flush()
    unit.path = f"{above.path if above else '/'}{unit.id}/"
    db.session.flush()
    return unit
