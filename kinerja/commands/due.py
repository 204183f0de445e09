"""`kinerja due`: what falls due today, or on a given day."""

import json
from datetime import date, datetime, time

import click

from kinerja import clock


@click.command()
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="A legal day instead of today.")
@click.option("--json", "as_json", is_flag=True, help="A line a machine can read.")
def due(day: datetime | None, as_json: bool) -> None:
    """Run reminders, escalations and lapses. Safe to run twice or twice at once."""
    from kinerja.commands.app import application
    from kinerja.commands.progress import counting
    from kinerja.services import tallies
    from kinerja.services.due import run

    with application(), counting("langkah", hidden=as_json) as on_steps:
        if day is None:
            report = run(on_steps=on_steps)
        else:
            with clock.frozen(_noon(day.date())):
                report = run(day.date(), on_steps)
        tallies.keep()
    if as_json:
        told = {"steps": report.steps, "notices": report.notices, "failed": report.failed}
        click.echo(json.dumps({"date": report.day.isoformat()} | told, ensure_ascii=False))
    else:
        click.echo(f"{report.day}: {report.steps} langkah sistem, {report.notices} pemberitahuan")
    for line in report.failed:
        click.echo(line, err=True)
    if report.failed:
        raise SystemExit(1)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), clock.ZONES["WIB"])
