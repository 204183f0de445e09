"""Lists, counts, search and export hold exactly the documents whose page opens: the scoped query is the policy."""

from __future__ import annotations

import csv
import io
import re

import pytest
import sqlalchemy as sa

from kinerja.db import db
from kinerja.models import Document
from kinerja.services import identity, lists, policy, transitions
from tests.matrix.law import ACTORS, SIGNED_OUT
from tests.matrix.routes import ACTS, ROUTES
from tests.matrix.world import World

SIGNED_IN = [key for key in ACTORS if key not in SIGNED_OUT] + ["minister", "other_self", "retired"]


def opens_for(world: World, key: str) -> set[str]:
    """The printed numbers of every document of the database that this person may open, asked one by one."""
    with world.app.app_context():
        found = set()
        for public_id in db.session.scalars(sa.select(Document.public_id)).all():
            document = transitions.load(public_id)
            if policy.may_view(document, identity.actor_for(document, world.ids[key])):
                found.add(document.print_number)
        db.session.rollback()
        return found


def _export(world: World, key: str) -> str:
    return world.actor(key).get("/dokumen/?unduh=csv").get_data(as_text=True)


@pytest.mark.parametrize("key", SIGNED_IN)
def test_the_export_holds_exactly_what_opens(world: World, key: str) -> None:
    rows = list(csv.reader(io.StringIO(_export(world, key)), delimiter=";"))
    exported, opens = {row[0] for row in rows[1:]}, opens_for(world, key)
    assert exported - opens == set(), "listed, though the page says there is nothing"
    assert opens - exported == set(), "the page opens, though no list shows it"


@pytest.mark.parametrize("key", SIGNED_IN)
def test_list_counts_and_search_tell_of_the_same_documents(world: World, key: str) -> None:
    opens = opens_for(world, key)
    with world.app.app_context():
        circle = identity.circle_of(world.ids[key])
        counted = sum(row[-1] for row in lists.counts(circle, lists.Filters()))
        listed: set[str] = set()
        before = None
        while rows := lists.page(circle, lists.Filters(), before=before):
            rows = rows[: lists.PAGE_SIZE]
            listed |= {row.number for row in rows}
            before = rows[-1].id
        db.session.rollback()
    assert listed == opens
    assert counted == len(opens)
    html = world.actor(key).get("/cari/?q=orang").get_data(as_text=True)
    assert set(re.findall(r"\b(?:SKP|REA|EVK|KBR|PRB)-\d{4}-\d{6}\b", html)) <= opens


@pytest.mark.parametrize("key", SIGNED_IN)
def test_the_first_page_asks_for_nothing_that_does_not_open(world: World, key: str) -> None:
    found = set(
        re.findall(r"/dokumen/([\w-]{16})(?![\w-])", world.actor(key).get("/").get_data(as_text=True))
    )
    with world.app.app_context():
        numbers = {
            n
            for (n,) in db.session.execute(
                sa.select(Document.print_number).where(Document.public_id.in_(found))
            )
        }
        db.session.rollback()
    assert numbers <= opens_for(world, key)


@pytest.mark.postgres
@pytest.mark.usefixtures("now")
def test_every_list_arrives_as_a_file_on_postgresql(postgres_world: World) -> None:
    """A file is sent while its rows are read, after the transaction of the request: SQLite never minds that."""
    asked = 0
    for (method, name), row in ROUTES.items():
        if method != "GET" or not row.path or "{evidence}" in row.path or row.who == ACTS or name == "static":
            continue
        path = postgres_world.at(row.path)
        key = sorted(row.who)[0] if isinstance(row.who, set) and row.who else "supervisor"
        answer = postgres_world.actor(key).get(path + ("&" if "?" in path else "?") + "unduh=csv")
        if answer.headers.get("Content-Type", "").startswith("text/csv"):
            assert answer.get_data().count(b"\n") > 0, path
            asked += 1
    assert asked > 10
