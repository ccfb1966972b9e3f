"""`recorder audit`: does the log still hold?"""

from __future__ import annotations

from pathlib import Path

import click

from recorder.commands.options import home_option, json_option, opened, show
from store.errors import AuditError


@click.group()
def audit() -> None:
    """Check the audit log."""


@audit.command()
@home_option
@json_option
@click.pass_context
def verify(ctx: click.Context, home: Path | None, *, as_json: bool) -> None:
    """Find any edit, deletion or reordering of the log."""
    with opened(home) as found:
        try:
            count = found.store.audit.verify()
        except AuditError as error:
            if as_json:
                show({"whole": False, "first_bad_event": error.seq})
            click.echo(f"recorder: the audit log does not verify: {error}", err=True)
            ctx.exit(1)
    if as_json:
        show({"whole": True, "events": count})
    else:
        click.echo(f"the audit log is whole: {count} events")
