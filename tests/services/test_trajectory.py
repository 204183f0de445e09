"""The trajectory of an SKP with its working, and a team's progress: right, and in few statements."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event as sa_event

from kinerja import clock, models
from kinerja.db import db
from kinerja.services import evidence, monitoring_due
from kinerja.services.monitoring import team_progress
from tests.services.monitoring_office import APRIL, YEAR, Office, running


@pytest.fixture
def at_work(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    """The SKP is in force and its first period open."""
    with running(sqlite_template, tmp_path) as office:
        office.establish()
        yield office


@pytest.fixture
def statements() -> Iterator[Callable[[], int]]:
    """How many statements were sent since the last question."""
    counted = [0]

    def count(*_: Any) -> None:
        counted[0] += 1

    def since() -> int:
        found, counted[0] = counted[0], 0
        return found

    sa_event.listen(sa.Engine, "before_cursor_execute", count)
    yield since
    sa_event.remove(sa.Engine, "before_cursor_execute", count)


def test_sums_and_averages_are_followed_with_their_working(at_work: Office) -> None:
    at_work.record(jumlah="38", hari="11")
    with clock.frozen(APRIL):
        monitoring_due.fall_due(APRIL.date())
        at_work.record("TW2", jumlah="51", hari="13")
    counted, days, module = at_work.trajectory().lines
    assert [(c.total_target, c.total_realisation) for c in counted.cells[:2]] == [
        (Decimal(40), Decimal(38)),
        (Decimal(100), Decimal(89)),
    ]
    assert [c.light for c in counted.cells] == ["kuning", "merah", None, None]
    second = counted.at("TW2").score
    assert second is not None
    assert (second.exact, [part.rule for part in second.parts]) == (
        Fraction(89),
        ["konsolidasi", "rumus_maximize"],
    )
    assert days.at("TW2").total_realisation == Decimal(12)
    assert days.at("TW2").light == "hijau"
    assert [c.target for c in module.cells] == [None, None, None, Decimal(1)]


def test_a_draft_counts_for_its_own_page_only(at_work: Office) -> None:
    at_work.fill({"jumlah": "38"})
    assert at_work.trajectory().lines[0].at("TW1").realisation is None
    own = at_work.trajectory(draft_of=at_work.document().id)
    assert own.lines[0].at("TW1").realisation == Decimal(38)
    assert at_work.trajectory(drafts=True).lines[0].at("TW1").realisation == Decimal(38)


def test_a_whole_skp_costs_at_most_four_statements(at_work: Office, statements: Callable[[], int]) -> None:
    at_work.record()
    skp = db.session.get_one(models.Skp, at_work.skp_id)
    assert skp.document.period.year == YEAR
    at_work.trajectory()
    statements()
    at_work.trajectory()
    assert statements() <= 4


def test_a_team_is_told_with_state_filled_lights_and_flags(at_work: Office) -> None:
    found = evidence.store_file(at_work.people["pegawai"], "daftar.txt", io.BytesIO(b"Daftar set data"))
    wishes = [{"item": key, "evidence": found.public_id, "shows": "hasil"} for key in ("jumlah", "hari")]
    at_work.send("save", "pegawai", change={"attach": wishes})
    at_work.record(jumlah="20", hari="12")
    at_work.send("evidence_unreadable", "penilai", change={"evidence": found.public_id})
    period = at_work.document().period
    row = team_progress([at_work.people["pegawai"], at_work.people["asing"]], period, "TW1")
    assert set(row) == {at_work.people["pegawai"]}
    told = row[at_work.people["pegawai"]]
    assert (told.state, told.filled, told.total) == ("returned", 2, 2)
    assert (told.green, told.yellow, told.red) == (1, 0, 1)
    assert [flag.text % flag.params for flag in told.flags] == [
        "1 bukti tidak dapat dibuka",
        "1 indikator merah",
    ]


def test_the_lights_of_a_team_are_those_of_the_year_so_far(at_work: Office) -> None:
    at_work.record(jumlah="20", hari="12")
    with clock.frozen(APRIL):
        monitoring_due.fall_due(APRIL.date())
        at_work.fill({"jumlah": "65", "hari": "12"}, "TW2")
    told = team_progress([at_work.people["pegawai"]], at_work.document().period, "TW2")[
        at_work.people["pegawai"]
    ]
    assert (told.state, told.green, told.red, told.without_light) == ("draft", 1, 1, 0)
    light = at_work.trajectory(drafts=True).lines[0].at("TW2").light
    assert light == "merah"
    # From now on its manual says that the target of the second cannot be exceeded: reached is 120, not 100.
    plain = at_work.trajectory().lines[1].at("TW1").score
    for number, state in ((1, "superseded"), (2, "in_force")):
        put_manual(at_work, "hari", number, state, cannot_exceed=number == 2)
    measured = at_work.trajectory().lines[1].at("TW1").score
    assert plain is not None
    assert measured is not None
    assert (plain.parts[-1].rule, measured.parts[-1].rule) == ("rumus_minimize", "rumus_konversi_120")
    assert measured.value == Decimal(120)
    again = team_progress([at_work.people["pegawai"]], at_work.document().period, "TW2")
    assert again[at_work.people["pegawai"]].total == told.total


def put_manual(office: Office, indicator: str, number: int, state: str, **says: Any) -> None:
    """A version of the manual of an IKI, as it is stored once its way is done."""
    skp = db.session.get_one(models.Document, office.skp_id)
    document = models.Document(
        public_id=f"m-{indicator}-{number}", kind="manual", print_number=f"m-{indicator}-{number}", slot="IKI",
        period_id=skp.period_id, subject_id=skp.subject_id, unit_id=skp.unit_id, parent_id=skp.id, state=state,
        span_start=f"{indicator}-{number}"[:10], state_since=clock.now(), created_at=clock.now(),
        updated_at=clock.now(),
    )  # fmt: skip
    iki = db.session.scalars(
        sa.select(models.SkpIndicator.id)
        .join(models.SkpRow)
        .where(models.SkpRow.skp_id == office.skp_id, models.SkpIndicator.key == indicator)
    ).one()
    db.session.add(document)
    db.session.flush()
    db.session.add(models.Manual(document_id=document.id, iki_id=iki, number=number, **says))
    db.session.flush()


def test_a_team_costs_two_statements(at_work: Office, statements: Callable[[], int]) -> None:
    period = at_work.document().period
    people = list(at_work.people.values())
    team_progress(people, period, "TW1")
    statements()
    team_progress(people, period, "TW1")
    assert statements() == 2
