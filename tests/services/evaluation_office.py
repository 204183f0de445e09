"""A ministry of four levels with one SKP in force: enough people that no two of them must ever be one party."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kinerja import clock, models
from kinerja.db import db, transaction
from kinerja.ids import new_public_id
from kinerja.rules.registry import CODES, regulation
from kinerja.services import evaluation, identity, objections, transitions
from kinerja.services.periods import default_windows
from kinerja.workflows.roles import Actor
from tests.services.monitoring_office import app_over

YEAR = 2026
BEGIN = datetime(YEAR, 1, 26, 3, tzinfo=UTC)
# name: level of the unit he heads or works in, who is above him
PEOPLE = {
    "menteri": ("L0", None), "dirjen": ("L1", "menteri"), "direktur": ("L2", "dirjen"),
    "kasubdit": ("L3", "direktur"), "pegawai": ("L3", "kasubdit"), "rekan": ("L3", "kasubdit"),
    "pengelola": ("L1", "dirjen"), "komite": ("L1", "dirjen"), "komite2": ("L1", "dirjen"),
    "asing": ("L1", "dirjen"), "auditor": ("L1", "dirjen"), "wakil": ("L3", None),
}  # fmt: skip
ROLES = {
    "pengelola": "pengelola_pegawai", "komite": "komite_pelaksana", "komite2": "komite_pelaksana", "auditor": "auditor",
}  # fmt: skip
GOOD = {"result_rating": "sesuai", "behaviour_rating": "sesuai"}
WHY = {
    "result_reason": "Capaian sesuai rencana menurut bukti.",
    "behaviour_reason": "Perilaku konsisten sepanjang triwulan.",
    "recommendation": "Pertahankan ketepatan waktu.",
}


def moment(day: date, hour: int = 3) -> datetime:
    return datetime.combine(day, time(hour), UTC)


@dataclass
class Office:
    """Ids of everybody, the units, and verbs that send what a person would send."""

    people: dict[str, int]
    units: dict[str, int]
    skp_id: int

    def document(
        self, kind: str = "predicate_review", slot: str = "TW1", who: str = "pegawai"
    ) -> models.Document:
        return db.session.scalars(
            sa.select(models.Document)
            .where(
                models.Document.kind == kind, models.Document.slot == slot,
                models.Document.subject_id == self.people[who],
            )
            .order_by(models.Document.id.desc())
            .execution_options(populate_existing=True)
        ).first() or _missing(kind, slot)  # fmt: skip

    def state(self, kind: str = "predicate_review", slot: str = "TW1") -> str:
        return self.document(kind, slot).state

    def review(self, slot: str = "TW1") -> models.Review:
        return db.session.get_one(models.Review, self.document(slot=slot).id, populate_existing=True)

    def objection(self, slot: str = "TW1") -> models.Objection:
        return db.session.get_one(
            models.Objection, self.document("objection", slot).id, populate_existing=True
        )

    def actor(self, who: str, kind: str = "predicate_review", slot: str = "TW1") -> Actor:
        return identity.actor_for(self.document(kind, slot), self.people[who])

    def send(
        self,
        event: str,
        who: str | None,
        kind: str = "predicate_review",
        slot: str = "TW1",
        of: str = "pegawai",
        **more: Any,
    ) -> models.Document:
        document = self.document(kind, slot, of)
        person = self.people[who] if who else None
        return transitions.send(document.public_id, event, person, version=document.version, **more).document

    def allowed(self, who: str | None, kind: str = "predicate_review", slot: str = "TW1") -> set[str]:
        """The events that are this person's to send now."""
        from kinerja.services.kinds import kind_of
        from kinerja.workflows.roles import SYSTEM

        document = self.document(kind, slot)
        actor = SYSTEM if who is None else identity.actor_for(document, self.people[who])
        chosen = kind_of(kind)
        return {move.event for move in chosen.flow.allowed(chosen.facts(document), actor)}

    def due(self, day: date) -> int:
        """What the system owes on a day: new evaluations, then whatever lapsed; until nothing is left."""
        done = evaluation.prepare_reviews(day)
        for _ in range(5):
            step = evaluation.fall_due(day) + objections.fall_due(day)
            done += step
            if not step:
                break
        return done

    def organisation(self, predicate: str = "baik", slot: str = "TW1") -> None:
        self.send("set_org_result", "dirjen", slot=slot, change={"predicate": predicate})

    def propose(self, who: str = "kasubdit", slot: str = "TW1", of: str = "pegawai", **change: Any) -> None:
        event = "propose" if self.document(slot=slot, who=of).state == "prepared" else "propose_superior"
        reason = {"realisation_reason": "Pegawai cuti, realisasi menyusul."}
        self.send(event, who, slot=slot, of=of, change=GOOD | WHY | reason | change)

    def to_received(self, slot: str = "TW1", **change: Any) -> None:
        """The plain way from prepared to received: proposed, confirmed, determined, signed, delivered."""
        self.organisation(slot=slot)
        self.propose(slot=slot, **change)
        self.send("calibrate", "direktur", slot=slot, change={})
        self.send("determine", "kasubdit", slot=slot)
        self.send("sign_form", "kasubdit", slot=slot, signed=True)
        self.send("deliver", "kasubdit", slot=slot)
        self.send("receive", "pegawai", slot=slot)

    def object(self, **change: Any) -> None:
        given = {
            "targets": ["rating_hasil"],
            "reasons": "Data terlambat dari unit lain.",
            "request": "Sesuai",
        } | change
        self.send("object", "pegawai", change=given)

    def appoint(self, who: str, role: str) -> None:
        """Give somebody a role for the whole ministry."""
        with transaction():
            db.session.add(
                models.RoleAppointment(
                    public_id=new_public_id(), person_id=self.people[who], role=role, unit_id=None,
                    starts=date(2020, 1, 1), granted_by_id=self.people["menteri"],
                    confirmed_by_id=self.people["direktur"], confirmed_at=BEGIN,
                )
            )  # fmt: skip
        identity.relations_changed()

    def place(self, who: str, at: str, kind: str, starts: date) -> None:
        """Put somebody on the post of another: Plt or Plh."""
        with transaction():
            post = db.session.scalars(sa.select(models.Post).where(models.Post.title == _title(at))).one()
            db.session.add(
                models.Placement(
                    person_id=self.people[who],
                    post_id=post.id,
                    kind=kind,
                    starts=starts,
                    recorded_at=clock.now(),
                )
            )


def _missing(kind: str, slot: str) -> models.Document:
    raise LookupError(f"no {kind} {slot}")


def _title(name: str) -> str:
    return f"Jabatan {name}"


@contextmanager
def at(day: date, hour: int = 3) -> Iterator[None]:
    """A working morning of that day."""
    with clock.frozen(moment(day, hour)):
        yield


@contextmanager
def running(template: Path, files: Path, **setting: Any) -> Iterator[Office]:
    """The ministry at work in a database of its own, on 26 January."""
    path = template.with_name(f"{secrets.token_hex(6)}.sqlite3")
    shutil.copy(template, path)
    app = app_over(f"sqlite:///{path}", files)
    with app.app_context(), clock.frozen(BEGIN):
        yield furnish(**setting)
        db.session.remove()
        db.engine.dispose()
    path.unlink()


def furnish(
    rule_set: str = "kmk300-2022", levels: int = 1, rank: str = "ahli_muda", colleague: bool = False,
    establish: bool = True,
) -> Office:  # fmt: skip
    """The office; with `colleague` the other one of the same penilai has an SKP in force too.

    Without `establish` the SKP still waits for the penilai.
    """
    with transaction():
        units = _units()
        people = {name: _person(number, name) for number, name in enumerate(PEOPLE, 1)}
        posts: dict[str, models.Post] = {}
        for name, (level, _above) in PEOPLE.items():
            posts[name] = _post(units[level], name, rank)
            if name != "wakil":
                _place(people[name], posts[name])
        for name, (_level, above) in PEOPLE.items():
            if name != "wakil":
                _line(people[name], people[above] if above else None, posts[above] if above else None)
        for name, role in ROLES.items():
            db.session.add(
                models.RoleAppointment(
                    public_id=f"peran{name:_>10}", person_id=people[name].id, role=role, unit_id=units["L0"].id,
                    starts=date(2020, 1, 1), granted_by_id=people["menteri"].id, confirmed_by_id=people["dirjen"].id,
                    confirmed_at=BEGIN,
                )
            )  # fmt: skip
        period = _period(rule_set, levels)
        planned = ["pegawai", *(["rekan"] if colleague else [])]
        skps = [
            _skp(people[who], units["L3"], posts[who], period, number)
            for number, who in enumerate(planned, 1)
        ]
    office = Office(
        {name: person.id for name, person in people.items()}, {k: u.id for k, u in units.items()}, skps[0]
    )
    for skp_id in skps if establish else ():
        skp = db.session.get_one(models.Document, skp_id, populate_existing=True)
        transitions.send(
            skp.public_id, "establish", office.people["kasubdit"], version=skp.version, signed=True
        )
    return office


def _units() -> dict[str, models.Unit]:
    found: dict[str, models.Unit] = {}
    parent: models.Unit | None = None
    for level, name in (
        ("L0", "Kementerian"),
        ("L1", "Ditjen"),
        ("L2", "Direktorat"),
        ("L3", "Subdirektorat"),
    ):
        unit = models.Unit(
            code=level, name=name, level=level, kind="kantor_pusat", zone="WIB", owns_strategy_map=level != "L3",
            parent_id=parent.id if parent else None,
        )  # fmt: skip
        db.session.add(unit)
        db.session.flush()
        unit.path = f"{parent.path if parent else '/'}{unit.id}/"
        found[level] = parent = unit
    return found


def _person(number: int, name: str) -> models.Person:
    person = models.Person(
        public_id=f"orang{number:011d}", nip=f"19800101200501{number:04d}", name=name.capitalize(), search_name=name,
        status="PNS",
    )  # fmt: skip
    db.session.add(person)
    db.session.flush()
    return person


def _post(unit: models.Unit, name: str, rank: str) -> models.Post:
    group = {"L0": "lain", "L1": "JPT", "L2": "JPT"}.get(unit.level, "JA")
    post = models.Post(
        unit_id=unit.id,
        title=_title(name),
        post_group="JF" if name in ("pegawai", "rekan") else group,
        rank=rank,
    )
    db.session.add(post)
    db.session.flush()
    return post


def _place(person: models.Person, post: models.Post) -> None:
    db.session.add(
        models.Placement(
            person_id=person.id, post_id=post.id, kind="definitif", starts=date(2020, 1, 1), recorded_at=BEGIN
        )
    )


def _line(person: models.Person, above: models.Person | None, post: models.Post | None) -> None:
    db.session.add(
        models.ReportingLine(
            person_id=person.id,
            superior_id=above.id if above else None,
            superior_post_id=post.id if post else None,
            starts=date(2020, 1, 1),
            believed_from=BEGIN - timedelta(days=400),
        )
    )


def _period(rule_set: str, levels: int) -> models.Period:
    # The law of a period is kept by its id and the moment it was opened: two offices of one run must not share it.
    opened_at = BEGIN + timedelta(minutes=CODES.index(rule_set))
    period = models.Period(
        year=YEAR, rule_set=rule_set, rules=regulation(rule_set).freeze(), state="open", opened_at=opened_at,
        calibration_levels=levels, windows=[models.PeriodWindow(**w) for w in default_windows(rule_set, YEAR)],
    )  # fmt: skip
    db.session.add(period)
    db.session.flush()
    return period


def _skp(
    person: models.Person, unit: models.Unit, post: models.Post, period: models.Period, number: int = 1
) -> int:
    document = models.Document(
        public_id=f"skpskpskpskpskp{number + 1}", kind="skp", print_number=f"SKP-2026-{number:06d}", period=period, subject_id=person.id,
        unit_id=unit.id, span_start=f"{YEAR}-01-01", state="signed_employee", state_since=BEGIN, created_at=BEGIN,
        updated_at=BEGIN,
    )  # fmt: skip
    db.session.add(document)
    db.session.flush()
    rows = []
    for key, target in (("satu", "40"), ("dua", "60")):
        targets = [models.IndicatorTarget(slot=f"TW{n}", value=Decimal(target)) for n in range(1, 5)]
        indicator = models.SkpIndicator(
            key=key, position=1, text=f"Jumlah set data {key}", aspects="kuantitas", target=Decimal(target) * 4,
            measure="set data", targets=targets,
        )  # fmt: skip
        rows.append(
            models.SkpRow(
                key=f"baris-{key}", kind="utama", position=len(rows) + 1, rhk=f"Set data {key} siap pakai",
                indicators=[indicator],
            )
        )  # fmt: skip
    lines = [
        {
            "key": block,
            "blok": block,
            "kategori": "",
            "teks": "Ada",
            "jadwal": "",
            "data": "",
            "sumber_data": "",
            "disepakati": True,
            "terealisasi": "belum",
        }
        for block in ("dukungan", "pertanggungjawaban", "konsekuensi_positif")
    ]
    db.session.add(
        models.Skp(
            document_id=document.id,
            post_id=post.id,
            starts=date(YEAR, 1, 1),
            ends=date(YEAR, 12, 31),
            rows=rows,
            attachment=lines,
        )
    )
    db.session.flush()
    return document.id
