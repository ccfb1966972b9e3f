"""`recorder database`: what the owner of a PostgreSQL database does for the application."""

from __future__ import annotations

from pathlib import Path

import click

from recorder.commands.options import home_option, opened
from store import owner


@click.group()
def database() -> None:
    """Upgrade the database; give a PostgreSQL role its rights; remove what was overwritten."""


@database.command()
@home_option
def upgrade(home: Path | None) -> None:
    """Bring the tables to this version of Recorder. Other commands do it too, if they may."""
    with opened(home) as found:
        click.echo(f"the database is at version {found.store.database.version()}")


@database.command()
@home_option
@click.argument("role")
def grant(role: str, home: Path | None) -> None:
    """Let a PostgreSQL ROLE work with the tables, but not change the audit log."""
    with opened(home) as found:
        owner.grant(found.store.database, role)
    click.echo("this role may work with the tables, and only add to the audit log")


@database.command()
@home_option
def vacuum(home: Path | None) -> None:
    """Write PostgreSQL's tables anew, so that old copies of erased rows are gone from them."""
    with opened(home) as found:
        owner.vacuum(found.store.database)
    click.echo("the tables hold no old rows; the server's own log and backups may, for a while")
