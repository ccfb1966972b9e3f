"""`recorder cases name`, `restrict` and the like: who sees a case."""

from __future__ import annotations

from pathlib import Path

import click

from recorder.commands.options import CONSOLE, asked, case, home_option, member, opened
from recorder.review import circling

_ref = click.argument("ref")


@click.command()
@home_option
@_ref
@click.argument("handle")
def name(home: Path | None, ref: str, handle: str) -> None:
    """Let somebody see a case as its practitioner does: to share it, or to stand in for them."""
    with opened(home) as found:
        circling.name(found.store, case(found, ref), member(found, handle).id, CONSOLE)
    click.echo(f"{handle} sees {ref}")


@click.command()
@home_option
@_ref
@click.argument("handle")
def unname(home: Path | None, ref: str, handle: str) -> None:
    """Take somebody off a case again."""
    with opened(home) as found:
        circling.unname(found.store, case(found, ref), member(found, handle).id, CONSOLE)
    click.echo(f"{handle} is not named on {ref} any more")


@click.command()
@home_option
@_ref
@click.option(
    "--for",
    "handles",
    multiple=True,
    metavar="HANDLE",
    help="Who sees it beside its practitioner, and a supervisor among them. May be given again.",
)
def restrict(home: Path | None, ref: str, handles: tuple[str, ...]) -> None:
    """Shut a case to all but its practitioner and those named on it.

    The reason is asked for, or read from standard input. It is sealed with the case.
    """
    with opened(home) as found:
        target = case(found, ref)
        people = [member(found, each).id for each in handles]
        circling.restrict(found.store, target, people, asked("Reason"), CONSOLE)
    click.echo(f"{ref} is restricted")


@click.command()
@home_option
@_ref
def lift(home: Path | None, ref: str) -> None:
    """Open a restricted case to its team again. The reason is asked for, or read likewise."""
    with opened(home) as found:
        circling.lift(found.store, case(found, ref), asked("Reason"), CONSOLE)
    click.echo(f"{ref} is open to its team")
