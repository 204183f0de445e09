"""Files that somebody damaged on purpose, and texts a spreadsheet would compute: refused in words, or harmless."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document
from kinerja.services.importing import run_import
from tests.importing.conftest import people_csv, units_csv
from tests.matrix import people
from tests.matrix.cases import CASES
from tests.matrix.law import ACTORS
from tests.matrix.routes import ACTS, EVERYONE, PUBLIC, ROUTES, SIGHT
from tests.matrix.world import World, build, durability_off
from tests.plugins.strict import size
from tests.services.test_evidence import JPEG, PDF, PNG, office_file

FILES = size(60, 5_000)
TABLES = size(40, 1_000)
DRAFT = next(case for case in CASES if case.name == "realisation/draft")
SOME = tuple(random.Random(3).sample(CASES, size(12, len(CASES))))
SOUND = {
    "laporan.pdf": PDF,
    "foto.png": PNG,
    "foto.jpg": JPEG,
    "data.xlsx": office_file(),
    "surat.docx": office_file("word/document.xml", "document.main"),
    "paparan.pptx": office_file("ppt/presentation.xml", "presentation.main"),
    "data.csv": b"nama;nilai\nA;5\n",
    "catatan.txt": "Sebelas set data – belum".encode(),
}
NAMES = (
    "",
    ".pdf",
    "..",
    "a/../../b.pdf",
    "con.txt",
    "a\x00b.pdf",
    "x" * 400 + ".pdf",
    "‮fdp.exe",
    "a.pdf.exe",
)
LIVE = ("=", "+", "-", "@", "\t", "\r")
FORMULA = "=HYPERLINK(1+1)"


def damaged(drawn: random.Random, data: bytes) -> bytes:
    """A few bytes changed, cut off, doubled, moved or put in."""
    found = bytearray(data)
    for _round in range(drawn.randint(1, 4)):
        place = drawn.randrange(len(found) + 1)
        match drawn.randrange(6):
            case 0 if found:
                found[place % len(found)] = drawn.randrange(256)
            case 1:
                del found[place:]
            case 2:
                found[place:place] = drawn.randbytes(drawn.randint(1, 64))
            case 3:
                found += found[:place]
            case 4:
                found[:0] = drawn.choice(list(SOUND.values()))[:place]
            case _:
                found[place : place + 4] = drawn.choice(
                    (b"\x00" * 4, b"\xff" * 4, b"PK\x01\x02", b"\xef\xbb\xbf")
                )
    return bytes(found)


@pytest.fixture
def office(sqlite_url: str) -> Iterator[World]:
    with clock.frozen(people.NOW):
        made = build(sqlite_url, durability_off, (DRAFT,))
        yield made
        made.close()


def test_no_damaged_evidence_breaks_anything(
    office: World, proof_line: Callable[[str, str, str], None]
) -> None:
    drawn, told = random.Random(5000), Counter[int]()
    actor, number = office.actor("self"), office.papers[DRAFT.name]
    page = actor.get(f"/dokumen/{number}/bukti").get_data(as_text=True)
    item = page.split('name="items"')[1].split('value="')[1].split('"')[0]
    for _file in range(FILES):
        name, data = drawn.choice(list(SOUND.items()))
        name = drawn.choice(NAMES) if drawn.random() < 0.1 else name
        with office.app.app_context():
            version = db.session.scalar(sa.select(Document.version).where(Document.public_id == number))
            db.session.rollback()
        sent = {
            "version": str(version), "items": item, "shows": "hasil",
            "file": (io.BytesIO(damaged(drawn, data)), name),
        }  # fmt: skip
        told[actor.post(f"/dokumen/{number}/bukti", sent).status_code] += 1
    assert set(told) <= {303, 400, 413, 422}, told
    assert told[422] > 0
    proof_line("Upload fuzz", "5,000 files, 0 5xx", f"{FILES} files: {dict(sorted(told.items()))}")


def test_no_damaged_table_breaks_the_import(
    office: World, proof_line: Callable[[str, str, str], None]
) -> None:
    drawn, refused = random.Random(1000), 0
    units, staff = units_csv(), people_csv()
    with office.app.app_context():
        for _table in range(TABLES):
            result = run_import(damaged(drawn, units), damaged(drawn, staff), dry_run=True)
            refused += bool(result.problems)
            db.session.rollback()
    assert refused > 0
    proof_line(
        "Upload fuzz: tables of people and units", "0 5xx", f"{TABLES} tables, {refused} refused in words"
    )


def _cells(data: bytes, kind: str) -> Iterator[str]:
    """What a spreadsheet would take as the content of each cell; of a workbook also each of its formulas."""
    if kind == "csv":
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"):
            yield from row
        return
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/"):
                root = ElementTree.fromstring(book.read(name))
                yield from ("=" + (found.text or "") for found in root.iter() if found.tag.endswith("}f"))


def _exports(world: World) -> list[tuple[str, str]]:
    """(who, address) of every page that may be a list, in each format: a page that is none answers as a page."""
    found = []
    for (method, name), row in ROUTES.items():
        if method != "GET" or not row.path or name == "static" or row.who in (PUBLIC, ACTS):
            continue
        if "{evidence}" in row.path:
            continue  # a file somebody brought, or an address that is left for
        path, both = world.at(row.path), ("self", "supervisor")
        for key in both if row.who in (EVERYONE, SIGHT) else sorted(set(row.who) & set(ACTORS))[:2]:
            for kind in ("csv", "xlsx"):
                found.append((key, f"{path}{'&' if '?' in path else '?'}unduh={kind}"))
    return found


def _poison() -> None:
    """Every prose of every row becomes a formula, where no rule of the database asks for another text."""
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, sa.String | sa.Text) or column.primary_key or column.foreign_keys:
                continue
            try:
                with db.session.begin_nested():
                    db.session.execute(sa.update(table).where(column.like("% %")).values({column: FORMULA}))
            except sa.exc.DatabaseError:
                continue  # an enumeration, a unique key, or a table that is only written once
    db.session.commit()


def test_no_text_becomes_a_formula_in_any_export(
    sqlite_url: str, proof_line: Callable[[str, str, str], None]
) -> None:
    live: list[str] = []
    cells = harmless = files = 0
    with clock.frozen(people.NOW):
        world = build(sqlite_url, durability_off, SOME)
        exports = _exports(world)
        visitors = {key: world.actor(key) for key, _path in exports}
        with world.app.app_context():
            _poison()
        for key, path in exports:
            answer = visitors[key].get(path)
            assert answer.status_code in (200, 302, 303), (key, path, answer.status_code)
            if "attachment" not in answer.headers.get("Content-Disposition", ""):
                continue
            files += 1
            kind = "csv" if answer.headers["Content-Type"].startswith("text/csv") else "xlsx"
            for cell in _cells(answer.get_data(), kind):
                cells += 1
                harmless += FORMULA in cell
                if (
                    cell.startswith(LIVE)
                    and not cell.lstrip("+-").replace(",", "").replace(".", "").isdigit()
                ):
                    live.append(f"{key} {path}: {cell}")
        world.close()
    assert harmless > 0, "the poison has to arrive, or nothing is shown"
    assert live == []
    proof_line("Formulas in exports", "0 live", f"{files} downloads, {cells} cells, {len(live)} live")
