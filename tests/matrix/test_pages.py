"""Every page one can reach by links, as six people: it changes nothing, is well made, and carries its headers."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator

import jinja2
import pytest
import sqlalchemy as sa
from jinja2.utils import missing

from kinerja.db import db
from tests.matrix import people
from tests.matrix.crawl import Visited, crawl
from tests.matrix.world import World
from tests.plugins.strict import size

SIX = ("self", "supervisor", "supsup", "manager_own", "auditor", "admin")
# What reading leaves behind: that somebody read, and that his browser was seen.
LEFT_BY_READING = {"read_log": None, "login_session": {"seen_at"}}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=",
    "Cache-Control": "no-store",
}
_visited: dict[str, list[Visited]] = {}


def content_hashes(world: World) -> dict[str, str]:
    """A hash of every table, less what reading may leave behind."""
    found = {}
    with world.app.app_context():
        for table in db.metadata.sorted_tables:
            left = LEFT_BY_READING.get(table.name, set())
            if left is None:
                continue
            columns = [column for column in table.columns if column.name not in left]
            rows = db.session.execute(sa.select(*columns).order_by(*table.primary_key.columns)).all()
            found[table.name] = hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()
        db.session.rollback()
    return found


_undefined: set[str] = set()


class Missing(jinja2.Undefined):
    """Notes every name that a template used and nobody gave it; what a value may lack, it may be asked whether it has."""

    __slots__ = ()

    def _note(self) -> None:
        _undefined.add(self._undefined_message)

    def __bool__(self) -> bool:
        if self._undefined_obj is missing:
            self._note()
        return False

    def __str__(self) -> str:
        self._note()
        return ""

    def __html__(self) -> str:
        return str(self)

    def __iter__(self) -> Iterator[object]:
        self._note()
        return iter(())


@pytest.fixture(scope="module", params=SIX)
def key(request: pytest.FixtureRequest) -> str:
    """Of the module, so that all tests of one person come together and his pages are crawled by one worker."""
    return str(request.param)


@pytest.fixture
def strict(world: World) -> Iterator[World]:
    """Templates that tell of every name nobody gave them."""
    world.app.jinja_env.undefined, kept = Missing, world.app.jinja_env.undefined
    yield world
    world.app.jinja_env.undefined = kept


def pages_of(world: World, key: str) -> list[Visited]:
    """The pages of one person, crawled once per worker: from the first page and from one document of each case."""
    if key not in _visited:
        start = ("/", *(f"/dokumen/{number}" for number in world.papers.values()))
        _visited[key] = list(crawl(world.actor(key), start, per_kind=size(2, 60)))
    return _visited[key]


def test_reading_everything_changes_no_document(strict: World, key: str) -> None:
    strict.actor(key)
    before = content_hashes(strict)
    _visited.pop(key, None)
    found = pages_of(strict, key)
    after = content_hashes(strict)
    assert len(found) > 20
    assert [table for table in before if before[table] != after[table]] == []
    assert [(v.path, v.status) for v in found if v.status >= 500] == []


def test_no_template_uses_a_name_that_nobody_gave_it(strict: World, key: str) -> None:
    pages_of(strict, key)
    assert _undefined == set()


def test_every_link_leads_somewhere(strict: World, key: str) -> None:
    start = {f"/dokumen/{number}" for number in strict.papers.values()}
    wrong = [
        (v.path, v.status)
        for v in pages_of(strict, key)
        if v.status in (404, 405, 400) and v.path not in start
    ]
    assert wrong == []


def test_every_page_is_well_made(strict: World, key: str) -> None:
    wrong = {
        v.path: faults
        for v in pages_of(strict, key)
        if v.page is not None and (faults := v.page.faults_of_a_whole_page())
    }
    assert wrong == {}, "\n".join(f"{path}: {faults}" for path, faults in list(wrong.items())[:12])


_UNSEEN = re.compile(r"<(script|style|textarea)\b.*?</\1>|<[^>]*>", re.DOTALL)
_RAW_DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")
_TIME_WITHOUT_ZONE = re.compile(r"\b20\d\d, \d\d[.:]\d\d(?! (?:WIB|WITA|WIT)\b)")
_TERM = re.compile(r'<a class="k-term[^"]*" href="/bantuan/glosarium#([^"]+)"')


def test_every_page_writes_a_day_in_words_and_a_time_with_its_zone(strict: World, key: str) -> None:
    wrong = {
        v.path: found
        for v in pages_of(strict, key)
        if v.page is not None
        for shown in [_UNSEEN.sub(" ", v.text)]
        if (found := _RAW_DAY.findall(shown) + _TIME_WITHOUT_ZONE.findall(shown))
    }
    assert wrong == {}


def test_every_page_explains_a_term_of_the_regulations_once(strict: World, key: str) -> None:
    pages = [v for v in pages_of(strict, key) if v.page is not None and v.status == 200]
    explained = {v.path: _TERM.findall(v.text) for v in pages}
    assert {path: found for path, found in explained.items() if len(found) > len(set(found))} == {}
    documents = {path: found for path, found in explained.items() if re.fullmatch(r"/dokumen/\w{16}", path)}
    assert [path for path, found in documents.items() if not found] == []


def test_every_answer_carries_the_headers(strict: World, key: str) -> None:
    wrong = [
        f"{v.path} {v.status}: {name}"
        for v in pages_of(strict, key)
        for name, part in HEADERS.items()
        if part not in v.headers.get(name, "")
        and not (name in ("Content-Security-Policy", "Referrer-Policy") and "/bukti/" in v.path)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/tidak/ada"),
        ("POST", "/"),
        ("GET", "/dokumen/tidakadadokumen1"),
        ("POST", "/skp/susun"),
        ("GET", "/"),
    ],
)
def test_an_error_carries_the_headers_too(world: World, method: str, path: str) -> None:
    answers = [
        world.actor(key).client.open(path, method=method, base_url="https://localhost")
        for key in ("self", "anonymous")
    ]
    for answer in answers:
        assert {name for name, part in HEADERS.items() if part not in answer.headers.get(name, "")} == set()


def test_no_log_line_names_anybody(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for key in ("self", "supervisor"):
        for number in list(world.papers.values())[::7]:
            world.actor(key).get(f"/dokumen/{number}?q=Orang+Self")
        world.actor(key).get("/cari/?q=Orang")
        world.actor(key).post("/masuk", {"nip": people.nip("self"), "sandi": "salah sekali"})
    assert any(record.name == "kinerja.request" for record in caplog.records)
    text = "\n".join(record.getMessage() for record in caplog.records)
    assert [
        word for word in ("Orang", people.nip("self"), "contoh.go.id", "salah sekali") if word in text
    ] == []
