"""`kinerja audit`: prove the sealed chain, and print the line that is posted elsewhere."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click


@click.group()
def audit() -> None:
    """The audit chain."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a text.")
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of lines from `kinerja audit checkpoint`: those rows must still be there.",
)
def verify(as_json: bool, against: Path | None) -> None:
    """Walk every chain; exit 1 and name the first bad row of each chain that is not whole."""
    from kinerja.commands.app import application
    from kinerja.services import audit as service

    posted = list(_posted(against)) if against else []
    with application():
        with click.progressbar(
            length=service.count(), label="rows", file=sys.stderr, hidden=as_json or not sys.stderr.isatty()
        ) as bar:
            walked = list(service.verify(bar.update))
        missed = [fault for line in posted if (fault := service.compare(*line)) is not None]
    faults = [fault for _, _, fault in walked if fault is not None] + missed
    if as_json:
        chains = [{"chain": chain, "rows": rows, "sound": fault is None} for chain, rows, fault in walked]
        told = [{"chain": f.chain, "sequence": f.sequence, "why": f.why} for f in faults]
        click.echo(json.dumps({"sound": not faults, "chains": chains, "faults": told}, ensure_ascii=False))
    else:
        for chain, rows, fault in walked:
            click.echo(
                f"{chain}: {rows} rows, " + (f"row {fault.sequence}: {fault.why}" if fault else "sound")
            )
        for fault in missed:
            click.echo(f"{fault.chain}: row {fault.sequence}: {fault.why}")
    raise SystemExit(1 if faults else 0)


@audit.command()
def checkpoint() -> None:
    """Print a dated line per chain (time, chain, last row, seal) to keep where no administrator can write."""
    from kinerja import clock
    from kinerja.commands.app import application
    from kinerja.services import audit as service

    with application():
        moment = clock.monotonic_now().strftime("%Y-%m-%dT%H:%M:%SZ")
        for chain, sequence, mac in service.heads():
            click.echo(f"{moment} {chain} {sequence} {mac}")


def _posted(path: Path) -> Iterator[tuple[str, int, str]]:
    """The lines of a checkpoint; a line that is none is refused with its number."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        parts = line.split()
        if len(parts) != 4 or not parts[2].isdigit():
            raise click.ClickException(f"{path.name} line {number}: not a line of `kinerja audit checkpoint`")
        yield parts[1], int(parts[2]), parts[3]
