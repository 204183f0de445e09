"""A small office for whole-application tests: a director, a head of subdirectorate, two analysts, and the offices
that watch over them. Everybody has the same password."""

from __future__ import annotations

from datetime import UTC, date, datetime

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.ids import new_public_id
from kinerja.models import Account, Person, Placement, Post, ReportingLine, RoleAppointment, Unit
from kinerja.services import passwords, periods

PASSWORD = "hujan di bulan november"
PASSWORD_HASH = passwords.hash_password(PASSWORD)
JANUARY = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)

# key: name, NIP, post, group, rank, unit key, penilai
PEOPLE = {
    "menteri": ("Sri Hartati", "196001011985032001", "Sekretaris Jenderal", "JPT", "madya", "pusat", None),
    "ratih": ("Ratih Kusumaningrum", "197001011995032001", "Direktur Layanan Data", "JPT", "pratama", "dir", "menteri"),
    "bagas": ("Bagas Wicaksono", "197502021999031001", "Kasubdit Mutu Data", "JA", "administrator", "sub", "ratih"),
    "sekar": ("Sekar Ayu Lestari", "199003032015032001", "Analis Data Ahli Muda", "JF", "ahli muda", "sub", "bagas"),
    "dimas": ("Dimas Prakoso", "199104042016031001", "Analis Data Ahli Pertama", "JF", "ahli pertama", "sub", "bagas"),
    "wening": ("Wening Astuti", "198505052010032001", "Kepala Subbagian Tata Usaha", "JA", "pengawas", "dir", "ratih"),
    "admin": ("Johan Lumban", "198806062012031001", "Pranata Komputer", "JF", "ahli muda", "pusat", "menteri"),
    "auditor": ("Komang Arta", "198007072005031001", "Auditor Ahli Madya", "JF", "ahli madya", "pusat", "menteri"),
    "lain": ("Petrus Wenda", "199208082018031001", "Pengolah Data", "JA", "pelaksana", "jauh", "menteri"),
}  # fmt: skip
UNITS = {
    "pusat": ("K", "Kementerian Contoh", "L0", None, "WIB", True),
    "dir": ("DLD", "Direktorat Layanan Data", "L2", "pusat", "WIB", True),
    "sub": ("SMD", "Subdirektorat Mutu Data", "L3", "dir", "WIB", False),
    "jauh": ("KJP", "Kantor Pelayanan Jayapura", "L3", "pusat", "WIT", True),
}
ROLES = (
    ("wening", "pengelola_pegawai", "dir"),
    ("wening", "pengelola_organisasi", "dir"),
    ("admin", "admin_sistem", None),
    ("auditor", "auditor", None),
)


def furnish(year: int = 2026) -> dict[str, int]:
    """Write the office and open a year; gives back person ids by key."""
    with clock.frozen(JANUARY):
        with transaction():
            units: dict[str, Unit] = {}
            for key, (code, name, level, parent, zone, owns_map) in UNITS.items():
                above = units[parent] if parent else None
                unit = Unit(
                    code=code, name=name, level=level, kind="kantor_pusat", zone=zone, owns_strategy_map=owns_map,
                    parent_id=above.id if above else None,
                )  # fmt: skip
                db.session.add(unit)
                db.session.flush()
                unit.path = (above.path if above else "/") + f"{unit.id}/"
                units[key] = unit
            people: dict[str, tuple[Person, Post]] = {}
            for key, (name, nip, title, group, rank, unit_key, boss) in PEOPLE.items():
                person = Person(
                    public_id=new_public_id(), nip=nip, name=name, search_name=name.lower(), status="PNS",
                    email=f"{key}@contoh.go.id", grade="III/d",
                )  # fmt: skip
                post = Post(unit_id=units[unit_key].id, title=title, post_group=group, rank=rank)
                db.session.add_all([person, post])
                db.session.flush()
                start = date(2020, 1, 1)
                db.session.add(
                    Placement(
                        person_id=person.id,
                        post_id=post.id,
                        kind="definitif",
                        starts=start,
                        recorded_at=JANUARY,
                    )
                )
                db.session.add(Account(person_id=person.id, password_hash=PASSWORD_HASH))
                above_person = people[boss] if boss else None
                db.session.add(
                    ReportingLine(
                        person_id=person.id, starts=start, believed_from=JANUARY,
                        superior_id=above_person[0].id if above_person else None,
                        superior_post_id=above_person[1].id if above_person else None,
                    )
                )  # fmt: skip
                people[key] = (person, post)
            for key, role, unit_key in ROLES:
                db.session.add(
                    RoleAppointment(
                        public_id=new_public_id(), person_id=people[key][0].id, role=role,
                        unit_id=units[unit_key].id if unit_key else None, starts=date(2020, 1, 1), confirmed_at=JANUARY,
                    )
                )  # fmt: skip
            ids = {key: person.id for key, (person, _post) in people.items()}
        periods.open_period(
            None, year=year, rule_set="kmk300-2022", windows=periods.default_windows("kmk300-2022", year)
        )
    return ids
