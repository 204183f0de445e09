"""The first admin, made on the server: once, and again whenever no admin is left who can enter."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from kinerja.db import db, transaction
from kinerja.models import Account, Person, RoleAppointment
from kinerja.services import access, accounts, activation, identity, last_admin, sessions
from kinerja.services.activation import Activated
from kinerja.services.errors import NotAllowed
from tests.access.conftest import START, Office, RealTime, make_app
from tests.access.test_accounts import HERE, NEW, TODAY, activate, audited

pytestmark = pytest.mark.usefixtures("ctx", "real_time")


def test_the_first_admin_is_made_once_and_counts_at_once(office: Office) -> None:
    code = access.create_first_admin(nip="198704222010120001", name="Ayu Lestari", email="Ayu@contoh.go.id")
    person = db.session.scalars(sa.select(Person)).one()
    assert (person.name, person.email) == ("Ayu Lestari", "ayu@contoh.go.id")
    assert activation.activate(person.nip, code, NEW, address=HERE).outcome is Activated.DONE
    entry = access.sign_in("ayu@contoh.go.id", NEW, address=HERE, demo=True)
    assert entry is not None
    assert sessions.load(entry.token).roles == {"admin_sistem"}  # type: ignore[union-attr]
    with pytest.raises(access.AlreadySetUp):
        access.create_first_admin(nip="198704222010120002", name="Orang Kedua", email="b@contoh.go.id")
    assert [row["role"] for row in audited("peran.admin_pertama")] == ["admin_sistem"]


def test_an_admin_whom_a_first_import_named_can_still_be_let_in(office: Office) -> None:
    office.person("Ditunjuk", role="admin_sistem", password=False)
    assert access.create_first_admin(nip="198704222010120001", name="Ayu Lestari", email="ayu@contoh.go.id")


FIRST = {"nip": "198704222010129001", "name": "Ayu Lestari", "email": "ayu@contoh.go.id"}


def _ended(row: RoleAppointment) -> None:
    row.ends = TODAY - timedelta(days=1)


def _revoked(row: RoleAppointment) -> None:
    row.revoked_at = row.confirmed_at


def _unconfirmed(row: RoleAppointment) -> None:
    row.confirmed_at = None


def _closed(row: RoleAppointment) -> None:
    db.session.get_one(Account, row.person_id).disabled_at = row.confirmed_at


@pytest.mark.parametrize("lost", [_ended, _revoked, _unconfirmed, _closed])
def test_the_first_admin_is_made_again_when_no_admin_can_enter(
    office: Office, lost: Callable[[RoleAppointment], None]
) -> None:
    held = office.appoint(office.person("Dahulu admin"), "admin_sistem")
    with pytest.raises(access.AlreadySetUp):
        access.create_first_admin(**FIRST)
    with transaction():
        lost(db.session.scalars(sa.select(RoleAppointment).where(RoleAppointment.public_id == held)).one())
    assert access.create_first_admin(**FIRST)


def test_a_first_code_that_nobody_used_in_seven_days_is_made_again_with_no_second_role(
    office: Office, real_time: RealTime
) -> None:
    access.create_first_admin(**FIRST)
    with pytest.raises(access.AlreadySetUp):
        access.create_first_admin(**FIRST)
    real_time.advance(days=7, minutes=1)
    code = access.create_first_admin(**FIRST)
    assert activation.activate(FIRST["nip"], code, NEW, address=HERE).outcome is Activated.DONE
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RoleAppointment)) == 1


def test_a_closed_account_of_the_last_admin_is_opened_by_who_runs_the_server(office: Office) -> None:
    person = office.person("Ayu", role="admin_sistem")
    with transaction():
        db.session.get_one(Account, person).disabled_at = START
    code = access.create_first_admin(**FIRST | {"nip": office.nip(person)})
    assert activate(office, person, code).outcome is Activated.DONE


def test_the_last_admin_who_can_enter_is_not_revoked(office: Office) -> None:
    one = office.person("Satu")
    held = office.appoint(one, "admin_sistem")
    # Named by an import, but never let in; a second one with an account that is closed.
    waiting = office.appoint(office.person("Dua", password=False), "admin_sistem")
    closed = office.person("Tiga", role="admin_sistem")
    access.disable_account(one, closed, "pindah")
    with pytest.raises(NotAllowed) as refused:
        access.revoke_role(one, held, "pensiun")
    assert list(refused.value.reasons) == [last_admin.LAST_ADMIN]
    assert {scope.role for scope in identity.scopes_of(one)} == {"admin_sistem"}
    access.revoke_role(one, waiting, "tidak jadi")
    access.enable_account(one, closed, "kembali")
    access.revoke_role(one, held, "pensiun")
    assert {scope.role for scope in identity.scopes_of(one)} == set()


def _run(folder: Path, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    from kinerja.commands import app
    from kinerja.commands.admin import admin

    monkeypatch.setattr(app, "create_app", lambda _settings: make_app(folder))
    result = CliRunner().invoke(admin, ["create", *arguments])
    return result.exit_code, result.output


def test_the_command_prints_a_code_then_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "perintah"
    folder.mkdir()
    who = ("--nip", "19870422 201012 0 001", "--nama", "Ayu Lestari", "--email", "ayu@contoh.go.id")
    bad = _run(folder, "--nip", "198713222010120001", *who[2:], monkeypatch=monkeypatch)
    assert bad[0] == 1
    assert "198713222010120001" in bad[1]
    assert _run(folder, *who[:2], monkeypatch=monkeypatch)[0] == 2
    for option, value in (("--email", "bukan email"), ("--nama", "  "), ("--nama", "x" * 201)):
        said = dict(zip(who[::2], who[1::2], strict=True)) | {option: value}
        status, output = _run(
            folder, *(part for pair in said.items() for part in pair), monkeypatch=monkeypatch
        )
        assert (status, f"Error: {option}" in output) == (1, True), output
    status, output = _run(folder, *who, "--json", monkeypatch=monkeypatch)
    assert status == 0
    assert len(json.loads(output)["code"].replace("-", "")) == 26
    again = _run(folder, *who, monkeypatch=monkeypatch)
    assert again[0] == 1
    assert "admin already" in again[1]


def test_an_address_that_somebody_on_file_has_is_refused_in_words(office: Office) -> None:
    office.person("Budi", email=FIRST["email"])
    with pytest.raises(accounts.EmailTaken):
        access.create_first_admin(**FIRST | {"email": " AYU@contoh.go.id"})
    assert audited("peran.admin_pertama") == []
