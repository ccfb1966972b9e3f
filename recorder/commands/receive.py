"""`recorder receive`: watch the intake folder without the root key."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import closing
from pathlib import Path

import click

from recorder.commands.options import home_option
from recorder.commands.running import told_to_stop, watching
from recorder.config import Settings, home_folder
from recorder.home import open_receiving
from recorder.intake.keyless import Keyless
from recorder.intake.scan import ScanResult
from recorder.intake.settle import SHARED
from recorder.intake.watch import Watcher
from recorder.logs import to_stderr


@click.command()
@home_option
@click.option("--once", is_flag=True, help="Take in what lies there at rest, then end.")
@click.pass_context
def receive(ctx: click.Context, home: Path | None, *, once: bool) -> None:
    """Take files in without the root key: sealed here, and opened only where the key is.

    'recorder run' makes notes of them. It needs no access to the intake folder then: set
    intake_by = "receive" in config.toml.
    """
    to_stderr(logging.WARNING if once else logging.INFO)
    folder = home_folder(home)
    settings, receiving = open_receiving(folder)
    with closing(receiving), watching(folder):
        taker = Keyless(settings, receiving)
        watcher = Watcher(settings, taker)
        watcher.claim.check()
        if not once:
            _until_stopped(watcher)
            return
        result = _once(watcher, settings)
    click.echo(
        f"sealed {taker.sealed}, still arriving {len(result.waiting)}, "
        f"needing attention {taker.attention}"
    )
    if taker.attention:
        click.echo("'recorder status' says which and what to do, once the root key is here.")
    if taker.failed:
        ctx.exit(1)


def _until_stopped(watcher: Watcher) -> None:
    stop = threading.Event()
    with told_to_stop(stop.set):
        click.echo("ready")
        watcher.run(stop)


def _once(watcher: Watcher, settings: Settings) -> ScanResult:
    """Look until everything was taken or refused, but no longer than a file takes to settle."""
    looks = settings.settle_looks + 1
    settles = SHARED * settings.settle_seconds  # should the folder be on a share
    end = time.monotonic() + settles + looks * settings.scan_seconds
    while True:
        result = watcher.look()
        if not result.waiting or time.monotonic() > end:
            return result
        time.sleep(settings.scan_seconds)
