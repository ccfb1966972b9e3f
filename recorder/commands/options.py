"""What several commands share: which home, who is acting, how to print."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from recorder.clock import local
from recorder.commands.asking import open_asking
from recorder.config import home_folder
from recorder.errors import NotWhole, UsageError
from recorder.home import Home
from store.cases import Case
from store.errors import ErasedError, NotFoundError
from store.people import Member

CONSOLE = "console"
"""The actor of what is done at the command line by whoever runs the machine."""

_MOST_TYPED = 64 * 1024  # bytes

home_option = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="The home folder (default: RECORDER_HOME, else your data folder).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
port_option = click.option(
    "--port", type=click.IntRange(1, 65535), help="Serve the pages here instead of the set port."
)
by_option = click.option("--by", required=True, metavar="HANDLE", help="Who is doing this.")


def asked(what: str, *, hidden: bool = False) -> str:
    """What somebody types at the terminal, or what standard input holds, to its end.

    For words that must not be arguments: those stay in the shell's history, and every user of the
    machine can see them in the list of processes.
    """
    if sys.stdin.isatty():
        return str(click.prompt(what, err=True, hide_input=hidden))
    return sys.stdin.buffer.read(_MOST_TYPED).decode("utf-8", "replace")


@contextmanager
def opened(home: Path | None) -> Iterator[Home]:
    """The home asked for, closed again at the end."""
    found = open_asking(home_folder(home))
    try:
        yield found
    finally:
        found.close()


@contextmanager
def listing(home: Path | None) -> Iterator[Home]:
    """As `opened`, for what lists: NotWhole after all that could be read, if some could not."""
    with opened(home) as found:
        yield found
        damaged = found.store.database.alarm.damaged
    if damaged:
        raise NotWhole(f"{NotWhole.default} What was not read: {', '.join(damaged)}")


def member(home: Home, handle: str) -> Member:
    """The person called `handle`; UsageError if there is none."""
    try:
        return home.store.people.by_handle(handle)
    except (NotFoundError, ErasedError) as error:
        raise UsageError(
            "nobody here has that handle: see 'recorder people list' or add them with "
            "'recorder people add'"
        ) from error


def case(home: Home, ref: str) -> Case:
    """The case with this reference; UsageError if there is none."""
    try:
        return home.store.cases.by_ref(ref)
    except NotFoundError as error:
        raise UsageError(
            "there is no case with that reference: see 'recorder cases list' or add it with "
            "'recorder cases add'"
        ) from error
    except ErasedError as error:
        raise UsageError("that case was erased") from error


def day(milliseconds: int, timezone: str) -> str:
    """A stored time as a date for people."""
    return f"{local(milliseconds, timezone):%-d %B %Y}"


def show(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
