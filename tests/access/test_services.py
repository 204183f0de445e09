"""Sessions, guesses, codes and devices: the services alone, on real time that the test moves."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
import segno
import sqlalchemy as sa
from flask import Flask

from kinerja import clock
from kinerja.db import db, transaction
from kinerja.models import LoginSession, Throttle
from kinerja.services import access, sessions, throttle, totp
from kinerja.services.throttle import Key, TryLater
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
    for seconds, expected in ((0, 2), (30, 2), (29, 2), (1, 3), (59, 2)):
        real_time.advance(seconds=seconds)
        db.session.rollback()
        statements.clear()
        assert sessions.load(entry.token) is not None
        assert len(statements) == expected, statements
        assert sum(s.startswith("UPDATE") for s in statements) == expected - 2


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


# ---------- guesses


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (10, 15), (10_000, 15)]
)
def test_waiting_doubles_with_each_failure_up_to_a_quarter_of_an_hour(failures: int, minutes: int) -> None:
    assert throttle.wait_after(failures, 5) == timedelta(minutes=minutes)


def test_the_fifth_failure_closes_an_account_for_a_minute_even_for_its_password(
    office: Office, real_time: RealTime
) -> None:
    person = office.person()
    for _ in range(5):
        assert enter(office, person, "salah sekali lagi") is None
    with pytest.raises(TryLater) as later:
        enter(office, person)
    assert later.value.until == START + timedelta(minutes=1)
    real_time.advance(seconds=59)
    with pytest.raises(TryLater):
        enter(office, person)
    real_time.advance(seconds=1)
    assert enter(office, person) is not None
    assert enter(office, person, "salah sekali lagi") is None, "success made the account's count start anew"
    assert enter(office, person) is not None


def test_an_attempt_while_waiting_does_not_make_the_wait_longer(office: Office, real_time: RealTime) -> None:
    person = office.person()
    for _ in range(5):
        enter(office, person, "salah sekali lagi")
    for _ in range(20):
        with pytest.raises(TryLater):
            enter(office, person)
    real_time.advance(minutes=1)
    assert enter(office, person) is not None


def test_failures_spread_over_more_than_a_quarter_of_an_hour_do_not_add_up(
    office: Office, real_time: RealTime
) -> None:
    person = office.person()
    for _ in range(12):
        assert enter(office, person, "salah sekali lagi") is None
        real_time.advance(minutes=4)


def test_an_unknown_account_is_made_to_wait_like_a_known_one() -> None:
    for _ in range(5):
        assert access.sign_in("siapa@contoh.go.id", PASSWORD, address=HERE) is None
    with pytest.raises(TryLater):
        access.sign_in("SIAPA@contoh.go.id", PASSWORD, address=HERE)
    assert not db.session.scalars(sa.select(Throttle.key).where(Throttle.key.contains("siapa"))).all()


def test_an_address_that_tries_many_accounts_has_to_wait_and_others_do_not(office: Office) -> None:
    person = office.person()
    assert throttle.ADDRESS_LIMIT == 20
    for number in range(throttle.ADDRESS_LIMIT):
        assert access.sign_in(f"orang{number}@contoh.go.id", PASSWORD, address=HERE) is None
    with pytest.raises(TryLater):
        enter(office, person)
    assert access.sign_in(office.nip(person), PASSWORD, address="10.0.0.8") is not None


def test_a_success_does_not_wash_an_address_clean(office: Office) -> None:
    person = office.person()
    for number in range(throttle.ADDRESS_LIMIT - 1):
        access.sign_in(f"orang{number}@contoh.go.id", PASSWORD, address=HERE)
    assert enter(office, person) is not None
    access.sign_in("satu.lagi@contoh.go.id", PASSWORD, address=HERE)
    with pytest.raises(TryLater):
        enter(office, person)


def test_twenty_guesses_at_once_are_counted_as_twenty(app: Flask) -> None:
    key = Key("serentak:1")

    def guess(_: int) -> bool:
        with app.app_context():
            try:
                throttle.count_attempt([key])
            except TryLater:
                return False
            return True

    with ThreadPoolExecutor(20) as pool:
        admitted = sum(pool.map(guess, range(20)))
    assert admitted == throttle.ACCOUNT_LIMIT


def test_what_holds_nobody_back_any_more_is_deleted(office: Office, real_time: RealTime) -> None:
    enter(office, office.person(), "salah sekali lagi")
    assert throttle.purge() == 0
    real_time.advance(minutes=31)
    assert throttle.purge() == 2


# ---------- codes of a device


def test_a_code_of_the_neighbouring_half_minute_fits_and_an_older_one_does_not(real_time: RealTime) -> None:
    secret = totp.new_secret()
    now = int(START.timestamp()) // 30
    made = pyotp.TOTP(secret)
    found = [totp.step_of(secret, made.at((now + drift) * 30), START) for drift in (-2, -1, 0, 1, 2)]
    assert found == [None, now - 1, now, now + 1, None]


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_what_is_not_six_digits_never_fits(code: str) -> None:
    assert totp.step_of(totp.new_secret(), code, START) is None


def _device_of(office: Office, person: int) -> pyotp.TOTP:
    access.start_totp(person)
    secret = access.pending_totp(person)
    assert secret is not None
    device = pyotp.TOTP(secret)
    return device


def test_a_code_is_good_once_and_so_is_every_earlier_one(office: Office, real_time: RealTime) -> None:
    person = office.person()
    device = _device_of(office, person)
    secret = device.secret
    assert totp.accept(person, secret, device.at(real_time.now))
    assert not totp.accept(person, secret, device.at(real_time.now)), "replayed"
    assert not totp.accept(person, secret, device.at(real_time.now - timedelta(seconds=30))), "overtaken"
    real_time.advance(seconds=30)
    assert totp.accept(person, secret, device.at(real_time.now))


def test_of_two_at_once_with_one_code_one_gets_in(app: Flask, office: Office, real_time: RealTime) -> None:
    person = office.person()
    device = _device_of(office, person)
    code = device.at(real_time.now)
    db.session.rollback()  # a reader that stays open would keep every writer of the file waiting

    def use(_: int) -> bool:
        with app.app_context():
            return totp.accept(person, device.secret, code)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(use, range(8))) == 1


@pytest.mark.parametrize(
    ("role", "asked"),
    [
        ("pengelola_organisasi", True),
        ("pengelola_pegawai", True),
        ("komite_eksekutif", True),
        ("komite_pelaksana", True),
        ("sekretariat_komite", True),
        ("anggota_tpk", True),
        ("konselor", True),
        ("admin_sistem", True),
        ("auditor", False),
        ("coach", False),
        ("", False),
    ],
)
def test_a_code_is_asked_of_those_who_hold_power_over_others_and_of_nobody_in_the_demo(
    office: Office, role: str, asked: bool
) -> None:
    person = office.person(role=role)
    entry = enter(office, person)
    assert entry is not None
    assert entry.awaiting_totp is asked
    assert (sessions.load(entry.token) is None) is asked
    demo = access.sign_in(office.nip(person), PASSWORD, address=HERE, demo=True)
    assert demo is not None
    assert not demo.awaiting_totp


def test_the_first_sign_in_sets_the_device_up_and_the_second_asks_it(
    office: Office, real_time: RealTime
) -> None:
    person = office.person(role="konselor")
    first = enter(office, person)
    assert first is not None
    waiting = sessions.awaiting(first.token)
    assert waiting is not None
    assert waiting.is_setup
    device = pyotp.TOTP(waiting.secret)
    assert access.finish_totp(first.token, "000000") is None
    whole = access.finish_totp(first.token, device.at(real_time.now))
    assert whole is not None
    assert whole != first.token
    assert sessions.load(whole) is not None
    assert sessions.load(first.token) is None
    real_time.advance(seconds=60)
    again = enter(office, person)
    assert again is not None
    waiting = sessions.awaiting(again.token)
    assert waiting is not None
    assert not waiting.is_setup
    assert waiting.secret == device.secret
    assert access.finish_totp(again.token, device.at(real_time.now - timedelta(seconds=60))) is None
    assert access.finish_totp(again.token, device.at(real_time.now)) is not None


def test_a_right_password_waits_ten_minutes_for_its_code(office: Office, real_time: RealTime) -> None:
    entry = enter(office, office.person(role="konselor"))
    assert entry is not None
    real_time.advance(minutes=10)
    assert sessions.awaiting(entry.token) is None
    assert access.finish_totp(entry.token, "123456") is None


def test_six_wrong_codes_are_one_too_many(office: Office) -> None:
    entry = enter(office, office.person(role="konselor"))
    assert entry is not None
    for _ in range(5):
        assert access.finish_totp(entry.token, "000000") is None
    with pytest.raises(TryLater):
        access.finish_totp(entry.token, "000000")


def test_confirming_again_asks_for_the_code_where_there_is_a_device(
    office: Office, real_time: RealTime
) -> None:
    person = office.person(role="konselor")
    entry = enter(office, person)
    assert entry is not None
    waiting = sessions.awaiting(entry.token)
    assert waiting is not None
    device = pyotp.TOTP(waiting.secret)
    whole = access.finish_totp(entry.token, device.at(real_time.now))
    assert whole is not None
    me = sessions.load(whole)
    assert me is not None
    real_time.advance(minutes=6)
    assert not access.step_up(me, PASSWORD)
    assert not access.step_up(me, PASSWORD, "000000")
    assert access.step_up(me, PASSWORD, device.at(real_time.now))


def test_a_device_that_a_role_asks_for_cannot_be_taken_off(office: Office, real_time: RealTime) -> None:
    free, bound = office.person(), office.person(role="konselor")
    for person, may in ((free, True), (bound, False)):
        device = _device_of(office, person)
        assert access.set_up_totp(person, device.at(real_time.now))
        assert access.drop_totp(person) is may
        assert office.account(person).totp_confirmed is not may


def test_the_picture_of_the_secret_is_the_very_qr_code() -> None:
    uri = totp.setup_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "198704222010120001").uri
    size, path = totp.qr(uri)
    drawn = [[False] * size for _ in range(size)]
    for part in path.removeprefix("M").removesuffix("z").split("zM"):
        start, _, run = part.partition("h")
        x, y = (int(n) for n in start.split())
        for column in range(x, x + int(run.split("v")[0])):
            drawn[y][column] = True
    assert drawn == [
        [bool(module) for module in row]
        for row in segno.make(uri, error="m", micro=False).matrix_iter(border=4)
    ]
    assert uri.startswith("otpauth://totp/kinerja:198704222010120001?secret=")
