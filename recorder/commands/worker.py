"""`recorder worker`: a further machine that works for the same team."""

from __future__ import annotations

import logging
import signal
import threading
from pathlib import Path

import click

from recorder.commands.options import home_option, opened
from recorder.errors import ConfigError
from recorder.logs import to_stderr


@click.command()
@home_option
@click.option(
    "--scheduler",
    "addresses",
    multiple=True,
    required=True,
    metavar="ADDRESS",
    help="Where 'recorder run' lets workers in, e.g. tls://10.0.0.5:8786; again for a standby.",
)
@click.option("--gpu", is_flag=True, help="This machine has a GPU for the speech model.")
def worker(home: Path | None, addresses: tuple[str, ...], *, gpu: bool) -> None:
    """Work for a scheduler on another machine, until told to stop.

    This machine's own home says where the shared database and vault are, and opens the root key.
    """
    try:
        from recorder.cluster import work_for  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise ConfigError("this takes Recorder's extra 'cluster': install it first") from error
    to_stderr(logging.INFO)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with opened(home) as found:
        work_for(found, addresses, stop, gpu=gpu)
