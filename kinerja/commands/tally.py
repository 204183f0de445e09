"""`kinerja tally`: the counts kept per unit."""

import json
import sys
import time

import click


@click.command()
@click.option("--rebuild", is_flag=True, help="Count every unit anew instead of those that changed.")
@click.option("--check", is_flag=True, help="Change nothing; compare what pages show with a full recount.")
@click.option("--json", "as_json", is_flag=True, help="A line a machine can read.")
def tally(rebuild: bool, check: bool, as_json: bool) -> None:
    """Count the units that changed. Safe to run twice or twice at once; the worker does it every minute."""
    from kinerja.commands.app import application
    from kinerja.commands.progress import counting
    from kinerja.services import tallies

    if rebuild and check:
        raise click.UsageError("--rebuild and --check exclude each other")
    began = time.monotonic()
    with application(), counting("unit", hidden=as_json) as on_units:
        wrong = tallies.differences() if check else []
        units = 0 if check else tallies.rebuild(on_units) if rebuild else tallies.keep(on_units)
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        click.echo(json.dumps({"units": units, "differences": len(wrong), "seconds": seconds}))
    elif check:
        click.echo(f"{len(wrong)} perbedaan, {seconds} detik")
    else:
        click.echo(f"{units} unit dihitung dalam {seconds} detik")
    for line in wrong[:50]:
        click.echo(line, err=True)
    if wrong:
        sys.exit(1)
