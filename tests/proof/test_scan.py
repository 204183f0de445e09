"""Scanners that know nothing of the house look for holes in it, signed in as several people: none medium, none high.

Each is seen to find what was put there for it. SCAN_EXAMPLES: requests for each form and address; SCAN_SECONDS: what a
module of wapiti, or an address of sqlmap, may take.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from kinerja import clock
from kinerja.db import db
from kinerja.models import Document
from kinerja.services import audit
from tests.matrix import people
from tests.matrix.test_pages import content_hashes
from tests.matrix.world import World, build, durability_off
from tests.proof import scanners
from tests.proof.addresses import Known, known_to, openapi, operation, parameter
from tests.proof.scanners import ROOT, Scan, Served, served

EXAMPLES = int(os.environ.get("SCAN_EXAMPLES", "60"))
SECONDS = int(os.environ.get("SCAN_SECONDS", "600"))
EACH = 2  # forms and addresses of one kind
LEVEL = 2
FLOOR = "0 high or medium, 0 5xx"
OWN = ("kinerja", "migrations", "scripts", "wsgi.py")
KINDS = ("self", "supervisor", "manager_own", "admin", "stranger")
# Whose documents are his own alone, whatever he sends.
CONCERNED_WITH_NONE = ("admin", "stranger")
BROWSERS = {"login_session"}


@pytest.fixture(scope="module", autouse=True)
def scanners_are_there() -> None:
    subprocess.run([ROOT / "scripts" / "venv", "proof"], check=True)


@pytest.fixture
def dialect() -> str:
    """Which database is under the office; a test may say another."""
    return "sqlite"


@pytest.fixture
def database(request: pytest.FixtureRequest, dialect: str) -> str:
    """The URL of a fresh migrated database."""
    return str(request.getfixturevalue("sqlite_url" if dialect == "sqlite" else "postgres_url"))


@pytest.fixture
def world(database: str) -> Iterator[World]:
    with clock.frozen(people.NOW):
        made = build(database, durability_off)
        yield made
        made.close()


@pytest.fixture
def office(world: World, database: str, tmp_path: Path) -> Iterator[Served]:
    with served(database, world.ids, tmp_path) as running:
        yield running


def documents_of_others(world: World, who: str) -> list[tuple[object, ...]]:
    with world.app.app_context():
        found = db.session.execute(
            sa.select(Document.id, Document.kind, Document.state, Document.version)
            .where(Document.subject_id != world.ids[who])
            .order_by(Document.id)
        ).all()
        db.session.rollback()
        return [tuple(row) for row in found]


def broken_chains(world: World) -> list[str]:
    with world.app.app_context():
        found = [str(fault) for _chain, _length, fault in audit.verify() if fault]
        db.session.rollback()
        return found


def fuzz(office: Served, world: World, who: str, folder: Path, known: Known, proof: str | None) -> str:
    document = openapi(world, known, proof)
    return scanners.schemathesis(office, who, document, folder, examples=EXAMPLES, minutes=EXAMPLES * 6)


def test_bandit_has_nothing_to_say(proof_line: Callable[[str, str, str], None]) -> None:
    found = scanners.bandit(ROOT / name for name in OWN)
    proof_line("Scan: bandit", FLOOR, f"{', '.join(OWN)}: {len(found)} medium or high")
    assert found == []


@pytest.mark.parametrize(
    "dialect, who",
    [
        *(("sqlite", who) for who in KINDS),
        pytest.param("postgresql", "supervisor", marks=pytest.mark.postgres),
        pytest.param("postgresql", "admin", marks=pytest.mark.postgres),
    ],
)
def test_nothing_a_fuzzer_sends_breaks_a_page_or_a_chain(
    office: Served, world: World, who: str, tmp_path: Path, proof_line: Callable[[str, str, str], None]
) -> None:
    known, before = known_to(world, who, EACH), documents_of_others(world, who)
    wrong = fuzz(office, world, who, tmp_path, known, world.actor(who).proof)
    proof_line(
        "Scan: schemathesis, signed in and with proof of origin",
        FLOOR,
        f"{who}, {world.database}, {EXAMPLES} examples: {office.told()}, {len(office.breakdowns())} broke",
    )
    assert office.breakdowns() == []
    assert wrong == ""
    assert office.told()["3xx"] > 20, "no form arrived: nothing is shown"
    assert broken_chains(world) == []
    if who in CONCERNED_WITH_NONE:
        assert [row for row in documents_of_others(world, who) if row[0] <= before[-1][0]] == before  # type: ignore[operator]


@pytest.mark.parametrize("who", KINDS)
def test_without_proof_of_origin_a_fuzzer_changes_nothing(
    office: Served, world: World, who: str, tmp_path: Path, proof_line: Callable[[str, str, str], None]
) -> None:
    known, before = known_to(world, who, EACH), content_hashes(world)
    wrong = fuzz(office, world, who, tmp_path, known, None)
    after = content_hashes(world)
    changed = {table for table in before if after[table] != before[table]} - BROWSERS
    proof_line(
        "Scan: schemathesis, signed in and without proof of origin",
        f"{FLOOR}, nothing changed",
        f"{who}, {EXAMPLES} examples: {office.told()}, {len(changed)} tables changed",
    )
    assert office.breakdowns() == []
    assert wrong == ""
    assert changed == set()


@pytest.mark.parametrize("who", ["supervisor", "manager_own", "admin"])
def test_wapiti_finds_nothing(
    office: Served, world: World, who: str, tmp_path: Path, proof_line: Callable[[str, str, str], None]
) -> None:
    scan = scanners.wapiti(office, who, "/", tmp_path, seconds=SECONDS)
    proof_line("Scan: wapiti", FLOOR, f"{who}: {scan.pages} pages, {_modules(scan)}; {office.told()}")
    assert scan.found == ()
    assert office.breakdowns() == []
    assert scan.pages > 20
    assert broken_chains(world) == []


def _modules(scan: Scan) -> str:
    cut = f" ({', '.join(scan.cut_short)} stopped after {SECONDS} s)" if scan.cut_short else ""
    return f"{len(scanners.MODULES)} modules{cut}, {len(scan.found)} medium or high"


@pytest.mark.parametrize("who", ["supervisor", "manager_own"])
def test_sqlmap_can_inject_nothing(
    office: Served, world: World, who: str, tmp_path: Path, proof_line: Callable[[str, str, str], None]
) -> None:
    known = known_to(world, who, EACH)
    questions = [(path, "") for path in known.questions()]
    forms = [(path, _filled(form.fields, world.actor(who).proof)) for (_r, *_n), found in sorted(known.forms.items())
             for path, form in found[:1] if set(form.fields) - {"csrf_token", "version", "key"}]  # fmt: skip
    asked = {
        f"{path} {data[:80]}": scanners.sqlmap(
            office, who, path, tmp_path, level=LEVEL, seconds=SECONDS, data=data
        )
        for path, data in questions + forms
    }
    late = [what for what, verdict in asked.items() if verdict == "out of time"]
    found = [what for what, verdict in asked.items() if verdict == "injectable"]
    proof_line(
        "Scan: sqlmap",
        FLOOR,
        f"{who}, level {LEVEL}: {len(questions)} addresses, {len(forms)} forms, {len(late)} stopped after {SECONDS} s, "
        f"{len(found)} injectable; {office.told()}",
    )
    assert found == []
    assert office.breakdowns() == []


def _filled(fields: dict[str, list[str]], proof: str) -> str:
    filled = {name: max(values, default="") or "1" for name, values in fields.items()}
    return urlencode(filled | {"csrf_token": proof})


def test_each_scanner_finds_the_fault_that_was_put_there(
    world: World, sqlite_url: str, tmp_path: Path
) -> None:
    program = tmp_path / "rusak.py"
    program.write_text("import subprocess\n\n\ndef run(text):\n    subprocess.call(text, shell=True)\n")
    assert scanners.bandit([program]) != []
    number = {"get": operation([parameter("query", "n", ["1"])])}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "rusak", "version": "0"},
        "paths": {"/rusak/angka": number},
    }
    with served(database, world.ids, tmp_path, faulty=True) as office:
        assert scanners.schemathesis(office, "self", document, tmp_path, examples=20, minutes=10) != ""
        assert "ValueError" in office.breakdowns()[0]
        found = scanners.wapiti(office, "self", "/rusak/", tmp_path, seconds=60).found
        for kind in ("SQL Injection", "Reflected Cross Site Scripting", "Internal Server Error"):
            assert any(one.startswith(kind) for one in found), found
        query = "/rusak/cari?q=orang+self"
        assert scanners.sqlmap(office, "self", query, tmp_path, level=1, seconds=300) == "injectable"
