"""Asking for the root key's passphrase at the terminal. Whatever opens it by itself comes first."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from recorder.errors import ConfigError
from recorder.home import Asked, Home, open_home
from store.errors import KeyAbsentError

_TRIES = 3
_NO_TERMINAL = (
    "there is no terminal to ask for the passphrase at: set passphrase_file, or give it through a "
    "pipe with RECORDER_PASSPHRASE_FILE=/dev/stdin"
)


def open_asking(folder: Path) -> Home:
    """Open a home, with a passphrase from the terminal if nothing else opens it.

    ConfigError says what is missing. A passphrase that does not open it may be typed again.
    """
    tries = 1
    while True:
        asked = asking(folder)
        try:
            return open_home(folder, asked)
        except ConfigError:
            if not asked.given or tries == _TRIES:
                raise
        click.echo("That does not open it. Try again.", err=True)
        tries += 1


def asking(folder: Path) -> Asked:
    """Asks once, and only if it is called; nothing typed stands for 'none'."""

    def ask() -> str:
        if not has_terminal():
            raise KeyAbsentError(_NO_TERMINAL)
        said: str = click.prompt(
            f"Passphrase of {folder}", hide_input=True, err=True, default="", show_default=False
        )
        return said

    return Asked(ask)


def choose() -> str:
    """A new passphrase, typed twice."""
    if not has_terminal():
        raise KeyAbsentError(
            "there is no terminal to choose a passphrase at: set passphrase_file to a file that "
            "holds the new one"
        )
    said: str = click.prompt(
        "New passphrase (four words or more)", hide_input=True, confirmation_prompt=True, err=True
    )
    return said


def has_terminal() -> bool:
    """Whether somebody sits there, wherever standard input comes from."""
    if sys.stdin is not None and sys.stdin.isatty():
        return True
    try:
        os.close(os.open("/dev/tty", os.O_RDWR))
    except OSError:
        return False
    return True
