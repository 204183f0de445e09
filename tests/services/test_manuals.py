"""A manual indikator from its first draft to its second version: who writes, who approves, what stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from kinerja import models
from kinerja.db import db, transaction
from kinerja.services import identity, lists, manual_start, manuals, policy, transitions, turns
from kinerja.services.agreements import as_law_sees_it, pk_of
from kinerja.services.errors import BadInput, NotAllowed, NotThere
from kinerja.services.manual_kind import manual_of
from kinerja.workflows.base import Incomplete
from tests.services.agreement_office import Ministry, running

TYPED = {
    "tujuan": "Mengetahui mutu layanan.", "definisi": "Bagian layanan yang selesai sebelum batas waktunya.",
    "formula": "layanan tepat waktu / semua layanan x 100", "kualitas": "outcome", "sumber_data": "Aplikasi layanan",
    "periode_pelaporan": "triwulanan", "metode_cascading": "direct", "aspek": "waktu", "skala": "100=120\n90=100",
}  # fmt: skip


@pytest.fixture
def ministry(sqlite_template: Path, tmp_path: Path) -> Iterator[Ministry]:
    with running(sqlite_template, tmp_path) as found:
        yield found


def pk(ministry: Ministry) -> str:
    found = ministry.begin()
    ministry.fill(found)
    return found


def iku_of(pk_id: str, place: int = 0) -> models.Iku:
    return pk_of(transitions.load(pk_id)).objectives[place].indicators[0]


def begin(ministry: Ministry, pk_id: str, who: str = "direktur", place: int = 0) -> str:
    key = iku_of(pk_id, place).key
    return str(manual_start.begin(pk_id, key, by_id=ministry.people[who]).public_id)


def in_force(ministry: Ministry, pk_id: str, **changes: Any) -> str:
    manual = begin(ministry, pk_id)
    ministry.send(manual, "edit", "direktur", change=TYPED | changes)
    for event, who in (("submit", "direktur"), ("approve", "menteri"), ("clear", "pengelola")):
        ministry.send(manual, event, who)
    return manual


def awaited(manual: str) -> list[int]:
    document = transitions.load(manual)
    return turns.person_in_turn(document, document.turn)


def realised(iku: models.Iku) -> None:
    with transaction():
        db.session.get_one(models.Iku, iku.id).locked_at = transitions.clock.now()
    db.session.expire_all()


def test_a_manual_goes_from_draft_to_force_and_measures_its_iku_from_then_on(ministry: Ministry) -> None:
    agreement, who = pk(ministry), ministry.people
    iku = iku_of(agreement)
    manual = begin(ministry, agreement)
    assert begin(ministry, agreement) == manual
    assert (manuals.states([iku.id]), manuals.in_force([iku.id])) == ({iku.id: "draft"}, {})
    with pytest.raises(Incomplete) as refused:
        ministry.send(manual, "submit", "direktur")
    assert {unmet.field_name for unmet in refused.value.unmet} >= {"purpose", "definition", "formula"}
    ministry.send(manual, "edit", "direktur", change=TYPED)
    for event, by, state, then in (
        ("submit", "direktur", "submitted", ["menteri"]),
        ("approve", "menteri", "approved", ["pengelola"]),
        ("clear", "pengelola", "in_force", []),
    ):
        assert ministry.send(manual, event, by).state == state
        assert awaited(manual) == [who[name] for name in then]
    view = manuals.in_force([iku.id])[iku.id]
    assert view.scale == ((Decimal(90), Decimal(100)), (Decimal(100), Decimal(120)))
    assert (view.polarity, view.consolidation, view.cannot_exceed) == ("maximize", "average", False)


@pytest.mark.parametrize("who", ["menteri", "kasi", "staf", "asing"])
def test_nobody_else_begins_a_manual(ministry: Ministry, who: str) -> None:
    agreement = pk(ministry)
    with pytest.raises((NotAllowed, NotThere)):
        begin(ministry, agreement, who)


def test_the_pengelola_writes_for_the_unit_and_the_head_above_sends_back(ministry: Ministry) -> None:
    manual = begin(ministry, pk(ministry), "pengelola")
    ministry.send(manual, "edit", "pengelola", change=TYPED)
    ministry.send(manual, "submit", "pengelola")
    document = ministry.send(manual, "send_back", "menteri", note="Jelaskan sumber datanya lebih dahulu.")
    assert document.state == "draft"


def test_the_pk_knows_which_of_its_iku_have_an_approved_manual(ministry: Ministry) -> None:
    agreement = pk(ministry)
    in_force(ministry, agreement)
    document = transitions.load(agreement)
    seen = as_law_sees_it(document, pk_of(document))
    assert [iku.manual for iku in seen.indicators] == ["in_force", "", "", ""]


def test_a_new_version_is_drafted_while_the_old_one_counts_and_ends_it_when_in_force(
    ministry: Ministry,
) -> None:
    agreement = pk(ministry)
    first = in_force(ministry, agreement)
    iku = iku_of(agreement)
    realised(iku)
    second = begin(ministry, agreement)
    assert second != first
    ministry.send(
        second, "edit", "direktur", change={"definisi": "Bagian layanan yang selesai pada waktunya."}
    )
    assert manuals.states([iku.id]) == {iku.id: "in_force"}
    # MI-2 of this version: a month from the day it was begun, where the PK is in force since longer.
    drafted = transitions.load(agreement)
    since = transitions.clock.now() - timedelta(days=3)
    plan: Any = SimpleNamespace(state="in_force", state_since=since, period=drafted.period, unit=drafted.unit)
    [version] = [v for v in manuals.versions(models.Manual.iku_id, [iku.id])[iku.id] if v.number == 2]
    assert (manuals.due_of(plan), manuals.due_of(plan, version.begun)) == (date(2026, 2, 4), date(2026, 2, 7))
    for event, who in (("submit", "direktur"), ("approve", "menteri"), ("clear", "pengelola")):
        ministry.send(second, event, who)
    assert transitions.load(first).state == "superseded"
    assert manuals.in_force([iku.id])[iku.id].public_id == second


@pytest.mark.parametrize(
    ("name", "value", "rule", "field"),
    [
        ("formula", "layanan tepat waktu / target x 100", "MI-5", "formula"),
        ("skala", "80 = 100", "MI-4", "scale"),
        ("satuan", "laporan", "MI-4", "measure"),
    ],
)
def test_what_has_a_realisation_is_measured_as_before(
    ministry: Ministry, name: str, value: str, rule: str, field: str
) -> None:
    agreement = pk(ministry)
    in_force(ministry, agreement)
    realised(iku_of(agreement))
    second = begin(ministry, agreement)
    ministry.send(second, "edit", "direktur", change={name: value})
    with pytest.raises(Incomplete) as refused:
        ministry.send(second, "submit", "direktur")
    assert (rule, field) in {(unmet.rule, unmet.field_name) for unmet in refused.value.unmet}
    row = manual_of(transitions.load(second))
    with pytest.raises(sa.exc.DBAPIError, match="indicator has a realisation"), transaction():
        db.session.execute(
            sa.update(models.Manual)
            .where(models.Manual.document_id == row.document_id)
            .values(sealed_at=transitions.clock.now())
        )


def test_the_database_keeps_a_manual_in_force_as_it_is(ministry: Ministry) -> None:
    manual = manual_of(transitions.load(in_force(ministry, pk(ministry))))
    for statement in (sa.update(models.Manual).values(definition="lain"), sa.delete(models.Manual)):
        with pytest.raises(sa.exc.DBAPIError, match="manual is in force"), transaction():
            db.session.execute(statement.where(models.Manual.document_id == manual.document_id))


def test_a_manual_ends_with_the_indicator_that_is_removed_from_the_draft(ministry: Ministry) -> None:
    agreement = pk(ministry)
    manual = begin(ministry, agreement)
    content = transitions.kind_of("pk").content(transitions.load(agreement))
    content["sasaran"][0]["iku"] = []
    ministry.send(agreement, "edit", "direktur", change=content)
    document = transitions.load(manual)
    assert document.state == "dropped"
    assert transitions.kind_of("manual").content(document)["nama"] == "Persentase layanan 1"


def test_the_unit_knows_a_manual_in_force_and_nobody_else_a_draft(ministry: Ministry) -> None:
    agreement = pk(ministry)
    manual = in_force(ministry, agreement)
    draft = begin(ministry, agreement, place=1)
    for name, both in (("kasi", 1), ("staf", 1), ("menteri", 2), ("pengelola", 2), ("asing", 0)):
        seen = [
            one
            for one in (manual, draft)
            if policy.may_view(
                transitions.load(one), identity.actor_for(transitions.load(one), ministry.people[name])
            )
        ]
        assert len(seen) == both, name
        circle, filters = identity.circle_of(ministry.people[name]), lists.Filters(kind="manual")
        assert len(lists.page(circle, filters)) == both, name
        assert sum(n for *_kind, n in lists.counts(circle, filters)) == both, name


def test_a_closed_plan_gets_no_new_manual(ministry: Ministry) -> None:
    agreement = pk(ministry)
    manual, key = begin(ministry, agreement), iku_of(agreement).key
    ministry.send(agreement, "cancel", "direktur", note="Struktur unit berubah tahun ini.")
    assert transitions.load(manual).state == "dropped"
    with pytest.raises(BadInput):
        manual_start.begin(agreement, key, by_id=ministry.people["direktur"])


def test_what_is_being_written_goes_on_under_the_new_head_of_the_unit(ministry: Ministry) -> None:
    agreement, who = pk(ministry), ministry.people
    manual = begin(ministry, agreement)
    with transaction():
        transitions.send(manual, "edit", who["direktur"], version=1, change=TYPED)
        document = transitions.load(agreement)
        document.subject_id = who["asing"]
        db.session.flush()
        transitions.send(manual, "new_head", None, version=None)
    assert transitions.load(manual).subject_id == who["asing"]
