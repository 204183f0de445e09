"""`kinerja import` and `kinerja check`: what they print, and how they end."""

from __future__ import annotations

import contextlib
import json

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from kinerja import clock
from kinerja.commands import app
from kinerja.commands import importing as commands
from kinerja.db import db, transaction
from kinerja.models import (
    ReportingLine,
)
from tests.importing.conftest import (
    BOSS,
    NOON,
    PERSON,
    ROLE,
    SECTION,
    STAFF,
    THE_BOSS,
    THE_HEAD,
    people_csv,
    roles_csv,
    units_csv,
)
from tests.structure.office import MANAGERS, TOP, person


@pytest.fixture
def command(office, monkeypatch, tmp_path):
    """Runs a command of kinerja in the test's own office."""
    monkeypatch.setattr(app, "create_app", lambda _settings: office)
    for name, content in (
        ("unit.csv", units_csv(TOP, SECTION)),
        ("pegawai.csv", people_csv()),
        ("peran.csv", roles_csv(*MANAGERS)),
    ):
        (tmp_path / name).write_bytes(content)

    def run(*arguments: str):
        with contextlib.chdir(tmp_path), clock.frozen(NOON):
            return CliRunner().invoke(
                commands.import_ if arguments[0] == "import" else commands.check, arguments[1:]
            )

    run.folder = tmp_path
    return run


ALL = ("import", "--units", "unit.csv", "--people", "pegawai.csv", "--roles", "peran.csv")


def test_the_import_command_tells_what_it_did_and_the_second_time_that_nothing_changed(command):
    tried = command(*ALL, "--dry-run")
    assert (tried.exit_code, "percobaan" in tried.stdout, "ditambah" in tried.stdout) == (0, True, True)
    done = command(*ALL)
    assert (done.exit_code, "pegawai: 3 ditambah" in done.stdout, done.stderr) == (0, True, "")
    assert "Tidak ada yang berubah" in command(*ALL).stdout
    assert command("check").exit_code == 0


def test_a_trial_tells_each_change_with_its_fields_before_and_after_and_who_it_is_by_name(command):
    tried = command(*ALL, "--dry-run").stdout
    assert (
        f"ditambah  peran            {BOSS}  Bima Kusuma  peran: pengelola_organisasi; kode_unit: A" in tried
    )
    command(*ALL)
    (command.folder / "unit.csv").write_bytes(units_csv(TOP, SECTION | {"nama": "Seksi Baru"}))
    renamed = command("import", "--units", "unit.csv", "--dry-run").stdout
    assert "A1  Seksi Baru  nama: Seksi Satu → nama: Seksi Baru" in renamed
    (command.folder / "peran.csv").write_bytes(roles_csv(*MANAGERS[1:]))
    ended = command("import", "--roles", "peran.csv", "--dry-run", "--end-missing").stdout
    (told,) = (line for line in ended.splitlines() if "diakhiri  peran" in line)
    span = "peran: pengelola_organisasi; kode_unit: A; mulai: 2026-01-01"
    assert told.strip() == (
        f"diakhiri  peran            {BOSS}  Bima Kusuma  {span} → {span}; selesai: 2026-06-15"
    )


def test_roles_of_a_later_file_are_told_to_wait_for_a_second_person(command):
    assert "disahkan orang kedua" not in command(*ALL).stdout
    (command.folder / "peran.csv").write_bytes(roles_csv(*MANAGERS, ROLE | {"peran": "pengelola_pegawai"}))
    told = command("import", "--roles", "peran.csv", "--json")
    assert json.loads(told.stdout)["roles_waiting"] == 1
    (command.folder / "peran.csv").write_bytes(roles_csv(ROLE | {"mulai": "2026-03-01"}))
    assert (
        "1 peran baru berlaku sesudah disahkan orang kedua"
        in command("import", "--roles", "peran.csv").stdout
    )


def test_a_refused_file_gives_exit_status_one_and_every_reason_on_stderr(command):
    (command.folder / "pegawai.csv").write_bytes(people_csv(THE_BOSS, THE_HEAD, PERSON | {"mulai": "x"}))
    refused = command(*ALL)
    assert refused.exit_code == 1
    assert "pegawai.csv baris 4, kolom mulai “x”" in refused.stderr
    told = json.loads(command(*ALL, "--json").stdout)
    assert (told["ok"], told["problems"][0]["row"], told["problems"][0]["column"]) == (False, 4, "mulai")


@pytest.mark.parametrize(
    "arguments", [("import",), ("import", "--units", "tidak-ada.csv"), ("check", "--apa")]
)
def test_wrong_usage_gives_exit_status_two(command, arguments):
    assert command(*arguments).exit_code == 2


def test_the_check_command_lists_findings_with_who_repairs_them(command, office):
    command(*ALL)
    with transaction():
        db.session.execute(
            sa.update(ReportingLine)
            .where(ReportingLine.person_id == person(STAFF).id)
            .values(believed_to=NOON)
        )
    told = command("check")
    assert told.exit_code == 1
    assert "Sari Lestari" in told.stdout
    assert "Diperbaiki oleh Pengelola kinerja pegawai: Hana Wibowo." in told.stdout
    machine = json.loads(command("check", "--json").stdout)
    assert (machine["ok"], machine["errors"], len(machine["checks"])) == (False, 1, 12)
