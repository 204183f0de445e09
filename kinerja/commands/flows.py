"""`kinerja flows`: print the flows, or write the page about them."""

import click

from kinerja.workflows import FLOWS, checker, export

FORMATS = {"md": export.as_markdown, "mermaid": export.as_mermaid, "json": export.as_json}


@click.command()
@click.argument("kind", required=False, type=click.Choice(list(FLOWS)))
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="md", show_default=True)
@click.option("--write", is_flag=True, help="Tulis workflows/FLOWS.md dari tabel yang dijalankan.")
@click.option("--check", is_flag=True, help="Periksa semua alur; status 1 bila ada yang salah.")
def flows(kind: str | None, form: str, write: bool, check: bool) -> None:
    """Cetak alur dokumen: siapa, dari mana, ke mana, kapan, menurut aturan apa."""
    chosen = [FLOWS[kind]] if kind else list(FLOWS.values())
    if check:
        faults = checker.check(chosen)
        for fault in faults:
            click.echo(str(fault), err=True)
        click.echo(f"{len(chosen)} alur diperiksa, {len(faults)} kesalahan.")
        raise SystemExit(1 if faults else 0)
    if write:
        if kind:
            raise click.UsageError("--write menulis semua alur; jangan sebut satu jenis.")
        export.PAGE.write_text(export.as_markdown(chosen), encoding="utf-8")
        click.echo(f"{export.PAGE.name} ditulis.")
        return
    click.echo(FORMATS[form](chosen), nl=False)
