"""The matriks of the demo office: a directorate's, shared out by what its director promises; and a subdirectorate's.

Both are shared in the first days of January, so that the SKP below are drafted from them; the directorate's is written
anew for the IKU of its PK when that is agreed, the subdirectorate's in July, when somebody has come.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from kinerja.db import db
from kinerja.demo import people
from kinerja.demo.stage import Stage
from kinerja.ids import new_key
from kinerja.models import Document, Person, Unit
from kinerja.services import assignments, matrix_start, transitions
from kinerja.services.matrices import matrix_of
from kinerja.services.matrix_columns import columns_of
from kinerja.services.matrix_edit import member_key
from kinerja.services.matrix_roles import roles_of
from kinerja.services.periods import period_of

YEAR = 2026
DIRECTORATE, SUBDIRECTORATE, LEAD = "Ratih Kusumaningrum", "Bagas Wicaksono", "Sekar Ayu Lestari"
TEAM = "Tim Katalog Data"
# Whose SKP is drafted by then: first the director's, then the subdirectorate's head, then the others.
DRAFTED = {DIRECTORATE: date(2026, 1, 5), SUBDIRECTORATE: date(2026, 1, 6)}
TO_HEADS, TO_STAFF, FOR_PK, CHANGED = (
    date(2026, 1, 5), date(2026, 1, 6), date(2026, 2, 2), date(2026, 7, 17),
)  # fmt: skip
# Asked of the penilai of the next subdirectorate and approved; and asked of another, who has not answered yet.
LENT, ASKED = ("Gilang Ramadhan", "Lukman Hakim Lubis"), "Ahmad Zulkarnain"
# (person, the beginning of the indicator, what he delivers, how it is shared out, his portion).
HEADS = (
    (SUBDIRECTORATE, "Indeks mutu data", "Mutu data layanan publik meningkat", "output_antara", None),
    (SUBDIRECTORATE, "Persentase layanan prioritas", "Pertukaran data antarunit berjalan andal", "layanan", None),
    (SUBDIRECTORATE, "Indeks kepuasan", "Pengguna data terlayani tepat waktu", "layanan", None),
    (SUBDIRECTORATE, "Indeks mutu data", "Katalog data kementerian terpadu", "layanan", None),
    ("Lukman Hakim Lubis", "Persentase layanan prioritas", "Layanan pertukaran data kementerian tersedia bagi unit pengguna", "wilayah", None),
    ("Nyoman Adi Putra", "Indeks kepuasan", "Kepuasan pengguna data meningkat", "layanan", None),
    ("Endang Lestariningsih", "Nilai kinerja anggaran", "Anggaran rutin terserap tepat guna", "layanan", None),
)  # fmt: skip
# The same and more for the IKU of the PK. What is counted in units stands under what is counted in sets of data, the
# portions miss the target by twenty, and nobody delivers the certificates: what the page of the cascade is there for.
HEADS_FOR_PK = (
    (SUBDIRECTORATE, "Indeks mutu data", "Mutu data layanan publik meningkat", "output_antara", None),
    (SUBDIRECTORATE, "Persentase layanan prioritas", "Pertukaran data antarunit berjalan andal", "layanan", None),
    (SUBDIRECTORATE, "Persentase standar layanan", "Pengguna data terlayani tepat waktu", "layanan", None),
    (SUBDIRECTORATE, "Jumlah set data", "Katalog data kementerian terpadu", "beban_target", "560"),
    ("Lukman Hakim Lubis", "Persentase layanan prioritas", "Layanan pertukaran data kementerian tersedia bagi unit pengguna", "wilayah", None),
    ("Lukman Hakim Lubis", "Jumlah set data", "Set data pertukaran yang berstandar", "beban_target", "380"),
    ("Nyoman Adi Putra", "Persentase standar layanan", "Kepuasan pengguna data meningkat", "layanan", None),
    ("Nyoman Adi Putra", "Rata-rata hari kerja", "Permintaan data yang selesai dalam tiga hari kerja", "aspek", None),
    ("Endang Lestariningsih", "Nilai kinerja anggaran", "Anggaran rutin terserap tepat guna", "layanan", None),
)  # fmt: skip
CATALOGUE = "Set data pada katalog memenuhi standar metadata"
STAFF = (
    (LEAD, "Indeks mutu data", "Laporan mutu data triwulanan yang akurat dan dipakai unit pengguna", "output_antara", None),
    (LEAD, "Persentase set data katalog", CATALOGUE, "output_antara", None),
    (LEAD, "Rata-rata hari kerja", "Rekomendasi perbaikan data ditindaklanjuti unit pemilik data", "output_antara", None),
    ("Made Suryani", "Indeks mutu data", "Indeks mutu data kementerian terbit dengan metode yang dapat diulang", "output_antara", None),
)  # fmt: skip
OF_TEAM = (
    ("Dimas Prakoso", "Set data pada katalog", CATALOGUE, "output_antara", None),
    ("Rizal Fahmi", "Set data pada katalog", "Antarmuka data baru siap dipakai unit pengguna", "layanan", None),
)  # fmt: skip
STAFF_NOW = (
    *STAFF[:3],
    ("Made Suryani", "Indeks mutu data", "Indeks mutu data kementerian yang terbit setiap triwulan", "output_antara", None),
    (LENT[0], "Jumlah set data prioritas", "Gerbang pertukaran yang melayani set data prioritas", "layanan", None),
    ("Fajar Nugroho", "Jumlah set data prioritas", "Analisis anomali data layanan yang dipakai untuk perbaikan di sumbernya", "output_antara", None),
)  # fmt: skip
REWORDED = {STAFF_NOW[3][2]: STAFF[3][2]}
FROM_MATRIX = frozenset(who for who, *_rest in (*HEADS, *STAFF, *OF_TEAM))


def plan(stage: Stage) -> None:
    """Put both on the stage."""
    _begin(stage, DIRECTORATE, "DLD", TO_HEADS, HEADS)
    _share(stage, DIRECTORATE, TO_HEADS)
    _change(stage, DIRECTORATE, FOR_PK, 10, HEADS_FOR_PK)
    _share(stage, DIRECTORATE, FOR_PK)
    _begin(stage, SUBDIRECTORATE, "DLD-MD", TO_STAFF, STAFF)
    _change(stage, SUBDIRECTORATE, TO_STAFF, 11, OF_TEAM, LEAD)
    _share(stage, SUBDIRECTORATE, TO_STAFF)
    _lend(stage)
    _change(stage, SUBDIRECTORATE, CHANGED, 10, STAFF_NOW)


def _lend(stage: Stage) -> None:
    waiting: list[str] = []

    def ask(name: str, decree: str, starts: date) -> None:
        unit = next(one for one in assignments.units_of(stage.ids[SUBDIRECTORATE]) if one.code == "DLD-MD")
        wanted = assignments.Wanted(unit.id, people.nip_of(name), TEAM, decree, starts, date(2026, 12, 31))
        waiting.append(assignments.ask(stage.ids[SUBDIRECTORATE], wanted))

    name, superior = LENT
    moment = stage.at(SUBDIRECTORATE, date(2026, 2, 10), 9)
    stage.add(moment, "penugasan asked", lambda: ask(name, "ST-12/DLD/2026", date(2026, 2, 16)))
    moment = stage.at(superior, date(2026, 2, 11), 9)
    stage.add(moment, "penugasan approved", lambda: assignments.approve(stage.ids[superior], waiting[0]))
    moment = stage.at(SUBDIRECTORATE, date(2026, 7, 16), 9)
    stage.add(moment, "penugasan asked", lambda: ask(ASKED, "ST-88/DLD/2026", date(2026, 8, 3)))


def first_day(name: str, day: date) -> date:
    """The day on which an SKP of this year is drafted, for whoever waits for a matriks or is waited for."""
    if name in DRAFTED:
        return DRAFTED[name]
    return max(day, date(2026, 1, 7)) if name in FROM_MATRIX else day


def with_cells(change: Mapping[str, Any], document: Document) -> dict[str, Any]:
    """The content of an SKP as the form would send it after its rows were taken from the matriks."""
    cells = {one.cell.text: one.cell.key for one in roles_of(document.subject_id, document.period)}
    return dict(change) | {
        "baris": [row | {"sel": cells.get(row["rhk"], "")} for row in change["baris"]],
    }


def _begin(stage: Stage, head: str, unit: str, day: date, roles: Any) -> None:
    def create() -> None:
        period = period_of(day.year)
        found = db.session.scalars(sa.select(Unit).where(Unit.code == unit)).one()
        assert period is not None
        stage.forget(head)
        matrix_start.create_matrix(found.id, period, by_id=stage.ids[head])
        _write(stage, head, head, roles)

    stage.add(stage.at(head, day, 10), f"{unit} create matrix", create, about=head)


def _change(stage: Stage, head: str, day: date, hour: int, roles: Any, by: str = "") -> None:
    stage.add(
        stage.at(head, day, hour),
        f"{head} roles {day}",
        lambda: _write(stage, head, by or head, roles),
        about=head,
    )


def _share(stage: Stage, head: str, day: date) -> None:
    stage.plan(stage.at(head, day, 14), head, "matrix", YEAR, "share", head)


def _write(stage: Stage, head: str, by: str, roles: Any) -> None:
    """The roles as the form would send them; those of a team stand under a result of its ketua. Whoever is not named
    keeps what he has."""
    document = stage.document(head, "matrix", YEAR)
    members = {m.person.name: m for m in matrix_of(document).members}
    columns = {column.text: column.key for column in (columns_of(document) if by == head else ())}
    columns |= {cell.text: cell.key for cell in members[by].cells} if by != head else {}
    change: dict[str, dict[str, Any]] = {}
    for name, indicator, text, method, portion in roles:
        known = {cell.text: cell.key for cell in (members[name].cells if name in members else ())}
        key = member_key(db.session.get_one(Person, stage.ids[name]).public_id)
        line = change.setdefault(name, {"key": key, "peran": []})
        line["peran"].append(
            {
                "key": known.get(REWORDED.get(text, text), "") or new_key(), "kolom": _key(columns, indicator),
                "teks": text, "metode": method, "porsi": portion,
            }
        )  # fmt: skip
        if by != head:
            line["anggota_tim"] = [members[by].key]
        elif name == LEAD:
            line["tim"] = TEAM
    given = {"anggota": list(change.values())}
    transitions.send(document.public_id, "edit", stage.ids[by], version=document.version, change=given)


def _key(keys: Mapping[str, str], begins: str) -> str:
    return next(key for text, key in keys.items() if text.startswith(begins))
