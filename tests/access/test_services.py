"""Sessions, guesses, codes and devices: the services alone, on real time that the test moves."""

import dataclasses
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import LoginSession
from kinerja.services import access, sessions
from kinerja.services.throttle import TryLater
from tests.access.conftest import PASSWORD, START, Office, RealTime

HERE = "10.0.0.7"

pytestmark = pytest.mark.usefixtures("ctx", "real_time")


def enter(office: Office, person: int, password: str = PASSWORD) -> access.Entry | None:
    return access.sign_in(office.nip(person), password, address=HERE)


# ---------- sessions


def test_a_session_gives_plain_values_that_outlive_a_transaction(office: Office) -> None:
    person = office.person(role="auditor")
    entry = enter(office, person)
    assert entry is not None
    signed_in = sessions.load(entry.token)
    assert signed_in is not None
    with transaction():
        db.session.expire_all()
    assert (signed_in.name, signed_in.roles) == ("Sari Wulandari", frozenset({"auditor"}))
    assert signed_in.is_authenticated
    assert signed_in.get_id() == signed_in.public_id
    with pytest.raises(dataclasses.FrozenInstanceError):
        signed_in.name = "Orang lain"  # type: ignore[misc]


def test_the_table_holds_no_token(office: Office) -> None:
    entry = enter(office, office.person())
    assert entry is not None
    assert len(entry.token) >= 43
    stored = db.session.scalars(sa.select(LoginSession.token_hash)).all()
    assert len(stored) == 1
    assert entry.token not in stored[0]


@pytest.mark.parametrize(
    ("minutes_between", "requests", "alive"),
    [(29, 1, True), (31, 1, False), (29, 24, True), (29, 25, False)],
    ids=["half an hour", "idle too long", "a working day", "twelve hours at most"],
)
def test_a_session_lives_half_an_hour_idle_and_twelve_hours_at_most(
    office: Office, real_time: RealTime, minutes_between: int, requests: int, alive: bool
) -> None:
    entry = enter(office, office.person())
    assert entry is not None
    for _ in range(requests):
        real_time.advance(minutes=minutes_between)
        found = sessions.load(entry.token)
    assert (found is not None) is alive


def test_the_demo_calendar_does_not_end_a_session(office: Office) -> None:
    entry = enter(office, office.person())
    assert entry is not None
    clock.set_shift(timedelta(days=90))
    try:
        assert sessions.load(entry.token) is not None
    finally:
        clock.set_shift(timedelta())


def test_reading_stays_reading_but_for_one_note_a_minute(
    app: Flask, office: Office, real_time: RealTime
) -> None:
    entry = enter(office, office.person(role="auditor"))
    assert entry is not None
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    for seconds, expected in ((0, 1), (30, 1), (29, 1), (1, 2), (59, 1)):
        real_time.advance(seconds=seconds)
        db.session.remove()  # another request
        statements.clear()
        assert sessions.load(entry.token) is not None
        assert len(statements) == expected, statements
        assert sum(s.startswith("UPDATE") for s in statements) == expected - 1


def test_a_disabled_account_is_out_at_its_next_request(office: Office) -> None:
    admin, person = office.person(role="admin_sistem"), office.person("Budi Santoso")
    entry = enter(office, person)
    assert entry is not None
    assert sessions.load(entry.token) is not None
    access.disable_account(admin, person, "mutasi keluar")
    assert sessions.load(entry.token) is None
    access.enable_account(admin, person, "kembali")
    assert sessions.load(entry.token) is None, "an ended session does not come back"


def test_a_session_that_was_left_open_is_no_way_around_a_disabled_account(office: Office) -> None:
    person = office.person(role="konselor")
    whole, half = access.sign_in(office.nip(person), PASSWORD, address=HERE, demo=True), enter(office, person)
    assert whole
    assert half
    assert sessions.load(whole.token)
    assert sessions.awaiting(half.token)
    with transaction():
        db.session.get_one(access.Account, person).disabled_at = START
    assert sessions.load(whole.token) is None
    assert sessions.awaiting(half.token) is None


def test_signing_out_everywhere_can_spare_the_browser_in_front(office: Office) -> None:
    person, other = office.person(), office.person("Budi Santoso")
    first, second, foreign = enter(office, person), enter(office, person), enter(office, other)
    assert first
    assert second
    assert foreign
    kept = sessions.load(second.token)
    assert kept is not None
    assert [s.is_current for s in sessions.active(person, kept.session_id)] == [True, False]
    sessions.end_all(person, except_session=kept.session_id)
    assert sessions.load(first.token) is None
    assert sessions.load(second.token) is not None
    sessions.end_all(person)
    assert sessions.load(second.token) is None
    assert sessions.load(foreign.token) is not None


def test_nobody_ends_the_session_of_another(office: Office) -> None:
    mine, other = office.person(), office.person("Budi Santoso")
    entry = enter(office, other)
    assert entry is not None
    found = sessions.load(entry.token)
    assert found is not None
    sessions.end(session_id=found.session_id, person_id=mine)
    assert sessions.load(entry.token) is not None


def test_an_unconfirmed_or_ended_role_is_no_role(office: Office) -> None:
    person = office.person()
    office.appoint(person, "auditor", confirmed=False)
    entry = enter(office, person)
    assert entry is not None
    assert sessions.load(entry.token).roles == frozenset()  # type: ignore[union-attr]


# ---------- password


def test_nip_with_spaces_and_email_in_any_case_open_the_same_account(office: Office) -> None:
    person = office.person(email="sari@contoh.go.id")
    nip = office.nip(person)
    for name in (
        nip,
        f" {nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]} ",
        "sari@contoh.go.id",
        "SARI@contoh.go.id ",
    ):
        entry = access.sign_in(name, PASSWORD, address=HERE)
        assert entry is not None, name
        assert entry.person_id == person


def test_unknown_wrong_disabled_and_passwordless_accounts_get_one_answer_at_one_cost(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = office.person(role="admin_sistem")
    known, disabled, empty = office.person(), office.person(), office.person(password=False)
    access.disable_account(admin, disabled, "cuti di luar tanggungan")
    computed = []
    real = access.passwords.matches
    monkeypatch.setattr(access.passwords, "matches", lambda *a: computed.append(a) or real(*a))
    assert enter(office, known, "bukan sandinya ya") is None
    assert enter(office, disabled) is None
    assert enter(office, empty, "") is None
    assert access.sign_in("199001012015011999", PASSWORD, address=HERE) is None
    assert access.sign_in("siapa@contoh.go.id", PASSWORD, address=HERE) is None
    assert len(computed) == 5


def test_a_hash_of_older_costs_is_made_again_at_sign_in(office: Office) -> None:
    from argon2 import PasswordHasher

    person = office.person()
    with transaction():
        office_account = db.session.get_one(access.Account, person)
        office_account.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(
            PASSWORD
        )
    assert enter(office, person) is not None
    stored = office.account(person).password_hash
    assert stored is not None
    assert "m=19456,t=2,p=1" in stored
    assert enter(office, person) is not None


def test_changing_the_password_asks_for_the_old_one_and_signs_out_the_others(office: Office) -> None:
    person = office.person()
    here, elsewhere = enter(office, person), enter(office, person)
    assert here
    assert elsewhere
    me = sessions.load(here.token)
    assert me is not None
    assert access.change_password(me, "bukan ini", "gerimis di awal desember") is None
    assert access.change_password(me, PASSWORD, "Sari Wulandari") == [access.passwords.HAS_IDENTITY]
    assert access.change_password(me, PASSWORD, "gerimis di awal desember") == []
    assert sessions.load(here.token) is not None
    assert sessions.load(elsewhere.token) is None
    assert enter(office, person) is None
    assert enter(office, person, "gerimis di awal desember") is not None


# ---------- confirming again


def test_a_password_given_at_sign_in_counts_for_five_minutes(office: Office, real_time: RealTime) -> None:
    entry = enter(office, office.person())
    assert entry is not None
    real_time.advance(minutes=5)
    me = sessions.load(entry.token)
    assert me is not None
    assert access.recently_verified(me)
    real_time.advance(seconds=1)
    assert not access.recently_verified(me)
    assert not access.step_up(me, "bukan ini")
    assert not access.recently_verified(sessions.load(entry.token))  # type: ignore[arg-type]
    assert access.step_up(me, PASSWORD)
    assert access.recently_verified(sessions.load(entry.token))  # type: ignore[arg-type]


def test_guessing_at_the_sign_in_page_does_not_keep_the_owner_from_signing(office: Office) -> None:
    person = office.person()
    for _ in range(5):
        assert enter(office, person, "tebakan seorang asing") is None
    with pytest.raises(TryLater):
        enter(office, person)
    assert access.verify_password(person, PASSWORD)


def test_confirming_is_throttled_too(office: Office) -> None:
    person = office.person()
    for _ in range(5):
        assert not access.verify_password(person, "tebakan di meja kosong")
    with pytest.raises(TryLater):
        access.verify_password(person, PASSWORD)
