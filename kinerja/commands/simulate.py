"""`kinerja simulate`: an invented ministry with a year of documents, in a database that holds nobody real."""

import json
import sys
import time

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kinerja.commands.app import application


@click.command("simulate")
@click.option("--people", required=True, type=click.IntRange(min=20), help="Berapa orang.")
@click.option("--seed", default=1, show_default=True, help="Benih acak: benih yang sama, orang yang sama.")
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai JSON.")
def simulate(people: int, seed: int, as_json: bool) -> None:
    """Isi basis data kosong dengan orang rekaan dan dokumen setahun; lanjutkan bila terputus."""
    from kinerja.services import simulating
    from kinerja.services.errors import BadInput

    began = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    hidden = as_json or not sys.stderr.isatty()
    with application(), Progress(*columns, console=Console(stderr=True), disable=hidden) as bar:
        tasks: dict[str, object] = {}

        def tell(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        try:
            found = simulating.simulate(people, seed, tell)
        except BadInput as error:
            bar.stop()
            for problem in error.problems:
                click.echo(problem.message % problem.params, err=True)
            sys.exit(1)
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        click.echo(json.dumps(found.to_dict() | {"seconds": seconds}, ensure_ascii=False))
        return
    click.echo(
        f"{found.people} orang, {found.documents} dokumen tahun {found.year} dalam {seconds} detik: "
        f"{found.played} tahun dijalani lewat layanan, {found.cast} dicetak darinya ({found.rows} baris), "
        f"{found.without} tanpa atasan."
    )
    for name, count in found.states.items():
        click.echo(f"{count:>9}  {name}")
