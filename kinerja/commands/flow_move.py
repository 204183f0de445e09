"""`kinerja flow-move`: take running documents to the newest table of their kind, after showing what that changes."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kinerja.services.flow_moving import Standing


@click.command("flow-move")
@click.argument("kind", required=False)
@click.option("--yes", is_flag=True, help="Move without asking; the preview is printed all the same.")
@click.option("--json", "as_json", is_flag=True, help="The preview as a machine can read it; moves nothing.")
def flow_move(kind: str | None, yes: bool, as_json: bool) -> None:
    """Show the documents that follow an older table of their kind; with KIND, move those of it.

    When a release changes the flow of a kind, running documents stay on the table they began with until this is run.
    """
    from kinerja.commands.app import application
    from kinerja.commands.progress import counting
    from kinerja.services import flow_moving
    from kinerja.services.kinds import all_kinds

    if kind is not None and kind not in all_kinds():
        raise click.UsageError(f"KIND is one of {', '.join(all_kinds())}")
    with application():
        rows = [row for row in flow_moving.behind() if kind in (None, row.kind)]
        if as_json:
            click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
            return
        for row in rows:
            click.echo(_told(row))
        total = sum(row.count for row in rows)
        if not total:
            click.echo("Semua dokumen mengikuti alur terbaru.")
        if not total or kind is None:
            return
        if not yes:
            click.confirm(f"Pindahkan {total} dokumen ke alur baru?", abort=True)
        moved = 0
        with counting("dokumen", total) as on_documents:
            for done in flow_moving.move(kind):
                moved += done
                on_documents(1)
        click.echo(f"{moved} dokumen dipindahkan.")


def _told(row: "Standing") -> str:
    lines = [f"{row.kind}, alur {row.version} -> {row.newest}, {row.label}: {row.count} dokumen"]
    if row.change.source != row.change.target:
        lines.append(f"  keadaan menjadi {row.target_label}")
    for word, events in (
        ("hilang", row.change.gone),
        ("baru", row.change.new),
        ("berubah", row.change.changed),
    ):
        if events:
            lines.append(f"  langkah {word}: {', '.join(events)}")
    return "\n".join(lines) if len(lines) > 1 else f"{lines[0]}, tidak ada yang berubah baginya"
