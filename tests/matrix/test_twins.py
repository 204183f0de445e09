"""Two databases that differ in one secret look alike to everybody who is not told the secret.

The twins are copies of one file. In one of them a rating is another one. Whoever is not entitled to it crawls both,
and gets the same bytes, headers and entity tags included; only what is drawn at random for each request is levelled.
"""

from __future__ import annotations

import random
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from kinerja import clock, create_app
from kinerja.db import db, transaction
from kinerja.models import Document, Review
from tests.matrix import people
from tests.matrix.cases import CASES
from tests.matrix.crawl import crawl
from tests.matrix.world import World, build, durability_off
from tests.plugins.app import settings_for
from tests.plugins.strict import size

# Until it is determined only those who rate know a rating: the subject does not, nor any of these, at any time.
NEVER = (
    "former", "chosen_peer", "unchosen_peer", "subordinate", "manager_other", "assigned_counsellor",
    "other_counsellor", "admin", "stranger", "plh", "org_manager",
)  # fmt: skip
BEFORE = ("prepared", "at_superior", "proposed", "calibrated", "in_session", "session_decided")
UNRELEASED = tuple(case for case in CASES if case.kind == "predicate_review" and case.state in BEFORE)
_RELEASED = [
    case for case in CASES if case.kind in ("predicate_review", "objection") and case.state not in BEFORE
]
RELEASED = tuple(random.Random(5).sample(_RELEASED, size(6, len(_RELEASED))))
_RANDOM = (
    re.compile(r'name="csrf_token" value="[^"]*"'),
    re.compile(r'name="key" value="[^"]*"'),
    re.compile(r'"?csrf"?[^>]{0,20}content="[^"]*"'),
    re.compile(r'(csrf[-_]?token&#34;|csrf[-_]?token"|X-CSRFToken"|X-CSRFToken&#34;): ?("|&#34;)[^"&]*'),
)
LEVELLED_HEADERS = ("Set-Cookie", "Date")


def level(text: str) -> str:
    """The page without what is drawn anew for each request."""
    for pattern in _RANDOM:
        text = pattern.sub("RANDOM", text)
    return text


@contextmanager
def twins(template: Path, cases: tuple) -> Iterator[tuple[World, World]]:  # type: ignore[type-arg]
    """The same office twice, on the same morning: in the second one every rating of these papers is another one."""
    first = template.with_name(f"twin-{secrets.token_hex(4)}.sqlite3")
    second = first.with_name(first.stem + "-b.sqlite3")
    shutil.copyfile(template, first)
    one = build(f"sqlite:///{first}", durability_off, cases)
    one.close()
    shutil.copyfile(first, second)
    other_app = create_app(settings_for(f"sqlite:///{second}"))
    durability_off(other_app)
    other = World(other_app, one.ids, one.papers, one.others)
    with other_app.app_context():
        _change_the_secret(set(one.papers.values()))
    yield one, other
    for world, path in ((one, first), (other, second)):
        world.close()
        path.unlink()


def _change_the_secret(papers: set[str]) -> None:
    """Only of these: whoever was the superior of their subject may today be somebody else's."""
    with transaction():
        hidden = sa.select(Document.id).where(Document.public_id.in_(papers))
        db.session.execute(
            sa.update(Review)
            .where(Review.document_id.in_(hidden), Review.predicate != "")
            .values(
                result_rating="dibawah", behaviour_rating="dibawah", predicate="sangat_kurang",
                recommendation="Susun rencana perbaikan yang lain sama sekali.",
                result_reason="Capaian jauh tertinggal.", behaviour_reason="Perilaku belum sesuai harapan.",
            )
            .execution_options(synchronize_session=False)
        )  # fmt: skip


def _pages(world: World, key: str) -> dict[str, str]:
    start = (
        "/",
        "/dokumen/",
        "/dokumen/?unduh=csv",
        "/pemberitahuan/",
        "/tim/",
        "/cari/?q=orang",
        "/kalender/",
    )
    numbers = tuple(f"/dokumen/{n}" for n in world.papers.values())
    parts = ("", "/formulir", "/siapa-dapat-melihat", "/bandingkan", "/langkah/1", "/langkah/2")
    asked = start + tuple(number + part for number in numbers for part in parts)
    found = {}
    for visited in crawl(world.actor(key), asked, per_kind=size(2, 60)):
        headers = {name: value for name, value in visited.headers.items() if name not in LEVELLED_HEADERS}
        headers.pop("Content-Length", None)
        found[visited.path] = f"{visited.status} {headers}\n{level(visited.text)}"
    return found


def some_of(keys: tuple[str, ...]) -> list[str]:
    """All of them under `make proof`, one drawn by a seed otherwise."""
    return random.Random(2026).sample(keys, size(1, len(keys)))


def differences(one: World, other: World, key: str) -> list[str]:
    first, second = _pages(one, key), _pages(other, key)
    assert len(first) > 10
    return sorted(
        [path for path in first if second.get(path) != first[path]]
        + [path for path in second if path not in first]
    )


def _tell(proof_line: Callable[[str, str, str], None], when: str, leaks: dict[str, list[str]]) -> None:
    differing = {key: paths for key, paths in leaks.items() if paths}
    measured = f"{when}: {len(leaks)} people not entitled, {sum(map(len, leaks.values()))} differing pages"
    proof_line("Twin instances that differ in one secret", "0 differing bytes", measured)
    assert differing == {}


@pytest.fixture
def morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One moment for both: the profile says since which minute one is signed in, and that is real time."""
    moment = clock.monotonic_now()
    monkeypatch.setattr(clock, "monotonic_now", lambda: moment)
    with clock.frozen(people.NOW):
        yield


@pytest.mark.usefixtures("morning")
def test_before_it_is_determined_a_rating_shows_nowhere_to_whoever_is_not_told(
    sqlite_template: Path, proof_line: Callable[[str, str, str], None]
) -> None:
    with twins(sqlite_template, UNRELEASED) as (one, other):
        leaks = {key: differences(one, other, key) for key in ("self", *some_of(NEVER))}
    _tell(proof_line, "before", leaks)


@pytest.mark.usefixtures("morning")
def test_afterwards_a_rating_shows_nowhere_to_strangers(
    sqlite_template: Path, proof_line: Callable[[str, str, str], None]
) -> None:
    with twins(sqlite_template, RELEASED) as (one, other):
        leaks = {key: differences(one, other, key) for key in some_of(NEVER)}
        # The test sees: to the one who rated, the twins differ.
        assert differences(one, other, "supervisor") != []
    _tell(proof_line, "afterwards", leaks)
