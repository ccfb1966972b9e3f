"""`recorder recipient`: whom a laptop seals to."""

from __future__ import annotations

from pathlib import Path

import click

from recorder.commands.options import home_option, opened


@click.command()
@home_option
@click.option("--x25519", is_flag=True, help="For age programs older than version 1.3.")
def recipient(home: Path | None, *, x25519: bool) -> None:
    """Print the public key that laptops seal recordings to. It is no secret.

    A file sealed to it may lie in the intake folder in place of the recording itself:

    age -r "$(recorder recipient)" -o note.m4a.age note.m4a
    """
    with opened(home) as found:
        hybrid, older = found.store.laptops.recipients()
    click.echo(older if x25519 else hybrid)
