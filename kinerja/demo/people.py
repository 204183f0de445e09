"""Who works in the demo office: its three files as they were on a day, and the import that brings them in."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Person
from kinerja.services.importing import run_import

HERE = Path(__file__).parent
EXEMPTION = ("dikecualikan_mulai", "dikecualikan_selesai", "dikecualikan_alasan")
UNITS, PEOPLE, ROLES = HERE / "unit.csv", HERE / "pegawai.csv", HERE / "peran.csv"


@dataclass(frozen=True)
class Home:
    """Where somebody works: his zone, the working days of his office, his post and unit."""

    zone: str
    workweek: int
    post: str
    unit: str


@cache
def rows() -> list[dict[str, str]]:
    """Every placement of the whole story, in the order of the file."""
    with PEOPLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def homes() -> dict[str, Home]:
    """Name -> where he works, by his first definitive placement."""
    with UNITS.open(encoding="utf-8", newline="") as file:
        units = {row["kode"]: row for row in csv.DictReader(file)}
    found: dict[str, Home] = {}
    for row in rows():
        unit = units[row["kode_unit"]]
        home = Home(unit["zona_waktu"], int(unit["pola_hari_kerja"]), row["jabatan"], row["kode_unit"])
        found.setdefault(row["nama"], home)
    return found


def file_as_of(day: date) -> bytes:
    """pegawai.csv as the office would have sent it on that day: nobody who came later, no end not yet known."""
    known = []
    for row in rows():
        if date.fromisoformat(row["mulai"]) > day:
            continue
        ends_later = row["selesai"] and date.fromisoformat(row["selesai"]) > day
        if ends_later and row["jenis_penempatan"] == "definitif":
            row = row | {"selesai": ""}
        # Told by the first import after its first day.
        if row["dikecualikan_mulai"] and date.fromisoformat(row["dikecualikan_mulai"]) > day:
            row = row | dict.fromkeys(EXEMPTION, "")
        known.append(row)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(known[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(known)
    return text.getvalue().encode()


def bring_in(day: date, *, actor_id: int | None = None) -> None:
    """Import the office as it is on a day; the first time with units and roles."""
    first = actor_id is None
    result = run_import(
        UNITS if first else None,
        file_as_of(day),
        ROLES if first else None,
        actor_id=actor_id,
        bootstrap=first,
        preview=0,
    )
    if not result.ok:
        raise ValueError("; ".join(f"{p.file} {p.row}: {p.reason}" for p in result.problems))


def ids() -> dict[str, int]:
    """Name -> id of everybody who is there."""
    return {name: person for person, name in db.session.execute(sa.select(Person.id, Person.name)).all()}


def nip_of(name: str) -> str:
    """The NIP of one of the people of the story."""
    return next(row["nip"] for row in rows() if row["nama"] == name)
