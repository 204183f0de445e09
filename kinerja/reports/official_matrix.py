"""The matriks pembagian peran dan hasil on paper: Format A.1.5, one level and two (PermenPANRB 6/2022 p.47-49).

The first sheet is the leader's; where a tim kerja was formed, one more for each: the results of its ketua above, its
members below.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from kinerja.reports.official import Cell, Content, Copy, Row, Sheet, Table, cell, head, listed

TITLE = "MATRIKS PEMBAGIAN PERAN DAN HASIL"
COLUMNS = "OUTCOME ANTARA/ OUTPUT/ LAYANAN"
NO_ROLE = "TIDAK ADA PERAN"
# What the names take of the width, in percent; the rest is shared by the indicators.
NAME, POST = 14, 14
# More indicators do not fit on a sheet: they go on on the next one.
A_SHEET = 6


def sheets(copy: Copy) -> tuple[Sheet, ...]:
    """The sheets of a matrix in the order of the form."""
    content = copy.content
    leader = content["pimpinan"]
    columns = [(one["key"], one["teks"]) for one in content["indikator"]]
    people = content["anggota"]
    made = [*_sheets(copy, leader["nama"], leader["jabatan"], columns, people)]
    for lead in (one for one in people if one["tim"]):
        results = [(one["key"], one["teks"]) for one in lead["peran"] if one["teks"].strip()]
        members = [one for one in people if lead["key"] in one["anggota_tim"]]
        if results and members:
            made += _sheets(copy, lead["nama"], lead["jabatan"], results, members)
    return tuple(made)


def _sheets(
    copy: Copy, name: str, post: str, columns: Sequence[tuple[str, str]], people: Sequence[Content]
) -> list[Sheet]:
    parts = [columns[n : n + A_SHEET] for n in range(0, len(columns), A_SHEET)] or [[]]
    return [_sheet(copy, name, post, part, people) for part in parts]


def _sheet(
    copy: Copy, name: str, post: str, columns: Sequence[tuple[str, str]], people: Sequence[Content]
) -> Sheet:
    content = copy.content
    count = max(len(columns), 1)
    each = (100 - NAME - POST) // count
    top = Row((head("PEGAWAI"), head("JABATAN"), head(COLUMNS, colspan=count, head="colgroup")), band=True)
    leader = Row(
        (
            cell(name, head="row"), cell(post),
            *(cell(text, head="col") for _key, text in columns or [("", "")]),
        ),
        band=True,
    )  # fmt: skip
    body = tuple(
        Row((cell(one["nama"], head="row"), cell(one["jabatan"]), *_roles(one, columns))) for one in people
    )
    return Sheet(
        form="A.1.5",
        title=(TITLE,),
        period_line="",
        agency=copy.agency.upper(),
        span=(f"{content['unit']['nama'].upper()}, TAHUN {content['tahun']}",),
        tables=(
            Table("Matriks pembagian peran dan hasil", (NAME, POST, *[each] * count), (top, leader), body),
        ),
        signatures=(),
        notes=(),
        mark=copy.mark,
    )


def _roles(person: Mapping[str, Any], columns: Sequence[tuple[str, str]]) -> list[Cell]:
    return [
        cell(*found) if (found := listed(_texts(person, key, text))) else cell(NO_ROLE, centre=True)
        for key, text in columns or [("", "")]
    ]


def _texts(person: Mapping[str, Any], key: str, text: str) -> list[str]:
    """What somebody delivers for a column: by its key, or by what it said when the role was written."""
    same = text.lower().split()
    return [
        one["teks"]
        for one in person["peran"]
        if one["teks"].strip() and (one["kolom"] == key or one["teks_kolom"].lower().split() == same)
    ]
