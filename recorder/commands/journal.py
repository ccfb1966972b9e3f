"""`recorder journal`: every file that was ever seen in the intake folder, and what became of it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from recorder.clock import local
from recorder.commands.options import CONSOLE, home_option, json_option, opened, show
from recorder.errors import UsageError, sentence_for
from recorder.home import Home
from recorder.intake.attention import advice
from recorder.shown import shown
from store.errors import ConflictError
from store.files import UNASSIGNED
from store.journal import (
    ARRIVING,
    ATTENTION,
    DROPPED,
    DUPLICATE,
    GONE,
    LEFT_OUT,
    NOT_REMOVED,
    REMOVED,
    SEALED,
    SETTLING,
    SOURCE_REMOVED,
    Sighting,
)
from store.reach import Reach
from store.records import QUARANTINED

_PAGE = 100  # files
_STATES = {
    ARRIVING: "still being written, or not whole yet",
    SETTLING: "lies still, but not yet for long enough",
    ATTENTION: "left where it is; a person must do something",
    SEALED: "in the vault; its source is still in the folder",
    REMOVED: "in the vault; its source was removed from the folder",
    UNASSIGNED: "in the vault, for no young person yet",
    QUARANTINED: "in the vault; the work on it was set aside",
    DUPLICATE: "its content was in the vault already",
    LEFT_OUT: "left where it is; nobody has to do anything",
    GONE: "taken away before it was taken in",
    DROPPED: "refused by a person",
}


@click.group()
def journal() -> None:
    """List every file that was seen in the intake folder, and try one again that was not taken."""


@journal.command("list")
@home_option
@json_option
@click.option("--state", "states", multiple=True, type=click.Choice(list(_STATES)))
@click.option("--page", type=click.IntRange(1), default=1, help=f"Of {_PAGE} files each.")
def list_(home: Path | None, states: tuple[str, ...], page: int, *, as_json: bool) -> None:
    """List the files, newest first: all, or those in the states that are given."""
    everyone = Reach(everyone=True)
    with opened(home) as found:
        tally = found.store.files.tally(everyone)
        files = found.store.files.page(everyone, states, _PAGE, (page - 1) * _PAGE)
        rows = [_row(found, became, file) for became, file in files]
    total = sum(tally.get(state, 0) for state in states or tally)
    if as_json:
        show({"states": tally, "total": total, "page": page, "files": rows})
        return
    for row in rows:
        click.echo(f"{row['id'][:8]}  {row['state']:<11}  {row['path']}")
        if row["sentence"]:
            click.echo(f"          {row['sentence']}")
    pages = max(1, math.ceil(total / _PAGE))
    click.echo(f"{total} files, page {page} of {pages}" if total else "no files")


@journal.command("states")
def states_() -> None:
    """Say what each state means."""
    for state, meaning in _STATES.items():
        click.echo(f"{state:<11}  {meaning}")


@journal.command()
@home_option
@click.argument("file_id", metavar="ID", required=False)
@click.option("--all", "everything", is_flag=True, help="Every file that needs attention.")
def again(home: Path | None, file_id: str | None, *, everything: bool) -> None:
    """Look into a file anew that was left in the folder. The first digits of its id are enough."""
    if (file_id is None) is not everything:
        raise UsageError("give one file's id, or --all")
    with opened(home) as found:
        left = [each for each in found.store.journal.waiting() if each.state == ATTENTION]
        chosen = [each for each in left if file_id is None or each.id.startswith(file_id)]
        if file_id is not None and len(chosen) != 1:
            raise UsageError("no one file of that id needs attention: see 'recorder journal list'")
        tried = sum(_tried_again(found, each) for each in chosen)
    click.echo(f"{tried} to be looked into again")


def _tried_again(home: Home, file: Sighting) -> bool:
    try:
        home.store.files.again(file.id, CONSOLE)
    except ConflictError:  # it was taken, or taken away, in this very moment
        return False
    return True


def _row(home: Home, became: str, file: Sighting) -> dict[str, Any]:
    recording = None if file.recording_id is None else home.store.recordings.get(file.recording_id)
    reason = file.reason if recording is None else recording.reason or file.reason
    return {
        "id": file.id,
        "path": shown(file.path),
        "state": became,
        "source": _source(file),
        "reason": None if reason == SOURCE_REMOVED else reason,
        "sentence": _sentence(became, file, reason),
        "size": file.size,
        "seen_at": local(file.seen_at, home.settings.timezone).isoformat(),
        "recording": file.recording_id,
    }


def _source(file: Sighting) -> str:
    """Where the file itself is."""
    gone = file.state in (REMOVED, GONE, DROPPED) or file.reason == SOURCE_REMOVED
    return "removed" if gone else "in the folder"


def _sentence(became: str, file: Sighting, reason: str | None) -> str:
    """What to do, for what needs somebody."""
    if became in (ATTENTION, LEFT_OUT):
        return file.sentence or sentence_for(reason or "")
    said = [sentence_for(reason or "")] if became == QUARANTINED else []
    return " ".join([*said, advice(NOT_REMOVED)] if file.reason == NOT_REMOVED else said)
