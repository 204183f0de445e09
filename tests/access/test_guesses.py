"""Guesses, codes and devices: the services alone, on real time that the test moves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
import segno
import sqlalchemy as sa
from flask import Flask

from kinerja.db import db
from kinerja.models import Throttle
from kinerja.services import access, sessions, throttle, totp
from kinerja.services.throttle import Key, TryLater
from tests.access.conftest import PASSWORD, START, Office, RealTime

HERE = "10.0.0.7"

pytestmark = pytest.mark.usefixtures("ctx", "real_time")


def enter(office: Office, person: int, password: str = PASSWORD) -> access.Entry | None:
    return access.sign_in(office.nip(person), password, address=HERE)


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
