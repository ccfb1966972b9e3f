"""`recorder access-pack`: everything that is held about one young person, to be handed over."""

from __future__ import annotations

from pathlib import Path

import click

from recorder.access.pack import write_access_pack
from recorder.commands.options import CONSOLE, home_option, json_option, opened, show
from recorder.errors import UsageError
from store.errors import ErasedError, NotFoundError


@click.command("access-pack")
@home_option
@json_option
@click.argument("ref", metavar="CASE")
@click.option(
    "--to",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="A new or empty folder. What is written there is NOT encrypted: it is made to be read.",
)
@click.pass_context
def access_pack(
    ctx: click.Context, home: Path | None, ref: str, to: Path, *, as_json: bool
) -> None:
    """Write everything that is held about a young person, in date order, with who saw what."""
    with opened(home) as found:
        try:
            case = found.store.cases.by_ref(ref)
        except (NotFoundError, ErasedError) as error:
            raise UsageError("there is no case with that reference") from error
        made = write_access_pack(found.store, case, to.absolute(), found.settings.timezone, CONSOLE)
        if as_json:
            show(
                {
                    "folder": str(made.folder),
                    "entries": made.entries,
                    "media": made.media,
                    "marks": made.marks,
                    "damaged": made.damaged,
                    "manifest_sha256": made.manifest,
                }
            )
        else:
            _say(made.folder, made.entries, made.media, made.marks)
        found.store.audit.checkpoint(found.settings.checkpoints)
    if made.damaged:
        click.echo(
            f"{made.damaged} of it does not open as it was written; each says so in its place."
            " Run 'recorder doctor', and look into a backup",
            err=True,
        )
        ctx.exit(1)


def _say(folder: Path, entries: int, media: int, marks: int) -> None:
    click.echo(f"{folder}: {entries} entries, {media} files, {marks} places marked")
    click.echo(
        "It is not encrypted, and others may be named in it: somebody looks through what is marked"
        " before it is handed over, and the folder is removed afterwards."
    )
