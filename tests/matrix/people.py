"""The people of the matrix: everybody who can be anything, or nothing, to one employee and his documents.

`self` leads a section, so that he has a superior chain of three, peers and a subordinate. `plt` leads, for a time, a
subdirectorate without a holder: what he may do is asked of the documents of `other_self`, who works there. `delegate` prepares in his name, and signs evaluations.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.ids import new_public_id
from kinerja.models import Account, Delegation, Person, Placement, Post, ReportingLine, RoleAppointment, Unit
from kinerja.services import passwords, periods

PASSWORD = "kabut pagi di atas sawah"
PASSWORD_HASH = passwords.hash_password(PASSWORD)
NOW = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
CHANGED_ON = date(2025, 7, 1)

# key: (code, name, level, parent, owns a map)
UNITS = {
    "top": ("K", "Kementerian Contoh", "L0", None, True),
    "general": ("DJ", "Direktorat Jenderal Data", "L1", "top", True),
    "dir": ("DLD", "Direktorat Layanan Data", "L2", "general", True),
    "sub": ("SMD", "Subdirektorat Mutu Data", "L3", "dir", False),
    "section": ("SPD", "Seksi Pemeriksaan Data", "L4", "sub", False),
    "vacant": ("SPT", "Subdirektorat Pertukaran Data", "L3", "dir", False),
    "far": ("KJP", "Kantor Pelayanan Jayapura", "L3", "top", True),
}
# key: (unit, post, group, rank, key of the superior)
PEOPLE = {
    "minister": ("top", "Menteri", "lain", "", None),
    "grand": ("general", "Direktur Jenderal Data", "JPT", "madya", "minister"),
    "supsup": ("dir", "Direktur Layanan Data", "JPT", "pratama", "grand"),
    "supervisor": ("sub", "Kepala Subdirektorat Mutu Data", "JA", "administrator", "supsup"),
    "self": ("section", "Kepala Seksi Pemeriksaan Data", "JA", "pengawas", "supervisor"),
    "subordinate": ("section", "Pemeriksa Data", "JA", "pelaksana", "self"),
    "chosen_peer": ("sub", "Analis Data Ahli Muda", "JF", "ahli muda", "supervisor"),
    "unchosen_peer": ("sub", "Analis Mutu Ahli Muda", "JF", "ahli muda", "supervisor"),
    "former": ("far", "Kepala Kantor Pelayanan Jayapura", "JA", "administrator", "minister"),
    "plh": ("dir", "Kepala Bagian Tata Usaha", "JA", "administrator", "supsup"),
    "retired": ("vacant", "Kepala Subdirektorat Pertukaran Data", "JA", "administrator", "supsup"),
    "plt": ("far", "Kepala Seksi Layanan Jayapura", "JA", "pengawas", "former"),
    "other_self": ("vacant", "Analis Pertukaran Ahli Muda", "JF", "ahli muda", "retired"),
    "manager_own": ("sub", "Pengolah Kepegawaian", "JA", "pelaksana", "plh"),
    "manager_parent": ("general", "Analis Kepegawaian Ahli Muda", "JF", "ahli muda", "grand"),
    "manager_other": ("far", "Pengolah Kepegawaian Jayapura", "JA", "pelaksana", "former"),
    "org_manager": ("dir", "Perencana Ahli Muda", "JF", "ahli muda", "plh"),
    "committee": ("top", "Sekretaris Jenderal", "JPT", "madya", "minister"),
    "secretariat": ("top", "Kepala Biro SDM", "JPT", "pratama", "committee"),
    "tpk": ("dir", "Kepala Subdirektorat Tim Penilai", "JA", "administrator", "supsup"),
    "pyb": ("general", "Sekretaris Direktorat Jenderal", "JPT", "pratama", "grand"),
    "assigned_counsellor": ("top", "Psikolog Ahli Madya", "JF", "ahli madya", "secretariat"),
    "other_counsellor": ("top", "Konselor Ahli Muda", "JF", "ahli muda", "secretariat"),
    "auditor": ("top", "Auditor Ahli Madya", "JF", "ahli madya", "minister"),
    "disabled": ("top", "Auditor Ahli Utama", "JF", "ahli utama", "minister"),
    "admin": ("top", "Pranata Komputer Ahli Muda", "JF", "ahli muda", "secretariat"),
    "stranger": ("far", "Pengolah Data Jayapura", "JA", "pelaksana", "former"),
    "delegate": ("vacant", "Analis Pertukaran Ahli Madya", "JF", "ahli madya", "retired"),
}  # fmt: skip
ROLES = (
    ("manager_own", "pengelola_pegawai", "sub"),
    ("manager_parent", "pengelola_pegawai", "general"),
    ("manager_other", "pengelola_pegawai", "far"),
    ("org_manager", "pengelola_organisasi", "dir"),
    ("committee", "komite_pelaksana", None),
    ("secretariat", "sekretariat_komite", None),
    ("tpk", "anggota_tpk", "dir"),
    ("pyb", "pyb", "general"),
    ("assigned_counsellor", "konselor", None),
    ("other_counsellor", "konselor", None),
    ("auditor", "auditor", None),
    ("disabled", "auditor", None),
    ("admin", "admin_sistem", None),
)


def nip(key: str) -> str:
    """A NIP with a possible birth date and a serial of its own."""
    return f"198{list(PEOPLE).index(key) // 10}0101200503{1000 + list(PEOPLE).index(key)}"


def furnish() -> dict[str, int]:
    """Write units, people, relations and roles, and open two years; gives back person ids by key."""
    with clock.frozen(datetime(2025, 1, 6, 2, tzinfo=UTC)):
        with transaction():
            units = _units()
            ids = _people(units)
        for year in (2025, 2026):
            periods.open_period(
                None, year=year, rule_set="kmk300-2022", windows=periods.default_windows("kmk300-2022", year)
            )
    return ids


def _units() -> dict[str, Unit]:
    made: dict[str, Unit] = {}
    for key, (code, name, level, parent, owns_map) in UNITS.items():
        above = made[parent] if parent else None
        unit = Unit(
            code=code, name=name, level=level, kind="kantor_pusat", zone="WIB", owns_strategy_map=owns_map,
            parent_id=above.id if above else None,
        )  # fmt: skip
        db.session.add(unit)
        db.session.flush()
        unit.path = (above.path if above else "/") + f"{unit.id}/"
        made[key] = unit
    return made


def _people(units: dict[str, Unit]) -> dict[str, int]:
    people: dict[str, Person] = {}
    posts: dict[str, Post] = {}
    for key, (unit, title, group, rank, _boss) in PEOPLE.items():
        person = Person(
            public_id=new_public_id(), nip=nip(key), name=f"Orang {key.title()}", search_name=f"orang {key}",
            status="PNS", email=f"{key}@contoh.go.id", grade="III/d",
        )  # fmt: skip
        post = Post(unit_id=units[unit].id, title=title, post_group=group, rank=rank)
        db.session.add_all([person, post])
        db.session.flush()
        people[key], posts[key] = person, post
        disabled = NOW if key == "disabled" else None
        db.session.add(Account(person_id=person.id, password_hash=PASSWORD_HASH, disabled_at=disabled))
        ends = date(2025, 12, 31) if key == "retired" else None
        starts = CHANGED_ON if key in ("supervisor", "former") else LONG_AGO
        _place(person, post, "definitif", starts, ends)
    for key, (_unit, _title, _group, _rank, boss) in PEOPLE.items():
        _line(
            people[key],
            people.get(boss or ""),
            posts.get(boss or ""),
            LONG_AGO if key != "self" else CHANGED_ON,
        )
    # Until the middle of last year somebody else led the subdirectorate and was the superior of `self`.
    _place(people["former"], posts["supervisor"], "definitif", LONG_AGO, date(2025, 6, 30))
    _line(people["self"], people["former"], posts["supervisor"], LONG_AGO, date(2025, 6, 30))
    _place(people["plt"], posts["retired"], "plt", date(2026, 1, 1), date(2026, 12, 31))
    _place(people["plh"], posts["supervisor"], "plh", date(2026, 3, 30), date(2026, 4, 10))
    # The Plt. delegates: plans and realisations to be prepared, evaluations also to be signed.
    for kinds, may_sign in (("skp realisation", False), ("predicate_review", True)):
        db.session.add(
            Delegation(
                public_id=new_public_id(), holder_id=people["plt"].id, delegate_id=people["delegate"].id,
                post_id=posts["retired"].id, starts=date(2026, 1, 1), ends=date(2026, 12, 31), letter="ST-1/2026",
                letter_date=date(2026, 1, 1), kinds=kinds, may_sign=may_sign, given_at=NOW, accepted_at=NOW,
            )
        )  # fmt: skip
    for key, role, unit_key in ROLES:
        db.session.add(
            RoleAppointment(
                public_id=new_public_id(), person_id=people[key].id, role=role, starts=LONG_AGO, confirmed_at=NOW,
                unit_id=units[unit_key].id if unit_key else None,
            )
        )  # fmt: skip
    return {key: person.id for key, person in people.items()}


def _place(person: Person, post: Post, kind: str, starts: date, ends: date | None = None) -> None:
    db.session.add(
        Placement(person_id=person.id, post_id=post.id, kind=kind, starts=starts, ends=ends, recorded_at=NOW)
    )


def _line(
    person: Person, above: Person | None, post: Post | None, starts: date, ends: date | None = None
) -> None:
    db.session.add(
        ReportingLine(
            person_id=person.id, superior_id=above.id if above else None, superior_post_id=post.id if post else None,
            starts=starts, ends=ends, believed_from=datetime(2020, 1, 1, tzinfo=UTC),
        )
    )  # fmt: skip
