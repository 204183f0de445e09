"""What a person sees of himself, and how he says that something of it is wrong."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.ids import new_public_id
from kinerja.models import DataReport, Person, Placement, Post, Unit
from kinerja.rules.words import N_
from kinerja.services import identity

# What can be reported as wrong: id and name; `lain` for everything a list cannot foresee.
FIELDS: tuple[tuple[str, str], ...] = (
    ("nama", N_("Nama atau gelar")),
    ("nip", N_("NIP")),
    ("email", N_("E-mail")),
    ("status", N_("Status kepegawaian")),
    ("pangkat", N_("Pangkat atau golongan ruang")),
    ("jabatan", N_("Jabatan")),
    ("unit", N_("Unit kerja")),
    ("penilai", N_("Pejabat Penilai Kinerja")),
    ("penempatan", N_("Tanggal penempatan, Plt., atau Plh.")),
    ("peran", N_("Peran yang ditunjuk")),
    ("lain", N_("Lainnya")),
)
STATES = {"open": N_("Menunggu pengelola"), "done": N_("Sudah diperbaiki"), "refused": N_("Tidak diubah")}


@dataclass(frozen=True)
class PlacementRow:
    """A post somebody holds, as the profile shows it."""

    kind: str
    post: str
    rank: str
    unit: str
    zone: str
    starts: date
    ends: date | None
    letter: str


@dataclass(frozen=True)
class ProfileView:
    """The facts kinerja works with about one person, today."""

    name: str
    nip: str
    email: str
    status: str
    grade: str
    placements: tuple[PlacementRow, ...]
    penilai: str
    penilai_why: str
    atasan: str


@dataclass(frozen=True)
class ReportRow:
    """One "Data saya salah" and what became of it."""

    public_id: str
    field: str
    field_label: str
    text: str
    state: str
    state_label: str
    answer: str
    created_at: datetime
    answered_at: datetime | None


def view_of(person_id: int) -> ProfileView:
    """Everything the profile block shows; four statements."""
    person = db.session.get_one(Person, person_id)
    today = clock.today()
    rows = db.session.execute(
        sa.select(Placement, Post, Unit)
        .join(Post, Post.id == Placement.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Placement.person_id == person_id, sa.or_(Placement.ends.is_(None), Placement.ends >= today))
        .order_by(sa.case((Placement.kind == "definitif", 0), else_=1), Placement.starts)
    )
    placements = tuple(
        PlacementRow(p.kind, post.title, post.rank, unit.name, unit.zone, p.starts, p.ends, p.letter)
        for p, post, unit in rows
    )
    chain = identity.superiors(person_id, today)
    first = chain[0] if chain else None
    second = chain[1] if len(chain) > 1 else None
    return ProfileView(
        person.name,
        person.nip,
        person.email or "",
        person.status,
        person.grade,
        placements,
        f"{first.name}, {first.on_behalf or first.post_title}" if first else "",
        first.why if first else "",
        f"{second.name}, {second.on_behalf or second.post_title}" if second else "",
    )


def report_wrong_data(person_id: int, field: str, text: str) -> DataReport:
    """Put a report into the queue of the person's unit. It stops no document and changes nothing by itself."""
    if field not in dict(FIELDS):
        raise ValueError(field)
    with transaction():
        report = DataReport(
            public_id=new_public_id(),
            person_id=person_id,
            unit_id=_unit_of(person_id),
            field=field,
            text=text.strip(),
            created_at=clock.now(),
        )
        db.session.add(report)
        db.session.flush()
    return report


def _unit_of(person_id: int) -> int | None:
    today = clock.today()
    return db.session.scalar(
        sa.select(Post.unit_id)
        .join(Placement, Placement.post_id == Post.id)
        .where(
            Placement.person_id == person_id,
            Placement.starts <= today,
            sa.or_(Placement.ends.is_(None), Placement.ends >= today),
        )
        .order_by(sa.case((Placement.kind == "definitif", 0), else_=1))
        .limit(1)
    )


def reports_of(person_id: int, limit: int = 20) -> list[ReportRow]:
    """A person's own reports, the newest first."""
    names = dict(FIELDS)
    rows = db.session.scalars(
        sa.select(DataReport)
        .where(DataReport.person_id == person_id)
        .order_by(DataReport.id.desc())
        .limit(limit)
    )
    return [
        ReportRow(
            r.public_id,
            r.field,
            names.get(r.field, r.field),
            r.text,
            r.state,
            STATES[r.state],
            r.answer,
            r.created_at,
            r.answered_at,
        )
        for r in rows
    ]
