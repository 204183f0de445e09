"""The matriks of the demo office: a directorate's, shared out by IKU; and a subdirectorate's that is being written."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.demo.stage import Stage
from kinerja.ids import new_key
from kinerja.models import Unit
from kinerja.services import matrix_start, transitions
from kinerja.services.matrices import matrix_of
from kinerja.services.matrix_columns import columns_of
from kinerja.services.periods import period_of

DIRECTORATE, SUBDIRECTORATE = "Ratih Kusumaningrum", "Bagas Wicaksono"
SHARED, WRITTEN = date(2026, 2, 2), date(2026, 7, 17)
# (person, the beginning of the indicator, what he delivers, how it is shared out, his portion).
ROLES = (
    ("Bagas Wicaksono", "Indeks mutu data", "Data layanan prioritas yang lengkap dan mutakhir", "output_antara", None),
    ("Bagas Wicaksono", "Jumlah set data", "Set data Jakarta yang memenuhi standar metadata", "beban_target", "560"),
    ("Lukman Hakim Lubis", "Persentase layanan prioritas", "Layanan prioritas yang terhubung", "wilayah", None),
    ("Lukman Hakim Lubis", "Jumlah set data", "Set data pertukaran yang berstandar", "beban_target", "400"),
    ("Nyoman Adi Putra", "Persentase standar layanan", "Permintaan data yang terjawab sesuai standar", "layanan", None),
    ("Nyoman Adi Putra", "Rata-rata hari kerja", "Permintaan data yang selesai dalam tiga hari kerja", "aspek", None),
    ("Endang Lestariningsih", "Nilai kinerja anggaran", "Anggaran direktorat yang terserap tepat guna", "layanan", None),
)  # fmt: skip
TEAM = ("Sekar Ayu Lestari", "Tim Katalog Data", ("Dimas Prakoso", "Rizal Fahmi"))
OF_TEAM = (
    (
        "Sekar Ayu Lestari",
        "Persentase set data katalog",
        "Katalog data yang memenuhi standar",
        "output_antara",
        None,
    ),
    ("Made Suryani", "Indeks mutu data", "Hasil ukur mutu data yang dipakai pemiliknya", "layanan", None),
)
OF_MEMBERS = (("Rizal Fahmi", "Katalog data", "Modul katalog yang siap dipakai", "output_antara", None),)


def plan(stage: Stage) -> None:
    """Put both on the stage."""
    _begin(stage, DIRECTORATE, "DLD", SHARED, ROLES)
    stage.plan(stage.at(DIRECTORATE, SHARED, 14), DIRECTORATE, "matrix", SHARED.year, "share", DIRECTORATE)
    _begin(stage, SUBDIRECTORATE, "DLD-MD", WRITTEN, OF_TEAM)
    name, _team, _members = TEAM
    moment = stage.at(SUBDIRECTORATE, WRITTEN, 15)
    stage.add(moment, "DLD-MD roles of a team", lambda: _write(stage, SUBDIRECTORATE, name, OF_MEMBERS))


def _begin(stage: Stage, head: str, unit: str, day: date, roles: Any) -> None:
    def create() -> None:
        period = period_of(day.year)
        found = db.session.scalars(sa.select(Unit).where(Unit.code == unit)).one()
        assert period is not None
        stage.forget(head)
        matrix_start.create_matrix(found.id, period, by_id=stage.ids[head])
        _write(stage, head, head, roles)

    stage.add(stage.at(head, day, 10), f"{unit} create matrix", create, about=head)


def _write(stage: Stage, head: str, by: str, roles: Any) -> None:
    """The roles as the form would send them; those of a team stand under a result of its ketua."""
    document = stage.document(head, "matrix", WRITTEN.year)
    members = {m.person.name: m for m in matrix_of(document).members}
    columns = list(columns_of(document)) if by == head else []
    keys = {column.text: column.key for column in columns}
    keys |= {c.text: c.key for m in members.values() for c in m.cells}
    change = []
    for name, member in members.items():
        own = [
            {
                "key": new_key(),
                "kolom": _key(keys, indicator),
                "teks": text,
                "metode": method,
                "porsi": portion,
            }
            for who, indicator, text, method, portion in roles
            if who == name
        ]
        line: dict[str, Any] = {"key": member.key, "peran": own}
        if head == SUBDIRECTORATE and by == head:
            lead, team, others = TEAM
            line |= {"tim": team if name == lead else ""}
            line |= {"anggota_tim": [members[lead].key] if name in others else []}
        change.append(line)
    person = stage.ids[by]
    transitions.send(document.public_id, "edit", person, version=document.version, change={"anggota": change})


def _key(keys: dict[str, str], begins: str) -> str:
    return next(key for text, key in keys.items() if text.startswith(begins))
