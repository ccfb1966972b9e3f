"""`recorder export mosaic`: approved notes out, once."""

from __future__ import annotations

from pathlib import Path

import click

from recorder.commands.options import CONSOLE, home_option, json_option, opened, show
from recorder.export.gather import export as export_pack


@click.group()
def export() -> None:
    """Write approved notes as files for another system."""


@export.command()
@home_option
@json_option
@click.option(
    "--to",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="A new or empty folder; one already in use receives the pack as a dated sub-folder.",
)
@click.pass_context
def mosaic(ctx: click.Context, home: Path | None, to: Path, *, as_json: bool) -> None:
    """Write every approved and not yet exported note for Mosaic."""
    with opened(home) as found:
        pack = export_pack(found, to.absolute(), CONSOLE)
    if pack is None:
        if as_json:
            show({"folder": None, "written": [], "refused": []})
        else:
            click.echo("nothing to export: every approved note has gone out already")
        return
    if as_json:
        show(
            {
                "folder": None if pack.folder is None else str(pack.folder),
                "written": [{"note": w.note_id, "version": w.version} for w in pack.written],
                "refused": [{"note": r.note_id, "reasons": list(r.reasons)} for r in pack.refused],
            }
        )
    else:
        for refused in pack.refused:
            click.echo(f"not exported, note {refused.note_id[:8]}: {'; '.join(refused.reasons)}")
        if pack.folder is not None:
            click.echo(f"exported {len(pack.written)} notes to {pack.folder}")
    if pack.refused:
        ctx.exit(1)
