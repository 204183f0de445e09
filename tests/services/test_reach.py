"""A list is found by an index: whose documents there are besides makes no difference to whoever sees little."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from kinerja import create_app
from kinerja.db import among, db
from kinerja.models import Period, Unit
from kinerja.services import chains, lists, skp_due
from kinerja.services.identity import Circle, Scope
from kinerja.services.lists import Filters
from kinerja.services.reach import reach
from tests.plugins.app import settings_for

DAY = date(2026, 7, 20)


def circle(*scopes: Scope, direct: tuple[int, ...] = (8, 9)) -> Circle:
    return Circle(7, DAY, frozenset(direct), frozenset({10}), frozenset(), scopes)


READERS = {
    "an employee": circle(direct=()),
    "a penilai": circle(),
    "the pengelola of a small unit": circle(Scope("pengelola_pegawai", "/1/2/3/")),
}
ASKED: dict[str, Callable[[Circle], Any]] = {
    "rows": lambda who: lists.page(who, Filters()),
    "counts": lambda who: lists.counts(who, Filters(overdue=True)),
    "the file": lambda who: list(lists.export(who, Filters(year=2026))),
}


@pytest.fixture
def database(sqlite_url: str) -> Iterator[None]:
    """The tables as SQLite always sees them: it plans from the indexes there are, not from what the tables hold."""
    with create_app(settings_for(sqlite_url)).app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def plans(act: Callable[[], Any], table: str = "document") -> list[str]:
    """How the database goes through a table in each statement that an act sends, in its own words."""
    sent: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        sent.append((statement, given))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    ask = db.session.connection().exec_driver_sql
    return [
        "\n".join(str(line[-1]) for line in ask(f"EXPLAIN QUERY PLAN {statement}", given))
        for statement, given in sent
        if f"FROM {table} " in statement
    ]


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("reader", READERS)
def test_who_sees_little_is_not_led_through_the_documents_of_everybody(
    database: None, reader: str, asked: str
) -> None:
    found = plans(lambda: ASKED[asked](READERS[reader]))
    assert found, "nothing was asked of documents"
    assert [plan for plan in found if "SCAN document" in plan] == []


@pytest.mark.parametrize("path", ["", "/1/"])
def test_who_sees_the_whole_ministry_reads_the_newest_in_their_order(database: None, path: str) -> None:
    assert reach(circle(Scope("pengelola_pegawai", path))).compare(sa.true())


def test_when_the_waiting_skp_are_due_is_one_row_for_all_that_start_with_the_year(database: None) -> None:
    period = Period(id=1, year=2026, state="open")
    unit = Unit(id=1, path="/1/", zone="WIB")
    [plan] = plans(lambda: skp_due.of_those_behind(period, unit, drafted=True, undrafted=False))
    assert plan.count("ix_document_open_skp_start") == 2


def test_the_chain_above_somebody_is_found_by_indexes_alone(database: None) -> None:
    """Line by line, and the holders of the posts on the way: on PostgreSQL too, which cannot know how few they are."""
    chains.superiors(1, DAY)
    [plan] = plans(lambda: chains.superiors(2, DAY), "up")
    tables = ("reporting_line", "placement", "person", "post", "unit", "role_appointment", "delegation")
    assert [line for line in plan.split("\n") if line.strip() in {f"SCAN {table}" for table in tables}] == []


def test_postgresql_looks_up_what_a_recursive_select_finds_and_does_not_compile(postgres_url: str) -> None:
    with create_app(settings_for(postgres_url)).app_context():
        keys = sa.select(Unit.parent_id).where(Unit.id == 1)
        text = str(sa.select(Unit.id).where(among(Unit.id, keys)).compile(db.engine))
        db.session.rollback()
        jit = db.session.scalar(sa.text("SHOW jit"))
        db.session.remove()
        db.engine.dispose()
    assert "unit.id = ANY (ARRAY(SELECT" in " ".join(text.split())
    assert jit == "off"
