"""The one door: what one event writes, what a refused one leaves alone, and what a hold keeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kinerja import clock, models
from kinerja.db import db, transaction
from kinerja.services import due, new_documents, transitions
from kinerja.services.errors import BadInput, NeedsSignature, NotAllowed, NotThere, Stale
from kinerja.workflows.base import Incomplete
from tests.services.evaluation_office import BEGIN, Office, at, running

GROUND = {"ground": "cltn", "until": date(2026, 6, 30)}
NOTE = "Cuti di luar tanggungan negara."
KINDS = (("skp", 2030), ("realisation", 2030), ("skp", 2031))
SECOND = timedelta(seconds=1)


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    """An SKP signed by its subject waits for the penilai."""
    with running(sqlite_template, tmp_path, establish=False) as found:
        yield found


def skp(office: Office) -> models.Document:
    return db.session.get_one(models.Document, office.skp_id, populate_existing=True)


def send(office: Office, event: str, who: str | None, **more: Any) -> transitions.Sent:
    found = skp(office)
    person = office.people[who] if who else None
    return transitions.send(found.public_id, event, person, **({"version": found.version} | more))


def steps(office: Office) -> list[models.Step]:
    own = models.Step.document_id == office.skp_id
    return list(db.session.scalars(sa.select(models.Step).where(own).order_by(models.Step.sequence)))


def fix_due(office: Office, due: datetime | None) -> None:
    with transaction():
        db.session.execute(
            sa.update(models.Document).where(models.Document.id == office.skp_id).values(due_at=due)
        )


def test_printed_numbers_count_on_without_gap_for_each_kind_and_year(office: Office) -> None:
    with transaction():
        drawn = [new_documents.next_print_numbers(*KINDS[0], count) for count in (1, 2)]
        others = [new_documents.next_print_numbers(*one, 1) for one in KINDS[1:]]
    assert drawn == [["SKP-2030-000001"], ["SKP-2030-000002", "SKP-2030-000003"]]
    assert others == [["REA-2030-000001"], ["SKP-2031-000001"]]


def test_an_event_is_one_version_one_step_one_state_and_one_signature(office: Office) -> None:
    before = skp(office).version
    with clock.frozen(BEGIN + SECOND):
        sent = send(office, "establish", "kasubdit", signed=True)
    found = skp(office)
    assert (sent.repeated, found.state, found.version, found.revision_number) == (
        False, "in_force", before + 1, 1,
    )  # fmt: skip
    assert (found.state_since, found.escalation, found.updated_at) == (BEGIN + SECOND, 0, BEGIN + SECOND)
    (step,) = steps(office)
    assert (step.event, step.source, step.target, step.late, step.revision_number) == (
        "establish", "signed_employee", "in_force", False, 1,
    )  # fmt: skip
    signed = db.session.scalars(sa.select(models.Signature)).one()
    assert (signed.block, signed.revision_number, signed.content_hash) == ("penilai", 1, found.content_hash)


@pytest.mark.parametrize(
    ("who", "event", "given", "refusal"),
    [
        ("kasubdit", "establish", {"signed": True, "version": None}, Stale),
        ("kasubdit", "establish", {"signed": True, "version": 99}, Stale),
        ("kasubdit", "establish", {}, NeedsSignature),
        ("pegawai", "establish", {"signed": True}, NotAllowed),
        ("asing", "establish", {"signed": True}, NotThere),
        ("kasubdit", "send_back", {"note": "123456789"}, Incomplete),
        ("kasubdit", "send_back", {"note": "  1234567  "}, Incomplete),
        ("pengelola", "hold", {"note": "123456789", "change": GROUND}, Incomplete),
    ],
)
def test_a_refused_event_changes_nothing(
    office: Office, who: str, event: str, given: dict[str, Any], refusal: type[Exception]
) -> None:
    before = (skp(office).state, skp(office).version, skp(office).updated_at)
    with pytest.raises(refusal):
        send(office, event, who, **given)
    db.session.rollback()
    assert ((skp(office).state, skp(office).version, skp(office).updated_at), steps(office)) == (before, [])


def test_what_does_not_exist_is_answered_like_what_is_not_for_him_to_see(office: Office) -> None:
    with pytest.raises(NotThere):
        transitions.load("tidakadasepertiini")


def test_a_note_of_ten_letters_is_enough_and_is_kept_without_its_margins(office: Office) -> None:
    send(office, "send_back", "kasubdit", note=" 1234567890 ")
    assert [(step.note, step.target) for step in steps(office)] == [("1234567890", "in_dialogue")]


def test_the_same_form_is_one_event_and_its_key_opens_nothing_else(office: Office) -> None:
    person = office.people["kasubdit"]
    first = send(office, "establish", "kasubdit", signed=True, key="satu", version=skp(office).version)
    version = skp(office).version
    again = send(office, "establish", "kasubdit", signed=True, key="satu", version=0)
    assert (first.repeated, again.repeated, again.document.version, len(steps(office))) == (
        False, True, version, 1,
    )  # fmt: skip
    found = skp(office)
    was_sent = transitions.was_sent
    assert was_sent(found, person, "establish", "satu")
    assert not was_sent(found, person, "establish", "")
    assert not was_sent(found, person, "establish", "dua")
    assert not was_sent(found, person, "hold", "satu")
    assert not was_sent(found, office.people["pegawai"], "establish", "satu")
    with pytest.raises(NotAllowed):
        send(office, "add_expectation", "kasubdit", key="satu")


@pytest.mark.parametrize(("after", "late"), [(0, False), (0.9, False), (1, True)])
def test_the_last_second_of_a_deadline_is_in_time(office: Office, after: float, late: bool) -> None:
    fix_due(office, BEGIN)
    with clock.frozen(BEGIN + timedelta(seconds=after)):
        send(office, "establish", "kasubdit", signed=True)
    assert [step.late for step in steps(office)] == [late]


def test_a_step_beside_the_awaited_one_is_never_late(office: Office) -> None:
    fix_due(office, BEGIN - SECOND)
    send(office, "send_back", "kasubdit", note="Belum sesuai harapan.")
    assert [step.late for step in steps(office)] == [False]


@pytest.mark.parametrize("until", ["0001-01-01", "2020-01-01", "2026-01-26", "2028-01-01", "9999-12-31"])
def test_a_hold_lasts_beyond_today_and_to_the_end_of_next_year_at_most(office: Office, until: str) -> None:
    ground = {"ground": "cltn", "until": date.fromisoformat(until)}
    with pytest.raises(BadInput) as refused:
        send(office, "hold", "pengelola", note=NOTE, change=ground)
    (problem,) = refused.value.problems
    assert (problem.field_name, problem.params) == ("until", {"first": "2026-01-27", "last": "2027-12-31"})
    assert skp(office).state == "signed_employee"


@pytest.mark.parametrize("days", [5, None])
def test_what_was_held_resumes_where_it_was_with_the_time_it_had_left(
    office: Office, days: int | None
) -> None:
    fix_due(office, None if days is None else BEGIN + timedelta(days=days))
    send(office, "hold", "pengelola", note=NOTE, change=GROUND)
    held = skp(office)
    assert (held.state, held.held_from) == ("on_hold", "signed_employee")
    with at(date(2026, 4, 1)):
        send(office, "resume", "pengelola")
        now = clock.now()
    found = skp(office)
    assert (found.state, found.held_from) == ("signed_employee", None)
    if days is None:
        # it had no date before: the table gives one, five working days at least
        assert found.due_at is not None
        assert found.due_at.date() == date(2026, 4, 8)
    else:
        assert found.due_at == now + timedelta(days=days)


def fix_beginning(office: Office, day: date) -> None:
    """The SKP was drafted on this day."""
    with transaction():
        begun = {"created_at": datetime.combine(day, time(3), UTC)}
        db.session.execute(
            sa.update(models.Document).where(models.Document.id == office.skp_id).values(begun)
        )


def runs_at(moment: datetime) -> tuple[int, str]:
    """The worker at that moment: the level it leaves the SKP at, and whose turn it is."""
    with clock.frozen(moment):
        due.run()
        found = db.session.scalars(
            sa.select(models.Document)
            .where(models.Document.kind == "skp")
            .execution_options(populate_existing=True)
        ).one()
        return found.acting_level, found.turn


END_OF_JANUARY = datetime(2026, 1, 31, 16, 59, 59, tzinfo=UTC)


def test_the_penilai_is_promised_no_day_after_the_one_on_which_his_superior_takes_over(
    office: Office,
) -> None:
    fix_beginning(office, date(2026, 1, 5))
    with at(date(2026, 1, 29)):
        send(office, "send_back", "kasubdit", note="Belum sesuai harapan.")
        assert (skp(office).turn, skp(office).due_at) == ("penilai", END_OF_JANUARY)
        send(office, "agree", "kasubdit")
        send(office, "agree", "pegawai")
    with at(date(2026, 1, 30)):
        send(office, "sign_employee", "pegawai", signed=True)
    assert (skp(office).turn, skp(office).due_at) == ("penilai", END_OF_JANUARY)
    assert runs_at(END_OF_JANUARY) == (0, "penilai")
    assert runs_at(END_OF_JANUARY + SECOND) == (1, "atasan_penilai")


def test_an_skp_that_was_on_hold_does_not_pass_up_before_its_restored_day(office: Office) -> None:
    fix_beginning(office, date(2026, 1, 5))
    fix_due(office, END_OF_JANUARY)
    with at(date(2026, 1, 26)):
        rest = END_OF_JANUARY - clock.now()
        send(office, "hold", "pengelola", note=NOTE, change=GROUND)
    with at(date(2026, 3, 2)):
        send(office, "resume", "pengelola")
        resumed = clock.now()
    assert (skp(office).turn, skp(office).due_at) == ("penilai", resumed + rest)
    assert runs_at(resumed) == (0, "penilai")
    with clock.frozen(resumed + SECOND):
        send(office, "send_back", "kasubdit", note="Belum sesuai harapan.")
        send(office, "agree", "pegawai")
    assert (skp(office).turn, skp(office).due_at) == ("penilai", resumed + rest)
    assert runs_at(resumed + rest) == (0, "penilai")
    assert runs_at(resumed + rest + SECOND)[0] == 1


def test_what_the_superior_gave_back_stays_with_the_penilai(office: Office) -> None:
    fix_beginning(office, date(2026, 1, 5))
    fix_due(office, END_OF_JANUARY)
    assert runs_at(END_OF_JANUARY + SECOND) == (1, "atasan_penilai")
    with at(date(2026, 2, 3)):
        send(office, "hand_back", "direktur", note="Penilai sudah kembali.")
        assert runs_at(clock.now() + SECOND) == (0, "penilai")


def test_a_step_that_stays_keeps_the_state_its_beginning_and_raises_and_lowers_the_level(
    office: Office,
) -> None:
    since = skp(office).state_since
    with clock.frozen(BEGIN + timedelta(days=8)):
        send(office, "escalate_to_superior", None)
        raised = skp(office)
        assert (raised.state, raised.acting_level, raised.state_since) == ("signed_employee", 1, since)
        assert raised.turn == "atasan_penilai"
        with pytest.raises(NotAllowed):
            send(office, "escalate_to_superior", None)
        with pytest.raises(NotAllowed):
            send(office, "establish", "kasubdit", signed=True)
        send(office, "hand_back", "direktur", note="Penilai sudah kembali.")
    assert (skp(office).acting_level, skp(office).turn) == (0, "penilai")


def test_assent_falls_with_the_return_and_the_last_mark_agrees(office: Office) -> None:
    send(office, "send_back", "kasubdit", note="Belum sesuai harapan.")
    assert (skp(office).marks, skp(office).turn) == ([], "penilai")
    send(office, "agree", "kasubdit")
    assert (skp(office).state, skp(office).marks, skp(office).turn) == ("in_dialogue", ["penilai"], "subjek")
    with pytest.raises(NotAllowed):
        send(office, "agree", "kasubdit")
    send(office, "agree", "pegawai")
    assert (skp(office).state, skp(office).marks) == ("agreed", ["penilai", "subjek"])


def test_assent_falls_with_a_second_return_that_no_signature_has_to_fall_with(office: Office) -> None:
    send(office, "send_back", "kasubdit", note="Belum sesuai harapan.")
    send(office, "agree", "pegawai")
    send(office, "send_back", "kasubdit", note="Masih belum sesuai.")
    assert (skp(office).state, skp(office).marks, skp(office).turn) == ("draft", [], "subjek")


@pytest.mark.parametrize("changed", [{"version": 7}, {"state": "in_force"}, {}])
def test_what_was_judged_on_another_version_or_state_is_not_written(
    office: Office, changed: dict[str, Any]
) -> None:
    with transaction():
        found = skp(office)
        if changed:
            table = models.Document.__table__
            db.session.execute(sa.update(table).where(table.c.id == found.id).values(**changed))
            with pytest.raises(Stale):
                transitions._swap(found, found.state, {"turn": "x"})
            db.session.rollback()
        else:
            transitions._swap(found, found.state, {"turn": "x"})
            assert found.turn == "x"


def test_a_visit_is_the_readers_own(office: Office) -> None:
    found = skp(office)
    with transaction():
        for number, who in enumerate(("kasubdit", "direktur")):
            db.session.add(
                models.ReadLog(
                    document_id=found.id, person_id=office.people[who], what="document", at=BEGIN + number * SECOND
                )
            )  # fmt: skip
    for who, last in (("kasubdit", BEGIN), ("direktur", BEGIN + SECOND), ("pegawai", None)):
        transitions.load(found.public_id, reader_id=office.people[who])
        assert db.session.info["last_visit"] == last


def test_signatures_fall_when_a_signed_document_goes_back(office: Office) -> None:
    send(office, "establish", "kasubdit", signed=True)
    send(office, "reopen", "direktur", note="Target keliru satuannya.")
    (signature,) = db.session.scalars(sa.select(models.Signature))
    assert (signature.fallen_at, skp(office).state) == (BEGIN, "in_dialogue")
