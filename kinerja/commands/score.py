"""`kinerja score`: a value and its working from a JSON file."""

import json
import sys
from typing import BinaryIO

import click

from kinerja.commands.scoring import answers, reading
from kinerja.commands.scoring.computing import Result, compute


@click.command()
@click.argument("source", metavar="BERKAS", type=click.File("rb"), required=False)
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai JSON.")
@click.option("--schema", "as_schema", is_flag=True, help="Cetak skema masukan (JSON Schema), lalu selesai.")
def score(source: BinaryIO | None, as_json: bool, as_schema: bool) -> None:
    """Hitung capaian, K3, NHK, NPK, NKP, NKO, predikat dari BERKAS JSON ("-": masukan baku), dengan cara hitungnya.

    Masukannya diterangkan dalam docs/penilaian.md.
    """
    if as_schema:
        click.echo(reading.schema_text(), nl=False)
        return
    if source is None:
        raise click.UsageError("Sebutkan berkas JSON, atau - untuk masukan baku.")
    try:
        result = compute(reading.parsed(source.read(reading.LARGEST + 1)))
    except reading.Unreadable as error:
        result = Result(None, (), (error.fault,))
    if as_json:
        click.echo(json.dumps(result.to_dict(), ensure_ascii=False, indent=1))
    elif result.law is not None:
        for line in answers.told(list(result.answers), f"Aturan: {result.law.title} ({result.law.code})"):
            click.echo(line)
    else:
        for fault in result.faults:
            click.echo(f"{fault.path}: {fault.message}", err=True)
        click.echo(f"Tidak ada yang dihitung: {len(result.faults)} galat.", err=True)
    if result.faults:
        sys.exit(1)
