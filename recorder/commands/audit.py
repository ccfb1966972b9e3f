"""`recorder audit`: does the log still hold, and what shows it to somebody else?"""

from __future__ import annotations

from pathlib import Path

import click

from recorder.commands.options import home_option, json_option, opened, show
from store.checkpoint import kept, load
from store.errors import AuditError, TamperedError


@click.group()
def audit() -> None:
    """Check the audit log, and sign how far it has come."""


@audit.command()
@home_option
@json_option
@click.option(
    "--checkpoint",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A checkpoint of this log, kept elsewhere (default: all in the set folder).",
)
@click.pass_context
def verify(
    ctx: click.Context, home: Path | None, files: tuple[Path, ...], *, as_json: bool
) -> None:
    """Find any edit, deletion, reordering, cut or rewriting of the log, and rows put back."""
    with opened(home) as found:
        log = found.store.audit
        signer = log.signer()
        checkpoints = [load(path, signer) for path in files or kept(found.settings.checkpoints)]
        try:
            count = log.verify(checkpoints)
        except AuditError as error:
            if as_json:
                show({"whole": False, "first_bad_event": error.seq})
            click.echo(f"recorder: the audit log does not verify: {error}", err=True)
            ctx.exit(1)
        except TamperedError as error:
            if as_json:
                show({"whole": False, "put_back": error.object_id})
            click.echo(f"recorder: the log says that something is out of date: {error}", err=True)
            ctx.exit(1)
    if as_json:
        show({"whole": True, "events": count, "checkpoints": len(checkpoints)})
    else:
        click.echo(f"the audit log is whole: {count} events, {len(checkpoints)} checkpoints agree")


@audit.command()
@home_option
@json_option
def checkpoint(home: Path | None, *, as_json: bool) -> None:
    """Verify the log and sign how far it has come."""
    with opened(home) as found:
        path = found.store.audit.checkpoint(found.settings.checkpoints)
    if as_json:
        show({"file": str(path)})
    else:
        click.echo(path)


@audit.command()
@home_option
@json_option
def key(home: Path | None, *, as_json: bool) -> None:
    """Print the public key that checkpoints are verified with elsewhere."""
    with opened(home) as found:
        public = found.store.audit.signer().public_key
    if as_json:
        show({"key": public})
    else:
        click.echo(public)
