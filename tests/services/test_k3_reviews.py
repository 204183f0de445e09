"""The K3 of a unit's indicators: opened by the calendar, filled in, reviewed, sent back, settled, locked, opened again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kinerja import clock, models
from kinerja.db import db
from kinerja.rules import k3_review as law
from kinerja.services import (
    due,
    identity,
    iku_values,
    k3_desk,
    k3_due,
    k3_lines,
    lists,
    policy,
    transitions,
    turns,
)
from kinerja.services.errors import BadInput, NotAllowed
from kinerja.services.periods import regulation_of
from kinerja.workflows.base import Incomplete
from tests.services.agreement_office import Ministry, running

APRIL = datetime(2026, 4, 1, 3, tzinfo=UTC)
LATER = datetime(2026, 4, 13, 3, tzinfo=UTC)
PROXY = {"validity": "proxy", "control": "moderate", "target_status": "baru_tanpa_riwayat"}


@pytest.fixture
def ministry(sqlite_template: Path, tmp_path: Path) -> Iterator[Ministry]:
    """The PK of the directorate is in force; a member of its staff is its pengelola kinerja organisasi."""
    with running(sqlite_template, tmp_path) as found:
        found.appoint("staf", "pengelola_organisasi", "direktorat")
        found.appoint("asing", "sekretariat_komite")
        found.in_force(found.begin())
        yield found


def fall_due() -> int:
    return k3_due.fall_due(clock.today())


def reviews() -> list[models.Document]:
    query = sa.select(models.Document).where(models.Document.kind == "k3_review").order_by(models.Document.id)
    return list(db.session.scalars(query))


def awaited(review: str) -> list[int]:
    document = transitions.load(review)
    return turns.person_in_turn(document, document.turn)


def said(review: str, **one: Any) -> dict[str, Any]:
    """What is typed at every indicator of a review."""
    return {"items": {line.item.key: one for line in k3_lines.lines_of(transitions.load(review))}}


def k3_of(ministry: Ministry) -> list[tuple[Decimal | None, bool]]:
    period = db.session.get_one(models.Period, ministry.period)
    reading = iku_values.read(ministry.units["direktorat"], period, "TW1")
    return [(one.k3.value, one.k3.provisional) if one.k3 else (None, True) for one in reading.indicators]


def test_a_review_goes_from_the_end_of_its_quarter_to_the_k3_that_nko_k3_reads(ministry: Ministry) -> None:
    who = ministry.people
    fall_due()
    assert reviews() == []
    with clock.frozen(APRIL):
        due.run()
        assert fall_due() == 0
        (opened,) = reviews()
        review = opened.public_id
        assert (opened.state, opened.slot, opened.subject_id) == ("not_reviewed", "TW1", who["direktur"])
        assert clock.local(opened.due_at or APRIL, "WIB").date() == date(2026, 4, 10)
        assert awaited(review) == [who["staf"]]
        assert k3_of(ministry) == [(None, True)] * 4
        for event, by in (("self_check", "direktur"), ("start_review", "staf"), ("start_review", "direktur")):
            with pytest.raises(NotAllowed):
                ministry.send(review, event, by)
        ministry.send(review, "self_check", "staf", change=said(review, **PROXY))
        assert awaited(review) == [who["pengelola"]]
        ministry.send(review, "start_review", "pengelola")
        with pytest.raises(NotAllowed):
            ministry.send(review, "save", "staf", change={})
        lama = {"target_status": "lama", "finding": " Riwayat belum diisi. "}
        ministry.send(review, "save", "pengelola", change=said(review, **lama))
        with pytest.raises(Incomplete) as refused:
            ministry.send(review, "clear", "pengelola")
        assert {unmet.rule for unmet in refused.value.unmet} == {"K3-2"}
        with pytest.raises(BadInput):
            ministry.send(review, "send_back", "pengelola", note="Lengkapi riwayat target.", change={})
        note = {"note": "Isi target dan realisasi 2025."}
        ministry.send(
            review, "send_back", "pengelola", note="Lengkapi riwayat target.", change=said(review, **note)
        )
        assert awaited(review) == [who["staf"]]
        past = {"target_y1": Decimal("92.5"), "realisation_y1": Decimal(90), "finding": "bukan haknya"}
        ministry.send(review, "resubmit", "staf", change=said(review, **past))
        (first, *_rest) = k3_lines.lines_of(transitions.load(review))
        assert (first.item.finding, first.item.note) == (
            "Riwayat belum diisi.",
            "Isi target dan realisasi 2025.",
        )
        done = ministry.send(review, "clear", "pengelola")
        assert (done.state, done.turn) == ("reviewed", "")
        # Proxy and moderate weigh 1, an equal target that was not reached last year weighs 1.
        assert k3_of(ministry) == [(Decimal(1), False)] * 4
        value = db.session.scalars(
            sa.select(models.Document.public_id).where(
                models.Document.kind == "org_value", models.Document.slot == "TW1"
            )
        ).one()
        skep = {"nko": Decimal(101), "decree_number": "KEP-1/2026", "decree_date": date(2026, 4, 1)}
        ministry.send(value, "enter_value", "staf", change=skep)
        ministry.send(value, "clear", "pengelola")
        ministry.send(value, "determine", "menteri", change={"predicate": "baik", "reason": ""})
        assert transitions.load(review).state == "locked"
        ministry.send(review, "reopen", "asing", note="Bobot validitas keliru.")
        assert k3_of(ministry) == [(None, True)] * 4
        ministry.send(review, "save", "pengelola", change=said(review, validity="exact", control="low"))
        ministry.send(review, "clear", "pengelola")
        assert transitions.load(review).state == "locked"
        assert k3_of(ministry) == [(Decimal("1.1"), False)] * 4
    with clock.frozen(datetime(2026, 7, 1, 3, tzinfo=UTC)):
        assert fall_due() == 0


def test_the_desk_lists_what_a_walk_finds_and_a_late_repair_goes_on_without(ministry: Ministry) -> None:
    with clock.frozen(APRIL):
        fall_due()
        (opened,) = reviews()
        review = opened.public_id
        ministry.send(review, "start_review", "pengelola")
        lines = k3_lines.lines_of(transitions.load(review))
        typed = [
            {"validity": "exact", "control": "high", "target_status": "lama"}, {"target_status": "lama"}, PROXY,
            {"validity": "activity", "control": "low"},
        ]  # fmt: skip
        change = {"items": {line.item.key: one for line, one in zip(lines, typed, strict=True)}}
        ministry.send(review, "save", "pengelola", change=change)
        regulation, circle = regulation_of(opened.period), identity.circle_of(ministry.people["pengelola"])
        # Manuals are owed a month after the PK was set.
        for today, manual in ((date(2026, 2, 7), ()), (date(2026, 2, 8), (law.MANUAL,))):
            walked = {
                line.item.key: law.problems(line.one, regulation, today)
                for line in k3_lines.lines_of(transitions.load(review))
            }
            assert list(walked.values()) == [
                (law.PAIR, law.HISTORY, *manual), (law.HISTORY, *manual), manual, (law.PAIR, *manual),
            ]  # fmt: skip
            listed = {row.key: row.problems for row in k3_desk.look(circle, today).rows}
            assert listed == {key: found for key, found in walked.items() if found}
        pairs = k3_desk.look(circle, today, law.PAIR)
        assert [row.key for row in pairs.rows] == [lines[0].item.key, lines[3].item.key]
        page = k3_desk.look(circle, today, size=1)
        rest = k3_desk.look(circle, today, after=page.after)
        assert {row.key for row in (*page.rows, *rest.rows)} == set(listed)
        assert k3_desk.look(identity.circle_of(ministry.people["kasi"]), today).rows == ()
        # A repair that takes too long goes back to the reviewer with its finding.
        note = said(review, note="Pasangan ini terlarang.")
        ministry.send(review, "send_back", "pengelola", note="Perbaiki validitasnya.", change=note)
        staff = identity.circle_of(ministry.people["staf"])
        assert [row.public_id for row in lists.page(staff, lists.Filters(kind="k3_review"))] == [review]
    with clock.frozen(LATER):
        assert fall_due() == 1
        document = transitions.load(review)
        assert document.state == "in_review"
        assert k3_lines.lines_of(document)[0].item.note == "Pasangan ini terlarang."
        assert not policy.may_view(document, identity.actor_for(document, ministry.people["kasi"]))
