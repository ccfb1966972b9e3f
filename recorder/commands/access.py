"""`recorder access-pack`: everything that is held about one young person, to be handed over."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from recorder.access.model import Made
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
@click.option(
    "--redacted", is_flag=True, help="Without what somebody decided is to go: what is handed over."
)
@click.pass_context
def access_pack(
    ctx: click.Context, home: Path | None, ref: str, to: Path, *, as_json: bool, redacted: bool
) -> None:
    """Write everything that is held about a young person, in date order, with who saw what."""
    with opened(home) as found:
        try:
            case = found.store.cases.by_ref(ref)
        except (NotFoundError, ErasedError) as error:
            raise UsageError("there is no case with that reference") from error
        zone = found.settings.timezone
        made = write_access_pack(found.store, case, to.absolute(), zone, CONSOLE, redacted=redacted)
        if as_json:
            show({**asdict(made), "folder": str(made.folder)})
        else:
            _say(made, redacted=redacted)
        found.store.audit.checkpoint(found.settings.checkpoints)
    if made.damaged:
        click.echo(
            f"{made.damaged} of it does not open as it was written; each says so in its place."
            " Run 'recorder doctor', and look into a backup",
            err=True,
        )
        ctx.exit(1)


def _say(made: Made, *, redacted: bool) -> None:
    click.echo(f"{made.folder}: {made.entries} entries, {made.media} files")
    click.echo("It is not encrypted: remove the folder once it was handed over.")
    if not redacted:
        click.echo(
            f"Others may be named in it. Places that are marked: {made.marks}. Somebody of data protection decides of"
            " each on the page 'Handing over', and --redacted writes what is handed over."
        )
