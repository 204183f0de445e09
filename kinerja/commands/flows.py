"""`kinerja flows`: print the flows, or write the page about them."""

import click

from kinerja.workflows import FLOWS, checker, export

FORMATS = {"md": export.as_markdown, "mermaid": export.as_mermaid, "json": export.as_json}


@click.command()
@click.argument("kind", required=False, type=click.Choice(list(FLOWS)))
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="md", show_default=True)
@click.option("--write", is_flag=True, help="Write workflows/FLOWS.md from the tables that run.")
@click.option("--check", is_flag=True, help="Check the flows; exit 1 when one is unsound.")
def flows(kind: str | None, form: str, write: bool, check: bool) -> None:
    """Print the flows of documents: who, from where, to where, until when, by which rule."""
    chosen = [FLOWS[kind]] if kind else list(FLOWS.values())
    if check:
        faults = checker.check(chosen)
        for fault in faults:
            click.echo(str(fault), err=True)
        click.echo(f"{len(chosen)} flows checked, {len(faults)} faults.")
        raise SystemExit(1 if faults else 0)
    if write:
        if kind:
            raise click.UsageError("--write writes all flows: name no kind.")
        export.PAGE.write_text(export.as_markdown(chosen), encoding="utf-8")
        click.echo(f"{export.PAGE.name} written.")
        return
    click.echo(FORMATS[form](chosen), nl=False)
