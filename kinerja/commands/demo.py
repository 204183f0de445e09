"""`kinerja demo`: furnish the demo office, or put it back to its first morning."""

import json
import sys
import time
from collections.abc import Callable

import click


@click.group()
def demo() -> None:
    """Kantor demo."""


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai JSON.")
def furnish(as_json: bool) -> None:
    """Tata kantor demo di basis data yang masih kosong."""
    from kinerja import demo as office

    _run("furnish", office.furnish, as_json)


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="Hasil sebagai JSON.")
def restart(as_json: bool) -> None:
    """Kembalikan kantor demo ke pagi pertamanya; semua perubahan hilang."""
    from kinerja import demo as office

    _run("restart", office.restart, as_json)


def _run(what: str, act: Callable[[Callable[[int], None]], int], as_json: bool) -> None:
    from kinerja import demo as office
    from kinerja.commands.app import application
    from kinerja.commands.progress import counting

    with application(), counting("tindakan", hidden=as_json) as on_acts:
        started = time.monotonic()
        try:
            acts = act(on_acts)
        except office.NotEmpty:
            click.echo("Basis data ini sudah berisi pegawai; kantor demo tidak ditata di sini.", err=True)
            sys.exit(1)
        except office.NotADemo:
            click.echo("Ini bukan kantor demo, atau KINERJA_DEMO bukan 1.", err=True)
            sys.exit(1)
        seconds = round(time.monotonic() - started, 1)
    if as_json:
        click.echo(json.dumps({"what": what, "acts": acts, "seconds": seconds}))
    else:
        click.echo(f"Kantor demo siap: {acts} tindakan dalam {seconds} detik.")
