"""What whoever runs the server does for an admin nobody else can help: a lost device, a forgotten password."""

import json
from collections.abc import Callable
from pathlib import Path

import pyotp
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from kinerja.commands import app as commands
from kinerja.commands.admin import admin
from kinerja.db import db
from kinerja.models import Account, AuditRow, Notice
from kinerja.services import access, sessions
from kinerja.services.activation import Activated
from tests.access.conftest import PASSWORD, Office, RealTime, make_app
from tests.access.test_accounts import HERE, activate, audited

pytestmark = pytest.mark.usefixtures("ctx", "real_time")

Run = Callable[..., Result]


@pytest.fixture
def run(place: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `kinerja admin ...` on the test's own database."""
    monkeypatch.setattr(commands, "create_app", lambda _settings: make_app(place))

    def run(*arguments: str) -> Result:
        db.session.rollback()  # a reader of this process would keep the command waiting
        return CliRunner().invoke(admin, arguments)

    return run


def with_device(office: Office, real_time: RealTime, name: str) -> int:
    person = office.person(name, role="admin_sistem")
    assert access.set_up_totp(person, pyotp.TOTP(access.start_totp(person)).at(real_time.now))
    return person


def told(person: int) -> list[str]:
    return list(db.session.scalars(sa.select(Notice.text).where(Notice.person_id == person)))


def test_the_only_admin_who_lost_his_device_sets_up_a_new_one_with_his_password(
    office: Office, real_time: RealTime, run
) -> None:
    ayu = with_device(office, real_time, "Ayu Lestari")
    old = db.session.scalar(sa.select(Account.totp_secret).where(Account.person_id == ayu))
    open_page = sessions.open_session(ayu)
    nip = office.nip(ayu)
    done = run("device", "--nip", f"{nip[:8]} {nip[8:]}")
    assert (done.exit_code, "Ayu Lestari" in done.output) == (0, True)
    assert sessions.load(open_page) is None, "he is signed out everywhere"
    entry = access.sign_in(nip, PASSWORD, address=HERE)
    assert entry is not None
    waiting = sessions.awaiting(entry.token)
    assert waiting is not None
    assert (waiting.is_setup, waiting.secret == old) == (True, False)
    assert [row["person"] for row in audited("totp.dihapus")] == [ayu]
    actors = db.session.scalars(sa.select(AuditRow.actor_id).where(AuditRow.action == "totp.dihapus"))
    assert list(actors) == [None], "no person did it"
    assert len(told(ayu)) == 1


def test_every_other_admin_who_can_enter_hears_of_it(office: Office, real_time: RealTime, run: Run) -> None:
    ayu, budi = with_device(office, real_time, "Ayu Lestari"), office.person("Budi", role="admin_sistem")
    waits, colleague = office.person("Cici", role="admin_sistem", password=False), office.person("Dewi")
    assert run("device", "--nip", office.nip(ayu)).exit_code == 0
    assert run("code", "--nip", office.nip(ayu)).exit_code == 0
    assert [len(told(person)) for person in (ayu, budi, waits, colleague)] == [1, 2, 0, 0]


def test_a_forgotten_password_of_the_only_admin_gives_way_to_a_new_code(office: Office, run: Run) -> None:
    ayu = office.person("Ayu Lestari", role="admin_sistem")
    done = run("code", "--nip", office.nip(ayu), "--json")
    assert done.exit_code == 0
    assert activate(office, ayu, json.loads(done.output)["code"]).outcome is Activated.DONE


def _nobody(office: Office, real_time: RealTime) -> str:
    return "198704222010129999"


def _no_admin(office: Office, real_time: RealTime) -> str:
    return office.nip(office.person("Dewi", role="konselor"))


def _no_device(office: Office, real_time: RealTime) -> str:
    return office.nip(office.person("Budi", role="admin_sistem"))


def _closed(office: Office, real_time: RealTime) -> str:
    one, two = office.person("Satu", role="admin_sistem"), office.person("Dua", role="admin_sistem")
    access.disable_account(one, two, "pindah")
    return office.nip(two)


@pytest.mark.parametrize(
    ("command", "who", "why"),
    [
        ("device", _nobody, "no admin in force"),
        ("device", _no_admin, "no admin in force"),
        ("device", _no_device, "has no device"),
        ("code", _nobody, "no admin in force"),
        ("code", _no_admin, "no admin in force"),
        ("code", _closed, "account is closed"),
    ],
)
def test_what_it_cannot_do_is_said_with_the_nip_and_changes_nothing(
    office: Office,
    real_time: RealTime,
    run: Run,
    command: str,
    who: Callable[[Office, RealTime], str],
    why: str,
) -> None:
    nip = who(office, real_time)
    before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditRow))
    refused = run(command, "--nip", nip)
    assert (refused.exit_code, nip in refused.output, why in refused.output) == (1, True, True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditRow)) == before


@pytest.mark.parametrize("command", ["device", "code"])
def test_a_command_without_a_nip_is_wrong_usage(run: Run, command: str) -> None:
    assert run(command).exit_code == 2


def test_the_machine_gets_one_object(office: Office, real_time: RealTime, run: Run) -> None:
    ayu = with_device(office, real_time, "Ayu Lestari")
    done = run("device", "--nip", office.nip(ayu), "--json")
    assert json.loads(done.output) == {"nip": office.nip(ayu), "name": "Ayu Lestari"}
