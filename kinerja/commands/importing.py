"""`kinerja import` and `kinerja check`: people and structure from files, and whether they hold together."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kinerja.commands.app import application
from kinerja.services.import_jobs import told
from kinerja.services.importing import Change, ImportResult, run_import
from kinerja.services.structure_checks import DOUBT, Check, run_checks

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_ACTIONS = {"added": "ditambah", "changed": "diubah", "ended": "diakhiri", "missing": "tidak tercantum"}
_SUBJECTS = {
    "unit": "unit", "post": "jabatan", "person": "pegawai", "account": "akun", "placement": "penempatan",
    "line": "garis pelaporan", "role": "peran",
}  # fmt: skip


@click.command("import")
@click.option("--units", type=FILE, help="unit.csv")
@click.option("--people", type=FILE, help="pegawai.csv")
@click.option("--roles", type=FILE, help="peran.csv")
@click.option("--dry-run", is_flag=True, help="Hanya tunjukkan apa yang akan berubah.")
@click.option("--end-missing", is_flag=True, help="Akhiri penempatan orang yang tidak tercantum.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai JSON.")
def import_(
    units: Path | None, people: Path | None, roles: Path | None, dry_run: bool, end_missing: bool, as_json: bool
) -> None:  # fmt: skip
    """Impor unit, pegawai, dan peran dari berkas CSV."""
    if units is None and people is None and roles is None:
        raise click.UsageError("Sebutkan paling sedikit satu berkas: --units, --people, atau --roles.")
    with application(), _bar(shown=not as_json and sys.stderr.isatty()) as progress:
        result = run_import(
            _source(units), _source(people), _source(roles),
            dry_run=dry_run, end_missing=end_missing, bootstrap=True, progress=progress,
        )  # fmt: skip
    if as_json:
        click.echo(json.dumps(result.to_dict(), ensure_ascii=False, indent=1))
    else:
        _tell(result)
    if not result.ok:
        sys.exit(1)


def _source(path: Path | None) -> Path | bytes | None:
    """A file is read where it lies, as often as needed; what comes through a pipe is taken in once."""
    return path if path is None or path.is_file() else path.read_bytes()


@contextmanager
def _bar(*, shown: bool) -> Iterator[Any]:
    """A progress bar on stderr; nothing where no person watches."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not shown) as bar:
        tasks: dict[str, Any] = {}

        def progress(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield progress


def _tell(result: ImportResult) -> None:
    for name, columns in result.unknown_columns.items():
        click.echo(f"{name}: kolom tidak dikenal, diabaikan: {', '.join(columns)}")
    for kind, items in (("Peringatan", result.warnings), ("Galat", result.problems)):
        for item in items:
            where = f"{item.file} baris {item.row}" + (f", kolom {item.column}" if item.column else "")
            value = f" “{item.value}”" if item.value else ""
            click.echo(f"{kind}: {where}{value}: {item.reason}", err=kind == "Galat")
    if not result.ok:
        click.echo(f"Tidak ada yang disimpan: {len(result.problems)} galat.", err=True)
        return
    if result.dry_run:
        for change in result.changes:
            click.echo(
                f"{_ACTIONS[change.action]:>16}  {_SUBJECTS[change.subject]:<15}  {change.key}  {change.label}"
                f"{_fields_of(change)}"
            )
        listed = len(result.changes)
        if listed < result.changes_total:
            click.echo(f"... dan {result.changes_total - listed} perubahan lain (hitungan lengkap di bawah).")
    for subject, actions in result.counts.items():
        told = ", ".join(
            f"{count} {_ACTIONS[name]}" for name, count in actions.items() if count and name in _ACTIONS
        )
        if told:
            click.echo(f"{_SUBJECTS[subject]}: {told}")
    if result.roles_waiting:
        click.echo(
            f"{result.roles_waiting} peran baru berlaku sesudah disahkan orang kedua pada halaman Peran."
        )
    if result.dry_run:
        click.echo("Ini percobaan: tidak ada yang disimpan.")
    elif result.applied:
        click.echo(f"Impor selesai: {result.import_id}")
    else:
        click.echo("Tidak ada yang berubah.")


def _fields_of(change: Change) -> str:
    """Fields before and after, in the words of the page of an import."""
    before, after = told(change.before), told(change.after)
    if before:
        return f"  {before} → {after or '-'}" if change.action != "missing" else f"  {before}"
    return f"  {after}" if after else ""


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai JSON.")
def check(as_json: bool) -> None:
    """Dua belas pemeriksaan struktur; setiap temuan menyebut siapa yang dapat memperbaikinya."""
    with application():
        checks = run_checks()
    errors = sum(one.errors for one in checks)
    if as_json:
        found = {"ok": errors == 0, "errors": errors, "checks": [one.to_dict() for one in checks]}
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for one in checks:
            _tell_check(one)
        click.echo(f"{errors} galat." if errors else "Tidak ada galat.")
    if errors:
        sys.exit(1)


def _tell_check(one: Check) -> None:
    doubts = len(one.findings) - one.errors
    state = f"{one.errors} galat, {doubts} peringatan" if one.findings else "bersih"
    click.echo(f"{one.number:>2}. {one.title}: {state}")
    for finding in one.findings:
        mark = "peringatan: " if finding.severity == DOUBT else ""
        who = ", ".join(finding.repairers) or "belum ditunjuk"
        click.echo(
            f"      {mark}{finding.subject}: {finding.message} Diperbaiki oleh {finding.repair_role}: {who}."
        )
