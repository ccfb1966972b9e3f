"""`recorder work`: what is being worked on, and a hand on the lever."""

from __future__ import annotations

from pathlib import Path

import click

from recorder.commands.options import CONSOLE, home_option, json_option, opened, show
from recorder.errors import UnknownError, UsageError
from recorder.filming import film_of
from recorder.home import Home
from recorder.status import Task, tasks
from store.errors import ConflictError
from store.records import QUARANTINED, Recording
from store.switches import PAUSED

_NOTHING_TO_TRY = (
    "that recording has nothing to be tried again: it is in a note, goes with another file of its "
    "film, or somebody has to agree to it first"
)


@click.group()
def work() -> None:
    """See, pause, cancel and retry the work on recordings."""


@work.command("list")
@home_option
@json_option
def list_(home: Path | None, *, as_json: bool) -> None:
    """List what is being worked on or waits its turn, and how far it is."""
    with opened(home) as found:
        paused, rows = found.store.switches.is_on(PAUSED), tasks(found)
    if as_json:
        show({"paused": paused, "tasks": [row.as_json() for row in rows]})
        return
    if paused:
        click.echo("Paused: nothing new is started until 'recorder work resume'.")
    for row in rows:
        click.echo(f"{row.recording[:8]}  {row.stage:<12} {_said(row)}")


@work.command("pause")
@home_option
def pause(home: Path | None) -> None:
    """Start nothing new; files are still taken in, and what is under way goes on."""
    with opened(home) as found:
        found.store.switches.turn_on(PAUSED, CONSOLE)
    click.echo("paused; 'recorder work resume' goes on")


@work.command("resume")
@home_option
def resume(home: Path | None) -> None:
    """Go on after a pause."""
    with opened(home) as found:
        found.store.switches.turn_off(PAUSED, CONSOLE)
    click.echo("going on")


@work.command("cancel")
@home_option
@click.argument("recording_id")
def cancel(home: Path | None, recording_id: str) -> None:
    """Stop the work on a recording; it is kept, and can be tried again."""
    with opened(home) as found:
        recording = _recording(found, recording_id)
        try:
            found.store.recordings.cancel(recording.id, CONSOLE)
        except ConflictError as error:
            raise UsageError("nothing is being done to that recording") from error
    click.echo(f"recording {recording.id[:8]} cancelled; 'recorder work retry' goes on with it")


@work.command("go-on")
@home_option
@click.argument("recording_id")
def go_on(home: Path | None, recording_id: str) -> None:
    """Have a film go on that waits for other files of it; the first digits of its id are enough."""
    with opened(home) as found:
        recording = _recording(found, recording_id)
        try:
            wanting = film_of(found.store, recording).wanting
            found.store.captures.hurry(recording, CONSOLE)
        except ConflictError as error:
            raise UsageError("that recording does not wait for other files of a film") from error
    click.echo(f"{wanting} It goes on with what is there.".strip())


@work.command("retry")
@home_option
@click.argument("recording_id", required=False)
@click.option(
    "--all", "everything", is_flag=True, help="Everything that was set aside and may be heard."
)
def retry(home: Path | None, recording_id: str | None, *, everything: bool) -> None:
    """Try a recording again that was set aside, or all of them."""
    if (recording_id is None) is not everything:
        raise UsageError("give one recording's id, or --all")
    with opened(home) as found:
        if recording_id is None:
            chosen = found.store.recordings.all(QUARANTINED)
        else:
            chosen = [_recording(found, recording_id)]
        tried = sum(_tried_again(found, each) for each in chosen)
    if recording_id is not None and not tried:
        raise UsageError(_NOTHING_TO_TRY)
    click.echo(f"{tried} to be tried again")


def _tried_again(home: Home, recording: Recording) -> bool:
    """Not one that somebody took their agreement back from, or that moved on in this very moment."""
    try:
        home.store.recordings.retry(recording.id, CONSOLE)
    except ConflictError:
        return False
    return True


def _recording(home: Home, prefix: str) -> Recording:
    """The one recording whose id begins so."""
    matches = [each for each in home.store.recordings.all() if each.id.startswith(prefix)]
    if len(matches) != 1:
        raise UnknownError("there is no single recording whose id begins so")
    return matches[0]


def _said(task: Task) -> str:
    heard = "" if task.heard_ms is None else f"heard {task.heard_ms // 60_000} min"
    of = "" if task.length_ms is None or not heard else f" of {task.length_ms // 60_000} min"
    percent = "" if task.percent is None else f"{task.percent} %"
    left = "" if task.left_minutes is None else f"about {task.left_minutes} min left"
    tried = f"tried {task.attempts} times" if task.attempts else ""
    return ", ".join(part for part in (heard + of, percent, left, tried) if part)
