"""A DKO from the day the system proposes it to the day its last action is done: who may what, what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kinerja import clock, models
from kinerja.db import db
from kinerja.ids import new_key
from kinerja.services import (
    agenda,
    dko_actions,
    dko_compliance,
    dko_due,
    dko_matter,
    dko_start,
    evidence,
    identity,
    lists,
    lpkr,
    policy,
    transitions,
    turns,
)
from kinerja.services.dko import dko_of
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.workflows.base import Incomplete
from tests.services.agreement_office import Ministry, _unit, running

APRIL, MAY, JULY, OCTOBER = (datetime(2026, month, 1, 3, tzinfo=UTC) for month in (4, 5, 7, 10))


@pytest.fixture
def ministry(sqlite_template: Path, tmp_path: Path) -> Iterator[Ministry]:
    """With the PK of the directorate in force."""
    with running(sqlite_template, tmp_path) as found:
        found.in_force(found.begin())
        yield found


@contextmanager
def on(moment: datetime) -> Iterator[None]:
    with clock.frozen(moment):
        yield


def proposed(moment: datetime) -> list[models.Document]:
    with on(moment):
        dko_due.fall_due(clock.today())
    return list(
        db.session.scalars(
            sa.select(models.Document).where(models.Document.kind == "dko").order_by(models.Document.id)
        )
    )


def people_of(document: models.Document) -> dict[str, str]:
    return {one.name: one.public_id for one in dko_matter.candidates(document).values()}


def hold(ministry: Ministry, dko: str, day: datetime) -> None:
    """Held on its day by the head, with one arahan and an action of the head of the section."""
    with on(day):
        ministry.send(dko, "edit", "pengelola", change={"tanggal": clock.today()})
        people = people_of(transitions.load(dko))
        names = {row.id: row.name for row in db.session.scalars(sa.select(models.Person))}
        head, owner = (people[names[ministry.people[who]]] for who in ("direktur", "kasi"))
        ministry.send(dko, "mark_held", "pengelola", change={"pimpinan": head, "peserta": [head, owner]})
        arahan = {
            "key": new_key(), "arahan": "Percepat layanan",
            "aksi": [{"key": new_key(), "uraian": "Menyusun standar layanan", "pj": owner, "tanggal": date(2026, 5, 29)}],
        }  # fmt: skip
        ministry.send(
            dko, "save", "pengelola", change={"notulen": "Dibahas capaian IKU.", "arahan": [arahan]}
        )
        ministry.send(dko, "record_minutes", "pengelola")
        ministry.send(dko, "sign_minutes", "direktur", signed=True)


def test_each_quarter_the_system_proposes_one_for_every_unit_with_a_pk_in_force(ministry: Ministry) -> None:
    assert proposed(datetime(2026, 3, 31, 3, tzinfo=UTC)) == []
    (first,) = proposed(APRIL)
    assert (first.slot, first.state, first.subject_id) == ("TW1", "scheduled", ministry.people["direktur"])
    assert dko_of(first).held_on == date(2026, 4, 28)
    assert turns.person_in_turn(first, first.turn) == [ministry.people["pengelola"]]
    assert len(proposed(MAY)) == 1
    second = proposed(JULY)
    assert [(one.slot, one.state) for one in second] == [("TW1", "missed"), ("TW2", "scheduled")]


def test_a_dko_goes_from_its_schedule_to_open_actions_and_the_owner_closes_his(ministry: Ministry) -> None:
    (document,) = proposed(APRIL)
    dko, kasi = document.public_id, ministry.people["kasi"]
    hold(ministry, dko, datetime(2026, 4, 28, 3, tzinfo=UTC))
    document = transitions.load(dko)
    assert (document.state, document.turn) == ("actions_open", "pemilik_aksi")
    assert turns.person_in_turn(document, document.turn) == [kasi]
    (mine,) = dko_actions.mine(kasi)
    assert (mine.text, mine.due) == ("Menyusun standar layanan", date(2026, 5, 29))
    with on(MAY):
        assert (date(2026, 5, 29), dko) in [
            (e.day, e.public_id) for e in agenda.entries(kasi, date(2026, 5, 1))
        ]
        with pytest.raises(Incomplete):
            ministry.send(dko, "close", "direktur")
        with pytest.raises(BadInput):
            ministry.send(dko, "complete_action", "kasi", change={"aksi": mine.key, "hasil": "Ya"})
        with pytest.raises(NotAllowed):
            ministry.send(
                dko, "complete_action", "direktur", change={"aksi": mine.key, "hasil": "Sudah selesai."}
            )
        proof = evidence.store_link(kasi, "https://berkas.contoh.go.id/standar", "Standar layanan").public_id
        done = {"aksi": mine.key, "hasil": "Standar layanan ditetapkan.", "evidence": [proof]}
        other = evidence.store_link(ministry.people["staf"], "https://berkas.contoh.go.id/lain").public_id
        with pytest.raises(BadInput):
            ministry.send(dko, "complete_action", "kasi", change=done | {"evidence": [other]})
        after = ministry.send(dko, "complete_action", "kasi", change=done)
        assert (after.state, after.turn, dko_actions.mine(kasi)) == ("actions_open", "subjek", [])
        assert ministry.send(dko, "close", "direktur").state == "closed"
        document = transitions.load(dko)
        for who in ("direktur", "staf"):
            actor = identity.actor_for(document, ministry.people[who])
            assert evidence.open_evidence(document, actor, proof).url == "https://berkas.contoh.go.id/standar"
        with pytest.raises(NotThere):
            evidence.open_evidence(document, actor, other)


def test_what_stays_open_comes_back_unasked_and_is_carried_into_the_next_one(ministry: Ministry) -> None:
    first = proposed(APRIL)[0].public_id
    hold(ministry, first, datetime(2026, 4, 28, 3, tzinfo=UTC))
    second = proposed(JULY)[1].public_id
    with on(JULY):
        (back,) = dko_matter.materials(transitions.load(second))["aksi"]
        assert (back["uraian"], back["kali"]) == ("Menyusun standar layanan", 1)
    with on(datetime(2026, 7, 20, 3, tzinfo=UTC)):
        ministry.send(second, "edit", "pengelola", change={"tanggal": clock.today()})
        head = dko_matter.leaders(transitions.load(second))[0].public_id
        ministry.send(second, "mark_held", "pengelola", change={"pimpinan": head, "peserta": []})
        moved = [{"key": back["key"], "tanggal": date(2026, 8, 14)}]
        ministry.send(
            second, "save", "pengelola", change={"notulen": "Tidak ada arahan baru.", "kembali": moved}
        )
        ministry.send(second, "record_minutes", "pengelola")
        assert transitions.load(first).state == "actions_open"
        ministry.send(second, "sign_minutes", "direktur", signed=True)
    assert [transitions.load(one).state for one in (first, second)] == ["closed", "actions_open"]
    (mine,) = dko_actions.mine(ministry.people["kasi"])
    assert (mine.public_id, mine.due, mine.times) == (second, date(2026, 8, 14), 1)


def test_an_owner_is_reminded_before_the_day_and_once_after_it(ministry: Ministry) -> None:
    hold(ministry, proposed(APRIL)[0].public_id, datetime(2026, 4, 28, 3, tzinfo=UTC))

    def told() -> int:
        query = sa.select(sa.func.count()).where(
            models.Notice.person_id == ministry.people["kasi"], models.Notice.dedupe.startswith("dko:")
        )
        return db.session.scalar(query) or 0

    counts = []
    for day in (4, 28, 29):
        proposed(datetime(2026, 5, day, 3, tzinfo=UTC))
        counts.append(told())
    for _again in range(2):
        proposed(datetime(2026, 6, 2, 3, tzinfo=UTC))
        counts.append(told())
    assert counts == [0, 1, 1, 2, 2]


def test_lower_units_come_first_but_a_dialogue_may_be_held_without_materials(ministry: Ministry) -> None:
    above = ministry.begin("kementerian", "menteri")
    db.session.execute(
        sa.update(models.Document).where(models.Document.public_id == above).values(state="in_force")
    )
    db.session.commit()
    below, top = proposed(APRIL)
    assert [one.unit.level for one in (below, top)] == ["L2", "L0"]
    with on(datetime(2026, 4, 30, 3, tzinfo=UTC)):
        with pytest.raises(Incomplete) as refused:
            ministry.send(top.public_id, "complete_materials", "pengelola")
        assert refused.value.unmet[0].params == {"units": "Direktorat"}
        leader = dko_matter.leaders(transitions.load(top.public_id))[0].public_id
        held = ministry.send(
            top.public_id, "mark_held", "pengelola", change={"pimpinan": leader, "peserta": []}
        )
        assert (held.state, held.flags["without_materials"]) == ("held", True)


@pytest.mark.parametrize(
    ("who", "before", "after"),
    [("direktur", True, True), ("menteri", True, True), ("pengelola", True, True), ("kasi", False, True),
     ("staf", False, True), ("asing", False, False)],
)  # fmt: skip
def test_the_staff_of_the_unit_know_the_minutes_once_they_are_signed(
    ministry: Ministry, who: str, before: bool, after: bool
) -> None:
    dko, person = proposed(APRIL)[0].public_id, ministry.people[who]

    def sees() -> tuple[bool, bool]:
        document = transitions.load(dko)
        circle = identity.circle_of(person)
        listed = any(row.public_id == dko for row in lists.page(circle, lists.Filters(kind="dko")))
        counted = sum(n for *_kind, n in lists.counts(circle, lists.Filters(kind="dko")))
        assert counted == listed
        return policy.may_view(document, identity.actor_for(document, person)), listed

    assert sees() == (before, before)
    hold(ministry, dko, datetime(2026, 4, 28, 3, tzinfo=UTC))
    assert sees() == (after, after)


def test_only_the_pengelola_schedules_and_only_within_the_quarter_and_the_one_after(
    ministry: Ministry,
) -> None:
    period, unit = db.session.get_one(models.Period, ministry.period), ministry.units["direktorat"]

    def schedule(day: date, by: str, unit: int = unit) -> Any:
        return dko_start.schedule(unit, period, "TW1", day, by_id=ministry.people[by])

    with on(APRIL):
        for day in (date(2025, 12, 31), date(2026, 7, 1)):
            with pytest.raises(BadInput):
                schedule(day, "pengelola")
        with pytest.raises(BadInput):
            schedule(date(2026, 4, 20), "pengelola", ministry.units["kementerian"])
        with pytest.raises(NotAllowed):
            schedule(date(2026, 4, 20), "kasi")
        assert schedule(date(2026, 4, 20), "pengelola").state == "scheduled"
        assert schedule(date(2026, 5, 20), "pengelola").state == "scheduled"


def test_the_compliance_page_tells_each_quarter_of_each_unit_with_as_many_statements_for_fifty_more(
    ministry: Ministry,
) -> None:
    hold(ministry, proposed(APRIL)[0].public_id, datetime(2026, 4, 28, 3, tzinfo=UTC))
    period = db.session.get_one(models.Period, ministry.period)

    def seen(who: str, code: str = "") -> tuple[dict[str, list[str]], int]:
        asked: list[str] = []
        circle = identity.circle_of(ministry.people[who])
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        found = dko_compliance.look(circle, period, code)
        told = {line.code: [cell.state for cell in line.cells] for line in found.lines}
        count = len(asked)
        asked.clear()
        return told, count

    proposed(JULY)
    with on(JULY):
        directorate = ["dilaksanakan", "dijadwalkan", "nanti", "nanti"]
        told = seen("menteri")[0]
        assert told == {"KEM": ["belum", "belum", "nanti", "nanti"], "DIR": directorate}
        assert seen("pengelola")[0] == told
        assert seen("direktur")[0] == {"DIR": directorate}
        assert seen("asing")[0] == {}
        with pytest.raises(NotThere):
            seen("direktur", "KEM")
        count = seen("menteri")[1]
        top = db.session.get_one(models.Unit, ministry.units["kementerian"])
        for number in range(50):
            _unit(f"U{number}", f"Unit {number}", "L2", top)
        db.session.commit()
        assert len(seen("menteri")[0]) == 52
        assert seen("menteri")[1] == count


def test_the_monitoring_report_tells_what_was_decided_and_how_it_stands_to_whoever_knows_the_pk(
    ministry: Ministry,
) -> None:
    hold(ministry, proposed(APRIL)[0].public_id, datetime(2026, 4, 28, 3, tzinfo=UTC))
    period = db.session.get_one(models.Period, ministry.period)
    with on(datetime(2026, 6, 2, 3, tzinfo=UTC)):
        for who, sees_figures in (("direktur", True), ("menteri", True), ("staf", False)):
            report = lpkr.read(identity.circle_of(ministry.people[who]), period, "DIR", "TW1")
            assert [(a["uraian"], a["keadaan"]) for a in report.actions] == [
                ("Menyusun standar layanan", "terlambat")
            ]
            first = report.indicators[0]
            assert (first["kode"], Decimal(first["target"]), first["terlambat"]) == (
                "1a-N",
                Decimal("92.5"),
                True,
            )
            assert ("capaian" in first) is sees_figures, who
            assert [day for _id, day, _state in report.meetings] == [date(2026, 4, 28)]
        assert lpkr.read(identity.circle_of(ministry.people["staf"]), period, "DIR", "TW2").actions == ()
        stranger = identity.circle_of(ministry.people["asing"])
        assert lpkr.offered(stranger, period) == []
        with pytest.raises(NotThere):
            lpkr.read(stranger, period, "DIR", "TW1")
