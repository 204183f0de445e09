"""The audit chain: what was recorded verifies, and no change of it goes unseen."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from kinerja import clock, create_app
from kinerja.cli import main
from kinerja.db import db, transaction
from kinerja.models import AuditHead, AuditRow
from kinerja.services import audit
from tests.plugins.app import settings_for
from tests.plugins.strict import size

BEGIN = datetime(2026, 1, 5, 1, tzinfo=UTC)


@pytest.fixture
def office(database_url: str) -> Iterator[Flask]:
    """An application on an empty database of either kind."""
    yield from _office(database_url)


@pytest.fixture
def small_office(sqlite_url: str) -> Iterator[Flask]:
    """The same on SQLite, where anybody who has the file can change it."""
    yield from _office(sqlite_url)


def _office(url: str) -> Iterator[Flask]:
    app = create_app(settings_for(url))
    with app.app_context():
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def write(years: int = 2, each: int = 5) -> None:
    """Some acts in the general chain of each year."""
    for year in range(years):
        for number in range(each):
            moment = BEGIN.replace(year=BEGIN.year + year) + timedelta(hours=number, microseconds=number * 7)
            with clock.frozen(moment), transaction():
                audit.record("uji.coba", actor_id=None, payload={"nomor": number, "nama": "Éva – ‘Wati’"})


def faults() -> list[tuple[str, int]]:
    db.session.rollback()
    return [(f.chain, f.sequence) for _, _, f in audit.verify() if f is not None]


def tamper(*statements: Any) -> None:
    """Change the database behind kinerja's back, as one who has the file but not the key: nothing there stops him."""
    db.session.rollback()
    engine = sa.create_engine(db.engine.url)
    with engine.begin() as connection:
        for name in connection.scalars(
            sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        for one in statements:
            connection.execute(one)
    engine.dispose()


def row(sequence: int, chain: str = "umum-2026") -> Any:
    return sa.and_(AuditRow.chain == chain, AuditRow.sequence == sequence)


def change(at: int, /, **values: Any) -> Any:
    return sa.update(AuditRow).where(row(at)).values(**values)


def copy_of(at: int, /, **values: Any) -> Any:
    """One more row, like an existing one."""
    names = [column.name for column in AuditRow.__table__.columns if column.name != "id"]
    chosen = [sa.literal(values[name]) if name in values else AuditRow.__table__.c[name] for name in names]
    return sa.insert(AuditRow).from_select(names, sa.select(*chosen).where(row(at)))


def swapped() -> tuple[Any, ...]:
    return (
        change(2, sequence=99),
        change(3, sequence=2),
        sa.update(AuditRow).where(row(99)).values(sequence=3),
    )


def cut(to: int) -> tuple[Any, ...]:
    """Drop the end and let the head point to what is left: consistent in itself."""
    left = sa.select(AuditRow.mac).where(row(to)).scalar_subquery()
    head = sa.update(AuditHead).where(AuditHead.chain == "umum-2026").values(sequence=to, mac=left)
    return head, sa.delete(AuditRow).where(AuditRow.chain == "umum-2026", AuditRow.sequence > to)


TAMPERING: dict[str, tuple[Callable[[], tuple[Any, ...]], list[tuple[str, int]]]] = {
    "a changed payload": (lambda: (change(3, payload='{"nomor":9}'),), [("umum-2026", 3)]),
    "a changed actor": (lambda: (change(3, actor_id=1),), [("umum-2026", 3)]),
    "a changed document": (lambda: (change(3, document_id=1),), [("umum-2026", 3)]),
    "a changed action": (lambda: (change(3, action="uji.lain"),), [("umum-2026", 3)]),
    "a changed time": (lambda: (change(3, legal_at=BEGIN),), [("umum-2026", 3)]),
    "a changed real time": (lambda: (change(3, real_at=BEGIN),), [("umum-2026", 3)]),
    "a deleted row in the middle": (lambda: (sa.delete(AuditRow).where(row(3)),), [("umum-2026", 3)]),
    "a deleted first row": (lambda: (sa.delete(AuditRow).where(row(1)),), [("umum-2026", 1)]),
    "a deleted last row": (lambda: (sa.delete(AuditRow).where(row(5)),), [("umum-2026", 4)]),
    "all rows of a chain deleted": (
        lambda: (sa.delete(AuditRow).where(AuditRow.chain == "umum-2026"),),
        [("umum-2026", 0)],
    ),
    "two rows swapped": (swapped, [("umum-2026", 2)]),
    "an inserted row": (lambda: (copy_of(2, sequence=6),), [("umum-2026", 6)]),
    "an inserted row with a changed head": (
        lambda: (
            copy_of(2, sequence=6, mac="f" * 64),
            sa.update(AuditHead).where(AuditHead.chain == "umum-2026").values(sequence=6, mac="f" * 64),
        ),
        [("umum-2026", 6)],
    ),
    "a changed seal": (lambda: (change(3, mac="0" * 64),), [("umum-2026", 3)]),
    "a changed head": (
        lambda: (sa.update(AuditHead).where(AuditHead.chain == "umum-2026").values(mac="0" * 64),),
        [("umum-2026", 5)],
    ),
    "a head that counts too far": (
        lambda: (sa.update(AuditHead).where(AuditHead.chain == "umum-2026").values(sequence=6),),
        [("umum-2026", 5)],
    ),
    "a removed head": (
        lambda: (sa.delete(AuditHead).where(AuditHead.chain == "umum-2026"),),
        [("umum-2026", 5)],
    ),
    "a row moved to another chain": (
        lambda: (change(5, chain="umum-2027", sequence=6),),
        [("umum-2026", 4), ("umum-2027", 6)],
    ),
    "a row moved into the gap of another chain": (
        lambda: (sa.delete(AuditRow).where(row(3, "umum-2027")), change(3, chain="umum-2027")),
        [("umum-2026", 3), ("umum-2027", 3)],
    ),
}


def test_what_was_recorded_verifies_on_either_database(office: Flask) -> None:
    write()
    assert list(audit.verify()) == [("umum-2026", 5, None), ("umum-2027", 5, None)]


def test_an_empty_database_is_sound(office: Flask) -> None:
    assert list(audit.verify()) == []


@pytest.mark.parametrize("name", TAMPERING)
def test_tampering_is_found_at_its_first_row_and_other_chains_stay_sound(
    small_office: Flask, name: str
) -> None:
    statements, expected = TAMPERING[name]
    write()
    tamper(*statements())
    assert faults() == expected


def test_a_chain_sealed_with_another_key_is_found(small_office: Flask) -> None:
    write(years=1)
    small_office.config["AUDIT_KEY"] = "another key of at least thirty-two characters"
    assert faults() == [("umum-2026", 1)]


def test_an_end_cut_off_together_with_its_head_is_found_by_the_checkpoint_alone(small_office: Flask) -> None:
    write()
    posted = audit.heads()
    tamper(*cut(to=4))
    assert faults() == []
    found = [fault for line in posted if (fault := audit.compare(*line))]
    assert [(f.chain, f.sequence) for f in found] == [("umum-2026", 5)]


def test_a_chain_written_anew_after_a_cut_is_found_by_the_checkpoint(small_office: Flask) -> None:
    write()
    posted = audit.heads()
    tamper(*cut(to=4))
    with clock.frozen(BEGIN + timedelta(days=1)), transaction():
        audit.record("uji.coba", actor_id=None, payload={"nomor": "baru"})
    assert faults() == []
    found = [fault for line in posted if (fault := audit.compare(*line))]
    assert [(f.chain, f.sequence, f.why) for f in found] == [
        ("umum-2026", 5, "baris pada titik periksa bukan yang dahulu")
    ]


def test_a_checkpoint_still_holds_after_more_was_recorded(small_office: Flask) -> None:
    write()
    posted = audit.heads()
    write()
    assert [audit.compare(*line) for line in posted] == [None, None]


def test_an_act_that_is_rolled_back_leaves_no_gap(small_office: Flask) -> None:
    write(years=1)

    def fail() -> None:
        with clock.frozen(BEGIN), transaction():
            audit.record("uji.coba", actor_id=None, payload={})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    write(years=1)
    assert list(audit.verify()) == [("umum-2026", 10, None)]


def test_verifying_takes_the_same_memory_however_long_the_chain(
    small_office: Flask, proof_line: Callable[[str, str, str], None]
) -> None:
    rows = size(8_000, 1_000_000)
    _many(rows)
    began = clock.monotonic_now()
    tracemalloc.start()
    heard: list[int] = []
    assert list(audit.verify(heard.append)) == [("umum-2026", rows, None)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    taken = (clock.monotonic_now() - began).total_seconds()
    assert sum(heard) > rows - 1000
    assert peak < 12 * 1024 * 1024
    if rows == 1_000_000:
        began = clock.monotonic_now()
        list(audit.verify())
        taken = (clock.monotonic_now() - began).total_seconds()
        assert taken <= 60
    proof_line(
        "Audit chain verified in bounded memory",
        "1,000,000 rows, 60 s",
        f"{rows} rows, {taken:.0f} s, {peak >> 20} MiB",
    )


def _many(rows: int) -> None:
    """A long valid chain, written in bulk."""
    key, previous = str(settings_for("")["AUDIT_KEY"]).encode(), ""
    made: list[dict[str, Any]] = []
    for sequence in range(1, rows + 1):
        values = {
            "chain": "umum-2026",
            "sequence": sequence,
            "legal_at": BEGIN + timedelta(seconds=sequence),
            "real_at": BEGIN,
            "actor_id": None,
            "action": "uji.coba",
            "document_id": None,
            "payload": audit.canonical({"nomor": sequence}),
        }
        previous = audit.seal(key, previous, audit.sealed_part(values))
        made.append(values | {"mac": previous})
        if len(made) == 10_000 or sequence == rows:
            with transaction():
                db.session.execute(sa.insert(AuditRow), made)
            made.clear()
    with transaction():
        db.session.execute(sa.insert(AuditHead).values(chain="umum-2026", sequence=rows, mac=previous))


# The command


@pytest.fixture
def run(small_office: Flask, tmp_path: Path) -> Callable[..., Result]:
    settings = small_office.config
    environment = {
        "DATABASE_URL": settings["DATABASE_URL"],
        "KINERJA_SECRET_KEY": settings["SECRET_KEY"],
        "KINERJA_AUDIT_KEY": settings["AUDIT_KEY"],
        "KINERJA_TRUSTED_PROXY": "1",
        "KINERJA_INSTANCE": str(tmp_path),
    }
    write()

    def call(*arguments: str) -> Result:
        db.session.rollback()
        return CliRunner().invoke(main, ["audit", *arguments], env=environment)

    return call


def test_the_command_says_of_each_chain_that_it_is_sound(run: Callable[..., Result]) -> None:
    result = run("verify")
    assert (result.exit_code, result.output) == (0, "umum-2026: 5 rows, sound\numum-2027: 5 rows, sound\n")


def test_the_command_fails_and_names_the_first_bad_row_of_each_chain(run: Callable[..., Result]) -> None:
    tamper(change(2, payload="{}"), change(4, payload="{}"))
    result = run("verify")
    assert result.exit_code == 1
    assert result.output.splitlines()[0] == "umum-2026: 1 rows, row 2: isi atau urutan berubah"


def test_the_command_answers_a_machine_in_json(run: Callable[..., Result]) -> None:
    tamper(change(2, payload="{}"))
    result = run("verify", "--json")
    told = json.loads(result.output)
    assert result.exit_code == 1
    assert told["sound"] is False
    assert told["faults"] == [{"chain": "umum-2026", "sequence": 2, "why": "isi atau urutan berubah"}]
    assert told["chains"][1] == {"chain": "umum-2027", "rows": 5, "sound": True}


def test_the_command_prints_a_dated_line_per_chain_and_finds_it_again(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    result = run("checkpoint")
    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert [line.split()[1:3] for line in lines] == [["umum-2026", "5"], ["umum-2027", "5"]]
    assert all(datetime.fromisoformat(line.split()[0]).tzinfo is not None for line in lines)
    posted = tmp_path / "checkpoint.txt"
    posted.write_text(result.output)
    assert run("verify", "--against", str(posted)).exit_code == 0
    tamper(*cut(to=4))
    assert run("verify").exit_code == 0
    against = run("verify", "--against", str(posted))
    assert against.exit_code == 1
    assert "umum-2026: row 5: baris pada titik periksa tidak ada lagi" in against.output


def test_the_command_refuses_a_file_that_is_no_checkpoint(run: Callable[..., Result], tmp_path: Path) -> None:
    posted = tmp_path / "other.txt"
    posted.write_text("\nsomething else\n")
    result = run("verify", "--against", str(posted))
    assert result.exit_code == 1
    assert "other.txt line 2" in result.output


def test_the_acts_of_one_transaction_are_sealed_at_its_end_in_the_order_in_which_they_happened(
    office: Flask,
) -> None:
    write(1, 2)
    with clock.frozen(BEGIN + timedelta(days=1)), transaction():
        for number in range(3):
            with transaction():
                audit.record("uji.sekaligus", actor_id=None, payload={"nomor": number})
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditRow)) == 2
    rows = db.session.execute(
        sa.select(AuditRow.sequence, AuditRow.payload).order_by(AuditRow.sequence)
    ).all()
    assert [tuple(row) for row in rows][2:] == [(3, '{"nomor":0}'), (4, '{"nomor":1}'), (5, '{"nomor":2}')]
    assert faults() == []


def test_what_a_refused_transaction_recorded_is_not_written_by_the_next_one(office: Flask) -> None:
    def refused() -> None:
        with transaction():
            audit.record("uji.ditolak", actor_id=None, payload={})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        refused()
    write(1, 1)
    assert db.session.scalars(sa.select(AuditRow.action)).all() == ["uji.coba"]
    assert faults() == []


@pytest.mark.parametrize(
    ("value", "spelling"),
    [
        ({"b": "Éva – ‘Wati’", "a": 1}, '{"a":1,"b":"Éva – ‘Wati’"}'),
        ({"a": BEGIN.date()}, '{"a":"2026-01-05"}'),
    ],
)
def test_a_value_has_one_spelling(value: Any, spelling: str) -> None:
    assert audit.canonical(value) == spelling


@pytest.mark.parametrize(
    ("path", "chain"), [("/1/", "u1-2026"), ("/1/2/", "u2-2026"), ("/1/2/3/", "u2-2026")]
)
def test_a_chain_belongs_to_the_second_unit_of_the_path(path: str, chain: str) -> None:
    one: Any = SimpleNamespace(unit=SimpleNamespace(path=path), period=SimpleNamespace(year=2026))
    assert audit.chain_of(one) == chain


def test_walking_tells_now_and_then_how_far_it_is(
    small_office: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "STEP", 3)
    assert audit.count() == 0
    write(years=1, each=7)
    told: list[int] = []
    assert [fault for _, _, fault in audit.verify(told.append)] == [None]
    assert (told, audit.count()) == ([3, 3], 7)
