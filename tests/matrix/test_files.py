"""Every list as a file: CSV and workbook hold the rows the screen shows, no more and no fewer."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Person
from tests.matrix.cases import CASES
from tests.matrix.world import World

SKP = next(case for case in CASES if case.name == "skp/in_force")

# who, address with its filters, and what of the page the list stands in ("" is the first table).
LISTS = (
    ("supervisor", "/dokumen/?jenis=skp&keadaan=in_dialogue&unduh={kind}", "/dokumen/?jenis=skp&keadaan=in_dialogue", ""),
    ("supervisor", "/dokumen/?siapa=giliran&jenis=objection&unduh={kind}", "/dokumen/?siapa=giliran&jenis=objection", ""),
    ("supervisor", "/tim/?periode=TW1&saring=tanda&unduh={kind}", "/tim/?periode=TW1&saring=tanda", ""),
    ("manager_own", "/unit/?unduh={kind}", "/unit/", ""),
    ("manager_own", "/unit/SMD?tahap=tanpa-skp&unduh={kind}", "/unit/SMD?tahap=tanpa-skp", 'id="belum"'),
    ("admin", "/pengaturan/peran/?q=auditor&unduh={kind}", "/pengaturan/peran/?q=auditor", 'id="daftar"'),
    ("admin", "/pengaturan/struktur/?periksa=5&unduh={kind}", "/pengaturan/struktur/?periksa=5", 'id="temuan"'),
    ("admin", "/pengaturan/periode/?unduh={kind}", "/pengaturan/periode/", ""),
    ("admin", "/pengaturan/impor/?unduh={kind}", "/pengaturan/impor/", 'id="riwayat"'),
    ("admin", "/akun/kode-aktivasi?semua=1&unduh={kind}", "/akun/kode-aktivasi?semua=1", ""),
    ("manager_own", "/pengaturan/data-saya-salah/?unduh={kind}", "/pengaturan/data-saya-salah/", ""),
    ("auditor", "/pengaturan/jejak-perubahan/?q=PRB&unduh={kind}", "/pengaturan/jejak-perubahan/?q=PRB", ""),
    ("self", "/aturan/kmk300-2022?status=asumsi&q=tangga_&unduh={kind}", "/aturan/kmk300-2022?status=asumsi&q=tangga_", ""),
    ("self", "/aturan/tahun/2026?q=lampu&unduh={kind}", "/aturan/tahun/2026?q=lampu", ""),
    ("self", "/aturan/hari-libur/2026?unduh={kind}", "/aturan/hari-libur/2026", ""),
    ("self", "/bantuan/glosarium?unduh={kind}", "/bantuan/glosarium", ""),
    ("self", "/cari/?q=orang&unduh={kind}", "/cari/?q=orang", 'id="orang"'),
    ("self", "/profil/siapa-membaca-nilai-saya?unduh={kind}", "/profil/siapa-membaca-nilai-saya", ""),
    ("self", "/orang/{person}?unduh={kind}", "/orang/{person}", 'id="penempatan"'),
    ("self", "/aturan/kmk300-2022?bagian=riwayat&unduh={kind}", "/aturan/kmk300-2022", 'id="riwayat"'),
    ("self", "{skp}?unduh={kind}", "{skp}", 'id="riwayat"'),
    ("self", "{skp}/siapa-dapat-melihat?unduh={kind}", "{skp}/siapa-dapat-melihat", 'id="dapat"'),
)  # fmt: skip


def _shown(html: str, place: str) -> int:
    """How many rows the table of a list has."""
    html = html.partition(place)[2] if place else html
    table = html.partition("<tbody")[2].partition("</tbody>")[0]
    # Without rows there is no table: the next one, if any, belongs to another section.
    if place and "</section>" in html.partition("<tbody")[0]:
        return 0
    return len(re.findall(r'<tr role="row"(?! class="is-group")', table))


@pytest.mark.parametrize(("key", "file", "page", "place"), LISTS, ids=[f"{row[0]} {row[2]}" for row in LISTS])
def test_a_file_holds_the_rows_of_the_screen(
    world: World, key: str, file: str, page: str, place: str
) -> None:
    reader, skp = world.actor(key), f"/dokumen/{world.paper(SKP, key)}"
    with world.app.app_context():
        person = db.session.scalar(sa.select(Person.public_id).where(Person.id == world.ids["self"]))
    answer = reader.get(page.format(skp=skp, person=person))
    assert answer.status_code == 200
    html = answer.get_data(as_text=True)
    text = reader.get(file.format(skp=skp, person=person, kind="csv")).get_data(as_text=True)
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert len(lines) - 1 == _shown(html, place), text[:600]
    with reader.get(file.format(skp=skp, person=person, kind="xlsx")) as sent:
        sheet = openpyxl.load_workbook(io.BytesIO(sent.data)).worksheets[0]
    cells = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    plain = [[cell.removeprefix("'") for cell in row] for row in lines]
    assert [[cell.removeprefix("'") for cell in row] for row in cells] == plain


def test_a_list_as_a_file_has_no_other_address_than_that_of_its_page(world: World) -> None:
    rules = {rule.endpoint for rule in world.app.url_map.iter_rules() if re.search("csv|xlsx", rule.rule)}
    assert rules == {"importing.download", "units.recap"}, "files that are no list of a page"
